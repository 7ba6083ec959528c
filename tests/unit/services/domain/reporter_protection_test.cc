#include "services/domain/reporter_protection.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/refusal.h"
#include "tests/support/commands.h"
#include "tests/support/refusals.h"

namespace selaras::domain {
namespace {

using event::v1::PersonalPart;
using testing::HasSubstr;
using testing::Not;

constexpr char kDigest[] = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

class ReporterProtectionTest : public testing::Test {
 protected:
  ReporterProtectionTest() {
    auto* reporter = kept_.mutable_reporter();
    reporter->set_name("H. Budi Pen'yampai, S.Pd.");
    reporter->set_address("Jalan Kembang Sepatu No. 9, Jorong Piliang, Tanah Datar 27211");
    reporter->set_phone("0812 3456-7890 / (0752) 7654321");
    reporter->set_nik("1304011205800001");
    kept_.set_place("lapangan bola Nagari Uji");
    kept_.set_chronology("Terlihat membagikan kaus kepada warga.");
    kept_.add_evidence()->set_sha256(std::string(32, '\x5a'));
    *kept_.add_references() =
        Reference(event::v1::REFERENCE_KIND_REGISTER, "07/Reg/LP/PB/Kab/03.04/X/2024");
    respondent_.set_name("Citra Contoh");
    respondent_.set_position_title("Camat Uji");
    respondent_.set_agency("Pemerintah Kabupaten Tanah Datar");
    draft_.visibility = Visibility::kParty;
    draft_.fact.mutable_case_referred();
  }

  absl::Status Check() const {
    const std::vector<PersonalPart> kept = {PersonalPart(), kept_};
    return CheckTellsOfNoReporter(draft_, kept, respondent_, *test::ShippedCatalogue());
  }

  // The words of the refusal of a summary; empty if it may go.
  std::string Told(absl::string_view summary) {
    draft_.personal.emplace().set_summary(std::string(summary));
    return std::string(Check().message());
  }

  PersonalPart kept_;
  event::v1::Respondent respondent_;
  Draft draft_;
};

TEST_F(ReporterProtectionTest, ASummaryThatTellsOfNobodyGoes) {
  for (const char* summary : {
           "",
           "Diduga mendukung salah satu calon.",
           "Camat hadir di jalan raya Kabupaten Tanah Datar pada 05-10-2024.",
           "Menurut S.K. nomor 9, hal. 12/34, terlihat membagikan kaus.",
           "Kembangkan sikap netral; sepatutnya ditindak. Budiman tidak terkait.",
           "Nagari Uji",
           "Surat 07/Reg/LP",
       }) {
    EXPECT_EQ(Told(summary), "") << summary;
  }
}

TEST_F(ReporterProtectionTest, AWordOfTheNameIsRefusedHoweverItIsWritten) {
  for (const char* summary :
       {"Menurut Budi.", "menurut BUDI", "Budi-nya", "kata (budi)", "Penyampai", "Pen-yampai",
        "Penyam-\n  pai", "penyam\xC2\xADpai", "Pen\xE2\x80\x99yampai",
        "Bu\xE2\x80\x91"
        "di",
        "ditulis\xC2\xA0"
        "Budi"}) {
    EXPECT_THAT(Told(summary), HasSubstr("the name")) << summary;
  }
}

TEST_F(ReporterProtectionTest, LettersWithSignsHaveNoCase) {
  kept_.mutable_reporter()->set_name("RENÉ");
  EXPECT_THAT(Told("kata René."), HasSubstr("the name"));
  EXPECT_EQ(Told("kata Rene."), "");
}

TEST_F(ReporterProtectionTest, AWordOfTheAddressIsRefusedButNoneThatManyAddressesHave) {
  for (const char* summary : {"di Jalan Kembang", "warga piliang", "kode 27211"}) {
    EXPECT_THAT(Told(summary), HasSubstr("the address")) << summary;
  }
}

TEST_F(ReporterProtectionTest, ANumberIsRefusedHoweverItsDigitsAreGrouped) {
  for (const char* summary : {"081234567890", "HP +62 812-3456-7890.", "0812.3456.7890",
                              "telepon 0752-7654321", "8 1 2 3 4 5 6 7 8 9 0"}) {
    EXPECT_THAT(Told(summary), HasSubstr("the telephone number")) << summary;
  }
  EXPECT_THAT(Told("NIK 1304.0112.0580.0001"), HasSubstr("the NIK"));
}

TEST_F(ReporterProtectionTest, WhatElseThePrivateLogKeepsIsRefusedAsAWhole) {
  EXPECT_THAT(Told("Di Lapangan Bola, Nagari Uji."), HasSubstr("the place"));
  EXPECT_THAT(Told("Ia terlihat membagikan kaus kepada warga, siang hari."),
              HasSubstr("the chronology"));
  EXPECT_THAT(Told("Lihat 07/REG/LP/PB/KAB/03.04/X/2024"), HasSubstr("the number of the report"));
  EXPECT_THAT(Told(absl::StrCat("Bukti ", kDigest)), HasSubstr("the digest of evidence"));
}

TEST_F(ReporterProtectionTest, WhatTheRespondentIsCalledTellsOfNoReporter) {
  kept_.mutable_reporter()->set_name("Citra Datar");
  EXPECT_EQ(Told("Citra hadir di Tanah Datar."), "");
  respondent_.set_name("Dewi Contoh");
  EXPECT_THAT(Told("Citra hadir."), HasSubstr("the name"));
}

TEST_F(ReporterProtectionTest, APlaceThatOnlyNamesARegionTellsNothing) {
  kept_.set_place("Kabupaten Tanah Datar");
  EXPECT_EQ(Told("Di Kabupaten Tanah Datar."), "");
}

TEST_F(ReporterProtectionTest, TheFieldIsNamedAsTheCommandHasItAndTheWordIsNotRepeated) {
  const auto refused = [&] {
    const absl::Status status = Check();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(status), "RULE");
    EXPECT_THAT(status.ToString(), Not(HasSubstr("Budi")));
    return std::string(status.message());
  };
  draft_.personal.emplace().set_summary("Budi");
  EXPECT_THAT(refused(), testing::StartsWith("summary: "));
  draft_.personal.emplace().set_reason_text("Budi");
  EXPECT_THAT(refused(), testing::StartsWith("reason_text: "));
  draft_.fact.mutable_fact_voided();
  EXPECT_THAT(refused(), testing::StartsWith("reason: "));
  draft_.fact.mutable_fact_corrected();
  EXPECT_THAT(refused(), testing::StartsWith("reason: "));
  draft_.personal.emplace().set_summary("Budi");
  EXPECT_THAT(refused(), testing::StartsWith("new_personal.summary: "));
}

TEST_F(ReporterProtectionTest, ALetterMayNotHaveTheNumberOfTheReport) {
  const auto with = [&](event::v1::ReferenceKind kind, absl::string_view raw) {
    *draft_.personal.emplace().add_references() = Reference(kind, raw);
    return std::string(Check().message());
  };
  EXPECT_EQ(with(event::v1::REFERENCE_KIND_LETTER, "021/PP.00.02/BUDI/10/2024"), "");
  EXPECT_THAT(with(event::v1::REFERENCE_KIND_LETTER, "07/reg/lp/pb/kab/03.04/x/2024"),
              testing::StartsWith("letter_number: "));
  EXPECT_THAT(with(event::v1::REFERENCE_KIND_SBT, "07/reg/lp/pb/kab/03.04/x/2024"),
              testing::StartsWith("references: "));
}

TEST_F(ReporterProtectionTest, WithoutAReportHereThereIsNothingToFind) {
  draft_.personal.emplace().set_summary("Budi");
  EXPECT_TRUE(CheckTellsOfNoReporter(draft_, {}, respondent_, *test::ShippedCatalogue()).ok());
}

TEST_F(ReporterProtectionTest, OfATimeTheDayInItsZoneIsLeft) {
  draft_.occurred_at.emplace().mutable_instant()->set_seconds(1'724'430'600);  // 16:30 UTC
  draft_.occurred_at->set_zone("WITA");
  auto* corrected = draft_.fact.mutable_fact_corrected()->mutable_new_occurred_at();
  corrected->mutable_instant()->set_seconds(1'724'430'600);
  KeepDaysOnly(&draft_);
  EXPECT_EQ(draft_.occurred_at->date(), "2024-08-24");
  EXPECT_EQ(draft_.occurred_at->zone(), "WITA");
  EXPECT_EQ(draft_.fact.fact_corrected().new_occurred_at().date(), "2024-08-23");
  EXPECT_FALSE(draft_.occurred_at->has_instant());
}

TEST_F(ReporterProtectionTest, WhatIsNotRecordedStaysSo) {
  KeepDaysOnly(&draft_);
  EXPECT_FALSE(draft_.occurred_at.has_value());
  draft_.fact.mutable_fact_corrected();
  KeepDaysOnly(&draft_);
  EXPECT_FALSE(draft_.fact.fact_corrected().has_new_occurred_at());
}

}  // namespace
}  // namespace selaras::domain
