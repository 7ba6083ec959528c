#include "services/link/herald.h"

#include <map>

#include "gtest/gtest.h"
#include "services/link/frames.h"
#include "services/link/limits.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

// Believes what stands in its book.
class Books final : public Directories {
 public:
  explicit Books(std::uint64_t serial) : serial_(serial) {}

  std::uint64_t serial() const override { return serial_; }
  std::string note() const override { return "version " + std::to_string(serial_); }
  std::uint64_t Hear(const std::string& note) override {
    ++heard;
    const auto found = believed.find(note);
    if (found == believed.end()) return 0;
    serial_ = std::max(serial_, found->second);
    return found->second;
  }

  std::map<std::string, std::uint64_t> believed;
  int heard = 0;

 private:
  std::uint64_t serial_;
};

std::string Told(Herald& herald) {
  const std::optional<Frame> frame = herald.Next();
  return frame ? frame->listed_nodes().note() : "";
}

void Tell(Herald& herald, const std::string& note) {
  ledger::v1::ListedNodes listed;
  listed.set_note(note);
  herald.Apply(listed);
}

TEST(Herald, TellsWhoHasAnOlderDirectoryOnce) {
  Books books(7);
  Herald herald(&books);
  EXPECT_EQ(Told(herald), "") << "the peer has not introduced itself";
  herald.Begin(6);
  EXPECT_EQ(Told(herald), "version 7");
  EXPECT_EQ(Told(herald), "");
}

TEST(Herald, TellsNobodyWhoHasTheSameOrANewerOneOrWantsNone) {
  Books books(7);
  for (const std::uint64_t serial : {std::uint64_t{7}, std::uint64_t{8}, std::uint64_t{0}}) {
    Herald herald(&books);
    herald.Begin(serial);
    EXPECT_EQ(Told(herald), "") << serial;
  }
}

TEST(Herald, TellsWhatComesIntoForceMeanwhile) {
  Books books(7);
  books.believed["version 9"] = 9;
  Herald herald(&books);
  herald.Begin(7);
  EXPECT_EQ(Told(herald), "");
  books.Hear("version 9");  // from somebody else
  EXPECT_EQ(Told(herald), "version 9");
  EXPECT_EQ(Told(herald), "");
}

TEST(Herald, TellsNothingBackToWhoToldIt) {
  Books books(7);
  books.believed["version 9"] = 9;
  Herald herald(&books);
  herald.Begin(7);
  Tell(herald, "version 9");
  EXPECT_EQ(books.serial(), 9u);
  EXPECT_EQ(Told(herald), "");
}

TEST(Herald, TellsItsOwnToWhoseDirectoryItDoesNotBelieve) {
  Books books(7);
  Herald herald(&books);
  herald.Begin(3);
  Tell(herald, "of another keeper");
  EXPECT_EQ(books.heard, 1);
  EXPECT_EQ(Told(herald), "version 7");
}

TEST(Herald, WhoTellsNoNewsAgainAndAgainIsNotListenedTo) {
  Books books(7);
  books.believed["version 6"] = 6;
  Herald herald(&books);
  herald.Begin(6);
  for (int i = 0; i < 100; ++i) Tell(herald, i % 2 == 0 ? "version 6" : "junk");
  EXPECT_EQ(books.heard, 5) << "the first was newer than none";
}

TEST(Herald, WhoTellsNewerOnesThatOthersToldBeforeIsListenedTo) {
  Books books(100);
  Herald herald(&books);
  herald.Begin(1);
  for (std::uint64_t serial = 2; serial < 50; ++serial) {
    const std::string note = "version " + std::to_string(serial);
    books.believed[note] = serial;
    Tell(herald, note);
  }
  EXPECT_EQ(books.heard, 48);
}

TEST(Herald, WithoutADirectoryHearsAndTellsNone) {
  Herald herald(nullptr);
  herald.Begin(3);
  Tell(herald, "version 3");
  EXPECT_EQ(Told(herald), "");
}

TEST(Herald, ADirectoryHasAtMostSoManyBytes) {
  Frame frame;
  frame.mutable_listed_nodes()->set_note(std::string(kDirectoryBytesMax, 'x'));
  EXPECT_TRUE(CheckFrame(frame).ok());
  EXPECT_LE(frame.ByteSizeLong(), kFrameBytesMax);
  frame.mutable_listed_nodes()->set_note(std::string(kDirectoryBytesMax + 1, 'x'));
  EXPECT_FALSE(CheckFrame(frame).ok());
  frame.mutable_listed_nodes()->clear_note();
  EXPECT_FALSE(CheckFrame(frame).ok());
}

}  // namespace
}  // namespace selaras::link
