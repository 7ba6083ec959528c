#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/config/v1/config.pb.h"

#include "storage/audit/inspector.h"
#include "storage/log/cosignature.h"
#include "storage/log/note.h"

namespace selaras::verify {

// Tells the auditor what events and rows of a node mean.
class EventInspector final : public audit::Inspector {
 public:
  // Trusts the key for the log whose origin it names. The key of a node's shared log is also that
  // of its private one, which is signed under a name of its own.
  absl::Status Trust(absl::string_view verifier_key);

  // Verifies the cosignatures of the witness with this key (C2SP tlog-cosignature).
  // INVALID_ARGUMENT if it is none.
  absl::Status TrustWitness(absl::string_view verifier_key);
  // Trusts the keys that a node's configuration names: those of its peers' logs, of its peers as
  // witnesses, and of witnesses outside. Its own are in files of their own.
  absl::Status TrustPeers(const config::v1::NodeConfig& config);

  // Whether a key of the log of that origin is trusted.
  bool KnowsOrigin(absl::string_view origin) const;

  std::optional<log::NoteVerifier> VerifierOf(absl::string_view name) const override;
  std::optional<log::CosignatureVerifier> WitnessOf(absl::string_view name,
                                                    std::uint32_t key_id) const override;
  absl::StatusOr<audit::EntryMarks> ReadEntry(absl::string_view bytes) const override;
  absl::StatusOr<audit::Places> ReadRequest(absl::string_view row) const override;
  absl::StatusOr<audit::Places> ReadState(absl::string_view row) const override;
  absl::StatusOr<audit::ComparedState> CompareState(
      absl::string_view key, absl::string_view row,
      const audit::StateSource& source) const override;

 private:
  std::map<std::string, log::NoteVerifier> verifiers_;  // by origin
  std::map<std::pair<std::string, std::uint32_t>, log::CosignatureVerifier> witnesses_;
};

}  // namespace selaras::verify
