#include "tools/selaras/reconcile/compare_nodes.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_node.h"
#include "logs.h"
#include "storage/merkle/prove.h"
#include "tools/selaras/reconcile/case_streams.h"
#include "tools/selaras/stored_ledger.h"

namespace selaras::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A node that answers about a log from a store.
class LogNode final : public test::FakeNode {
 public:
  LogNode(test::NodeAnswers& answers, std::shared_ptr<const log::StoreReader> store)
      : FakeNode(answers), ledger_(std::move(store)) {}

  Answer<ledger::v1::ProveConsistencyResponse> ProveConsistency(
      const ledger::v1::ProveConsistencyRequest& request) override {
    return ledger_.ProveConsistency(request);
  }

 private:
  StoredLedger ledger_;
};

// BKN writes a log, Bawaslu has a mirror of it.
class CompareNodesTest : public testing::Test {
 protected:
  static std::vector<std::string> Entries(std::uint64_t size, std::uint64_t fork) {
    std::vector<std::string> entries;
    for (std::uint64_t i = 0; i < size; ++i) {
      entries.push_back(absl::StrCat(i < fork ? "entry " : "other ", i));
    }
    return entries;
  }
  // BKN's log of so many entries, and a mirror with others from `fork` on.
  std::vector<std::string> Compare(std::uint64_t own, std::uint64_t mirrored,
                                   std::uint64_t fork = 1'000) {
    const std::shared_ptr<log::MemoryStore> log = test::StoreOf("bkn", Entries(own, 1'000));
    const auto seen = test::StoreOf("bkn", Entries(mirrored, fork));
    std::vector<ledger::v1::GetNodeResponse> about(2);
    about[0].set_node("bkn");
    Add(log->shared(), false, &about[0]);
    about[1].set_node("bawaslu-13");
    Add(seen->shared(), true, &about[1]);
    if (!fault_.empty()) {
      about[1].add_links()->set_peer("bkn");
      about[1].mutable_links(0)->set_fault(fault_);
    }
    std::vector<std::unique_ptr<Node>> nodes;
    for (int i = 0; i < 2; ++i) nodes.push_back(std::make_unique<LogNode>(answers_, log));
    const auto findings = CompareNodes(nodes, about, about);
    EXPECT_TRUE(findings.ok()) << findings.status();
    std::vector<std::string> lines;
    for (const auto& finding : *findings) {
      EXPECT_NE(finding.to_do(), "");
      lines.push_back(absl::StrCat(finding.result(), " ", finding.node(), " ", finding.other(),
                                   ": ", finding.why()));
    }
    return lines;
  }
  static void Add(const log::LogReader& log, bool mirror, ledger::v1::GetNodeResponse* about) {
    ledger::v1::LogState* state = about->add_logs();
    state->set_log(log.name());
    state->set_size(log.size().value);
    state->set_root(std::string(merkle::RootAt(log, log.size())->view()));
    state->set_mirror(mirror);
  }

  test::NodeAnswers answers_;
  std::string fault_;
};

TEST_F(CompareNodesTest, AMirrorOfTheWholeLogIsNotWorthAWord) {
  for (const std::uint64_t size : {0, 1, 7, 8}) EXPECT_THAT(Compare(size, size), IsEmpty());
}

TEST_F(CompareNodesTest, AMirrorMayBeBehind) {
  EXPECT_THAT(Compare(8, 5), ElementsAre("behind bawaslu-13 bkn: holds 5 of 8 leaves"));
}

TEST_F(CompareNodesTest, AForkIsEvidenceAtEverySize) {
  for (const std::uint64_t mirrored : {3, 4, 8}) {
    EXPECT_THAT(Compare(8, mirrored, 2)[0],
                HasSubstr("evidence bkn bawaslu-13: its log does not extend what bawaslu-13 holds"))
        << mirrored;
  }
}

TEST_F(CompareNodesTest, ALogThatIsShorterThanItsMirrorIsEvidence) {
  EXPECT_THAT(Compare(5, 8)[0], HasSubstr("evidence bkn bawaslu-13: its log does not extend"));
}

TEST_F(CompareNodesTest, ALinkThatStandsStillIsEvidence) {
  fault_ = "bkn signed two trees of one size";
  EXPECT_THAT(Compare(3, 3), ElementsAre("evidence bawaslu-13 bkn: " + fault_));
}

TEST(MergedCasesTest, EachIdComesOnceInOrderAlsoAfterEmptyPages) {
  std::vector<test::NodeAnswers> answers(2);
  const std::vector<std::vector<std::vector<std::string>>> pages = {{{"a", "c"}, {}, {"d"}},
                                                                    {{}, {"b", "c"}}};
  std::vector<std::unique_ptr<Node>> nodes;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    answers[i].list_cases = [&pages, i](const query::v1::ListCasesRequest& request) {
      const std::size_t at = request.page_token().empty() ? 0 : std::stoul(request.page_token());
      query::v1::ListCasesResponse page;
      for (const std::string& id : pages[i][at]) page.add_cases()->set_case_id(id);
      if (at + 1 < pages[i].size()) page.set_next_page_token(absl::StrCat(at + 1));
      return page;
    };
    nodes.push_back(std::make_unique<test::FakeNode>(answers[i]));
  }
  MergedCases cases(nodes);
  for (const char* id : {"a", "b", "c", "d", "", ""}) EXPECT_EQ(*cases.Next(), id);
}

}  // namespace
}  // namespace selaras::cli
