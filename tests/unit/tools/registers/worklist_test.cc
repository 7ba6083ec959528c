#include "tools/registers/worklist.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sample.h"

namespace selaras::registers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kCase[] = "235ce389-6dbf-866a-97c5-e641a50a6afd";

Cells Row(const Cells& changes = {}) {
  Cells cells;
  for (const absl::string_view column : WorklistColumns()) cells[std::string(column)] = "";
  cells["lembaga"] = "bkn";
  cells["id_kasus"] = kCase;
  cells["revisi"] = "3";
  for (const auto& [column, cell] : changes) cells[column] = cell;
  return cells;
}

template <typename Command>
Command OnlyCommand(const Plan& plan) {
  const auto* commands = std::get_if<std::vector<Command>>(&plan.commands);
  if (commands == nullptr || commands->size() != 1) {
    ADD_FAILURE() << "not one command of that role";
    return {};
  }
  return commands->front();
}

query::v1::WorkItem Item(absl::string_view case_id) {
  query::v1::WorkItem item;
  item.set_case_id(std::string(case_id));
  item.set_revision(3);
  item.set_state(query::v1::CASE_STATE_RECEIVED);
  item.mutable_since()->set_date("2025-02-19");
  item.set_due_on("2025-02-26");
  item.set_deadline("D-10");
  item.set_overdue(true);
  item.mutable_respondent()->set_name("=1+1, \"Citra\"\x1b[31m");
  item.add_allowed_commands("VerifyCase");
  item.add_allowed_commands("ReturnCase");
  return item;
}

TEST(Worklist, WhatWaitsForAnotherPartSaysSo) {
  query::v1::WorkItem item = Item(kCase);
  item.clear_allowed_commands();
  auto* part = item.add_awaits();
  part->set_log("bawaslu-ri");
  part->add_authorities("bawaslu/ri");
  EXPECT_THAT(WorklistCsv("bkn", {item}), HasSubstr("menunggu bagian bawaslu/ri (log bawaslu-ri)"));
}

TEST(Worklist, ATableAsItWasWrittenAsksForNothing) {
  const std::string csv = WorklistCsv("bkn", {Item(kCase)});
  EXPECT_THAT(csv, HasSubstr("VerifyCase ReturnCase"));
  EXPECT_THAT(csv, HasSubstr("\"'=1+1, \"\"Citra\"\" [31m\""));
  const Register read = ReadGood(csv);
  EXPECT_EQ(read.kind, Kind::kWorklist);
  EXPECT_THAT(read.rows, IsEmpty());
}

TEST(Worklist, AFilledInTableMakesTheSameRequestEachTime) {
  std::string csv = WorklistCsv("bkn", {Item(kCase)});
  // The officer fills in the last columns.
  csv.replace(csv.rfind(",,,,,,"), 6, ",VerifyCase,2025-02-20,,,ya,");
  const Register read = ReadGood(csv);
  ASSERT_EQ(read.rows.size(), 1U);
  const Plan plan = *PlansOf(read)[0];
  EXPECT_EQ(plan.authority, "bkn");
  EXPECT_EQ(plan.request_id, absl::StrCat("worklist:", kCase, ":3:VerifyCase:1"));
  EXPECT_FALSE(plan.look_up);
  const auto verify = OnlyCommand<referral::v1::ReferralCommand>(plan).verify_case();
  EXPECT_EQ(verify.case_id(), kCase);
  EXPECT_TRUE(verify.proven());
  EXPECT_EQ(verify.occurred_at().date(), "2025-02-20");
  EXPECT_EQ(PlansOf(ReadGood(csv))[0]->request_id, plan.request_id);
  EXPECT_NE(PlansOf(ReadGood(csv, {.generation = 2}))[0]->request_id, plan.request_id);
}

TEST(Worklist, EachColumnFillsTheFieldOfItsCommand) {
  const auto recommend = OnlyCommand<referral::v1::ReferralCommand>(
                             OnlyPlan(Kind::kWorklist, Row({{"perintah", "RecommendSanction"},
                                                            {"kode", "S-1"},
                                                            {"nomor", "R-7/2025"},
                                                            {"tujuan", "ppk/13.04"},
                                                            {"tanggal", "20/02/2025"}})))
                             .recommend_sanction();
  EXPECT_EQ(recommend.sanction(), "S-1");
  EXPECT_EQ(recommend.letter_number(), "R-7/2025");
  EXPECT_EQ(recommend.to(), "ppk/13.04");
  EXPECT_EQ(recommend.occurred_at().date(), "2025-02-20");

  const auto returned = OnlyCommand<referral::v1::ReferralCommand>(
                            OnlyPlan(Kind::kWorklist, Row({{"perintah", "ReturnCase"},
                                                           {"kode", "bukti_kurang + nip_salah"},
                                                           {"alasan", "Bukti belum lengkap."}})))
                            .return_case();
  EXPECT_THAT(returned.reasons(), ElementsAre("bukti_kurang", "nip_salah"));
  EXPECT_EQ(returned.reason_text(), "Bukti belum lengkap.");

  const auto objection =
      OnlyCommand<sanction::v1::SanctionCommand>(
          OnlyPlan(Kind::kWorklist, Row({{"lembaga", "ppk/13.04"},
                                         {"perintah", "DecideObjection"},
                                         {"kode", "route=keberatan; outcome=menolak"}})))
          .decide_objection();
  EXPECT_EQ(objection.route(), "keberatan");
  EXPECT_EQ(objection.outcome(), "menolak");

  const auto review =
      OnlyCommand<intake::v1::IntakeCommand>(
          OnlyPlan(Kind::kWorklist,
                   Row({{"lembaga", "bawaslu/13"}, {"perintah", "ReviewCase"}, {"kode", "tidak"}})))
          .review_case();
  EXPECT_EQ(review.case_ref().case_id(), kCase);
  EXPECT_FALSE(review.accepted());

  const auto receipt = OnlyCommand<intake::v1::IntakeCommand>(
                           OnlyPlan(Kind::kWorklist, Row({{"lembaga", "bawaslu/13"},
                                                          {"perintah", "ReceiveNotice"},
                                                          {"tanggal", "2025-02-20"}})))
                           .receive_notice();
  EXPECT_EQ(receipt.case_ref().case_id(), kCase);
  EXPECT_EQ(receipt.occurred_at().date(), "2025-02-20");
}

TEST(Worklist, ARowThatCannotBeMeantIsRefusedByItsColumn) {
  const auto verdict = [](const Cells& changes) { return Verdict(Kind::kWorklist, Row(changes)); };
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"kode", "ya"}}), "good");
  EXPECT_EQ(verdict({{"perintah", "DecideSanction"}}), "perintah: no command of this authority");
  EXPECT_EQ(verdict({{"perintah", "verify_case"}}), "perintah: no command of this authority");
  EXPECT_EQ(verdict({{"perintah", "OpenLegacyCase"}}), "perintah: is not about one case");
  EXPECT_EQ(verdict({{"perintah", "NoticeViolation"}, {"lembaga", "ppk/13.04"}}),
            "perintah: is not about one case");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"nomor", "7"}}), "nomor: VerifyCase takes none");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"kode", "mungkin"}}),
            "kode: proven is ya or tidak");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"kode", "case_id=x"}}),
            "kode: VerifyCase takes none");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"tanggal", "kemarin"}}), "tanggal: not a date");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"lembaga", "bkn2"}}),
            "lembaga: unknown authority");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"id_kasus", "235ce389"}}),
            "id_kasus: no case id");
  EXPECT_EQ(verdict({{"perintah", "VerifyCase"}, {"revisi", ""}}), "revisi: no number");
}

TEST(Worklist, SeveralCommandsOfACaseAreSeveralRowsButNoneTwice) {
  const Register read = ReadGood(
      FileOf(Kind::kWorklist, {Row({{"perintah", "VerifyCase"}, {"kode", "ya"}}),
                               Row({{"perintah", "AssignCase"}, {"tujuan", "wasdal-2"}}),
                               Row({{"perintah", "VerifyCase"}, {"kode", "tidak"}}),
                               Row({{"lembaga", "ppk/13.04"}, {"perintah", "RecordServed"}})}));
  EXPECT_EQ(PlansOf(read).size(), 2U);
  ASSERT_EQ(RefusalsOf(read).size(), 2U);
  EXPECT_EQ(RefusalsOf(read)[0]->why, "the same command of the case as in line 2");
  EXPECT_EQ(RefusalsOf(read)[1]->column, "lembaga");
}

}  // namespace
}  // namespace selaras::registers
