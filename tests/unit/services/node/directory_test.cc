#include "services/node/directory.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/case_node.h"
#include "tests/support/commands.h"

namespace selaras::node {
namespace {

using testing::HasSubstr;

class DirectoryTest : public testing::Test {
 protected:
  std::string WhyNot(absl::string_view log, absl::string_view author,
                     const event::v1::Fact& fact) const {
    event::v1::Event event;
    event.set_author(std::string(author));
    *event.mutable_fact() = fact;
    return std::string(directory_.CheckWhoseFact(log, event).message());
  }

  const Directory directory_{
      test::ShippedCatalogue(), test::BknNode(), {test::BawasluNode(), test::TanahDatar()}};
};

TEST_F(DirectoryTest, ANodeServesItsAuthoritiesAndThoseThatTheyTookOverFrom) {
  const PeerNode bkn{"bkn", {"bkn"}};
  EXPECT_TRUE(directory_.Serves(bkn, "bkn"));
  EXPECT_TRUE(directory_.Serves(bkn, "kasn"));
  EXPECT_FALSE(directory_.Serves(bkn, "ppk/13.04"));
  EXPECT_FALSE(directory_.Serves({"kasn", {"kasn"}}, "bkn")) << "not the other way round";
  EXPECT_FALSE(directory_.Serves({"ppk-13", {"ppk/13"}}, "ppk/13.04")) << "nor by region";
}

TEST_F(DirectoryTest, FindsThePeersOfSomeAuthoritiesAsIfItAskedEachOfThem) {
  std::vector<PeerNode> peers = {test::BknNode(), {"both", {"ppk/13.04", "ppk/13.05"}}};
  std::vector<std::string> all = {"nobody"};
  for (const reference::Authority& authority : test::ShippedCatalogue()->authorities()) {
    all.emplace_back(authority.id);
    if (authority.id != "kasn") peers.push_back({absl::StrCat("n-", authority.id), {all.back()}});
  }
  const Directory directory(test::ShippedCatalogue(), test::OtherOffice(), peers);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> parties = {all[i], all[(i + 1) % all.size()], "kasn"};
    std::vector<std::string> expected;
    for (const PeerNode& peer : directory.peers()) {
      if (std::any_of(parties.begin(), parties.end(),
                      [&](const std::string& party) { return directory.Serves(peer, party); })) {
        expected.push_back(peer.node);
      }
    }
    std::vector<std::string> found;
    for (const PeerNode* peer : directory.PeersServing(parties)) found.push_back(peer->node);
    EXPECT_EQ(found, expected) << all[i];
  }
  EXPECT_THAT(directory.PeersServing({}), testing::IsEmpty());
  EXPECT_EQ(directory.FindPeer("both")->authorities.size(), 2u);
  EXPECT_EQ(directory.FindPeer("bawaslu-ri"), nullptr) << "that is the node itself";
}

TEST_F(DirectoryTest, ARoleHasOneSection) {
  EXPECT_EQ(directory_.SectionOfAuthority("bawaslu/13"), domain::Section::kIntake);
  EXPECT_EQ(directory_.SectionOfAuthority("kasn"), domain::Section::kReferral);
  EXPECT_EQ(directory_.SectionOfAuthority("ppk/13.04"), domain::Section::kSanction);
  EXPECT_EQ(directory_.SectionOfAuthority("kemendagri"), domain::Section::kNone);
  EXPECT_EQ(directory_.SectionOfAuthority("nobody"), domain::Section::kNone);
}

TEST_F(DirectoryTest, AFactStandsWhereItsAuthorWrites) {
  event::v1::Fact referred;
  referred.mutable_case_referred();
  EXPECT_EQ(WhyNot("bawaslu-13", "bawaslu/13", referred), "");
  EXPECT_THAT(WhyNot("ppk-13.04", "bawaslu/13", referred), HasSubstr("does not write into"));
  EXPECT_THAT(WhyNot("elsewhere", "bawaslu/13", referred), HasSubstr("knows no log"));
  EXPECT_THAT(WhyNot("bkn", "kasn", referred), HasSubstr("may not state case_referred"));
  event::v1::Fact received;
  received.mutable_case_received();
  EXPECT_EQ(WhyNot("bkn", "kasn", received), "") << "the own log is held to the same rule";
}

TEST_F(DirectoryTest, DescribesEverythingThatItsAnswersDependOn) {
  const Directory same(test::ShippedCatalogue(), test::BknNode(),
                       {test::BawasluNode(), test::TanahDatar()});
  EXPECT_EQ(same.Describe(), directory_.Describe());
  const Directory fewer(test::ShippedCatalogue(), test::BknNode(), {test::BawasluNode()});
  EXPECT_NE(fewer.Describe(), directory_.Describe());
  const Directory other(test::ShippedCatalogue(), {"bkn", {"bkn"}},
                        {test::BawasluNode(), test::TanahDatar()});
  EXPECT_NE(other.Describe(), directory_.Describe());
}

TEST_F(DirectoryTest, WhoHasNoSectionStatesNothing) {
  const Directory with_ministry(test::ShippedCatalogue(), test::BknNode(),
                                {{"kemendagri", {"kemendagri"}}});
  event::v1::Event event;
  event.set_author("kemendagri");
  event.mutable_fact()->mutable_fact_corrected();
  EXPECT_FALSE(with_ministry.CheckWhoseFact("kemendagri", event).ok());
}

TEST_F(DirectoryTest, CorrectionsAndFactsOfTheFutureBelongToEverySection) {
  event::v1::Fact corrected;
  corrected.mutable_fact_corrected();
  EXPECT_EQ(WhyNot("bawaslu-13", "bawaslu/13", corrected), "");
  EXPECT_EQ(WhyNot("ppk-13.04", "ppk/13.04", event::v1::Fact()), "");
}

}  // namespace
}  // namespace selaras::node
