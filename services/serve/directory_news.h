#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "selaras/config/v1/config.pb.h"

#include "services/link/directories.h"
#include "services/runtime/directory_in_force.h"
#include "services/runtime/directory_version.h"
#include "services/runtime/log.h"
#include "storage/log/log_keys.h"
#include "storage/log/store.h"

namespace selaras::serve {

// The directory of nodes as links pass it on.
class DirectoryNews final : public link::Directories {
 public:
  // Both must outlive it.
  DirectoryNews(runtime::DirectoryInForce& directory, runtime::Logger& log)
      : directory_(directory), log_(log) {}

  std::uint64_t serial() const override { return directory_.get()->serial(); }
  std::string note() const override { return directory_.get()->note(); }
  std::uint64_t Hear(const std::string& note) override;

 private:
  runtime::DirectoryInForce& directory_;
  runtime::Logger& log_;
};

// Whether the directory lists the peer as it is configured, or by another one of the `keys` of its
// log. Without them any key will do: the peer may be about to show that it replaced its own.
absl::Status CheckLinkListed(const runtime::DirectoryVersion& directory,
                             const config::v1::NodeConfig& config, const std::string& peer,
                             const std::optional<log::LogKeys>& keys, absl::Time now);

// Writes into the configuration by which key a peer's log is known here, where the directory names
// another one: a mirror is opened with a key that it has, and whether the listed one is of the same
// log shows when the peer introduces itself.
void KeepKeysOfMirrors(const runtime::Applied& applied, const log::StoreReader& store,
                       config::v1::NodeConfig* config);

// FAILED_PRECONDITION if the directory lists this node with a key that never signed its log.
absl::Status CheckOwnKeyListed(const runtime::DirectoryVersion& directory, const std::string& node,
                               const log::LogKeys& keys);

}  // namespace selaras::serve
