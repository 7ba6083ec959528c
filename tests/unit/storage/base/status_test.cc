#include "storage/base/status.h"

#include <map>
#include <memory>
#include <string>

#include "absl/strings/cord.h"
#include <gtest/gtest.h>

namespace selaras::base {
namespace {

TEST(Annotate, KeepsCodeAndPayloads) {
  absl::Status status = absl::AbortedError("stale");
  status.SetPayload("type/a", absl::Cord("one"));
  status.SetPayload("type/b", absl::Cord("two"));
  const absl::Status annotated = Annotate(status, "case 7");
  EXPECT_EQ(annotated.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(annotated.message(), "case 7: stale");
  EXPECT_EQ(annotated.GetPayload("type/a"), absl::Cord("one"));
  EXPECT_EQ(annotated.GetPayload("type/b"), absl::Cord("two"));
}

TEST(Annotate, LeavesOkAlone) { EXPECT_EQ(Annotate(absl::OkStatus(), "x"), absl::OkStatus()); }

absl::Status FailIf(bool fail) { return fail ? absl::NotFoundError("gone") : absl::OkStatus(); }
absl::StatusOr<std::unique_ptr<int>> Make(bool fail) {
  RETURN_IF_ERROR(FailIf(fail));
  return std::make_unique<int>(7);
}
absl::StatusOr<std::map<int, int>> MakeMap() { return std::map<int, int>{{1, 2}}; }

absl::Status TwoSteps(bool first, bool second, int* reached) {
  RETURN_IF_ERROR(FailIf(first));
  *reached = 1;
  RETURN_IF_ERROR(Make(second));
  *reached = 2;
  return absl::OkStatus();
}

TEST(ReturnIfError, StopsAtTheFirstErrorOfAStatusOrStatusOr) {
  int reached = 0;
  EXPECT_EQ(TwoSteps(true, false, &reached), absl::NotFoundError("gone"));
  EXPECT_EQ(reached, 0);
  EXPECT_EQ(TwoSteps(false, true, &reached), absl::NotFoundError("gone"));
  EXPECT_EQ(reached, 1);
  EXPECT_EQ(TwoSteps(false, false, &reached), absl::OkStatus());
  EXPECT_EQ(reached, 2);
}

absl::StatusOr<int> Sum(bool fail) {
  ASSIGN_OR_RETURN(const std::unique_ptr<int> one, Make(false));
  std::unique_ptr<int> two;
  ASSIGN_OR_RETURN(two, Make(fail));
  ASSIGN_OR_RETURN(const auto map, MakeMap());
  return *one + *two + map.at(1);
}

TEST(AssignOrReturn, MovesTheValueOrReturnsTheError) {
  EXPECT_EQ(Sum(true).status(), absl::NotFoundError("gone"));
  EXPECT_EQ(Sum(false).value(), 16);
}

}  // namespace
}  // namespace selaras::base
