#include "services/runtime/tls.h"

#include <cstdlib>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/runtime/errors.h"
#include "services/runtime/files.h"
#include "services/runtime/text.h"
#include "storage/base/status.h"
#include "storage/crypto/certificate.h"

namespace selaras::runtime {
namespace {

constexpr std::size_t kPemBytesMax = 1u << 20;

// `<field> <file>: <why>; <cure>`
absl::Status Bad(absl::string_view field, const std::string& file, absl::string_view why,
                 absl::string_view cure) {
  return BadSetting(absl::StrCat(field, " ", file), why, cure);
}

absl::Status CheckTimes(const crypto::Certificate& certificate, const std::string& file,
                        absl::Time now) {
  const auto day = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone());
  };
  if (now > certificate.not_after) {
    return Bad("tls.certificate", file, absl::StrCat("expired on ", day(certificate.not_after)),
               "put a new one there");
  }
  if (now < certificate.not_before) {
    return Bad("tls.certificate", file,
               absl::StrCat("is valid only from ", day(certificate.not_before)),
               "put one there that is valid now, or set this machine's clock");
  }
  return absl::OkStatus();
}

absl::StatusOr<Identity> IdentityOf(const crypto::Certificate& certificate,
                                    const std::string& file) {
  if (certificate.uris.size() == 1) {
    if (auto identity = ParseIdentity(certificate.uris[0]); identity.ok()) return identity;
  }
  return Bad("tls.certificate", file, "names no identity",
             "it needs exactly one URI, spiffe://selaras/node/<authority>");
}

absl::StatusOr<std::string> ReadKey(const config::v1::Tls& files) {
  ASSIGN_OR_RETURN(std::string key, ReadSecretFile(files.key()));
  if (files.key_passphrase().empty()) return key;
  ASSIGN_OR_RETURN(const std::string passphrase, ReadSecretFile(files.key_passphrase()));
  auto decrypted = crypto::DecryptKey(key, absl::StripSuffix(passphrase, "\n"));
  if (decrypted.ok()) return decrypted;
  return Bad("tls.key", files.key(), decrypted.status().message(),
             absl::StrCat("encrypt it (PKCS#8) with the passphrase in ", files.key_passphrase()));
}

}  // namespace

absl::StatusOr<Tls> LoadTls(const config::v1::Tls& files, absl::Time now) {
  Tls tls;
  ASSIGN_OR_RETURN(tls.certificate, ReadFile(files.certificate(), kPemBytesMax));
  ASSIGN_OR_RETURN(tls.key, ReadKey(files));
  ASSIGN_OR_RETURN(tls.ca, ReadFile(files.ca(), kPemBytesMax));

  const auto chain = crypto::ParseCertificates(tls.certificate);
  if (!chain.ok()) {
    return Bad("tls.certificate", files.certificate(), chain.status().message(),
               "put the node's certificate chain there, in PEM");
  }
  const auto ca = crypto::ParseCertificates(tls.ca);
  if (!ca.ok()) {
    return Bad("tls.ca", files.ca(), ca.status().message(),
               "put the certificates of the trusted authorities there, in PEM");
  }
  if (const auto fits = crypto::CheckKeyFits(tls.certificate, tls.key); !fits.ok()) {
    return Bad("tls.key", files.key(), fits.message(),
               absl::StrCat("put the key of ", files.certificate(), " there"));
  }
  RETURN_IF_ERROR(CheckTimes(chain->front(), files.certificate(), now));
  if (const auto trusted = crypto::CheckChain(tls.certificate, tls.ca, now); !trusted.ok()) {
    return Bad("tls.certificate", files.certificate(),
               absl::StrCat("is not trusted by ", files.ca(), " (", trusted.message(), ")"),
               "use a certificate and a CA that belong together");
  }
  ASSIGN_OR_RETURN(tls.identity, IdentityOf(chain->front(), files.certificate()));
  const crypto::Certificate& own = chain->front();
  tls.ends.push_back({CertificateEnd::Kind::kOwn, own.subject, own.not_after});
  for (const crypto::Certificate& each : *ca) {
    tls.ends.push_back({CertificateEnd::Kind::kAuthority, each.subject, each.not_after});
  }
  return tls;
}

absl::Status CheckNodeIdentity(const Identity& identity, const NodeAuthorities& node) {
  if (identity.role == Role::kNode && node.own.contains(identity.authority)) {
    return absl::OkStatus();
  }
  return BadSetting("tls.certificate",
                    absl::StrCat("is that of ", NameOf(identity.role), " ", identity.authority),
                    "use the certificate of the role node for one of the node's authorities");
}

void RequireTls13() {
  // The list governs versions up to 1.2 only, and no peer has a pre-shared key with us: with it
  // those versions find no common cipher, while 1.3 has its own list.
  ::setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", /*overwrite=*/1);
}

}  // namespace selaras::runtime
