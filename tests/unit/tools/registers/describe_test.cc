#include "tools/registers/describe.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "sample.h"
#include "tools/registers/register.h"

namespace selaras::registers {

std::ostream& operator<<(std::ostream& out, const Difference& each) {
  return out << each.column << ": " << each.recorded << " -> " << each.in_file;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename Message>
Message Parsed(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

auto Is(const std::string& column, const std::string& recorded, const std::string& in_file) {
  return testing::AllOf(testing::Field(&Difference::column, column),
                        testing::Field(&Difference::recorded, recorded),
                        testing::Field(&Difference::in_file, in_file));
}

// A node that holds exactly what the sample rows state.
query::v1::Case RecordedCase() {
  return Parsed<query::v1::Case>(R"pb(
    state: CASE_STATE_OBJECTED
    since { date: "2025-01-20" }
    parties: "bawaslu/13"
    parties: "bkn"
    parties: "ppk/13.04"
    election: "PILKADA-2024"
    incident_on: "2024-09-06"
    agency_region: "13.04"
    employment_status: "PNS"
    position_kind: "pengawas"
    rank: "III/d"
    motives: "persaudaraan"
    motives: "karier"
    respondent {
      name: "Wahyu Contoh"
      nip: "198710132011061025"
      position_title: "Kepala Seksi"
      agency: "Pemerintah Kabupaten Tanah Datar"
    }
    personal: PERSONAL_STATE_OPEN
    violations_found: "KE-04"
    sanction_recommended: "M-T"
    sanction_imposed: "M-T"
    blockers: "pejabat_plt"
    objected: true
    references { kind: REFERENCE_KIND_REFERRAL_LETTER raw: "001/PP.00.02/K.03.19/09/2024" }
    references { kind: REFERENCE_KIND_AGENDA raw: "AG-0001/2024" }
    references { kind: REFERENCE_KIND_RECOMMENDATION_LETTER raw: "R-1/B-AK.02.02/SD/F/2024" }
    references { kind: REFERENCE_KIND_AGENDA raw: "001/2024" }
    references { kind: REFERENCE_KIND_DECREE raw: "800/1/BKPSDM/2025" })pb");
}

query::v1::Report RecordedReport() {
  query::v1::Report report = Parsed<query::v1::Report>(R"pb(
    source: "laporan"
    election: "PILKADA-2024"
    region: "13.04"
    register_number: "01/Reg/LP/PB/Kab/03.19/IX/2024"
    received_at { date: "2024-09-14" }
    known_on: "2024-09-08"
    reporter { name: "Indra Contoh" address: "Jorong 1, Tanah Datar" phone: "080000000001" }
    place: "halaman kantor camat"
    chronology: "Diduga interaksi akun")pb");
  report.add_evidence()->set_sha256(std::string(32, '\xAA'));
  return report;
}

query::v1::GetTimelineResponse RecordedTimeline() {
  return Parsed<query::v1::GetTimelineResponse>(R"pb(
    steps {
      occurred_at { date: "2024-09-14" }
      fact { respondent_named {} }
    }
    steps {
      occurred_at { date: "2024-09-15" }
      fact { case_reviewed { accepted: true } }
    }
    steps {
      occurred_at { date: "2024-09-17" }
      fact { case_concluded {} }
    }
    steps {
      occurred_at { date: "2024-09-17" }
      fact { case_referred {} }
    }
    steps {
      author: "bkn"
      occurred_at { date: "2024-09-18" }
      fact { case_received {} }
      position { log: "bkn" sequence: 7 }
      personal_state: PERSONAL_STATE_OPEN
      personal { references { kind: REFERENCE_KIND_AGENDA raw: "AG-0001/2024" } }
    }
    steps {
      occurred_at { date: "2024-09-24" }
      fact { case_verified { proven: true } }
    }
    steps { fact { sanction_recommended { to: "ppk/13.04" } } }
    steps {
      occurred_at { date: "2024-10-04" }
      fact { recommendation_received {} }
      personal_state: PERSONAL_STATE_OPEN
      personal { references { kind: REFERENCE_KIND_AGENDA raw: "001/2024" } }
    }
    steps {
      occurred_at { date: "2024-10-09" }
      fact { respondent_summoned {} }
    }
    steps {
      occurred_at { date: "2024-10-21" }
      fact { respondent_examined {} }
    }
    steps {
      occurred_at { date: "2025-01-07" }
      fact { sanction_decided {} }
    }
    steps {
      occurred_at { date: "2025-01-14" }
      fact { decision_handed_over {} }
    }
    steps {
      occurred_at { date: "2025-01-20" }
      fact { objection_filed { route: "keberatan" } }
    })pb");
}

std::vector<Difference> Compared(Kind kind, const Cells& cells) {
  const query::v1::Report report = RecordedReport();
  const query::v1::GetTimelineResponse timeline = RecordedTimeline();
  return Differences(OnlyPlan(kind, cells).row, RecordedCase(), &report, &timeline);
}

TEST(Differences, ThereAreNoneWhereTheNodeHoldsWhatTheRowStates) {
  EXPECT_THAT(Compared(Kind::kBawaslu, BawasluCells()), IsEmpty());
  EXPECT_THAT(Compared(Kind::kBkn, BknCells()), IsEmpty());
  EXPECT_THAT(Compared(Kind::kBkpsdm, BkpsdmCells()), IsEmpty());
  EXPECT_THAT(Compared(Kind::kBawaslu, BawasluCells({{"modus", "persaudaraan|karier"},
                                                     {"tanggal_kejadian", "06/09/2024"}})),
              IsEmpty());
}

// Every column that a row can change alone shows up, alone.
TEST(Differences, NameEveryChangedColumnOfBawaslu) {
  const Cells changes = {{"pemilihan", "PILKADA-2020"},
                         {"nomor_register", "02/Reg/LP/PB/Kab/03.19/IX/2024"},
                         {"sumber", "temuan"},
                         {"tanggal_kejadian", "2024-09-05"},
                         {"tanggal_diketahui", "2024-09-07"},
                         {"tanggal_diterima", "2024-09-13"},
                         {"tempat_kejadian", "sekolah"},
                         {"kode_wilayah", "13.05"},
                         {"pelapor_nama", "Lain"},
                         {"pelapor_alamat", ""},
                         {"pelapor_telepon", "080000000002"},
                         {"terlapor_nama", "Lain"},
                         {"terlapor_nip", "198710132011061026"},
                         {"terlapor_jabatan", "Camat"},
                         {"jenis_jabatan", "administrator"},
                         {"golongan", "IV/a"},
                         {"instansi", "Lain"},
                         {"uraian", "Lain"},
                         {"kode_pelanggaran", "KE-05"},
                         {"modus", "karier"},
                         {"bukti_sha256", std::string(64, 'b')},
                         {"tanggal_kajian_awal", "2024-09-16"},
                         {"tanggal_hasil", "2024-09-18"},
                         {"nomor_surat_penerusan", "002/PP.00.02/K.03.19/09/2024"}};
  for (const auto& [column, value] : changes) {
    EXPECT_THAT(Compared(Kind::kBawaslu, BawasluCells({{column, value}})),
                ElementsAre(testing::Field(&Difference::column, column)));
  }
}

TEST(Differences, NameEveryChangedColumnOfTheLaterRegisters) {
  for (const auto& [column, value] : Cells{{"lembaga", "KASN"},
                                           {"tanggal_terima", "2024-09-17"},
                                           {"nomor_agenda", "001/2024"},
                                           {"tanggal_verifikasi", ""},
                                           {"nomor_rekomendasi", "R-2/B-AK.02.02/SD/F/2024"},
                                           {"kode_sanksi_rekomendasi", "M-B"},
                                           {"kode_wilayah_ppk", "13.05"}}) {
    EXPECT_THAT(Compared(Kind::kBkn, BknCells({{column, value}})),
                ElementsAre(testing::Field(&Difference::column, column)));
  }
  for (const auto& [column, value] : Cells{{"kode_wilayah", "13.05"},
                                           {"tanggal_terima", "2024-10-03"},
                                           {"nomor_agenda", "AG-0001/2024"},
                                           {"tanggal_panggilan", ""},
                                           {"tanggal_pemeriksaan", "2024-10-22"},
                                           {"nomor_sk", "800/2/BKPSDM/2025"},
                                           {"tanggal_sk", ""},
                                           {"kode_sanksi", "M-B"},
                                           {"tanggal_sk_diterima", "2025-01-15"},
                                           {"kendala", "sistem"},
                                           {"upaya_administratif", "banding"},
                                           {"tanggal_upaya", ""}}) {
    EXPECT_THAT(Compared(Kind::kBkpsdm, BkpsdmCells({{column, value}})),
                ElementsAre(testing::Field(&Difference::column, column)));
  }
}

TEST(Differences, ShowBothValuesInTheOrderOfTheColumns) {
  EXPECT_THAT(
      Compared(Kind::kBkn, BknCells({{"hasil_verifikasi", "dikembalikan"},
                                     {"tanggal_verifikasi", "25/09/2024"},
                                     {"alasan", "bukti belum lengkap"},
                                     {"nomor_rekomendasi", ""},
                                     {"kode_sanksi_rekomendasi", ""},
                                     {"kode_wilayah_ppk", ""}})),
      ElementsAre(Is("hasil_verifikasi", "terbukti", "dikembalikan"),
                  Is("tanggal_verifikasi", "2024-09-24", "2024-09-25"),
                  Is("alasan", "", "bukti belum lengkap"),
                  Is("nomor_rekomendasi", "R-1/B-AK.02.02/SD/F/2024", ""),
                  Is("kode_sanksi_rekomendasi", "M-T", ""), Is("kode_wilayah_ppk", "13.04", "")));
}

TEST(Differences, WhatTheNodeDoesNotShowIsLeftOut) {
  const Row row = OnlyPlan(Kind::kBawaslu, BawasluCells({{"terlapor_nama", "Lain"},
                                                         {"sumber", "temuan"},
                                                         {"tanggal_kajian_awal", "2024-09-16"},
                                                         {"golongan", "IV/a"}}))
                      .row;
  query::v1::Case sealed = RecordedCase();
  sealed.set_personal(query::v1::PERSONAL_STATE_PENDING);
  EXPECT_THAT(Differences(row, sealed, nullptr), ElementsAre(Is("golongan", "III/d", "IV/a")));
}

TEST(Differences, WithoutATimelineTheDayOfThePresentStateIsKnown) {
  query::v1::Case recorded = RecordedCase();
  recorded.set_state(query::v1::CASE_STATE_REFERRED);
  recorded.mutable_since()->set_date("2024-09-17");
  const Row row = OnlyPlan(Kind::kBawaslu, BawasluCells({{"tanggal_hasil", "2024-09-18"}})).row;
  EXPECT_THAT(Differences(row, recorded, nullptr),
              ElementsAre(Is("tanggal_hasil", "2024-09-17", "2024-09-18")));
}

TEST(Differences, ACaseThatWentOnShowsItsResult) {
  query::v1::Case recorded = RecordedCase();
  recorded.set_state(query::v1::CASE_STATE_ACCEPTED);
  recorded.mutable_since()->set_date("2024-09-15");
  recorded.clear_violations_found();
  recorded.add_violations_alleged("KE-04");
  recorded.clear_references();
  const Row row = OnlyPlan(Kind::kBawaslu, BawasluCells()).row;
  EXPECT_THAT(Differences(row, recorded, nullptr),
              ElementsAre(Is("hasil", "proses", "diteruskan"),
                          Is("nomor_surat_penerusan", "", "001/PP.00.02/K.03.19/09/2024")));
}

TEST(Differences, CorrectionsOfADateCountAndVoidedStepsDoNot) {
  query::v1::GetTimelineResponse timeline = RecordedTimeline();
  *timeline.add_steps() = Parsed<query::v1::TimelineStep>(R"pb(
    fact {
      fact_corrected {
        position { log: "bkn" sequence: 7 }
        fields { paths: "occurred_at" }
        new_occurred_at { date: "2024-09-19" }
      }
    })pb");
  const query::v1::Case recorded = RecordedCase();
  const Row row = OnlyPlan(Kind::kBkn, BknCells()).row;
  EXPECT_THAT(Differences(row, recorded, nullptr, &timeline),
              ElementsAre(Is("tanggal_terima", "2024-09-19", "2024-09-18")));
  timeline.mutable_steps()->rbegin()->set_voided(true);
  EXPECT_THAT(Differences(row, recorded, nullptr, &timeline), IsEmpty());
}

}  // namespace
}  // namespace selaras::registers
