#include "services/runtime/access_table.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "selaras/attachment/v1/attachment.pb.h"
#include "selaras/intake/v1/emergency.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/intake/v1/reporter.pb.h"
#include "selaras/ledger/v1/ledger.pb.h"
#include "selaras/ledger/v1/link.pb.h"
#include "selaras/ledger/v1/operations.pb.h"
#include "selaras/ledger/v1/recovery.pb.h"
#include "selaras/ledger/v1/witness.pb.h"
#include "selaras/query/v1/query.pb.h"
#include "selaras/query/v1/statistics.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "grpc/health/v1/health.pb.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kHeader =
    "method\tbackoffice\tentry\tops\tauditor\tportal\tnode\tpeer\twitness\twhy\n";

// A table of one row: `cells` are those of the callers.
std::string TableOf(absl::string_view method, const std::vector<absl::string_view>& cells) {
  return absl::StrCat(kHeader, method, "\t", absl::StrJoin(cells, "\t"), "\treason\n");
}

std::string WhyNot(absl::string_view text) {
  const auto table = AccessTable::Parse("/etc/own.tsv", text);
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(table.status().message());
}

constexpr absl::string_view kListCases = "selaras.query.v1.QueryService/ListCases";
constexpr absl::string_view kGetCase = "selaras.query.v1.QueryService/GetCase";
constexpr absl::string_view kReferCase = "selaras.intake.v1.IntakeService/ReferCase";
constexpr absl::string_view kPack = "selaras.ledger.v1.OperationsService/PackExchange";

std::vector<const google::protobuf::MethodDescriptor*> MethodsOfTheContract() {
  const std::vector<const google::protobuf::FileDescriptor*> files = {
      intake::v1::ReceiveReport::descriptor()->file(),
      intake::v1::GetReportStatusRequest::descriptor()->file(),
      intake::v1::BreakGlassRequest::descriptor()->file(),
      referral::v1::ExecuteBatchRequest::descriptor()->file(),
      sanction::v1::ExecuteBatchRequest::descriptor()->file(),
      query::v1::GetCaseRequest::descriptor()->file(),
      attachment::v1::UploadRequest::descriptor()->file(),
      query::v1::GetStatisticsRequest::descriptor()->file(),
      ledger::v1::GetNodeRequest::descriptor()->file(),
      ledger::v1::LinkRequest::descriptor()->file(),
      ledger::v1::ConfirmClockRequest::descriptor()->file(),
      ledger::v1::AddCosignatureRequest::descriptor()->file(),
      ledger::v1::GetHeldRequest::descriptor()->file(),
      grpc::health::v1::HealthCheckRequest::descriptor()->file()};
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const auto* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(file->service(i)->method(j));
      }
    }
  }
  return methods;
}

std::string NameIn(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

// The table must not fall behind the contract.
TEST(AccessTable, HasARowForEveryMethodOfTheContractAndNoOther) {
  std::set<std::string> methods;
  for (const auto* method : MethodsOfTheContract()) methods.insert(NameIn(*method));
  // gRPC's own, whose contract is not ours.
  methods.insert("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  methods.insert("grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
  std::set<std::string> rows;
  for (const AccessRow& row : AccessTable::BuiltIn().rows()) rows.insert(row.method);
  EXPECT_EQ(rows, methods);
  EXPECT_GT(rows.size(), 100U);
}

TEST(AccessTable, LetsNobodyButOfficesCommand) {
  int commands = 0;
  for (const auto* method : MethodsOfTheContract()) {
    if (method->input_type()->FindFieldByName("header") == nullptr) continue;
    const AccessRow* row = AccessTable::BuiltIn().Find(NameIn(*method));
    ASSERT_NE(row, nullptr) << method->full_name();
    EXPECT_EQ(row->of(Caller::kBackoffice), Reach::kOwn) << row->method;
    EXPECT_EQ(row->of(Caller::kEntry), Reach::kNode) << row->method;
    for (const Caller caller : {Caller::kOps, Caller::kAuditor, Caller::kPortal, Caller::kNode,
                                Caller::kPeer, Caller::kWitness}) {
      EXPECT_EQ(row->of(caller), Reach::kNo) << row->method << " " << NameOf(caller);
    }
    ++commands;
  }
  EXPECT_GT(commands, 70);
}

TEST(AccessTable, LetsNobodyButOfficesAndOperationsReachACase) {
  for (const AccessRow& row : AccessTable::BuiltIn().rows()) {
    for (const Caller caller :
         {Caller::kAuditor, Caller::kPortal, Caller::kNode, Caller::kPeer, Caller::kWitness}) {
      EXPECT_TRUE(row.of(caller) == Reach::kNo || row.of(caller) == Reach::kYes) << row.method;
    }
    EXPECT_TRUE(row.of(Caller::kOps) == Reach::kNo || row.of(Caller::kOps) == Reach::kYes ||
                row.of(Caller::kOps) == Reach::kReads)
        << row.method << ": operations command nothing and see no reporter";
  }
}

TEST(AccessTable, FindsAMethodByItsWholeName) {
  const AccessTable& table = AccessTable::BuiltIn();
  ASSERT_NE(table.Find(kGetCase), nullptr);
  EXPECT_EQ(table.Find("selaras.query.v1.QueryService/Get"), nullptr);
  EXPECT_EQ(table.Find(""), nullptr);
}

TEST(AccessTable, CountsLinesAsAnEditorDoes) {
  EXPECT_EQ(AccessTable::BuiltIn().rows().front().line, 2);
}

TEST(AccessTable, TakesTheBuiltInTableAsAFile) {
  const auto table = AccessTable::Parse("copy.tsv", AccessTable::BuiltIn().text());
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->rows().size(), AccessTable::BuiltIn().rows().size());
}

TEST(AccessTable, TakesATableThatTakesAway) {
  for (const std::vector<absl::string_view>& cells : std::vector<std::vector<absl::string_view>>{
           {"no", "no", "no", "no", "no", "no", "no", "no"},
           {"own", "own", "yes", "no", "no", "no", "no", "no"},
           {"yes", "reads", "reads", "no", "no", "no", "no", "no"}}) {
    EXPECT_TRUE(AccessTable::Parse("own.tsv", TableOf(kGetCase, cells)).ok());
  }
}

TEST(AccessTable, RefusesATableThatGivesMore) {
  struct Situation {
    absl::string_view method;
    std::vector<absl::string_view> cells;
    absl::string_view column;
  };
  for (const Situation& situation : std::vector<Situation>{
           {kGetCase, {"node", "node", "no", "no", "no", "no", "no", "no"}, "backoffice"},
           {kListCases,
            {"own+reporters", "node", "no", "no", "no", "no", "no", "no"},
            "backoffice"},
           {kGetCase, {"own", "node", "node", "no", "no", "no", "no", "no"}, "ops"},
           {kGetCase, {"own", "node", "no", "yes", "no", "no", "no", "no"}, "auditor"},
           {kGetCase, {"own", "node", "no", "no", "no", "no", "yes", "no"}, "peer"},
           {kGetCase, {"own", "node", "no", "no", "no", "no", "no", "reads"}, "witness"},
           {kReferCase, {"own", "node", "yes", "no", "no", "no", "no", "no"}, "ops"},
           {kPack, {"own", "no", "yes", "no", "no", "no", "no", "no"}, "backoffice"},
           {kPack, {"no", "no", "reads", "no", "no", "no", "no", "no"}, "ops"}}) {
    const std::string why = WhyNot(TableOf(situation.method, situation.cells));
    EXPECT_TRUE(absl::StartsWith(why, absl::StrCat("/etc/own.tsv:2: ", situation.column, ": \"")))
        << why;
    EXPECT_TRUE(absl::StrContains(why, "than the built-in table")) << why;
    EXPECT_TRUE(absl::StrContains(why, "; correct it")) << why;
  }
}

TEST(AccessTable, SaysWhereItIsMalformedAndWhatCuresIt) {
  const std::string good =
      TableOf(kGetCase, {"own", "node", "reads", "no", "no", "no", "no", "no"});
  const std::string twice = absl::StrCat(good, good.substr(kHeader.size()));
  const std::vector<std::pair<std::string, absl::string_view>> faults = {
      {"", "/etc/own.tsv:1: empty file"},
      {std::string(kHeader), "has no rows"},
      {absl::StrReplaceAll(good, {{"auditor", "auditors"}}), "/etc/own.tsv:1: the columns must be"},
      {absl::StrReplaceAll(good, {{"reads", "sees"}}),
       "/etc/own.tsv:2: ops: \"sees\" is not one of"},
      {absl::StrReplaceAll(good, {{"reads\t", ""}}), "/etc/own.tsv:2: 9 columns, not 10"},
      {absl::StrReplaceAll(good, {{"GetCase", "GetCases"}}),
       "/etc/own.tsv:2: no service has a method selaras.query.v1.QueryService/GetCases"},
      {absl::StrReplaceAll(good, {{"/GetCase", ""}}), "/etc/own.tsv:2: \""},
      {twice,
       "/etc/own.tsv:3: method: \"selaras.query.v1.QueryService/GetCase\" stands in an earlier"},
      {good.substr(0, good.size() - 1), "cut off"},
      {absl::StrReplaceAll(good, {{"\n", "\r\n"}}), "carriage return"},
  };
  for (const auto& [text, fault] : faults) {
    const std::string why = WhyNot(text);
    EXPECT_TRUE(absl::StrContains(why, fault)) << why;
    EXPECT_TRUE(absl::StrContains(why, "selaras access show")) << why;
  }
}

TEST(AccessTable, KnowsItsColumnsByName) {
  EXPECT_EQ(CallerNamed("peer"), Caller::kPeer);
  EXPECT_EQ(CallerNamed(NameOf(Caller::kBackoffice)), Caller::kBackoffice);
  EXPECT_EQ(CallerNamed("why"), std::nullopt);
  EXPECT_EQ(CallerNamed(""), std::nullopt);
}

}  // namespace
}  // namespace selaras::runtime
