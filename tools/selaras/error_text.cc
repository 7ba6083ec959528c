#include "tools/selaras/error_text.h"

#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "google/rpc/status.pb.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

// `google.rpc` codes say little to a person; these add what to do.
absl::string_view Cure(const absl::Status& status) {
  if (status.GetPayload(kDetailsUrl).has_value()) return "";  // the node said it itself
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return "is the node running, and is this its address? see: selaras status --node HOST:PORT";
    case absl::StatusCode::kDeadlineExceeded:
      return "it did not answer in time; give it longer with --timeout 60s";
    case absl::StatusCode::kUnimplemented:
      return "the node is of another version or role; see: selaras status";
    default:
      return "";
  }
}

void Line(absl::string_view label, absl::string_view text, std::vector<std::string>* lines) {
  const std::size_t pad = label.size() < 8 ? 8 - label.size() : 0;
  lines->push_back(absl::StrCat("  ", label, std::string(pad, ' '), " ", text));
}

}  // namespace

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails details;
  const auto payload = status.GetPayload(kDetailsUrl);
  google::rpc::Status wire;
  if (!payload || !wire.ParseFromString(std::string(*payload))) return details;
  for (const google::protobuf::Any& any : wire.details()) {
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&retry)) {
      details.retry_after = ToDuration(retry.retry_delay());
    } else if (!any.UnpackTo(&details.info) && !any.UnpackTo(&details.bad_request)) {
      any.UnpackTo(&details.precondition);
    }
  }
  return details;
}

std::string ErrorText(const absl::Status& status) {
  std::vector<std::string> lines;
  lines.emplace_back(status.message().empty() ? absl::StatusCodeToString(status.code())
                                              : std::string(status.message()));
  const ErrorDetails details = DetailsOf(status);
  if (!details.info.reason().empty()) Line("reason", details.info.reason(), &lines);
  for (const auto& field : details.bad_request.field_violations()) {
    const bool said = absl::StrContains(status.message(), field.description());
    Line("field", said ? field.field() : absl::StrCat(field.field(), ": ", field.description()),
         &lines);
  }
  for (const auto& rule : details.precondition.violations()) {
    Line("rule",
         absl::StrCat(rule.type(), rule.subject().empty() ? "" : absl::StrCat(" ", rule.subject()),
                      rule.description().empty() ? "" : ": ", rule.description()),
         &lines);
  }
  for (const auto& [name, value] : std::map<std::string, std::string>(
           details.info.metadata().begin(), details.info.metadata().end())) {
    const bool told = name == "field" && details.bad_request.field_violations_size() > 0;
    if (!value.empty() && !told) Line(name, value, &lines);
  }
  if (details.retry_after) {
    Line("retry", absl::StrCat("after ", absl::FormatDuration(*details.retry_after)), &lines);
  }
  if (const absl::string_view cure = Cure(status); !cure.empty()) lines.emplace_back(cure);
  return absl::StrJoin(lines, "\n");
}

std::string RefusalText(const absl::Status& status) {
  std::string text(status.message());
  const ErrorDetails details = DetailsOf(status);
  for (const auto& field : details.bad_request.field_violations()) {
    if (!absl::StrContains(text, field.field())) {
      absl::StrAppend(&text, " (", field.field(), ": ", field.description(), ")");
    }
  }
  for (char& c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return text;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  if (IsUsage(status)) return ExitCode::kUsage;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kUnreachable;
    case absl::StatusCode::kDataLoss:
      return ExitCode::kDifference;
    default:
      return ExitCode::kError;
  }
}

}  // namespace selaras::cli
