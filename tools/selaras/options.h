#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/query/v1/query.pb.h"

#include "tools/selaras/command.h"

namespace selaras::cli {

// What may stand before or after every command.
struct GlobalOptions {
  std::string node;
  std::string ca;
  std::string certificate;
  std::string key;
  std::string client;  // file of a selaras.config.v1.ClientConfig
  std::string store;
  std::string wrapping_keys;  // folder; empty: beside the store
  std::string purpose;        // why personal data are read
  std::string officer;        // who reads them
  std::string timeout;
  std::string colour;  // auto, always, never
  bool json = false;
};

// The options that fill it, for parser and help.
std::vector<Option> NodeOptions(GlobalOptions* options);
std::vector<Option> StoreOptions(GlobalOptions* options);
std::vector<Option> OutputOptions(GlobalOptions* options);

// How to reach a node.
struct NodeAddress {
  std::string address;
  std::string ca;  // files
  std::string certificate;
  std::string key;
  absl::Duration timeout;           // of one call
  query::v1::Reading reading = {};  // said with whatever may show personal data
  // Whether an answer from which they are left out is taken all the same, or is an error.
  bool takes_withheld = false;
};

// Value of an environment variable, if it is set and not empty.
using Environment = std::function<std::optional<std::string>(const char* name)>;

// Completes what the command line says about the node from the client file, then from
// SELARAS_NODE, SELARAS_CA, SELARAS_CERT, SELARAS_KEY. INVALID_ARGUMENT says what is missing and
// where it could be given. `read_file` gives the text of a file.
absl::StatusOr<NodeAddress> ResolveNode(
    const GlobalOptions& options, const Environment& environment,
    const std::function<absl::StatusOr<std::string>(const std::string& path)>& read_file);

// Reads `10s`, `2m`, `500ms`. INVALID_ARGUMENT otherwise, also for what is negative.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view option, absl::string_view text);

}  // namespace selaras::cli
