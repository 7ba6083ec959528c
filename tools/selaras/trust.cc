#include "tools/selaras/trust.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {

Option KeyOption(TrustOptions* options) {
  return {"--key", "KEY", &options->key, "C2SP verifier key of the log"};
}

Option PolicyOption(TrustOptions* options) {
  return {"--policy", "FILE", &options->policy, "C2SP tlog-policy: logs, witnesses, quorum"};
}

absl::StatusOr<log::Policy> PolicyOf(const TrustOptions& options) {
  if (options.key.empty() == options.policy.empty()) {
    return BadValue("--key", options.key, "give either --key KEY or --policy FILE");
  }
  if (options.key.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options.policy));
    return log::Policy::Parse(text);
  }
  ASSIGN_OR_RETURN(log::NoteVerifier key, log::NoteVerifier::Parse(options.key));
  return log::Policy::OfLog(std::move(key));
}

cli::v1::WitnessedAt ToOutput(const std::string& witness, absl::Time time) {
  cli::v1::WitnessedAt output;
  output.set_witness(witness);
  output.set_time(absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()));
  return output;
}

void AddWitnesses(const google::protobuf::RepeatedPtrField<cli::v1::WitnessedAt>& cosigned,
                  Fields* fields) {
  for (const auto& witness : cosigned) {
    fields->Add("cosigned", absl::StrCat(witness.witness(), " at ", witness.time()));
  }
}

}  // namespace selaras::cli
