#include "services/node/watch_decision.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_watch.h"
#include "services/node/rows.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

// Tables by which a due day may move.
constexpr absl::string_view kTables[] = {
    "authorities.tsv", "calendar_years.tsv", "deadlines.tsv", "elections.tsv",  "follow_up.tsv",
    "holidays.tsv",    "regions.tsv",        "sanctions.tsv", "time_zones.tsv",
};

template <typename Command>
std::string SubjectOf(const Command& command) {
  return command.case_id().empty() ? absl::StrCat(rows::kReportSubject, command.report_id())
                                   : absl::StrCat(rows::kCaseSubject, command.case_id());
}

// The log in which the authority writes of the subject; empty if it has written nothing.
std::string LogOf(const domain::WatchedSubject& subject, absl::string_view authority) {
  for (const auto& segment : subject.fold.segments()) {
    if (segment.writer() == authority) return segment.last().log();
  }
  for (const auto& fact : subject.report) {
    if (fact.author() == authority) return fact.position().log();
  }
  return {};
}

absl::StatusOr<domain::Decision> Decide(const command::v1::RecordRung& command,
                                        const Transaction& transaction,
                                        const domain::DeadlineRules& rules, absl::Time now,
                                        const domain::Call& call) {
  const std::string name = SubjectOf(command);
  ASSIGN_OR_RETURN(domain::WatchedSubject subject, transaction.Watched(name));
  std::string duty;
  for (const domain::DeadlineStatus& status : rules.Of(subject.facts(), now)) {
    if (status.rule->id == command.deadline()) duty = status.duty;
  }
  std::optional<event::v1::SeenLog> seen;
  if (const std::string log = LogOf(subject, duty); !duty.empty() && !log.empty()) {
    ASSIGN_OR_RETURN(seen, transaction.Seen(log));
    // Read anew: what is vouched for is in it.
    ASSIGN_OR_RETURN(subject, transaction.Watched(name));
  }
  return domain::DecideRecordRung(command, subject, rules, seen ? &*seen : nullptr, now, call);
}

absl::StatusOr<std::vector<std::string>> ChangedTables(const log::StoreReader& store,
                                                       const std::string& previous,
                                                       const reference::Catalogue& catalogue) {
  std::vector<std::string> changed;
  for (const absl::string_view table : kTables) {
    const auto now = catalogue.files().find(std::string(table));
    ASSIGN_OR_RETURN(const auto before,
                     store.Get(log::Table::kCatalogue, absl::StrCat(previous, "/", table)));
    if (now == catalogue.files().end() || !before || *before != now->second) {
      changed.emplace_back(table);
    }
  }
  return changed;
}

absl::StatusOr<domain::Decision> Decide(const command::v1::RecordRecomputation& command,
                                        const Transaction& transaction,
                                        const domain::DeadlineRules& rules,
                                        const log::StoreReader& store, const domain::Call& call) {
  ASSIGN_OR_RETURN(const domain::WatchedSubject subject, transaction.Watched(SubjectOf(command)));
  ASSIGN_OR_RETURN(const auto changed,
                   ChangedTables(store, command.previous_catalogue(), call.catalogue));
  return domain::DecideRecordRecomputation(command, subject, rules, changed, call);
}

}  // namespace

absl::StatusOr<domain::Decision> DecideForWatcher(const google::protobuf::Message& body,
                                                  const Transaction& transaction,
                                                  const domain::DeadlineRules& rules,
                                                  const log::StoreReader& store, absl::Time now,
                                                  const domain::Call& call) {
  if (body.GetDescriptor() == command::v1::RecordRung::descriptor()) {
    return Decide(static_cast<const command::v1::RecordRung&>(body), transaction, rules, now, call);
  }
  return Decide(static_cast<const command::v1::RecordRecomputation&>(body), transaction, rules,
                store, call);
}

}  // namespace selaras::node
