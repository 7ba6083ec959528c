// Every order in which the logs reach the nodes gives the same case: 10,000 random orders of what
// five offices decided, each in good faith on what had come to it.
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history.h"
#include "invariants.h"
#include "observer.h"
#include "obvious_case.h"
#include "tests/support/random.h"

namespace selaras {
namespace {

using test::PaperEntry;
using test::PaperOffice;
using testing::IsEmpty;

constexpr int kInterleavings = 10'000;
constexpr int kPerHistory = 20;

// As an auditor folds it to whom everybody shows everything.
domain::CaseFold FoldOfAll(const std::deque<PaperOffice>& offices) {
  domain::CaseFold fold;
  fold.set_case_id(offices[0].case_id());
  fold.set_fold_version(domain::kFoldVersion);
  for (const PaperOffice& office : offices) {
    for (const PaperEntry& entry : office.log()) {
      if (entry.again) continue;
      domain::Evolve(*fold.mutable_segments(), entry.section, entry.position, entry.leaf_hash,
                     entry.event);
    }
  }
  return fold;
}

test::ObviousStatus ObviousStatusOfAll(const std::deque<PaperOffice>& offices) {
  std::vector<const PaperEntry*> all;
  std::set<std::string> logs;
  for (const PaperOffice& office : offices) {
    logs.insert(office.name());
    for (const PaperEntry& entry : office.log()) all.push_back(&entry);
  }
  return test::ObviousStatusOf(test::ObviousCaseOf(all, logs));
}

// Whether the office hears of everything that parties write: not a PPK while another one wrote, and
// nobody as long as what made it a party was taken back.
bool HearsAll(const PaperOffice& office, const std::deque<PaperOffice>& offices) {
  if (domain::CustodyOf(office.fold()).stints.empty()) return false;
  for (const PaperOffice& other : offices) {
    for (const PaperEntry& entry : other.log()) {
      if (&other == &office || entry.event.party_number() == 0) continue;
      if (office.others().Find(test::PlaceOf(entry.position)) == nullptr) return false;
    }
  }
  return true;
}

// The offices that hear the same agree, with each other and with who sees everything.
void CheckAgreement(const std::deque<PaperOffice>& offices) {
  const domain::CaseFold all = FoldOfAll(offices);
  const auto obvious = ObviousStatusOfAll(offices);
  EXPECT_EQ(domain::StatusOf(all).holder, obvious.holder);
  EXPECT_EQ(domain::StatusOf(all).waiting_for, obvious.waiting_for);
  for (const PaperOffice& office : offices) {
    if (!HearsAll(office, offices)) continue;
    SCOPED_TRACE(office.name());
    EXPECT_EQ(test::DescribeStatus(office.fold()), test::DescribeStatus(all));
    EXPECT_EQ(domain::PartyDigest(office.fold()), domain::PartyDigest(all));
    EXPECT_EQ(domain::PartiesOf(office.fold()), domain::PartiesOf(all));
    EXPECT_EQ(domain::ContradictionsOf(office.fold()), domain::ContradictionsOf(all));
  }
}

void Print(const std::deque<PaperOffice>& offices) {
  for (const PaperOffice& office : offices) {
    for (const PaperEntry& entry : office.log()) {
      std::cout << entry.position.log() << "@" << entry.position.sequence() << " #"
                << entry.event.party_number() << " " << entry.event.fact().ShortDebugString();
      for (const auto& citation : entry.event.citations()) {
        std::cout << " cites " << citation.position().log() << "@"
                  << citation.position().sequence();
      }
      std::cout << "\n";
    }
    std::cout << office.name() << ": " << test::DescribeStatus(office.fold()) << std::endl;
  }
}

void Check(const test::History& history, std::mt19937_64& random, test::Made& made) {
  ASSERT_THAT(history.broken(), IsEmpty());
  ASSERT_THAT(test::BrokenInLogs(history.offices()), IsEmpty());
  CheckAgreement(history.offices());
  for (const PaperOffice& office : history.offices()) {
    SCOPED_TRACE(office.name());
    std::optional<test::Seen> first;
    for (int i = 0; i < kPerHistory && !testing::Test::HasFailure(); ++i) {
      test::Observer observer(office);
      ASSERT_THAT(observer.Replay(random, made), IsEmpty());
      const test::Seen seen = observer.See(node::PlainOpener());
      // What the office itself made of it, when it came as it came.
      EXPECT_EQ(seen.fold, office.fold().SerializeAsString());
      if (!first) first = seen;
      EXPECT_TRUE(seen == *first) << seen.status << "; and once " << first->status;
    }
  }
}

void RunOnce(const test::Versions& versions, std::uint64_t seed, test::Made& made) {
  SCOPED_TRACE(testing::Message() << "repeat with SELARAS_SEED=" << seed);
  std::mt19937_64 random(seed);
  test::History history(versions, random, made);
  history.Run();
  Check(history, random, made);
  if (testing::Test::HasFailure()) Print(history.offices());
}

TEST(Interleavings, EveryOrderOfTheLogsGivesTheSameCaseOnEveryNode) {
  const test::Versions versions = test::TwoVersions();
  test::Made made;
  if (const char* given = std::getenv("SELARAS_SEED")) {
    return RunOnce(versions, std::strtoull(given, nullptr, 10), made);
  }
  std::mt19937_64 seeds = test::SeededRandom();
  constexpr int kHistories = kInterleavings / kPerHistory;
  // A few more where chance was against a rare thing.
  for (int run = 0; run < kHistories || (made.MissesAny() && run < 3 * kHistories); ++run) {
    const std::uint64_t seed = seeds();
    RunOnce(versions, seed, made);
    if (testing::Test::HasFailure()) {
      std::cout << "repeat with SELARAS_SEED=" << seed << std::endl;
      FAIL() << "in history " << run;
    }
  }
  for (const auto& [what, count] : made.counts()) {
    std::cout << count << " " << what << "\n";
    EXPECT_GT(count, 0) << "the generators made no " << what;
  }
}

}  // namespace
}  // namespace selaras
