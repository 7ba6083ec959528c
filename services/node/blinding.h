#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/node/subject_keys.h"

// Digests of what somebody asked, by which a repeat is known: of a text that holds a NIP they would
// let everybody guess it who has the node's keys. So they stand blinded, and are worth nothing once
// one of the keys that blind them was destroyed. FORMAT.md, "The request".
namespace selaras::node {

// Keys of subjects by their rows.
using BlindingKeys = std::map<std::string, std::string>;

// The digest, blinded or unblinded, which is the same. `label` is another one for each digest.
std::string Blind(absl::string_view digest, absl::string_view label, const BlindingKeys& keys);

// The same with the keys of these rows. Nothing if one of them was destroyed; FAILED_PRECONDITION
// with KEY_NOT_HERE if one is missing otherwise.
absl::StatusOr<std::optional<std::string>> Unblind(absl::string_view digest,
                                                   absl::string_view label,
                                                   const std::vector<std::string>& rows,
                                                   const SubjectKeys& keys,
                                                   const UncommittedKeys& uncommitted);

}  // namespace selaras::node
