#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <grpcpp/client_context.h>

#include "selaras/query/v1/query.grpc.pb.h"

#include "storage/base/status.h"
#include "tools/load/commander.h"
#include "tools/load/commands.h"
#include "tools/load/course.h"
#include "tools/load/modes.h"
#include "tools/load/options.h"
#include "tools/selaras/channel.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"

namespace selaras::load {
namespace {

using command::v1::CommandOutcome;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kIdBytes = 8;
constexpr int kRateMax = 100'000;

struct PropagateOptions {
  std::string to;
  int rate = 1'000;
  int seconds = 10;
  int patience = 60;
};

// When cases were sent on by one node, and when the other knew of them. Thread-safe.
class Journeys {
 public:
  // A call is under way, and was answered.
  void Sent() {
    const std::lock_guard lock(mutex_);
    ++under_way_;
  }
  void Answered(const absl::StatusOr<CommandOutcome>& outcome) {
    if (outcome.ok()) {
      Note(outcome->case_id(), &Journey::left);
    } else {
      Fail(outcome.status());
    }
    const std::lock_guard lock(mutex_);
    --under_way_;
    changed_.notify_all();
  }
  void Arrived(const std::string& case_id) { Note(case_id, &Journey::arrived); }
  // The first error counts.
  void Fail(const absl::Status& why) {
    const std::lock_guard lock(mutex_);
    failure_.Update(why);
    changed_.notify_all();
  }
  // The receiver has told everything that there was before.
  void Begin() {
    const std::lock_guard lock(mutex_);
    began_ = true;
    changed_.notify_all();
  }

  absl::Status AwaitBegin(std::chrono::seconds patience) {
    return Await(patience, "has not told what it knows", [this] { return began_; });
  }
  // Until `cases` of them left and arrived.
  absl::Status AwaitAll(std::size_t cases, std::chrono::seconds patience) {
    return Await(patience, "has not learned of all cases", [&] { return both_ == cases; });
  }
  // Whatever came of them: each ends at its time limit.
  void AwaitAnswers() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ == 0; });
  }
  absl::Status failure() {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

  // Microseconds, ascending; 0 of what arrived before its sender's answer did.
  std::vector<std::uint64_t> Latencies() {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint64_t> latencies;
    for (const auto& [id, journey] : journeys_) {
      if (!journey.left || !journey.arrived) continue;
      const auto took =
          std::chrono::duration_cast<std::chrono::microseconds>(*journey.arrived - *journey.left);
      latencies.push_back(static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
    }
    std::sort(latencies.begin(), latencies.end());
    return latencies;
  }

 private:
  struct Journey {
    std::optional<Clock::time_point> left;
    std::optional<Clock::time_point> arrived;
  };

  void Note(const std::string& case_id, std::optional<Clock::time_point> Journey::* moment) {
    const std::lock_guard lock(mutex_);
    Journey& journey = journeys_[case_id];
    if (journey.*moment) return;
    journey.*moment = Clock::now();
    if (journey.left && journey.arrived) ++both_;
    changed_.notify_all();
  }

  template <typename Condition>
  absl::Status Await(std::chrono::seconds patience, absl::string_view otherwise,
                     Condition condition) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return !failure_.ok() || condition(); });
    RETURN_IF_ERROR(failure_);
    if (condition()) return absl::OkStatus();
    return absl::DeadlineExceededError(
        absl::StrCat("the receiver ", otherwise, " within ", patience.count(), " seconds"));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Journey> journeys_;
  std::size_t both_ = 0;
  int under_way_ = 0;
  bool began_ = false;
  absl::Status failure_;
};

// Listens to what changes at the receiver, as long as it lives.
class Listening {
 public:
  Listening(const std::shared_ptr<grpc::Channel>& channel, std::string address, Journeys& journeys)
      : stub_(query::v1::QueryService::NewStub(channel)),
        address_(std::move(address)),
        journeys_(journeys),
        thread_([this] { Run(); }) {}
  ~Listening() {
    ending_ = true;
    context_.TryCancel();
    thread_.join();
  }

 private:
  void Run() {
    const auto reader = stub_->WatchCases(&context_, query::v1::WatchCasesRequest());
    query::v1::WatchCasesResponse told;
    while (reader->Read(&told)) {
      if (told.changes().empty()) journeys_.Begin();
      for (const auto& change : told.changes()) journeys_.Arrived(change.case_id());
    }
    const grpc::Status status = reader->Finish();
    if (!ending_) journeys_.Fail(cli::StatusOf(status, address_));
  }

  const std::unique_ptr<query::v1::QueryService::Stub> stub_;
  const std::string address_;
  Journeys& journeys_;
  grpc::ClientContext context_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

// Sends cases at their times, whether those before are answered or not.
Figures Send(const PropagateOptions& options, const RunOfLoad& run, Commander& commander,
             Journeys& journeys) {
  Course course(run, 0, 1);
  const auto between =
      std::chrono::nanoseconds(std::chrono::seconds(StepsPerReport(run.refers))) / options.rate;
  const auto began = Clock::now();
  const auto end = began + std::chrono::seconds(options.seconds);
  Figures figures{.name = "propagate"};
  for (auto due = began; due < end && journeys.failure().ok(); due += between) {
    std::this_thread::sleep_until(due);
    journeys.Sent();
    ++figures.operations;
    commander.Execute(course.Next({}), [&journeys](const absl::StatusOr<CommandOutcome>& outcome) {
      journeys.Answered(outcome);
    });
  }
  if (journeys.failure().ok()) std::this_thread::sleep_until(end);
  figures.elapsed = absl::FromChrono(Clock::now() - began);
  journeys.AwaitAnswers();
  return figures;
}

absl::Status Check(const PropagateOptions& options) {
  RETURN_IF_ERROR(CheckBetween("--rate", options.rate, kRateMax));
  RETURN_IF_ERROR(CheckSeconds(options.seconds));
  if (options.patience < 1) {
    return cli::BadValue("--patience", absl::StrCat(options.patience), "give seconds from 1 on");
  }
  return absl::OkStatus();
}

absl::StatusOr<Figures> Measure(cli::Context& context, const PropagateOptions& options) {
  RETURN_IF_ERROR(Check(options));
  ASSIGN_OR_RETURN(const cli::NodeAddress sender, context.ResolveAddress());
  ASSIGN_OR_RETURN(const cli::NodeAddress receiver, context.ResolveAddress(options.to));
  ASSIGN_OR_RETURN(const auto node, context.Connect(sender));
  ASSIGN_OR_RETURN(const auto state, node->GetNode());
  ASSIGN_OR_RETURN(std::string authority, AuthorityOf(state));
  RunOfLoad run = NewRun(context.random().Fill(kIdBytes), std::move(authority));
  run.refers = true;
  ASSIGN_OR_RETURN(const auto to_receiver, cli::OpenChannel(receiver));
  ASSIGN_OR_RETURN(const auto to_sender, cli::OpenChannel(sender));
  const std::chrono::seconds patience(options.patience);
  Journeys journeys;
  const Listening listening(to_receiver, receiver.address, journeys);
  RETURN_IF_ERROR(journeys.AwaitBegin(patience));
  const std::unique_ptr<Commander> commander = CallBatches(to_sender, sender);
  Figures figures = Send(options, run, *commander, journeys);
  RETURN_IF_ERROR(journeys.AwaitAll(figures.operations, patience));
  figures.operations *= static_cast<std::uint64_t>(StepsPerReport(run.refers));
  figures.latencies = journeys.Latencies();
  return figures;
}

}  // namespace

cli::Command PropagateMode() {
  auto options = std::make_shared<PropagateOptions>();
  return {
      .name = "propagate",
      .summary = "how long it takes until another agency's node knows of what was sent to it",
      .details =
          "Sends on cases at the intake node, at a rate that does not wait for answers, and "
          "watches the cases of the node to which they go. A latency runs from the answer to the "
          "sender, who knows then that the case is sent, until a client of the receiver is told "
          "of it: over the link, verified, durable and derived. An operation is an entry of the "
          "sender's log, five of which send a case.",
      .examples =
          "selaras-load propagate --client intake/client.textproto --to "
          "referral/client.textproto --rate 1000",
      .source = cli::Source::kNode,
      .options = {{"--to", "FILE", &options->to, "client file of the node that receives", true},
                  {"--rate", "N", &options->rate,
                   absl::StrCat("entries in a second, 1 to ", kRateMax,
                                "; default: ", options->rate)},
                  SecondsOption(&options->seconds),
                  {"--patience", "S", &options->patience,
                   "seconds until all must have arrived; default: 60"}},
      .run = [options](cli::Context& context) {
        return Report(context.output(), Measure(context, *options));
      }};
}

}  // namespace selaras::load
