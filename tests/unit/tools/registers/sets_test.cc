// The registers of tests/data against what their sets expect.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "sample.h"
#include "services/domain/letter_number.h"
#include "tests/support/random.h"
#include "tools/registers/register.h"

namespace selaras::registers {
namespace {

using google::protobuf::Struct;
using intake::v1::IntakeCommand;
using referral::v1::ReferralCommand;
using sanction::v1::SanctionCommand;

Struct Expected(absl::string_view set) {
  Struct expected;
  const std::string json = DataFile(set, "expected.json");
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &expected).ok());
  return expected;
}

int Number(const Struct& expected, const std::string& key) {
  return static_cast<int>(expected.fields().at(key).number_value());
}

std::map<std::string, int> Table(const Struct& expected, const std::string& key) {
  std::map<std::string, int> table;
  for (const auto& [name, value] : expected.fields().at(key).struct_value().fields()) {
    table[name] = static_cast<int>(value.number_value());
  }
  return table;
}

using BadRow = std::tuple<std::string, std::string, std::string>;

std::vector<BadRow> ExpectedBadRows(const Struct& expected) {
  std::vector<BadRow> rows;
  for (const auto& row : expected.fields().at("bad_rows").list_value().values()) {
    const auto& fields = row.struct_value().fields();
    rows.emplace_back(fields.at("nomor_register").string_value(),
                      fields.at("column").string_value(), fields.at("why").string_value());
  }
  return rows;
}

std::vector<BadRow> BadRowsOf(const Register& read) {
  std::vector<BadRow> rows;
  for (const Refusal* refusal : RefusalsOf(read)) {
    rows.emplace_back(refusal->number, refusal->column, refusal->why);
  }
  return rows;
}

int DuplicatesOf(const Register& read) {
  return static_cast<int>(std::count_if(read.rows.begin(), read.rows.end(), [](const auto& row) {
    return std::holds_alternative<Duplicate>(row);
  }));
}

const std::vector<IntakeCommand>& Intake(const Plan& plan) {
  return std::get<std::vector<IntakeCommand>>(plan.commands);
}

const BawasluRow& Bawaslu(const Plan& plan) { return std::get<BawasluRow>(plan.row); }

// Serialised reports by key; that a report says the same in all its rows is checked.
std::map<std::string, std::string> ReportsOf(const Register& read) {
  std::map<std::string, std::string> reports;
  for (const Plan* plan : PlansOf(read)) {
    const auto& report = Intake(*plan)[0].receive_report();
    const auto [at, is_new] = reports.emplace(report.report_key(), report.SerializeAsString());
    EXPECT_EQ(at->second, report.SerializeAsString()) << report.report_key();
  }
  return reports;
}

class Sets : public testing::TestWithParam<const char*> {
 protected:
  Struct expected_ = Expected(GetParam());
  Register bawaslu_ = ReadGood(DataFile(GetParam(), "bawaslu.csv"));
  Register bkn_ = ReadGood(DataFile(GetParam(), "bkn.csv"));
  Register bkpsdm_ = ReadGood(DataFile(GetParam(), "bkpsdm.csv"));
};

INSTANTIATE_TEST_SUITE_P(AllRegisters, Sets,
                         testing::Values("sumbar2020", "sumbar2024", "nasional2020"),
                         [](const auto& set) { return std::string(set.param); });

TEST_P(Sets, RefuseExactlyTheBadRowsEachForOneColumn) {
  EXPECT_THAT(BadRowsOf(bawaslu_), testing::UnorderedElementsAreArray(ExpectedBadRows(expected_)));
  EXPECT_THAT(BadRowsOf(bkn_), testing::IsEmpty());
  EXPECT_THAT(BadRowsOf(bkpsdm_), testing::IsEmpty());
}

TEST_P(Sets, CountDuplicatesCasesAndReportsAsExpected) {
  EXPECT_EQ(DuplicatesOf(bawaslu_), Number(expected_, "duplicate_rows"));
  EXPECT_EQ(DuplicatesOf(bkn_) + DuplicatesOf(bkpsdm_), 0);
  EXPECT_EQ(PlansOf(bawaslu_).size(), Number(expected_, "cases"));
  EXPECT_EQ(ReportsOf(bawaslu_).size(), Number(expected_, "reports"));
}

TEST_P(Sets, CountRegionsSourcesAndResultsAsExpected) {
  std::map<std::string, int> regions;
  std::map<std::string, int> sources;
  std::map<IntakeResult, int> results;
  int unidentified = 0;
  int coerced = 0;
  for (const Plan* plan : PlansOf(bawaslu_)) {
    const auto& row = Bawaslu(*plan);
    ++regions[Intake(*plan)[1].name_respondent().agency_region()];
    ++sources[Intake(*plan)[0].receive_report().source()];
    ++results[row.result];
    unidentified += row.nip.empty();
    coerced += std::count(row.motives.begin(), row.motives.end(), "dipaksa_atasan") > 0;
  }
  EXPECT_EQ(regions, Table(expected_, "by_region"));
  EXPECT_EQ(sources, Table(expected_, "by_source"));
  EXPECT_EQ(results[IntakeResult::kForwarded], Number(expected_, "forwarded"));
  EXPECT_EQ(results[IntakeResult::kNoViolation], Number(expected_, "not_violation"));
  EXPECT_EQ(results[IntakeResult::kNotAccepted], Number(expected_, "not_accepted"));
  EXPECT_EQ(results[IntakeResult::kInProgress], Number(expected_, "open_at_bawaslu"));
  EXPECT_EQ(unidentified, Number(expected_, "unidentified"));
  EXPECT_EQ(coerced, Number(expected_, "coerced"));
}

TEST_P(Sets, CountWhatTheLaterRegistersStateAsExpected) {
  std::map<VerificationResult, int> results;
  for (const Plan* plan : PlansOf(bkn_)) ++results[std::get<BknRow>(plan->row).result];
  EXPECT_EQ(results[VerificationResult::kNotRecorded], Number(expected_, "awaiting_bkn"));
  EXPECT_EQ(results[VerificationResult::kReturned], Number(expected_, "returned"));
  EXPECT_EQ(results[VerificationResult::kNotProven], Number(expected_, "dismissed"));
  EXPECT_EQ(results[VerificationResult::kProven], Number(expected_, "recommended"));
  EXPECT_EQ(Number(expected_, "forwarded") - static_cast<int>(bkn_.rows.size()),
            Number(expected_, "awaiting_receipt_bkn"));

  int decided = 0;
  int objections = 0;
  for (const Plan* plan : PlansOf(bkpsdm_)) {
    decided += !std::get<BkpsdmRow>(plan->row).decree_number.empty();
    objections += !std::get<BkpsdmRow>(plan->row).objection_route.empty();
  }
  EXPECT_EQ(decided, Number(expected_, "sanctioned"));
  EXPECT_EQ(objections, Number(expected_, "objections"));
}

TEST_P(Sets, LaterRegistersFindExactlyOneCaseEach) {
  std::multiset<std::pair<std::string, std::string>> referred;
  for (const Plan* plan : PlansOf(bawaslu_)) {
    const BawasluRow& row = Bawaslu(*plan);
    referred.emplace(domain::NormaliseLetterNumber(row.referral_letter), row.nip);
  }
  std::multiset<std::pair<std::string, std::string>> recommended;
  const auto key = [](const LookUp& look_up) {
    return std::pair(domain::NormaliseLetterNumber(look_up.number), look_up.nip);
  };
  for (const Plan* plan : PlansOf(bkn_)) {
    const LookUp look_up = plan->look_up.value_or(LookUp());
    EXPECT_EQ(look_up.kind, event::v1::REFERENCE_KIND_REFERRAL_LETTER);
    EXPECT_EQ(referred.count(key(look_up)), 1U);
    const BknRow& row = std::get<BknRow>(plan->row);
    recommended.emplace(domain::NormaliseLetterNumber(row.recommendation_letter), row.nip);
  }
  for (const Plan* plan : PlansOf(bkpsdm_)) {
    const LookUp look_up = plan->look_up.value_or(LookUp());
    EXPECT_EQ(look_up.kind, event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER);
    EXPECT_EQ(recommended.count(key(look_up)), 1U);
  }
}

TEST_P(Sets, AuthoritiesAndPredecessorsAreThoseOfTheCatalogue) {
  for (const Register* read : {&bawaslu_, &bkn_, &bkpsdm_}) {
    for (const Plan* plan : PlansOf(*read)) {
      EXPECT_NE(ShippedCatalogue().FindAuthority(plan->authority), nullptr) << plan->authority;
      if (plan->acting_for.empty()) continue;
      EXPECT_EQ(plan->acting_for, "kasn");
      EXPECT_EQ(plan->authority, "bkn");
    }
  }
}

TEST_P(Sets, RequestIdsAreUniqueAsciiAndNameNobody) {
  std::set<std::pair<std::string, std::string>> ids;
  for (const Register* read : {&bawaslu_, &bkn_, &bkpsdm_}) {
    for (const Plan* plan : PlansOf(*read)) {
      EXPECT_TRUE(ids.emplace(plan->authority, plan->request_id).second) << plan->request_id;
      EXPECT_LE(plan->request_id.size(), 128U);
      for (const char c : plan->request_id) EXPECT_TRUE(c > ' ' && c < 127) << plan->request_id;
      const std::string nip = std::visit([](const auto& row) { return row.nip; }, plan->row);
      EXPECT_TRUE(nip.empty() || !absl::StrContains(plan->request_id, nip));
      if (read != &bawaslu_) continue;
      for (const absl::string_view part : absl::StrSplit(Bawaslu(*plan).respondent_name, ' ')) {
        EXPECT_FALSE(
            absl::StrContains(absl::AsciiStrToUpper(plan->request_id), absl::AsciiStrToUpper(part)))
            << plan->request_id;
      }
    }
  }
}

// Lines of a file without quoted line ends; the first is the header.
std::vector<std::string> LinesOf(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_P(Sets, ShuffledRowsGiveTheSameReportsCasesAndBadRows) {
  auto random = test::SeededRandom();
  std::vector<std::string> lines = LinesOf(DataFile(GetParam(), "bawaslu.csv"));
  for (int round = 0; round < 5; ++round) {
    std::shuffle(lines.begin() + 1, lines.end(), random);
    const Register shuffled = ReadGood(Joined(lines));
    EXPECT_EQ(ReportsOf(shuffled), ReportsOf(bawaslu_));
    EXPECT_EQ(PlansOf(shuffled).size(), PlansOf(bawaslu_).size());
    EXPECT_EQ(DuplicatesOf(shuffled), DuplicatesOf(bawaslu_));
    EXPECT_THAT(BadRowsOf(shuffled), testing::UnorderedElementsAreArray(BadRowsOf(bawaslu_)));
  }
}

TEST_P(Sets, ExactRepetitionsAnywhereChangeNoPlan) {
  auto random = test::SeededRandom();
  const auto ids = [](const Register& read) {
    std::vector<std::pair<std::string, std::string>> plans;
    for (const Plan* plan : PlansOf(read)) {
      std::string commands;
      for (const IntakeCommand& command : Intake(*plan)) commands += command.SerializeAsString();
      plans.emplace_back(plan->request_id, commands);
    }
    return plans;
  };
  std::vector<std::string> lines = LinesOf(DataFile(GetParam(), "bawaslu.csv"));
  for (int round = 0; round < 50; ++round) {
    const std::size_t from = test::Between(random, 1, lines.size() - 1);
    const std::size_t to = test::Between(random, from + 1, lines.size());
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(to), std::string(lines[from]));
  }
  const Register repeated = ReadGood(Joined(lines));
  EXPECT_EQ(ids(repeated), ids(bawaslu_));
  EXPECT_EQ(DuplicatesOf(repeated), DuplicatesOf(bawaslu_) + 50);
}

}  // namespace
}  // namespace selaras::registers
