#include "services/link/exchange.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

#include "link_test_base.h"
#include "memory_attachments.h"
#include "storage/base/bytes.h"
#include "storage/log/log_reader.h"

namespace selaras::link {
namespace {

using testing::HasSubstr;

// Two nodes that have no line: only files go between them. End 0 is `a`, end 1 is `b`.
class ExchangeTest : public testing::Test {
 protected:
  struct Office {
    test::LinkNode node;
    PeerHolds holds;  // what the other was heard to hold
    Heard heard;
    MemoryAttachments documents = {};
  };

  ExchangeTest() {
    a_.node.Meet(b_.node);
    b_.node.Meet(a_.node);
  }

  static SessionParts PartsOf(Office& own, const Office& peer) {
    return {own.node.party(),       peer.node.party(),      own.node.log(),
            own.node.mirror(),      own.node.disclosures(), own.node.cursor(),
            own.node.checkpoints(), own.node.key_changes(), nullptr,
            &own.documents};
  }

  std::string PackFile(Office& from, const Office& to, bool everything = false) {
    std::string file;
    const auto header = Pack(PartsOf(from, to), everything ? PeerHolds() : from.holds, ++clock_,
                             from.node.signer(), [&](absl::string_view bytes) {
                               file.append(bytes.data(), bytes.size());
                               return absl::OkStatus();
                             });
    EXPECT_TRUE(header.ok()) << header.status();
    return file;
  }

  // Takes a file, and remembers what a node remembers.
  absl::StatusOr<Unpacked> UnpackFile(Office& to, const Office& from, const std::string& file) {
    const auto open = [&file] {
      return
          [&file, at = std::size_t{0}](std::size_t bytes) mutable -> absl::StatusOr<std::string> {
            std::string part = file.substr(std::min(at, file.size()), bytes);
            at += part.size();
            return part;
          };
    };
    const absl::Time now = absl::FromUnixSeconds(1'700'000'000 + static_cast<int>(++clock_));
    auto unpacked =
        Unpack(PartsOf(to, from), to.heard, open, now, [this] { return frames_left_-- > 0; });
    if (unpacked.ok() && !unpacked->fault && !unpacked->older) {
      to.holds = {unpacked->state.arrived_size, unpacked->state.epoch,
                  unpacked->state.disclosed_arrived};
      to.heard = {unpacked->header.packed_at(), {unpacked->header.size()}};
    }
    return unpacked;
  }

  void Take(Office& to, const Office& from, const std::string& file) {
    const auto unpacked = UnpackFile(to, from, file);
    ASSERT_TRUE(unpacked.ok()) << unpacked.status();
    ASSERT_FALSE(unpacked->fault) << unpacked->fault->status;
  }

  void Grow(Office& office, int entries) {
    for (int i = 0; i < entries; ++i) {
      const base::Sequence place = office.node.AppendSome(1);
      if (i % 2 == 0) office.node.Disclose(place);
    }
  }

  // `to` holds all leaves of `from`, and the entries that it may see, no more and no less.
  static void ExpectSame(const Office& to, const Office& from) {
    const log::Mirror& mirror = to.node.mirror();
    ASSERT_EQ(mirror.size(), from.node.log().size());
    EXPECT_EQ(mirror.checkpoint().checkpoint.root, from.node.log().checkpoint().checkpoint.root);
    for (std::uint64_t i = 0; i < mirror.size().value; ++i) {
      EXPECT_EQ(mirror.Entry({i})->has_value(), from.node.disclosures().MaySee({i})) << i;
    }
  }

  Office a_{.node = test::LinkNode("intake"), .holds = {}, .heard = {}};
  Office b_{.node = test::LinkNode("sanction"), .holds = {}, .heard = {}};
  std::uint64_t clock_ = 0;
  int frames_left_ = 1'000'000;
  std::mt19937_64 random_ = test::SeededRandom();
};

TEST_F(ExchangeTest, FilesBothWaysCarryWhatALinkWould) {
  for (int round = 0; round < 3; ++round) {
    Grow(a_, 1'500);
    Grow(b_, 5);
    Take(b_, a_, PackFile(a_, b_));
    Take(a_, b_, PackFile(b_, a_));
    ExpectSame(b_, a_);
    ExpectSame(a_, b_);
  }
}

TEST_F(ExchangeTest, AFileGoesOnFromWhatTheReceiverAcknowledged) {
  Grow(a_, 2'000);
  const std::string all = PackFile(a_, b_);
  Take(b_, a_, all);
  Take(a_, b_, PackFile(b_, a_));
  EXPECT_EQ(a_.holds.size.value, 2'000u);
  Grow(a_, 2);
  const std::string rest = PackFile(a_, b_);
  EXPECT_LT(rest.size(), all.size() / 10);
  EXPECT_GT(PackFile(a_, b_, /*everything=*/true).size(), all.size());
  Take(b_, a_, rest);
  ExpectSame(b_, a_);
}

TEST_F(ExchangeTest, AnOlderFileAndTheSameAgainChangeNothing) {
  Grow(a_, 10);
  const std::string first = PackFile(a_, b_);
  Grow(a_, 10);
  a_.node.disclosures().Rebuild(random_);  // another list since
  const std::string second = PackFile(a_, b_);
  Take(b_, a_, second);
  const auto position = *b_.node.cursor().Load();
  for (const std::string* file : {&second, &first, &first, &second}) {
    const auto unpacked = UnpackFile(b_, a_, *file);
    ASSERT_TRUE(unpacked.ok()) << unpacked.status();
    EXPECT_FALSE(unpacked->fault);
    EXPECT_EQ(unpacked->older, file == &first);
    EXPECT_EQ(unpacked->new_leaves + unpacked->new_entries, 0u);
    EXPECT_EQ(*b_.node.cursor().Load(), position);
  }
  ExpectSame(b_, a_);
}

TEST_F(ExchangeTest, AFileBehindAGapIsRefusedUntilTheOneBeforeItCame) {
  Grow(a_, 10);
  const std::string first = PackFile(a_, b_);
  a_.holds = {{10}, a_.node.disclosures().Current().epoch, 5};
  Grow(a_, 10);
  const std::string second = PackFile(a_, b_);
  const auto early = UnpackFile(b_, a_, second);
  EXPECT_TRUE(absl::IsOutOfRange(early.status())) << early.status();
  EXPECT_THAT(std::string(early.status().message()), HasSubstr("goes on from leaf 10, here are 0"));
  EXPECT_EQ(b_.node.mirror().size().value, 0u);
  Take(b_, a_, first);
  Take(b_, a_, second);
  ExpectSame(b_, a_);
}

TEST_F(ExchangeTest, AReceiverThatLostItsStoreIsHeardAndGetsEverythingAgain) {
  Grow(a_, 10);
  Take(b_, a_, PackFile(a_, b_));
  Take(a_, b_, PackFile(b_, a_));
  Office fresh{.node = test::LinkNode("sanction"), .holds = {}, .heard = {}};
  fresh.node.Meet(a_.node);
  EXPECT_TRUE(absl::IsOutOfRange(UnpackFile(fresh, a_, PackFile(a_, fresh)).status()) ||
              a_.node.log().size().value == 10);
  Take(a_, fresh, PackFile(fresh, a_));
  EXPECT_EQ(a_.holds.size.value, 0u);
  Take(fresh, a_, PackFile(a_, fresh));
  ExpectSame(fresh, a_);
}

TEST_F(ExchangeTest, AChangedByteAnywhereIsFoundBeforeAnythingIsKept) {
  Grow(a_, 20);
  const std::string file = PackFile(a_, b_);
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string changed = file;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    const auto unpacked = UnpackFile(b_, a_, changed);
    ASSERT_FALSE(unpacked.ok()) << "byte " << at;
    ASSERT_EQ(b_.node.mirror().size().value, 0u) << "byte " << at;
  }
  Take(b_, a_, file);
}

TEST_F(ExchangeTest, ATruncatedOrLengthenedFileIsRefused) {
  Grow(a_, 5);
  const std::string file = PackFile(a_, b_);
  for (std::size_t size = 0; size < file.size(); ++size) {
    ASSERT_FALSE(UnpackFile(b_, a_, file.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(UnpackFile(b_, a_, file + "\n").ok());
  EXPECT_FALSE(UnpackFile(b_, a_, file + file).ok());
  EXPECT_EQ(b_.node.mirror().size().value, 0u);
}

TEST_F(ExchangeTest, OnlyTheNodeThatItIsForTakesAFile) {
  Grow(a_, 5);
  Office other{.node = test::LinkNode("other"), .holds = {}, .heard = {}};
  other.node.Meet(a_.node);
  const auto unpacked = UnpackFile(other, a_, PackFile(a_, b_));
  EXPECT_TRUE(absl::IsFailedPrecondition(unpacked.status())) << unpacked.status();
  EXPECT_THAT(std::string(unpacked.status().message()), HasSubstr("'intake' to 'sanction'"));
  EXPECT_EQ(other.node.mirror().size().value, 0u);
}

TEST_F(ExchangeTest, AForkInAFileStopsTheLinkWithBothStatements) {
  Grow(a_, 10);
  Take(b_, a_, PackFile(a_, b_));
  const std::string held = b_.node.mirror().checkpoint().note;
  Office fork{.node = test::LinkNode("intake"), .holds = {}, .heard = {}};
  fork.node.Meet(b_.node);
  fork.node.AppendSome(12, "false");
  const auto unpacked = UnpackFile(b_, fork, PackFile(fork, b_));
  ASSERT_TRUE(unpacked.ok()) << unpacked.status();
  ASSERT_TRUE(unpacked->fault);
  EXPECT_TRUE(absl::IsDataLoss(unpacked->fault->status));
  EXPECT_EQ(unpacked->fault->held, held);
  ASSERT_EQ(b_.node.store().evidence()->size(), 1u);
  EXPECT_EQ(b_.node.mirror().checkpoint().note, held);
}

TEST_F(ExchangeTest, ASuccessorsFileIsTakenWhenItWasAcceptedAndNotBefore) {
  Grow(a_, 4);
  Take(b_, a_, PackFile(a_, b_));
  const log::Succession succession = a_.node.Succeed("successor", 3);
  a_.holds = {};
  Grow(a_, 3);
  const std::string file = PackFile(a_, b_);
  const auto refused = UnpackFile(b_, a_, file);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr(log::FingerprintOf(succession)));
  EXPECT_EQ(b_.node.mirror().size().value, 4u);
  ASSERT_TRUE(b_.node.store().Succeed(a_.node.name(), succession, {}).ok());
  b_.heard = {};
  Take(b_, a_, file);
  ExpectSame(b_, a_);
}

TEST_F(ExchangeTest, ALaterFileThatLeadsToLessIsARollback) {
  Grow(a_, 10);
  Take(b_, a_, PackFile(a_, b_));
  Office restored{.node = test::LinkNode("intake"), .holds = {}, .heard = {}};
  restored.node.Meet(b_.node);
  Grow(restored, 4);  // the same course, but shorter
  const auto unpacked = UnpackFile(b_, restored, PackFile(restored, b_));
  ASSERT_TRUE(unpacked.ok()) << unpacked.status();
  ASSERT_TRUE(unpacked->fault);
  EXPECT_THAT(std::string(unpacked->fault->status.message()), HasSubstr("rolled back"));
  // Its owner learns of it, too.
  const auto told = UnpackFile(restored, b_, PackFile(b_, restored));
  ASSERT_TRUE(told.ok() && told->fault);
  EXPECT_EQ(told->state.shown_size.value, 10u);
}

TEST_F(ExchangeTest, WhatWasBegunIsCompletedByTheSameFile) {
  Grow(a_, 3'000);
  const std::string file = PackFile(a_, b_);
  for (int frames = 0; frames < 8; ++frames) {
    frames_left_ = frames;
    ASSERT_TRUE(absl::IsAborted(UnpackFile(b_, a_, file).status())) << frames;
  }
  EXPECT_GT(b_.node.mirror().size().value, 0u);
  frames_left_ = 1'000'000;
  Take(b_, a_, file);
  ExpectSame(b_, a_);
}

// What is asked for needs somebody who answers. A file that asks nevertheless does no harm.
TEST_F(ExchangeTest, DocumentsAreNotAskedForInAFile) {
  Grow(a_, 10);
  std::string asking;
  const auto source = [file = PackFile(a_, b_), at = std::size_t{0}](std::size_t bytes) mutable {
    std::string part = file.substr(std::min(at, file.size()), bytes);
    at += part.size();
    return absl::StatusOr<std::string>(std::move(part));
  };
  ExchangeReader reader(source);
  ExchangeWriter writer([&](absl::string_view bytes) {
    asking.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  ASSERT_TRUE(writer.Begin(*reader.Header()).ok());
  for (auto frame = *reader.Next(); frame; frame = *reader.Next()) {
    EXPECT_FALSE(frame->has_get_attachment() || frame->has_attachment_part());
    if (frame->has_hello()) {
      EXPECT_EQ(frame->hello().additions(), kAdditionWitnessing);
      frame->mutable_hello()->set_additions(kAdditions);
    }
    ASSERT_TRUE(writer.Add(*frame).ok());
  }
  ledger::v1::Frame question;
  question.mutable_get_attachment();
  ledger::v1::Frame part;
  part.mutable_attachment_part()->set_data("a document");
  ASSERT_TRUE(writer.Add(question).ok() && writer.Add(part).ok());
  ASSERT_TRUE(writer.End(a_.node.signer()).ok());
  Take(b_, a_, asking);
  ExpectSame(b_, a_);
}

TEST_F(ExchangeTest, DocumentsGoWithTheEntriesThatAddThem) {
  Grow(a_, 4);  // of which 0 and 2 are disclosed
  for (const std::uint64_t place : {0, 1, 2}) {
    a_.documents.own[{place}] = {absl::StrCat("first ", place), "second"};
  }
  b_.documents.wanted = {{{0}, 2}, {{2}, 2}};
  const std::string file = PackFile(a_, b_);
  Take(b_, a_, file);
  EXPECT_EQ(b_.documents.kept, (std::map<base::Sequence, MemoryAttachments::Document>{
                                   {{0}, {"first 0", "second"}}, {{2}, {"first 2", "second"}}}))
      << "whole, one after the other";
  EXPECT_EQ(b_.documents.keeps, 4) << "who does not see the entry gets no document";
  Take(b_, a_, file);
  EXPECT_EQ(b_.documents.kept.at({0}).size(), 2u) << "the same again changes nothing";
  // What was acknowledged does not go again.
  Take(a_, b_, PackFile(b_, a_));
  Grow(a_, 1);
  a_.documents.own[{4}] = {"third"};
  const int before = b_.documents.keeps;
  Take(b_, a_, PackFile(a_, b_));
  EXPECT_EQ(b_.documents.keeps, before + 1);
}

TEST_F(ExchangeTest, AStoreThatFailsWhileDocumentsComeSaysSoAndTheFileIsTakenAgain) {
  Grow(a_, 1);
  a_.documents.own[{0}] = {"document"};
  b_.documents.wanted[{0}] = 1;
  const std::string file = PackFile(a_, b_);
  b_.documents.keep_trouble = absl::UnavailableError("the disk is full");
  EXPECT_TRUE(absl::IsUnavailable(UnpackFile(b_, a_, file).status()));
  b_.documents.keep_trouble = absl::OkStatus();
  Take(b_, a_, file);
  EXPECT_EQ(b_.documents.kept.size(), 1u);
  ExpectSame(b_, a_);
}

// The bytes are those of FORMAT.md: check_format.py reads this file from the document alone.
TEST_F(ExchangeTest, AFileHasTheBytesOfTheGoldenOne) {
  Grow(a_, 3);
  Grow(b_, 1);
  Take(a_, b_, PackFile(b_, a_));
  const std::string text =
      absl::StrCat("is: exchange_file\nfrom: intake\nto: sanction\nverifier_key: ",
                   a_.node.party().verifier.VerifierText(),
                   "\nreceiver_key: ", b_.node.party().verifier.VerifierText(),
                   "\npacked_at: 3\nsize: 3\ndisclosed: 0 2\nacknowledged: 1\nfile: ",
                   base::HexEncode(PackFile(a_, b_)), "\n");
  std::ifstream in(SELARAS_SOURCE_DIR "/tests/golden/exchange_v1.txt", std::ios::binary);
  std::stringstream held;
  held << in.rdbuf();
  EXPECT_EQ(text, held.str());
}

}  // namespace
}  // namespace selaras::link
