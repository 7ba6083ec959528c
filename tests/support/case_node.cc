#include "tests/support/case_node.h"

#include <utility>

#include "services/intake/decider.h"
#include "services/node/link_keys.h"
#include "services/referral/decider.h"
#include "services/sanction/decider.h"
#include "storage/base/check.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/names.h"
#include "tests/support/commands.h"

namespace selaras::test {
namespace {

log::NoteSigner SignerOf(absl::string_view node) {
  std::string seed(node);
  seed.resize(crypto::kEd25519SeedSize, '.');
  auto key = crypto::SigningKey::FromSeed(seed);
  SELARAS_CHECK(key.ok()) << key.status();
  auto signer = log::NoteSigner::Make(log::OriginOf(node), *std::move(key));
  SELARAS_CHECK(signer.ok()) << signer.status();
  return *std::move(signer);
}

std::unique_ptr<const node::Decider> DeciderOf(domain::Section section) {
  switch (section) {
    case domain::Section::kIntake:
      return std::make_unique<intake::IntakeDecider>();
    case domain::Section::kReferral:
      return std::make_unique<referral::ReferralDecider>();
    default:
      return std::make_unique<sanction::SanctionDecider>();
  }
}

// As far as the opener opens them.
std::vector<event::v1::Event> EventsOf(const log::LogReader& log, const node::Opener& opener) {
  std::vector<event::v1::Event> events(log.size().value);
  for (std::uint64_t i = 0; i < events.size(); ++i) {
    const auto bytes = log.Entry({i});
    SELARAS_CHECK(bytes.ok() && bytes->has_value()) << log.name() << "@" << i;
    SELARAS_CHECK(events[i].ParseFromString(**bytes)) << log.name() << "@" << i;
    const auto opened = opener.Open(events[i]);
    SELARAS_CHECK(opened.ok()) << opened.status();
    if (opened->part) *events[i].mutable_plain() = *opened->part;
  }
  return events;
}

}  // namespace

std::string SeededBytes::Fill(std::size_t count) {
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(engine_());
  return bytes;
}

absl::StatusOr<node::Opened> TestOpener::OpenWith(const event::v1::Event& event,
                                                  const node::UncommittedKeys* uncommitted) const {
  const bool has_part = event.has_plain() || event.has_sealed();
  if (shut_ && has_part) return node::Opened{.part = std::nullopt, .pending = true};
  return opener_.OpenWith(event, uncommitted);
}

const vault::WrappingKeys& SomeWrappingKeys() {
  static const auto& keys = *new vault::WrappingKeys({std::string(32, 'w')});
  return keys;
}

node::PeerNode BawasluNode() { return {"bawaslu-13", {"bawaslu/13"}}; }
node::PeerNode OtherOffice() { return {"bawaslu-ri", {"bawaslu/ri"}}; }
node::PeerNode BknNode() { return {"bkn", {"bkn", "kasn"}}; }
node::PeerNode TanahDatar() { return {"ppk-13.04", {"ppk/13.04"}}; }
node::PeerNode Padang() { return {"ppk-13.05", {"ppk/13.05"}}; }

CaseNode::CaseNode(node::PeerNode own, std::vector<node::PeerNode> peers, std::uint64_t seed)
    : signer_(SignerOf(own.node)),
      random_(seed),
      store_(log::MemoryStore::Make(own.node, signer_)),
      own_(std::move(own)),
      peers_(std::move(peers)),
      catalogue_(ShippedCatalogue()),
      directory_(std::in_place, catalogue_, own_, peers_),
      decider_(DeciderOf(directory_->SectionOfAuthority(own_.authorities.at(0)))),
      checkpoints_(store_->shared(), signer_),
      subject_keys_(*store_, SomeWrappingKeys()),
      opener_(subject_keys_) {
  Start();
}

CaseNode::~CaseNode() = default;

void CaseNode::Start() {
  directory_.emplace(catalogue_, own_, peers_);
  const auto& authorities = own_.authorities;
  auto engine = node::Engine::Make(
      *store_, *decider_, opener_, subject_keys_, random_,
      {.authorities = {authorities.begin(), authorities.end()}, .catalogue = catalogue_});
  SELARAS_CHECK(engine.ok()) << engine.status();
  engine_ = *std::move(engine);
  const domain::Section section = decider_->section();
  projector_ = std::make_unique<node::Projector>(*store_, *directory_, engine_->keys(), opener_,
                                                 &subject_keys_);
  const absl::Status opened = projector_->Open(random_);
  SELARAS_CHECK(opened.ok()) << opened;
  reader_ =
      std::make_unique<node::CaseReader>(*store_, *directory_, engine_->keys(), opener_, section);
  watcher_ = std::make_unique<node::Watcher>(*store_, *directory_, engine_->deadlines());
}

node::Outcome CaseNode::Execute(const node::Request& request) {
  return ExecuteTogether({request}).at(0);
}

std::vector<node::Outcome> CaseNode::ExecuteTogether(const std::vector<node::Request>& requests) {
  std::vector<const node::Request*> pointers;
  for (const auto& request : requests) pointers.push_back(&request);
  return engine_->Execute(pointers, now);
}

command::v1::CommandOutcome CaseNode::Must(const node::Request& request) {
  auto outcome = Execute(request);
  SELARAS_CHECK(outcome.ok()) << outcome.status();
  return *std::move(outcome);
}

bool CaseNode::ProjectSome() {
  const auto worked = projector_->Step();
  SELARAS_CHECK(worked.ok()) << worked.status();
  return *worked;
}

bool CaseNode::Count() {
  const auto counted = projector_->Count();
  SELARAS_CHECK(counted.ok()) << counted.status();
  return *counted;
}

void CaseNode::Project() {
  while (ProjectSome()) {
  }
  Count();
}

void CaseNode::Crash() {
  store_->Crash();
  Start();
}

void CaseNode::Adopt(std::shared_ptr<const reference::Catalogue> catalogue) {
  catalogue_ = std::move(catalogue);
  Start();
}

void CaseNode::Watch() {
  while (true) {
    Project();
    while (true) {
      const auto learnt = watcher_->Learn();
      SELARAS_CHECK(learnt.ok()) << learnt.status();
      if (!*learnt) break;
    }
    const auto due = watcher_->Due(now);
    SELARAS_CHECK(due.ok()) << due.status();
    if (due->empty()) return;
    for (const node::Outcome& outcome : ExecuteTogether(*due)) {
      SELARAS_CHECK(outcome.ok() || absl::IsFailedPrecondition(outcome.status()))
          << outcome.status();
    }
  }
}

log::Mirror& CaseNode::MirrorOf(const link::Party& party) {
  const auto mirror = store_->OpenMirror(party.node, party.verifier);
  SELARAS_CHECK(mirror.ok()) << mirror.status();
  return **mirror;
}

std::vector<base::Sequence> CaseNode::DisclosedBy(const CaseNode& from) const {
  const node::StoredDisclosures list(from.store(), name());
  const auto places = list.List(list.Current().epoch, 0, 100'000);
  SELARAS_CHECK(places.ok()) << places.status();
  return *places;
}

void CaseNode::Copy(const CaseNode& from) { CopyOnly(from, DisclosedBy(from)); }

void CaseNode::CopyOnly(const CaseNode& from, const std::vector<base::Sequence>& places) {
  log::Mirror& mirror = MirrorOf(from.party());
  const log::LogReader& log = from.store().shared();
  const base::TreeSize held = mirror.size();
  std::vector<base::Digest> leaves;
  for (std::uint64_t i = held.value; i < log.size().value; ++i) {
    const auto leaf = log::LeafHash(log, {i});
    SELARAS_CHECK(leaf.ok()) << leaf.status();
    leaves.push_back(*leaf);
  }
  if (!leaves.empty()) {
    const absl::Status extended = mirror.Extend(held, leaves, log.checkpoint().note);
    SELARAS_CHECK(extended.ok()) << extended;
  }
  std::vector<log::DisclosedEntry> entries;
  node::LinkKeys keys(*store_, subject_keys_, *directory_, from.name(), random_);
  for (const base::Sequence place : places) {
    const std::string entry = **log.Entry(place);
    entries.push_back({place, entry});
    const auto key = from.subject_keys().Find(node::KeyRowOf(entry), nullptr);
    SELARAS_CHECK(key.ok());
    if (!*key) continue;
    SELARAS_CHECK(keys.Keep(std::vector<link::EntryWithKey>{{entry, **key}}).ok());
  }
  const auto kept = mirror.Keep(entries, now);
  SELARAS_CHECK(kept.ok()) << kept.status();
}

node::Viewer CaseNode::viewer() const {
  const auto& authorities = own_.authorities;
  return {.authorities = {authorities.begin(), authorities.end()}};
}

absl::StatusOr<query::v1::Case> CaseNode::Case(absl::string_view case_id) const {
  query::v1::GetCaseRequest request;
  request.set_case_id(std::string(case_id));
  auto response = reader_->GetCase(request, viewer(), now);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_case_());
}

std::vector<std::string> CaseNode::LookUp(event::v1::ReferenceKind kind, absl::string_view number,
                                          absl::string_view nip) const {
  query::v1::LookUpCasesRequest request;
  request.set_kind(kind);
  request.set_number(std::string(number));
  request.set_nip(std::string(nip));
  const auto response = reader_->LookUp(request, viewer());
  SELARAS_CHECK(response.ok()) << response.status();
  return {response->case_ids().begin(), response->case_ids().end()};
}

std::vector<event::v1::Event> CaseNode::Events() const {
  return EventsOf(store_->shared(), opener_);
}

std::vector<event::v1::Event> CaseNode::PrivateEvents() const {
  return EventsOf(store_->private_log(), opener_);
}

}  // namespace selaras::test
