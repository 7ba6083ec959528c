#include "paper_office.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/domain/decide_intake.h"
#include "services/domain/refusal.h"
#include "services/intake/decider.h"
#include "services/referral/decider.h"
#include "services/sanction/decider.h"
#include "storage/base/check.h"
#include "storage/merkle/hash.h"
#include "tests/support/commands.h"

namespace selaras::test {
namespace {

constexpr std::int64_t kStart = 1'740'000'000;  // 2025-02-19
constexpr absl::string_view kReport = "6f9619ff-8b86-8011-b42d-00c04fc964ff";

std::unique_ptr<const node::Decider> DeciderOf(absl::string_view authority,
                                               const reference::Catalogue& catalogue) {
  switch (catalogue.FindAuthority(authority)->role) {
    case reference::AuthorityRole::kIntake:
      return std::make_unique<intake::IntakeDecider>();
    case reference::AuthorityRole::kReferral:
      return std::make_unique<referral::ReferralDecider>();
    default:
      return std::make_unique<sanction::SanctionDecider>();
  }
}

// Whose section is whose; the logs of others are not checked here.
const node::Directory& SectionsOnly() {
  static const auto* const kDirectory =
      new node::Directory(ShippedCatalogue(), node::PeerNode{}, std::vector<node::PeerNode>{});
  return *kDirectory;
}

}  // namespace

Place PlaceOf(const event::v1::Position& position) { return {position.log(), position.sequence()}; }

bool HeldEntries::Take(const PaperEntry& entry) {
  if (!entries_.emplace(PlaceOf(entry.position), &entry).second) return false;
  waiting_.push_back(&entry);
  for (std::size_t i = 0; i < waiting_.size();) {
    const auto held = [](const PaperEntry& paper) {
      return node::HeldEntry{paper.position, paper.leaf_hash, paper.event};
    };
    const auto folded = node::FoldForeign(
        SectionsOnly(), held(*waiting_[i]),
        [&](const auto& place) -> absl::StatusOr<node::HeldEntry> {
          return held(*entries_.at(PlaceOf(place)));
        },
        &view_);
    SELARAS_CHECK(folded.ok()) << folded.status();
    if (!*folded) {
      ++i;
      continue;
    }
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    i = 0;
  }
  return true;
}

const PaperEntry* HeldEntries::Find(const Place& place) const {
  const auto found = entries_.find(place);
  return found == entries_.end() ? nullptr : found->second;
}

absl::StatusOr<node::Opened> KeyRing::OpenWith(const event::v1::Event& event,
                                               const node::UncommittedKeys* uncommitted) const {
  if (Misses(event) && event.has_plain()) {
    return node::Opened{.part = std::nullopt, .pending = true};
  }
  return PlainOpener::OpenWith(event, uncommitted);
}

bool KeyRing::AllKeysCome() {
  const bool any = !missing_.empty();
  missing_.clear();
  return any;
}

PaperOffice::PaperOffice(node::PeerNode own, std::string case_id,
                         std::shared_ptr<const reference::Catalogue> catalogue)
    : own_(std::move(own)),
      case_id_(std::move(case_id)),
      catalogue_(std::move(catalogue)),
      version_(base::HexEncode(catalogue_->digest().view())),
      decider_(DeciderOf(authority(), *catalogue_)) {}

absl::Status PaperOffice::Execute(const google::protobuf::Message& batch) {
  auto header = HeaderOf(authority(), absl::StrCat("r-", log_.size()));
  // Only the competent body has a predecessor, and names it where it takes over a file of his.
  if (section() == domain::Section::kReferral && log_.empty()) header.set_acting_for("kasn");
  const auto decision = decider_->Decide(batch, 0, {}, *this, domain::Call{header, *catalogue_});
  if (!decision.ok()) return decision.status();
  for (const domain::Draft& draft : decision->drafts) {
    if (draft.visibility == domain::Visibility::kPrivate) continue;
    event::v1::Event event;
    event.set_acting_for(header.acting_for());
    if (draft.occurred_at) *event.mutable_occurred_at() = *draft.occurred_at;
    for (const auto& citation : draft.citations) *event.add_citations() = citation;
    if (draft.visibility == domain::Visibility::kParty) {
      event.set_party_number(domain::NextPartyNumber(subject_.segments(), section(), authority()));
    }
    if (draft.personal) *event.mutable_plain() = *draft.personal;
    *event.mutable_fact() = draft.fact;
    Write(std::move(event));
  }
  return absl::OkStatus();
}

void PaperOffice::WriteOfTheFuture(bool party) {
  constexpr int kUnknownFact = 1'000;
  event::v1::Event event;
  event.mutable_fact()
      ->GetReflection()
      ->MutableUnknownFields(event.mutable_fact())
      ->AddLengthDelimited(kUnknownFact, "a fact of a later version");
  if (party) {
    event.set_party_number(domain::NextPartyNumber(subject_.segments(), section(), authority()));
  }
  Write(std::move(event));
}

bool PaperOffice::WriteAgain() {
  const auto newest = std::find_if(log_.rbegin(), log_.rend(), [](const PaperEntry& entry) {
    return entry.event.party_number() > 0;
  });
  if (newest == log_.rend()) return false;
  event::v1::Event event = newest->event;
  event.mutable_occurred_at()->Clear();
  event.mutable_occurred_at()->set_date("2025-01-02");
  Append(std::move(event)).again = true;
  Changed();
  return true;
}

void PaperOffice::Write(event::v1::Event event) {
  event.set_author(authority());
  event.set_case_id(case_id_);
  event.set_catalogue(version_);
  const PaperEntry& entry = Append(std::move(event));
  domain::Evolve(*subject_.mutable_segments(), section(), entry.position, entry.leaf_hash,
                 entry.event);
  Changed();
}

PaperEntry& PaperOffice::Append(event::v1::Event event) {
  std::string salt = absl::StrCat(name(), "#", log_.size());
  salt.resize(16, '.');
  event.set_salt(salt);
  event.mutable_recorded_at()->set_seconds(kStart + clock_ +
                                           static_cast<std::int64_t>(log_.size()) * 60);
  PaperEntry& entry = log_.emplace_back();
  entry.position.set_log(name());
  entry.position.set_sequence(log_.size() - 1);
  entry.section = section();
  // Parsed as a mirror does, from the bytes that were hashed.
  const std::string bytes = event.SerializeAsString();
  entry.leaf_hash = merkle::HashLeaf(bytes);
  SELARAS_CHECK(entry.event.ParseFromString(bytes));
  return entry;
}

const domain::CaseFold& PaperOffice::fold() const {
  if (!fold_) fold_ = node::Combine(case_id_, log_.empty() ? nullptr : &subject_, others_.view());
  return *fold_;
}

bool PaperOffice::Take(const PaperEntry& entry) {
  if (!others_.Take(entry)) return false;
  Changed();
  return true;
}

const storage::v1::SectionFold* PaperOffice::own() const {
  return domain::FindSegment(subject_.segments(), section(), authority());
}

bool PaperOffice::Discloses(const PaperEntry& entry, const PaperOffice& to) const {
  const bool linked =
      section() != domain::Section::kSanction || to.section() != domain::Section::kSanction;
  if (entry.event.party_number() == 0 || &to == this || !linked) return false;
  return std::any_of(listed_.begin(), listed_.end(), [&](const auto& listed) {
    const auto& [party, size] = listed;
    return entry.position.sequence() < size &&
           (party == to.authority() || catalogue_->IsSuccessorOf(to.authority(), party));
  });
}

void PaperOffice::Changed() {
  fold_.reset();
  for (const std::string& party : domain::PartiesOf(fold())) listed_[party] = log_.size();
}

absl::StatusOr<domain::CaseFold> PaperOffice::Case(absl::string_view case_id) const {
  if (case_id == case_id_) {
    if (fold().segments().empty()) return domain::CaseNotFound(case_id);
    return fold();
  }
  domain::CaseFold other;  // of this office, to be linked
  other.set_case_id(std::string(case_id));
  domain::SegmentOf(*other.mutable_segments(), section(), authority());
  return other;
}

absl::StatusOr<domain::ReportState> PaperOffice::Report(absl::string_view) const {
  domain::ReportState report;
  report.report_id = std::string(kReport);
  report.author = authority();
  report.received.set_election("PILKADA-2024");
  report.received.set_region("13.04");
  report.received_on = "2024-10-05";
  return report;
}

absl::StatusOr<std::optional<bool>> PaperOffice::OpenedWith(absl::string_view,
                                                            absl::string_view) const {
  return std::nullopt;
}

absl::StatusOr<event::v1::Respondent> PaperOffice::Respondent(const domain::CaseFold& fold) const {
  auto known = node::RespondentIn(fold, *this, keys_);
  if (!known.ok()) return known.status();
  if (known->pending) return domain::NotHereYet("the key of the respondent's data");
  return std::move(known->respondent);
}

absl::StatusOr<domain::Upload> PaperOffice::Upload(absl::string_view upload_id) const {
  domain::Upload upload;
  upload.upload_id = std::string(upload_id);
  upload.bytes = 1;
  upload.media_type = "application/pdf";
  upload.sealed_sha256 = std::string(32, 's');
  upload.sealed_bytes = 17;
  return upload;
}

std::string PaperOffice::NewReportId(absl::string_view, int) const { return std::string(kReport); }

absl::StatusOr<event::v1::Event> PaperOffice::Event(const event::v1::Position& position) const {
  if (position.log() == name() && position.sequence() < log_.size()) {
    return log_[position.sequence()].event;
  }
  const PaperEntry* entry = others_.Find(PlaceOf(position));
  if (entry == nullptr) return absl::NotFoundError("the entry is not held");
  return entry->event;
}

}  // namespace selaras::test
