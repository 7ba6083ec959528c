#include "services/domain/external_reference.h"

#include <string>

#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

std::string WhyNot(ReferenceSystem system, absl::string_view raw) {
  const auto found = ParseExternalReference(system, raw);
  return found.ok() ? found->key : std::string(found.status().message());
}

TEST(ExternalReferences, KindWordsAreReadHoweverTheyAreWritten) {
  for (const absl::string_view word : {"SBT", "sbt", " S.B.T ", "sbt:"}) {
    EXPECT_EQ(ParseReferenceSystem(word), ReferenceSystem::kSbt) << word;
  }
  for (const absl::string_view word : {"I-DIS", "IDIS", "i dis", "I.DIS"}) {
    EXPECT_EQ(ParseReferenceSystem(word), ReferenceSystem::kIdis) << word;
  }
  EXPECT_EQ(ParseReferenceSystem("Sigap Lapor"), ReferenceSystem::kSigapLapor);
  EXPECT_EQ(ParseReferenceSystem("SIGAPLAPOR"), ReferenceSystem::kSigapLapor);
  EXPECT_EQ(ParseReferenceSystem("srikandi"), ReferenceSystem::kSrikandi);
  EXPECT_EQ(ParseReferenceSystem("SIASN"), ReferenceSystem::kSiasn);
  for (const absl::string_view word : {"", "SBTX", "SB", "SIASN 1", "SAPK", "-"}) {
    EXPECT_FALSE(ParseReferenceSystem(word).has_value()) << word;
  }
}

TEST(ExternalReferences, HaveOneKeyForAllWaysOfWritingOne) {
  for (const absl::string_view raw :
       {"SBT-2024/000123", "sbt 2024/000123", "SBT: 2024 / 000123", "2024/000123",
        "No. 2024/000123", "SBT Nomor: 2024/000123", " sbt\u00A0no.2024/ 000123 "}) {
    EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, raw), "SBT:2024/000123") << raw;
  }
  const auto found = ParseExternalReference("i-dis ab-12");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->system, ReferenceSystem::kIdis);
  EXPECT_EQ(found->key, "I-DIS:AB-12");
  EXPECT_EQ(found->raw, "i-dis ab-12");
}

TEST(ExternalReferences, AKeyReadsBackAsItself) {
  for (const absl::string_view raw : {"SBT 2024/000123", "I-DIS 7", "siasn a8acae1e-10",
                                      "Sigap Lapor 001/LP/2024", "Srikandi B/26/S.SM.00.01/2023"}) {
    const auto once = ParseExternalReference(raw);
    ASSERT_TRUE(once.ok()) << raw << once.status();
    const auto again = ParseExternalReference(once->key);
    ASSERT_TRUE(again.ok()) << once->key << again.status();
    EXPECT_EQ(again->key, once->key);
    EXPECT_EQ(again->system, once->system);
  }
}

TEST(ExternalReferences, TheSameNumberOfTwoSystemsIsTwo) {
  EXPECT_NE(WhyNot(ReferenceSystem::kSbt, "12"), WhyNot(ReferenceSystem::kIdis, "12"));
}

TEST(ExternalReferences, MalformedOnesSayWhy) {
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, ""), "empty");
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, " \t "), "empty");
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, "SBT"), "no number after the word SBT");
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, "belum ada"), "no number after the word SBT");
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, "I-DIS 12"), "a number of I-DIS, not of SBT");
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, std::string(121, '1')),
            "121 bytes; at most 120 are allowed");
  EXPECT_EQ(WhyNot(ReferenceSystem::kSbt, "12\n13"), "not printable");
  EXPECT_EQ(ParseExternalReference("2024/000123").status().message(),
            "no system; write e.g. SBT before the number");
}

}  // namespace
}  // namespace selaras::domain
