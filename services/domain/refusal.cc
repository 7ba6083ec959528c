#include "services/domain/refusal.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "google/rpc/error_details.pb.h"

namespace selaras::domain {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kPreconditionUrl[] = "type.googleapis.com/google.rpc.PreconditionFailure";
constexpr char kDomain[] = "selaras";

void Attach(absl::Status& status, const char* url, const google::protobuf::Message& detail) {
  // Not from a temporary: clang 19 names that constructor otherwise than the packaged library.
  const std::string bytes = detail.SerializeAsString();
  status.SetPayload(url, absl::Cord(bytes));
}

void AttachViolation(absl::Status& status, absl::string_view type, absl::string_view subject,
                     absl::string_view description) {
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type(std::string(type));
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(description));
  Attach(status, kPreconditionUrl, failure);
}

}  // namespace

absl::Status Refusal(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                     const Metadata& metadata) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(kDomain);
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  Attach(status, kErrorInfoUrl, info);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kErrorInfoUrl);
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return {};
  return info.reason();
}

absl::Status BadField(absl::string_view field, absl::string_view description) {
  absl::Status status =
      Refusal(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
              absl::StrCat(field, ": ", description), {{"field", std::string(field)}});
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_description(std::string(description));
  Attach(status, kBadRequestUrl, bad);
  return status;
}

absl::Status UnknownCode(absl::string_view field, absl::string_view code, absl::string_view table) {
  return BadField(field,
                  absl::StrCat("the reference data know no \"", code, "\"; selaras reference show ",
                               table, " lists what they know"));
}

absl::Status InField(absl::string_view prefix, const absl::Status& status) {
  const auto payload = status.GetPayload(kBadRequestUrl);
  google::rpc::BadRequest bad;
  if (!payload.has_value() || !bad.ParseFromString(std::string(*payload)) ||
      bad.field_violations_size() != 1) {
    return status;
  }
  const auto& violation = bad.field_violations(0);
  return BadField(absl::StrCat(prefix, ".", violation.field()), violation.description());
}

absl::Status MoveNotAllowed(absl::string_view command, absl::string_view state,
                            const std::vector<std::string>& allowed, absl::string_view basis,
                            absl::string_view why) {
  const std::string moves = allowed.empty() ? "nothing" : absl::StrJoin(allowed, ", ");
  absl::Status status = Refusal(
      absl::StatusCode::kFailedPrecondition, "MOVE_NOT_ALLOWED",
      absl::StrCat(command, " is not allowed while the case is ", state, "; ", why,
                   why.empty() ? "" : "; ", "allowed now: ", moves),
      {{"command", std::string(command)}, {"state", std::string(state)}, {"allowed", moves}});
  AttachViolation(status, "MOVE_NOT_ALLOWED", command, basis);
  return status;
}

absl::Status RuleForbids(absl::string_view rule, absl::string_view message) {
  absl::Status status = Refusal(absl::StatusCode::kFailedPrecondition, "RULE", message,
                                {{"rule", std::string(rule)}});
  AttachViolation(status, "RULE", rule, message);
  return status;
}

absl::Status NotHereYet(absl::string_view what) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "NOT_HERE_YET",
                 absl::StrCat(what, " has not arrived at this node yet; try again later"));
}

absl::Status KeyNotHere(absl::string_view why) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "KEY_NOT_HERE",
                 absl::StrCat("the personal data of this file are sealed, and ", why,
                              "; its operator must put it back"));
}

absl::Status CaseIsErased() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "ERASED",
                 "its personal data were erased, and nothing can be added to it any more; what is "
                 "new is a case of its own");
}

absl::Status CaseNotFound(absl::string_view case_id) {
  return Refusal(absl::StatusCode::kNotFound, "CASE_NOT_FOUND",
                 absl::StrCat("no case ", case_id, " is known to you on this node"));
}

absl::Status ReportNotFound(absl::string_view report_id) {
  return Refusal(absl::StatusCode::kNotFound, "REPORT_NOT_FOUND",
                 absl::StrCat("no report ", report_id, " is known to you on this node"));
}

absl::Status ReportDiffers(absl::string_view report_id) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "REPORT_DIFFERS",
                 absl::StrCat("report ", report_id,
                              " was received with other content; a report is received once"),
                 {{"report_id", std::string(report_id)}});
}

absl::Status NotYourCase(absl::string_view authority, absl::string_view why) {
  return Refusal(absl::StatusCode::kPermissionDenied, "NOT_YOUR_CASE",
                 absl::StrCat(authority, " may not do this: ", why));
}

absl::Status NotYourAuthority(absl::string_view authority, const std::vector<std::string>& yours) {
  return Refusal(absl::StatusCode::kPermissionDenied, "NOT_YOUR_AUTHORITY",
                 absl::StrCat("you do not look for ", authority, " on this node; ask it for ",
                              absl::StrJoin(yours, " or "), ", or ask the node of ", authority));
}

absl::Status StaleRevision(absl::string_view case_id, std::uint64_t expected,
                           std::uint64_t actual) {
  return Refusal(absl::StatusCode::kAborted, "STALE_REVISION",
                 absl::StrCat("case ", case_id, " is at revision ", actual, ", not ", expected,
                              "; read it again and decide again"));
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return Refusal(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                 absl::StrCat("request id ", request_id,
                              " was used for another request; a changed request needs an id of "
                              "its own"));
}

absl::Status RequestErased(absl::string_view request_id, absl::string_view positions) {
  return Refusal(absl::StatusCode::kAlreadyExists, "REQUEST_ERASED",
                 absl::StrCat("request ", request_id, " was done (", positions,
                              "), and what it asked was erased since, so whether this is the same "
                              "cannot be told; send what is new under a new id"),
                 {{"positions", std::string(positions)}});
}

absl::Status RequestRecovered(absl::string_view request_id, absl::string_view positions,
                              absl::string_view report_id, absl::string_view case_id) {
  return Refusal(
      absl::StatusCode::kAlreadyExists, "REQUEST_RECOVERED",
      absl::StrCat(
          "request ", request_id,
          " was done before this node was restored from a backup: its entries ", positions,
          " came back from others, what it asked did not, so whether this is the same "
          "cannot be told; look at what it wrote, and send what is missing under a new id"),
      {{"positions", std::string(positions)},
       {"report_id", std::string(report_id)},
       {"case_id", std::string(case_id)}});
}

}  // namespace selaras::domain
