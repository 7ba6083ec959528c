#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/repeated_field.h>

#include "selaras/event/v1/personal.pb.h"
#include "selaras/event/v1/types.pb.h"

#include "services/reference/catalogue.h"

// Forms and limits of single values, the same wherever a command carries them. All refuse with
// INVALID_ARGUMENT and name `field`, the path in the request.
namespace selaras::domain {

inline constexpr std::size_t kNameBytesMax = 200;
inline constexpr std::size_t kNumberBytesMax = 120;
inline constexpr std::size_t kSummaryBytesMax = 8'000;
inline constexpr std::size_t kReasonBytesMax = 2'000;
inline constexpr int kCodesMax = 16;
// The code of a reason that says nothing without words.
inline constexpr absl::string_view kReasonInWords = "pertimbangan";

absl::Status CheckWhen(absl::string_view field, const event::v1::When& when);
absl::Status CheckText(absl::string_view field, absl::string_view text, std::size_t bytes_max);
// As CheckText, and it must not be empty.
absl::Status CheckRequired(absl::string_view field, absl::string_view text, std::size_t bytes_max);
// Empty, or `YYYY-MM-DD`.
absl::Status CheckDate(absl::string_view field, absl::string_view date);

// Codes of the catalogue.
absl::Status CheckCode(absl::string_view field, absl::string_view list, absl::string_view code,
                       const reference::Catalogue& catalogue);
absl::Status CheckCodes(absl::string_view field, absl::string_view list,
                        const google::protobuf::RepeatedPtrField<std::string>& codes,
                        const reference::Catalogue& catalogue);
// Nothing at all, or a code of the list, in words too where the code says nothing (`pertimbangan`).
// The words stand in the field `<field>_text`.
absl::Status CheckReason(absl::string_view field, absl::string_view list, absl::string_view code,
                         absl::string_view text, const reference::Catalogue& catalogue);
absl::Status CheckViolations(absl::string_view field,
                             const google::protobuf::RepeatedPtrField<std::string>& codes,
                             const reference::Catalogue& catalogue);
absl::Status CheckSanction(absl::string_view field, absl::string_view code,
                           const reference::Catalogue& catalogue);
absl::Status CheckRegion(absl::string_view field, absl::string_view region,
                         const reference::Catalogue& catalogue);
absl::Status CheckElection(absl::string_view field, absl::string_view election,
                           const reference::Catalogue& catalogue);
// Way of an objection: `keberatan` or `banding`.
absl::Status CheckRoute(absl::string_view field, absl::string_view route);

// PNS, PPPK, or nothing for an empty text.
using MaybeStatus = std::optional<reference::EmploymentStatus>;
absl::StatusOr<MaybeStatus> ReadStatus(absl::string_view field, absl::string_view text);
// Empty, or a golongan of the status; of PNS where none is recorded.
absl::Status CheckRank(absl::string_view field, absl::string_view rank, MaybeStatus status,
                       const reference::Catalogue& catalogue);
// The respondent with a NIP of 18 digits and a NIK of 16, however they were written, or of none.
// `field` is the path of the message.
absl::StatusOr<event::v1::Respondent> ReadRespondent(absl::string_view field,
                                                     event::v1::Respondent respondent,
                                                     MaybeStatus status);
absl::StatusOr<std::string> ReadNip(absl::string_view field, absl::string_view nip,
                                    MaybeStatus status);
absl::StatusOr<std::string> ReadNik(absl::string_view field, absl::string_view nik);
// Refuses a respondent with a NIK where others come to see it.
absl::Status CheckNoNik(absl::string_view field, const event::v1::Respondent& respondent);

}  // namespace selaras::domain
