#include "services/domain/fold.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/field_mask_util.h>

#include "storage/base/check.h"
#include "storage/crypto/sha256.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using google::protobuf::util::FieldMaskUtil;
using storage::v1::EffectiveFact;
using storage::v1::SectionFold;

bool Same(const event::v1::Position& a, const event::v1::Position& b) {
  return a.log() == b.log() && a.sequence() == b.sequence();
}

EffectiveFact* FindFact(SectionFold& section, const event::v1::Position& position) {
  for (EffectiveFact& fact : *section.mutable_facts()) {
    if (Same(fact.position(), position)) return &fact;
  }
  return nullptr;
}

void Void(SectionFold& section, const event::v1::Position& position) {
  auto* facts = section.mutable_facts();
  for (int i = 0; i < facts->size(); ++i) {
    if (!Same(facts->Get(i).position(), position)) continue;
    facts->DeleteSubrange(i, 1);
    return;
  }
}

void AddParties(const google::protobuf::RepeatedPtrField<std::string>& more,
                google::protobuf::RepeatedPtrField<std::string>* parties) {
  for (const std::string& party : more) {
    if (std::find(parties->begin(), parties->end(), party) == parties->end())
      *parties->Add() = party;
  }
}

void Append(SectionFold& section, const event::v1::Position& position,
            const base::Digest& leaf_hash, const event::v1::Event& event) {
  AddParties(event.fact().case_referred().parties(), section.mutable_parties());
  AddParties(event.fact().sanction_recommended().parties(), section.mutable_parties());
  EffectiveFact* fact = section.add_facts();
  *fact->mutable_position() = position;
  fact->set_leaf_hash(std::string(leaf_hash.view()));
  fact->set_author(event.author());
  fact->set_acting_for(event.acting_for());
  if (event.has_occurred_at()) *fact->mutable_occurred_at() = event.occurred_at();
  *fact->mutable_recorded_at() = event.recorded_at();
  fact->set_party_number(event.party_number());
  *fact->mutable_fact() = event.fact();
  *fact->mutable_citations() = event.citations();
}

// Whether `section`, if anybody wrote it, was written by the one whom the sender addressed or by
// a body that acts in its place.
bool AnswersTo(const SectionFold& section, const event::v1::Citation* cited,
               const EffectiveFact* sent) {
  return sent != nullptr && cited != nullptr && Same(cited->position(), sent->position()) &&
         cited->leaf_hash() == sent->leaf_hash() && !section.writer().empty();
}

// The citation by which the first fact of a section takes over.
const event::v1::Citation* FirstCitation(const SectionFold& section) {
  if (section.facts().empty() || section.facts(0).citations().empty()) return nullptr;
  return &section.facts(0).citations(0);
}

bool ReferralStands(const CaseFold& fold) {
  return !fold.referral().facts().empty() &&
         AnswersTo(fold.referral(), FirstCitation(fold.referral()),
                   LastFact(fold.intake(), F::kCaseReferred));
}

bool SanctionStands(const CaseFold& fold) {
  const EffectiveFact* sent = LastFact(fold.referral(), F::kSanctionRecommended);
  return !fold.sanction().facts().empty() && ReferralStands(fold) &&
         AnswersTo(fold.sanction(), FirstCitation(fold.sanction()), sent) &&
         sent->fact().sanction_recommended().to() == fold.sanction().writer();
}

void KeepPartyFacts(const SectionFold& from, SectionFold* to) {
  for (const EffectiveFact& fact : from.facts()) {
    if (fact.party_number() == 0) continue;
    *to->add_facts() = fact;
  }
  to->set_party_entries(from.party_entries());
  if (!to->facts().empty()) to->set_writer(from.writer());
}

}  // namespace

bool BeginsAnew(const SectionFold& section, absl::string_view author) {
  return section.facts().empty() && section.writer() != author;
}

std::uint32_t NextPartyNumber(const SectionFold& section, absl::string_view author) {
  return BeginsAnew(section, author) ? 1 : section.party_entries() + 1;
}

bool CanFold(const SectionFold& section, const event::v1::Event& event) {
  return event.party_number() == 0 ||
         event.party_number() == NextPartyNumber(section, event.author());
}

const google::protobuf::Message* KindMessage(const event::v1::Fact& fact) {
  const auto* field = F::descriptor()->FindFieldByNumber(static_cast<int>(fact.kind_case()));
  return field == nullptr ? nullptr : &F::GetReflection()->GetMessage(fact, field);
}

google::protobuf::Message* MutableKindMessage(event::v1::Fact* fact) {
  const auto* field = F::descriptor()->FindFieldByNumber(static_cast<int>(fact->kind_case()));
  return field == nullptr ? nullptr : F::GetReflection()->MutableMessage(fact, field);
}

void ApplyCorrection(const event::v1::FactCorrected& correction, EffectiveFact* fact) {
  if (correction.new_fact().kind_case() == fact->fact().kind_case()) {
    const auto* from = KindMessage(correction.new_fact());
    auto* to = MutableKindMessage(fact->mutable_fact());
    google::protobuf::FieldMask mask;
    for (const std::string& path : correction.fields().paths()) {
      if (from != nullptr &&
          FieldMaskUtil::GetFieldDescriptors(from->GetDescriptor(), path, nullptr)) {
        mask.add_paths(path);
      }
    }
    FieldMaskUtil::MergeOptions replace;
    replace.set_replace_message_fields(true);
    replace.set_replace_repeated_fields(true);
    if (from != nullptr && !mask.paths().empty()) {
      FieldMaskUtil::MergeMessageTo(*from, mask, replace, to);
    }
  }
  for (const std::string& path : correction.fields().paths()) {
    if (path == "occurred_at") *fact->mutable_occurred_at() = correction.new_occurred_at();
  }
}

void Evolve(SectionFold& section, const event::v1::Position& position,
            const base::Digest& leaf_hash, const event::v1::Event& event) {
  section.set_revision(section.revision() + 1);
  if (BeginsAnew(section, event.author())) {
    section.set_writer(event.author());
    section.set_party_entries(0);
  }
  if (event.party_number() > 0) section.set_party_entries(event.party_number());
  switch (event.fact().kind_case()) {
    case F::KIND_NOT_SET:
      return;  // a fact of the future: counted
    case F::kFactVoided:
      return Void(section, event.fact().fact_voided().position());
    case F::kFactCorrected: {
      const auto& correction = event.fact().fact_corrected();
      if (EffectiveFact* fact = FindFact(section, correction.position())) {
        ApplyCorrection(correction, fact);
        *fact->add_corrected_by() = position;
      }
      return;
    }
    default:
      Append(section, position, leaf_hash, event);
  }
}

const SectionFold& SectionIn(const CaseFold& fold, Section section) {
  switch (section) {
    case Section::kIntake:
      return fold.intake();
    case Section::kReferral:
      return fold.referral();
    case Section::kSanction:
      return fold.sanction();
    case Section::kNone:
      break;
  }
  SELARAS_CHECK(section != Section::kNone) << "a case has no such section";
  return fold.intake();
}

SectionFold* MutableSection(CaseFold* fold, Section section) {
  switch (section) {
    case Section::kIntake:
      return fold->mutable_intake();
    case Section::kReferral:
      return fold->mutable_referral();
    case Section::kSanction:
      return fold->mutable_sanction();
    case Section::kNone:
      break;
  }
  SELARAS_CHECK(section != Section::kNone) << "a case has no such section";
  return nullptr;
}

const EffectiveFact* LastFact(const SectionFold& section, FactKind kind) {
  const EffectiveFact* last = nullptr;
  for (const EffectiveFact& fact : section.facts()) {
    if (fact.fact().kind_case() == kind) last = &fact;
  }
  return last;
}

Status StatusOf(const CaseFold& fold) {
  Status status;
  const SectionFold* decisive = &fold.intake();
  status.holder = fold.intake().writer();
  if (ReferralStands(fold)) {
    decisive = &fold.referral();
    status.holder = fold.referral().writer();
  }
  if (SanctionStands(fold)) {
    decisive = &fold.sanction();
    status.holder = fold.sanction().writer();
  }
  status.state = StateOf(*decisive);
  status.since = DecisiveFact(*decisive);
  switch (status.state) {
    case State::kReferred:
      status.waiting_for = LastFact(fold.intake(), F::kCaseReferred)->fact().case_referred().to();
      break;
    case State::kRecommended:
      status.waiting_for =
          LastFact(fold.referral(), F::kSanctionRecommended)->fact().sanction_recommended().to();
      break;
    case State::kReturned:
      status.waiting_for = fold.intake().writer();
      break;
    case State::kNone:
    case State::kNotAccepted:
    case State::kNoViolation:
    case State::kDismissed:
    case State::kHandedOver:
      break;
    default:
      status.waiting_for = status.holder;
  }
  return status;
}

std::vector<std::string> PartiesOf(const CaseFold& fold) {
  google::protobuf::RepeatedPtrField<std::string> parties = fold.intake().parties();
  AddParties(fold.referral().parties(), &parties);
  return {parties.begin(), parties.end()};
}

std::vector<std::string> ContradictionsOf(const CaseFold& fold) {
  std::vector<std::string> found;
  // A section whose facts were all taken back has a writer still.
  if (!fold.referral().facts().empty() && !fold.intake().writer().empty() &&
      !ReferralStands(fold)) {
    found.push_back(absl::StrCat("the referral section by ", fold.referral().writer(),
                                 " does not answer the referral of ", fold.intake().writer()));
  }
  if (!fold.sanction().facts().empty() && !fold.referral().writer().empty() &&
      !SanctionStands(fold)) {
    found.push_back(absl::StrCat("the sanction section by ", fold.sanction().writer(),
                                 " does not answer a recommendation of ",
                                 fold.referral().writer()));
  }
  return found;
}

base::Digest PartyDigest(const CaseFold& fold) {
  if (LastFact(fold.intake(), F::kCaseReferred) == nullptr) return {};
  CaseFold shared;
  shared.set_fold_version(kFoldVersion);
  shared.set_case_id(fold.case_id());
  KeepPartyFacts(fold.intake(), shared.mutable_intake());
  KeepPartyFacts(fold.referral(), shared.mutable_referral());
  KeepPartyFacts(fold.sanction(), shared.mutable_sanction());
  // Compared between nodes of one release, never stored or signed, so the encoder's own order of
  // fields is good enough; deterministic covers what it leaves open.
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    shared.SerializeToCodedStream(&coded);
  }
  return crypto::Sha256(bytes);
}

const event::v1::Position& TargetOf(const event::v1::Event& event) {
  if (event.fact().kind_case() == F::kFactCorrected) {
    return event.fact().fact_corrected().position();
  }
  return event.fact().fact_voided().position();
}

}  // namespace selaras::domain
