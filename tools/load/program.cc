#include "tools/load/program.h"

#include "tools/load/modes.h"

namespace selaras::load {

cli::Command Program() {
  return {
      .name = "selaras-load",
      .summary = "measure how much a node does, and check that it did it",
      .details =
          "Drives a node over mutual TLS as a back office does, with so many calls under way for "
          "so many seconds, and prints a line `name,in_flight,ops_per_s,p50_us,p99_us` (--json: "
          "an object with the distribution of the latencies). An operation is a command, a "
          "question or an entry; a latency is that of a call.\n\n"
          "A run in which anything was refused, or whose log does not hold exactly what was "
          "acknowledged, ends with an error and prints no figures. What commands write stays in "
          "the node's log for ever: use a node that is only there for it, such as that of "
          "tools/x demo --keep. Nobody in what is written exists.",
      .examples =
          "selaras-load unary --client demo/intake/client.textproto --in-flight 16 --seconds 10\n"
          "selaras-load batch --client demo/intake/client.textproto --reports 16 --json\n"
          "selaras-load query --client demo/intake/client.textproto",
      .commands = {UnaryMode(), BatchMode(), StreamMode(), QueryMode(), FollowMode(),
                   PropagateMode(), VerifyMode(), EchoMode(), EchoServer()}};
}

}  // namespace selaras::load
