#include <future>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "selaras/query/v1/query.pb.h"

#include "services/rpc/channel.h"
#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using intake::v1::ReceiveReportResponse;
using query::v1::GetCaseResponse;

class ReloadedCertificates : public Serving {
 protected:
  ReloadedCertificates() : next_({"node:bawaslu/13:intake", "ops:bawaslu/13:ops"}) {}

  static absl::Status Ask(const std::shared_ptr<grpc::Channel>& channel) {
    query::v1::GetCaseRequest request;
    request.set_case_id("c0ffee");
    return Call<GetCaseResponse>(channel, kGetCase, request).status();
  }

  std::shared_ptr<grpc::Channel> AsNext(const std::string& name) const {
    return rpc::Dial(server_->address(), next_.Read(name), 1u << 20);
  }

  const Pki next_;  // another authority
};

TEST_F(ReloadedCertificates, AreUsedForNewConnectionsAndNoOthers) {
  const auto before = As("ops");
  ASSERT_TRUE(Ask(before).ok());
  EXPECT_EQ(Ask(AsNext("ops")).code(), absl::StatusCode::kUnavailable);

  tls_->Replace(next_.Read("intake"));
  EXPECT_TRUE(Ask(before).ok());
  EXPECT_TRUE(Ask(AsNext("ops")).ok());
  EXPECT_EQ(Ask(As("ops")).code(), absl::StatusCode::kUnavailable);
}

TEST_F(ReloadedCertificates, LetACallUnderWayGoOn) {
  std::promise<rpc::Done> arrived;
  answer_report_ = [&](const auto&, auto* response, rpc::Done done) {
    response->mutable_outcome()->set_case_id("answered");
    arrived.set_value(std::move(done));
  };
  auto answer = std::async(std::launch::async, [channel = As("office")] {
    return Call<ReceiveReportResponse>(channel, kReceiveReport, Command("bawaslu/13"));
  });
  const rpc::Done done = arrived.get_future().get();
  tls_->Replace(next_.Read("intake"));
  EXPECT_TRUE(Ask(AsNext("ops")).ok());
  done(absl::OkStatus());
  const auto answered = answer.get();
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_EQ(answered->outcome().case_id(), "answered");
}

TEST_F(ReloadedCertificates, ThatGrpcCannotUseChangeNothing) {
  runtime::Tls broken = pki().Read("intake");
  broken.key = next_.Read("intake").key;
  tls_->Replace(broken);
  EXPECT_TRUE(Ask(As("ops")).ok());
}

}  // namespace
}  // namespace selaras::test
