#include "services/runtime/tls_in_force.h"

#include <utility>

#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

absl::StatusOr<Tls> LoadOwn(const config::v1::Tls& files, const NodeAuthorities& node,
                            absl::Time now) {
  ASSIGN_OR_RETURN(Tls tls, LoadTls(files, now));
  RETURN_IF_ERROR(CheckNodeIdentity(tls.identity, node));
  return tls;
}

bool HoldTheSame(const Tls& one, const Tls& other) {
  return one.certificate == other.certificate && one.key == other.key && one.ca == other.ca;
}

}  // namespace

TlsInForce::TlsInForce(Tls tls) : tls_(std::make_shared<const Tls>(std::move(tls))) {}

std::shared_ptr<const Tls> TlsInForce::get() const {
  const std::lock_guard lock(mutex_);
  return tls_;
}

void TlsInForce::Replace(Tls tls) {
  auto next = std::make_shared<const Tls>(std::move(tls));
  const std::lock_guard lock(mutex_);
  tls_.swap(next);
}

TlsReload::TlsReload(config::v1::Tls files, NodeAuthorities node, TlsInForce& tls, Logger& log)
    : files_(std::move(files)), node_(std::move(node)), tls_(tls), log_(log) {}

void TlsReload::Look(absl::Time now) {
  absl::StatusOr<Tls> found = LoadOwn(files_, node_, now);
  if (!found.ok()) {
    std::string why(found.status().message());
    if (why == told_) return;
    log_.Warning("certificates not taken over; those in force stay", {{"reason", why}});
    told_ = std::move(why);
    return;
  }
  told_.clear();
  if (HoldTheSame(*found, *tls_.get())) return;
  tls_.Replace(*std::move(found));
  log_.Info("certificates taken over", {{"file", files_.certificate()}});
}

}  // namespace selaras::runtime
