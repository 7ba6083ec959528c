#include "services/runtime/known_fields.h"

#include <string>

#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "selaras/intake/v1/intake.pb.h"
#include "selaras/query/v1/query.pb.h"

namespace selaras::runtime {
namespace {

void AddUnknown(google::protobuf::Message* message, int number) {
  message->GetReflection()->MutableUnknownFields(message)->AddVarint(number, 1);
}

intake::v1::ExecuteBatchRequest Batch() {
  intake::v1::ExecuteBatchRequest batch;
  batch.mutable_header()->set_authority("bawaslu/13");
  batch.add_commands()->mutable_receive_report()->set_source("laporan");
  batch.add_commands()->mutable_refer_case();
  return batch;
}

TEST(KnownFields, PassWhenAllAreKnown) {
  EXPECT_TRUE(CheckAllKnown(Batch()).ok());
  EXPECT_TRUE(CheckAllKnown(intake::v1::ExecuteBatchRequest()).ok());
}

TEST(KnownFields, NameTheFieldThatIsNot) {
  intake::v1::ExecuteBatchRequest batch = Batch();
  AddUnknown(&batch, 99);
  EXPECT_EQ(CheckAllKnown(batch).message(),
            "request: unknown field 99 of selaras.intake.v1.ExecuteBatchRequest; this version does "
            "not know it");
}

TEST(KnownFields, NameThePathOfAFieldDeepInside) {
  intake::v1::ExecuteBatchRequest batch = Batch();
  AddUnknown(batch.mutable_commands(1)->mutable_refer_case(), 17);
  const absl::Status status = CheckAllKnown(batch);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "commands[1].refer_case: unknown field 17 of selaras.intake.v1.ReferCase; this version "
            "does not know it");
}

TEST(KnownFields, NameAnEnumerationsUnknownValue) {
  query::v1::ListCasesRequest request;
  request.set_state(static_cast<query::v1::CaseState>(4'711));
  EXPECT_EQ(CheckAllKnown(request).message(),
            "state: unknown value 4711 of selaras.query.v1.CaseState; this version does not know "
            "it");
  request.set_state(query::v1::CASE_STATE_REFERRED);
  EXPECT_TRUE(CheckAllKnown(request).ok());
}

}  // namespace
}  // namespace selaras::runtime
