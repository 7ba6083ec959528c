#include "sample.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include "tools/registers/header.h"

namespace selaras::registers {
namespace {

Cells With(Cells cells, const Cells& changes) {
  for (const auto& [column, value] : changes) {
    EXPECT_TRUE(cells.contains(column)) << column;
    cells[column] = value;
  }
  return cells;
}

std::string Quoted(const std::string& cell, const std::string& delimiter) {
  const bool needed = absl::StrContains(cell, delimiter) || absl::StrContains(cell, "\"") ||
                      absl::StrContains(cell, "\n");
  return needed ? absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"") : cell;
}

}  // namespace

const reference::Catalogue& ShippedCatalogue() {
  static const auto catalogue = [] {
    auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return *std::move(loaded);
  }();
  return *catalogue;
}

std::string DataFile(absl::string_view set, absl::string_view file) {
  const std::string path =
      absl::StrCat(SELARAS_SOURCE_DIR, "/tests/data/registers/", set, "/", file);
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Cells BawasluCells(const Cells& changes) {
  return With({{"pemilihan", "PILKADA-2024"},
               {"nomor_register", "01/Reg/LP/PB/Kab/03.19/IX/2024"},
               {"sumber", "laporan"},
               {"tanggal_kejadian", "2024-09-06"},
               {"tanggal_diketahui", "2024-09-08"},
               {"tanggal_diterima", "2024-09-14"},
               {"tempat_kejadian", "halaman kantor camat"},
               {"kode_wilayah", "13.04"},
               {"pelapor_nama", "Indra Contoh"},
               {"pelapor_alamat", "Jorong 1, Tanah Datar"},
               {"pelapor_telepon", "080000000001"},
               {"terlapor_nama", "Wahyu Contoh"},
               {"terlapor_nip", "198710132011061025"},
               {"status_kepegawaian", "PNS"},
               {"terlapor_jabatan", "Kepala Seksi"},
               {"jenis_jabatan", "pengawas"},
               {"golongan", "III/d"},
               {"instansi", "Pemerintah Kabupaten Tanah Datar"},
               {"uraian", "Diduga interaksi akun"},
               {"kode_pelanggaran", "KE-04"},
               {"modus", "karier|persaudaraan"},
               {"bukti_sha256", std::string(64, 'a')},
               {"tanggal_kajian_awal", "2024-09-15"},
               {"hasil", "diteruskan"},
               {"tanggal_hasil", "2024-09-17"},
               {"nomor_surat_penerusan", "001/PP.00.02/K.03.19/09/2024"}},
              changes);
}

Cells BknCells(const Cells& changes) {
  return With({{"nomor_surat_penerusan", "001/PP.00.02/K.03.19/09/2024"},
               {"terlapor_nip", "198710132011061025"},
               {"lembaga", "BKN"},
               {"tanggal_terima", "2024-09-18"},
               {"nomor_agenda", "AG-0001/2024"},
               {"hasil_verifikasi", "terbukti"},
               {"tanggal_verifikasi", "2024-09-24"},
               {"alasan", ""},
               {"nomor_rekomendasi", "R-1/B-AK.02.02/SD/F/2024"},
               {"kode_sanksi_rekomendasi", "M-T"},
               {"kode_wilayah_ppk", "13.04"}},
              changes);
}

Cells BkpsdmCells(const Cells& changes) {
  return With({{"nomor_rekomendasi", "R-1/B-AK.02.02/SD/F/2024"},
               {"terlapor_nip", "198710132011061025"},
               {"kode_wilayah", "13.04"},
               {"tanggal_terima", "2024-10-04"},
               {"nomor_agenda", "001/2024"},
               {"tanggal_panggilan", "2024-10-09"},
               {"tanggal_pemeriksaan", "2024-10-21"},
               {"nomor_sk", "800/1/BKPSDM/2025"},
               {"tanggal_sk", "2025-01-07"},
               {"kode_sanksi", "M-T"},
               {"tanggal_sk_diterima", "2025-01-14"},
               {"kendala", "pejabat_plt"},
               {"upaya_administratif", "keberatan"},
               {"tanggal_upaya", "2025-01-20"}},
              changes);
}

std::string FileOf(Kind kind, const std::vector<Cells>& rows, const FileForm& form) {
  std::vector<std::string> columns = form.columns;
  if (columns.empty())
    columns = std::vector<std::string>(ColumnsOf(kind).begin(), ColumnsOf(kind).end());
  std::string text = absl::StrCat(absl::StrJoin(columns, form.delimiter), form.line_end);
  for (const Cells& row : rows) {
    std::vector<std::string> cells;
    cells.reserve(columns.size());
    for (const std::string& column : columns) {
      cells.push_back(Quoted(row.at(column), form.delimiter));
    }
    absl::StrAppend(&text, absl::StrJoin(cells, form.delimiter), form.line_end);
  }
  return text;
}

Register ReadGood(absl::string_view bytes, const ReadOptions& options) {
  auto read = ReadRegister(bytes, ShippedCatalogue(), options);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? *std::move(read) : Register();
}

std::vector<const Plan*> PlansOf(const Register& read) {
  std::vector<const Plan*> plans;
  for (const PlannedRow& row : read.rows) {
    if (const auto* plan = std::get_if<Plan>(&row)) plans.push_back(plan);
  }
  return plans;
}

std::vector<const Refusal*> RefusalsOf(const Register& read) {
  std::vector<const Refusal*> refusals;
  for (const PlannedRow& row : read.rows) {
    if (const auto* refusal = std::get_if<Refusal>(&row)) refusals.push_back(refusal);
  }
  return refusals;
}

Plan OnlyPlan(Kind kind, const Cells& cells) {
  const Register read = ReadGood(FileOf(kind, {cells}));
  const auto plans = PlansOf(read);
  EXPECT_EQ(plans.size(), 1U) << Verdict(kind, cells);
  return plans.empty() ? Plan() : *plans.front();
}

Refusal OnlyRefusal(Kind kind, const Cells& cells) {
  const Register read = ReadGood(FileOf(kind, {cells}));
  const auto refusals = RefusalsOf(read);
  EXPECT_EQ(refusals.size(), 1U);
  return refusals.empty() ? Refusal() : *refusals.front();
}

std::string Verdict(Kind kind, const Cells& cells) {
  const Register read = ReadGood(FileOf(kind, {cells}));
  const auto refusals = RefusalsOf(read);
  if (refusals.empty()) return "good";
  return absl::StrCat(refusals.front()->column, ": ", refusals.front()->why);
}

}  // namespace selaras::registers
