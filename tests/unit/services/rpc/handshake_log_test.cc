#include "services/rpc/handshake_log.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace selaras::rpc {
namespace {

using Why = crypto::RefusedCertificate::Why;

constexpr char kFailed[] = "Handshake failed with fatal error SSL_ERROR_SSL: error:0A000086:SSL ";
constexpr char kVerify[] = "routines::certificate verify failed.";

std::string ReasonOf(const std::string& words) {
  const auto refused = ExplainHandshake(absl::StrCat(kFailed, words), std::nullopt);
  return refused ? refused->reason : "";
}

TEST(HandshakeLog, SaysNothingOfOtherLines) {
  EXPECT_FALSE(ExplainHandshake("No match found for server name: x.", std::nullopt));
  EXPECT_FALSE(ExplainHandshake("", std::nullopt));
}

TEST(HandshakeLog, NamesWhatOpenSslSays) {
  EXPECT_EQ(ReasonOf("routines::peer did not return a certificate."), "NO_CERTIFICATE");
  EXPECT_EQ(ReasonOf("routines::no shared cipher."), "OLD_TLS");
  EXPECT_EQ(ReasonOf("routines::unsupported protocol."), "OLD_TLS");
  EXPECT_EQ(ReasonOf("routines::wrong version number."), "NO_TLS");
  EXPECT_EQ(ReasonOf("routines::http request."), "NO_TLS");
  EXPECT_EQ(ReasonOf("routines::bad signature."), "HANDSHAKE_FAILED");
  EXPECT_EQ(ReasonOf(kVerify), "HANDSHAKE_FAILED");  // nobody remembers why
}

TEST(HandshakeLog, TellsCertificatesApart) {
  const auto reason = [](Why why) {
    crypto::RefusedCertificate refused{.why = why, .words = "words"};
    return ExplainHandshake(absl::StrCat(kFailed, kVerify), refused)->reason;
  };
  EXPECT_EQ(reason(Why::kExpired), "CERTIFICATE_EXPIRED");
  EXPECT_EQ(reason(Why::kNotYetValid), "CERTIFICATE_NOT_YET_VALID");
  EXPECT_EQ(reason(Why::kUnknownAuthority), "UNKNOWN_AUTHORITY");
  EXPECT_EQ(reason(Why::kOther), "CERTIFICATE_REFUSED");
}

TEST(HandshakeLog, RepeatsAClaimOnlyIfItIsAnIdentity) {
  const auto claims = [](std::vector<std::string> uris) {
    crypto::RefusedCertificate refused{.uris = std::move(uris)};
    return ExplainHandshake(absl::StrCat(kFailed, kVerify), refused)->claims;
  };
  EXPECT_EQ(claims({"spiffe://selaras/node/bawaslu/13"}), "node bawaslu/13");
  EXPECT_EQ(claims({"http://evil/ look=here"}), "");
  EXPECT_EQ(claims({"spiffe://selaras/node/bkn", "spiffe://selaras/ops/bkn"}), "");
  EXPECT_EQ(claims({}), "");
}

}  // namespace
}  // namespace selaras::rpc
