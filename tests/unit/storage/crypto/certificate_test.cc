#include "storage/crypto/certificate.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "tests/support/pki.h"

namespace selaras::crypto {
namespace {

class Certificates : public testing::Test {
 protected:
  Certificates()
      : pki_({"node:bawaslu/13:intake", "ops:bkn:ops"}),
        intake_(pki_.Read("intake")),
        ops_(pki_.Read("ops")) {
    now_ = ParseCertificates(intake_.certificate)->front().not_before + absl::Hours(1);
  }

  test::Pki pki_;
  runtime::Tls intake_;
  runtime::Tls ops_;
  absl::Time now_;
};

TEST_F(Certificates, TellNamesAndTimes) {
  const auto chain = ParseCertificates(intake_.certificate);
  ASSERT_TRUE(chain.ok()) << chain.status();
  ASSERT_EQ(chain->size(), 1u);
  const Certificate& certificate = chain->front();
  EXPECT_EQ(certificate.subject, "CN=intake,O=Selaras test PKI");
  EXPECT_EQ(certificate.issuer, "CN=ca,O=Selaras test PKI");
  EXPECT_EQ(certificate.uris, std::vector<std::string>{"spiffe://selaras/node/bawaslu/13"});
  EXPECT_EQ(certificate.not_after - certificate.not_before, absl::Hours(24 * 825));
}

TEST_F(Certificates, MayBeSeveralInOneFile) {
  const auto both = ParseCertificates(absl::StrCat("a comment\n", ops_.certificate, ops_.ca));
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->size(), 2u);
  EXPECT_TRUE((*both)[1].uris.empty());
}

TEST_F(Certificates, ThatAreMalformedAreRefused) {
  std::string damaged = intake_.certificate;
  damaged[damaged.size() / 2] = '*';
  const std::string cut = intake_.certificate.substr(0, intake_.certificate.size() / 2);
  for (const std::string& pem : {std::string(), std::string("junk"), damaged, cut, intake_.key,
                                 intake_.certificate + damaged}) {
    EXPECT_EQ(ParseCertificates(pem).status().code(), absl::StatusCode::kInvalidArgument) << pem;
    EXPECT_EQ(CheckKeyFits(pem, intake_.key).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckChain(pem, intake_.ca, now_).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckChain(intake_.certificate, pem, now_).code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(Certificates, FitTheirOwnKeyOnly) {
  EXPECT_TRUE(CheckKeyFits(intake_.certificate, intake_.key).ok());
  EXPECT_EQ(CheckKeyFits(intake_.certificate, ops_.key).message(),
            "is the key of another certificate");
  EXPECT_EQ(CheckKeyFits(intake_.certificate, intake_.certificate).message(),
            "holds no private key, or one with a passphrase");
}

TEST_F(Certificates, LeadToTheirOwnAuthorityWhileTheyAreValid) {
  EXPECT_TRUE(CheckChain(intake_.certificate, intake_.ca, now_).ok());
  const test::Pki other({"ops:bkn:ops"});
  EXPECT_EQ(CheckChain(intake_.certificate, other.Read("ops").ca, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CheckChain(intake_.certificate, intake_.ca, now_ - absl::Hours(48)).code(),
            absl::StatusCode::kFailedPrecondition);
  const absl::Status late = CheckChain(intake_.certificate, intake_.ca, now_ + absl::Hours(24'000));
  EXPECT_TRUE(absl::StrContains(late.message(), "expired")) << late;
}

}  // namespace
}  // namespace selaras::crypto
