#include "services/domain/attachment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "case_test_base.h"
#include "services/domain/custody.h"
#include "services/domain/decide_common.h"
#include "services/domain/erasure.h"
#include "services/domain/reporter_protection.h"

namespace selaras::domain {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Upload SomeUpload(absl::string_view media_type = "application/pdf") {
  return {.upload_id = "u-1",
          .bytes = 70'000,
          .sha256 = std::string(32, 'p'),
          .media_type = std::string(media_type),
          .file_name = "Surat dari Pak Budi.pdf",
          .sealed_sha256 = std::string(32, 's'),
          .sealed_bytes = 70'032,
          .key = std::string(32, 'k')};
}

command::v1::AddAttachment Adding(absl::string_view kind = "surat") {
  command::v1::AddAttachment command;
  command.set_upload_id("u-1");
  command.set_kind(std::string(kind));
  command.set_title("Surat penerusan");
  command.set_cleared(true);
  return command;
}

class AttachmentTest : public CaseTest {
 protected:
  absl::Status Add(const command::v1::AddAttachment& command,
                   absl::string_view authority = kBawaslu, const Upload& upload = SomeUpload()) {
    const Section section = SectionOf(authority);
    return Do(section, authority, [&](const Call& call) {
      return DecideAddAttachment(command, case_.fold(), kept_, upload, section, call);
    });
  }
  absl::Status Remove(const event::v1::Position& position, absl::string_view authority = kBawaslu) {
    command::v1::RemoveAttachment command;
    *command.mutable_attachment() = position;
    command.set_reason("salah_unggah");
    const Section section = SectionOf(authority);
    const storage::v1::SectionFold kept =
        kept_.empty() ? storage::v1::SectionFold() : kept_.front();
    return Do(section, authority, [&](const Call& call) {
      return DecideRemoveAttachment(command, case_.fold(), kept, section, call);
    });
  }
  static Section SectionOf(absl::string_view authority) {
    return authority == kBawaslu ? Section::kIntake
           : authority == kBkn   ? Section::kReferral
                                 : Section::kSanction;
  }
  // A document of the private log.
  event::v1::Position Keep(absl::string_view author = kBawaslu) {
    auto& fact = *kept_.emplace_back().add_facts();
    fact.mutable_position()->set_log("intake/private");
    fact.mutable_position()->set_sequence(7);
    fact.set_author(std::string(author));
    fact.set_leaf_hash(std::string(32, '\0'));  // as nothing fills it there
    fact.mutable_fact()->mutable_attachment_added()->set_kind("bukti");
    return fact.position();
  }

  std::vector<storage::v1::SectionFold> kept_;
};

TEST_F(AttachmentTest, ADocumentGoesToAllPartiesWithoutWhatStaysInTheOffice) {
  UntilReferred();
  ASSERT_TRUE(Add(Adding()).ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  const event::v1::AttachmentAdded& added = fact().attachment_added();
  EXPECT_EQ(added.sealed_sha256(), std::string(32, 's'));
  EXPECT_EQ(added.sealed_bytes(), 70'032);
  EXPECT_TRUE(added.cleared());
  const event::v1::Attachment& says = draft().personal->attachment();
  EXPECT_EQ(says.key(), std::string(32, 'k'));
  EXPECT_EQ(says.file_name(), "") << "a name of a file may tell who sent it";
  EXPECT_EQ(says.sha256(), "") << "whoever has the document could tell that it is this one";
  ASSERT_THAT(last_->drafts, SizeIs(2));
  EXPECT_EQ(draft(1).visibility, Visibility::kPrivate);
  EXPECT_TRUE(draft(1).cites_first);
  EXPECT_EQ(draft(1).personal->attachment().file_name(), "Surat dari Pak Budi.pdf");
  EXPECT_EQ(draft(1).personal->attachment().sha256(), std::string(32, 'p'));
}

TEST_F(AttachmentTest, WhatAnOfficeOfBawasluSendsOnWasLookedAt) {
  UntilReferred();
  command::v1::AddAttachment command = Adding();
  command.set_cleared(false);
  EXPECT_EQ(test::FieldIn(Add(command)), "cleared");
  command.set_internal(true);
  EXPECT_TRUE(Add(command).ok()) << "nobody else sees it";
  ASSERT_TRUE(Receive().ok());
  command.set_internal(false);
  EXPECT_TRUE(Add(command, kBkn).ok()) << "who has no reporters looks for none";
}

TEST_F(AttachmentTest, BeforeACaseHasPartiesADocumentStays) {
  ASSERT_TRUE(Name().ok());
  EXPECT_EQ(test::FieldIn(Add(Adding())), "internal");
  command::v1::AddAttachment command = Adding("bukti");
  command.set_internal(true);
  ASSERT_TRUE(Add(command).ok()) << last_.status();
  ASSERT_THAT(last_->drafts, SizeIs(1));
  EXPECT_EQ(draft().visibility, Visibility::kPrivate);
  EXPECT_EQ(draft().personal->attachment().file_name(), "Surat dari Pak Budi.pdf");
  EXPECT_FALSE(fact().attachment_added().cleared());
}

TEST_F(AttachmentTest, LettersAndDecreesArePdf) {
  UntilReferred();
  for (const auto* kind : {"surat", "keputusan"}) {
    EXPECT_EQ(test::FieldIn(Add(Adding(kind), kBawaslu, SomeUpload("image/png"))), "kind") << kind;
  }
  EXPECT_TRUE(Add(Adding("bukti"), kBawaslu, SomeUpload("image/png")).ok()) << last_.status();
  EXPECT_EQ(test::FieldIn(Add(Adding("foto"))), "kind");
}

TEST_F(AttachmentTest, ADerivativeSaysAtHomeFromWhatItWasMade) {
  UntilReferred();
  command::v1::AddAttachment command = Adding("turunan");
  EXPECT_EQ(test::FieldIn(Add(command)), "redacted_from") << "required";
  *command.mutable_redacted_from() = case_.Newest(Section::kIntake);
  EXPECT_EQ(test::FieldIn(Add(command)), "redacted_from") << "no document";
  *command.mutable_redacted_from() = Keep("bawaslu/ri");
  EXPECT_EQ(test::FieldIn(Add(command)), "redacted_from") << "another office's";
  kept_.clear();
  *command.mutable_redacted_from() = Keep();
  ASSERT_TRUE(Add(command).ok()) << last_.status();
  EXPECT_FALSE(fact().attachment_added().has_redacted_from()) << "others learn of no original";
  EXPECT_TRUE(draft().citations.empty());
  EXPECT_EQ(draft(1).fact.attachment_details_recorded().redacted_from().sequence(), 7);
  command.set_kind("bukti");
  EXPECT_EQ(test::FieldIn(Add(command)), "redacted_from") << "only of a derivative";
}

TEST_F(AttachmentTest, ADocumentMayBelongToAFactOfItsAuthorThatTheSamePeopleSee) {
  UntilReferred();
  command::v1::AddAttachment command = Adding();
  *command.mutable_of() = case_.Newest(Section::kIntake);
  ASSERT_TRUE(Add(command).ok()) << last_.status();
  ASSERT_THAT(draft().citations, SizeIs(1));
  EXPECT_EQ(draft().citations[0].position().sequence(), command.of().sequence());
  const event::v1::Position document = case_.Newest(Section::kIntake);
  *command.mutable_of() = document;
  EXPECT_EQ(test::FieldIn(Add(command)), "of") << "a document belongs to no document";
  ASSERT_TRUE(Receive().ok());
  *command.mutable_of() = case_.Newest(Section::kReferral);
  EXPECT_EQ(test::FieldIn(Add(command)), "of") << "another's fact";
  *command.mutable_of() = case_.entries().front().position;
  EXPECT_EQ(test::FieldIn(Add(command)), "of") << "the naming stays in the office";
  command.set_internal(true);
  EXPECT_TRUE(Add(command).ok()) << last_.status();
}

TEST_F(AttachmentTest, ADocumentMovesNoFileAndStandsInNobodysWay) {
  UntilHandedOver();
  const Status before = StatusOf(case_.fold());
  ASSERT_TRUE(Add(Adding("keputusan"), kPpk).ok()) << last_.status();
  const Status after = StatusOf(case_.fold());
  EXPECT_EQ(before.state, after.state);
  EXPECT_EQ(before.waiting_for, after.waiting_for);
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
  // The newest step that an officer took is still the one before it.
  const auto& steps = case_.fold().segments();
  const auto* sanction = FindSegment(steps, Section::kSanction, kPpk);
  const auto* handed = LastFact(*sanction, event::v1::Fact::kDecisionHandedOver);
  EXPECT_TRUE(Void(Section::kSanction, handed->position()).ok()) << last_.status();
}

TEST_F(AttachmentTest, OfACaseThatWasTakenBackDocumentsAloneAreNoCase) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Add(Adding(), kBkn).ok()) << last_.status();
  const auto* received = LastFact(*FindSegment(case_.fold().segments(), Section::kReferral, kBkn),
                                  event::v1::Fact::kCaseReceived);
  const event::v1::Position position = received->position();
  ASSERT_TRUE(Void(Section::kReferral, position).ok()) << last_.status();
  const CaseFold fold = case_.fold();
  EXPECT_THAT(ContradictionsOf(fold), IsEmpty());
  EXPECT_EQ(StatusOf(fold).waiting_for, kBkn) << "the referral is under way again";
  EXPECT_TRUE(Receive().ok()) << last_.status();
}

TEST_F(AttachmentTest, OnlyWhoWritesTheSectionAddsDocuments) {
  UntilReferred();
  EXPECT_EQ(test::ReasonIn(Add(Adding(), kPpk)), "MOVE_NOT_ALLOWED");
  ASSERT_TRUE(Receive().ok());
  EXPECT_EQ(test::ReasonIn(Do(Section::kReferral, "kasn",
                              [&](const Call& call) {
                                return DecideAddAttachment(Adding(), case_.fold(), {}, SomeUpload(),
                                                           Section::kReferral, call);
                              })),
            "NOT_YOUR_CASE");
}

TEST_F(AttachmentTest, WhoAddedADocumentTakesItBackOnce) {
  UntilReferred();
  ASSERT_TRUE(Add(Adding()).ok());
  const event::v1::Position position = case_.entries().back().position;
  ASSERT_TRUE(Receive().ok());
  EXPECT_EQ(test::FieldIn(Remove(position, kBkn)), "attachment") << "another's";
  ASSERT_TRUE(Remove(position).ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  EXPECT_THAT(draft().citations, SizeIs(1));
  EXPECT_TRUE(
      FindAttachment(*FindSegment(case_.fold().segments(), Section::kIntake, kBawaslu), position)
          .removed);
  EXPECT_EQ(test::FieldIn(Remove(position)), "attachment") << "it was taken back before";
}

TEST_F(AttachmentTest, WhatStaysInTheOfficeIsTakenBackThere) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Remove(Keep()).ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kPrivate);
  EXPECT_THAT(draft().citations, IsEmpty()) << "an entry of the private log has no public name";
}

TEST_F(AttachmentTest, ALegalHoldKeepsDocuments) {
  UntilReferred();
  ASSERT_TRUE(Add(Adding()).ok());
  const event::v1::Position position = case_.entries().back().position;
  command::v1::PlaceLegalHold hold;
  hold.set_matter("pengadilan");
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu, [&](const Call& call) {
                return DecidePlaceLegalHold(hold, case_.fold(), Section::kIntake, call);
              }).ok());
  const absl::Status refused = Remove(position);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("legal hold"));
}

TEST_F(AttachmentTest, ADocumentIsNeitherCorrectedNorVoided) {
  UntilReferred();
  ASSERT_TRUE(Add(Adding()).ok());
  const event::v1::Position position = case_.entries().back().position;
  for (const absl::Status& refused :
       {Void(Section::kIntake, position),
        Correct(Section::kIntake, Correction(Section::kIntake, "kind"))}) {
    EXPECT_EQ(test::ReasonIn(refused), "RULE") << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("remove it"));
  }
}

TEST_F(AttachmentTest, NoDocumentComesInWithACorrection) {
  UntilReferred();
  for (const auto* path :
       {"personal.attachment", "personal.attachment.title", "personal.attachment.origin.url"}) {
    command::v1::CorrectFact command = Correction(Section::kIntake, path);
    command.mutable_new_personal()->mutable_attachment()->set_title("Surat");
    EXPECT_EQ(test::FieldIn(Correct(Section::kIntake, command)), "fields") << path;
  }
}

TEST_F(AttachmentTest, OriginAndSignaturesAreOfWhatCanHaveThem) {
  UntilReferred();
  command::v1::AddAttachment command = Adding();
  command.mutable_origin()->set_url("https://example.org/post/1");
  EXPECT_EQ(test::FieldIn(Add(command)), "origin") << "a letter is no evidence";
  command.set_kind("bukti");
  command.mutable_signature()->set_result("sah");
  EXPECT_EQ(test::FieldIn(Add(command, kBawaslu, SomeUpload("image/png"))), "signature");
  command.mutable_signature()->set_result("valid");
  EXPECT_EQ(test::FieldIn(Add(command)), "signature.result");
  command.mutable_signature()->set_result("sah");
  for (int i = 0; i < 17; ++i) command.mutable_signature()->add_signers();
  EXPECT_EQ(test::FieldIn(Add(command)), "signature.signers");
  command.mutable_signature()->clear_signers();
  command.mutable_signature()->mutable_checked_at()->set_seconds(INT64_MIN);
  EXPECT_EQ(test::FieldIn(Add(command)), "signature.checked_at");
  command.mutable_signature()->clear_checked_at();
  command.mutable_signature()->add_signers()->mutable_signed_at()->set_seconds(INT64_MAX);
  EXPECT_EQ(test::FieldIn(Add(command)), "signature.signers[0].signed_at");
  command.mutable_signature()->clear_signers();
  command.mutable_signature()->add_signers()->set_name(std::string(201, 'n'));
  EXPECT_EQ(test::FieldIn(Add(command)), "signature.signers[0].name");
  command.mutable_signature()->mutable_signers(0)->set_name("Pejabat");
  ASSERT_TRUE(Add(command).ok()) << last_.status();
  EXPECT_EQ(draft().personal->attachment().signature().signers(0).name(), "Pejabat");
}

TEST_F(AttachmentTest, OfWhatIsSentOnADayAloneSaysWhenItWasCaptured) {
  UntilReferred();
  command::v1::AddAttachment command = Adding("bukti");
  auto& captured = *command.mutable_origin()->mutable_captured_at();
  captured.mutable_instant()->set_seconds(1'728'100'800);
  ASSERT_TRUE(Add(command).ok()) << last_.status();
  Draft sent = draft();
  KeepDaysOnly(&sent);
  EXPECT_EQ(sent.personal->attachment().origin().captured_at().date(), "2024-10-05");
  EXPECT_FALSE(sent.personal->attachment().origin().captured_at().has_instant());

  command.mutable_signature()->set_result("sah");
  command.mutable_signature()->mutable_checked_at()->set_seconds(1'728'100'801);
  command.mutable_signature()->add_signers()->mutable_signed_at()->set_seconds(1'728'100'802);
  ASSERT_TRUE(Add(command).ok()) << last_.status();
  sent = draft();
  KeepDaysOnly(&sent);
  const event::v1::SignatureCheck& check = sent.personal->attachment().signature();
  EXPECT_EQ(check.checked_at().seconds(), 1'728'086'400) << "2024-10-05";
  EXPECT_EQ(check.signers(0).signed_at().seconds(), 1'728'086'400);
}

TEST_F(AttachmentTest, ALegalHoldOfACaseKeepsWhatCameWithItsReport) {
  UntilReferred();
  const event::v1::Position original = Keep();
  command::v1::RemoveAttachment command;
  *command.mutable_attachment() = original;
  command.set_reason("salah_unggah");
  const auto remove = [&] {
    return Do(Section::kIntake, kBawaslu, [&](const Call& call) {
      return DecideRemoveReportAttachment(command, Report(), kept_.front(), {case_.fold()}, call);
    });
  };
  command::v1::PlaceLegalHold hold;
  hold.set_matter("pengadilan");
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu, [&](const Call& call) {
                return DecidePlaceLegalHold(hold, case_.fold(), Section::kIntake, call);
              }).ok());
  EXPECT_THAT(std::string(remove().message()), HasSubstr("legal hold"));
  command::v1::LiftLegalHold lift;
  *lift.mutable_hold() = case_.entries().back().position;
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu, [&](const Call& call) {
                return DecideLiftLegalHold(lift, case_.fold(), Section::kIntake, call);
              }).ok());
  EXPECT_TRUE(remove().ok()) << last_.status();
}

TEST_F(AttachmentTest, WhatIsSaidOfADocumentTellsOfNoReporter) {
  UntilReferred();
  event::v1::PersonalPart kept;
  kept.mutable_reporter()->set_name("Zulkarnain Sikumbang");
  kept.mutable_attachment()->set_sha256(std::string(32, '\x0f'));
  const auto refused = [&](const command::v1::AddAttachment& command) {
    EXPECT_TRUE(Add(command).ok()) << last_.status();
    return std::string(
        CheckTellsOfNoReporter(draft(), std::vector{kept}, {}, *catalogue_).message());
  };
  command::v1::AddAttachment command = Adding("bukti");
  EXPECT_EQ(refused(command), "");
  command.set_title("Foto oleh Zulkarnain");
  EXPECT_THAT(refused(command), HasSubstr("title"));
  command = Adding("bukti");
  command.mutable_origin()->set_account("@sikumbang");
  EXPECT_THAT(refused(command), HasSubstr("origin.account"));
  command = Adding("bukti");
  command.mutable_signature()->set_result("sah");
  command.mutable_signature()->add_signers()->set_name("ZULKARNAIN SIKUMBANG");
  EXPECT_THAT(refused(command), HasSubstr("signature.signers"));
  command = Adding("bukti");
  command.mutable_origin()->set_url("https://example.org/zulkarnain/1");
  EXPECT_THAT(refused(command), HasSubstr("origin.url"));
  command = Adding("bukti");
  command.set_title(absl::StrCat("berkas ", std::string(64, '0').replace(1, 1, "f")));
  EXPECT_EQ(refused(command), "") << "another digest";
  std::string digest;
  for (int i = 0; i < 32; ++i) digest += "0f";
  command.set_title(absl::StrCat("berkas ", digest));
  EXPECT_THAT(refused(command), HasSubstr("digest"));
}

TEST_F(AttachmentTest, TheFirstBytesTellWhatADocumentIs) {
  EXPECT_TRUE(BeginsLike("application/pdf", "%PDF-1.7 ..."));
  EXPECT_FALSE(BeginsLike("application/pdf", "PK\x03\x04"));
  EXPECT_TRUE(BeginsLike("image/jpeg", "\xff\xd8\xff\xe0"));
  EXPECT_TRUE(BeginsLike("image/png", "\x89PNG\r\n\x1a\n..."));
  EXPECT_TRUE(BeginsLike("video/mp4", absl::string_view("\0\0\0\x18"
                                                        "ftypmp42",
                                                        12)));
  EXPECT_TRUE(BeginsLike("audio/mpeg", "ID3\x03"));
  EXPECT_TRUE(BeginsLike("text/plain", "halo"));
  EXPECT_FALSE(BeginsLike("text/plain", absl::string_view("a\0b", 3)));
  for (const auto* type :
       {"application/pdf", "image/jpeg", "image/png", "video/mp4", "audio/mpeg"}) {
    EXPECT_FALSE(BeginsLike(type, "")) << type;
  }
}

TEST_F(AttachmentTest, WhoMayAddDocumentsIsToldSo) {
  UntilReferred();
  const auto allowed = AllowedNow(
      case_.fold(), Section::kIntake,
      [](const std::string& authority) { return authority == kBawaslu; }, *catalogue_);
  EXPECT_THAT(allowed, Contains("AddAttachment"));
  EXPECT_THAT(AllowedNow(
                  case_.fold(), Section::kSanction,
                  [](const std::string& authority) { return authority == kPpk; }, *catalogue_),
              Not(Contains("AddAttachment")));
}

}  // namespace
}  // namespace selaras::domain
