#include "services/runtime/certificate_ends.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/runtime/clock.h"
#include "tests/support/pki.h"

namespace selaras::runtime {
namespace {

using testing::HasSubstr;
using Kind = CertificateEnd::Kind;

const absl::Time kEnds = absl::FromUnixSeconds(1'800'000'000);

class Notices : public testing::Test {
 protected:
  // What is logged so long before the end.
  std::string Before(absl::Duration left, Kind kind = Kind::kOwn, const std::string& name = "a") {
    logged_.clear();
    notices_.Look({{kind, name, kEnds}}, kEnds - left);
    return logged_;
  }

  SystemClock clock_;
  std::string logged_;
  Logger log_{clock_, Level::kInfo,
              [this](absl::string_view line) { logged_.append(line.data(), line.size()); }};
  EndNotices notices_{log_};
};

TEST_F(Notices, SayNothingUntilThirtyDaysBefore) {
  EXPECT_EQ(Before(absl::Hours(24 * 30 + 1)), "");
  EXPECT_THAT(Before(absl::Hours(24 * 30)),
              HasSubstr("level=warning msg=\"certificate ends soon\" kind=own name=a "
                        "ends=2027-01-15T08:00Z days=30 cure="));
}

TEST_F(Notices, SayItOnceADayAndWhenTheNextLimitIsPassed) {
  EXPECT_NE(Before(absl::Hours(24 * 7 + 5)), "");
  EXPECT_EQ(Before(absl::Hours(24 * 7 + 4)), "");
  EXPECT_THAT(Before(absl::Hours(24 * 7)), HasSubstr("days=7"));
  EXPECT_EQ(Before(absl::Hours(24 * 6 + 1)), "");
  EXPECT_THAT(Before(absl::Hours(24 * 6)), HasSubstr("days=6"));
}

TEST_F(Notices, AreErrorsInTheLastDayAndAfterTheEnd) {
  EXPECT_THAT(Before(absl::Hours(24)), HasSubstr("level=error msg=\"certificate ends soon\""));
  EXPECT_THAT(Before(-absl::Hours(1)),
              HasSubstr("level=error msg=\"certificate has ended\" kind=own name=a"));
}

TEST_F(Notices, AreOfEachCertificateAndSayWhatToDo) {
  const std::vector<CertificateEnd> all = {
      {Kind::kPeer, "bkn", kEnds}, {Kind::kPeer, "ppk", kEnds}, {Kind::kAuthority, "CN=ca", kEnds}};
  notices_.Look(all, kEnds - absl::Hours(5));
  EXPECT_THAT(logged_,
              HasSubstr("name=bkn ends=2027-01-15T08:00Z days=0 cure=\"tell its office\""));
  EXPECT_THAT(logged_, HasSubstr("name=ppk"));
  EXPECT_THAT(logged_, HasSubstr("kind=authority name=\"CN=ca\""));
  EXPECT_THAT(logged_, HasSubstr("tls.ca, here and at every peer"));
  logged_.clear();
  notices_.Look(all, kEnds - absl::Hours(5));
  EXPECT_EQ(logged_, "");
}

TEST_F(Notices, BeginAnewAfterACertificateWasReplaced) {
  EXPECT_NE(Before(absl::Hours(5)), "");
  notices_.Look({{Kind::kOwn, "a", kEnds + absl::Hours(24 * 365)}}, kEnds);
  EXPECT_NE(Before(absl::Hours(5)), "");
}

TEST_F(Notices, OfTwoWithOneNameAreToldApart) {
  const CertificateEnd old{Kind::kAuthority, "CN=ca", kEnds};
  const CertificateEnd next{Kind::kAuthority, "CN=ca", kEnds + absl::Hours(24 * 365)};
  notices_.Look({old, next}, kEnds - absl::Hours(100));
  EXPECT_THAT(logged_, HasSubstr("days=4"));
  logged_.clear();
  notices_.Look({old, next}, kEnds - absl::Hours(99));
  EXPECT_EQ(logged_, "");
}

TEST(CertificateEnds, AreOfTheNodeItsAuthoritiesAndOfWhatPeersShowed) {
  const test::Pki pki({"node:bkn:bkn"});
  const absl::Time now = SystemClock().Now();
  auto tls = LoadTls(pki.Files("bkn"), now);
  ASSERT_TRUE(tls.ok()) << tls.status();
  const auto in_force = std::make_shared<TlsInForce>(*std::move(tls));
  CertificateEnds ends(in_force);
  ends.Shown("ppk", now + absl::Hours(1));
  ends.Shown("ppk", now + absl::Hours(2));
  const auto all = ends.all();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].kind, Kind::kOwn);
  EXPECT_EQ(all[1].kind, Kind::kAuthority);
  EXPECT_EQ(all[1].name, "CN=ca,O=Selaras test PKI");
  for (int i : {0, 1}) {  // as deploy/pki makes them
    EXPECT_GT(all[i].ends - now, absl::Hours(24 * 824));
    EXPECT_LT(all[i].ends - now, absl::Hours(24 * 826));
    EXPECT_FALSE(EndsVerySoon(all[i], now));
  }
  EXPECT_EQ(all[2].kind, Kind::kPeer);
  EXPECT_EQ(all[2].name, "ppk");
  EXPECT_EQ(all[2].ends, now + absl::Hours(2));
  EXPECT_TRUE(EndsVerySoon(all[2], now));
}

}  // namespace
}  // namespace selaras::runtime
