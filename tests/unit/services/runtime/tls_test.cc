#include "services/runtime/tls.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "services/runtime/clock.h"
#include "tests/support/pki.h"

namespace selaras::runtime {
namespace {

class TlsFiles : public testing::Test {
 protected:
  TlsFiles() : pki_({"node:bawaslu/13:intake", "ops:bkn:ops"}) {}

  // The message, without what differs from run to run.
  std::string Refused(const config::v1::Tls& files) {
    const auto tls = LoadTls(files, SystemClock().Now());
    EXPECT_FALSE(tls.ok());
    return std::string(tls.status().message());
  }

  test::Pki pki_;
};

TEST_F(TlsFiles, TellWhoTheNodeIs) {
  const auto tls = LoadTls(pki_.Files("intake"), SystemClock().Now());
  ASSERT_TRUE(tls.ok()) << tls.status();
  EXPECT_EQ(tls->identity, (Identity{Role::kNode, "bawaslu/13"}));
  EXPECT_TRUE(CheckNodeIdentity(tls->identity, {"n", {"bawaslu/13"}, {}}).ok());
  EXPECT_FALSE(CheckNodeIdentity(tls->identity, {"n", {"bkn"}, {}}).ok());
  EXPECT_FALSE(CheckNodeIdentity({Role::kOps, "bawaslu/13"}, {"n", {"bawaslu/13"}, {}}).ok());
}

TEST_F(TlsFiles, OfTwoCertificatesDoNotMix) {
  config::v1::Tls files = pki_.Files("intake");
  files.set_key(pki_.Files("ops").key());
  EXPECT_TRUE(absl::StrContains(Refused(files), "is the key of another certificate"));
}

TEST_F(TlsFiles, OfAnotherAuthorityAreNotTrusted) {
  const test::Pki other({"node:bkn:other"});
  config::v1::Tls files = pki_.Files("intake");
  files.set_ca(other.Files("other").ca());
  EXPECT_TRUE(absl::StrContains(Refused(files), "is not trusted by"));
}

TEST_F(TlsFiles, ThatExpiredSaySo) {
  pki_.Expire("intake");
  EXPECT_TRUE(absl::StrContains(Refused(pki_.Files("intake")), "expired on"));
}

TEST_F(TlsFiles, ThatAreNotYetValidSaySo) {
  const auto tls = LoadTls(pki_.Files("intake"), absl::FromUnixSeconds(0));
  EXPECT_TRUE(absl::StrContains(tls.status().message(), "is valid only from"));
}

TEST_F(TlsFiles, NameExactlyOneIdentity) {
  pki_.Rename("intake", "URI:spiffe://selaras/node/bawaslu/13,URI:spiffe://selaras/node/bkn");
  EXPECT_TRUE(absl::StrContains(Refused(pki_.Files("intake")), "names no identity"));
  pki_.Rename("intake", "DNS:localhost");
  EXPECT_TRUE(absl::StrContains(Refused(pki_.Files("intake")), "names no identity"));
}

TEST_F(TlsFiles, OfSecretsMustBeClosed) {
  const config::v1::Tls files = pki_.Files("intake");
  ::chmod(files.key().c_str(), 0644);
  EXPECT_TRUE(absl::StrContains(Refused(files), "chmod 600"));
}

TEST_F(TlsFiles, OfKeysWithAPassphraseAreDecrypted) {
  config::v1::Tls files = pki_.Files("intake");
  const std::string plain = files.key();
  files.set_key(pki_.folder() / "encrypted.key");
  files.set_key_passphrase(pki_.folder() / "passphrase");
  std::ofstream(files.key_passphrase()) << "a long one\n";
  ::chmod(files.key_passphrase().c_str(), 0600);
  const std::string command = "openssl pkcs8 -topk8 -v2 aes256 -in " + plain + " -out " +
                              files.key() + " -passout file:" + files.key_passphrase();
  ASSERT_EQ(std::system(command.c_str()), 0);
  ::chmod(files.key().c_str(), 0600);
  const auto tls = LoadTls(files, SystemClock().Now());
  ASSERT_TRUE(tls.ok()) << tls.status();
  EXPECT_TRUE(absl::StartsWith(tls->key, "-----BEGIN PRIVATE KEY-----"));

  ::chmod(files.key_passphrase().c_str(), 0640);
  EXPECT_TRUE(absl::StrContains(Refused(files), "chmod 600"));
  ::chmod(files.key_passphrase().c_str(), 0600);
  std::ofstream(files.key_passphrase()) << "another";
  EXPECT_TRUE(absl::StrContains(Refused(files), "has another passphrase"));
  EXPECT_FALSE(absl::StrContains(Refused(files), "another\n"));
  files.set_key(plain);
  EXPECT_TRUE(absl::StrContains(Refused(files), "has no passphrase"));
  files.set_key(pki_.folder() / "encrypted.key");
  files.clear_key_passphrase();
  EXPECT_TRUE(absl::StrContains(Refused(files), "or one with a passphrase"));
}

TEST_F(TlsFiles, ThatAreNoPemNameFieldAndFile) {
  for (const char* junk : {"", "junk", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    config::v1::Tls files = pki_.Files("intake");
    files.set_certificate(pki_.folder() / "junk");
    std::ofstream(files.certificate()) << junk;
    EXPECT_TRUE(absl::StartsWith(Refused(files), "tls.certificate " + files.certificate() + ": "));
    files = pki_.Files("intake");
    files.set_ca(pki_.folder() / "junk");
    EXPECT_TRUE(absl::StartsWith(Refused(files), "tls.ca " + files.ca() + ": "));
  }
}

TEST_F(TlsFiles, ThatAreMissingAreNamed) {
  config::v1::Tls files = pki_.Files("intake");
  files.set_ca("/nonexistent/ca.crt");
  EXPECT_TRUE(absl::StrContains(Refused(files), "/nonexistent/ca.crt: cannot be read"));
}

}  // namespace
}  // namespace selaras::runtime
