#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_node.h"
#include "services/runtime/access_table.h"
#include "tools/selaras/program.h"

namespace selaras::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr absl::string_view kHeader =
    "method\tbackoffice\tentry\tops\tauditor\tportal\tnode\tpeer\twitness\twhy\n";

class NoRandom final : public crypto::RandomSource {
 public:
  std::string Fill(std::size_t count) override { return std::string(count, '\0'); }
};

class AccessCommandTest : public testing::Test {
 protected:
  ExitCode Run(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    const World world{
        .connect = [this](const NodeAddress&) -> absl::StatusOr<std::unique_ptr<Node>> {
          return std::make_unique<test::FakeNode>(node_);
        },
        .open_store = [](const std::string&) -> absl::StatusOr<std::unique_ptr<log::StoreReader>> {
          return absl::NotFoundError("no store");
        },
        .verify_files = [](const std::string&) { return absl::OkStatus(); },
        .environment = [this](const char* name) -> std::optional<std::string> {
          const auto found = environment_.find(name);
          return found == environment_.end() ? std::nullopt : std::optional(found->second);
        },
        .clock = &clock_,
        .random = &random_};
    return RunProgram(world, {&out_, &err_, false, false}, std::move(arguments));
  }

  // A node whose table has one row, and that takes the caller for a back office.
  void NameNode() {
    environment_ = {
        {"SELARAS_NODE", "h:1"}, {"SELARAS_CA", "a"}, {"SELARAS_CERT", "b"}, {"SELARAS_KEY", "c"}};
    node_.get_access = [] {
      ledger::v1::GetAccessResponse access;
      access.set_file("theirs.tsv");
      access.set_table(absl::StrCat(
          kHeader, "selaras.new.v1.NewService/DoNew\tno\tnode\tno\tno\tno\tno\tno\tno\tnews\n"));
      access.set_caller("backoffice");
      return access;
    };
  }

  test::NodeAnswers node_;
  test::FakeClock clock_;
  NoRandom random_;
  std::map<std::string, std::string> environment_;
  std::ostringstream out_, err_;
};

TEST_F(AccessCommandTest, SaysWhyACallIsDeniedByWhichLineAndWhoMay) {
  EXPECT_EQ(Run({"access", "explain", "--role", "ops", "--method", "ReferCase"}), ExitCode::kOk);
  const int line =
      runtime::AccessTable::BuiltIn().Find("selaras.intake.v1.IntakeService/ReferCase")->line;
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("denied"), HasSubstr(absl::StrCat("access.tsv:", line, ", ops no")),
                    HasSubstr("only the office writes its section"),
                    HasSubstr("a certificate of backoffice or entry")));
}

TEST_F(AccessCommandTest, SaysWhatAnAllowedCallReachesAndWhatItTakes) {
  EXPECT_EQ(Run({"access", "explain", "--role", "backoffice", "--method", "QueryService/GetCase"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("allowed"), HasSubstr("its own authority is a party"),
                                HasSubstr("as if there were none")));
}

TEST_F(AccessCommandTest, ListsAServiceOrEverythingForARoleOrForAll) {
  EXPECT_EQ(Run({"access", "explain", "--role", "auditor", "--method", "OperationsService"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("ConfirmClock"), HasSubstr("CreateBackup"),
                                Not(HasSubstr("allowed")), Not(HasSubstr("GetCase"))));
  EXPECT_EQ(Run({"--json", "access", "explain"}), ExitCode::kOk);
  const std::string all = out_.str();
  EXPECT_EQ(static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')),
            runtime::AccessTable::BuiltIn().rows().size() * runtime::kCallers);
  EXPECT_THAT(all, HasSubstr("\"kind\":\"rule\""));
}

TEST_F(AccessCommandTest, SaysThatAMethodWhichIsNotNamedIsDenied) {
  EXPECT_EQ(Run({"access", "explain", "--role", "entry", "--method",
                 "selaras.query.v1.QueryService/DropCase"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("denied"), HasSubstr("names no such method"),
                                HasSubstr("is refused")));
}

TEST_F(AccessCommandTest, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(Run({"access", "explain", "--role", "chief"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("chief"), HasSubstr("backoffice, entry, ops")));
  EXPECT_EQ(Run({"access", "explain", "--method", "DropCase"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"access", "explain", "--case", "3f2a9c1e"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("name a node or a store"));
}

TEST_F(AccessCommandTest, ShowsTheTableAsAFileThatANodeTakes) {
  EXPECT_EQ(Run({"access", "show"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), runtime::AccessTable::BuiltIn().text());
}

TEST_F(AccessCommandTest, ReadsATableAsANodeWould) {
  const std::string file = absl::StrCat(testing::TempDir(), "/access_command_test.tsv");
  std::ofstream(file)
      << kHeader << "selaras.query.v1.QueryService/GetCase\tno\town\tno\tno\tno\tno\tno\tno\tx\n";
  EXPECT_EQ(Run({"access", "explain", "--table", file, "--role", "backoffice"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("denied"), HasSubstr("certificate of entry")));
  std::ofstream(file)
      << kHeader << "selaras.query.v1.QueryService/GetCase\tno\town\tno\tno\tno\tno\tyes\tno\tx\n";
  EXPECT_EQ(Run({"access", "explain", "--table", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr(":2: peer:"), HasSubstr("gives more")));
}

TEST_F(AccessCommandTest, AsksANodeForItsTableAndAsWhomItTakesTheCaller) {
  NameNode();
  EXPECT_EQ(Run({"access", "explain"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("selaras.new.v1.NewService/DoNew"),
                                HasSubstr("theirs.tsv:2, backoffice no"), HasSubstr("news")));
}

TEST_F(AccessCommandTest, TellsOfACaseOnlyWhatTheCallerSees) {
  NameNode();
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    about.add_looks_for("ppk/13.04");
    return about;
  };
  node_.get_case =
      [](const query::v1::GetCaseRequest& request) -> absl::StatusOr<query::v1::GetCaseResponse> {
    if (request.case_id() != "3f2a9c1e") return absl::NotFoundError("no such case");
    query::v1::GetCaseResponse response;
    response.mutable_case_()->set_case_id("3f2a9c1e-0000-8000-8000-000000000000");
    response.mutable_case_()->add_parties("bkn");
    return response;
  };
  EXPECT_EQ(Run({"access", "explain", "--case", "3f2a9c1e"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("seen"), HasSubstr("ppk/13.04"), HasSubstr("bkn"),
                                Not(HasSubstr("DoNew"))));
  EXPECT_EQ(Run({"access", "explain", "--case", "3f2a9c1f"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("not found"), HasSubstr("not told apart"), Not(HasSubstr("bkn"))));
}

}  // namespace
}  // namespace selaras::cli
