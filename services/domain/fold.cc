#include "services/domain/fold.h"

#include <algorithm>
#include <optional>
#include <set>
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
  AddParties(event.fact().case_delegated().parties(), section.mutable_parties());
  AddParties(event.fact().case_taken_over().parties(), section.mutable_parties());
  AddParties(event.fact().case_referred().parties(), section.mutable_parties());
  AddParties(event.fact().sanction_recommended().parties(), section.mutable_parties());
  AddParties(event.fact().legacy_case_opened().parties(), section.mutable_parties());
  AddParties(event.fact().violation_noticed().parties(), section.mutable_parties());
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

// What all parties hold of a segment; unset if that is nothing.
std::optional<SectionFold> PartyFacts(const SectionFold& from) {
  SectionFold to;
  for (const EffectiveFact& fact : from.facts()) {
    if (fact.party_number() > 0) *to.add_facts() = fact;
  }
  if (from.party_entries() == 0) return std::nullopt;
  to.set_party_entries(from.party_entries());
  to.set_writer(from.writer());
  to.set_section(from.section());
  return to;
}

// PPKs have no link with each other: what one wrote that does not have the case is no common
// knowledge.
void LeaveOutLostSanctions(CaseFold& shared) {
  std::set<std::string> holders;
  for (const Stint& stint : CustodyOf(shared).stints) {
    if (stint.section == Section::kSanction) holders.insert(stint.segment->writer());
  }
  auto* segments = shared.mutable_segments();
  segments->erase(std::remove_if(segments->begin(), segments->end(),
                                 [&](const SectionFold& segment) {
                                   return static_cast<Section>(segment.section()) ==
                                              Section::kSanction &&
                                          !holders.contains(segment.writer());
                                 }),
                  segments->end());
}

}  // namespace

const SectionFold* FindSegment(const Segments& segments, Section section,
                               absl::string_view writer) {
  for (const SectionFold& segment : segments) {
    if (static_cast<Section>(segment.section()) == section && segment.writer() == writer) {
      return &segment;
    }
  }
  return nullptr;
}

SectionFold& SegmentOf(Segments& segments, Section section, absl::string_view writer) {
  const auto number = static_cast<std::uint32_t>(section);
  const auto key = std::pair(number, writer);
  int place = 0;
  for (; place < segments.size(); ++place) {
    SectionFold& segment = segments[place];
    const auto other = std::pair(segment.section(), absl::string_view(segment.writer()));
    if (other == key) return segment;
    if (other > key) break;
  }
  SectionFold& segment = *segments.Add();
  segment.set_section(number);
  segment.set_writer(std::string(writer));
  for (int i = segments.size() - 1; i > place; --i) segments.SwapElements(i, i - 1);
  return segments[place];
}

std::uint32_t NextPartyNumber(const Segments& segments, Section section, absl::string_view author) {
  const SectionFold* segment = FindSegment(segments, section, author);
  return segment == nullptr ? 1 : segment->party_entries() + 1;
}

bool CanFold(const Segments& segments, Section section, const event::v1::Event& event) {
  return event.party_number() == 0 ||
         event.party_number() == NextPartyNumber(segments, section, event.author());
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

void Evolve(Segments& segments, Section section_of, const event::v1::Position& position,
            const base::Digest& leaf_hash, const event::v1::Event& event) {
  SectionFold& section = SegmentOf(segments, section_of, event.author());
  section.set_revision(section.revision() + 1);
  *section.mutable_last() = position;
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
  const Custody custody = CustodyOf(fold);
  const Stint* stint = LastStint(custody, section);
  return stint == nullptr ? SectionFold::default_instance() : *stint->segment;
}

const EffectiveFact* LastFact(const SectionFold& section, FactKind kind) {
  const EffectiveFact* last = nullptr;
  for (const EffectiveFact& fact : section.facts()) {
    if (fact.fact().kind_case() == kind) last = &fact;
  }
  return last;
}

const EffectiveFact* LastFact(const CaseFold& fold, Section section, FactKind kind) {
  const Custody custody = CustodyOf(fold);
  const Stint* stint = LastStint(custody, section);
  return stint == nullptr ? nullptr : LastFact(*stint, kind);
}

namespace {

// Whether the sender took the file back from the stint, as the receiver had left it. What the
// receiver states afterwards brings it to the receiver again.
bool IsTakenBack(const Custody& custody, std::size_t stint) {
  const EffectiveFact* left = WalkOf(custody, stint).decisive;
  const Stint& sender = custody.stints[stint - 1];
  for (int i = sender.begin; i < sender.end; ++i) {
    const EffectiveFact& fact = sender.segment->facts(i);
    if (!IsTakingBack(fact.fact().kind_case())) continue;
    for (const auto& citation : fact.citations()) {
      if (Same(citation.position(), left->position())) return true;
    }
  }
  return false;
}

}  // namespace

Status StatusOf(const CaseFold& fold) {
  Status status;
  const Custody custody = CustodyOf(fold);
  if (custody.stints.empty()) return status;
  std::size_t last = custody.stints.size() - 1;
  const bool under_way = custody.under_way != nullptr;
  while (!under_way && last > 0 && IsTakenBack(custody, last)) --last;
  const Walk walk = WalkOf(custody, last);
  status.holder = custody.stints[last].segment->writer();
  status.state = walk.state;
  status.since = walk.decisive;
  if (under_way) {
    status.waiting_for = AddresseeOf(custody.under_way->fact());
    return status;
  }
  switch (TurnIn(status.state)) {
    case Turn::kHolder:
      status.waiting_for = status.holder;
      break;
    case Turn::kSender:
      if (last > 0) status.waiting_for = custody.stints[last - 1].segment->writer();
      break;
    case Turn::kNobody:
      break;
  }
  return status;
}

std::vector<std::string> PartiesOf(const CaseFold& fold) {
  google::protobuf::RepeatedPtrField<std::string> parties;
  const Custody custody = CustodyOf(fold);
  for (const SectionFold& segment : fold.segments()) {
    // Where everything was taken back there is no custody; the sender's word is all there is.
    const bool counts = custody.stints.empty() ? NothingStands(segment) : IsKnown(custody, segment);
    if (counts) AddParties(segment.parties(), &parties);
  }
  return {parties.begin(), parties.end()};
}

std::vector<std::string> ContradictionsOf(const CaseFold& fold) {
  return CustodyOf(fold).contradictions;
}

base::Digest PartyDigest(const CaseFold& fold) {
  CaseFold shared;
  shared.set_fold_version(kFoldVersion);
  shared.set_case_id(fold.case_id());
  for (const SectionFold& segment : fold.segments()) {
    if (auto facts = PartyFacts(segment)) *shared.add_segments() = *std::move(facts);
  }
  if (shared.segments().empty()) return {};
  LeaveOutLostSanctions(shared);
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
