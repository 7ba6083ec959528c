// The identifiers of the synthetic registers: every good row parses, and every bad row
// is refused with exactly the reason that its set expects.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include "services/domain/nip.h"
#include "services/domain/register_number.h"
#include "services/reference/catalogue.h"

namespace selaras::domain {
namespace {

using Record = std::map<std::string, std::string>;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Quotes in these files only protect delimiters; none is escaped.
std::vector<std::string> SplitRecord(absl::string_view line, char delimiter) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back().push_back(c);
    }
  }
  return fields;
}

std::vector<Record> ReadRegister(const std::string& path) {
  std::string text = ReadFile(path);
  if (absl::StartsWith(text, "\xEF\xBB\xBF")) text.erase(0, 3);
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  std::vector<Record> records;
  if (lines.empty()) return records;
  const char delimiter = absl::StrContains(lines[0], ';') ? ';' : ',';
  const std::vector<std::string> columns = SplitRecord(lines[0], delimiter);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> fields = SplitRecord(lines[i], delimiter);
    EXPECT_EQ(fields.size(), columns.size()) << path << ":" << i + 1;
    Record record;
    for (std::size_t k = 0; k < std::min(fields.size(), columns.size()); ++k) {
      record[columns[k]] = fields[k];
    }
    records.push_back(std::move(record));
  }
  return records;
}

// From `"nomor_register": "…", "column": "…", "why": "…"`, which is all that is needed.
std::map<std::string, Record> ExpectedBadRows(const std::string& path) {
  const std::string text = ReadFile(path);
  std::map<std::string, Record> rows;
  std::string current;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> parts = absl::StrSplit(line, '"');
    if (parts.size() < 5) continue;
    if (parts[1] == "nomor_register") current = parts[3];
    if (!current.empty()) rows[current][parts[1]] = parts[3];
  }
  return rows;
}

class Registers : public testing::TestWithParam<const char*> {
 protected:
  std::string Path(absl::string_view name) const {
    return absl::StrCat(SELARAS_SOURCE_DIR "/tests/data/registers/", GetParam(), "/", name);
  }
};

TEST_P(Registers, EveryNipParsesOrIsRefusedForTheExpectedReason) {
  const std::map<std::string, Record> bad = ExpectedBadRows(Path("expected.json"));
  ASSERT_EQ(bad.size(), 8u);
  int refused = 0;
  for (Record& row : ReadRegister(Path("bawaslu.csv"))) {
    if (row["terlapor_nip"].empty()) continue;
    const auto status = ParseEmploymentStatus(row["status_kepegawaian"]);
    ASSERT_TRUE(status.has_value()) << row["nomor_register"];
    const auto nip = ParseNip(row["terlapor_nip"], *status);
    const auto expected = bad.find(row["nomor_register"]);
    if (expected != bad.end() && expected->second.at("column") == "terlapor_nip") {
      ++refused;
      EXPECT_EQ(nip.status().message(), expected->second.at("why"));
    } else {
      EXPECT_TRUE(nip.ok()) << row["nomor_register"] << ": " << nip.status();
    }
  }
  EXPECT_EQ(refused, 3);
}

TEST_P(Registers, TheNipsOfLaterRegistersStandInTheFirstAndParseThere) {
  std::map<std::string, std::string> status_of;
  for (Record& row : ReadRegister(Path("bawaslu.csv"))) {
    status_of[row["terlapor_nip"]] = row["status_kepegawaian"];
  }
  for (const char* name : {"bkn.csv", "bkpsdm.csv"}) {
    for (Record& row : ReadRegister(Path(name))) {
      const std::string& nip = row["terlapor_nip"];
      ASSERT_EQ(status_of.count(nip), 1u) << name << ": " << nip;
      EXPECT_TRUE(ParseNip(nip, *ParseEmploymentStatus(status_of[nip])).ok()) << name << nip;
    }
  }
}

TEST_P(Registers, EveryRegisterNumberIsRecognised) {
  for (Record& row : ReadRegister(Path("bawaslu.csv"))) {
    const std::string& raw = row["nomor_register"];
    const RegisterNumber number = ParseRegisterNumber(raw);
    EXPECT_TRUE(number.sequence && number.kind && number.year) << raw;
    EXPECT_EQ(number.office_code.size(), 5u) << raw;
    EXPECT_EQ(absl::StrCat(*number.year), row["pemilihan"].substr(8)) << raw;
  }
}

TEST_P(Registers, EveryCodeOfAGoodRowIsInTheShippedCatalogue) {
  const auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const reference::Catalogue& catalogue = **loaded;
  const std::map<std::string, Record> bad = ExpectedBadRows(Path("expected.json"));
  for (Record& row : ReadRegister(Path("bawaslu.csv"))) {
    const auto expected = bad.find(row["nomor_register"]);
    const std::string column = expected == bad.end() ? "" : expected->second.at("column");
    SCOPED_TRACE(row["nomor_register"]);
    EXPECT_NE(catalogue.FindElection(row["pemilihan"]), nullptr);
    EXPECT_NE(catalogue.FindCode("source", row["sumber"]), nullptr);
    EXPECT_EQ(catalogue.FindRegion(row["kode_wilayah"]) == nullptr, column == "kode_wilayah");
    EXPECT_EQ(catalogue.FindViolation(row["kode_pelanggaran"]) == nullptr,
              column == "kode_pelanggaran");
    EXPECT_NE(catalogue.FindCode("position", row["jenis_jabatan"]), nullptr);
    for (const absl::string_view motive : absl::StrSplit(row["modus"], '|')) {
      EXPECT_NE(catalogue.FindCode("motive", motive), nullptr) << motive;
    }
    const auto status = ParseEmploymentStatus(row["status_kepegawaian"]);
    EXPECT_TRUE(catalogue.CheckGolongan(row["golongan"], *status).ok());
  }
  for (Record& row : ReadRegister(Path("bkn.csv"))) {
    const std::string& sanction = row["kode_sanksi_rekomendasi"];
    EXPECT_TRUE(sanction.empty() || catalogue.FindSanction(sanction) != nullptr) << sanction;
    const std::string& reason = row["alasan"];
    EXPECT_TRUE(reason.empty() || catalogue.FindCodeOrText("return_reason", reason) != nullptr);
  }
  for (Record& row : ReadRegister(Path("bkpsdm.csv"))) {
    EXPECT_NE(catalogue.FindAuthority(absl::StrCat("ppk/", row["kode_wilayah"])), nullptr);
    const std::string& blocker = row["kendala"];
    EXPECT_TRUE(blocker.empty() || catalogue.FindCode("blocker", blocker) != nullptr) << blocker;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Registers,
                         testing::Values("sumbar2020", "sumbar2024", "nasional2020"),
                         [](const auto& set) { return std::string(set.param); });

}  // namespace
}  // namespace selaras::domain
