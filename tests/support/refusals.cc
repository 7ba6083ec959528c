#include "tests/support/refusals.h"

#include "absl/strings/str_cat.h"

#include "google/rpc/error_details.pb.h"

namespace selaras::test {
namespace {

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload =
      status.GetPayload(absl::StrCat("type.googleapis.com/", detail.GetTypeName()));
  if (payload.has_value() && !detail.ParseFromString(std::string(*payload))) detail.Clear();
  return detail;
}

}  // namespace

std::string ReasonIn(const absl::Status& status) {
  return DetailOf<google::rpc::ErrorInfo>(status).reason();
}

std::map<std::string, std::string> MetadataIn(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return {info.metadata().begin(), info.metadata().end()};
}

std::string FieldIn(const absl::Status& status) {
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  return bad.field_violations_size() == 1 ? bad.field_violations(0).field() : std::string();
}

std::string PreconditionIn(const absl::Status& status) {
  const auto failure = DetailOf<google::rpc::PreconditionFailure>(status);
  if (failure.violations_size() != 1) return {};
  const auto& violation = failure.violations(0);
  return absl::StrCat(violation.type(), " ", violation.subject(), ": ", violation.description());
}

}  // namespace selaras::test
