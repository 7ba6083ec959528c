// Documents are pulled over a session, behind everything else.
#include <array>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "memory_attachments.h"
#include "services/link/session.h"
#include "tests/support/link_world.h"
#include "tests/support/random.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;
using test::Between;
using test::LinkNode;
using test::Trouble;
using Document = MemoryAttachments::Document;

Frame Question(base::Sequence entry, std::uint32_t chunk) {
  Frame frame;
  frame.mutable_get_attachment()->set_sequence(entry.value);
  frame.mutable_get_attachment()->set_chunk(chunk);
  return frame;
}

Frame Part(base::Sequence entry, std::uint32_t chunk, const std::string& data) {
  Frame frame;
  frame.mutable_attachment_part()->set_sequence(entry.value);
  frame.mutable_attachment_part()->set_chunk(chunk);
  frame.mutable_attachment_part()->set_data(data);
  return frame;
}

// Two nodes with documents, the link between them, and a watch on what they say of documents.
class DocumentLink {
 public:
  struct End {
    explicit End(absl::string_view name) : node(name) {}

    LinkNode node;
    MemoryAttachments documents;
    bool has_documents = true;
    std::uint32_t additions = kAdditions;  // that its Hello says
    std::unique_ptr<Session> session;
    test::Pipe out;
    std::vector<Frame> sent;
  };

  explicit DocumentLink(std::mt19937_64& random) : random_(random) {
    ends_[0].node.Meet(ends_[1].node);
    ends_[1].node.Meet(ends_[0].node);
    Connect();
  }

  void Connect() {
    for (const int i : {0, 1}) {
      End& end = at(i);
      SessionConfig config{end.node.party(), at(1 - i).node.party(), flow()};
      if (end.has_documents) config.attachments = &end.documents;
      end.session = std::make_unique<Session>(config, end.node.log(), end.node.mirror(),
                                              end.node.disclosures(), end.node.cursor(),
                                              end.node.checkpoints(), end.node.witnessing());
      end.out.Clear();
      end.sent.clear();
      end.session->Start();
    }
  }

  static Flow flow() {
    Flow flow;
    flow.frame_leaves = 4;
    flow.frame_entries = 3;
    flow.window_bytes = 2'000;
    flow.silence = absl::Seconds(1);
    flow.silence_max = absl::Seconds(4);
    return flow;
  }

  // An entry with a document at `end`, which the other wants. Its place.
  base::Sequence Add(int end, const Document& document, bool disclosed = true) {
    const base::Sequence place = at(end).node.AppendSome(1);
    at(end).documents.own[place] = document;
    at(1 - end).documents.wanted[place] = document.size();
    if (disclosed) at(end).node.Disclose(place);
    at(end).session->OwnLogGrew();
    return place;
  }

  bool SendNext(int end, const Trouble& trouble = {}) {
    std::optional<Frame> frame = at(end).session->Next();
    if (!frame) return false;
    if (frame->has_hello()) frame->mutable_hello()->set_additions(at(end).additions);
    if (frame->has_get_attachment()) {
      const base::Sequence entry{frame->get_attachment().sequence()};
      EXPECT_TRUE(base::Covers(at(end).node.mirror().size(), entry)) << "asked before its leaf";
    }
    if (frame->has_attachment_part() && !frame->attachment_part().data().empty()) {
      const base::Sequence entry{frame->attachment_part().sequence()};
      EXPECT_TRUE(at(end).node.disclosures().MaySee(entry)) << "a secret is given away";
    }
    at(end).sent.push_back(*frame);
    at(end).out.Send(*frame, trouble, random_);
    return true;
  }

  bool DeliverNext(int end, const Trouble& trouble = {}) {
    const std::optional<Frame> frame = at(1 - end).out.Take(trouble, random_);
    if (frame) at(end).session->Receive(*frame, now_);
    return frame.has_value();
  }

  void Deliver(int end, const Frame& frame) { at(end).session->Receive(frame, now_); }

  void Advance(absl::Duration by) {
    now_ += by;
    for (End& end : ends_) end.session->Tick(now_);
  }

  void Drain() {
    for (bool moved = true; moved;) {
      moved = false;
      for (const int end : {0, 1}) {
        while (SendNext(end)) moved = true;
        while (DeliverNext(end)) moved = true;
      }
    }
  }

  // Moves frames without trouble, and time.
  void Settle() {
    for (int round = 0; round < 30; ++round) {
      Drain();
      Advance(absl::Seconds(1));
    }
  }

  // Whether `end` holds the document that the other has at that entry.
  bool Holds(int end, base::Sequence entry) {
    return at(end).documents.kept[entry] == at(1 - end).documents.own[entry];
  }

  int Sent(int end, Frame::KindCase kind) {
    int count = 0;
    for (const Frame& frame : at(end).sent) count += frame.kind_case() == kind;
    return count;
  }

  End& at(int end) { return ends_[static_cast<std::size_t>(end)]; }

 private:
  std::array<End, 2> ends_ = {End("intake"), End("referral")};
  std::mt19937_64& random_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

// End 0 has documents, end 1 wants them.
class AttachmentTest : public testing::Test {
 protected:
  Session& giver() { return *link_.at(0).session; }
  Session& asker() { return *link_.at(1).session; }
  MemoryAttachments& given() { return link_.at(0).documents; }
  MemoryAttachments& fetched() { return link_.at(1).documents; }

  // The asker's question has reached the giver, which has not answered yet. Gives the entry.
  base::Sequence AskFor(const Document& document) {
    const base::Sequence entry = link_.Add(0, document);
    fetched().wanted.clear();
    link_.Drain();
    fetched().wanted[entry] = document.size();
    link_.Advance(absl::Milliseconds(1));
    while (link_.SendNext(1)) {
    }
    EXPECT_EQ(link_.at(1).sent.back().kind_case(), Frame::kGetAttachment);
    while (link_.DeliverNext(0)) {
    }
    return entry;
  }

  const Trouble gone_ = {100, 0, 1};
  std::mt19937_64 random_ = test::SeededRandom();
  DocumentLink link_{random_};
};

TEST_F(AttachmentTest, ADocumentIsPulledChunkByChunk) {
  const base::Sequence entry =
      link_.Add(0, {std::string(kChunkBytesMax, 'x'), std::string(kChunkBytesMax, 'y'), "end"});
  link_.Drain();  // no time passes
  EXPECT_TRUE(link_.Holds(1, entry));
  EXPECT_EQ(link_.Sent(1, Frame::kGetAttachment), 3);
  EXPECT_EQ(link_.Sent(0, Frame::kAttachmentPart), 3);
  EXPECT_EQ(given().reads, 3);
}

TEST_F(AttachmentTest, DocumentsTravelBothWaysInOneSession) {
  const base::Sequence here = link_.Add(0, {"one", "two"});
  const base::Sequence there = link_.Add(1, {"three"});
  link_.Drain();
  EXPECT_TRUE(link_.Holds(1, here));
  EXPECT_TRUE(link_.Holds(0, there));
}

TEST_F(AttachmentTest, ANewSessionGoesOnWithTheChunkWhereTheLastOneStopped) {
  const base::Sequence entry = AskFor({"one", "two", "three"});
  ASSERT_TRUE(link_.SendNext(0));
  ASSERT_TRUE(link_.DeliverNext(1));
  ASSERT_EQ(fetched().kept[entry].size(), 1u);
  link_.Connect();
  link_.Drain();
  EXPECT_TRUE(link_.Holds(1, entry));
  EXPECT_EQ(link_.Sent(1, Frame::kGetAttachment), 2);
}

TEST_F(AttachmentTest, ADocumentOfAnEntryThatIsDisclosedLateComesWithItsEntry) {
  const base::Sequence entry = link_.Add(0, {"one"}, /*disclosed=*/false);
  fetched().wanted.clear();
  link_.Drain();
  link_.at(0).node.Disclose(entry);
  giver().OwnLogGrew();
  fetched().wanted[entry] = 1;
  link_.Drain();  // no time passes
  EXPECT_TRUE(link_.Holds(1, entry));
}

TEST_F(AttachmentTest, EntriesNeverWaitForDocuments) {
  const base::Sequence entry = AskFor({"one", "two"});
  LinkNode& node = link_.at(0).node;
  const std::uint64_t first = node.AppendSome(200).value;
  for (std::uint64_t i = 0; i < 200; ++i) node.Disclose({first + i});
  giver().OwnLogGrew();
  link_.at(0).sent.clear();
  while (link_.SendNext(0)) {
  }
  EXPECT_GT(link_.Sent(0, Frame::kLeaves), 0);
  EXPECT_EQ(link_.Sent(0, Frame::kAttachmentPart), 0) << "leaves wait for the window";
  link_.Drain();
  EXPECT_TRUE(link_.Holds(1, entry));
  bool document = false;
  for (const Frame& frame : link_.at(0).sent) {
    document |= frame.has_attachment_part();
    EXPECT_FALSE(document && (frame.has_leaves() || frame.has_disclosed()));
  }
}

TEST_F(AttachmentTest, WhatHappensBetweenTwoChunksGoesBeforeTheSecond) {
  const base::Sequence entry = AskFor({"one", "two"});
  link_.Deliver(0, Question(entry, 1));
  ASSERT_TRUE(link_.SendNext(0));
  EXPECT_TRUE(link_.at(0).sent.back().has_attachment_part());
  link_.at(0).node.AppendSome(1);
  giver().OwnLogGrew();
  ASSERT_TRUE(link_.SendNext(0));
  EXPECT_TRUE(link_.at(0).sent.back().has_leaves());
  link_.Drain();
  EXPECT_TRUE(link_.Holds(1, entry));
}

TEST_F(AttachmentTest, WhoMayNotSeeTheEntryIsGivenNothing) {
  const base::Sequence secret = link_.Add(0, {"secret"}, /*disclosed=*/false);
  const base::Sequence open = link_.Add(0, {"open"});
  link_.Settle();
  EXPECT_EQ(fetched().not_given, std::set<base::Sequence>{secret});
  EXPECT_TRUE(fetched().kept[secret].empty());
  EXPECT_TRUE(link_.Holds(1, open));
  EXPECT_EQ(given().reads, 1);
}

TEST_F(AttachmentTest, AnUnansweredQuestionIsAskedAgain) {
  const base::Sequence entry = AskFor({"one", "two"});
  ASSERT_TRUE(link_.SendNext(0, gone_));  // the answer is lost
  ASSERT_TRUE(link_.at(0).sent.back().has_attachment_part());
  link_.Drain();
  EXPECT_TRUE(fetched().kept[entry].empty());
  link_.Advance(absl::Seconds(1));
  link_.Advance(absl::Seconds(1));
  ASSERT_TRUE(link_.SendNext(1, gone_));  // the question is lost
  ASSERT_TRUE(link_.at(1).sent.back().has_get_attachment());
  link_.Drain();
  EXPECT_TRUE(fetched().kept[entry].empty());
  link_.Advance(absl::Seconds(2));
  link_.Drain();
  EXPECT_TRUE(link_.Holds(1, entry));
}

TEST_F(AttachmentTest, AnOlderPeerIsNeitherAskedNorAnswered) {
  link_.at(1).additions = kAdditionWitnessing;
  link_.Connect();
  const base::Sequence here = link_.Add(0, {"one"});
  link_.Add(1, {"two"});
  link_.Settle();
  EXPECT_EQ(link_.Sent(0, Frame::kGetAttachment), 0);
  link_.Deliver(0, Question(here, 0));
  link_.Settle();
  EXPECT_EQ(link_.Sent(0, Frame::kAttachmentPart), 0);
  EXPECT_EQ(given().looks + given().reads, 0);
  EXPECT_FALSE(giver().failed());
}

TEST_F(AttachmentTest, AnOlderPeerIsStillPublishedTo) {
  link_.at(1).additions = kAdditionWitnessing;
  link_.Connect();
  link_.Add(0, {"one"});
  ASSERT_TRUE(link_.at(0).node.Publish());
  link_.Settle();
  EXPECT_GT(link_.Sent(0, Frame::kPublish), 0);
}

TEST_F(AttachmentTest, APartThatWasNotAskedForChangesNothing) {
  const base::Sequence entry = AskFor({"one", "two"});
  link_.Deliver(1, Part(entry, 1, "two"));
  link_.Deliver(1, Part({entry.value + 1}, 0, "three"));
  link_.Deliver(1, Part({std::uint64_t{1} << 62}, 0, ""));
  EXPECT_EQ(fetched().keeps, 0);
  EXPECT_TRUE(fetched().not_given.empty());
  link_.Drain();
  EXPECT_TRUE(link_.Holds(1, entry));
  EXPECT_FALSE(asker().failed());
}

TEST_F(AttachmentTest, APartThatIsLargerThanTheLimitEndsTheSession) {
  const base::Sequence entry = AskFor({"one"});
  link_.Deliver(1, Part(entry, 0, std::string(kChunkBytesMax + 1, 'x')));
  ASSERT_TRUE(asker().failed());
  EXPECT_TRUE(absl::IsInvalidArgument(asker().fault()->status)) << asker().fault()->status;
  EXPECT_TRUE(asker().Next()->has_contradiction()) << "the peer is told";
  EXPECT_EQ(fetched().keeps, 0);
  EXPECT_TRUE(fetched().not_given.empty());
}

TEST_F(AttachmentTest, NothingIsAskedBeforeTheLeafOfTheEntryIsHeld) {
  given().own[{2}] = {"one"};
  fetched().wanted[{2}] = 1;
  link_.Add(0, {"two"});
  link_.Settle();
  EXPECT_TRUE(link_.Holds(1, {0}));
  EXPECT_EQ(link_.Sent(1, Frame::kGetAttachment), 1);
  link_.at(0).node.AppendSome(2);
  link_.at(0).node.Disclose({2});
  giver().OwnLogGrew();
  link_.Settle();
  EXPECT_TRUE(link_.Holds(1, {2}));
}

TEST_F(AttachmentTest, ANodeWithoutDocumentsAsksForNoneAndSaysThatItGivesNone) {
  for (const int end : {0, 1}) {
    link_.at(end).has_documents = false;
    link_.Connect();
    const base::Sequence here = link_.Add(end, {"one"});
    link_.Add(1 - end, {"two"});
    link_.Settle();
    EXPECT_EQ(link_.Sent(end, Frame::kGetAttachment), 0);
    EXPECT_TRUE(link_.at(1 - end).documents.not_given.contains(here));
    link_.at(end).has_documents = true;
  }
}

TEST_F(AttachmentTest, APeerThatAsksWithoutEndIsAnsweredWithinBounds) {
  const base::Sequence entry = AskFor({"one"});
  for (std::uint32_t chunk = 0; chunk < 1'000; ++chunk) link_.Deliver(0, Question(entry, chunk));
  link_.at(0).sent.clear();
  while (link_.SendNext(0)) {
  }
  EXPECT_EQ(link_.Sent(0, Frame::kAttachmentPart), static_cast<int>(kChunksAskedMax));
  EXPECT_FALSE(giver().failed());
}

TEST_F(AttachmentTest, TroubleOfTheOwnStoreEndsTheSessionWithoutBlamingThePeer) {
  const absl::Status gone = absl::UnavailableError("the disk is gone");
  const struct {
    int end;
    absl::Status& trouble;
  } troubles[] = {
      {0, given().read_trouble}, {1, fetched().wanted_trouble}, {1, fetched().keep_trouble}};
  for (const auto& [end, trouble] : troubles) {
    trouble = gone;
    link_.Connect();
    link_.Add(0, {"one"});
    link_.Settle();
    const Session& session = *link_.at(end).session;
    ASSERT_TRUE(session.failed());
    EXPECT_TRUE(absl::IsInternal(session.fault()->status)) << session.fault()->status;
    EXPECT_EQ(link_.Sent(end, Frame::kContradiction), 0);
    EXPECT_FALSE(link_.at(1 - end).session->failed());
    trouble = absl::OkStatus();
  }
}

// Something happens: an entry with a document, one without, the line breaks, or it is time to want
// again what was not given.
void Live(DocumentLink& link, std::mt19937_64& random) {
  const int end = static_cast<int>(Between(random, 0, 1));
  LinkNode& node = link.at(end).node;
  switch (Between(random, 0, 6)) {
    case 0:
    case 1: {
      Document document;
      for (std::uint64_t i = Between(random, 1, 4); i > 0; --i) {
        document.push_back(std::string(Between(random, 1, 900), static_cast<char>('a' + i)));
      }
      link.Add(end, document, /*disclosed=*/Between(random, 0, 2) > 0);
      return;
    }
    case 2:
      node.AppendSome(Between(random, 1, 12));
      return;
    case 3:
      if (const std::uint64_t size = node.log().size().value; size > 0) {
        node.Disclose({Between(random, 0, size - 1)});
      }
      return;
    case 4:
      if (Between(random, 0, 3) == 0) link.Connect();
      return;
    default:
      link.at(end).documents.not_given.clear();
      return;
  }
}

TEST(AttachmentSimulation, OverACarrierThatLosesRepeatsAndReordersEveryDocumentArrives) {
  std::mt19937_64 random = test::SeededRandom();
  int arrived = 0;
  for (int run = 0; run < 200; ++run) {
    DocumentLink link(random);
    const Trouble trouble{Between(random, 0, 3) * 10, Between(random, 0, 2) * 15,
                          Between(random, 1, 6)};
    for (std::uint64_t step = Between(random, 50, 600); step > 0; --step) {
      const int end = static_cast<int>(Between(random, 0, 1));
      if (Between(random, 0, 15) == 0) Live(link, random);
      if (Between(random, 0, 8) == 0) link.Advance(absl::Milliseconds(Between(random, 1, 1'500)));
      if (Between(random, 0, 1) == 0) {
        link.SendNext(end, trouble);
      } else {
        link.DeliverNext(end, trouble);
      }
    }
    link.Settle();
    for (const int end : {0, 1}) link.at(end).documents.not_given.clear();
    link.Settle();
    for (const int end : {0, 1}) {
      EXPECT_FALSE(link.at(end).session->failed()) << link.at(end).session->state().fault;
      for (const auto& [entry, document] : link.at(1 - end).documents.own) {
        if (link.at(1 - end).node.disclosures().MaySee(entry)) {
          EXPECT_TRUE(link.Holds(end, entry)) << entry;
          ++arrived;
        } else {
          EXPECT_TRUE(link.at(end).documents.kept[entry].empty()) << entry;
        }
      }
    }
    if (testing::Test::HasFailure()) FAIL() << "in run " << run;
  }
  EXPECT_GT(arrived, 200);
}

}  // namespace
}  // namespace selaras::link
