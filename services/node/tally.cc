#include "services/node/tally.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/notice.h"
#include "services/node/case_facts.h"
#include "services/node/look_up.h"
#include "services/node/personal.h"
#include "services/node/report_facts.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/node/viewer.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::StoredContribution;
using storage::v1::StoredCounts;
using storage::v1::StoredPerson;
using storage::v1::StoredSubject;

template <typename Message>
absl::StatusOr<Message> Load(const log::StoreReader& store, const std::string& key) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kView, key));
  Message message;
  if (row && !message.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the row of ", key, " is damaged"));
  }
  return message;
}

// In which elections and regions a person who has any case stands.
StoredCounts WhereOf(const StoredPerson& person) {
  StoredCounts where;
  where.set_election(person.blocks(0).election());
  where.set_region(person.blocks(0).region());
  where.mutable_also()->Assign(person.blocks().begin() + 1, person.blocks().end());
  return where;
}

// One case more there, or one less. False if there is none to take away.
bool MoveCase(const StoredCounts& there, bool more, StoredPerson* person) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> cases;
  for (int i = 0; i < person->blocks_size(); ++i) {
    cases[{person->blocks(i).election(), person->blocks(i).region()}] = person->cases(i);
  }
  const auto at = cases.emplace(std::pair(there.election(), there.region()), 0).first;
  if (!more && at->second == 0) return false;
  at->second = more ? at->second + 1 : at->second - 1;
  if (at->second == 0) cases.erase(at);
  person->Clear();
  for (const auto& [block, count] : cases) {
    auto* to = person->add_blocks();
    to->set_election(block.first);
    to->set_region(block.second);
    person->add_cases(count);
  }
  return true;
}

}  // namespace

Tally::Tally(const RoundReader& reader, const Directory& directory, const NodeKeys& keys,
             const Opener& opener, const statistics::Counter& counter, const NamedPersons& named)
    : reader_(reader),
      directory_(directory),
      keys_(keys),
      opener_(opener),
      counter_(counter),
      named_(named) {}

absl::StatusOr<const Tally::Facts*> Tally::FactsOf(const std::string& report_id) {
  auto facts = facts_.find(report_id);
  if (facts == facts_.end()) {
    Facts read;
    ASSIGN_OR_RETURN(const StoredSubject* report, reader_.Subject(rows::ReportState(report_id)));
    if (report != nullptr) {
      ASSIGN_OR_RETURN(read, ReportFacts(reader_, *report));
    }
    facts = facts_.emplace(report_id, std::move(read)).first;
  }
  return &facts->second;
}

// As RespondentIn(), which is asked where an entry is not noted or was corrected.
absl::StatusOr<std::string> Tally::PersonIn(const domain::CaseFold& fold) const {
  std::string person;
  for (const domain::Stint& stint : domain::CustodyOf(fold).stints) {
    for (int i = stint.begin; i < stint.end; ++i) {
      const storage::v1::EffectiveFact& fact = stint.segment->facts(i);
      const auto named = named_.find({fact.position().log(), fact.position().sequence()});
      if (named == named_.end() || fact.corrected_by_size() > 0) {
        ASSIGN_OR_RETURN(const auto known, RespondentIn(fold, StoredEntries(reader_), opener_));
        const std::string& nip = known.respondent.nip();
        return nip.empty() ? std::string() : NipKey(keys_, nip);
      }
      if (!named->second.empty()) person = named->second;
    }
  }
  return person;
}

absl::StatusOr<std::vector<std::string>> Tally::ScopesOf(const domain::CaseFold& fold) const {
  std::vector<std::string> scopes;
  const auto& own = directory_.own().authorities;
  if (MaySee(directory_, fold, {.authorities = {own.begin(), own.end()}})) scopes.emplace_back();
  if (own.size() < 2) return scopes;
  for (const std::string& authority : own) {
    if (MaySee(directory_, fold, {.authorities = {authority}})) scopes.push_back(authority);
  }
  return scopes;
}

std::vector<std::string> Tally::ScopesOfAuthor(const std::string& author) const {
  std::vector<std::string> scopes = {""};
  if (directory_.own().authorities.size() > 1) scopes.push_back(author);
  return scopes;
}

absl::Status Tally::CountCase(const std::string& case_id) {
  ASSIGN_OR_RETURN(const auto view, LoadCaseView(reader_, case_id));
  ASSIGN_OR_RETURN(const StoredSubject* own, reader_.Subject(rows::CaseState(case_id)));
  const domain::CaseFold fold = Combine(case_id, own, view);
  StoredContribution now;
  // A notice is no case yet: what the office makes of it is counted as its report.
  std::vector<std::string> scopes;
  if (!domain::IsNotice(fold)) {
    ASSIGN_OR_RETURN(scopes, ScopesOf(fold));
  }
  *now.mutable_scopes() = {scopes.begin(), scopes.end()};
  if (!scopes.empty()) {
    query::v1::Case shown;
    FillFromFacts(fold, &shown);
    ASSIGN_OR_RETURN(const std::string person, PersonIn(fold));
    now.set_person(person);
    shown.mutable_respondent()->set_nip(person);  // it matters whether there is one, not which
    static const Facts kNone;
    const Facts* facts = &kNone;
    if (own != nullptr && !own->report_id().empty()) {
      ASSIGN_OR_RETURN(const auto motives, MotivesOf(reader_, *own));
      shown.mutable_motives()->Assign(motives.begin(), motives.end());
      ASSIGN_OR_RETURN(facts, FactsOf(own->report_id()));
      shown.set_source(SourceIn(*facts));
    }
    *now.mutable_counts() = counter_.CountCase(shown, {&fold, *facts});
  }
  return Replace(rows::CountedCase(case_id), std::move(now));
}

absl::Status Tally::CountReport(const std::string& report_id) {
  ASSIGN_OR_RETURN(const StoredSubject* report, reader_.Subject(rows::ReportState(report_id)));
  if (report == nullptr) return absl::OkStatus();
  StoredContribution now;
  if (const auto* opening = OpeningOf(*report); opening != nullptr) {
    query::v1::Report shown;
    shown.set_election(opening->fact().report_received().election());
    shown.set_region(opening->fact().report_received().region());
    ASSIGN_OR_RETURN(const Facts* facts, FactsOf(report_id));
    shown.set_source(SourceIn(*facts));
    *now.mutable_counts() = counter_.CountReport(shown);
    const auto scopes = ScopesOfAuthor(opening->author());
    *now.mutable_scopes() = {scopes.begin(), scopes.end()};
  }
  return Replace(rows::CountedReport(report_id), std::move(now));
}

absl::Status Tally::Replace(const std::string& row, StoredContribution now) {
  auto held = counted_.find(row);
  if (held == counted_.end()) {
    ASSIGN_OR_RETURN(auto before, Load<StoredContribution>(reader_, row));
    held = counted_.emplace(row, std::move(before)).first;
  }
  const StoredContribution before = std::exchange(held->second, std::move(now));
  if (before.SerializeAsString() == held->second.SerializeAsString()) return absl::OkStatus();
  for (const std::string& scope : before.scopes()) {
    ASSIGN_OR_RETURN(Block * block, BlockOf(scope, before.counts()));
    if (!block->counts.Subtract(before.counts())) {
      return absl::DataLossError(absl::StrCat("the numbers lack what ", row, " added to them"));
    }
    RETURN_IF_ERROR(MovePerson(scope, before, false));
  }
  for (const std::string& scope : held->second.scopes()) {
    ASSIGN_OR_RETURN(Block * block, BlockOf(scope, held->second.counts()));
    block->counts.Add(held->second.counts());
    RETURN_IF_ERROR(MovePerson(scope, held->second, true));
  }
  return absl::OkStatus();
}

absl::Status Tally::MovePerson(const std::string& scope, const StoredContribution& of, bool more) {
  if (of.person().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(StoredPerson * person, PersonOf(rows::Person(scope, of.person())));
  StoredCounts one;
  one.set_persons(1);
  if (person->blocks_size() > 0) {
    ASSIGN_OR_RETURN(Block * before, BlockOf(scope, WhereOf(*person)));
    if (!before->counts.Subtract(one)) return absl::DataLossError("a person was never counted");
  }
  if (!MoveCase(of.counts(), more, person)) {
    return absl::DataLossError("a person lacks a case that was counted");
  }
  if (person->blocks_size() > 0) {
    ASSIGN_OR_RETURN(Block * after, BlockOf(scope, WhereOf(*person)));
    after->counts.Add(one);
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredPerson*> Tally::PersonOf(const std::string& row) {
  if (const auto found = persons_.find(row); found != persons_.end()) return &found->second;
  ASSIGN_OR_RETURN(auto stored, Load<StoredPerson>(reader_, row));
  return &persons_.emplace(row, std::move(stored)).first->second;
}

absl::StatusOr<Tally::Block*> Tally::BlockOf(const std::string& scope, const StoredCounts& counts) {
  std::string row = rows::Numbers(scope, counts.election(), counts.region());
  for (const auto& also : counts.also()) {
    row = rows::NumbersAlso(row, also.election(), also.region());
  }
  if (const auto found = blocks_.find(row); found != blocks_.end()) return &found->second;
  ASSIGN_OR_RETURN(const auto stored, Load<StoredCounts>(reader_, row));
  Block block{{}, statistics::Counts(stored)};
  block.where.set_election(counts.election());
  block.where.set_region(counts.region());
  *block.where.mutable_also() = counts.also();
  return &blocks_.emplace(row, std::move(block)).first->second;
}

void Tally::AddRows(std::vector<log::RowWrite>* writes) const {
  for (const auto& [row, block] : blocks_) {
    std::optional<std::string> bytes;
    if (!block.counts.empty()) {
      auto stored = block.counts.ToStored(block.where.election(), block.where.region());
      *stored.mutable_also() = block.where.also();
      bytes = stored.SerializeAsString();
    }
    writes->push_back({log::Table::kView, row, std::move(bytes)});
  }
  for (const auto& [row, contribution] : counted_) {
    std::optional<std::string> bytes;
    if (contribution.scopes_size() > 0) bytes = contribution.SerializeAsString();
    writes->push_back({log::Table::kView, row, std::move(bytes)});
  }
  for (const auto& [row, person] : persons_) {
    std::optional<std::string> bytes;
    if (person.blocks_size() > 0) bytes = person.SerializeAsString();
    writes->push_back({log::Table::kView, row, std::move(bytes)});
  }
}

}  // namespace selaras::node
