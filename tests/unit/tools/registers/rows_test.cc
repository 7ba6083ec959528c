// What each register's rows become, and why they are refused.
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "sample.h"
#include "tools/registers/register.h"

namespace selaras::registers {
namespace {

using testing::ElementsAre;

// The commands in protobuf text, one a line.
std::vector<std::string> Lines(const Plan& plan) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::vector<std::string> lines;
  std::visit(
      [&](const auto& commands) {
        for (const auto& command : commands) {
          std::string line;
          printer.PrintToString(command, &line);
          while (!line.empty() && line.back() == ' ') line.pop_back();
          lines.push_back(std::move(line));
        }
      },
      plan.commands);
  return lines;
}

std::vector<std::string> Steps(const Plan& plan) {
  std::vector<std::string> lines = Lines(plan);
  for (std::string& line : lines) line = line.substr(0, line.find(' '));
  return lines;
}

std::string Bawaslu(const Cells& changes) { return Verdict(Kind::kBawaslu, BawasluCells(changes)); }
std::string Bkn(const Cells& changes) { return Verdict(Kind::kBkn, BknCells(changes)); }
std::string Bkpsdm(const Cells& changes) { return Verdict(Kind::kBkpsdm, BkpsdmCells(changes)); }

const Cells kInProgress = {
    {"hasil", "proses"}, {"tanggal_hasil", ""}, {"nomor_surat_penerusan", ""}};

Cells And(Cells changes, const Cells& more) {
  for (const auto& [column, value] : more) changes[column] = value;
  return changes;
}

TEST(BawasluRegister, AForwardedRowBecomesItsWholeHistoryAsOneBatch) {
  const Plan plan = OnlyPlan(Kind::kBawaslu, BawasluCells());
  EXPECT_EQ(plan.authority, "bawaslu/13");
  EXPECT_EQ(plan.number, "01/Reg/LP/PB/Kab/03.19/IX/2024");
  EXPECT_EQ(plan.acting_for, "");
  EXPECT_FALSE(plan.look_up.has_value());
  EXPECT_THAT(
      Lines(plan),
      ElementsAre(
          R"(receive_report { report_key: "register:bawaslu/13:01/REG/LP/PB/KAB/03.19/IX/2024:2024" )"
          R"(if_absent: true source: "laporan" election: "PILKADA-2024" region: "13.04" )"
          R"(received_at { date: "2024-09-14" } known_on: "2024-09-08" )"
          R"(register_number: "01/Reg/LP/PB/Kab/03.19/IX/2024" reporter { name: "Indra Contoh" )"
          R"(address: "Jorong 1, Tanah Datar" phone: "080000000001" } )"
          R"(place: "halaman kantor camat" chronology: "Diduga interaksi akun" )"
          R"(evidence { sha256: "\252\252\252\252\252\252\252\252\252\252\252\252\252\252\252\252)"
          R"(\252\252\252\252\252\252\252\252\252\252\252\252\252\252\252\252" } })",
          R"(name_respondent { report { opened_by: 0 } respondent { name: "Wahyu Contoh" )"
          R"(nip: "198710132011061025" position_title: "Kepala Seksi" )"
          R"(agency: "Pemerintah Kabupaten Tanah Datar" } employment_status: "PNS" )"
          R"(position_kind: "pengawas" rank: "III/d" agency_region: "13.04" )"
          R"(incident_on: "2024-09-06" motives: "karier" motives: "persaudaraan" )"
          R"(occurred_at { date: "2024-09-14" } })",
          R"(review_case { case_ref { opened_by: 1 } accepted: true )"
          R"(occurred_at { date: "2024-09-15" } })",
          R"(conclude_case { case_ref { opened_by: 1 } violations_found: "KE-04" )"
          R"(occurred_at { date: "2024-09-17" } })",
          R"(refer_case { case_ref { opened_by: 1 } )"
          R"(letter_number: "001/PP.00.02/K.03.19/09/2024" )"
          R"(occurred_at { date: "2024-09-17" } })"));
}

TEST(BawasluRegister, WhatIsAllegedAndWhatIsFoundFollowFromTheResult) {
  const auto alleged = [](const Plan& plan) {
    return std::get<0>(plan.commands)[1].name_respondent().violations_alleged_size();
  };
  EXPECT_EQ(alleged(OnlyPlan(Kind::kBawaslu, BawasluCells())), 0);
  EXPECT_EQ(alleged(OnlyPlan(Kind::kBawaslu, BawasluCells(kInProgress))), 1);
  const Plan none =
      OnlyPlan(Kind::kBawaslu,
               BawasluCells({{"hasil", "bukan_pelanggaran"}, {"nomor_surat_penerusan", ""}}));
  EXPECT_EQ(alleged(none), 1);
  EXPECT_EQ(Lines(none).back(),
            R"(conclude_case { case_ref { opened_by: 1 } occurred_at { date: "2024-09-17" } })");
}

TEST(BawasluRegister, StepsThatAreNotRecordedAreNotInvented) {
  const auto steps = [](const Cells& changes) {
    return Steps(OnlyPlan(Kind::kBawaslu, BawasluCells(changes)));
  };
  EXPECT_THAT(steps(kInProgress), ElementsAre("receive_report", "name_respondent", "review_case"));
  EXPECT_THAT(steps({{"tanggal_kajian_awal", ""}}),
              ElementsAre("receive_report", "name_respondent", "conclude_case", "refer_case"));
  EXPECT_THAT(steps(And(kInProgress, {{"hasil", ""}, {"tanggal_kajian_awal", ""}})),
              ElementsAre("receive_report", "name_respondent"));
  const Plan undated =
      OnlyPlan(Kind::kBawaslu, BawasluCells(And(kInProgress, {{"tanggal_kajian_awal", ""}})));
  EXPECT_EQ(Lines(undated).back(), "review_case { case_ref { opened_by: 1 } accepted: true }");
}

TEST(BawasluRegister, WhatWasNotAcceptedEndsAtTheReview) {
  Cells changes = {{"hasil", "tidak_diterima"}, {"nomor_surat_penerusan", ""}};
  EXPECT_EQ(Lines(OnlyPlan(Kind::kBawaslu, BawasluCells(changes))).back(),
            R"(review_case { case_ref { opened_by: 1 } occurred_at { date: "2024-09-15" } })");
  changes["tanggal_kajian_awal"] = "";
  EXPECT_EQ(Lines(OnlyPlan(Kind::kBawaslu, BawasluCells(changes))).back(),
            R"(review_case { case_ref { opened_by: 1 } occurred_at { date: "2024-09-17" } })");
}

TEST(BawasluRegister, ARowMayLeaveOpenWhoReportedWhoItWasAndWhen) {
  const Cells sparse = And(kInProgress, {{"pelapor_nama", ""},
                                         {"pelapor_alamat", ""},
                                         {"pelapor_telepon", ""},
                                         {"terlapor_nip", ""},
                                         {"status_kepegawaian", ""},
                                         {"terlapor_jabatan", ""},
                                         {"jenis_jabatan", ""},
                                         {"golongan", ""},
                                         {"instansi", ""},
                                         {"uraian", ""},
                                         {"modus", ""},
                                         {"bukti_sha256", ""},
                                         {"tempat_kejadian", ""},
                                         {"tanggal_kejadian", ""},
                                         {"tanggal_diketahui", ""}});
  const Plan plan = OnlyPlan(Kind::kBawaslu, BawasluCells(sparse));
  EXPECT_FALSE(std::get<0>(plan.commands)[0].receive_report().has_reporter());
  EXPECT_EQ(Lines(plan)[1],
            R"(name_respondent { report { opened_by: 0 } respondent { name: "Wahyu Contoh" } )"
            R"(agency_region: "13.04" violations_alleged: "KE-04" )"
            R"(occurred_at { date: "2024-09-14" } })");
}

TEST(BawasluRegister, NamesTheColumnAndWhy) {
  EXPECT_EQ(Bawaslu({}), "good");
  EXPECT_EQ(Bawaslu({{"pemilihan", ""}}), "pemilihan: no election");
  EXPECT_EQ(Bawaslu({{"pemilihan", "PILKADA-1999"}}), "pemilihan: unknown election");
  EXPECT_EQ(Bawaslu({{"nomor_register", " "}}), "nomor_register: no register number");
  EXPECT_EQ(Bawaslu({{"nomor_register", std::string(121, '1')}}),
            "nomor_register: longer than 120 bytes");
  EXPECT_EQ(Bawaslu({{"sumber", ""}}), "sumber: no source");
  EXPECT_EQ(Bawaslu({{"sumber", "gosip"}}), "sumber: unknown source");
  EXPECT_EQ(Bawaslu({{"tanggal_kejadian", "31 Februari"}}), "tanggal_kejadian: not a date");
  EXPECT_EQ(Bawaslu({{"tanggal_diterima", ""}}), "tanggal_diterima: no date");
  EXPECT_EQ(Bawaslu({{"tanggal_diterima", "2024-09-05"}}), "tanggal_diterima: before the event");
  EXPECT_EQ(Bawaslu({{"tanggal_diterima", "2024-09-07"}}),
            "tanggal_diterima: before tanggal_diketahui");
  EXPECT_EQ(Bawaslu({{"tanggal_hasil", "2024-09-14"}}),
            "tanggal_hasil: before tanggal_kajian_awal");
  EXPECT_EQ(Bawaslu({{"kode_wilayah", ""}}), "kode_wilayah: no region");
  EXPECT_EQ(Bawaslu({{"kode_wilayah", "99.99"}}), "kode_wilayah: unknown region");
  EXPECT_EQ(Bawaslu({{"terlapor_nama", ""}}), "terlapor_nama: no respondent");
  EXPECT_EQ(Bawaslu({{"terlapor_nip", "19871013201106102"}}), "terlapor_nip: 17 digits");
  EXPECT_EQ(Bawaslu({{"terlapor_nip", "198713132011061025"}}), "terlapor_nip: birth month 13");
  EXPECT_EQ(Bawaslu({{"terlapor_nip", "1,98001E+17"}}), "terlapor_nip: damaged by a spreadsheet");
  EXPECT_EQ(Bawaslu({{"terlapor_nip", ""}}), "terlapor_nip: no NIP (a forwarded case needs one)");
  EXPECT_EQ(Bawaslu({{"status_kepegawaian", "honorer"}}), "status_kepegawaian: unknown status");
  EXPECT_EQ(Bawaslu({{"status_kepegawaian", ""}}), "status_kepegawaian: no status");
  EXPECT_EQ(Bawaslu({{"jenis_jabatan", "raja"}}), "jenis_jabatan: unknown position");
  EXPECT_EQ(Bawaslu({{"golongan", "V/z"}}), "golongan: unknown rank");
  EXPECT_EQ(Bawaslu({{"golongan", "IX"}}), "golongan: a rank of PPPK");
  EXPECT_EQ(Bawaslu({{"uraian", std::string(20'001, 'x')}}), "uraian: longer than 20000 bytes");
  EXPECT_EQ(Bawaslu({{"kode_pelanggaran", ""}}), "kode_pelanggaran: no violation code");
  EXPECT_EQ(Bawaslu({{"kode_pelanggaran", "HD-99"}}), "kode_pelanggaran: unknown violation code");
  EXPECT_EQ(Bawaslu({{"modus", "karier|iseng"}}), "modus: unknown motive");
  EXPECT_EQ(Bawaslu({{"bukti_sha256", "abc"}}), "bukti_sha256: not a SHA-256");
  EXPECT_EQ(Bawaslu({{"bukti_sha256", std::string(62, 'a')}}), "bukti_sha256: not a SHA-256");
  EXPECT_EQ(Bawaslu({{"hasil", "entah"}}), "hasil: unknown result");
  EXPECT_EQ(Bawaslu({{"hasil", ""}}), "hasil: no result");
  EXPECT_EQ(Bawaslu({{"tanggal_hasil", ""}}), "tanggal_hasil: no date");
  EXPECT_EQ(Bawaslu({{"nomor_surat_penerusan", ""}}), "nomor_surat_penerusan: no letter number");
  EXPECT_EQ(Bawaslu({{"hasil", "tidak_diterima"}}), "nomor_surat_penerusan: not forwarded");
  EXPECT_EQ(Bawaslu({{"hasil", "proses"}}), "tanggal_hasil: not concluded");
}

TEST(BawasluRegister, OnlyTheLeftmostOfSeveralFaultsIsCharged) {
  EXPECT_EQ(Bawaslu({{"tanggal_kejadian", "x"}, {"terlapor_nip", "1"}, {"hasil", "?"}}),
            "tanggal_kejadian: not a date");
  EXPECT_EQ(Bawaslu({{"terlapor_nip", "1"}, {"status_kepegawaian", "?"}}), "terlapor_nip: 1 digit");
}

TEST(BawasluRegister, TheNumberIsReadAsTheStatusSays) {
  const Cells pppk = {{"terlapor_nip", "198710132021211005"}, {"golongan", "IX"}};
  EXPECT_EQ(Bawaslu(And(pppk, {{"status_kepegawaian", "PPPK"}})), "good");
  EXPECT_EQ(Bawaslu(And(pppk, {{"status_kepegawaian", "PNS"}})),
            "terlapor_nip: appointment month 21");
}

TEST(BknRegister, AProvenRowIsReceivedVerifiedAndRecommended) {
  Plan plan = OnlyPlan(Kind::kBkn, BknCells());
  plan.SetCase("c-1");
  EXPECT_EQ(plan.authority, "bkn");
  EXPECT_EQ(plan.acting_for, "");
  const LookUp look_up = plan.look_up.value_or(LookUp());
  EXPECT_EQ(look_up.number, "001/PP.00.02/K.03.19/09/2024");
  EXPECT_EQ(look_up.nip, "198710132011061025");
  EXPECT_THAT(Lines(plan),
              ElementsAre(R"(receive_case { case_id: "c-1" agenda_number: "AG-0001/2024" )"
                          R"(occurred_at { date: "2024-09-18" } })",
                          R"(verify_case { case_id: "c-1" proven: true )"
                          R"(occurred_at { date: "2024-09-24" } })",
                          R"(recommend_sanction { case_id: "c-1" to: "ppk/13.04" sanction: "M-T" )"
                          R"(letter_number: "R-1/B-AK.02.02/SD/F/2024" departure: "register" })"));
}

const Cells kNotRecommended = {
    {"nomor_rekomendasi", ""}, {"kode_sanksi_rekomendasi", ""}, {"kode_wilayah_ppk", ""}};

TEST(BknRegister, TheOtherResultsEndTheCaseOrSendItBack) {
  const auto plan = [](const Cells& changes) {
    Plan made = OnlyPlan(Kind::kBkn, BknCells(And(kNotRecommended, changes)));
    made.SetCase("c-1");
    return made;
  };
  EXPECT_THAT(Steps(plan({{"hasil_verifikasi", ""}, {"tanggal_verifikasi", ""}})),
              ElementsAre("receive_case"));
  EXPECT_THAT(Steps(plan({})), ElementsAre("receive_case", "verify_case"));
  EXPECT_EQ(Lines(plan({{"hasil_verifikasi", "tidak_terbukti"}, {"alasan", "tidak cukup"}}))[1],
            R"(dismiss_case { case_id: "c-1" reason_text: "tidak cukup" )"
            R"(occurred_at { date: "2024-09-24" } })");
  EXPECT_EQ(
      Lines(plan({{"hasil_verifikasi", "dikembalikan"}, {"alasan", "bukti belum lengkap"}}))[1],
      R"(return_case { case_id: "c-1" reasons: "bukti_kurang" )"
      R"(reason_text: "bukti belum lengkap" occurred_at { date: "2024-09-24" } })");
  EXPECT_EQ(Lines(plan({{"hasil_verifikasi", "dikembalikan"}, {"alasan", "salah alamat"}}))[1],
            R"(return_case { case_id: "c-1" reason_text: "salah alamat" )"
            R"(occurred_at { date: "2024-09-24" } })");
}

TEST(BknRegister, RowsOfThePredecessorAreSentInItsName) {
  EXPECT_EQ(OnlyPlan(Kind::kBkn, BknCells({{"lembaga", "KASN"}})).acting_for, "kasn");
  EXPECT_EQ(OnlyPlan(Kind::kBkn, BknCells({{"lembaga", "KASN"}})).authority, "bkn");
}

TEST(BknRegister, NamesTheColumnAndWhy) {
  EXPECT_EQ(Bkn({}), "good");
  EXPECT_EQ(Bkn({{"nomor_surat_penerusan", ""}}), "nomor_surat_penerusan: no letter number");
  EXPECT_EQ(Bkn({{"terlapor_nip", ""}}), "terlapor_nip: no NIP");
  EXPECT_EQ(Bkn({{"terlapor_nip", "1,98001E+17"}}), "terlapor_nip: damaged by a spreadsheet");
  EXPECT_EQ(Bkn({{"terlapor_nip", "198710132021211005"}}), "good");
  EXPECT_EQ(Bkn({{"lembaga", ""}}), "lembaga: no body");
  EXPECT_EQ(Bkn({{"lembaga", "menpanrb"}}), "lembaga: unknown body");
  EXPECT_EQ(Bkn({{"tanggal_terima", ""}}), "good");
  EXPECT_EQ(Bkn({{"nomor_agenda", ""}}), "nomor_agenda: no agenda number");
  EXPECT_EQ(Bkn({{"hasil_verifikasi", "entah"}}), "hasil_verifikasi: unknown result");
  EXPECT_EQ(Bkn({{"hasil_verifikasi", ""}}), "hasil_verifikasi: no result");
  EXPECT_EQ(Bkn({{"tanggal_verifikasi", "2024-09-17"}}),
            "tanggal_verifikasi: before tanggal_terima");
  EXPECT_EQ(Bkn({{"alasan", "sebab"}}), "alasan: neither dismissed nor returned");
  EXPECT_EQ(Bkn(And(kNotRecommended, {{"hasil_verifikasi", "dikembalikan"}})), "alasan: no reason");
  EXPECT_EQ(Bkn({{"nomor_rekomendasi", ""}}), "nomor_rekomendasi: no letter number");
  EXPECT_EQ(Bkn({{"hasil_verifikasi", "tidak_terbukti"}}), "nomor_rekomendasi: not proven");
  EXPECT_EQ(Bkn({{"kode_sanksi_rekomendasi", ""}}), "kode_sanksi_rekomendasi: no sanction code");
  EXPECT_EQ(Bkn({{"kode_sanksi_rekomendasi", "Z-9"}}),
            "kode_sanksi_rekomendasi: unknown sanction code");
  EXPECT_EQ(Bkn({{"kode_wilayah_ppk", "99.99"}}), "kode_wilayah_ppk: unknown region");
  EXPECT_EQ(Bkn({{"kode_wilayah_ppk", ""}}), "good");
}

TEST(BkpsdmRegister, ADecidedRowBecomesEveryStepThatIsRecorded) {
  Plan plan = OnlyPlan(Kind::kBkpsdm, BkpsdmCells());
  plan.SetCase("c-1");
  EXPECT_EQ(plan.authority, "ppk/13.04");
  EXPECT_EQ(plan.look_up.value_or(LookUp()).number, "R-1/B-AK.02.02/SD/F/2024");
  EXPECT_THAT(
      Lines(plan),
      ElementsAre(R"(receive_recommendation { case_id: "c-1" agenda_number: "001/2024" )"
                  R"(occurred_at { date: "2024-10-04" } })",
                  R"(summon_respondent { case_id: "c-1" occurred_at { date: "2024-10-09" } })",
                  R"(examine_respondent { case_id: "c-1" occurred_at { date: "2024-10-21" } })",
                  R"(record_blocker { case_id: "c-1" blocker: "pejabat_plt" })",
                  R"(decide_sanction { case_id: "c-1" sanction: "M-T" )"
                  R"(decree_number: "800/1/BKPSDM/2025" occurred_at { date: "2025-01-07" } )"
                  R"(departure: "register" })",
                  R"(hand_over_decision { case_id: "c-1" occurred_at { date: "2025-01-14" } })",
                  R"(file_objection { case_id: "c-1" route: "keberatan" )"
                  R"(occurred_at { date: "2025-01-20" } departure: "register" })"));
}

TEST(BkpsdmRegister, StepsThatAreNotRecordedAreNotInvented) {
  const Cells none = {
      {"tanggal_panggilan", ""},   {"tanggal_pemeriksaan", ""}, {"nomor_sk", ""},
      {"tanggal_sk", ""},          {"kode_sanksi", ""},         {"kendala", ""},
      {"tanggal_sk_diterima", ""}, {"upaya_administratif", ""}, {"tanggal_upaya", ""}};
  EXPECT_THAT(Steps(OnlyPlan(Kind::kBkpsdm, BkpsdmCells(none))),
              ElementsAre("receive_recommendation"));
}

TEST(BkpsdmRegister, NamesTheColumnAndWhy) {
  EXPECT_EQ(Bkpsdm({}), "good");
  EXPECT_EQ(Bkpsdm({{"nomor_rekomendasi", ""}}), "nomor_rekomendasi: no letter number");
  EXPECT_EQ(Bkpsdm({{"terlapor_nip", "abc"}}), "terlapor_nip: not digits");
  EXPECT_EQ(Bkpsdm({{"kode_wilayah", ""}}), "kode_wilayah: no region");
  EXPECT_EQ(Bkpsdm({{"kode_wilayah", "13.99"}}), "kode_wilayah: unknown region");
  EXPECT_EQ(Bkpsdm({{"nomor_agenda", ""}}), "nomor_agenda: no agenda number");
  EXPECT_EQ(Bkpsdm({{"tanggal_panggilan", "2024-10-03"}}),
            "tanggal_panggilan: before tanggal_terima");
  EXPECT_EQ(Bkpsdm({{"tanggal_upaya", "2025-01-13"}}), "tanggal_upaya: before tanggal_sk_diterima");
  EXPECT_EQ(Bkpsdm({{"nomor_sk", ""}}), "nomor_sk: no decree number");
  const Cells undecided = {{"nomor_sk", ""}, {"tanggal_sk", ""}, {"kode_sanksi", ""}};
  const Cells no_objection = {{"upaya_administratif", ""}, {"tanggal_upaya", ""}};
  EXPECT_EQ(Bkpsdm(And(undecided, no_objection)), "nomor_sk: no decree number");
  EXPECT_EQ(Bkpsdm(And(undecided, {{"tanggal_sk_diterima", ""}})), "nomor_sk: no decree number");
  EXPECT_EQ(Bkpsdm({{"kode_sanksi", ""}}), "kode_sanksi: no sanction code");
  EXPECT_EQ(Bkpsdm({{"kode_sanksi", "Z-9"}}), "kode_sanksi: unknown sanction code");
  EXPECT_EQ(Bkpsdm({{"kendala", "hujan"}}), "kendala: unknown blocker");
  EXPECT_EQ(Bkpsdm({{"upaya_administratif", "curhat"}}), "upaya_administratif: unknown route");
  EXPECT_EQ(Bkpsdm({{"upaya_administratif", ""}}), "upaya_administratif: no route");
}

}  // namespace
}  // namespace selaras::registers
