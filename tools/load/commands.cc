#include "tools/load/commands.h"

#include <future>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "selaras/event/v1/event.pb.h"

#include "storage/base/status.h"
#include "tools/load/check.h"
#include "tools/load/modes.h"
#include "tools/load/options.h"
#include "tools/selaras/channel.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"

namespace selaras::load {
namespace {

using command::v1::CommandOutcome;
using intake::v1::ExecuteBatchRequest;

constexpr std::size_t kIdBytes = 8;
constexpr int kPage = 1'000;

// Of a mode whose requests hold whole lives of reports.
struct ReportOptions {
  int in_request = 0;  // 0: each request is one command
  bool refers = false;
};

std::vector<cli::Option> OptionsOf(PaceOptions* pace, ReportOptions* reports) {
  std::vector<cli::Option> options = OptionsOf(pace);
  options.push_back({"--reports", "N", &reports->in_request,
                     absl::StrCat("reports in each request, 1 to ", ReportsPerRequestMax(false),
                                  ", of four commands each; default: ", reports->in_request)});
  options.push_back({"--refer", "", &reports->refers,
                     absl::StrCat("send each case on in the end: a fifth command, and at most ",
                                  ReportsPerRequestMax(true), " reports")});
  return options;
}

// A caller, its course, and what it waits for.
struct Caller {
  Course course;
  ExecuteBatchRequest request = {};
  CommandOutcome answer = {};
};

absl::StatusOr<CommandOutcome> Await(Commander& commander, const ExecuteBatchRequest& request) {
  std::promise<absl::StatusOr<CommandOutcome>> answered;
  commander.Execute(request, [&](absl::StatusOr<CommandOutcome> outcome) {
    answered.set_value(std::move(outcome));
  });
  return answered.get_future().get();
}

// Repeats what was kept: each must get its answer again.
absl::Status Repeat(Commander& commander, const std::vector<Exchange>& sample) {
  for (const Exchange& exchange : sample) {
    ASSIGN_OR_RETURN(const CommandOutcome again, Await(commander, exchange.request));
    RETURN_IF_ERROR(CheckSameAnswer(exchange.outcome, again));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> SizeOf(cli::Node& node, std::string* authority) {
  ASSIGN_OR_RETURN(const auto state, node.GetNode());
  ASSIGN_OR_RETURN(*authority, AuthorityOf(state));
  for (const auto& log : state.logs()) {
    if (log.log() == state.node()) return log.size();
  }
  return absl::DataLossError("the node names no log of its own");
}

// Where the entries that bear the trace stand, from `start` on.
absl::StatusOr<std::vector<std::uint64_t>> FindTraced(cli::Node& node, std::uint64_t start,
                                                      const std::string& trace) {
  std::vector<std::uint64_t> found;
  ledger::v1::ListEntriesRequest request;
  request.set_start(start);
  request.set_page_size(kPage);
  while (true) {
    ASSIGN_OR_RETURN(const auto page, node.ListEntries(request));
    for (const auto& record : page.entries()) {
      event::v1::Event event;
      if (!event.ParseFromString(record.entry())) {
        return absl::DataLossError(
            absl::StrCat("entry ", record.position().sequence(), " is no event"));
      }
      if (event.trace_id() == trace) found.push_back(record.position().sequence());
    }
    if (page.next_start() == 0) return found;
    request.set_start(page.next_start());
  }
}

using MakeCommander = std::function<std::unique_ptr<Commander>(
    const std::shared_ptr<grpc::Channel>& channel, const cli::NodeAddress& address)>;

// The whole of a mode: drive, repeat, look the log through.
absl::StatusOr<Figures> Measure(cli::Context& context, const PaceOptions& options,
                                const ReportOptions& reports, const MakeCommander& make) {
  ASSIGN_OR_RETURN(const Pace pace, PaceOf(options));
  ASSIGN_OR_RETURN(const cli::NodeAddress address, context.ResolveAddress());
  ASSIGN_OR_RETURN(const auto channel, cli::OpenChannel(address));
  ASSIGN_OR_RETURN(const auto node, context.Connect(address));
  std::string authority;
  ASSIGN_OR_RETURN(const std::uint64_t size, SizeOf(*node, &authority));
  RunOfLoad run = NewRun(context.random().Fill(kIdBytes), authority);
  run.refers = reports.refers;
  const std::unique_ptr<Commander> commander = make(channel, address);
  Acknowledged acknowledged;
  ASSIGN_OR_RETURN(Figures figures,
                   DriveCommands(pace, run, reports.in_request, *commander, &acknowledged));
  RETURN_IF_ERROR(Repeat(*commander, acknowledged.sample()));
  ASSIGN_OR_RETURN(std::vector<std::uint64_t> found, FindTraced(*node, size, run.id));
  RETURN_IF_ERROR(CheckExactly(acknowledged.positions(), std::move(found)));
  return figures;
}

cli::ExitCode Run(cli::Context& context, const std::string& name, const PaceOptions& options,
                  const ReportOptions& reports, const MakeCommander& make) {
  absl::StatusOr<Figures> figures = Measure(context, options, reports, make);
  if (figures.ok()) figures->name = name;
  return Report(context.output(), figures);
}

// The same, if so many reports fit a request.
cli::ExitCode RunWith(cli::Context& context, const std::string& name, const PaceOptions& options,
                      const ReportOptions& reports, const MakeCommander& make) {
  const int most = ReportsPerRequestMax(reports.refers);
  if (reports.in_request < 1 || reports.in_request > most) {
    return context.output().Fail(cli::BadValue("--reports", absl::StrCat(reports.in_request),
                                               absl::StrCat("give 1 to ", most)));
  }
  return Run(context, name, options, reports, make);
}

}  // namespace

absl::StatusOr<std::string> AuthorityOf(const ledger::v1::GetNodeResponse& state) {
  if (state.role() == "intake") return state.authorities(0);
  return absl::FailedPreconditionError(
      absl::StrCat("the node is of the role ", state.role(), "; give that of an intake node"));
}

absl::StatusOr<Figures> DriveCommands(const Pace& pace, const RunOfLoad& run,
                                      int reports_per_request, Commander& commander,
                                      Acknowledged* acknowledged) {
  std::vector<Caller> callers;
  for (int i = 0; i < pace.in_flight; ++i) {
    callers.push_back({.course = Course(run, i, reports_per_request)});
  }
  ASSIGN_OR_RETURN(Figures figures, Drive(pace, [&](int number, Answered answered) {
                     Caller& caller = callers[static_cast<std::size_t>(number)];
                     caller.request = caller.course.Next(caller.answer);
                     commander.Execute(
                         caller.request, [&caller, acknowledged, answered = std::move(answered)](
                                             absl::StatusOr<CommandOutcome> outcome) {
                           if (!outcome.ok()) return answered(outcome.status());
                           caller.answer = *std::move(outcome);
                           acknowledged->Add(caller.request, caller.answer);
                           answered(static_cast<std::uint64_t>(caller.request.commands_size()));
                         });
                   }));
  const std::vector<Exchange>& sample = acknowledged->sample();
  for (const Exchange& exchange : sample) {
    figures.request_bytes += exchange.request.ByteSizeLong();
    figures.answer_bytes += exchange.outcome.ByteSizeLong();
  }
  if (!sample.empty()) {
    figures.request_bytes /= sample.size();
    figures.answer_bytes /= sample.size();
  }
  return figures;
}

cli::Command UnaryMode() {
  auto options = std::make_shared<PaceOptions>();
  return {.name = "unary",
          .summary = "single commands, each a call and answered with its receipt",
          .details =
              "Each caller receives a report, names a respondent, reviews and concludes the case, "
              "and begins anew.",
          .examples = "selaras-load unary --client intake.textproto -n 64 -s 30",
          .source = cli::Source::kNode,
          .options = OptionsOf(options.get()),
          .run = [options](cli::Context& context) {
            return Run(context, "unary", *options, {}, CallSingly);
          }};
}

cli::Command BatchMode() {
  struct BatchOptions {
    PaceOptions pace;
    ReportOptions reports{.in_request = 12};
  };
  auto options = std::make_shared<BatchOptions>();
  return {.name = "batch",
          .summary = "ExecuteBatch: several commands a call, all or nothing",
          .examples = "selaras-load batch --client intake.textproto -n 4 --reports 1",
          .source = cli::Source::kNode,
          .options = OptionsOf(&options->pace, &options->reports),
          .run = [options](cli::Context& context) {
            return RunWith(context, "batch", options->pace, options->reports, CallBatches);
          }};
}

cli::Command StreamMode() {
  struct StreamOptions {
    PaceOptions pace{.in_flight = 256};
    ReportOptions reports{.in_request = 1};
  };
  auto options = std::make_shared<StreamOptions>();
  return {.name = "stream",
          .summary = "ExecuteStream: requests one after the other on one stream",
          .details = "A node has at most 512 requests of a stream under way; the others wait.",
          .examples = "selaras-load stream --client intake.textproto -n 512 -s 30",
          .source = cli::Source::kNode,
          .options = OptionsOf(&options->pace, &options->reports),
          .run = [options](cli::Context& context) {
            return RunWith(context, "stream", options->pace, options->reports, OpenStream);
          }};
}

}  // namespace selaras::load
