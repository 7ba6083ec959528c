#include "storage/crypto/issue.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "storage/base/status.h"
#include "storage/crypto/certificate.h"
#include "storage/crypto/x509.h"

namespace selaras::crypto {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, Freed<&X509_REQ_free>>;
using NamePtr = std::unique_ptr<X509_NAME, Freed<&X509_NAME_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freed<&X509_EXTENSION_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freed<&BN_free>>;

constexpr absl::string_view kOrganisation = "Selaras";
// RFC 5280 allows 20 octets; the first bit stays 0, so that the number is positive.
constexpr int kSerialBits = 159;
constexpr int kX509v3 = 2;

absl::StatusOr<Key> ReadKey(absl::string_view pem) {
  const Bio bio = Reading(pem);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  if (key != nullptr) return key;
  return absl::InvalidArgumentError("holds no private key, or one with a passphrase");
}

absl::StatusOr<X509Ptr> ReadFirst(absl::string_view pem) {
  const Bio bio = Reading(pem);
  X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  if (certificate != nullptr) return certificate;
  return absl::InvalidArgumentError("holds no certificate");
}

absl::StatusOr<RequestPtr> ReadRequest(absl::string_view pem) {
  const Bio bio = Reading(pem);
  RequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, &NoPassphrase, nullptr));
  const bool holds_key = request != nullptr && X509_REQ_get0_pubkey(request.get()) != nullptr;
  const bool signed_by_it =
      holds_key && X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())) == 1;
  ERR_clear_error();
  if (!holds_key) return absl::InvalidArgumentError("holds no certificate request");
  if (signed_by_it) return request;
  return absl::InvalidArgumentError("holds a certificate request that its key did not sign");
}

NamePtr NameOf(absl::string_view common_name) {
  NamePtr name(X509_NAME_new());
  const auto add = [&](const char* field, absl::string_view text) {
    SELARAS_CHECK(X509_NAME_add_entry_by_txt(name.get(), field, MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(text.data()),
                                             static_cast<int>(text.size()), -1, 0) == 1)
        << "no name of a subject";
  };
  SELARAS_CHECK(name != nullptr) << "out of memory";
  add("O", kOrganisation);
  add("CN", common_name);
  return name;
}

// INVALID_ARGUMENT if OpenSSL does not take the text.
absl::Status AddExtension(X509* certificate, X509* issuer, int nid, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, text.c_str()));
  ERR_clear_error();
  if (extension == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("no certificate can say ", text));
  }
  SELARAS_CHECK(X509_add_ext(certificate, extension.get(), -1) == 1) << "out of memory";
  return absl::OkStatus();
}

X509Ptr NewCertificate(X509_NAME* subject, const X509_NAME* issuer, EVP_PKEY* key,
                       absl::Time not_before, absl::Time not_after) {
  X509Ptr certificate(X509_new());
  const NumberPtr serial(BN_new());
  SELARAS_CHECK(certificate != nullptr && serial != nullptr) << "out of memory";
  const bool made =
      BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
      BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
      X509_set_version(certificate.get(), kX509v3) == 1 &&
      X509_set_subject_name(certificate.get(), subject) == 1 &&
      X509_set_issuer_name(certificate.get(), issuer) == 1 &&
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(not_before)) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(not_after)) != nullptr &&
      X509_set_pubkey(certificate.get(), key) == 1;
  SELARAS_CHECK(made) << "out of memory";
  return certificate;
}

// FAILED_PRECONDITION if the key does not sign certificates.
absl::StatusOr<std::string> Signed(X509* certificate, EVP_PKEY* key) {
  // Ed25519 has a digest of its own.
  int digest = 0;
  const bool own = EVP_PKEY_get_default_digest_nid(key, &digest) == 2 && digest == NID_undef;
  if (X509_sign(certificate, key, own ? nullptr : EVP_sha256()) <= 0) {
    ERR_clear_error();
    return absl::FailedPreconditionError("the authority's key does not sign certificates");
  }
  const Bio out(BIO_new(BIO_s_mem()));
  SELARAS_CHECK(out != nullptr && PEM_write_bio_X509(out.get(), certificate) == 1)
      << "out of memory";
  return Written(out);
}

std::string NamesOf(const CertificateTerms& terms) {
  std::vector<std::string> names = {absl::StrCat("URI:", terms.uri)};
  for (const std::string& name : terms.dns_names) names.push_back(absl::StrCat("DNS:", name));
  for (const std::string& address : terms.addresses) names.push_back(absl::StrCat("IP:", address));
  return absl::StrJoin(names, ",");
}

// The text of an extension is a list: what stands in it must not add to it.
absl::Status CheckNames(const CertificateTerms& terms) {
  std::vector<absl::string_view> all = {terms.uri};
  all.insert(all.end(), terms.dns_names.begin(), terms.dns_names.end());
  all.insert(all.end(), terms.addresses.begin(), terms.addresses.end());
  for (const absl::string_view name : all) {
    for (const char c : name) {
      if (c > ' ' && c < '\x7f' && c != ',' && c != ';' && c != '"' && c != '\\') continue;
      return absl::InvalidArgumentError(absl::StrCat("no certificate can say ", name));
    }
    if (name.empty()) return absl::InvalidArgumentError("a name is empty");
  }
  return absl::OkStatus();
}

}  // namespace

std::string MakeTlsKey() {
  const Key key(EVP_EC_gen("P-256"));
  const Bio out(BIO_new(BIO_s_secmem()));
  SELARAS_CHECK(key != nullptr && out != nullptr &&
                PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) == 1)
      << "OpenSSL makes no key";
  return Written(out);
}

absl::StatusOr<std::string> MakeCertificateRequest(absl::string_view key_pem,
                                                   absl::string_view common_name) {
  ASSIGN_OR_RETURN(const Key key, ReadKey(key_pem));
  const RequestPtr request(X509_REQ_new());
  const NamePtr name = NameOf(common_name);
  const Bio out(BIO_new(BIO_s_mem()));
  const bool made = request != nullptr && out != nullptr &&
                    X509_REQ_set_subject_name(request.get(), name.get()) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
                    X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0 &&
                    PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  SELARAS_CHECK(made) << "OpenSSL makes no request";
  return Written(out);
}

absl::Status CheckCertificateRequest(absl::string_view request_pem) {
  return ReadRequest(request_pem).status();
}

absl::StatusOr<std::string> IssueCertificate(absl::string_view request_pem,
                                             const CertificateTerms& terms,
                                             absl::string_view ca_pem,
                                             absl::string_view ca_key_pem) {
  RETURN_IF_ERROR(CheckNames(terms));
  RETURN_IF_ERROR(CheckKeyFits(ca_pem, ca_key_pem));
  ASSIGN_OR_RETURN(const RequestPtr request, ReadRequest(request_pem));
  ASSIGN_OR_RETURN(const X509Ptr ca, ReadFirst(ca_pem));
  ASSIGN_OR_RETURN(const Key ca_key, ReadKey(ca_key_pem));
  if (X509_check_ca(ca.get()) == 0) {
    return absl::FailedPreconditionError("the authority's certificate may not sign others");
  }
  ASSIGN_OR_RETURN(const std::vector<Certificate> read, ParseCertificates(ca_pem));
  if (terms.not_after > read.front().not_after) {
    return absl::FailedPreconditionError(
        absl::StrCat("the authority ends on ",
                     absl::FormatTime("%Y-%m-%d", read.front().not_after, absl::UTCTimeZone()),
                     ", before the certificate would"));
  }
  const NamePtr subject = NameOf(terms.common_name);
  const X509Ptr certificate =
      NewCertificate(subject.get(), X509_get_subject_name(ca.get()),
                     X509_REQ_get0_pubkey(request.get()), terms.not_before, terms.not_after);
  for (const auto& [nid, text] : {
           std::pair<int, std::string>(NID_basic_constraints, "critical,CA:FALSE"),
           {NID_key_usage, "critical,digitalSignature"},
           {NID_ext_key_usage, terms.server ? "serverAuth,clientAuth" : "clientAuth"},
           {NID_subject_key_identifier, "hash"},
           {NID_authority_key_identifier, "keyid"},
           {NID_subject_alt_name, NamesOf(terms)},
       }) {
    RETURN_IF_ERROR(AddExtension(certificate.get(), ca.get(), nid, text));
  }
  return Signed(certificate.get(), ca_key.get());
}

MadeAuthority MakeAuthority(absl::string_view common_name, absl::Time not_before,
                            absl::Time not_after) {
  MadeAuthority made{"", MakeTlsKey()};
  const absl::StatusOr<Key> key = ReadKey(made.key);
  SELARAS_CHECK(key.ok()) << "it was just made";
  const NamePtr name = NameOf(common_name);
  const X509Ptr certificate =
      NewCertificate(name.get(), name.get(), key->get(), not_before, not_after);
  for (const auto& [nid, text] : {
           std::pair<int, std::string>(NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
           {NID_key_usage, "critical,keyCertSign,cRLSign"},
           {NID_subject_key_identifier, "hash"},
       }) {
    const absl::Status added = AddExtension(certificate.get(), certificate.get(), nid, text);
    SELARAS_CHECK(added.ok()) << added.message();
  }
  const auto signed_by_itself = Signed(certificate.get(), key->get());
  SELARAS_CHECK(signed_by_itself.ok()) << signed_by_itself.status();
  made.certificate = *signed_by_itself;
  return made;
}

}  // namespace selaras::crypto
