#include "services/link/giver.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "memory_attachments.h"
#include "services/link/limits.h"
#include "tests/support/link_node.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

class GiverTest : public testing::Test {
 protected:
  GiverTest() {
    disclosures_.Disclose({3});
    giver_.Begin();
  }

  SessionConfig Config() {
    const test::LinkNode node("intake");
    SessionConfig config{node.party(), node.party(), {}};
    config.attachments = &documents_;
    return config;
  }

  static void Ask(Giver& giver, const Chunk& chunk) {
    ledger::v1::GetAttachment question;
    question.set_sequence(chunk.entry.value);
    question.set_chunk(chunk.index);
    giver.Apply(question);
  }

  // The next answer; its data must be this.
  static std::optional<Chunk> Given(Giver& giver, const std::string& data) {
    const absl::StatusOr<std::optional<Frame>> frame = giver.Next();
    EXPECT_TRUE(frame.ok()) << frame.status();
    if (!frame.ok() || !*frame) return std::nullopt;
    EXPECT_TRUE((*frame)->has_attachment_part());
    const ledger::v1::AttachmentPart& part = (*frame)->attachment_part();
    EXPECT_EQ(part.data(), data);
    return Chunk{{part.sequence()}, part.chunk()};
  }

  MemoryAttachments documents_;
  test::MemoryDisclosures disclosures_;
  const SessionConfig config_ = Config();
  Giver giver_{config_, disclosures_};
};

TEST_F(GiverTest, AnswersInTheOrderOfTheQuestionsAndEachOnce) {
  documents_.own[{3}] = {"first", "second"};
  for (const std::uint32_t index : {1u, 0u, 1u}) Ask(giver_, {{3}, index});
  EXPECT_EQ(Given(giver_, "second"), (Chunk{{3}, 1}));
  EXPECT_EQ(Given(giver_, "first"), (Chunk{{3}, 0}));
  EXPECT_EQ(Given(giver_, ""), std::nullopt);
  Ask(giver_, {{3}, 1});
  EXPECT_EQ(Given(giver_, "second"), (Chunk{{3}, 1})) << "the answer may have been lost";
}

TEST_F(GiverTest, WhoMayNotSeeTheEntryIsGivenNothingAndNothingIsRead) {
  documents_.own[{4}] = {"secret"};
  Ask(giver_, {{4}, 0});
  EXPECT_EQ(Given(giver_, ""), (Chunk{{4}, 0}));
  EXPECT_EQ(documents_.reads, 0);
  disclosures_.Disclose({4});
  Ask(giver_, {{4}, 0});
  EXPECT_EQ(Given(giver_, "secret"), (Chunk{{4}, 0}));
}

TEST_F(GiverTest, WhatIsNotHereIsAnsweredWithNothing) {
  documents_.own[{3}] = {"first"};
  Ask(giver_, {{3}, 1});
  EXPECT_EQ(Given(giver_, ""), (Chunk{{3}, 1}));
  SessionConfig without = config_;
  without.attachments = nullptr;
  Giver giver(without, disclosures_);
  giver.Begin();
  Ask(giver, {{3}, 0});
  EXPECT_EQ(Given(giver, ""), (Chunk{{3}, 0}));
}

TEST_F(GiverTest, OfManyQuestionsAFewAreAnsweredAndTheOthersDropped) {
  for (std::uint32_t index = 0; index < 1'000; ++index) Ask(giver_, {{3}, index});
  for (std::uint32_t index = 0; index < kChunksAskedMax; ++index) {
    EXPECT_EQ(Given(giver_, ""), (Chunk{{3}, index}));
  }
  EXPECT_EQ(Given(giver_, ""), std::nullopt);
}

TEST_F(GiverTest, APeerThatDidNotSayThatItUnderstandsItIsNotAnswered) {
  documents_.own[{3}] = {"first"};
  Giver giver(config_, disclosures_);
  Ask(giver, {{3}, 0});
  EXPECT_EQ(Given(giver, ""), std::nullopt);
  EXPECT_EQ(documents_.reads, 0);
}

TEST_F(GiverTest, WhatThePeerWouldRefuseIsTroubleOfTheOwnStore) {
  documents_.own[{3}] = {std::string(kChunkBytesMax, 'x'), std::string(kChunkBytesMax + 1, 'x')};
  Ask(giver_, {{3}, 0});
  EXPECT_TRUE(giver_.Next().ok());
  Ask(giver_, {{3}, 1});
  const absl::Status status = giver_.Next().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("entry 3 has 65553 bytes"));
}

}  // namespace
}  // namespace selaras::link
