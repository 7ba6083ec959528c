#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/log/policy.h"
#include "tools/selaras/command.h"
#include "tools/selaras/table.h"

namespace selaras::cli {

// Whom a verification trusts: keys, or a policy.
struct TrustOptions {
  std::vector<std::string> keys;  // C2SP verifier keys of logs
  std::string policy;             // file with a C2SP tlog-policy
  // Files with receipts that show how these keys were replaced since.
  std::vector<std::string> key_changes;
};

// The options, for a command's list.
Option KeyOption(TrustOptions* options);
Option PolicyOption(TrustOptions* options);
Option KeyChangeOption(TrustOptions* options);

// IsUsage() unless either keys or a policy are set; INVALID_ARGUMENT if one of them, or of the key
// changes, is none.
absl::StatusOr<log::Policy> PolicyOf(const TrustOptions& options);

// For what one log alone has signed. IsUsage() unless one key is set.
absl::StatusOr<log::LogKeys> LogKeysOf(const TrustOptions& options);

// Who cosigned, for JSON and for people.
cli::v1::WitnessedAt ToOutput(const std::string& witness, absl::Time time);
void AddWitnesses(const google::protobuf::RepeatedPtrField<cli::v1::WitnessedAt>& cosigned,
                  Fields* fields);

}  // namespace selaras::cli
