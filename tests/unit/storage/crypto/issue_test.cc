#include "storage/crypto/issue.h"

#include <string>
#include <utility>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "storage/crypto/certificate.h"

namespace selaras::crypto {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

class Issuing : public testing::Test {
 protected:
  Issuing()
      : now_(absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()))),
        authority_(MakeAuthority("keeper", now_, now_ + 100 * kDay)),
        key_(MakeTlsKey()),
        request_(*MakeCertificateRequest(key_, "bawaslu-13")) {}

  CertificateTerms Terms() const {
    return {.common_name = "bawaslu-13 node",
            .uri = "spiffe://selaras/node/bawaslu/13",
            .dns_names = {"localhost", "selaras.example"},
            .addresses = {"127.0.0.1", "::1"},
            .server = true,
            .not_before = now_ - absl::Hours(1),
            .not_after = now_ + 10 * kDay};
  }
  absl::StatusOr<std::string> Issue(const CertificateTerms& terms) const {
    return IssueCertificate(request_, terms, authority_.certificate, authority_.key);
  }

  const absl::Time now_;
  const MadeAuthority authority_;
  const std::string key_;
  const std::string request_;
};

TEST_F(Issuing, ACertificateIsOfTheKeyThatAskedForItAndOfTheAuthority) {
  const auto issued = Issue(Terms());
  ASSERT_TRUE(issued.ok()) << issued.status();
  EXPECT_TRUE(CheckKeyFits(*issued, key_).ok());
  EXPECT_TRUE(CheckChain(*issued, authority_.certificate, now_).ok());
  const auto read = ParseCertificates(*issued);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->front().uris, std::vector<std::string>{"spiffe://selaras/node/bawaslu/13"});
  EXPECT_EQ(read->front().subject, "CN=bawaslu-13 node,O=Selaras");
  EXPECT_EQ(read->front().not_before, now_ - absl::Hours(1));
  EXPECT_EQ(read->front().not_after, now_ + 10 * kDay);
}

TEST_F(Issuing, NobodyElseTrustsIt) {
  const MadeAuthority other = MakeAuthority("keeper", now_, now_ + 100 * kDay);
  const auto issued = Issue(Terms());
  ASSERT_TRUE(issued.ok());
  EXPECT_FALSE(CheckChain(*issued, other.certificate, now_).ok());
}

TEST_F(Issuing, ARequestThatItsKeyDidNotSignIsRefused) {
  EXPECT_TRUE(CheckCertificateRequest(request_).ok());
  // A byte of the base64 text, somewhere in what is signed.
  for (const std::size_t at : {60u, 120u, 200u}) {
    std::string altered = request_;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(CheckCertificateRequest(altered).code(), absl::StatusCode::kInvalidArgument) << at;
  }
  for (const std::string& none : {std::string(), std::string("junk"), key_}) {
    EXPECT_EQ(CheckCertificateRequest(none).code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(Issuing, NothingAddsToWhatACertificateSays) {
  for (const std::string& name :
       {std::string("a.example,URI:spiffe://selaras/node/bkn"), std::string(), std::string("a b"),
        std::string("a\nb"), std::string("a;b"), std::string("a\"b"), std::string("a\\b")}) {
    CertificateTerms terms = Terms();
    terms.dns_names = {name};
    EXPECT_EQ(Issue(terms).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  CertificateTerms terms = Terms();
  terms.uri = "spiffe://selaras/ops/bkn,DNS:evil";
  EXPECT_EQ(Issue(terms).status().code(), absl::StatusCode::kInvalidArgument);
  terms = Terms();
  terms.addresses = {"1.2.3"};
  EXPECT_EQ(Issue(terms).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Issuing, OnlyAnAuthorityWithItsOwnKeySigns) {
  EXPECT_EQ(IssueCertificate(request_, Terms(), authority_.certificate, key_).status().code(),
            absl::StatusCode::kInvalidArgument);
  const auto issued = Issue(Terms());
  ASSERT_TRUE(issued.ok());
  EXPECT_EQ(IssueCertificate(request_, Terms(), *issued, key_).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(Issuing, NoCertificateOutlivesItsAuthority) {
  CertificateTerms terms = Terms();
  terms.not_after = now_ + 101 * kDay;
  EXPECT_EQ(Issue(terms).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Issuing, EveryKeyAndSerialIsAnother) {
  EXPECT_NE(MakeTlsKey(), key_);
  EXPECT_NE(*Issue(Terms()), *Issue(Terms()));
}

}  // namespace
}  // namespace selaras::crypto
