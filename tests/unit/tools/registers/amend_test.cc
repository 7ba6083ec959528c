#include "tools/registers/amend.h"

#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "played.h"
#include "sample.h"
#include "tools/registers/join.h"

namespace selaras::registers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kCase[] = "3f2a9c1e-0000-8000-8000-000000000000";

Plan About(Kind kind, const Cells& cells) {
  Plan plan = OnlyPlan(kind, cells);
  plan.SetCase(kCase);
  return plan;
}

// A node that has imported the row. The recommendation of a BKPSDM's row was made by BKN.
Played Imported(Kind kind, const Cells& cells) {
  const Plan plan = About(kind, cells);
  Played played(plan.authority, plan.acting_for);
  played.Play(plan.commands);
  return played;
}

// Where the two facts of a report stand.
constexpr std::uint64_t kOpening = 70;
constexpr std::uint64_t kDetails = 80;

// The report as the row of Bawaslu gives it, but for what a test changes in the row.
query::v1::Report ReportOf(const Cells& cells) {
  const Plan plan = OnlyPlan(Kind::kBawaslu, cells);
  const auto& row = std::get<BawasluRow>(plan.row);
  query::v1::Report report;
  report.set_report_id("77aa01bc-0000-8000-8000-000000000000");
  auto* opening = report.add_steps();
  opening->mutable_position()->set_sequence(kOpening);
  opening->mutable_occurred_at()->set_date(row.received_on->ToIso());
  opening->mutable_fact()->mutable_report_received()->set_election(row.election);
  opening->mutable_fact()->mutable_report_received()->set_region(row.region);
  auto* details = report.add_steps();
  details->mutable_position()->set_sequence(kDetails);
  details->mutable_fact()->mutable_report_details_recorded()->set_source(row.source);
  report.set_source(row.source);
  report.set_register_number(row.register_number);
  report.mutable_received_at()->set_date(row.received_on->ToIso());
  report.set_known_on(row.known_on ? row.known_on->ToIso() : "");
  report.mutable_reporter()->set_name(row.reporter_name);
  report.mutable_reporter()->set_address(row.reporter_address);
  report.mutable_reporter()->set_phone(row.reporter_phone);
  report.set_place(row.place);
  report.set_chronology(row.chronology);
  report.add_evidence()->set_sha256(row.evidence_sha256);
  return report;
}

class AmendTest : public testing::Test {
 protected:
  AmendmentPlan PlanFor(Kind kind, const Played& played, const Cells& now) {
    return PlanAmendment(About(kind, now), Recorded{Shown(played), played.Timeline(), nullptr});
  }

  // What an amendment of a case with its report comes to.
  Amendment WithReport(const Played& played, const query::v1::Report& report, const Cells& now) {
    AmendmentPlan planned = PlanAmendment(About(Kind::kBawaslu, BawasluCells(now)),
                                          Recorded{Shown(played), played.Timeline(), &report});
    if (const auto* cannot = std::get_if<CannotAmend>(&planned)) {
      ADD_FAILURE() << cannot->column << ": " << cannot->why;
      return {};
    }
    return std::get<Amendment>(std::move(planned));
  }

  // What else the case shows: motives, and to whom BKN has sent it.
  const query::v1::Case& Shown(const Played& played) {
    shown_ = played.Case();
    shown_.clear_motives();
    return shown_;
  }

  // Amends and looks again: nothing may be left. Gives the names of the commands.
  std::vector<std::string> Amended(Kind kind, Played played, const Cells& now) {
    AmendmentPlan planned = PlanFor(kind, played, now);
    if (const auto* cannot = std::get_if<CannotAmend>(&planned)) {
      return {absl::StrCat(cannot->column, ": ", cannot->why)};
    }
    const auto& amendment = std::get<Amendment>(planned);
    played.Play(amendment.commands);
    const AmendmentPlan again = PlanFor(kind, played, now);
    EXPECT_TRUE(std::holds_alternative<Amendment>(again))
        << std::get<CannotAmend>(again).column << ": " << std::get<CannotAmend>(again).why;
    if (const auto* left = std::get_if<Amendment>(&again)) {
      EXPECT_THAT(NamesOf(left->commands), IsEmpty());
    }
    return NamesOf(amendment.commands);
  }

  static std::vector<std::string> NamesOf(const Commands& commands) {
    std::vector<std::string> names;
    std::visit(
        [&](const auto& list) {
          for (const auto& command : list) {
            const auto* reflection = command.GetReflection();
            names.push_back(
                reflection->GetOneofFieldDescriptor(command, command.GetDescriptor()->oneof_decl(0))
                    ->name());
          }
        },
        commands);
    return names;
  }

  query::v1::Case shown_;
};

TEST_F(AmendTest, ARowThatSaysWhatIsRecordedChangesNothing) {
  for (const Kind kind : {Kind::kBawaslu, Kind::kBkn}) {
    const Cells cells = kind == Kind::kBawaslu ? BawasluCells({{"modus", ""}}) : BknCells();
    EXPECT_THAT(Amended(kind, Imported(kind, cells), cells), IsEmpty());
  }
}

TEST_F(AmendTest, WhatACorrectionMayChangeIsCorrectedWhereverItWasStated) {
  const Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  EXPECT_THAT(Amended(Kind::kBawaslu, played, BawasluCells({{"modus", ""}, {"golongan", "III/c"}})),
              ElementsAre("correct_fact", "correct_fact"));  // the naming, and the referral
  EXPECT_THAT(
      Amended(Kind::kBawaslu, played, BawasluCells({{"modus", ""}, {"kode_pelanggaran", "KE-05"}})),
      ElementsAre("correct_fact", "correct_fact"));  // the conclusion, and the referral
  EXPECT_THAT(Amended(Kind::kBkn, Imported(Kind::kBkn, BknCells()),
                      BknCells({{"nomor_agenda", "AG-0002/2024"}})),
              ElementsAre("correct_fact"));
}

TEST_F(AmendTest, ANumberThatIsOnlyWrittenInAnotherWayIsTheSame) {
  EXPECT_THAT(Amended(Kind::kBkn, Imported(Kind::kBkn, BknCells()),
                      BknCells({{"nomor_agenda", "Nomor ag-0001 / 2024"}})),
              IsEmpty());
  const Played played = Imported(Kind::kBkn, BknCells());
  EXPECT_THAT(
      Amended(Kind::kBkn, played, BknCells({{"nomor_rekomendasi", "r-1 / B-AK.02.02/SD/F/2024"}})),
      IsEmpty());
}

TEST_F(AmendTest, AnotherOutcomeIsTakenBackNewestFirstAndStatedAnew) {
  const Cells dismissed = BknCells({{"hasil_verifikasi", "tidak_terbukti"},
                                    {"alasan", "bukan ASN"},
                                    {"nomor_rekomendasi", ""},
                                    {"kode_sanksi_rekomendasi", ""},
                                    {"kode_wilayah_ppk", ""}});
  EXPECT_THAT(Amended(Kind::kBkn, Imported(Kind::kBkn, BknCells()), dismissed),
              ElementsAre("void_fact", "void_fact", "dismiss_case"));
  EXPECT_THAT(Amended(Kind::kBkn, Imported(Kind::kBkn, dismissed), BknCells()),
              ElementsAre("void_fact", "verify_case", "recommend_sanction"));
}

TEST_F(AmendTest, ARowThatWentOnIsOnlyContinued) {
  const Cells begun = BawasluCells(
      {{"modus", ""}, {"hasil", "proses"}, {"tanggal_hasil", ""}, {"nomor_surat_penerusan", ""}});
  EXPECT_THAT(
      Amended(Kind::kBawaslu, Imported(Kind::kBawaslu, begun), BawasluCells({{"modus", ""}})),
      ElementsAre("conclude_case", "refer_case"));
}

TEST_F(AmendTest, ARespondentWhoIsIdentifiedLaterIsIdentifiedBeforeTheReferral) {
  const Cells open = BawasluCells({{"modus", ""},
                                   {"terlapor_nip", ""},
                                   {"hasil", "proses"},
                                   {"tanggal_hasil", ""},
                                   {"nomor_surat_penerusan", ""}});
  EXPECT_THAT(
      Amended(Kind::kBawaslu, Imported(Kind::kBawaslu, open), BawasluCells({{"modus", ""}})),
      ElementsAre("identify_respondent", "conclude_case", "refer_case"));
  EXPECT_THAT(
      Amended(Kind::kBawaslu, Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}})), open),
      ElementsAre(HasSubstr("a NIP that was recorded is not taken away")));
}

TEST_F(AmendTest, WhatStandsInTheReportIsCorrectedThere) {
  const Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  query::v1::Report report = ReportOf(BawasluCells());
  const std::vector<std::tuple<std::string, std::string, std::uint64_t, std::string>> rows = {
      {"uraian", "Lain", kDetails, "personal.chronology"},
      {"pelapor_telepon", "080000000003", kDetails, "personal.reporter.phone"},
      {"tempat_kejadian", "balai", kDetails, "personal.place"},
      {"bukti_sha256", std::string(64, '1'), kDetails, "personal.evidence"},
      {"sumber", "temuan", kDetails, "source"},
      {"tanggal_diketahui", "2024-09-09", kDetails, "known_on"},
      {"tanggal_diterima", "2024-09-13", kOpening, "occurred_at"}};
  for (const auto& [column, value, sequence, path] : rows) {
    const Amendment amendment = WithReport(played, report, {{"modus", ""}, {column, value}});
    EXPECT_TRUE(amendment.beside_section) << column;
    EXPECT_THAT(NamesOf(amendment.commands), ElementsAre("correct_fact")) << column;
    const auto& command =
        std::get<std::vector<intake::v1::IntakeCommand>>(amendment.commands).at(0).correct_fact();
    EXPECT_EQ(command.report_id(), report.report_id()) << column;
    EXPECT_EQ(command.case_id(), "") << column;
    EXPECT_EQ(command.position().sequence(), sequence) << column;
    EXPECT_THAT(command.fields().paths(), ElementsAre(path)) << column;
    EXPECT_NE(command.reason(), "") << column;
  }
}

TEST_F(AmendTest, AnotherElectionIsCorrectedInTheReportAndWhereverItIsRestated) {
  const Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  const Amendment amendment =
      WithReport(played, ReportOf(BawasluCells()), {{"modus", ""}, {"pemilihan", "PEMILU-2024"}});
  EXPECT_THAT(NamesOf(amendment.commands),
              ElementsAre("correct_fact", "correct_fact", "correct_fact"))
      << "report, naming and referral";
}

TEST_F(AmendTest, ReportAndCaseAreAmendedInOneBatchTheReportFirst) {
  const Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  const Amendment amendment = WithReport(
      played, ReportOf(BawasluCells()), {{"modus", ""}, {"uraian", "Lain"}, {"golongan", "III/c"}});
  const auto& commands = std::get<std::vector<intake::v1::IntakeCommand>>(amendment.commands);
  ASSERT_EQ(commands.size(), 3U);
  EXPECT_NE(commands[0].correct_fact().report_id(), "");
  EXPECT_EQ(commands[1].correct_fact().case_id(), kCase);
}

TEST_F(AmendTest, ACaseThatWentRoundTwiceHasItsReportCorrectedAllTheSame) {
  Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  event::v1::Fact again;
  again.mutable_case_concluded()->add_violations_found("KE-04");
  played.Note(again);
  EXPECT_THAT(
      NamesOf(WithReport(played, ReportOf(BawasluCells()), {{"modus", ""}, {"uraian", "Lain"}})
                  .commands),
      ElementsAre("correct_fact"));
}

TEST_F(AmendTest, MotivesAreCorrectedIfAnyWereRecorded) {
  const Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  query::v1::Case shown = Shown(played);
  const Cells now = BawasluCells({{"modus", "karier"}});
  const auto planned = [&] {
    return PlanAmendment(About(Kind::kBawaslu, now), Recorded{shown, played.Timeline(), nullptr});
  };
  shown.set_report_id("77aa01bc-0000-8000-8000-000000000000");
  EXPECT_EQ(std::get<CannotAmend>(planned()).column, "modus");
  shown.mutable_details()->set_log("bawaslu-13.private");
  const auto amendment = std::get<Amendment>(planned());
  const auto& commands = std::get<std::vector<intake::v1::IntakeCommand>>(amendment.commands);
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_EQ(commands[0].correct_fact().case_id(), kCase);
  EXPECT_THAT(commands[0].correct_fact().new_fact().case_details_recorded().motives(),
              ElementsAre("karier"));
}

TEST_F(AmendTest, WhatTheRegisterCannotSayOfTheReportIsRefusedWithItsColumn) {
  const Played played = Imported(Kind::kBawaslu, BawasluCells({{"modus", ""}}));
  query::v1::Report report = ReportOf(BawasluCells());
  report.add_evidence()->set_sha256(std::string(32, '2'));
  const AmendmentPlan planned = PlanAmendment(About(Kind::kBawaslu, BawasluCells({{"modus", ""}})),
                                              Recorded{Shown(played), played.Timeline(), &report});
  ASSERT_TRUE(std::holds_alternative<CannotAmend>(planned));
  EXPECT_EQ(std::get<CannotAmend>(planned).column, "bukti_sha256");
}

TEST_F(AmendTest, WhatNoRegisterStatesIsNeverTakenBack) {
  Played played = Imported(Kind::kBkn, BknCells());
  event::v1::Fact warned;
  warned.mutable_ppk_warned();
  played.Note(warned);
  EXPECT_THAT(Amended(Kind::kBkn, played,
                      BknCells({{"nomor_rekomendasi", ""},
                                {"kode_sanksi_rekomendasi", ""},
                                {"kode_wilayah_ppk", ""}})),
              ElementsAre(HasSubstr("the case has gone on with ppk_warned")));
  // What can be corrected below it still is.
  EXPECT_THAT(Amended(Kind::kBkn, played, BknCells({{"tanggal_terima", "2024-09-17"}})),
              ElementsAre("correct_fact"));
}

TEST_F(AmendTest, ACaseThatWentRoundTwiceIsLeftToPeople) {
  Played played = Imported(Kind::kBkn, BknCells());
  event::v1::Fact again;
  again.mutable_case_received();
  played.Note(again);
  EXPECT_THAT(Amended(Kind::kBkn, played, BknCells({{"kode_sanksi_rekomendasi", "M-B"}})),
              ElementsAre(HasSubstr("went round more than once")));
}

// The obvious reference is the node itself: whatever a row said before and says now, after the
// amendment the node shows what the row says, and a second amendment has nothing to do.
TEST_F(AmendTest, AnyRowBecomesAnyOther) {
  const std::vector<Cells> rows = {
      BknCells(),
      BknCells({{"lembaga", "KASN"}}),
      BknCells({{"tanggal_terima", ""}, {"tanggal_verifikasi", ""}}),
      BknCells(
          {{"nomor_rekomendasi", ""}, {"kode_sanksi_rekomendasi", ""}, {"kode_wilayah_ppk", ""}}),
      BknCells({{"kode_sanksi_rekomendasi", "M-B"}, {"nomor_rekomendasi", "R-2/2024"}}),
      BknCells({{"kode_wilayah_ppk", "13.05"}}),
      BknCells({{"hasil_verifikasi", ""},
                {"tanggal_verifikasi", ""},
                {"nomor_rekomendasi", ""},
                {"kode_sanksi_rekomendasi", ""},
                {"kode_wilayah_ppk", ""}}),
      BknCells({{"hasil_verifikasi", "dikembalikan"},
                {"alasan", "bukti belum lengkap"},
                {"nomor_rekomendasi", ""},
                {"kode_sanksi_rekomendasi", ""},
                {"kode_wilayah_ppk", ""}}),
      BknCells({{"hasil_verifikasi", "tidak_terbukti"},
                {"alasan", "kurang bukti"},
                {"nomor_rekomendasi", ""},
                {"kode_sanksi_rekomendasi", ""},
                {"kode_wilayah_ppk", ""}}),
  };
  for (std::size_t from = 0; from < rows.size(); ++from) {
    for (std::size_t to = 0; to < rows.size(); ++to) {
      SCOPED_TRACE(absl::StrCat(from, " -> ", to));
      const Plan plan = About(Kind::kBkn, rows[to]);
      const Plan before = About(Kind::kBkn, rows[from]);
      if (plan.acting_for != before.acting_for) continue;  // played for one body only
      EXPECT_THAT(Amended(Kind::kBkn, Imported(Kind::kBkn, rows[from]), rows[to]),
                  testing::Not(ElementsAre(HasSubstr(": "))));
    }
  }
}

TEST_F(AmendTest, AnyRowOfBawasluBecomesAnyOtherOfThatPerson) {
  const Cells base = {{"modus", ""}};
  const auto with = [&](Cells more) {
    more.insert(base.begin(), base.end());
    return BawasluCells(more);
  };
  const std::vector<Cells> rows = {
      with({}),
      with({{"golongan", "IV/a"}, {"terlapor_jabatan", "Camat"}, {"tanggal_kejadian", ""}}),
      with({{"nomor_surat_penerusan", "002/PP.00.02/2024"}, {"tanggal_hasil", "2024-09-18"}}),
      with({{"tanggal_kajian_awal", ""}}),
      with({{"hasil", "proses"}, {"tanggal_hasil", ""}, {"nomor_surat_penerusan", ""}}),
      with({{"hasil", "tidak_diterima"}, {"nomor_surat_penerusan", ""}}),
      with({{"hasil", "bukan_pelanggaran"}, {"nomor_surat_penerusan", ""}}),
      with({{"hasil", ""},
            {"tanggal_hasil", ""},
            {"tanggal_kajian_awal", ""},
            {"nomor_surat_penerusan", ""}}),
      with({{"kode_pelanggaran", "KE-05"}}),
  };
  for (std::size_t from = 0; from < rows.size(); ++from) {
    for (std::size_t to = 0; to < rows.size(); ++to) {
      SCOPED_TRACE(absl::StrCat(from, " -> ", to));
      EXPECT_THAT(Amended(Kind::kBawaslu, Imported(Kind::kBawaslu, rows[from]), rows[to]),
                  testing::Not(ElementsAre(HasSubstr(": "))));
    }
  }
}

TEST_F(AmendTest, AnUndoTakesBackNewestFirstAndLeavesTheOpening) {
  const Cells cells = BawasluCells({{"modus", ""}});
  Played played = Imported(Kind::kBawaslu, cells);
  const Plan plan = About(Kind::kBawaslu, cells);
  AmendmentPlan undo =
      PlanUndo(plan, Recorded{Shown(played), played.Timeline(), nullptr}, "batch 1");
  ASSERT_TRUE(std::holds_alternative<Amendment>(undo));
  EXPECT_THAT(NamesOf(std::get<Amendment>(undo).commands),
              ElementsAre("void_fact", "void_fact", "void_fact"));
  played.Play(std::get<Amendment>(undo).commands);
  undo = PlanUndo(plan, Recorded{Shown(played), played.Timeline(), nullptr}, "batch 1");
  EXPECT_THAT(NamesOf(std::get<Amendment>(undo).commands), IsEmpty());
  EXPECT_THAT(Amended(Kind::kBawaslu, played, cells),
              ElementsAre("review_case", "conclude_case", "refer_case"));
}

TEST_F(AmendTest, AnUndoOfWhatSaysSomethingElseByNowIsRefused) {
  const Played played = Imported(Kind::kBkn, BknCells({{"nomor_agenda", "AG-7/2024"}}));
  const AmendmentPlan undo =
      PlanUndo(About(Kind::kBkn, BknCells()), Recorded{Shown(played), played.Timeline(), nullptr},
               "batch 1");
  ASSERT_TRUE(std::holds_alternative<CannotAmend>(undo));
  EXPECT_EQ(std::get<CannotAmend>(undo).column, "nomor_agenda");
}

TEST_F(AmendTest, AGenerationHasAnIdOfItsOwnThatNamesNoPerson) {
  query::v1::Case the_case;
  the_case.set_case_id(kCase);
  the_case.set_revision(~std::uint64_t{0});
  EXPECT_EQ(AmendedId({}, the_case, 4), absl::StrCat("register-case:", kCase, ":5"));
  EXPECT_NE(AmendedId({}, the_case, 4), AmendedId({}, the_case, 5));
  const Amendment of_report{.beside_section = true};
  EXPECT_LE(AmendedId(of_report, the_case, ~std::uint64_t{0} - 1).size(), 128U);
  const std::string before = AmendedId(of_report, the_case, 4);
  the_case.set_revision(7);
  EXPECT_NE(AmendedId(of_report, the_case, 4), before) << "the section stands where it stood";
}

TEST(Join, ARowFindsItsCaseByNumberAndPersonInThisOrder) {
  const auto keys = JoinKeys(OnlyPlan(Kind::kBawaslu, BawasluCells()).row);
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].kind, event::v1::REFERENCE_KIND_REGISTER);
  EXPECT_EQ(keys[0].nip, "198710132011061025");
  EXPECT_EQ(keys[1].nip, "");
  EXPECT_EQ(keys[2].kind, event::v1::REFERENCE_KIND_REFERRAL_LETTER);
  EXPECT_EQ(JoinKeys(OnlyPlan(Kind::kBkn, BknCells()).row).size(), 1U);
}

TEST(Join, APersonIsTheSameByNipOrByNameNeverByNumberAlone) {
  const Row row = OnlyPlan(Kind::kBawaslu, BawasluCells()).row;
  query::v1::Case recorded;
  EXPECT_FALSE(IsOfPerson(row, recorded));
  recorded.mutable_respondent()->set_name("WAHYU CONTOH ");
  EXPECT_TRUE(IsOfPerson(row, recorded));
  recorded.mutable_respondent()->set_name("Lain");
  EXPECT_FALSE(IsOfPerson(row, recorded));
  recorded.mutable_respondent()->set_nip("198710132011061025");
  EXPECT_TRUE(IsOfPerson(row, recorded));
  recorded.mutable_respondent()->set_name("Wahyu Contoh");
  recorded.mutable_respondent()->set_nip("198710132011061052");  // mistyped
  EXPECT_TRUE(IsOfPerson(row, recorded));
  recorded.mutable_respondent()->set_nip("199001012015061025");  // somebody of the same name
  EXPECT_FALSE(IsOfPerson(row, recorded));
}

}  // namespace
}  // namespace selaras::registers
