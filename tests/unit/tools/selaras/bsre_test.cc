#include "tools/selaras/bsre.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/selaras/errors.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const absl::Time kChecked = absl::FromUnixSeconds(1'728'000'000);

constexpr absl::string_view kAnswer = R"({
  "nama_dokumen": "sk.pdf", "jumlah_signature": 1, "notes": "Dokumen valid", "summary": "VALID",
  "details": [{
    "info_tsa": {"name": "Timestamp Authority", "tsa_cert_validity": "2020-2025"},
    "signature_field": "sig1",
    "info_signer": {"issuer_dn": "CN=OSD PNS CA G1,O=Kominfo,C=ID", "signer_name": "Wali Kota",
      "signer_cert_validity": "2023-01-01 to 2025-01-01", "cert_user_certified": true},
    "signature_document": {"signed_using_tsa": true, "document_integrity": true,
      "signed_in": "2024-01-31 10:11:12.000+0700", "reason": "SK", "location": "Padang",
      "hash_value": "AB12"}}]})";

absl::StatusOr<event::v1::SignatureCheck> Read(absl::string_view json) {
  auto answer = ReadBsreAnswer("sk.json", json, kChecked);
  if (!answer.ok()) return answer.status();
  return std::move(answer->check);
}

// The answer with one thing in it written otherwise.
std::string With(absl::string_view what, absl::string_view instead) {
  EXPECT_THAT(std::string(kAnswer), HasSubstr(std::string(what)));
  return absl::StrReplaceAll(kAnswer, {{what, instead}});
}

std::string Refusal(absl::string_view json) {
  const auto check = Read(json);
  EXPECT_TRUE(IsUsage(check.status())) << json;
  return std::string(check.status().message());
}

TEST(Bsre, KeepsWhoSignedAndWhatCameOfIt) {
  const auto check = Read(kAnswer);
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->result(), "sah");
  EXPECT_EQ(check->service(), "BSrE");
  EXPECT_EQ(check->checked_at().seconds(), 1'728'000'000);
  EXPECT_TRUE(check->intact());
  ASSERT_EQ(check->signers_size(), 1);
  const event::v1::Signer& signer = check->signers(0);
  EXPECT_EQ(signer.name(), "Wali Kota");
  EXPECT_EQ(signer.issuer(), "CN=OSD PNS CA G1,O=Kominfo,C=ID");
  EXPECT_EQ(signer.certificate(), "2023-01-01 to 2025-01-01");
  EXPECT_TRUE(signer.timestamped());
  EXPECT_EQ(TimeText(signer.signed_at()), "2024-01-31 03:11:12Z");
}

TEST(Bsre, KeepsNothingElseOfTheAnswer) {
  const std::string kept = Read(kAnswer)->SerializeAsString();
  for (const char* other : {"AB12", "Padang", "sk.pdf", "Dokumen valid", "Timestamp Authority"}) {
    EXPECT_EQ(kept.find(other), std::string::npos) << other;
  }
}

TEST(Bsre, TheSummarySaysTheResult) {
  EXPECT_EQ(Read(With("\"VALID\"", "\"INVALID\""))->result(), "tidak_sah");
  EXPECT_EQ(Read(With("\"VALID\"", "\"LTV_PENDING\""))->result(), "tidak_diketahui");
  const auto none = Read(R"({"summary": "INVALID", "jumlah_signature": 0, "details": null})");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->result(), "tanpa_ttd");
  EXPECT_FALSE(none->intact());
  EXPECT_EQ(none->signers_size(), 0);
}

TEST(Bsre, ADocumentIsIntactIfEverySignatureSaysSo) {
  const std::string changed = With("\"document_integrity\": true", "\"document_integrity\": false");
  EXPECT_FALSE(Read(changed)->intact());
  const std::size_t begin = kAnswer.find("[{") + 1;
  const absl::string_view detail = kAnswer.substr(begin, kAnswer.rfind(']') - begin);
  const std::string second = absl::StrReplaceAll(
      detail, {{"\"document_integrity\": true", "\"document_integrity\": false"}});
  const auto both =
      Read(absl::StrReplaceAll(kAnswer, {{detail, absl::StrCat(detail, ",", second)},
                                         {"\"jumlah_signature\": 1", "\"jumlah_signature\": 2"}}));
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->signers_size(), 2);
  EXPECT_FALSE(both->intact());
}

TEST(Bsre, AtMostSixteenSignersAreKept) {
  const std::size_t begin = kAnswer.find("[{") + 1;
  const std::string detail(kAnswer.substr(begin, kAnswer.rfind(']') - begin));
  std::string many = detail;
  for (int i = 0; i < 19; ++i) absl::StrAppend(&many, ",", detail);
  const auto check = Read(absl::StrReplaceAll(
      kAnswer, {{detail, many}, {"\"jumlah_signature\": 1", "\"jumlah_signature\": 20"}}));
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->signers_size(), 16);
}

TEST(Bsre, TimesAreReadAsTheyAreWrittenAndLeftOutIfTheyCannotBe) {
  const auto signed_in = [](absl::string_view written) {
    const auto check = Read(With("2024-01-31 10:11:12.000+0700", written));
    return check.ok() ? TimeText(check->signers(0).signed_at()) : check.status().ToString();
  };
  EXPECT_EQ(signed_in("2024-01-31T10:11:12+07:00"), "2024-01-31 03:11:12Z");
  EXPECT_EQ(signed_in("2024-01-31T10:11:12.123Z"), "2024-01-31 10:11:12Z");
  EXPECT_EQ(signed_in("2024-01-31 12:11:12.000+0900"), "2024-01-31 03:11:12Z");
  EXPECT_EQ(signed_in("2024-01-31 10:11:12"), "");
  EXPECT_EQ(signed_in("infinite-future"), "");
  EXPECT_EQ(signed_in("infinite-past"), "");
  EXPECT_EQ(signed_in("12024-01-31T10:11:12Z"), "");
  EXPECT_EQ(signed_in("0000-12-31T23:59:59Z"), "");
  EXPECT_EQ(signed_in("Wed Jan 31 10:11:12 WIB 2024"), "");
  EXPECT_EQ(signed_in(""), "");
}

TEST(Bsre, AnAnswerThatContradictsItselfIsRefused) {
  EXPECT_THAT(Refusal(With("\"VALID\"", "\"NO_SIGNATURE\"")),
              HasSubstr("summary contradicts jumlah_signature"));
  EXPECT_THAT(Refusal(With("\"jumlah_signature\": 1", "\"jumlah_signature\": 2")),
              HasSubstr("details has 1 signatures, and jumlah_signature is 2"));
  EXPECT_THAT(Refusal(With("\"jumlah_signature\": 1", "\"jumlah_signature\": 0")),
              HasSubstr("details has 1 signatures, and jumlah_signature is 0"));
  const auto none = Read(R"({"summary": "NO_SIGNATURE", "jumlah_signature": 0, "details": []})");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->result(), "tanpa_ttd");
}

TEST(Bsre, TellsTheNameOfTheDocument) {
  EXPECT_EQ(ReadBsreAnswer("sk.json", kAnswer, kChecked)->document, "sk.pdf");
}

TEST(Bsre, WhatIsNotToldIsLeftOut) {
  const auto check = Read(R"({"summary": "VALID", "jumlah_signature": 1, "details": [
      {"info_signer": {"signer_name": "A", "issuer_dn": null},
       "signature_document": {"document_integrity": true}}]})");
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->signers(0).issuer(), "");
  EXPECT_FALSE(check->signers(0).timestamped());
  EXPECT_FALSE(check->signers(0).has_signed_at());
}

TEST(Bsre, TextsThatAreTooLongAreCut) {
  const auto check = Read(With("Wali Kota", std::string(500, 'x')));
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_LE(check->signers(0).name().size(), 200U);
}

TEST(Bsre, AnotherShapeIsRefusedWithTheField) {
  EXPECT_THAT(Refusal("not JSON"), AllOf(HasSubstr("sk.json"), HasSubstr("not a JSON object")));
  EXPECT_THAT(Refusal("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(Refusal("{}"), HasSubstr("summary is missing"));
  EXPECT_THAT(Refusal(With("\"VALID\"", "1")), HasSubstr("summary is not a text"));
  EXPECT_THAT(Refusal(With("\"jumlah_signature\": 1", "\"jumlah_signature\": \"1\"")),
              HasSubstr("jumlah_signature is not a number"));
  EXPECT_THAT(Refusal(With("\"jumlah_signature\": 1", "\"jumlah_signature\": -1")),
              HasSubstr("jumlah_signature is not a number"));
  EXPECT_THAT(Refusal(R"({"summary": "VALID", "jumlah_signature": 1})"),
              HasSubstr("details is missing"));
  EXPECT_THAT(Refusal(R"({"summary": "VALID", "jumlah_signature": 1, "details": {}})"),
              HasSubstr("details is not a list"));
  EXPECT_THAT(Refusal(R"({"summary": "VALID", "jumlah_signature": 1, "details": [1]})"),
              HasSubstr("details[0] is not an object"));
  EXPECT_THAT(Refusal(With("\"info_signer\"", "\"signer\"")),
              HasSubstr("details[0].info_signer is missing"));
  EXPECT_THAT(Refusal(With("\"signer_name\": \"Wali Kota\"", "\"signer_name\": 7")),
              HasSubstr("details[0].info_signer.signer_name is not a text"));
  EXPECT_THAT(Refusal(With("\"document_integrity\": true", "\"document_integrity\": \"yes\"")),
              HasSubstr("details[0].signature_document.document_integrity is neither"));
}

}  // namespace
}  // namespace selaras::cli
