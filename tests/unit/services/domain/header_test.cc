#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/decide.h"
#include "tests/support/commands.h"
#include "tests/support/refusals.h"

namespace selaras::domain {
namespace {

using command::v1::CommandHeader;

std::string Fault(const std::function<void(CommandHeader&)>& spoil) {
  CommandHeader header = test::HeaderOf("bkn", "surat-1/2024");
  spoil(header);
  const absl::Status status = CheckHeader(header, *test::ShippedCatalogue());
  return status.ok() ? "none" : test::FieldIn(status);
}

TEST(Header, IsAcceptedAsABackOfficeSendsIt) {
  EXPECT_EQ(Fault([](CommandHeader&) {}), "none");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_acting_for("kasn"); }), "none");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.mutable_officer()->set_mandate("plt"); }), "none");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.clear_officer(); }), "none");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_request_id(std::string(128, '~')); }), "none");
}

TEST(Header, EveryBadFieldIsNamed) {
  EXPECT_EQ(Fault([](CommandHeader& h) { h.clear_request_id(); }), "header.request_id");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_request_id("a b"); }), "header.request_id");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_request_id("sur\xc3\xa1t"); }), "header.request_id");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_request_id(std::string(129, 'x')); }),
            "header.request_id");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_authority("bkd"); }), "header.authority");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.clear_authority(); }), "header.authority");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_acting_for("ppk/13"); }), "header.acting_for");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_acting_for("?"); }), "header.acting_for");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.set_trace_id(std::string(65, 'x')); }),
            "header.trace_id");
  EXPECT_EQ(
      Fault([](CommandHeader& h) { h.mutable_officer()->set_officer_id(std::string(65, '1')); }),
      "header.officer.officer_id");
  EXPECT_EQ(Fault([](CommandHeader& h) { h.mutable_officer()->set_mandate("raja"); }),
            "header.officer.mandate");
}

TEST(Day, OfATimeIsThatOfTheOfficesZone) {
  event::v1::When when;
  EXPECT_EQ(DayOf(when), "");
  when.mutable_instant()->set_seconds(1'724'430'600);  // 2024-08-23 16:30 UTC
  EXPECT_EQ(DayOf(when), "2024-08-23");
  when.set_zone("WITA");
  EXPECT_EQ(DayOf(when), "2024-08-24");
  when.set_date("2024-01-02");
  EXPECT_EQ(DayOf(when), "2024-01-02");
}

TEST(Day, AnInstantMustBeATime) {
  event::v1::When when;
  when.mutable_instant()->set_seconds(253'402'300'800);
  EXPECT_EQ(test::FieldIn(CheckWhen("occurred_at", when)), "occurred_at.instant");
  when.mutable_instant()->set_seconds(0);
  when.mutable_instant()->set_nanos(1'000'000'000);
  EXPECT_EQ(test::FieldIn(CheckWhen("occurred_at", when)), "occurred_at.instant");
}

}  // namespace
}  // namespace selaras::domain
