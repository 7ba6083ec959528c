#include "tests/integration/rpc/serving.h"

#include "absl/strings/str_cat.h"
#include <grpc/grpc.h>

#include "selaras/ledger/v1/ledger.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "services/rpc/channel.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/stream.h"
#include "storage/base/check.h"

namespace selaras::test {
namespace {

// Before gRPC starts, as main() does it.
const bool tls13_required = [] {
  runtime::RequireTls13();
  return true;
}();

// gRPC closes connections on threads of its own. A program that ends meanwhile has leaked, in the
// eyes of LeakSanitizer, what OpenSSL holds for them; so the end waits.
class GrpcEndsFirst final : public testing::Environment {
 public:
  void SetUp() override { grpc_init(); }
  void TearDown() override { grpc_shutdown_blocking(); }
};
testing::Environment* const grpc_ends_first =
    testing::AddGlobalTestEnvironment(new GrpcEndsFirst);  // which the framework deletes

// Says two messages and ends.
class TwoEntries final : public grpc::ServerWriteReactor<ledger::v1::TailEntriesResponse> {
 public:
  TwoEntries() { StartWrite(&message_); }
  void OnWriteDone(bool ok) override {
    if (ok && ++written_ < 2) {
      StartWrite(&message_);
    } else {
      Finish(grpc::Status::OK);
    }
  }
  void OnDone() override { delete this; }

 private:
  ledger::v1::TailEntriesResponse message_;
  int written_ = 0;
};

}  // namespace

const Pki& Serving::pki() {
  static const Pki made = [] {
    return Pki({"node:bawaslu/13:intake", "entry:bawaslu/13:entry", "backoffice:bawaslu/13:office",
                "ops:bawaslu/13:ops", "backoffice:bawaslu/12:stranger", "node:bkn:peer",
                "backoffice:bawaslu/13:expired", "backoffice:bawaslu/13:two"});
  }();
  static const bool changed = [] {
    made.Expire("expired");
    made.Rename("two",
                "URI:spiffe://selaras/backoffice/bawaslu/13,URI:spiffe://selaras/ops/bawaslu/13");
    return true;
  }();
  SELARAS_CHECK(changed && tls13_required && grpc_ends_first != nullptr) << "prepared";
  return made;
}

Serving::Serving()
    : access_({"bawaslu-13", {"bawaslu/13"}, {{"bkn", "bkn"}}}),
      tls_(std::make_shared<runtime::TlsInForce>(pki().Read("intake"))),
      answer_report_([](const auto&, auto*, const rpc::Done& done) { done(absl::OkStatus()); }),
      log_(clock_, runtime::Level::kInfo,
           [this](absl::string_view line) {
             const std::lock_guard lock(log_mutex_);
             logged_.append(line.data(), line.size());
           }),
      intake_("selaras.intake.v1.IntakeService", access_, log_),
      query_("selaras.query.v1.QueryService", access_, log_),
      ledger_("selaras.ledger.v1.LedgerService", access_, log_) {
  config_.set_listen("127.0.0.1:0");
  config_.set_address_file(folder_ / "address");
  config_.mutable_limits()->set_message_bytes(100'000);
  config_.mutable_limits()->set_drain_ms(10'000);
  AddMethods();
  Restart();
}

Serving::~Serving() {
  server_.reset();
  for (std::thread& thread : threads_) thread.join();
}

void Serving::AddMethods() {
  intake_.UnaryLater<intake::v1::ReceiveReportRequest, intake::v1::ReceiveReportResponse>(
      "ReceiveReport",
      [this](const auto& request, auto* response, const rpc::CallInfo&, rpc::Done done) {
        const std::lock_guard lock(threads_mutex_);  // calls come on several threads
        threads_.emplace_back([this, &request, response, done = std::move(done)]() mutable {
          answer_report_(request, response, std::move(done));
        });
      });
  intake_.Pipeline<intake::v1::ExecuteStreamRequest, intake::v1::ExecuteStreamResponse>(
      "ExecuteStream", {kStreamRequests, 1 << 20},
      [this](const auto& request, auto* response, const rpc::CallInfo&, rpc::Done done) {
        answer_stream_(request, response, std::move(done));
      },
      [](const auto& request, const absl::Status& status, auto* response) {
        response->clear_results();
        auto* result = response->add_results();
        result->set_request_id(request.header().request_id());
        const bool same_bytes =
            result->mutable_error()->ParseFromString(rpc::ToGrpc(status).error_details());
        SELARAS_CHECK(same_bytes) << "as of google.rpc.Status";
      });
  query_.Unary<query::v1::GetCaseRequest, query::v1::GetCaseResponse>(
      "GetCase",
      [](const auto& request,
         const rpc::CallInfo& call) -> absl::StatusOr<query::v1::GetCaseResponse> {
        if (request.case_id().empty()) return absl::NotFoundError("no such case");
        query::v1::GetCaseResponse response;
        response.mutable_case_()->set_case_id(request.case_id());
        response.mutable_case_()->set_holder(
            absl::StrCat(runtime::NameOf(call.caller.role), " ", call.caller.authority));
        return response;
      });
  rpc::AddServerStream<ledger::v1::TailEntriesRequest, ledger::v1::TailEntriesResponse>(
      ledger_, "TailEntries", [](const auto&, const rpc::CallInfo&) { return new TwoEntries; });
}

absl::StatusOr<std::unique_ptr<rpc::Server>> Serving::Start() {
  return rpc::Server::Start(config_, tls_, {&intake_, &query_, &ledger_}, access_, clock_, log_);
}

void Serving::Restart() {
  server_.reset();
  auto started = Start();
  SELARAS_CHECK(started.ok()) << started.status();
  server_ = *std::move(started);
}

std::shared_ptr<grpc::Channel> Serving::As(const std::string& name) const {
  return rpc::Dial(server_->address(), pki().Read(name), 1u << 20);
}

intake::v1::ReceiveReportRequest Serving::Command(const std::string& authority) {
  intake::v1::ReceiveReportRequest request;
  request.mutable_header()->set_authority(authority);
  request.mutable_command()->set_source("laporan");
  return request;
}

std::string Serving::Logged() const {
  const std::lock_guard lock(log_mutex_);
  return logged_;
}

}  // namespace selaras::test
