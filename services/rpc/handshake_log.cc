#include "services/rpc/handshake_log.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/runtime/identity.h"

namespace selaras::rpc {
namespace {

using Why = crypto::RefusedCertificate::Why;

// What gRPC 1.51 writes before OpenSSL's words.
constexpr absl::string_view kFailed = "Handshake failed with fatal error ";

// Only what is well formed: the rest is whatever a stranger wrote.
std::string ClaimsOf(const crypto::RefusedCertificate& refused) {
  if (refused.uris.size() != 1) return "";
  const auto claimed = runtime::ParseIdentity(refused.uris[0]);
  if (!claimed.ok()) return "";
  return absl::StrCat(runtime::NameOf(claimed->role), " ", claimed->authority);
}

RefusedConnection ExplainCertificate(const crypto::RefusedCertificate& refused) {
  const absl::string_view whose = refused.of_server ? "the server's" : "the caller's";
  const std::string claims = ClaimsOf(refused);
  switch (refused.why) {
    case Why::kExpired:
      return {"CERTIFICATE_EXPIRED", absl::StrCat(whose, " certificate has ended"),
              "its office puts a new one in place", claims};
    case Why::kNotYetValid:
      return {"CERTIFICATE_NOT_YET_VALID", absl::StrCat(whose, " certificate is not valid yet"),
              "set right the clock that is wrong", claims};
    case Why::kUnknownAuthority:
      return {"UNKNOWN_AUTHORITY",
              absl::StrCat(whose, " certificate is of no authority in tls.ca (", refused.words,
                           "); what it claims may be forged"),
              "if its office is known, it needs a certificate of one of them", claims};
    case Why::kOther:
      return {"CERTIFICATE_REFUSED", absl::StrCat(whose, " certificate: ", refused.words),
              "its office needs one that is made for this", claims};
  }
  return {};
}

}  // namespace

std::optional<RefusedConnection> ExplainHandshake(
    absl::string_view line, const std::optional<crypto::RefusedCertificate>& refused) {
  if (!absl::ConsumePrefix(&line, kFailed)) return std::nullopt;
  const auto says = [line](absl::string_view words) { return absl::StrContains(line, words); };
  if (says("certificate verify failed") && refused) return ExplainCertificate(*refused);
  if (says("peer did not return a certificate")) {
    return RefusedConnection{"NO_CERTIFICATE", "the caller shows no certificate",
                             "give it one that an authority in tls.ca signed", ""};
  }
  if (says("no shared cipher") || says("unsupported protocol") || says("version too low")) {
    return RefusedConnection{"OLD_TLS", "the caller offers no TLS 1.3",
                             "bring its TLS library up to date", ""};
  }
  if (says("http request") || says("wrong version number")) {
    return RefusedConnection{"NO_TLS", "the other end speaks no TLS", "have it speak TLS 1.3", ""};
  }
  return RefusedConnection{"HANDSHAKE_FAILED", std::string(line),
                           "look into the log of the other end", ""};
}

std::optional<RefusedConnection> ExplainHandshake(absl::string_view line) {
  if (!absl::StartsWith(line, kFailed)) return std::nullopt;
  return ExplainHandshake(line, crypto::TakeRefusedCertificate());
}

RefusedConnections& RefusedConnections::OfProcess() {
  static RefusedConnections counts;
  return counts;
}

void RefusedConnections::Add(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  ++counts_[reason];
}

RefusedConnections::Counts RefusedConnections::all() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace selaras::rpc
