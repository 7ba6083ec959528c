#include <cstdlib>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include "selaras/query/v1/query.pb.h"

#include "google/rpc/error_details.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "services/rpc/channel.h"
#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using AccessOverTls = Serving;
using query::v1::GetCaseResponse;

query::v1::GetCaseRequest AnyCase() {
  query::v1::GetCaseRequest request;
  request.set_case_id("c0ffee");
  return request;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return {};
  return info.reason();
}

TEST_F(AccessOverTls, TellsTheHandlerWhoCalls) {
  const auto answer = Call<GetCaseResponse>(As("ops"), kGetCase, AnyCase());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->case_().case_id(), "c0ffee");
  EXPECT_EQ(answer->case_().holder(), "ops bawaslu/13");
}

TEST_F(AccessOverTls, TellsTheCallerWhoAnswers) {
  EXPECT_EQ(*ServerOf(As("ops"), kGetCase),
            (runtime::Identity{runtime::Role::kNode, "bawaslu/13"}));
}

TEST_F(AccessOverTls, NeedsACertificate) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = pki().Read("ops").ca;
  const auto channel = grpc::CreateChannel(server_->address(), grpc::SslCredentials(options));
  EXPECT_EQ(CallBytes(channel, kGetCase, "").status().code(), absl::StatusCode::kUnavailable);
  const auto plain = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
  EXPECT_EQ(CallBytes(plain, kGetCase, "").status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(AccessOverTls, NeedsACertificateOfTheTrustedAuthority) {
  const Pki rogue({"backoffice:bawaslu/13:office"});
  runtime::Tls tls = rogue.Read("office");
  tls.ca = pki().Read("office").ca;  // it does trust the server
  const auto channel = rpc::Dial(server_->address(), tls, 1u << 20);
  EXPECT_EQ(CallBytes(channel, kGetCase, "").status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(AccessOverTls, NeedsACertificateThatIsValid) {
  EXPECT_EQ(CallBytes(As("expired"), kGetCase, "").status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(AccessOverTls, NeedsACertificateWithOneIdentity) {
  const absl::Status status = Call<GetCaseResponse>(As("two"), kGetCase, AnyCase()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(status), "NO_IDENTITY");
}

TEST_F(AccessOverTls, SpeaksTls13Only) {
  const config::v1::Tls files = pki().Files("office");
  const auto handshake = [&](const std::string& version) {
    const std::string command = "openssl s_client -connect " + server_->address() + " -cert " +
                                files.certificate() + " -key " + files.key() + " -CAfile " +
                                files.ca() + " -alpn h2 " + version + " </dev/null >/dev/null 2>&1";
    return std::system(command.c_str());
  };
  EXPECT_EQ(handshake("-tls1_3"), 0);
  EXPECT_NE(handshake("-tls1_2"), 0);
  EXPECT_NE(handshake("-no_tls1_3"), 0);
}

TEST_F(AccessOverTls, LetsTheAuthorityOfAnotherNodeReachNothing) {
  const auto stranger = As("stranger");
  const absl::Status status = Call<GetCaseResponse>(stranger, kGetCase, AnyCase()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(status), "NOT_YOUR_NODE");
  for (const char* path : {kReceiveReport, kTailEntries, kHealthCheck, kReflection}) {
    EXPECT_EQ(StreamBytes(stranger, path, "").status.code(), absl::StatusCode::kPermissionDenied)
        << path;
  }
}

TEST_F(AccessOverTls, LetsNobodySendForAnotherAuthority) {
  using intake::v1::ReceiveReportResponse;
  const auto sent = [&](const char* name, const char* authority) {
    return Call<ReceiveReportResponse>(As(name), kReceiveReport, Command(authority)).status();
  };
  EXPECT_TRUE(sent("office", "bawaslu/13").ok());
  EXPECT_TRUE(sent("entry", "bawaslu/13").ok());
  EXPECT_EQ(ReasonOf(sent("office", "bawaslu/12")), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(ReasonOf(sent("entry", "bkn")), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(ReasonOf(sent("ops", "bawaslu/13")), "NOT_YOUR_METHOD");
  EXPECT_EQ(ReasonOf(sent("peer", "bkn")), "NOT_YOUR_METHOD");
  const absl::Status unnamed = sent("office", "");
  EXPECT_EQ(unnamed.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(unnamed.message(), "header.authority"));
}

TEST_F(AccessOverTls, RefusesStreamsWithDetailsToo) {
  const Answers refused = StreamBytes(As("peer"), kTailEntries, "");
  EXPECT_EQ(ReasonOf(refused.status), "NOT_YOUR_METHOD");
  EXPECT_TRUE(refused.messages.empty());
  const Answers served = StreamBytes(As("ops"), kTailEntries, "");
  EXPECT_TRUE(served.status.ok()) << served.status;
  EXPECT_EQ(served.messages.size(), 2u);
}

TEST_F(AccessOverTls, IsLoggedWhereItIsRefused) {
  CallBytes(As("stranger"), kGetCase, "").IgnoreError();
  EXPECT_TRUE(absl::StrContains(Logged(),
                                "code=PERMISSION_DENIED role=backoffice authority=bawaslu/12 "
                                "reason=NOT_YOUR_NODE from=ipv4:127.0.0.1:"))
      << Logged();
}

}  // namespace
}  // namespace selaras::test
