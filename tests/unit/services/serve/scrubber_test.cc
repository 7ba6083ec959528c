#include "services/serve/scrubber.h"

#include <atomic>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/node/rows.h"
#include "services/verify/event_inspector.h"
#include "tests/support/altered_store.h"
#include "tests/support/case_node.h"
#include "tests/support/memory_scratch.h"
#include "tests/support/requests.h"

namespace selaras::serve {
namespace {

using log::Table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FakeClock final : public runtime::Clock {
 public:
  explicit FakeClock(absl::Time start) : start_(start) {}

  absl::Time Now() override { return start_ + absl::Seconds(passed_.load()); }
  absl::Duration Monotonic() override { return absl::Seconds(passed_.load()); }
  void Advance(absl::Duration time) { passed_ += absl::ToInt64Seconds(time); }

 private:
  const absl::Time start_;
  std::atomic<std::int64_t> passed_ = 0;
};

// A node of Bawaslu's with two cases, and rows that can be altered behind its back.
class ScrubberTest : public testing::Test {
 protected:
  ScrubberTest() {
    for (const char* id : {"b-1", "b-2"}) Write(id);
    node_.Watch();
    EXPECT_TRUE(inspector_.Trust(node_.signer().VerifierText()).ok());
  }

  void Write(const std::string& id) {
    node_.Must(test::IntakeRequest(id, test::SomeReport(), test::SomeRespondent()));
    node_.Project();
  }

  std::unique_ptr<Scrubber> Make(Scrubber::Options options = {std::uint64_t{1} << 40,
                                                              absl::Hours(24),
                                                              absl::ZeroDuration()}) {
    return std::make_unique<Scrubber>(
        Scrubber::Parts{node_.store(),
                        {[this]() -> absl::StatusOr<std::unique_ptr<log::StoreReader>> {
                           if (!unreadable_.ok()) return unreadable_;
                           auto now = std::make_unique<test::AlteredStore>(node_.store());
                           now->rows = rows_;
                           now->shared_changes = shared_changes_;
                           return now;
                         },
                         test::MemoryScratch::Make},
                        inspector_,
                        node_.subject_keys(),
                        clock_,
                        log_,
                        [this] {
                          if (busy_) busy_();
                          return false;
                        },
                        [this](bool good) { standing_.push_back(good); }},
        options);
  }

  std::string lines_;
  test::CaseNode node_{test::BawasluNode(), {test::BknNode()}, 1};
  FakeClock clock_{node_.now};
  runtime::Logger log_{clock_, runtime::Level::kInfo,
                       [this](absl::string_view line) { lines_.append(line.data(), line.size()); }};
  verify::EventInspector inspector_;
  std::map<std::pair<Table, std::string>, std::optional<std::string>> rows_;
  test::LogChanges shared_changes_;
  absl::Status unreadable_;
  std::function<void()> busy_;
  std::vector<bool> standing_;
};

TEST_F(ScrubberTest, ACleanPassIsRememberedAcrossRestarts) {
  ASSERT_TRUE(Make()->Pass());
  const ScrubShown shown = Make()->shown();
  const storage::v1::ScrubTally& last = shown.remembered.last();
  EXPECT_EQ(last.entries(),
            node_.store().shared().size().value + node_.store().private_log().size().value);
  EXPECT_GT(last.bytes(), 1'000u);
  EXPECT_EQ(last.findings(), 0u) << lines_;
  EXPECT_TRUE(last.has_finished());
  EXPECT_TRUE(shown.good);
  EXPECT_EQ(shown.stage, "");
  EXPECT_THAT(lines_, HasSubstr("msg=scrubbed"));
  EXPECT_THAT(standing_, ElementsAre(true));
}

TEST_F(ScrubberTest, WhatDiffersIsLoggedByItsPlaceToldAndShown) {
  shared_changes_.entries[1] = "another entry";
  const auto scrubber = Make();
  ASSERT_TRUE(scrubber->Pass());
  EXPECT_THAT(standing_, Not(testing::Contains(true)));
  const ScrubShown shown = scrubber->shown();
  EXPECT_FALSE(shown.good);
  EXPECT_GE(shown.remembered.last().findings(), 1u);
  EXPECT_EQ(shown.remembered.last().first(), "entry bawaslu-13@1");
  EXPECT_THAT(lines_, HasSubstr("level=error msg=\"what is stored differs\""));
  EXPECT_THAT(lines_, Not(HasSubstr("another entry")));
}

TEST_F(ScrubberTest, AViewThatDiffersIsFoundAndACleanPassMakesItGoodAgain) {
  rows_[{Table::kView, std::string(node::rows::kChangeCount)}] = std::string(8, '\x7f');
  const auto scrubber = Make();
  ASSERT_TRUE(scrubber->Pass());
  EXPECT_FALSE(scrubber->shown().good);
  rows_.clear();
  ASSERT_TRUE(scrubber->Pass());
  EXPECT_TRUE(scrubber->shown().good) << lines_;
  EXPECT_EQ(standing_.back(), true);
}

TEST_F(ScrubberTest, WhatIsWrittenMeanwhileIsNoFinding) {
  int written = 0;
  busy_ = [&] {
    if (written < 12) Write(absl::StrCat("m-", written++));
    clock_.Advance(absl::Minutes(2));  // a later moment is looked at every time
  };
  const auto scrubber = Make();
  ASSERT_TRUE(scrubber->Pass());
  EXPECT_EQ(written, 12);
  EXPECT_EQ(scrubber->shown().remembered.last().findings(), 0u) << lines_;
}

TEST_F(ScrubberTest, AStoreThatCannotBeReadIsAFinding) {
  unreadable_ = absl::DataLossError("the head does not agree");
  const auto scrubber = Make();
  ASSERT_TRUE(scrubber->Pass());
  EXPECT_FALSE(scrubber->shown().good);
  EXPECT_EQ(scrubber->shown().remembered.last().first(), "store store");
  EXPECT_THAT(lines_, HasSubstr("the head does not agree"));
}

TEST_F(ScrubberTest, AStopLeavesAPassAndTheNextStartGoesOnWithIt) {
  std::promise<void> reached;
  std::atomic<bool> once = false;
  auto scrubber = Make({1, absl::Hours(24), absl::ZeroDuration()});  // for ever
  busy_ = [&] {
    if (!once.exchange(true)) reached.set_value();
  };
  scrubber->Start();
  reached.get_future().wait();
  scrubber->Stop();
  EXPECT_FALSE(scrubber->shown().remembered.last().has_finished());

  storage::v1::StoredScrub kept = scrubber->shown().remembered;
  EXPECT_TRUE(kept.running().has_began());
  EXPECT_EQ(kept.stage(), "log/bawaslu-13");
  busy_ = nullptr;
  scrubber = Make();
  ASSERT_TRUE(scrubber->Pass());
  EXPECT_TRUE(scrubber->shown().remembered.last().has_finished());
  EXPECT_EQ(scrubber->shown().remembered.last().began().seconds(),
            kept.running().began().seconds());
}

TEST_F(ScrubberTest, WhatItRemembersIsLostWithoutHarm) {
  ASSERT_TRUE(node_.store()
                  .Write({{Table::kView, std::string(node::rows::kScrub), "\xff\xff"}},
                         log::Durability::kSynced)
                  .ok());
  const auto scrubber = Make();
  EXPECT_FALSE(scrubber->shown().remembered.has_last());
  EXPECT_TRUE(scrubber->Pass());
  EXPECT_TRUE(scrubber->shown().good) << lines_;
}

}  // namespace
}  // namespace selaras::serve
