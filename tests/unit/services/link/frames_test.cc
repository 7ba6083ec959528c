#include "services/link/frames.h"

#include <functional>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/link/limits.h"
#include "storage/log/limits.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

// A frame of every kind, at its limits.
Frame Largest(Frame::KindCase kind) {
  Frame frame;
  const std::string note(log::kCheckpointBytesMax, 'n');
  const auto fill = [](auto& entries) {
    for (int i = 0; i < 256; ++i) {
      ledger::v1::LogEntry& entry = *entries.Add();
      entry.set_sequence(std::uint64_t{1} << 62);
      entry.set_entry(std::string(2'048, 'e'));
    }
  };
  switch (kind) {
    case Frame::kHello:
      for (int i = 0; i < 1'024; ++i) frame.mutable_hello()->add_follows(std::string(128, 'f'));
      break;
    case Frame::kFollow:
      frame.mutable_follow()->set_size(1);
      frame.mutable_follow()->set_rewind(true);
      frame.mutable_follow()->set_epoch(std::string(64, 'e'));
      frame.mutable_follow()->set_checkpoint(note);
      break;
    case Frame::kLeaves:
      for (int i = 0; i < 1'024; ++i) frame.mutable_leaves()->add_leaf_hashes(std::string(32, 'h'));
      frame.mutable_leaves()->set_checkpoint(note);
      break;
    case Frame::kDisclosed:
      frame.mutable_disclosed()->set_epoch(std::string(64, 'e'));
      fill(*frame.mutable_disclosed()->mutable_entries());
      break;
    case Frame::kGetEntries:
      for (std::uint64_t i = 0; i < 256; ++i) frame.mutable_get_entries()->add_sequences(i);
      break;
    case Frame::kEntries:
      fill(*frame.mutable_entries()->mutable_entries());
      for (std::uint64_t i = 0; i < 256; ++i) frame.mutable_entries()->add_withheld(i);
      break;
    case Frame::kCaughtUp:
      frame.mutable_caught_up()->set_epoch(std::string(64, 'e'));
      frame.mutable_caught_up()->set_checkpoint(note);
      break;
    case Frame::kContradiction:
      frame.mutable_contradiction()->set_given(note);
      frame.mutable_contradiction()->set_held(note);
      break;
    case Frame::kPublish:
      frame.mutable_publish()->set_checkpoint(note);
      break;
    case Frame::kCosigned:
      frame.mutable_cosigned()->set_size(std::uint64_t{1} << 62);
      frame.mutable_cosigned()->set_signature(std::string(1'024, 's'));
      break;
    case Frame::kTold:
      frame.mutable_told()->set_log(std::string(128, 'l'));
      frame.mutable_told()->set_checkpoint(note);
      frame.mutable_told()->set_split_view(std::string(16 << 10, 'v'));
      break;
    case Frame::kGetAttachment:
      frame.mutable_get_attachment()->set_sequence(std::uint64_t{1} << 62);
      frame.mutable_get_attachment()->set_chunk(~std::uint32_t{0});
      break;
    case Frame::kAttachmentPart:
      frame.mutable_attachment_part()->set_sequence(std::uint64_t{1} << 62);
      frame.mutable_attachment_part()->set_chunk(~std::uint32_t{0});
      frame.mutable_attachment_part()->set_data(std::string(65'552, 'd'));
      break;
    case Frame::kListedNodes:
      frame.mutable_listed_nodes()->set_note(std::string(512 << 10, 'n'));
      break;
    case Frame::KIND_NOT_SET:
      break;
  }
  return frame;
}

constexpr Frame::KindCase kKinds[] = {
    Frame::kHello,          Frame::kFollow,     Frame::kLeaves,   Frame::kDisclosed,
    Frame::kGetEntries,     Frame::kEntries,    Frame::kCaughtUp, Frame::kContradiction,
    Frame::kPublish,        Frame::kCosigned,   Frame::kTold,     Frame::kGetAttachment,
    Frame::kAttachmentPart, Frame::kListedNodes};

TEST(CheckFrame, TakesEveryKindAtItsLimits) {
  for (const Frame::KindCase kind : kKinds) {
    const Frame frame = Largest(kind);
    EXPECT_TRUE(CheckFrame(frame).ok()) << CheckFrame(frame);
  }
}

TEST(CheckFrame, TakesAnAnswerWithoutData) {
  Frame frame;
  frame.mutable_attachment_part();
  EXPECT_TRUE(CheckFrame(frame).ok()) << CheckFrame(frame);
}

struct Wrong {
  Frame::KindCase kind;
  std::function<void(Frame&)> change;
  const char* says;
};

const Wrong kWrong[] = {
    {Frame::KIND_NOT_SET, [](Frame&) {}, "no known kind"},
    {Frame::kHello, [](Frame& f) { f.mutable_hello()->set_node(std::string(700'000, 'x')); },
     "a frame of 834"},
    {Frame::kFollow, [](Frame& f) { f.mutable_follow()->set_size(kHuge); }, "beyond every log"},
    {Frame::kFollow, [](Frame& f) { f.mutable_follow()->set_disclosed(kHuge); },
     "beyond every log"},
    {Frame::kFollow, [](Frame& f) { f.mutable_follow()->mutable_epoch()->push_back('x'); },
     "an epoch of 65"},
    {Frame::kFollow, [](Frame& f) { f.mutable_follow()->clear_checkpoint(); }, "a checkpoint of 0"},
    {Frame::kFollow, [](Frame& f) { f.mutable_follow()->mutable_checkpoint()->push_back('x'); },
     "a checkpoint of 4097"},
    {Frame::kLeaves, [](Frame& f) { f.mutable_leaves()->set_from_size(kHuge); },
     "beyond every log"},
    {Frame::kLeaves, [](Frame& f) { f.mutable_leaves()->clear_leaf_hashes(); }, "without leaves"},
    {Frame::kLeaves, [](Frame& f) { f.mutable_leaves()->add_leaf_hashes(std::string(32, 'h')); },
     "1025 leaves"},
    {Frame::kLeaves, [](Frame& f) { f.mutable_leaves()->set_leaf_hashes(9, "short"); },
     "of 5 bytes"},
    {Frame::kLeaves, [](Frame& f) { f.mutable_leaves()->clear_checkpoint(); }, "a checkpoint of 0"},
    {Frame::kDisclosed, [](Frame& f) { f.mutable_disclosed()->clear_epoch(); }, "an epoch of 0"},
    {Frame::kDisclosed, [](Frame& f) { f.mutable_disclosed()->set_from_index(kHuge); },
     "beyond every log"},
    {Frame::kDisclosed,
     [](Frame& f) { f.mutable_disclosed()->mutable_entries(0)->set_key(std::string(31, 'k')); },
     "a key"},
    {Frame::kDisclosed, [](Frame& f) { f.mutable_disclosed()->clear_entries(); },
     "without entries"},
    {Frame::kDisclosed, [](Frame& f) { f.mutable_disclosed()->add_entries()->set_entry("x"); },
     "257 entries"},
    {Frame::kDisclosed,
     [](Frame& f) { f.mutable_disclosed()->mutable_entries(0)->mutable_entry()->push_back('x'); },
     "524289 bytes of entries"},
    {Frame::kDisclosed, [](Frame& f) { f.mutable_disclosed()->mutable_entries(0)->clear_entry(); },
     "has 0 bytes"},
    {Frame::kDisclosed,
     [](Frame& f) { f.mutable_disclosed()->mutable_entries(0)->set_sequence(kHuge); },
     "beyond every log"},
    {Frame::kEntries,
     [](Frame& f) { f.mutable_entries()->mutable_entries(0)->set_entry(std::string(65'536, 'x')); },
     "has 65536 bytes"},
    {Frame::kEntries, [](Frame& f) { f.mutable_entries()->add_withheld(1); }, "257 places"},
    {Frame::kEntries, [](Frame& f) { f.mutable_entries()->set_withheld(0, kHuge); },
     "beyond every log"},
    {Frame::kGetEntries, [](Frame& f) { f.mutable_get_entries()->clear_sequences(); },
     "without places"},
    {Frame::kGetEntries, [](Frame& f) { f.mutable_get_entries()->add_sequences(1); }, "257 places"},
    {Frame::kCaughtUp, [](Frame& f) { f.mutable_caught_up()->set_size(kHuge); },
     "beyond every log"},
    {Frame::kCaughtUp, [](Frame& f) { f.mutable_caught_up()->set_disclosed(kHuge); },
     "beyond every log"},
    {Frame::kCaughtUp, [](Frame& f) { f.mutable_caught_up()->clear_epoch(); }, "an epoch of 0"},
    {Frame::kCaughtUp, [](Frame& f) { f.mutable_caught_up()->clear_checkpoint(); },
     "a checkpoint of 0"},
    {Frame::kHello, [](Frame& f) { f.mutable_hello()->add_follows("bkn"); }, "1025 logs"},
    {Frame::kPublish, [](Frame& f) { f.mutable_publish()->clear_checkpoint(); },
     "a checkpoint of 0"},
    {Frame::kPublish, [](Frame& f) { f.mutable_publish()->mutable_checkpoint()->push_back('x'); },
     "a checkpoint of 4097"},
    {Frame::kCosigned, [](Frame& f) { f.mutable_cosigned()->set_size(kHuge); }, "beyond every log"},
    {Frame::kCosigned, [](Frame& f) { f.mutable_cosigned()->clear_signature(); },
     "a cosignature of 0"},
    {Frame::kCosigned, [](Frame& f) { f.mutable_cosigned()->mutable_signature()->push_back('x'); },
     "a cosignature of 1025"},
    {Frame::kTold, [](Frame& f) { f.mutable_told()->clear_log(); }, "the name of a log of 0"},
    {Frame::kTold, [](Frame& f) { f.mutable_told()->mutable_split_view()->push_back('x'); },
     "evidence of 16385"},
    {Frame::kTold, [](Frame& f) { f.mutable_told()->mutable_checkpoint()->push_back('x'); },
     "a checkpoint of 4097"},
    {Frame::kGetAttachment, [](Frame& f) { f.mutable_get_attachment()->set_sequence(kHuge); },
     "beyond every log"},
    {Frame::kAttachmentPart, [](Frame& f) { f.mutable_attachment_part()->set_sequence(kHuge); },
     "beyond every log"},
    {Frame::kAttachmentPart,
     [](Frame& f) { f.mutable_attachment_part()->mutable_data()->push_back('x'); },
     "65553 bytes of a chunk"},
    {Frame::kContradiction,
     [](Frame& f) { f.mutable_contradiction()->mutable_held()->push_back('x'); },
     "a checkpoint of 4097"},
};

TEST(CheckFrame, RefusesWhatIsBeyondTheLimitsAndSaysWhat) {
  for (const Wrong& wrong : kWrong) {
    Frame frame = Largest(wrong.kind);
    wrong.change(frame);
    const absl::Status status = CheckFrame(frame);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong.says;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(wrong.says));
  }
}

}  // namespace
}  // namespace selaras::link
