#include "storage/crypto/certificate.h"

#include <ctime>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/crypto/x509.h"

namespace selaras::crypto {
namespace {

using Store = std::unique_ptr<X509_STORE, Freed<&X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<&X509_STORE_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<&GENERAL_NAMES_free>>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }  // borrows its elements
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

int GivePassphrase(char* buffer, int size, int /*writing*/, void* given) {
  const absl::string_view passphrase = *static_cast<const absl::string_view*>(given);
  if (passphrase.size() > static_cast<std::size_t>(size)) return -1;
  passphrase.copy(buffer, passphrase.size());
  return static_cast<int>(passphrase.size());
}

absl::StatusOr<std::vector<X509Ptr>> ReadAll(absl::string_view pem) {
  const Bio bio = Reading(pem);
  std::vector<X509Ptr> found;
  while (X509Ptr next{PEM_read_bio_X509(bio.get(), nullptr, &NoPassphrase, nullptr)}) {
    found.push_back(std::move(next));
  }
  // The end of the text shows as "no start line"; everything else is a malformed block.
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!ended) return absl::InvalidArgumentError("holds a malformed certificate");
  if (found.empty()) return absl::InvalidArgumentError("holds no certificate");
  return found;
}

std::string NameText(const X509_NAME* name) {
  const Bio bio(BIO_new(BIO_s_mem()));
  SELARAS_CHECK(bio != nullptr) << "out of memory";
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  return Written(bio);
}

absl::StatusOr<absl::Time> TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError("holds a certificate with a malformed time");
  }
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

std::vector<std::string> UrisOf(const X509* certificate) {
  std::vector<std::string> uris;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<std::size_t>(ASN1_STRING_length(uri)));
  }
  return uris;
}

absl::StatusOr<std::vector<Certificate>> ParseCertificates(absl::string_view pem) {
  ASSIGN_OR_RETURN(const std::vector<X509Ptr> found, ReadAll(pem));
  std::vector<Certificate> certificates;
  for (const X509Ptr& x509 : found) {
    Certificate certificate;
    certificate.subject = NameText(X509_get_subject_name(x509.get()));
    certificate.issuer = NameText(X509_get_issuer_name(x509.get()));
    ASSIGN_OR_RETURN(certificate.not_before, TimeOf(X509_get0_notBefore(x509.get())));
    ASSIGN_OR_RETURN(certificate.not_after, TimeOf(X509_get0_notAfter(x509.get())));
    certificate.uris = UrisOf(x509.get());
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

absl::Status CheckKeyFits(absl::string_view chain_pem, absl::string_view key_pem) {
  ASSIGN_OR_RETURN(const std::vector<X509Ptr> chain, ReadAll(chain_pem));
  const Bio bio = Reading(key_pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  const bool fits = key != nullptr && X509_check_private_key(chain.front().get(), key.get()) == 1;
  ERR_clear_error();
  if (key == nullptr) {
    return absl::InvalidArgumentError("holds no private key, or one with a passphrase");
  }
  if (!fits) return absl::InvalidArgumentError("is the key of another certificate");
  return absl::OkStatus();
}

absl::StatusOr<std::string> DecryptKey(absl::string_view key_pem, absl::string_view passphrase) {
  if (!absl::StrContains(key_pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
    return absl::InvalidArgumentError("has no passphrase");
  }
  const Bio in = Reading(key_pem);
  const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, &GivePassphrase, &passphrase));
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("has another passphrase, or is malformed");
  const Bio out(BIO_new(BIO_s_secmem()));
  SELARAS_CHECK(out != nullptr && PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr,
                                                                nullptr, 0, nullptr, nullptr) == 1)
      << "out of memory";
  return Written(out);
}

absl::Status CheckChain(absl::string_view chain_pem, absl::string_view ca_pem, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<X509Ptr> chain, ReadAll(chain_pem));
  ASSIGN_OR_RETURN(const std::vector<X509Ptr> authorities, ReadAll(ca_pem));
  const Store store(X509_STORE_new());
  const StoreContext context(X509_STORE_CTX_new());
  const Stack between(sk_X509_new_null());
  SELARAS_CHECK(store && context && between) << "out of memory";
  for (const X509Ptr& authority : authorities) X509_STORE_add_cert(store.get(), authority.get());
  for (const X509Ptr& certificate : chain) sk_X509_push(between.get(), certificate.get());
  SELARAS_CHECK(
      X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), between.get()) == 1)
      << "out of memory";
  X509_STORE_CTX_set_time(context.get(), 0, absl::ToTimeT(now));
  const bool verified = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  if (verified) return absl::OkStatus();
  return absl::FailedPreconditionError(X509_verify_cert_error_string(error));
}

}  // namespace selaras::crypto
