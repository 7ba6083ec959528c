#include "services/runtime/tls_in_force.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "services/runtime/clock.h"
#include "tests/support/pki.h"

namespace selaras::runtime {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr auto kOver = fs::copy_options::overwrite_existing;

// A node whose certificates lie in files that a test replaces.
class TlsReloading : public testing::Test {
 protected:
  TlsReloading()
      : pki_({"node:bawaslu/13:first", "node:bawaslu/13:second", "node:bkn:other"}),
        log_(clock_, Level::kInfo,
             [this](absl::string_view line) { logged_.append(line.data(), line.size()); }) {
    config::v1::Tls files;
    files.set_certificate(folder_ / "node.crt");
    files.set_key(folder_ / "node.key");
    files.set_ca(folder_ / "ca.crt");
    Put(pki_, "first");
    auto tls = LoadTls(files, clock_.Now());
    EXPECT_TRUE(tls.ok()) << tls.status();
    in_force_ = std::make_unique<TlsInForce>(*std::move(tls));
    reload_ = std::make_unique<TlsReload>(files, NodeAuthorities{"bawaslu-13", {"bawaslu/13"}, {}},
                                          *in_force_, log_);
  }

  void PutCertificate(const test::Pki& pki, const std::string& name) {
    fs::copy_file(pki.Files(name).certificate(), folder_ / "node.crt", kOver);
  }
  void PutKey(const test::Pki& pki, const std::string& name) {
    fs::copy_file(pki.Files(name).key(), folder_ / "node.key", kOver);
    ::chmod((folder_ / "node.key").c_str(), 0600);
  }
  void Put(const test::Pki& pki, const std::string& name) {
    PutCertificate(pki, name);
    PutKey(pki, name);
    fs::copy_file(pki.Files(name).ca(), folder_ / "ca.crt", kOver);
  }

  // Looks, and gives what was logged by it.
  std::string Look() {
    logged_.clear();
    reload_->Look(clock_.Now());
    return logged_;
  }

  bool InForce(const test::Pki& pki, const std::string& name) const {
    const Tls files = pki.Read(name);
    const auto tls = in_force_->get();
    return tls->certificate == files.certificate && tls->key == files.key && tls->ca == files.ca;
  }

  test::Pki pki_;
  test::TempDirectory folder_;
  SystemClock clock_;
  std::string logged_;
  Logger log_;
  std::unique_ptr<TlsInForce> in_force_;
  std::unique_ptr<TlsReload> reload_;
};

TEST_F(TlsReloading, LeavesWhatDidNotChange) {
  const auto before = in_force_->get();
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(in_force_->get(), before);
}

TEST_F(TlsReloading, TakesOverAPairThatWasReplaced) {
  const auto before = in_force_->get();
  const std::string certificate = before->certificate;
  Put(pki_, "second");
  EXPECT_THAT(Look(), HasSubstr("msg=\"certificates taken over\""));
  EXPECT_TRUE(InForce(pki_, "second"));
  EXPECT_EQ(before->certificate, certificate);  // whoever has it keeps it
}

TEST_F(TlsReloading, TakesOverAnotherAuthorityWithWhatItSigned) {
  const test::Pki next({"node:bawaslu/13:first"});
  Put(next, "first");
  Look();
  EXPECT_TRUE(InForce(next, "first"));
}

TEST_F(TlsReloading, KeepsThePairWhileKeyAndCertificateDoNotMatch) {
  PutCertificate(pki_, "second");
  const std::string logged = Look();
  EXPECT_THAT(logged, HasSubstr("level=warning msg=\"certificates not taken over"));
  EXPECT_THAT(logged, HasSubstr("is the key of another certificate; put the key of"));
  EXPECT_TRUE(InForce(pki_, "first"));
  PutKey(pki_, "second");
  EXPECT_THAT(Look(), HasSubstr("certificates taken over"));
  EXPECT_TRUE(InForce(pki_, "second"));
}

TEST_F(TlsReloading, KeepsWhatItHasForWhateverAStartWouldRefuse) {
  const test::Pki rogue({"node:bawaslu/13:rogue"});
  const auto expect_kept = [&](const char* why) {
    EXPECT_THAT(Look(), HasSubstr(why));
    EXPECT_TRUE(InForce(pki_, "first")) << why;
    Put(pki_, "first");
    EXPECT_EQ(Look(), "");
  };
  PutCertificate(rogue, "rogue");
  PutKey(rogue, "rogue");
  expect_kept("is not trusted by");
  Put(pki_, "other");
  expect_kept("is that of node bkn");
  ::chmod((folder_ / "node.key").c_str(), 0644);
  expect_kept("chmod 600");
  fs::remove(folder_ / "ca.crt");
  expect_kept("cannot be read");
  fs::resize_file(folder_ / "node.crt", 100);
  expect_kept("malformed certificate");
  pki_.Expire("second");
  Put(pki_, "second");
  expect_kept("expired on");
}

TEST_F(TlsReloading, SaysAReasonOnceUntilItIsAnotherOne) {
  PutKey(pki_, "second");
  EXPECT_THAT(Look(), HasSubstr("another certificate"));
  EXPECT_EQ(Look(), "");
  fs::remove(folder_ / "node.key");
  EXPECT_THAT(Look(), HasSubstr("cannot be read"));
  PutKey(pki_, "second");
  EXPECT_THAT(Look(), HasSubstr("another certificate"));
}

TEST_F(TlsReloading, TakesOverAFolderThatWasSwapped) {
  const auto stage = [&](const std::string& folder, const std::string& name) {
    fs::create_directory(folder_ / folder);
    fs::copy_file(pki_.Files(name).certificate(), folder_ / (folder + "/node.crt"));
    fs::copy_file(pki_.Files(name).key(), folder_ / (folder + "/node.key"));
    fs::copy_file(pki_.Files(name).ca(), folder_ / (folder + "/ca.crt"));
  };
  stage("1", "first");
  stage("2", "second");
  config::v1::Tls files;
  files.set_certificate(folder_ / "now/node.crt");
  files.set_key(folder_ / "now/node.key");
  files.set_ca(folder_ / "now/ca.crt");
  TlsReload reload(files, NodeAuthorities{"bawaslu-13", {"bawaslu/13"}, {}}, *in_force_, log_);
  fs::create_directory_symlink("1", folder_ / "now");
  reload.Look(clock_.Now());
  EXPECT_EQ(logged_, "");
  fs::create_directory_symlink("2", folder_ / "next");
  fs::rename(folder_ / "next", folder_ / "now");
  reload.Look(clock_.Now());
  EXPECT_TRUE(InForce(pki_, "second"));
}

}  // namespace
}  // namespace selaras::runtime
