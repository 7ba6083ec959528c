#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/runtime/log.h"
#include "services/runtime/tls_in_force.h"

// When certificates end that a node depends on: an office has to replace them before.
namespace selaras::runtime {

// `own`, `authority`, `peer`, `listing`.
absl::string_view NameOf(CertificateEnd::Kind kind);

// Whether somebody has to act within days: the certificate ends in 7 days or less.
bool EndsVerySoon(const CertificateEnd& certificate, absl::Time now);

// Those in force, those that peers showed, and the days on which the directory of nodes lists this
// one, which end a membership as a certificate does. Any thread.
class CertificateEnds {
 public:
  explicit CertificateEnds(std::shared_ptr<const TlsInForce> tls);

  // A peer showed a certificate on a new connection; it takes the place of the one before.
  void Shown(const std::string& peer, absl::Time ends);

  // Until when this node is listed; nullopt: there is no directory, or it is not listed.
  void Listed(const std::string& node, std::optional<absl::Time> ends);

  std::vector<CertificateEnd> all() const;

 private:
  const std::shared_ptr<const TlsInForce> tls_;
  mutable std::mutex mutex_;
  std::map<std::string, absl::Time> peers_;  // under mutex_
  std::optional<CertificateEnd> listing_;    // under mutex_
};

// Says in the log which of them end in 30, 7 or 1 day, or have ended: each once a day, and when it
// passes the next of these. One thread at a time.
class EndNotices {
 public:
  // `log` must outlive it.
  explicit EndNotices(Logger& log) : log_(log) {}

  void Look(const std::vector<CertificateEnd>& certificates, absl::Time now);

 private:
  struct Told {
    int days;  // the limit that was passed
    absl::Time at;
  };

  Logger& log_;
  // An authority and the next one may bear one name.
  std::map<std::tuple<CertificateEnd::Kind, std::string, absl::Time>, Told> told_;
};

}  // namespace selaras::runtime
