#include "services/node/tally.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/notice.h"
#include "services/node/case_facts.h"
#include "services/node/report_facts.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/node/viewer.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::StoredContribution;
using storage::v1::StoredCounts;

template <typename Message>
absl::StatusOr<Message> Load(const log::StoreReader& store, const std::string& key) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kView, key));
  Message message;
  if (row && !message.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the row of ", key, " is damaged"));
  }
  return message;
}

}  // namespace

Tally::Tally(const log::StoreReader& store, const Directory& directory,
             const statistics::Counter& counter)
    : store_(store), directory_(directory), counter_(counter) {}

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

absl::Status Tally::CountCase(const std::string& case_id, const storage::v1::StoredCaseView& view) {
  ASSIGN_OR_RETURN(const auto own, LoadSubject(store_, rows::CaseState(case_id)));
  const domain::CaseFold fold = Combine(case_id, own ? &*own : nullptr, view);
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
    std::vector<storage::v1::EffectiveFact> facts;
    if (own && !own->report_id().empty()) {
      ASSIGN_OR_RETURN(const auto motives, MotivesOf(store_, *own));
      shown.mutable_motives()->Assign(motives.begin(), motives.end());
      ASSIGN_OR_RETURN(const auto report, LoadSubject(store_, rows::ReportState(own->report_id())));
      if (report) {
        ASSIGN_OR_RETURN(facts, ReportFacts(store_, *report));
      }
      shown.set_source(SourceIn(facts));
    }
    *now.mutable_counts() = counter_.CountCase(shown, {&fold, facts});
  }
  return Replace(rows::CountedCase(case_id), std::move(now));
}

absl::Status Tally::CountReport(const storage::v1::StoredSubject& report,
                                const std::string& report_id) {
  StoredContribution now;
  if (const auto* opening = OpeningOf(report); opening != nullptr) {
    query::v1::Report shown;
    shown.set_election(opening->fact().report_received().election());
    shown.set_region(opening->fact().report_received().region());
    ASSIGN_OR_RETURN(const auto facts, ReportFacts(store_, report));
    shown.set_source(SourceIn(facts));
    *now.mutable_counts() = counter_.CountReport(shown);
    const auto scopes = ScopesOfAuthor(opening->author());
    *now.mutable_scopes() = {scopes.begin(), scopes.end()};
  }
  return Replace(rows::CountedReport(report_id), std::move(now));
}

absl::Status Tally::Replace(const std::string& row, StoredContribution now) {
  auto held = counted_.find(row);
  if (held == counted_.end()) {
    ASSIGN_OR_RETURN(auto before, Load<StoredContribution>(store_, row));
    held = counted_.emplace(row, std::move(before)).first;
  }
  const StoredContribution before = std::exchange(held->second, std::move(now));
  if (before.SerializeAsString() == held->second.SerializeAsString()) return absl::OkStatus();
  for (const std::string& scope : before.scopes()) {
    ASSIGN_OR_RETURN(Block * block, BlockOf(scope, before.counts()));
    if (block->counts.Subtract(before.counts())) continue;
    return absl::DataLossError(absl::StrCat("the numbers lack what ", row, " added to them"));
  }
  for (const std::string& scope : held->second.scopes()) {
    ASSIGN_OR_RETURN(Block * block, BlockOf(scope, held->second.counts()));
    block->counts.Add(held->second.counts());
  }
  return absl::OkStatus();
}

absl::StatusOr<Tally::Block*> Tally::BlockOf(const std::string& scope, const StoredCounts& counts) {
  const std::string row = rows::Numbers(scope, counts.election(), counts.region());
  if (const auto found = blocks_.find(row); found != blocks_.end()) return &found->second;
  ASSIGN_OR_RETURN(const auto stored, Load<StoredCounts>(store_, row));
  Block block{counts.election(), counts.region(), statistics::Counts(stored)};
  return &blocks_.emplace(row, std::move(block)).first->second;
}

std::vector<log::RowWrite> Tally::Rows() const {
  std::vector<log::RowWrite> writes;
  for (const auto& [row, block] : blocks_) {
    std::optional<std::string> bytes;
    if (!block.counts.empty()) {
      bytes = block.counts.ToStored(block.election, block.region).SerializeAsString();
    }
    writes.push_back({log::Table::kView, row, std::move(bytes)});
  }
  for (const auto& [row, contribution] : counted_) {
    std::optional<std::string> bytes;
    if (contribution.scopes_size() > 0) bytes = contribution.SerializeAsString();
    writes.push_back({log::Table::kView, row, std::move(bytes)});
  }
  return writes;
}

}  // namespace selaras::node
