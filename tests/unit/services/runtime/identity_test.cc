#include "services/runtime/identity.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace selaras::runtime {
namespace {

TEST(Identity, NamesRoleAndAuthorityWithItsSlashes) {
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/node/bawaslu/13"),
            (Identity{Role::kNode, "bawaslu/13"}));
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/entry/bkn"), (Identity{Role::kEntry, "bkn"}));
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/backoffice/ppk/13.04"),
            (Identity{Role::kBackoffice, "ppk/13.04"}));
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/ops/bkn"), (Identity{Role::kOps, "bkn"}));
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/portal/bawaslu/13"),
            (Identity{Role::kPortal, "bawaslu/13"}));
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/witness/ombudsman"),
            (Identity{Role::kWitness, "ombudsman"}));
  EXPECT_EQ(*ParseIdentity("spiffe://selaras/auditor/bkn"), (Identity{Role::kAuditor, "bkn"}));
}

TEST(Identity, OfItsTwoPartsIsThatOfTheirUri) {
  EXPECT_EQ(*MakeIdentity("backoffice", "ppk/13.04"),
            *ParseIdentity(IdentityUri("backoffice", "ppk/13.04")));
  for (const auto& [role, authority] : {std::pair("admin", "bkn"),
                                        {"node", ""},
                                        {"node", "bkn/"},
                                        {"", "bkn"},
                                        // Not the 13 of a role node/bawaslu.
                                        {"node/bawaslu", "13"}}) {
    EXPECT_EQ(MakeIdentity(role, authority).status().code(), absl::StatusCode::kUnauthenticated)
        << role << " " << authority;
  }
}

TEST(Identity, OfAnythingElseIsRefused) {
  const std::string longer(129, 'a');
  const std::string with_zero("spiffe://selaras/node/bkn\0x", 27);
  for (const std::string& uri : std::vector<std::string>{"",
                                                         "spiffe://selaras",
                                                         "spiffe://selaras/node",
                                                         "spiffe://selaras/node/",
                                                         "spiffe://selaras/admin/bkn",
                                                         "spiffe://selaras/Node/bkn",
                                                         "spiffe://selaras//bkn",
                                                         "spiffe://other/node/bkn",
                                                         "https://selaras/node/bkn",
                                                         "SPIFFE://selaras/node/bkn",
                                                         "spiffe://selaras/node/BKN",
                                                         "spiffe://selaras/node/bawaslu//13",
                                                         "spiffe://selaras/node/bkn/",
                                                         "spiffe://selaras/node/../bkn",
                                                         "spiffe://selaras/node/bkn?x",
                                                         "spiffe://selaras/node/bkn#x",
                                                         "spiffe://selaras/node/b%6bn",
                                                         "spiffe://selaras/node/bkn ",
                                                         " spiffe://selaras/node/bkn",
                                                         "spiffe://selaras/node/" + longer,
                                                         with_zero}) {
    const auto identity = ParseIdentity(uri);
    EXPECT_EQ(identity.status().code(), absl::StatusCode::kUnauthenticated) << uri;
  }
}

}  // namespace
}  // namespace selaras::runtime
