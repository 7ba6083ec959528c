#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Refusals that explain themselves (rule 11): a reason for programs, words for people, and
// standard details (AIP-193) as payloads of the status, which the gRPC border copies.
namespace selaras::domain {

using Metadata = std::vector<std::pair<std::string, std::string>>;

// A status with an ErrorInfo of that reason. `reason` is UPPER_SNAKE_CASE.
absl::Status Refusal(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                     const Metadata& metadata = {});

// The reason of a refusal made here; empty if it carries none.
std::string ReasonOf(const absl::Status& status);

// INVALID_ARGUMENT, INVALID_FIELD: `field` is the path in the request.
absl::Status BadField(absl::string_view field, absl::string_view description);

// The same of a code that the reference data do not know; `table` is what `selaras reference show`
// calls the table of such codes.
absl::Status UnknownCode(absl::string_view field, absl::string_view code, absl::string_view table);

// The same error for a field of a message that stands at `prefix` in the request.
absl::Status InField(absl::string_view prefix, const absl::Status& status);

// FAILED_PRECONDITION, MOVE_NOT_ALLOWED: the rules forbid it now. `allowed` are the commands that
// the section takes in this state; `why` says in words what else it depends on, if anything.
absl::Status MoveNotAllowed(absl::string_view command, absl::string_view state,
                            const std::vector<std::string>& allowed, absl::string_view basis,
                            absl::string_view why = "");

// FAILED_PRECONDITION, RULE: a rule that is no transition. `rule` names it, e.g. a law article.
absl::Status RuleForbids(absl::string_view rule, absl::string_view message);

// FAILED_PRECONDITION, NOT_HERE_YET: what the command relies on has not arrived at this node.
absl::Status NotHereYet(absl::string_view what);

// FAILED_PRECONDITION, KEY_NOT_HERE: the key under which the subject's personal data are sealed
// cannot be read.
absl::Status KeyNotHere(absl::string_view why);

// FAILED_PRECONDITION, ERASED: the keys of the case or report were destroyed; nothing can be added.
absl::Status CaseIsErased();

// NOT_FOUND, CASE_NOT_FOUND / REPORT_NOT_FOUND.
absl::Status CaseNotFound(absl::string_view case_id);
absl::Status ReportNotFound(absl::string_view report_id);

// FAILED_PRECONDITION, REPORT_DIFFERS: a report with this key is there with other content.
absl::Status ReportDiffers(absl::string_view report_id);

// PERMISSION_DENIED, NOT_YOUR_CASE: the authority may not act in this section of the case.
absl::Status NotYourCase(absl::string_view authority, absl::string_view why);

// PERMISSION_DENIED, NOT_YOUR_AUTHORITY: the caller does not look for the authority, but for
// `yours`.
absl::Status NotYourAuthority(absl::string_view authority, const std::vector<std::string>& yours);

// ABORTED, STALE_REVISION: read again and decide again.
absl::Status StaleRevision(absl::string_view case_id, std::uint64_t expected, std::uint64_t actual);

// ALREADY_EXISTS, REQUEST_ID_REUSED: the id was used for another body.
absl::Status RequestIdReused(absl::string_view request_id);

// ALREADY_EXISTS, REQUEST_ERASED: the request was done, and what it asked was erased since, so that
// no repeat can be told from another body. Its entries stand at `positions`.
absl::Status RequestErased(absl::string_view request_id, absl::string_view positions);

// ALREADY_EXISTS, REQUEST_RECOVERED: the request was done before the node was restored. Its
// entries, at `positions`, came back; what it asked did not, so that no repeat can be told from
// another body.
absl::Status RequestRecovered(absl::string_view request_id, absl::string_view positions,
                              absl::string_view report_id, absl::string_view case_id);

}  // namespace selaras::domain
