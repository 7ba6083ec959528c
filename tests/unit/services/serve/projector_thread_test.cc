#include "services/serve/projector_thread.h"

#include <atomic>
#include <chrono>
#include <future>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "services/node/rows.h"
#include "tests/support/case_node.h"
#include "tests/support/full_store.h"
#include "tests/support/requests.h"
#include "tests/support/rows_of.h"

namespace selaras::serve {
namespace {

// What is derived and what is counted are written one after the other.
TEST(ProjectorThread, TellsAndCountsWhatItDerivedThoughTheDiskWasFullWhenItWasToBeCounted) {
  constexpr int kCases = 100;
  test::CaseNode node(test::BawasluNode(), {});
  std::vector<node::Request> requests;
  for (int i = 0; i < kCases; ++i) {
    requests.push_back(
        test::IntakeRequest(absl::StrCat("b-", i), test::SomeReport(), test::SomeRespondent()));
  }
  for (const auto& opened : node.ExecuteTogether(requests)) ASSERT_TRUE(opened.ok());
  test::FullStore store(node.store());
  node::Projector projector(store, node.directory(), node.engine().keys(), node.opener(),
                            &node.subject_keys());
  ASSERT_TRUE(projector.Open(node.random()).ok());
  runtime::SystemClock clock;
  std::promise<void> told;
  std::atomic<bool> once = false;
  store.FillAfter(1);
  {
    ProjectorThread thread(projector, clock, [&](const std::set<std::string>&) {
      if (!once.exchange(true)) told.set_value();
    });
    ASSERT_EQ(told.get_future().wait_for(std::chrono::minutes(1)), std::future_status::ready);
    store.MakeRoom();
  }
  int counted = 0;
  for (const auto& [key, row] : test::RowsOf(node.store(), log::Table::kView)) {
    counted += absl::StartsWith(key, node::rows::kCounted) ? 1 : 0;
  }
  EXPECT_EQ(counted, 2 * kCases) << "cases and reports";
}

}  // namespace
}  // namespace selaras::serve
