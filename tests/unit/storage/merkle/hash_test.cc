#include "storage/merkle/hash.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/merkle/frontier.h"
#include "storage/merkle/verify.h"
#include "tests/support/merkle_reference.h"

namespace selaras::merkle {
namespace {

// The entries and roots that the Certificate Transparency project tests with.
constexpr const char* kEntries[] = {"",
                                    "00",
                                    "10",
                                    "2021",
                                    "3031",
                                    "40414243",
                                    "5051525354555657",
                                    "606162636465666768696a6b6c6d6e6f"};
constexpr const char* kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

base::Digest FromHex(const char* text) {
  return base::Digest::FromBytes(base::HexDecode(text).value()).value();
}

base::Digest Leaf(std::size_t place) { return HashLeaf(base::HexDecode(kEntries[place]).value()); }

TEST(KnownAnswers, RootsOfTheEightWellKnownEntries) {
  Frontier frontier;
  std::vector<base::Digest> leaves;
  for (std::size_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(frontier.Root(), FromHex(kRoots[size])) << size;
    EXPECT_EQ(test::reference::Root(leaves), FromHex(kRoots[size])) << size;
    if (size == 8) break;
    leaves.push_back(Leaf(size));
    frontier.Append(Leaf(size));
  }
}

TEST(KnownAnswers, APathAndAConsistencyProofAreAccepted) {
  const std::vector<base::Digest> path = {
      FromHex("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
      FromHex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
      FromHex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
  EXPECT_EQ(
      VerifyInclusion(Leaf(5), base::Sequence{5}, base::TreeSize{8}, path, FromHex(kRoots[8])),
      absl::OkStatus());

  const std::vector<base::Digest> proof = {
      FromHex("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
      FromHex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
      FromHex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
  EXPECT_EQ(VerifyConsistency(base::TreeSize{6}, FromHex(kRoots[6]), base::TreeSize{8},
                              FromHex(kRoots[8]), proof),
            absl::OkStatus());
}

TEST(Hash, ALeafIsNeverANode) {
  const base::Digest left = HashLeaf("left");
  const base::Digest right = HashLeaf("right");
  EXPECT_NE(HashLeaf(std::string(left.view()) + std::string(right.view())),
            HashChildren(left, right));
  EXPECT_NE(HashChildren(left, right), HashChildren(right, left));
}

}  // namespace
}  // namespace selaras::merkle
