#include "tools/selaras/reconcile/summary.h"

#include <gtest/gtest.h>

namespace selaras::cli {
namespace {

using cli::v1::ReconciledFinding;

ReconciledFinding Finding(const std::string& result, const std::string& to_do) {
  ReconciledFinding finding;
  finding.set_result(result);
  finding.set_to_do(to_do);
  return finding;
}

TEST(SummaryTest, CountsCasesNotFindings) {
  Totals totals;
  totals.AddCase({});
  totals.AddCase({Finding("missing", "a"), Finding("missing", "b"), Finding("late", "")});
  totals.AddCase({Finding("not_compared", "c")});
  EXPECT_EQ(totals.counts().compared(), 2);
  EXPECT_EQ(totals.counts().equal(), 1);
  EXPECT_EQ(totals.counts().missing(), 1);
  EXPECT_EQ(totals.counts().late(), 1);
  EXPECT_EQ(totals.counts().not_compared(), 1);
  EXPECT_TRUE(totals.differs());
}

TEST(SummaryTest, WhatCouldNotBeComparedIsNoAgreement) {
  Totals totals;
  totals.AddCase({Finding("not_compared", "")});
  EXPECT_FALSE(totals.differs());
  EXPECT_EQ(totals.counts().equal(), 0);
  EXPECT_EQ(totals.ToDo(), "Nobody has to do anything about what could be compared.\n");
}

TEST(SummaryTest, SaysOnceWhoHasToDoWhat) {
  Totals totals;
  EXPECT_EQ(totals.ToDo(), "Nobody has to do anything: all agree.\n");
  totals.AddOfNodes({Finding("behind", "bkn must link")});
  totals.AddCase({Finding("missing", "bkn must link")});
  EXPECT_EQ(totals.ToDo(), "- bkn must link (2 findings)\n");
}

TEST(SummaryTest, TheTextNamesNodesCountsAndTheReport) {
  Totals totals;
  totals.counts().set_at("2024-10-31T09:00:00Z");
  totals.AddCase({});
  cli::v1::ReconciledNode node;
  node.set_node("bkn");
  node.set_tree_size(7);
  node.set_root("ab");
  const std::string zeros(2 * base::Digest::kSize, '0');
  const std::string text = SummaryText({node}, totals, base::Digest());
  EXPECT_EQ(text,
            "selaras reconciliation 1\nat 2024-10-31T09:00:00Z\nnode bkn 7 ab\n"
            "cases 1 compared 1 equal 0 missing 0 late 0 contradictory 0 not-compared\n"
            "nodes 0 findings\nreport sha256 " +
                zeros + "\n");
  EXPECT_EQ(*ReportIn(text), zeros);
  EXPECT_FALSE(ReportIn("selaras/bkn\n7\nabc\n").ok());
  EXPECT_FALSE(ReportIn("selaras reconciliation 1\n").ok());
}

}  // namespace
}  // namespace selaras::cli
