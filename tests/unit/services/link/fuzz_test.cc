#include <iterator>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/link/limits.h"
#include "tests/support/link_world.h"
#include "tests/support/random.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;
using test::Between;
using test::LinkNode;
using test::LinkWorld;

// Numbers that like to be wrong.
std::uint64_t OddNumber(std::mt19937_64& random) {
  const std::uint64_t odd[] = {0, 1, 7, 255, 256, 1'024, std::uint64_t{1} << 62, ~std::uint64_t{0}};
  return Between(random, 0, 1) == 0 ? Between(random, 0, 40)
                                    : odd[Between(random, 0, std::size(odd) - 1)];
}

std::string OddBytes(std::mt19937_64& random) {
  std::string bytes(std::min<std::uint64_t>(OddNumber(random), 70'000), '\0');
  for (char& byte : bytes) byte = static_cast<char>('!' + random() % 90);
  return bytes;
}

// A frame of nonsense that still parses.
Frame Nonsense(std::mt19937_64& random) {
  Frame frame;
  const auto add_entry = [&](auto& entries) {
    ledger::v1::LogEntry& entry = *entries.Add();
    entry.set_sequence(OddNumber(random));
    entry.set_entry(OddBytes(random));
  };
  switch (Between(random, 0, 9)) {
    case 0:
      frame.mutable_follow()->set_size(OddNumber(random));
      frame.mutable_follow()->set_epoch(Between(random, 0, 1) == 0 ? "epoch-1" : OddBytes(random));
      frame.mutable_follow()->set_disclosed(OddNumber(random));
      frame.mutable_follow()->set_rewind(Between(random, 0, 1) == 0);
      break;
    case 1:
      frame.mutable_leaves()->set_from_size(OddNumber(random));
      frame.mutable_leaves()->add_leaf_hashes(std::string(Between(random, 31, 33), 'h'));
      frame.mutable_leaves()->set_checkpoint(OddBytes(random));
      break;
    case 2:
      frame.mutable_disclosed()->set_epoch("epoch-1");
      frame.mutable_disclosed()->set_from_index(OddNumber(random));
      add_entry(*frame.mutable_disclosed()->mutable_entries());
      break;
    case 3:
      frame.mutable_get_entries()->add_sequences(OddNumber(random));
      break;
    case 4:
      add_entry(*frame.mutable_entries()->mutable_entries());
      frame.mutable_entries()->add_withheld(OddNumber(random));
      break;
    case 5:
      frame.mutable_caught_up()->set_size(OddNumber(random));
      frame.mutable_caught_up()->set_epoch("epoch-1");
      frame.mutable_caught_up()->set_checkpoint(OddBytes(random));
      break;
    case 6:
      frame.mutable_contradiction()->set_reason(OddBytes(random));
      break;
    case 7:
      frame.mutable_get_attachment()->set_sequence(OddNumber(random));
      frame.mutable_get_attachment()->set_chunk(static_cast<std::uint32_t>(OddNumber(random)));
      break;
    case 8:
      frame.mutable_attachment_part()->set_sequence(OddNumber(random));
      frame.mutable_attachment_part()->set_data(OddBytes(random));
      break;
    default:
      frame.mutable_hello()->set_node(OddBytes(random));
      break;
  }
  return frame;
}

// A true frame with some bytes changed, if it still is one.
std::optional<Frame> Mutated(const Frame& frame, std::mt19937_64& random) {
  std::string bytes = frame.SerializeAsString();
  for (std::uint64_t i = Between(random, 1, 4); i > 0 && !bytes.empty(); --i) {
    const std::size_t at = Between(random, 0, bytes.size() - 1);
    switch (Between(random, 0, 2)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << Between(random, 0, 7)));
        break;
      case 1:
        bytes.erase(at, 1);
        break;
      default:
        bytes.insert(at, 1, bytes[at]);
        break;
    }
  }
  Frame changed;
  if (!changed.ParseFromString(bytes)) return std::nullopt;
  return changed;
}

TEST(LinkFuzz, WhateverIsReceivedTheMirrorStaysTrueAndANewSessionCompletesIt) {
  std::mt19937_64 random = test::SeededRandom();
  // What does not parse is not told again and again.
  google::protobuf::LogSilencer silence;
  int faults = 0;
  for (int run = 0; run < 150; ++run) {
    LinkNode a("intake");
    LinkNode b("referral");
    Flow flow;
    flow.frame_leaves = 3;
    flow.frame_entries = 2;
    flow.silence = absl::Seconds(1);
    LinkWorld world(a, b, flow, random);
    std::vector<Frame> seen;
    world.OnFrame([&](int, const Frame& frame) { seen.push_back(frame); });
    for (int step = 0; step < 120; ++step) {
      const int end = static_cast<int>(Between(random, 0, 1));
      LinkNode& node = world.node(end);
      if (Between(random, 0, 9) == 0) {
        node.AppendSome(Between(random, 1, 5));
        node.Disclose({Between(random, 0, node.log().size().value - 1)});
        world.session(end).OwnLogGrew();
      }
      world.Step({});
      if (Between(random, 0, 3) == 0) {
        std::optional<Frame> bad = Nonsense(random);
        if (!seen.empty() && Between(random, 0, 2) > 0) {
          bad = Mutated(seen[Between(random, 0, seen.size() - 1)], random);
        }
        if (bad) world.Deliver(end, *bad);
      }
      if (world.session(0).failed() || world.session(1).failed()) {
        ++faults;
        world.Drain();  // the last words
        world.CheckStores(false);
        world.Connect();
      }
    }
    world.Connect();
    EXPECT_TRUE(world.Settle()) << world.session(0).state().fault << world.session(1).state().fault;
    world.CheckStores(true);
    EXPECT_THAT(world.broken(), testing::IsEmpty());
    if (testing::Test::HasFailure()) FAIL() << "in run " << run;
  }
  EXPECT_GT(faults, 100);
}

}  // namespace
}  // namespace selaras::link
