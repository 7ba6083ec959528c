// What every store promises about mirrors of other logs.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/limits.h"
#include "storage/log/store.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"
#include "storage/merkle/verify.h"
#include "tests/contract/store_makers.h"
#include "tests/support/log_owner.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPeer[] = "bkn";

const absl::Time kCame = absl::FromUnixMicros(1'740'000'000'000'001);

class MirrorContract : public testing::TestWithParam<StoreMaker> {
 protected:
  log::Store& store() { return subject_->store(); }
  // The mirror of `owner_`.
  log::Mirror& mirror() {
    absl::StatusOr<log::Mirror*> mirror = store().OpenMirror(kPeer, owner_.verifier());
    EXPECT_TRUE(mirror.ok()) << mirror.status();
    return **mirror;
  }

  // What the owner says now, from `from` on.
  absl::Status Follow(std::uint64_t from) {
    return mirror().Extend({from}, owner_.Leaves(from, owner_.size()), owner_.Note());
  }
  log::DisclosedEntry Entry(std::uint64_t i) { return {{i}, owner_.entries()[i]}; }

  void ExpectFollows() {
    ASSERT_EQ(mirror().size().value, owner_.size());
    EXPECT_EQ(mirror().checkpoint().note, owner_.Note());
    EXPECT_EQ(mirror().Hashes(0, 0, owner_.size()).value(), owner_.Leaves(0, owner_.size()));
    EXPECT_EQ(merkle::RootAt(mirror(), mirror().size()).value(), owner_.Root(owner_.size()));
  }

  // The frame is refused as a contradiction, kept as evidence, and changes nothing else.
  void ExpectContradiction(std::uint64_t from, const std::vector<base::Digest>& leaves,
                           const std::string& note, const std::string& reason) {
    const std::string held = mirror().checkpoint().note;
    const std::size_t known = store().evidence()->size();
    const absl::Status refused = mirror().Extend({from}, leaves, note);
    EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(reason));
    subject_->Crash();
    EXPECT_EQ(mirror().checkpoint().note, held);
    const std::vector<log::Evidence> evidence = store().evidence().value();
    ASSERT_THAT(evidence, SizeIs(known + 1));
    EXPECT_EQ(evidence.back().log, kPeer);
    EXPECT_EQ(evidence.back().held, held);
    EXPECT_EQ(evidence.back().given, note);
    EXPECT_THAT(evidence.back().reason, HasSubstr(reason));
  }

  std::unique_ptr<StoreUnderTest> subject_ = GetParam().make();
  LogOwner owner_{kPeer};
};

TEST_P(MirrorContract, ANewMirrorIsEmptyAndHasNoCheckpoint) {
  EXPECT_EQ(mirror().name(), kPeer);
  EXPECT_EQ(mirror().origin(), "selaras/bkn");
  EXPECT_EQ(mirror().size().value, 0u);
  EXPECT_EQ(mirror().checkpoint().note, "");
  EXPECT_EQ(mirror().entries_held(), 0u);
  EXPECT_EQ(mirror().Entry({0}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(store().mirrors(), ElementsAre(&mirror()));
}

TEST_P(MirrorContract, AMirrorIsTheSameObjectWheneverItIsOpened) {
  EXPECT_EQ(&mirror(), &mirror());
}

TEST_P(MirrorContract, MirrorsAreListedByNameAndKeptApart) {
  LogOwner other("ppk-13.04");
  log::Mirror& second = **store().OpenMirror("ppk-13.04", other.verifier());
  owner_.Append(3, "bkn ");
  other.Append(2, "ppk ");
  ASSERT_TRUE(Follow(0).ok());
  ASSERT_TRUE(second.Extend({0}, other.Leaves(0, 2), other.Note()).ok());
  ASSERT_EQ(second.Keep(std::vector<log::DisclosedEntry>{{{1}, "ppk 1"}}, kCame).value(), 1u);
  subject_->Reopen();
  ExpectFollows();
  ASSERT_THAT(store().mirrors(), SizeIs(2));
  EXPECT_EQ(store().mirrors()[0]->name(), kPeer);
  EXPECT_EQ(store().mirrors()[1]->name(), "ppk-13.04");
  EXPECT_EQ(store().mirrors()[0]->entries_held(), 0u);
  EXPECT_EQ(store().mirrors()[1]->size().value, 2u);
  EXPECT_EQ(store().mirrors()[1]->Entry({1}).value(), "ppk 1");
  for (const log::Mirror* each : store().mirrors()) {
    EXPECT_EQ(store().FindMirror(each->name()), each);
  }
  EXPECT_EQ(store().FindMirror("ppk-13"), nullptr);
  EXPECT_EQ(store().FindMirror(kNodeName), nullptr) << "that is no mirror";
}

TEST_P(MirrorContract, AMirrorOpensOnlyWithTheKeyThatItWasMadeWith) {
  mirror();
  subject_->Reopen();
  const auto other = log::NoteVerifier::Make(
      "selaras/bkn", crypto::SigningKey::FromSeed(std::string(32, 'x'))->verify_key());
  EXPECT_EQ(store().OpenMirror(kPeer, *other).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(MirrorContract, MalformedNamesAndOwnLogsAreRefused) {
  for (const char* name : {"", "a b", kNodeName, "bawaslu-13/private"}) {
    EXPECT_EQ(store().OpenMirror(name, owner_.verifier()).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
  EXPECT_THAT(store().mirrors(), IsEmpty());
}

TEST_P(MirrorContract, FollowingGivesTheOwnersTree) {
  for (const std::size_t step : {1u, 2u, 250u, 10u, 300u}) {
    const std::uint64_t from = owner_.size();
    owner_.Append(step);
    ASSERT_TRUE(Follow(from).ok());
    ExpectFollows();
  }
  subject_->Reopen();
  ExpectFollows();
}

TEST_P(MirrorContract, ProofsFromAMirrorVerifyAgainstTheOwnersCheckpoints) {
  std::mt19937_64 random = SeededRandom();
  owner_.Append(700);
  ASSERT_TRUE(Follow(0).ok());
  for (int i = 0; i < 50; ++i) {
    const std::uint64_t size = Between(random, 1, owner_.size());
    const std::uint64_t leaf = Between(random, 0, size - 1);
    EXPECT_TRUE(merkle::VerifyInclusion(merkle::HashLeaf(owner_.entries()[leaf]), {leaf}, {size},
                                        merkle::ProveInclusion(mirror(), {leaf}, {size}).value(),
                                        owner_.Root(size))
                    .ok());
  }
}

TEST_P(MirrorContract, ARepeatedOrOverlappingFrameIsHarmless) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  ASSERT_TRUE(Follow(0).ok());
  ASSERT_TRUE(Follow(10).ok());
  owner_.Append(10);
  ASSERT_TRUE(Follow(3).ok());
  ExpectFollows();
  EXPECT_THAT(store().evidence().value(), IsEmpty());
}

TEST_P(MirrorContract, AnOldCheckpointIsCheckedAgainstTheTreeThatIsHeld) {
  owner_.Append(300);
  ASSERT_TRUE(Follow(0).ok());
  for (const std::uint64_t size : {0u, 1u, 255u, 256u, 257u, 299u, 300u}) {
    EXPECT_TRUE(mirror().Extend({size}, {}, owner_.Note(size)).ok()) << size;
  }
  EXPECT_TRUE(mirror().Extend({100}, owner_.Leaves(100, 200), owner_.Note(200)).ok());
  ExpectFollows();
  ExpectContradiction(200, {}, owner_.FalseNote(200, owner_.Root(199)), "at size 200");
}

TEST_P(MirrorContract, AGapIsOutOfRange) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  owner_.Append(10);
  EXPECT_EQ(Follow(11).code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(mirror().size().value, 10u);
  EXPECT_THAT(store().evidence().value(), IsEmpty());
}

TEST_P(MirrorContract, FramesWhosePartsDoNotFitAreInvalid) {
  owner_.Append(10);
  EXPECT_EQ(mirror().Extend({0}, owner_.Leaves(0, 9), owner_.Note()).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mirror().Extend({11}, {}, owner_.Note()).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mirror().Extend({~0ull}, owner_.Leaves(0, 10), owner_.Note()).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mirror().Extend({0}, owner_.Leaves(0, 10), "no note").code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mirror()
                .Extend({0}, owner_.Leaves(0, 10),
                        absl::StrCat(owner_.Note(), std::string(log::kCheckpointBytesMax, '\n')))
                .code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mirror().size().value, 0u);
}

TEST_P(MirrorContract, TheLargestFrameIsAcceptedAndALargerOneIsNot) {
  owner_.Append(log::kFrameLeavesMax + 1);
  EXPECT_EQ(Follow(0).code(), absl::StatusCode::kInvalidArgument);
  owner_.Truncate(log::kFrameLeavesMax);
  EXPECT_TRUE(Follow(0).ok());
}

TEST_P(MirrorContract, ANoteOfAnotherKeyOrLogIsDataLossAndNoEvidence) {
  owner_.Append(3);
  LogOwner other("ppk-13.04");
  other.Append(3);
  EXPECT_EQ(mirror().Extend({0}, other.Leaves(0, 3), other.Note()).code(),
            absl::StatusCode::kDataLoss);
  std::string changed = owner_.Note();
  changed[changed.size() - 5] ^= 1;
  EXPECT_FALSE(mirror().Extend({0}, owner_.Leaves(0, 3), changed).ok());
  EXPECT_EQ(mirror().size().value, 0u);
  EXPECT_THAT(store().evidence().value(), IsEmpty());
}

TEST_P(MirrorContract, AForkIsEvidence) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  owner_.Truncate(7);
  owner_.Append(5, "another ");
  ExpectContradiction(10, owner_.Leaves(10, 12), owner_.Note(), "bkn at size 12");
}

TEST_P(MirrorContract, AChangedLeafIsEvidence) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  owner_.Truncate(7);
  owner_.Append(5, "another ");
  ExpectContradiction(5, owner_.Leaves(5, 12), owner_.Note(), "bkn@7 was");
}

TEST_P(MirrorContract, ARollbackThatGrowsAgainIsEvidence) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  owner_.Truncate(5);
  EXPECT_TRUE(mirror().Extend({5}, {}, owner_.Note()).ok());  // so far it may be an old frame
  owner_.Append(1, "another ");
  ExpectContradiction(6, {}, owner_.Note(), "bkn at size 6");
}

TEST_P(MirrorContract, LeavesThatAreNotThoseOfTheCheckpointAreNotKept) {
  owner_.Append(10);
  std::vector<base::Digest> leaves = owner_.Leaves(0, 10);
  leaves[4].bytes[0] ^= 1;
  ExpectContradiction(0, leaves, owner_.Note(), "bkn at size 10");
  ASSERT_TRUE(Follow(0).ok());
  ExpectFollows();
}

TEST_P(MirrorContract, TheSameContradictionIsKeptOnceAndOneLogCannotFillTheDisk) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  const std::string false_note = owner_.FalseNote(10, owner_.Root(9));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(mirror().Extend({10}, {}, false_note).ok());
  EXPECT_THAT(store().evidence().value(), SizeIs(1));
  base::Digest root;
  for (std::size_t i = 0; i < log::kEvidencePerLogMax + 5; ++i) {
    root.bytes[0] = static_cast<std::uint8_t>(i);
    EXPECT_FALSE(mirror().Extend({10}, {}, owner_.FalseNote(10, root)).ok());
  }
  EXPECT_THAT(store().evidence().value(), SizeIs(log::kEvidencePerLogMax));
}

TEST_P(MirrorContract, MatchingEntriesAreKeptInAnyOrderAndCountedOnce) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  EXPECT_EQ(mirror().Keep(std::vector{Entry(7), Entry(2)}, kCame).value(), 2u);
  EXPECT_EQ(mirror().Keep(std::vector{Entry(2), Entry(9), Entry(9)}, kCame).value(), 1u);
  EXPECT_EQ(mirror().Keep({}, kCame).value(), 0u);
  subject_->Crash();
  EXPECT_EQ(mirror().entries_held(), 3u);
  EXPECT_EQ(mirror().Entry({2}).value(), "entry 2");
  EXPECT_EQ(mirror().Entry({7}).value(), "entry 7");
  EXPECT_EQ(mirror().Entry({3}).value(), std::nullopt);
  EXPECT_EQ(mirror().Entry({10}).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_P(MirrorContract, TheOrderInWhichEntriesCameIsRemembered) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  ASSERT_TRUE(mirror().Keep(std::vector{Entry(7), Entry(2)}, kCame).ok());
  ASSERT_TRUE(mirror().Keep(std::vector{Entry(2), Entry(0)}, kCame).ok());
  subject_->Reopen();
  ASSERT_TRUE(mirror().Keep(std::vector{Entry(5)}, kCame).ok());
  using Places = std::vector<base::Sequence>;
  EXPECT_EQ(mirror().Kept(0, 100).value(), (Places{{7}, {2}, {0}, {5}}));
  EXPECT_EQ(mirror().Kept(1, 2).value(), (Places{{2}, {0}}));
  EXPECT_EQ(mirror().Kept(4, 100).value(), Places{});
  EXPECT_EQ(mirror().Kept(~0ull, 100).value(), Places{});
}

TEST_P(MirrorContract, WhenAnEntryCameFirstIsRememberedWhereItWasNoted) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  const absl::Time later = kCame + absl::Hours(30);
  ASSERT_TRUE(mirror().Keep(std::vector{Entry(7), Entry(2)}, kCame).ok());
  ASSERT_TRUE(mirror().Keep(std::vector{Entry(2), Entry(0)}, later).ok());
  ASSERT_TRUE(mirror().Keep(std::vector{Entry(5)}, absl::InfinitePast()).ok());
  subject_->Crash();
  EXPECT_EQ(mirror().KeptAt({7}).value(), kCame);
  EXPECT_EQ(mirror().KeptAt({2}).value(), kCame) << "it was here already";
  EXPECT_EQ(mirror().KeptAt({0}).value(), later);
  EXPECT_EQ(mirror().KeptAt({5}).value(), std::nullopt) << "not noted";
  EXPECT_EQ(mirror().KeptAt({1}).value(), std::nullopt) << "not held";
  EXPECT_EQ(mirror().KeptAt({10}).value(), std::nullopt);
  using Places = std::vector<base::Sequence>;
  EXPECT_EQ(mirror().Kept(0, 100).value(), (Places{{7}, {2}, {0}, {5}}));
}

TEST_P(MirrorContract, OneEntryThatDoesNotMatchKeepsAllOut) {
  owner_.Append(10);
  ASSERT_TRUE(Follow(0).ok());
  EXPECT_EQ(mirror()
                .Keep(std::vector{Entry(1), log::DisclosedEntry{{2}, "entry 3"}}, kCame)
                .status()
                .code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(mirror()
                .Keep(std::vector{Entry(1), log::DisclosedEntry{{10}, "entry 10"}}, kCame)
                .status()
                .code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(
      mirror().Keep(std::vector{Entry(1), log::DisclosedEntry{{2}, ""}}, kCame).status().code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      mirror()
          .Keep(std::vector{Entry(1),
                            log::DisclosedEntry{{2}, std::string(log::kEntryBytesMax + 1, 'x')}},
                kCame)
          .status()
          .code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mirror().entries_held(), 0u);
  EXPECT_EQ(mirror().Entry({1}).value(), std::nullopt);
}

TEST_P(MirrorContract, AMirrorsWritesMakeEarlierRowsDurable) {
  owner_.Append(1);
  ASSERT_TRUE(store().Write({{log::Table::kView, "a", "1"}}, log::Durability::kUnsynced).ok());
  ASSERT_TRUE(Follow(0).ok());
  subject_->Crash();
  EXPECT_EQ(store().Get(log::Table::kView, "a").value(), "1");
  ExpectFollows();
}

INSTANTIATE_TEST_SUITE_P(Every, MirrorContract, testing::ValuesIn(StoreMakers()),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace selaras::test
