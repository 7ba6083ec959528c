#include "tests/support/paper_case.h"

#include <utility>

#include "storage/base/check.h"
#include "storage/merkle/hash.h"

namespace selaras::test {

void PaperCase::Write(domain::Section section, absl::string_view author,
                      const domain::Decision& decision) {
  for (const domain::Draft& draft : decision.drafts) {
    if (draft.visibility != domain::Visibility::kPrivate) WriteDraft(section, author, draft);
  }
}

void PaperCase::Write(domain::Section section, absl::string_view author, event::v1::Fact fact,
                      domain::Visibility visibility) {
  domain::Draft draft;
  draft.visibility = visibility;
  draft.fact = std::move(fact);
  if (domain::IsAcknowledgement(draft.fact.kind_case())) {
    const auto* sent = domain::CustodyOf(fold_).under_way;
    if (sent != nullptr) draft.citations.push_back(domain::Cite(*sent));
  }
  WriteDraft(section, author, draft);
}

void PaperCase::WriteDraft(domain::Section section, absl::string_view author,
                           const domain::Draft& draft) {
  fold_.set_case_id(id_);
  fold_.set_fold_version(domain::kFoldVersion);
  Entry entry{.section = section, .position = {}, .leaf_hash = {}, .event = {}};
  entry.position.set_log(std::string(domain::SectionName(section)));
  entry.position.set_sequence(entries_.size());
  event::v1::Event& event = entry.event;
  event.set_author(std::string(author));
  event.set_case_id(id_);
  event.mutable_recorded_at()->set_seconds(1'730'000'000 + static_cast<int>(entries_.size()));
  if (draft.occurred_at) *event.mutable_occurred_at() = *draft.occurred_at;
  for (const auto& citation : draft.citations) *event.add_citations() = citation;
  if (draft.visibility == domain::Visibility::kParty) {
    event.set_party_number(domain::NextPartyNumber(fold_.segments(), section, author));
  }
  if (draft.personal) *event.mutable_plain() = *draft.personal;
  *event.mutable_fact() = draft.fact;
  entry.leaf_hash = merkle::HashLeaf(event.SerializeAsString());
  domain::Evolve(*fold_.mutable_segments(), section, entry.position, entry.leaf_hash, event);
  entries_.push_back(std::move(entry));
}

std::vector<PaperCase::Entry> PaperCase::EntriesBackwards() const {
  std::vector<Entry> backwards;
  for (const auto section :
       {domain::Section::kSanction, domain::Section::kReferral, domain::Section::kIntake}) {
    for (const Entry& entry : entries_) {
      if (entry.section == section) backwards.push_back(entry);
    }
  }
  return backwards;
}

const storage::v1::SectionFold& PaperCase::section(domain::Section section) const {
  for (const auto& segment : fold_.segments()) {
    if (static_cast<domain::Section>(segment.section()) == section) return segment;
  }
  return storage::v1::SectionFold::default_instance();
}

domain::State PaperCase::StateIn(domain::Section section) const {
  return domain::StandingOf(domain::CustodyOf(fold_), section).state;
}

const event::v1::Position& PaperCase::Newest(domain::Section section) const {
  const auto& facts = this->section(section).facts();
  SELARAS_CHECK(!facts.empty()) << "the section is empty";
  return facts.Get(facts.size() - 1).position();
}

domain::CaseFold FoldOf(absl::string_view case_id, const std::vector<PaperCase::Entry>& entries) {
  domain::CaseFold fold;
  fold.set_case_id(std::string(case_id));
  fold.set_fold_version(domain::kFoldVersion);
  for (const auto& entry : entries) {
    domain::Evolve(*fold.mutable_segments(), entry.section, entry.position, entry.leaf_hash,
                   entry.event);
  }
  return fold;
}

}  // namespace selaras::test
