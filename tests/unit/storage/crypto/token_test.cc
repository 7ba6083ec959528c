#include "storage/crypto/token.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sanitizer/lsan_interface.h>

#include "tests/support/temp_directory.h"

namespace selaras::crypto {
namespace {

using testing::HasSubstr;

constexpr absl::string_view kModule = "/usr/lib/softhsm/libsofthsm2.so";
constexpr absl::string_view kPin = "1234";

// SoftHSM loses a few bytes of OpenSSL's for each key, and is gone when leaks are looked for.
class NoLeaksOfTheModule {
 public:
#ifdef __has_feature
#if __has_feature(address_sanitizer)
  NoLeaksOfTheModule() { __lsan_disable(); }
  ~NoLeaksOfTheModule() { __lsan_enable(); }
#endif
#endif
};

// A token of SoftHSM in a folder of the test.
class Token : public testing::Test {
 protected:
  Token() {
    std::ofstream(folder_ / "softhsm2.conf")
        << "directories.tokendir = " << folder_.path() << "\nlog.level = ERROR\n";
    ::setenv("SOFTHSM2_CONF", (folder_ / "softhsm2.conf").c_str(), 1);
    const std::string command =
        absl::StrCat("softhsm2-util --init-token --free --label selaras --so-pin 4321 --pin ", kPin,
                     " >/dev/null");
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT(*-env33-c, *-mt-unsafe): one thread
  }

  static std::string Uri(absl::string_view object, absl::string_view token = "selaras",
                         absl::string_view module = kModule) {
    return absl::StrCat("pkcs11:token=", token, ";object=", object, "?module-path=", module);
  }

  test::TempDirectory folder_;
  NoLeaksOfTheModule no_leaks_;
};

TEST_F(Token, AKeySignsAsOneOfAFileAndDoesNotShowItself) {
  const auto made = MakeTokenKey(Uri("selaras%2Fbkn"), kPin);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->label, "selaras/bkn");
  const std::string signature = made->key.Sign("a checkpoint");
  EXPECT_TRUE(made->key.verify_key().Verify("a checkpoint", signature));
  EXPECT_FALSE(made->key.verify_key().Verify("another one", signature));
  EXPECT_EQ(made->key.Sign("a checkpoint"), signature) << "Ed25519 is deterministic";
  EXPECT_TRUE(made->key.verify_key().Verify("", made->key.Sign("")));
  EXPECT_DEATH(made->key.seed(), "does not show its key");
}

TEST_F(Token, AKeyIsThereAgainLater) {
  const auto made = MakeTokenKey(Uri("bkn"), kPin);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto found = OpenTokenKey(Uri("bkn"), kPin);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->key.verify_key(), made->key.verify_key());
  const SigningKey copy = found->key;  // cheap, and the same
  EXPECT_EQ(copy.Sign("x"), made->key.Sign("x"));
}

TEST_F(Token, ASecondKeyOfOneNameIsNotMade) {
  ASSERT_TRUE(MakeTokenKey(Uri("bkn"), kPin).ok());
  EXPECT_EQ(MakeTokenKey(Uri("bkn"), kPin).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(MakeTokenKey(Uri("other"), kPin).ok());
}

TEST_F(Token, WhatIsNotThereIsSaid) {
  ASSERT_TRUE(MakeTokenKey(Uri("bkn"), kPin).ok());
  const auto why = [](const std::string& uri, absl::string_view pin = kPin) {
    return OpenTokenKey(uri, pin).status();
  };
  EXPECT_THAT(std::string(why(Uri("nobody")).message()), HasSubstr("no key nobody"));
  EXPECT_THAT(std::string(why(Uri("bkn", "other")).message()), HasSubstr("no token other"));
  EXPECT_EQ(why(Uri("bkn", "selaras", "/nowhere.so")).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(why(Uri("bkn"), "9999").message()), HasSubstr("does not take the PIN"));
}

TEST_F(Token, AUriNamesOneKeyOnEveryMachineAndNoSecret) {
  for (const std::string& uri :
       {std::string("pkcs11:"), std::string("pkcs11:token=selaras"),
        absl::StrCat("pkcs11:token=selaras;object=bkn"),
        absl::StrCat("pkcs11:object=bkn?module-path=", kModule), std::string("pkcs11:%zz"),
        std::string("/etc/selaras/log.key"), absl::StrCat(Uri("bkn"), "&pin-value=1234")}) {
    EXPECT_EQ(OpenTokenKey(uri, kPin).status().code(), absl::StatusCode::kInvalidArgument) << uri;
  }
  EXPECT_EQ(*PinFileOf(absl::StrCat(Uri("bkn"), "&pin-source=file:/etc/pin")), "/etc/pin");
  EXPECT_EQ(PinFileOf(Uri("bkn")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(IsTokenUri("pkcs11:token=x"));
  EXPECT_FALSE(IsTokenUri("log.key"));
}

}  // namespace
}  // namespace selaras::crypto
