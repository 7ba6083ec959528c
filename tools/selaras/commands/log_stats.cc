#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 1'000;

struct StatsOptions {
  std::string log;
};

std::string Rfc3339(const google::protobuf::Timestamp& time) {
  return absl::FormatTime(absl::RFC3339_full,
                          absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()),
                          absl::UTCTimeZone());
}

// Adds up one log, entry by entry.
class Counter {
 public:
  void Add(const ledger::v1::EntryRecord& record) {
    stats_.set_log(record.position().log());
    stats_.set_size(stats_.size() + 1);
    if (record.entry().empty()) {
      ++facts_[AbsenceOf(record)];
      return;
    }
    stats_.set_disclosed(stats_.disclosed() + 1);
    stats_.set_bytes(stats_.bytes() + static_cast<std::int64_t>(record.entry().size()));
    const auto event = EventOf(record);
    const std::string fact = event ? FactName(event->fact()) : "unknown";
    ++facts_[fact == "unknown" ? "not understood" : fact];
    if (!event) return;
    subjects_.insert(event->case_id().empty() ? event->report_id() : event->case_id());
    if (stats_.first_recorded_at().empty()) {
      stats_.set_first_recorded_at(Rfc3339(event->recorded_at()));
    }
    stats_.set_last_recorded_at(Rfc3339(event->recorded_at()));
  }

  cli::v1::LogStats Finish() {
    stats_.set_subjects(static_cast<int>(subjects_.size()));
    std::vector<std::pair<std::string, int>> facts(facts_.begin(), facts_.end());
    std::sort(facts.begin(), facts.end(), [](const auto& a, const auto& b) {
      return std::tie(b.second, a.first) < std::tie(a.second, b.first);
    });
    for (const auto& [fact, entries] : facts) {
      cli::v1::FactCount* count = stats_.add_facts();
      count->set_fact(fact);
      count->set_entries(entries);
    }
    return std::move(stats_);
  }

 private:
  cli::v1::LogStats stats_;
  std::map<std::string, int> facts_;
  absl::flat_hash_set<std::string> subjects_;
};

absl::StatusOr<cli::v1::LogStats> Gather(Ledger& ledger, const std::string& log, Output& output) {
  Counter counter;
  ledger::v1::ListEntriesRequest request;
  request.set_log(log);
  request.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(const ledger::v1::ListEntriesResponse page, ledger.ListEntries(request));
    for (const ledger::v1::EntryRecord& record : page.entries()) counter.Add(record);
    request.set_start(page.next_start());
    output.Live(absl::StrCat("reading ", page.next_start(), " of ", page.size()));
  } while (request.start() != 0);
  output.EndLive();
  cli::v1::LogStats stats = counter.Finish();
  if (stats.log().empty()) stats.set_log(log);
  return stats;
}

ExitCode Stats(Context& context, const StatsOptions& options) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  const auto stats = Gather(**ledger, options.log, output);
  if (!stats.ok()) return output.Fail(stats.status());
  if (output.json()) {
    output.Json(*stats);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add("entries", absl::StrCat(stats->size()));
  fields.Add("readable here", absl::StrCat(stats->disclosed()));
  fields.Add("bytes", absl::StrCat(stats->bytes()));
  fields.Add("cases and reports", absl::StrCat(stats->subjects()));
  fields.Add("first", stats->first_recorded_at());
  fields.Add("last", stats->last_recorded_at());
  Table table({"FACT", ">ENTRIES"});
  for (const cli::v1::FactCount& count : stats->facts()) {
    table.Add({count.fact(), absl::StrCat(count.entries())});
  }
  output.Print(
      absl::StrCat(output.Paint(Tone::kStrong, "log "), stats->log(), "\n", fields.Text(output)));
  if (!table.empty()) output.Print(absl::StrCat("\n", table.Text(output)));
  return ExitCode::kOk;
}

}  // namespace

Command LogStatsCommand() {
  const auto options = std::make_shared<StatsOptions>();
  return {.name = "stats",
          .summary = "how much a log holds of what",
          .examples =
              "selaras log stats --log bawaslu-13/private\n"
              "selaras log stats --store DIR --json",
          .source = Source::kNodeOrStore,
          .options = {{"--log", "NAME", &options->log,
                       "name of the log; default: the node's shared log"}},
          .run = [options](Context& context) { return Stats(context, *options); }};
}

}  // namespace selaras::cli
