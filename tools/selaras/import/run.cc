#include "tools/selaras/import/run.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "tools/selaras/error_text.h"

namespace selaras::cli {
namespace {

constexpr std::chrono::milliseconds kReportEvery{100};
constexpr absl::Duration kLinksEvery = absl::Milliseconds(200);
constexpr int kLinksMax = 10;      // looks without a change, then the rows are sent all the same
constexpr int kUnexpectedMax = 3;  // attempts on an error that is neither a refusal nor transient

// Rows with the same key are sent in the order of the file: those of one report, because the first
// of them opens it, and what was done in one case.
std::string OrderKey(const registers::Plan& plan) {
  if (const auto* intake = std::get_if<std::vector<intake::v1::IntakeCommand>>(&plan.commands)) {
    for (const intake::v1::IntakeCommand& command : *intake) {
      if (command.has_receive_report()) return command.receive_report().report_key();
    }
  }
  if (const auto* work = std::get_if<registers::WorklistRow>(&plan.row)) return work->case_id;
  return plan.request_id;
}

// Changes whenever something has arrived that a pending row may have waited for.
std::string LinksText(const ledger::v1::GetNodeResponse& node) {
  std::string text = node.projected() ? "projected" : "";
  for (const auto& log : node.logs()) {
    if (log.mirror())
      absl::StrAppend(&text, " ", log.log(), " ", log.size(), "/", log.entries_held());
  }
  return text;
}

bool IsFatal(const absl::Status& status) {
  return absl::IsUnauthenticated(status) || absl::IsUnimplemented(status) ||
         absl::IsDataLoss(status);
}

}  // namespace

ImportRun::ImportRun(Node& node, Clock& clock, const ImportOptions& options,
                     const Importer::Progress& progress, const registers::Register& source)
    : node_(node),
      clock_(clock),
      options_(options),
      progress_(progress),
      source_(source),
      sender_(node, options.mode, options.reason, options.dry_run, options.log_size),
      patience_(clock, options.wait) {}

Importer::Result ImportRun::Run() {
  result_.rows.resize(source_.rows.size());
  SendAll(FirstGroups());
  while (!stopped_ && !options_.dry_run) {
    const std::vector<Group> pending = PendingRows();
    if (pending.empty() || !AwaitLinks()) break;
    SendAll(pending);
  }
  Report(/*waiting=*/false);
  return std::move(result_);
}

std::vector<ImportRun::Group> ImportRun::FirstGroups() {
  std::vector<Group> groups;
  absl::flat_hash_map<std::string, std::size_t> by_key;
  for (std::size_t row = 0; row < source_.rows.size(); ++row) {
    if (const auto* refusal = std::get_if<registers::Refusal>(&source_.rows[row])) {
      result_.rows[row] = {
          .state = RowState::kRefused, .column = refusal->column, .why = refusal->why};
    } else if (std::holds_alternative<registers::Duplicate>(source_.rows[row])) {
      result_.rows[row] = {.state = RowState::kDuplicate};
    } else {
      const std::string key = OrderKey(std::get<registers::Plan>(source_.rows[row]));
      const auto [at, is_new] = by_key.try_emplace(key, groups.size());
      if (is_new) groups.emplace_back();
      groups[at->second].push_back(row);
    }
  }
  return groups;
}

std::vector<ImportRun::Group> ImportRun::PendingRows() const {
  std::vector<Group> groups;
  for (std::size_t row = 0; row < result_.rows.size(); ++row) {
    if (result_.rows[row].state == RowState::kPending) groups.push_back({row});
  }
  return groups;
}

void ImportRun::SendAll(const std::vector<Group>& groups) {
  std::atomic<std::size_t> next = 0;
  std::size_t running =
      std::min<std::size_t>(static_cast<std::size_t>(options_.in_flight), groups.size());
  std::vector<std::thread> workers;
  for (std::size_t i = running; i > 0; --i) {
    workers.emplace_back([&] {
      for (std::size_t group = next++; group < groups.size() && !stopped_; group = next++) {
        SendGroup(groups[group]);
      }
      const std::lock_guard lock(mutex_);
      --running;
      changed_.notify_all();
    });
  }
  for (bool done = false; !done;) {
    {
      std::unique_lock lock(mutex_);
      done = changed_.wait_for(lock, kReportEvery, [&] { return running == 0; });
    }
    Report(/*waiting=*/waiting_ > 0);
  }
  for (std::thread& worker : workers) worker.join();
}

void ImportRun::SendGroup(const Group& group) {
  for (const std::size_t row : group) {
    if (stopped_) return;
    SendRow(row);
  }
}

void ImportRun::SendRow(std::size_t row) {
  const auto& plan = std::get<registers::Plan>(source_.rows[row]);
  int unexpected = 0;
  for (int attempt = 0; !stopped_; ++attempt) {
    auto outcome = sender_.Send(plan);
    if (outcome.ok()) return Record(row, *std::move(outcome));
    if (IsFatal(outcome.status())) return Stop(outcome.status());
    if (!IsTransient(outcome.status()) && ++unexpected == kUnexpectedMax) {
      return Record(row, {.state = RowState::kRefused,
                          .why = absl::StrCat("the node failed: ", RefusalText(outcome.status()))});
    }
    if (patience_.over()) return Stop(outcome.status());
    ++waiting_;
    clock_.Sleep(
        Pause(attempt, DetailsOf(outcome.status()).retry_after.value_or(absl::ZeroDuration())));
    --waiting_;
  }
}

void ImportRun::Record(std::size_t row, RowOutcome outcome) {
  // A row that stays pending is no progress, or the wait would never end.
  if (outcome.state != RowState::kPending) patience_.Renew();
  const std::lock_guard lock(mutex_);
  result_.rows[row] = std::move(outcome);
}

bool ImportRun::AwaitLinks() {
  for (int look = 0;; ++look) {
    const auto node = node_.GetNode();
    if (node.ok()) {
      std::string links = LinksText(*node);
      if (links != links_) {
        links_ = std::move(links);
        patience_.Renew();
        return true;
      }
    } else if (!IsTransient(node.status())) {
      Stop(node.status());
      return false;
    }
    if (patience_.over()) return false;
    if (look == kLinksMax) return true;
    Report(/*waiting=*/true);
    clock_.Sleep(kLinksEvery);
  }
}

void ImportRun::Stop(const absl::Status& why) {
  const std::lock_guard lock(mutex_);
  if (!stopped_.exchange(true)) result_.stopped = why;
}

void ImportRun::Report(bool waiting) {
  if (!progress_) return;
  ImportCounts counts{.rows = source_.rows.size(), .waiting = waiting};
  {
    const std::lock_guard lock(mutex_);
    for (const RowOutcome& row : result_.rows) {
      counts.done += row.state != RowState::kUnsent && row.state != RowState::kPending;
      counts.refused += row.state == RowState::kRefused || row.state == RowState::kChanged;
      counts.pending += row.state == RowState::kPending;
    }
  }
  progress_(counts);
}

}  // namespace selaras::cli
