#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "selaras/query/v1/query.grpc.pb.h"

#include "storage/base/status.h"
#include "tools/load/call.h"
#include "tools/load/modes.h"
#include "tools/load/options.h"
#include "tools/selaras/channel.h"
#include "tools/selaras/context.h"

namespace selaras::load {
namespace {

using query::v1::GetCaseRequest;
using query::v1::GetCaseResponse;
using query::v1::ListCasesRequest;
using query::v1::ListCasesResponse;
using query::v1::QueryService;

constexpr std::size_t kCasesMax = 10'000;  // among which callers choose
constexpr int kPage = 100;

// Asks an office's node about its cases.
class Asking {
 public:
  Asking(const std::shared_ptr<grpc::Channel>& channel, cli::NodeAddress address)
      : stub_(QueryService::NewStub(channel)), address_(std::move(address)) {}

  // Learns which cases there are, some of them.
  absl::Status Learn(cli::Node& node) {
    ListCasesRequest request;
    request.set_page_size(1'000);
    do {
      ASSIGN_OR_RETURN(const ListCasesResponse page, node.ListCases(request));
      for (const auto& each : page.cases()) cases_.push_back(each.case_id());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty() && cases_.size() < kCasesMax);
    if (!cases_.empty()) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "the node has no case to ask about; run selaras-load batch first");
  }

  absl::StatusOr<Figures> GetCases(const Pace& pace) {
    std::vector<std::minstd_rand> chances;
    for (int i = 0; i < pace.in_flight; ++i) chances.emplace_back(i + 1);
    return Drive(pace, [&](int caller, Answered answered) {
      std::minstd_rand& chance = chances[static_cast<std::size_t>(caller)];
      GetCaseRequest request;
      request.set_case_id(cases_[chance() % cases_.size()]);
      Call<GetCaseResponse>(
          std::move(request), [](auto* stub, auto... call) { stub->GetCase(std::move(call)...); },
          [](const GetCaseRequest& asked, const GetCaseResponse& told) -> absl::Status {
            if (told.case_().case_id() == asked.case_id()) return absl::OkStatus();
            return absl::DataLossError("the node answered with another case");
          },
          std::move(answered));
    });
  }

  absl::StatusOr<Figures> ListCases(const Pace& pace) {
    const int expected = static_cast<int>(std::min<std::size_t>(cases_.size(), kPage));
    // Each turns over pages of its own.
    std::vector<std::string> tokens(static_cast<std::size_t>(pace.in_flight));
    return Drive(pace, [&, expected](int caller, Answered answered) {
      std::string& token = tokens[static_cast<std::size_t>(caller)];
      ListCasesRequest request;
      request.set_page_size(kPage);
      request.set_page_token(token);
      Call<ListCasesResponse>(
          std::move(request), [](auto* stub, auto... call) { stub->ListCases(std::move(call)...); },
          [&token, expected](const ListCasesRequest& asked,
                             const ListCasesResponse& told) -> absl::Status {
            token = told.next_page_token();
            const bool last = token.empty() && !asked.page_token().empty();
            if (told.cases_size() >= expected || last) return absl::OkStatus();
            return absl::DataLossError(
                absl::StrCat("a page holds ", told.cases_size(), " cases instead of ", expected));
          },
          std::move(answered));
    });
  }

 private:
  // `method` starts the call; `check` looks at the answer.
  template <typename Response, typename Request, typename Method, typename Check>
  void Call(Request request, Method method, Check check, Answered answered) {
    StartCall<Response>(*stub_, address_, std::move(request), method,
                        [check = std::move(check), answered = std::move(answered)](
                            absl::Status status, const Request& asked, const Response& told) {
                          if (status.ok()) status = check(asked, told);
                          if (!status.ok()) return answered(status);
                          answered(1);
                        });
  }

  const std::unique_ptr<QueryService::Stub> stub_;
  const cli::NodeAddress address_;
  std::vector<std::string> cases_;
};

absl::Status Ask(cli::Context& context, const PaceOptions& options) {
  ASSIGN_OR_RETURN(const Pace pace, PaceOf(options));
  ASSIGN_OR_RETURN(const cli::NodeAddress address, context.ResolveAddress());
  ASSIGN_OR_RETURN(const auto channel, cli::OpenChannel(address));
  ASSIGN_OR_RETURN(const auto node, context.Connect(address));
  Asking asking(channel, address);
  RETURN_IF_ERROR(asking.Learn(*node));
  ASSIGN_OR_RETURN(Figures got, asking.GetCases(pace));
  got.name = "get_case";
  Print(context.output(), got);
  ASSIGN_OR_RETURN(Figures listed, asking.ListCases(pace));
  listed.name = "list_cases";
  Print(context.output(), listed);
  return absl::OkStatus();
}

}  // namespace

cli::Command QueryMode() {
  auto options = std::make_shared<PaceOptions>();
  return {.name = "query",
          .summary = "GetCase of cases at random, then ListCases page by page, a line for each",
          .details =
              "A question is an operation; a page holds 100 cases. --seconds is the time of each.",
          .examples = "selaras-load query --client bkn.textproto -n 8 -s 5",
          .source = cli::Source::kNode,
          .options = OptionsOf(options.get()),
          .run = [options](cli::Context& context) {
            const absl::Status asked = Ask(context, *options);
            return asked.ok() ? cli::ExitCode::kOk : context.output().Fail(asked);
          }};
}

}  // namespace selaras::load
