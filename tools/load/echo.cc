#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <unistd.h>

#include "services/runtime/tls.h"
#include "storage/base/status.h"
#include "tools/load/child.h"
#include "tools/load/commands.h"
#include "tools/load/echo_server.h"
#include "tools/load/modes.h"
#include "tools/load/options.h"
#include "tools/selaras/channel.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"

namespace selaras::load {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr int kAnswerBytesMax = 1 << 20;

struct EchoOptions {
  PaceOptions pace;
  int reports = 0;
  int answer_bytes = 1'500;  // of a command with its receipt
  std::string certificate;
  std::string key;
};

absl::StatusOr<Figures> MeasureEcho(cli::Context& context, const EchoOptions& options) {
  ASSIGN_OR_RETURN(const Pace pace, PaceOf(options.pace));
  if (options.reports < 0 || options.reports > ReportsPerRequestMax(false)) {
    return cli::BadValue("--reports", absl::StrCat(options.reports), "give 0 to 16");
  }
  if (options.answer_bytes > kAnswerBytesMax) {
    return cli::BadValue("--answer-bytes", absl::StrCat(options.answer_bytes),
                         absl::StrCat("give at most ", kAnswerBytesMax));
  }
  ASSIGN_OR_RETURN(cli::NodeAddress address, context.ResolveAddress());
  ASSIGN_OR_RETURN(Child server,
                   Child::Start({"echo-server", "--node", "127.0.0.1:0", "--ca", address.ca,
                                 "--cert", options.certificate, "--key", options.key,
                                 "--answer-bytes", absl::StrCat(options.answer_bytes)}));
  ASSIGN_OR_RETURN(const std::string ready, server.ReadLine());
  const auto space = ready.find(' ');
  address.address = ready.substr(0, space);
  const RunOfLoad run = NewRun(context.random().Fill(kIdBytes), ready.substr(space + 1));
  ASSIGN_OR_RETURN(const auto channel, cli::OpenChannel(address));
  const std::unique_ptr<Commander> commander =
      options.reports == 0 ? CallSingly(channel, address) : CallBatches(channel, address);
  Acknowledged acknowledged;
  ASSIGN_OR_RETURN(Figures figures,
                   DriveCommands(pace, run, options.reports, *commander, &acknowledged));
  figures.name = options.reports == 0 ? "echo_unary" : "echo_batch";
  return figures;
}

absl::Status Serve(cli::Context& context, const EchoOptions& options) {
  ASSIGN_OR_RETURN(const cli::NodeAddress at, context.ResolveAddress());
  runtime::RequireTls13();
  ASSIGN_OR_RETURN(const auto node,
                   EchoingNode::Start(at.address, at.ca, at.certificate, at.key,
                                      static_cast<std::size_t>(options.answer_bytes)));
  context.output().Print(absl::StrCat(node->address(), " ", node->authority(), "\n"));
  context.output().Flush();
  for (char ignored = 0; ::read(STDIN_FILENO, &ignored, 1) > 0;) {
  }
  node->Stop();
  return absl::OkStatus();
}

}  // namespace

cli::Command EchoMode() {
  auto options = std::make_shared<EchoOptions>();
  std::vector<cli::Option> all = OptionsOf(&options->pace);
  all.push_back({"--reports", "N", &options->reports,
                 "as of batch; 0: single commands, as of unary; default: 0"});
  all.push_back({"--answer-bytes", "N", &options->answer_bytes,
                 "size of each answer, as --json of the other mode shows it; default: 1500"});
  all.push_back({"--server-cert", "FILE", &options->certificate, "a node's certificate", true});
  all.push_back({"--server-key", "FILE", &options->key, "its private key", true});
  return {.name = "echo",
          .summary = "the same requests to a server that does nothing: what the line costs",
          .details =
              "Starts a process that serves the same contract with the same server, TLS and "
              "access table, and answers at once with so many bytes. The ratio of two modes, "
              "measured one after the other on one machine, says more than either.",
          .examples =
              "selaras-load echo --client intake/client.textproto --server-cert pki/intake.crt "
              "--server-key pki/intake.key",
          .source = cli::Source::kNode,
          .options = std::move(all),
          .run = [options](cli::Context& context) {
            return Report(context.output(), MeasureEcho(context, *options));
          }};
}

cli::Command EchoServer() {
  auto options = std::make_shared<EchoOptions>();
  return {.name = "echo-server",
          .summary = "the server of echo alone, at --node, until its input ends",
          .details =
              "--cert and --key are a node's. Prints its address and the authority that it acts "
              "for when it serves.",
          .source = cli::Source::kNode,
          .options = {{"--answer-bytes", "N", &options->answer_bytes,
                       "size of each answer; default: 1500"}},
          .run = [options](cli::Context& context) {
            const absl::Status served = Serve(context, *options);
            return served.ok() ? cli::ExitCode::kOk : context.output().Fail(served);
          }};
}

}  // namespace selaras::load
