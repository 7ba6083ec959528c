#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "services/node/keys.h"
#include "storage/log/store.h"

// Numbers by which cases are found. They are no keys: a look-up may find several.
namespace selaras::node {

// Changes when keys are made otherwise: what is stored is then derived anew.
inline constexpr int kLookUpVersion = 4;

// Key of a number, looked up normalised, and of a NIP or NIK, of which only the digits count.
std::string NumberKey(const NodeKeys& keys, event::v1::ReferenceKind kind, absl::string_view raw);
std::string NipKey(const NodeKeys& keys, absl::string_view nip);
std::string NikKey(const NodeKeys& keys, absl::string_view nik);

// Ids of the cases that name a person of that NIP, whatever other number the person has since.
absl::StatusOr<std::vector<std::string>> CasesOfNip(const log::StoreReader& store,
                                                    const NodeKeys& keys, absl::string_view nip);

// Ids of the cases that carry all that the request names: a number, a NIP, a NIK. A register number
// finds the cases of its report. It names something.
absl::StatusOr<std::vector<std::string>> LookUpCases(const log::StoreReader& store,
                                                     const NodeKeys& keys,
                                                     const query::v1::LookUpCasesRequest& request);

}  // namespace selaras::node
