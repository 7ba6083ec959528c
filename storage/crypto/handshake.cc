#include "storage/crypto/handshake.h"

#include <utility>

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "storage/base/check.h"
#include "storage/crypto/x509.h"

namespace selaras::crypto {
namespace {

using Why = RefusedCertificate::Why;

thread_local std::optional<RefusedCertificate> refused;

Why WhyOf(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Why::kExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Why::kNotYetValid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return Why::kUnknownAuthority;
    default:
      return Why::kOther;
  }
}

// Of each certificate that OpenSSL judged. The judgement stays what it is.
int OnJudged(int good, X509_STORE_CTX* context) {
  if (good != 0) return good;
  const int error = X509_STORE_CTX_get_error(context);
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const X509* shown = X509_STORE_CTX_get0_cert(context);
  refused =
      RefusedCertificate{.why = WhyOf(error),
                         .words = X509_verify_cert_error_string(error),
                         .uris = shown == nullptr ? std::vector<std::string>() : UrisOf(shown),
                         .of_server = ssl != nullptr && SSL_is_server(ssl) == 0};
  return good;
}

// Of each new connection: the one place where a program can reach those that a library makes.
void OnConnection(void* connection, void*, CRYPTO_EX_DATA*, int, long, void*) {
  auto* ssl = static_cast<SSL*>(connection);
  refused.reset();
  if (SSL_get_verify_callback(ssl) == nullptr) {
    SSL_set_verify(ssl, SSL_get_verify_mode(ssl), &OnJudged);
  }
}

}  // namespace

void WatchHandshakes() {
  static const int index = SSL_get_ex_new_index(0, nullptr, &OnConnection, nullptr, nullptr);
  SELARAS_CHECK(index >= 0) << "out of memory";
}

std::optional<RefusedCertificate> TakeRefusedCertificate() {
  return std::exchange(refused, std::nullopt);
}

}  // namespace selaras::crypto
