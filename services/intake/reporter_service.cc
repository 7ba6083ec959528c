#include "services/intake/reporter_service.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "selaras/intake/v1/intake.pb.h"
#include "selaras/intake/v1/reporter.pb.h"

#include "services/domain/decide_reporter.h"
#include "services/domain/receipt_code.h"
#include "services/domain/refusal.h"
#include "services/intake/reporter_reader.h"
#include "services/runtime/rate_limit.h"
#include "services/runtime/refusal.h"
#include "storage/base/status.h"

namespace selaras::intake {
namespace {

constexpr std::size_t kRequestIdBytesMax = 64;
constexpr double kAllCallers = 4;  // times what one may
// A reader does not hold one of gRPC's few threads for longer than this.
constexpr absl::Duration kPatienceMax = absl::Seconds(2);

// The same whether the code never was one or was replaced.
absl::Status WrongCode() {
  return domain::Refusal(absl::StatusCode::kNotFound, "RECEIPT_CODE_NOT_FOUND",
                         "no report has this code; look at it again, or ask the office for a new "
                         "one");
}

// Says nothing of the node's logs, as the projector's own words would.
absl::Status NotUpToDate() {
  return domain::Refusal(absl::StatusCode::kUnavailable, "NOT_HERE_YET",
                         "what was written last is still being worked on; try again");
}

absl::Status TooManyWrongCodes(absl::Duration wait) {
  return runtime::RetryAfter(
      domain::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_WRONG_CODES",
                      "too many wrong codes were given; a right one still works, try others later"),
      absl::Ceil(wait, absl::Seconds(1)));
}

// Answers for one node.
class Counter {
 public:
  explicit Counter(const serve::Parts& parts)
      : parts_(parts),
        reader_(parts.store, parts.engine.keys(), parts.opener, parts.engine.catalogue()),
        wrong_({.at_once = static_cast<double>(parts.limits.wrong_codes()),
                .an_hour = static_cast<double>(parts.limits.wrong_codes_per_hour()),
                .all_keys = kAllCallers}) {}

  const ReporterReader& reader() const { return reader_; }

  // The report that the code opens; wrong ones are counted for whoever calls.
  absl::StatusOr<ReporterReader::Opened> Open(const std::string& receipt_code,
                                              const rpc::CallInfo& call) {
    const auto code = domain::ReadReceiptCode(receipt_code);
    if (!code) {
      return domain::BadField("receipt_code", "must be 16 letters and digits, as it was given");
    }
    ASSIGN_OR_RETURN(auto opened, reader_.ReportOf(*code));
    if (!opened) {
      // It may have been made a moment ago.
      RETURN_IF_ERROR(AwaitProjector());
      ASSIGN_OR_RETURN(opened, reader_.ReportOf(*code));
    }
    if (opened) return *std::move(opened);
    const std::lock_guard lock(mutex_);
    const absl::Duration wait = wrong_.Take(call.caller.authority, parts_.clock.Monotonic());
    return wait > absl::ZeroDuration() ? TooManyWrongCodes(wait) : WrongCode();
  }

  // The request by which the node itself writes down what the reporter wrote.
  static absl::StatusOr<node::Request> ToRequest(const v1::WriteToOfficeRequest& asked,
                                                 const ReporterReader::Opened& opened) {
    const std::string& id = asked.request_id();
    if (id.empty() || id.size() > kRequestIdBytesMax ||
        !std::all_of(id.begin(), id.end(),
                     [](unsigned char c) { return absl::ascii_isgraph(c); })) {
      return domain::BadField("request_id", "must be 1 to 64 printable ASCII characters");
    }
    RETURN_IF_ERROR(domain::CheckMessage("text", asked.text()));
    auto body = std::make_shared<v1::ReceiveReporterMessage>();
    body->set_report_id(opened.report_id);
    body->set_text(asked.text());
    node::Request request;
    request.header.set_request_id(id);
    request.header.set_authority(opened.office);
    request.body = std::move(body);
    request.single = true;
    request.id_space = absl::StrCat("\nreporter/", opened.report_id, "/");
    return request;
  }

 private:
  absl::Status AwaitProjector() const {
    return parts_.projector.WaitForPrivate(kPatienceMax).ok() ? absl::OkStatus() : NotUpToDate();
  }

  const serve::Parts parts_;
  const ReporterReader reader_;
  std::mutex mutex_;
  runtime::RateLimit wrong_;
};

}  // namespace

std::unique_ptr<rpc::Service> MakeReporterService(const serve::Parts& parts) {
  auto service =
      std::make_unique<rpc::Service>("selaras.intake.v1.ReporterService", parts.access, parts.log);
  const auto counter = std::make_shared<Counter>(parts);
  service->Unary<v1::GetReportStatusRequest, v1::GetReportStatusResponse>(
      "GetReportStatus",
      [counter](const v1::GetReportStatusRequest& request,
                const rpc::CallInfo& call) -> absl::StatusOr<v1::GetReportStatusResponse> {
        ASSIGN_OR_RETURN(const auto opened, counter->Open(request.receipt_code(), call));
        return counter->reader().Status(opened.report_id);
      });
  service->Unary<v1::ListReporterMessagesRequest, v1::ListReporterMessagesResponse>(
      "ListReporterMessages",
      [counter](const v1::ListReporterMessagesRequest& request,
                const rpc::CallInfo& call) -> absl::StatusOr<v1::ListReporterMessagesResponse> {
        ASSIGN_OR_RETURN(const auto opened, counter->Open(request.receipt_code(), call));
        return counter->reader().Messages(opened.report_id);
      });
  service->Unary<v1::GetReportReceiptRequest, v1::GetReportReceiptResponse>(
      "GetReportReceipt",
      [counter](const v1::GetReportReceiptRequest& request,
                const rpc::CallInfo& call) -> absl::StatusOr<v1::GetReportReceiptResponse> {
        ASSIGN_OR_RETURN(const auto opened, counter->Open(request.receipt_code(), call));
        return counter->reader().Receipt(opened.report_id);
      });
  service->UnaryLater<v1::WriteToOfficeRequest, v1::WriteToOfficeResponse>(
      "WriteToOffice",
      [counter, &sequencer = parts.sequencer](const v1::WriteToOfficeRequest& asked,
                                              v1::WriteToOfficeResponse* response,
                                              const rpc::CallInfo& call, const rpc::Done& done) {
        const auto opened = counter->Open(asked.receipt_code(), call);
        if (!opened.ok()) return done(opened.status());
        auto request = Counter::ToRequest(asked, *opened);
        if (!request.ok()) return done(request.status());
        sequencer.Submit(*std::move(request), [response, done](const node::Outcome& outcome) {
          if (outcome.ok()) response->set_repeated_request(outcome->repeated_request());
          done(outcome.status());
        });
      });
  return service;
}

}  // namespace selaras::intake
