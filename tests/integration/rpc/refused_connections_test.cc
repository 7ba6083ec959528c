#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include "services/rpc/channel.h"
#include "services/rpc/handshake_log.h"
#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Who may not connect is told nothing; the node's own log says why.
class RefusedConnections : public Serving {
 protected:
  // Calls, and gives what the node logged of it.
  std::string LogOf(const std::shared_ptr<grpc::Channel>& channel) {
    const std::size_t before = Logged().size();
    const absl::Status status = CallBytes(channel, kGetCase, "").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(
        std::string(status.message()),
        AllOf(Not(HasSubstr("certificate")), Not(HasSubstr("authority")), Not(HasSubstr("TLS"))));
    return Logged().substr(before);
  }

  // With certificates of another authority that trust the node.
  std::shared_ptr<grpc::Channel> Forged(const std::string& identity) const {
    const Pki rogue({identity + ":forged"});
    runtime::Tls tls = rogue.Read("forged");
    tls.ca = pki().Read("office").ca;
    return rpc::Dial(server_->address(), tls, 1u << 20);
  }
};

TEST_F(RefusedConnections, WithoutACertificateSaySo) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = pki().Read("ops").ca;
  EXPECT_THAT(LogOf(grpc::CreateChannel(server_->address(), grpc::SslCredentials(options))),
              HasSubstr("level=warning msg=\"connection refused\" reason=NO_CERTIFICATE why=\"the "
                        "caller shows no certificate\" claims=\"\" cure="));
}

TEST_F(RefusedConnections, OfAnotherAuthoritySaySoAndWhatTheyClaim) {
  EXPECT_THAT(LogOf(Forged("backoffice:bawaslu/13")),
              AllOf(HasSubstr("reason=UNKNOWN_AUTHORITY"), HasSubstr("tls.ca"),
                    HasSubstr("claims=\"backoffice bawaslu/13\"")));
}

TEST_F(RefusedConnections, OfAForgedNodeSaySo) {
  EXPECT_THAT(LogOf(Forged("node:bkn")),
              AllOf(HasSubstr("reason=UNKNOWN_AUTHORITY"), HasSubstr("may be forged"),
                    HasSubstr("claims=\"node bkn\"")));
}

TEST_F(RefusedConnections, WithACertificateThatHasEndedSaySo) {
  EXPECT_THAT(LogOf(As("expired")), AllOf(HasSubstr("reason=CERTIFICATE_EXPIRED"),
                                          HasSubstr("claims=\"backoffice bawaslu/13\"")));
}

TEST_F(RefusedConnections, WithoutTls13SaySo) {
  const std::size_t before = Logged().size();
  const config::v1::Tls files = pki().Files("office");
  const std::string command = "openssl s_client -connect " + server_->address() + " -cert " +
                              files.certificate() + " -key " + files.key() + " -CAfile " +
                              files.ca() + " -alpn h2 -tls1_2 </dev/null >/dev/null 2>&1";
  EXPECT_NE(std::system(command.c_str()), 0);
  EXPECT_THAT(Logged().substr(before), HasSubstr("reason=OLD_TLS"));
}

TEST_F(RefusedConnections, WithoutTlsSaySo) {
  EXPECT_THAT(LogOf(grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials())),
              HasSubstr("reason=NO_TLS"));
}

TEST_F(RefusedConnections, AreCountedByReason) {
  const auto before = rpc::RefusedConnections::OfProcess().all()["CERTIFICATE_EXPIRED"];
  LogOf(As("expired"));
  EXPECT_GT(rpc::RefusedConnections::OfProcess().all()["CERTIFICATE_EXPIRED"], before);
}

// Of the right authority, but not who may: these connect, and each call is refused.
TEST_F(RefusedConnections, AreNotThoseOfAWrongAuthorityWhoseCallsAreRefused) {
  CallBytes(As("stranger"), kGetCase, "").IgnoreError();
  EXPECT_THAT(Logged(), HasSubstr("code=PERMISSION_DENIED role=backoffice authority=bawaslu/12 "
                                  "reason=NOT_YOUR_NODE from=ipv4:127.0.0.1:"));
  CallBytes(As("two"), kGetCase, "").IgnoreError();
  EXPECT_THAT(Logged(), HasSubstr("code=UNAUTHENTICATED role=none authority=\"\" "
                                  "reason=NO_IDENTITY from=ipv4:127.0.0.1:"));
  EXPECT_THAT(Logged(), Not(HasSubstr("connection refused")));
}

TEST_F(RefusedConnections, ToAServerThatIsNotTrustedSaySoToo) {
  const Pki other({"ops:bawaslu/13:ops"});
  const std::size_t before = Logged().size();
  const auto channel = rpc::Dial(server_->address(), other.Read("ops"), 1u << 20);
  EXPECT_EQ(CallBytes(channel, kGetCase, "").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Logged().substr(before),
              AllOf(HasSubstr("reason=UNKNOWN_AUTHORITY"), HasSubstr("the server's certificate"),
                    HasSubstr("claims=\"node bawaslu/13\"")));
}

}  // namespace
}  // namespace selaras::test
