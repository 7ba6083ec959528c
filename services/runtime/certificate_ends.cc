#include "services/runtime/certificate_ends.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace selaras::runtime {
namespace {

constexpr int kEnded = 0;
constexpr int kUrgentDays = 1;
constexpr int kSoonDays = 7;
constexpr std::array<int, 4> kLimits = {kEnded, kUrgentDays, kSoonDays, 30};
constexpr absl::Duration kDay = absl::Hours(24);

// The closest limit in days that is passed.
std::optional<int> LimitPassed(absl::Duration left) {
  for (const int days : kLimits) {
    if (left <= days * kDay) return days;
  }
  return std::nullopt;
}

absl::string_view CureOf(CertificateEnd::Kind kind) {
  switch (kind) {
    case CertificateEnd::Kind::kOwn:
      return "put a new one and its key in place: they are taken over without a restart";
    case CertificateEnd::Kind::kAuthority:
      return "add the next one to tls.ca, here and at every peer, before it ends";
    case CertificateEnd::Kind::kPeer:
      return "tell its office";
    case CertificateEnd::Kind::kListing:
      return "ask the keeper of the directory of nodes to list it for longer";
  }
  return "";
}

}  // namespace

absl::string_view NameOf(CertificateEnd::Kind kind) {
  switch (kind) {
    case CertificateEnd::Kind::kOwn:
      return "own";
    case CertificateEnd::Kind::kAuthority:
      return "authority";
    case CertificateEnd::Kind::kPeer:
      return "peer";
    case CertificateEnd::Kind::kListing:
      return "listing";
  }
  return "";
}

bool EndsVerySoon(const CertificateEnd& certificate, absl::Time now) {
  return certificate.ends - now <= kSoonDays * kDay;
}

CertificateEnds::CertificateEnds(std::shared_ptr<const TlsInForce> tls) : tls_(std::move(tls)) {}

void CertificateEnds::Shown(const std::string& peer, absl::Time ends) {
  const std::lock_guard lock(mutex_);
  peers_[peer] = ends;
}

void CertificateEnds::Listed(const std::string& node, std::optional<absl::Time> ends) {
  const std::lock_guard lock(mutex_);
  listing_.reset();
  if (ends) listing_ = CertificateEnd{CertificateEnd::Kind::kListing, node, *ends};
}

std::vector<CertificateEnd> CertificateEnds::all() const {
  std::vector<CertificateEnd> all = tls_->get()->ends;
  const std::lock_guard lock(mutex_);
  for (const auto& [peer, ends] : peers_) all.push_back({CertificateEnd::Kind::kPeer, peer, ends});
  if (listing_) all.push_back(*listing_);
  return all;
}

void EndNotices::Look(const std::vector<CertificateEnd>& certificates, absl::Time now) {
  auto before = std::exchange(told_, {});
  for (const CertificateEnd& certificate : certificates) {
    const std::optional<int> limit = LimitPassed(certificate.ends - now);
    if (!limit) continue;
    const std::tuple key(certificate.kind, certificate.name, certificate.ends);
    const auto told = before.find(key);
    if (told != before.end() && told->second.days == *limit && now - told->second.at < kDay) {
      told_.insert(*told);
      continue;
    }
    told_.insert_or_assign(key, Told{*limit, now});
    log_.Write(
        *limit <= kUrgentDays ? Level::kError : Level::kWarning,
        *limit == kEnded ? "certificate has ended" : "certificate ends soon",
        {{"kind", NameOf(certificate.kind)},
         {"name", certificate.name},
         {"ends", absl::FormatTime("%Y-%m-%dT%H:%MZ", certificate.ends, absl::UTCTimeZone())},
         {"days", std::max<std::int64_t>(0, (certificate.ends - now) / kDay)},
         {"cure", CureOf(certificate.kind)}});
  }
}

}  // namespace selaras::runtime
