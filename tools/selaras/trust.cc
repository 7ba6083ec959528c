#include "tools/selaras/trust.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/event/v1/event.pb.h"

#include "services/link/key_change.h"
#include "storage/base/status.h"
#include "storage/log/receipt.h"
#include "storage/log/succession.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/text.h"

namespace selaras::cli {

Option KeyOption(TrustOptions* options) {
  return {"--key", "KEY", &options->keys, "C2SP verifier key of a log; may be repeated"};
}

Option PolicyOption(TrustOptions* options) {
  return {"--policy", "FILE", &options->policy,
          "C2SP tlog-policy: logs, witnesses, quorum; with past-log KEY SIZE a key is good up to a "
          "size"};
}

Option KeyChangeOption(TrustOptions* options) {
  return {
      "--key-change", "FILE", &options->key_changes,
      "receipt by which a key was replaced, as key history writes it, or the statement by which a "
      "log was closed, whose fingerprint you have compared; may be repeated"};
}

namespace {

absl::StatusOr<log::Policy> GivenPolicy(const TrustOptions& options) {
  if (options.keys.empty() && options.policy.empty()) {
    return BadValue("--key", "", "give either --key KEY or --policy FILE");
  }
  if (!options.keys.empty() && !options.policy.empty()) {
    return ExcludeEachOther("--key", "--policy");
  }
  if (options.keys.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options.policy));
    auto policy = log::Policy::Parse(text);
    RETURN_IF_ERROR(base::Annotate(policy.status(), options.policy));
    return policy;
  }
  std::string text;
  // A key that is given twice is one key, although a policy names it once.
  for (const std::string& key : std::set(options.keys.begin(), options.keys.end())) {
    RETURN_IF_ERROR(base::Annotate(log::NoteVerifier::Parse(key).status(), "--key"));
    absl::StrAppend(&text, "log ", key, "\n");
  }
  return log::Policy::Parse(text + "quorum none\n");
}

// Of whatever log, and whoever signed it: which changes count depends on whom one trusts.
absl::Status CheckKeyChange(const std::string& file, const std::string& text) {
  if (log::IsSuccessionText(text)) return log::ParseSuccession(text).status();
  const auto receipt = log::ParseReceipt(text);
  if (!receipt.ok()) return NotAKeyChange(file, receipt.status().message());
  event::v1::Event event;
  if (event.ParseFromString(receipt->extra) && event.fact().has_log_key_replaced()) {
    return absl::OkStatus();
  }
  return NotAKeyChange(file, "its entry replaces no key");
}

absl::StatusOr<std::vector<std::string>> Receipts(const TrustOptions& options) {
  std::vector<std::string> receipts;
  for (const std::string& file : options.key_changes) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
    RETURN_IF_ERROR(CheckKeyChange(file, text));
    receipts.push_back(text);
  }
  return receipts;
}

}  // namespace

absl::StatusOr<log::Policy> PolicyOf(const TrustOptions& options) {
  ASSIGN_OR_RETURN(log::Policy policy, GivenPolicy(options));
  ASSIGN_OR_RETURN(const std::vector<std::string> receipts, Receipts(options));
  absl::Status failed;
  policy.ReplaceKeys([&](const log::LogKeys& keys) {
    const auto followed = link::FollowChanges(keys, receipts);
    failed.Update(followed.status());
    return followed.value_or(keys);
  });
  RETURN_IF_ERROR(failed);
  return policy;
}

absl::StatusOr<log::LogKeys> LogKeysOf(const TrustOptions& options) {
  if (options.keys.size() != 1 || !options.policy.empty()) {
    return BadValue("--key", absl::StrJoin(options.keys, " "),
                    "evidence is verified with the log's own key alone");
  }
  auto key = log::NoteVerifier::Parse(options.keys.front());
  RETURN_IF_ERROR(base::Annotate(key.status(), "--key"));
  ASSIGN_OR_RETURN(const std::vector<std::string> receipts, Receipts(options));
  return link::FollowChanges(log::LogKeys(*std::move(key)), receipts);
}

cli::v1::WitnessedAt ToOutput(const std::string& witness, absl::Time time) {
  cli::v1::WitnessedAt output;
  output.set_witness(witness);
  output.set_time(Rfc3339(time));
  return output;
}

void AddWitnesses(const google::protobuf::RepeatedPtrField<cli::v1::WitnessedAt>& cosigned,
                  Fields* fields) {
  for (const auto& witness : cosigned) {
    fields->Add("cosigned", absl::StrCat(witness.witness(), " at ", witness.time()));
  }
}

}  // namespace selaras::cli
