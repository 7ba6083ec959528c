#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/time/time.h"

#include "selaras/config/v1/config.pb.h"

#include "services/runtime/access.h"
#include "services/runtime/log.h"
#include "services/runtime/tls.h"

namespace selaras::runtime {

// The certificates that new connections use; those that are open keep what they began with. Any
// thread.
class TlsInForce {
 public:
  explicit TlsInForce(Tls tls);

  // Never null. Another pointer than before means other certificates.
  std::shared_ptr<const Tls> get() const;

  void Replace(Tls tls);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Tls> tls_;  // under mutex_
};

// Takes over certificates that were replaced on disk, without a restart. One thread at a time.
class TlsReload {
 public:
  // `tls` and `log` must outlive it.
  TlsReload(config::v1::Tls files, NodeAuthorities node, TlsInForce& tls, Logger& log);

  // Reads the files. If they hold something else than what is in force, and pass the checks of a
  // start, they are in force from now on. Otherwise what was in force stays, and the log says why:
  // once, until the reason is another one.
  void Look(absl::Time now);

 private:
  const config::v1::Tls files_;
  const NodeAuthorities node_;
  TlsInForce& tls_;
  Logger& log_;
  std::string told_;  // why the files were not taken over, as it was logged
};

}  // namespace selaras::runtime
