// How documents come into a store, and what becomes of them there.
#include "services/node/uploads.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/domain/refusal.h"
#include "services/node/link_attachments.h"
#include "services/node/rows.h"
#include "storage/crypto/sha256.h"
#include "storage/vault/chunks.h"
#include "tests/support/rows_of.h"

namespace selaras::node {
namespace {

using query::v1::Attachment;
using test::ReasonIn;
using test::RowsOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::uint64_t kMax = 1 << 20;

// A document of so many bytes, all of which differ from those of another seed.
std::string Pdf(std::size_t bytes, char seed = 'a') {
  std::string document = "%PDF-1.7 rahasia ";
  while (document.size() < bytes) {
    document += absl::StrCat(std::string(1, seed), " ", document.size(), " ");
  }
  document.resize(bytes);
  return document;
}

class UploadsTest : public NodeTest {
 protected:
  static constexpr std::size_t kBytes = 2 * vault::kChunkBytes + 100;

  static std::unique_ptr<Uploads> UploadsOf(test::CaseNode& node) {
    return std::make_unique<Uploads>(node.store(), node.engine().keys(), node.subject_keys(),
                                     node.random(),
                                     Uploads::Options{kMax, 2 * kMax, absl::Hours(72)});
  }
  static attachment::v1::UploadHeader HeaderOf(absl::string_view document,
                                               absl::string_view id = "u-1",
                                               absl::string_view authority = "bawaslu/13") {
    attachment::v1::UploadHeader header;
    header.set_authority(std::string(authority));
    header.set_upload_id(std::string(id));
    header.set_bytes(document.size());
    header.set_sha256(std::string(crypto::Sha256(document).view()));
    header.set_media_type("application/pdf");
    header.set_file_name("Surat Pak Budi.pdf");
    return header;
  }
  static absl::StatusOr<attachment::v1::Upload> Bring(Uploads& uploads, absl::string_view document,
                                                      const attachment::v1::UploadHeader& header,
                                                      absl::Time now) {
    auto writer = uploads.Open(header, now);
    if (!writer.ok()) return writer.status();
    const absl::Status taken = (*writer)->Append(document.substr(header.offset()));
    if (!taken.ok()) return taken;
    return (*writer)->Finish();
  }
  void Upload(test::CaseNode& node, absl::string_view document, absl::string_view id,
              absl::string_view authority) {
    const auto uploads = UploadsOf(node);
    const auto upload = Bring(*uploads, document, HeaderOf(document, id, authority), node.now);
    ASSERT_TRUE(upload.ok()) << upload.status();
    ASSERT_TRUE(upload->complete());
  }
  static command::v1::AddAttachment Adding(absl::string_view case_id, absl::string_view upload,
                                           bool internal = false) {
    command::v1::AddAttachment command;
    command.mutable_case_ref()->set_case_id(std::string(case_id));
    command.set_upload_id(std::string(upload));
    command.set_kind("surat");
    command.set_title("Surat penerusan");
    command.set_internal(internal);
    command.set_cleared(!internal);
    return command;
  }
  static std::vector<Attachment> AttachmentsOf(const test::CaseNode& node,
                                               const std::string& case_id,
                                               bool sees_reporters = true) {
    query::v1::GetCaseRequest request;
    request.set_case_id(case_id);
    Viewer viewer = node.viewer();
    viewer.sees_reporters = sees_reporters;
    const auto answer = node.reader().GetCase(request, viewer, node.now);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return {answer->case_().attachments().begin(), answer->case_().attachments().end()};
  }
  static absl::StatusOr<std::string> Read(const test::CaseNode& node,
                                          const event::v1::Position& position,
                                          bool sees_reporters = true) {
    Viewer viewer = node.viewer();
    viewer.sees_reporters = sees_reporters;
    const auto document = node.reader().FindDocument(position, viewer);
    if (!document.ok()) return document.status();
    std::string content;
    for (std::uint32_t i = 0; i < document->chunks.count; ++i) {
      const auto sealed =
          node.store().Get(log::Table::kAttachment, rows::Chunk(document->object, i));
      const auto opened = vault::OpenChunk(document->key, i, document->chunks.IsLast(i), **sealed);
      if (!opened.ok()) return opened.status();
      content += *opened;
    }
    return content;
  }
  bool Reads(const test::CaseNode& node, const event::v1::Position& position) const {
    const auto content = Read(node, position);
    EXPECT_TRUE(content.ok()) << content.status();
    return content.ok() && *content == document_;
  }
  static absl::Status Tidy(test::CaseNode& node) {
    return UploadsOf(node)->Tidy(
        node.opener(),
        [&node](const event::v1::Position& position) { return node.reader().WasRemoved(position); },
        node.now);
  }
  static std::unique_ptr<LinkAttachments> LinkOf(test::CaseNode& node, const std::string& peer) {
    return std::make_unique<LinkAttachments>(node.store(), node.subject_keys(), node.opener(), peer,
                                             node.random(),
                                             [&node] { return node.now - absl::UnixEpoch(); });
  }
  // Fetches everything that `to` wants of `from`. Chunks that came.
  static int Fetch(test::CaseNode& to, test::CaseNode& from) {
    const auto asks = LinkOf(to, from.name());
    const auto gives = LinkOf(from, to.name());
    int chunks = 0;
    while (true) {
      const auto wanted = asks->Wanted();
      EXPECT_TRUE(wanted.ok()) << wanted.status();
      if (!wanted.ok() || !*wanted) return chunks;
      const auto data = gives->Read(**wanted);
      EXPECT_TRUE(data.ok()) << data.status();
      if (data->empty()) {
        asks->NotGiven(**wanted);
      } else {
        EXPECT_TRUE(asks->Keep(**wanted, *data).ok());
        ++chunks;
      }
    }
  }
  static std::string Everything(const test::CaseNode& node) {
    std::string all;
    for (const auto& [key, value] : RowsOf(node.store(), log::Table::kAttachment)) {
      all += key + value;
    }
    return all;
  }
  static std::size_t RowsWith(const test::CaseNode& node, absl::string_view prefix) {
    std::size_t rows = 0;
    for (const auto& [key, value] : RowsOf(node.store(), log::Table::kAttachment)) {
      rows += absl::string_view(key).substr(0, prefix.size()) == prefix ? 1 : 0;
    }
    return rows;
  }
  // A case that BKN has, and a letter that Bawaslu added to it.
  std::string CaseWithLetter() {
    const std::string id = RecommendedCase();
    Upload(bawaslu_, document_, "u-1", "bawaslu/13");
    bawaslu_.Must(test::IntakeRequest("b-9", Adding(id, "u-1")));
    Exchange();
    return id;
  }

  const std::string document_ = Pdf(kBytes);
};

TEST_F(UploadsTest, ADocumentIsSealedAsItComesAndWholeWhenItsDigestIsRight) {
  const auto uploads = UploadsOf(bawaslu_);
  auto writer = uploads->Open(HeaderOf(document_), bawaslu_.now);
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (std::size_t at = 0; at < document_.size(); at += 1'000) {
    ASSERT_TRUE((*writer)->Append(absl::string_view(document_).substr(at, 1'000)).ok());
  }
  const auto upload = (*writer)->Finish();
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_TRUE(upload->complete());
  EXPECT_EQ(upload->received_bytes(), document_.size());
  EXPECT_THAT(Everything(bawaslu_), Not(HasSubstr("rahasia"))) << "nothing lies there unsealed";
  EXPECT_EQ(RowsWith(bawaslu_, rows::kChunks), 3);
}

TEST_F(UploadsTest, AnUploadGoesOnWhereItBrokeOffAlsoAfterAPowerCut) {
  const auto header = HeaderOf(document_);
  const absl::string_view first = absl::string_view(document_).substr(0, vault::kChunkBytes + 7);
  {
    const auto uploads = UploadsOf(bawaslu_);
    auto writer = uploads->Open(header, bawaslu_.now);
    ASSERT_TRUE((*writer)->Append(first).ok());
    const auto upload = (*writer)->Finish();
    EXPECT_EQ(upload->received_bytes(), vault::kChunkBytes) << "what is no whole chunk comes again";
    EXPECT_FALSE(upload->complete());
  }
  bawaslu_.Crash();
  const auto uploads = UploadsOf(bawaslu_);
  const auto stands = uploads->Get("bawaslu/13", "u-1", bawaslu_.now);
  ASSERT_TRUE(stands.ok()) << stands.status();
  ASSERT_EQ(stands->received_bytes(), vault::kChunkBytes) << "what it answered is durable";
  const auto elsewhere = uploads->Open(header, bawaslu_.now);
  EXPECT_EQ(ReasonIn(elsewhere.status()), "UPLOAD_MOVED_ON");
  EXPECT_EQ(test::MetadataIn(elsewhere.status()).at("received_bytes"),
            absl::StrCat(vault::kChunkBytes));
  attachment::v1::UploadHeader on = header;
  on.set_offset(stands->received_bytes());
  const auto upload = Bring(*uploads, document_, on, bawaslu_.now);
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_TRUE(upload->complete());
}

TEST_F(UploadsTest, WhatIsNotWhatWasAnnouncedIsNotKept) {
  const auto uploads = UploadsOf(bawaslu_);
  auto header = HeaderOf(document_);
  header.set_sha256(std::string(32, 'x'));
  EXPECT_EQ(test::FieldIn(Bring(*uploads, document_, header, bawaslu_.now).status()),
            "header.sha256");
  EXPECT_EQ(
      test::FieldIn(Bring(*uploads, document_ + "x", HeaderOf(document_), bawaslu_.now).status()),
      "data")
      << "more than was announced";
  std::string word = document_;
  word.replace(0, 4, "PK\x03\x04");
  EXPECT_EQ(test::FieldIn(Bring(*uploads, word, HeaderOf(word, "u-2"), bawaslu_.now).status()),
            "header.media_type");
  EXPECT_EQ(RowsWith(bawaslu_, rows::kUploads), 1) << "the one that had too much may go on";
  for (auto [field, bad] : std::vector<std::pair<std::string, attachment::v1::UploadHeader>>{
           {"header.upload_id", HeaderOf(document_, "")},
           {"header.bytes", HeaderOf("")},
           {"header.bytes", HeaderOf(std::string(kMax + 1, 'x'))}}) {
    EXPECT_EQ(test::FieldIn(uploads->Open(bad, bawaslu_.now).status()), field);
  }
  header = HeaderOf(document_, "u-3");
  header.set_sha256("short");
  EXPECT_EQ(test::FieldIn(uploads->Open(header, bawaslu_.now).status()), "header.sha256");
  header = HeaderOf(document_, "u-3");
  header.set_media_type("application/msword");
  EXPECT_EQ(test::FieldIn(uploads->Open(header, bawaslu_.now).status()), "header.media_type");
}

TEST_F(UploadsTest, OneStreamAtATimeBringsAnUploadAndAnIdNamesOneDocument) {
  const auto uploads = UploadsOf(bawaslu_);
  const auto header = HeaderOf(document_);
  {
    const auto first = uploads->Open(header, bawaslu_.now);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(ReasonIn(uploads->Open(header, bawaslu_.now).status()), "UPLOAD_BUSY");
  }
  EXPECT_TRUE(uploads->Open(header, bawaslu_.now).ok()) << "the first stream is over";
  const std::string other = Pdf(kBytes, 'b');
  EXPECT_EQ(ReasonIn(uploads->Open(HeaderOf(other), bawaslu_.now).status()), "UPLOAD_DIFFERS");
  EXPECT_TRUE(uploads->Open(HeaderOf(other, "u-1", "bawaslu/14"), bawaslu_.now).ok())
      << "ids are of an authority";
}

TEST_F(UploadsTest, WhatWaitsOfOneAuthorityIsBounded) {
  const auto uploads = UploadsOf(bawaslu_);
  const std::string large(kMax, 'x');
  ASSERT_TRUE(uploads->Open(HeaderOf(large, "u-1"), bawaslu_.now).ok());
  ASSERT_TRUE(uploads->Open(HeaderOf(large, "u-2"), bawaslu_.now).ok());
  EXPECT_EQ(ReasonIn(uploads->Open(HeaderOf("x", "u-3"), bawaslu_.now).status()), "UPLOADS_FULL");
  EXPECT_TRUE(uploads->Open(HeaderOf(large, "u-3", "bawaslu/14"), bawaslu_.now).ok());
}

TEST_F(UploadsTest, AnUploadThatNobodyAddsIsForgotten) {
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  const auto uploads = UploadsOf(bawaslu_);
  bawaslu_.now += absl::Hours(72);
  EXPECT_EQ(ReasonIn(uploads->Get("bawaslu/13", "u-1", bawaslu_.now).status()), "UPLOAD_NOT_FOUND");
  ASSERT_TRUE(Tidy(bawaslu_).ok());
  EXPECT_EQ(RowsWith(bawaslu_, rows::kChunks), 3) << "a commit may be adding it just now";
  bawaslu_.now += absl::Hours(2);
  ASSERT_TRUE(Tidy(bawaslu_).ok());
  EXPECT_THAT(RowsOf(bawaslu_.store(), log::Table::kAttachment), IsEmpty());
  for (const auto& [key, value] : RowsOf(bawaslu_.store(), log::Table::kSecret)) {
    EXPECT_THAT(key, Not(HasSubstr("upload-key"))) << "nor is its key left";
  }
}

TEST_F(UploadsTest, AnUploadIsAddedOnceAndARepeatedRequestGetsTheSameAnswer) {
  const std::string id = RecommendedCase();
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  const Request request = test::IntakeRequest("b-9", Adding(id, "u-1"));
  const auto done = bawaslu_.Must(request);
  ASSERT_THAT(done.positions(), SizeIs(1));
  const auto again = bawaslu_.Must(request);
  EXPECT_TRUE(again.repeated_request());
  EXPECT_EQ(again.positions(0).sequence(), done.positions(0).sequence());
  EXPECT_EQ(ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-10", Adding(id, "u-1"))).status()),
            "UPLOAD_NOT_FOUND");
  EXPECT_EQ(RowsWith(bawaslu_, rows::kUploads), 0);
  EXPECT_TRUE(Reads(bawaslu_, done.positions(0)));
}

TEST_F(UploadsTest, TwoCommandsOfOneCommitDoNotShareAnUpload) {
  const std::string id = RecommendedCase();
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  const auto outcomes = bawaslu_.ExecuteTogether({test::IntakeRequest("b-9", Adding(id, "u-1")),
                                                  test::IntakeRequest("b-10", Adding(id, "u-1")),
                                                  test::IntakeRequest("b-11", Adding(id, "u-2"))});
  EXPECT_TRUE(outcomes[0].ok()) << outcomes[0].status();
  EXPECT_EQ(ReasonIn(outcomes[1].status()), "UPLOAD_NOT_FOUND");
  EXPECT_EQ(ReasonIn(outcomes[2].status()), "UPLOAD_NOT_FOUND");
  Upload(bawaslu_, document_, "u-3", "bawaslu/13");
  const auto twice =
      bawaslu_.Execute(test::IntakeRequest("b-12", Adding(id, "u-3"), Adding(id, "u-3")));
  EXPECT_EQ(ReasonIn(twice.status()), "UPLOAD_NOT_FOUND");
  EXPECT_EQ(RowsWith(bawaslu_, rows::kUploads), 1) << "all or nothing";
  bawaslu_.Must(test::IntakeRequest("b-13", Adding(id, "u-3")));
}

TEST_F(UploadsTest, AnIncompleteUploadIsNotAdded) {
  const std::string id = RecommendedCase();
  const auto uploads = UploadsOf(bawaslu_);
  {
    ASSERT_TRUE(uploads->Open(HeaderOf(document_), bawaslu_.now).ok());
  }
  EXPECT_EQ(ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-9", Adding(id, "u-1"))).status()),
            "UPLOAD_INCOMPLETE");
}

TEST_F(UploadsTest, OneThatIsOnlyCheckedStaysWhereItIs) {
  const std::string id = RecommendedCase();
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  Request request = test::IntakeRequest("b-9", Adding(id, "u-1"));
  request.header.set_validate_only(true);
  bawaslu_.Must(request);
  EXPECT_EQ(RowsWith(bawaslu_, rows::kUploads), 1);
  bawaslu_.Must(test::IntakeRequest("b-9", Adding(id, "u-1")));
}

TEST_F(UploadsTest, PartiesFetchTheSealedBytesAndReadTheDocument) {
  const std::string id = CaseWithLetter();
  ASSERT_THAT(AttachmentsOf(bkn_, id), SizeIs(1));
  EXPECT_EQ(AttachmentsOf(bkn_, id)[0].state(), query::v1::ATTACHMENT_STATE_NOT_FETCHED);
  EXPECT_EQ(ReasonIn(Read(bkn_, AttachmentsOf(bkn_, id)[0].position()).status()),
            "ATTACHMENT_NOT_HERE");
  EXPECT_EQ(Fetch(bkn_, bawaslu_), 3);
  const auto shown = AttachmentsOf(bkn_, id);
  EXPECT_EQ(shown[0].state(), query::v1::ATTACHMENT_STATE_HELD);
  EXPECT_EQ(shown[0].title(), "Surat penerusan");
  EXPECT_EQ(shown[0].bytes(), document_.size());
  EXPECT_EQ(shown[0].file_name(), "");
  EXPECT_EQ(shown[0].sha256(), "");
  EXPECT_EQ(shown[0].sealed_sha256(), AttachmentsOf(bawaslu_, id)[0].sealed_sha256());
  EXPECT_EQ(AttachmentsOf(bawaslu_, id)[0].file_name(), "Surat Pak Budi.pdf");
  EXPECT_TRUE(Reads(bkn_, shown[0].position()));
  EXPECT_EQ(Fetch(bkn_, bawaslu_), 0) << "nothing is wanted any more";
}

TEST_F(UploadsTest, AFetchGoesOnWhereItBrokeOff) {
  const std::string id = CaseWithLetter();
  {
    const auto asks = LinkOf(bkn_, bawaslu_.name());
    const auto gives = LinkOf(bawaslu_, bkn_.name());
    const auto wanted = asks->Wanted();
    ASSERT_TRUE(asks->Keep(**wanted, *gives->Read(**wanted)).ok());
    EXPECT_EQ(AttachmentsOf(bkn_, id)[0].percent(), 33);
  }
  EXPECT_EQ(Fetch(bkn_, bawaslu_), 2);
  EXPECT_EQ(AttachmentsOf(bkn_, id)[0].state(), query::v1::ATTACHMENT_STATE_HELD);
}

TEST_F(UploadsTest, WhatIsNotWhatTheEntryNamesIsNotTakenForIt) {
  const std::string id = CaseWithLetter();
  const auto asks = LinkOf(bkn_, bawaslu_.name());
  const auto gives = LinkOf(bawaslu_, bkn_.name());
  for (int i = 0; i < 3; ++i) {
    const auto wanted = asks->Wanted();
    ASSERT_TRUE(wanted.ok() && *wanted);
    std::string data = *gives->Read(**wanted);
    if (i == 1) data[17] = static_cast<char>(data[17] ^ 1);
    ASSERT_TRUE(asks->Keep(**wanted, data).ok());
  }
  EXPECT_EQ(AttachmentsOf(bkn_, id)[0].state(), query::v1::ATTACHMENT_STATE_WRONG);
  EXPECT_EQ(RowsWith(bkn_, rows::kChunks), 0);
  EXPECT_EQ(Fetch(bkn_, bawaslu_), 0) << "it is not asked for for ever";
}

// Somebody who states what he likes in his own log.
TEST_F(UploadsTest, WhatAnotherEntrySaysOfTheSameBytesIsNothingToADocument) {
  const std::string id = CaseWithLetter();
  const event::v1::Position letter = AttachmentsOf(bawaslu_, id)[0].position();
  std::uint32_t party_number = 0;
  event::v1::Event forged;
  for (const event::v1::Event& event : bkn_.Events()) {
    if (event.case_id() != id || event.author() != "bkn") continue;
    party_number = std::max(party_number, event.party_number());
    forged = event;
  }
  forged.clear_personal();
  const auto state = [&](const event::v1::Fact& fact) {
    *forged.mutable_fact() = fact;
    forged.set_party_number(++party_number);
    const base::Sequence place{bkn_.store().shared().size().value};
    EXPECT_TRUE(bkn_.store().Append({{forged.SerializeAsString()}, {}, {}}).ok());
    bawaslu_.CopyOnly(bkn_, {place});
    return place;
  };
  event::v1::Fact fact;
  for (const event::v1::Event& event : bawaslu_.Events()) {
    if (event.fact().has_attachment_added()) fact = event.fact();
  }
  fact.mutable_attachment_added()->set_sealed_bytes(17);
  const base::Sequence small = state(fact);
  bawaslu_.Project();
  const auto asks = LinkOf(bawaslu_, bkn_.name());
  const auto wanted = asks->Wanted();
  ASSERT_TRUE(wanted.ok() && *wanted) << "it is fetched like any other";
  EXPECT_EQ((*wanted)->index, 0);
  ASSERT_TRUE(asks->Keep(**wanted, std::string(17, 'x')).ok());
  EXPECT_TRUE(Reads(bawaslu_, letter));
  fact.clear_attachment_added();
  fact.mutable_attachment_removed()->mutable_attachment()->set_log(bkn_.name());
  fact.mutable_attachment_removed()->mutable_attachment()->set_sequence(small.value);
  fact.mutable_attachment_removed()->set_reason("lain");
  state(fact);
  bawaslu_.Project();
  EXPECT_TRUE(Reads(bawaslu_, letter)) << "and removed like any other";
  *fact.mutable_attachment_removed()->mutable_attachment() = letter;
  state(fact);
  bawaslu_.Project();
  EXPECT_TRUE(Reads(bawaslu_, letter)) << "nobody takes back what is not his";
}

TEST_F(UploadsTest, WhatStoppedBehindTheLastChunkIsCompleted) {
  const std::string id = CaseWithLetter();
  Fetch(bkn_, bawaslu_);
  const event::v1::Position position = AttachmentsOf(bkn_, id)[0].position();
  const std::string row = rows::Held(position.log(), {position.sequence()});
  storage::v1::StoredAttachment held;
  ASSERT_TRUE(held.ParseFromString(**bkn_.store().Get(log::Table::kAttachment, row)));
  held.set_complete(false);  // as it was before its digest was compared
  ASSERT_TRUE(bkn_.store()
                  .Write({{log::Table::kAttachment, row, held.SerializeAsString()},
                          {log::Table::kAttachment,
                           rows::Wanted(position.log(), {position.sequence()}), ""}},
                         log::Durability::kSynced)
                  .ok());
  EXPECT_EQ(Fetch(bkn_, bawaslu_), 0);
  EXPECT_EQ(AttachmentsOf(bkn_, id)[0].state(), query::v1::ATTACHMENT_STATE_HELD);

  // The same of an upload.
  Upload(bawaslu_, document_, "u-7", "bawaslu/13");
  for (const auto& [key, value] : RowsOf(bawaslu_.store(), log::Table::kAttachment)) {
    storage::v1::StoredUpload stored;
    if (!absl::StartsWith(key, rows::kUploads) || !stored.ParseFromString(value)) continue;
    stored.clear_sealed_sha256();
    ASSERT_TRUE(bawaslu_.store()
                    .Write({{log::Table::kAttachment, key, stored.SerializeAsString()}},
                           log::Durability::kSynced)
                    .ok());
  }
  attachment::v1::UploadHeader header = HeaderOf(document_, "u-7");
  header.set_offset(document_.size());
  const auto uploads = UploadsOf(bawaslu_);
  const auto upload = Bring(*uploads, document_, header, bawaslu_.now);
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_TRUE(upload->complete());
}

TEST_F(UploadsTest, ManySmallUploadsCountForWhatTheyTake) {
  const auto uploads = UploadsOf(bawaslu_);
  int begun = 0;
  while (uploads->Open(HeaderOf("%PDF-", absl::StrCat("u-", begun)), bawaslu_.now).ok()) ++begun;
  EXPECT_EQ(begun, 2 * kMax / vault::kChunkBytes);
}

TEST_F(UploadsTest, AnUploadWhoseTimeIsOverIsNotBegunAnewWhileACommitMayAddIt) {
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  const auto uploads = UploadsOf(bawaslu_);
  bawaslu_.now += absl::Hours(72);
  EXPECT_EQ(ReasonIn(uploads->Open(HeaderOf(document_), bawaslu_.now).status()),
            "UPLOAD_NOT_FOUND");
  EXPECT_EQ(RowsWith(bawaslu_, rows::kChunks), 3);
  bawaslu_.now += Uploads::kGrace;
  EXPECT_TRUE(uploads->Open(HeaderOf(document_), bawaslu_.now).ok());
  EXPECT_EQ(RowsWith(bawaslu_, rows::kChunks), 0);
}

TEST_F(UploadsTest, AChunkOfAnotherLengthIsNotKeptAndTheDocumentRests) {
  CaseWithLetter();
  const auto asks = LinkOf(bkn_, bawaslu_.name());
  const auto wanted = asks->Wanted();
  ASSERT_TRUE(asks->Keep(**wanted, "short").ok());
  EXPECT_EQ(RowsWith(bkn_, rows::kChunks), 0);
  EXPECT_FALSE(asks->Wanted()->has_value()) << "for a while";
  bkn_.now += LinkAttachments::kRest;
  EXPECT_TRUE(asks->Wanted()->has_value());
}

TEST_F(UploadsTest, WhoAsksForWhatIsNoDocumentIsGivenNothing) {
  CaseWithLetter();
  const auto gives = LinkOf(bawaslu_, bkn_.name());
  EXPECT_EQ(gives->Read({{0}, 0}).value(), "") << "an entry that adds none";
  EXPECT_EQ(gives->Read({{1'000}, 0}).value(), "") << "no entry";
  const std::uint64_t last = bawaslu_.store().shared().size().value - 1;
  EXPECT_EQ(gives->Read({{last}, 3}).value(), "") << "past its end";
  EXPECT_NE(gives->Read({{last}, 2}).value(), "");
}

TEST_F(UploadsTest, WhatStaysInTheOfficeIsShownToNobodyElse) {
  const std::string id = RecommendedCase();
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  bawaslu_.Must(test::IntakeRequest("b-9", Adding(id, "u-1", /*internal=*/true)));
  Exchange();
  EXPECT_THAT(AttachmentsOf(bkn_, id), IsEmpty());
  EXPECT_EQ(RowsWith(bkn_, "wanted/"), 0);
  const auto shown = AttachmentsOf(bawaslu_, id);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_TRUE(shown[0].internal());
  EXPECT_EQ(shown[0].file_name(), "Surat Pak Budi.pdf");
  EXPECT_TRUE(Reads(bawaslu_, shown[0].position()));
  EXPECT_THAT(AttachmentsOf(bawaslu_, id, /*sees_reporters=*/false), IsEmpty());
  EXPECT_EQ(ReasonIn(Read(bawaslu_, shown[0].position(), /*sees_reporters=*/false).status()),
            "ATTACHMENT_NOT_FOUND");
}

TEST_F(UploadsTest, ADocumentThatIsTakenBackGoesEverywhere) {
  const std::string id = CaseWithLetter();
  Fetch(bkn_, bawaslu_);
  const event::v1::Position position = AttachmentsOf(bkn_, id)[0].position();
  command::v1::RemoveAttachment command;
  command.mutable_case_ref()->set_case_id(id);
  *command.mutable_attachment() = position;
  command.set_reason("salah_orang");
  bawaslu_.Must(test::IntakeRequest("b-20", command));
  Exchange();
  for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) {
    EXPECT_EQ(RowsWith(*node, rows::kChunks), 0) << node->name();
    EXPECT_EQ(RowsWith(*node, "wanted/"), 0) << node->name();
    EXPECT_EQ(AttachmentsOf(*node, id)[0].state(), query::v1::ATTACHMENT_STATE_REMOVED);
    EXPECT_EQ(ReasonIn(Read(*node, position).status()), "ATTACHMENT_REMOVED");
  }
  EXPECT_EQ(Fetch(ppk_, bawaslu_), 0);
}

TEST_F(UploadsTest, AFetchUnderWayEndsWhenTheDocumentIsTakenBack) {
  const std::string id = CaseWithLetter();
  const auto asks = LinkOf(bkn_, bawaslu_.name());
  const auto gives = LinkOf(bawaslu_, bkn_.name());
  auto wanted = asks->Wanted();
  const std::string first = *gives->Read(**wanted);
  ASSERT_TRUE(asks->Keep(**wanted, first).ok());
  wanted = asks->Wanted();
  const std::string second = *gives->Read(**wanted);
  command::v1::RemoveAttachment command;
  command.mutable_case_ref()->set_case_id(id);
  *command.mutable_attachment() = AttachmentsOf(bkn_, id)[0].position();
  command.set_reason("salah_orang");
  bawaslu_.Must(test::IntakeRequest("b-20", command));
  Exchange();
  ASSERT_TRUE(asks->Keep(**wanted, second).ok()) << "it was on its way";
  EXPECT_EQ(RowsWith(bkn_, rows::kChunks), 0);
  EXPECT_EQ(RowsWith(bkn_, rows::kHeld), 0);
  EXPECT_FALSE(asks->Wanted()->has_value());
}

TEST_F(UploadsTest, ADocumentMayComeBeforeItsEntryIsDerivedAndAfterItWasTakenBack) {
  const std::string id = RecommendedCase();
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  const auto added = bawaslu_.Must(test::IntakeRequest("b-9", Adding(id, "u-1"))).positions(0);
  bawaslu_.Project();
  bkn_.Copy(bawaslu_);  // and nothing is derived
  const auto asks = LinkOf(bkn_, bawaslu_.name());
  const auto gives = LinkOf(bawaslu_, bkn_.name());
  const auto take = [&](std::uint32_t index) {
    const link::Chunk chunk{{added.sequence()}, index};
    ASSERT_TRUE(asks->Take(chunk, *gives->Read(chunk)).ok());
  };
  take(0);
  take(2);  // a file lost one
  take(1);
  EXPECT_EQ(RowsWith(bkn_, rows::kChunks), 2);
  take(2);
  Exchange();
  EXPECT_EQ(AttachmentsOf(bkn_, id)[0].state(), query::v1::ATTACHMENT_STATE_HELD);
  EXPECT_TRUE(Reads(bkn_, added));
  EXPECT_EQ(RowsWith(bkn_, "wanted/"), 0);

  command::v1::RemoveAttachment command;
  command.mutable_case_ref()->set_case_id(id);
  *command.mutable_attachment() = added;
  command.set_reason("salah_orang");
  std::vector<std::string> chunks;
  for (std::uint32_t i = 0; i < 3; ++i) {
    chunks.push_back(*gives->Read({{added.sequence()}, i}));
  }
  bawaslu_.Must(test::IntakeRequest("b-20", command));
  Exchange();
  for (std::uint32_t i = 0; i < 3; ++i) {  // an old file comes late
    ASSERT_TRUE(asks->Take({{added.sequence()}, i}, chunks[i]).ok());
  }
  EXPECT_EQ(ReasonIn(Read(bkn_, added).status()), "ATTACHMENT_REMOVED");
  ASSERT_TRUE(Tidy(bkn_).ok());
  EXPECT_EQ(RowsWith(bkn_, rows::kChunks), 0);
}

TEST_F(UploadsTest, ADocumentOfTheReportIsItsOfficesAlone) {
  const auto opened = bawaslu_.Must(Naming("b-1"));
  Upload(bawaslu_, document_, "u-1", "bawaslu/13");
  command::v1::AddAttachment command;
  command.set_report_id(opened.report_id());
  command.set_upload_id("u-1");
  command.set_kind("bukti");
  command.set_title("Foto");
  bawaslu_.Must(test::IntakeRequest("b-2", command));
  bawaslu_.Project();
  query::v1::GetReportRequest request;
  request.set_report_id(opened.report_id());
  Viewer viewer = bawaslu_.viewer();
  EXPECT_THAT(bawaslu_.reader().GetReport(request, viewer)->report().attachments(), IsEmpty());
  viewer.sees_reporters = true;
  const auto report = bawaslu_.reader().GetReport(request, viewer);
  ASSERT_THAT(report->report().attachments(), SizeIs(1));
  const Attachment& shown = report->report().attachments(0);
  EXPECT_EQ(shown.kind(), "bukti");
  EXPECT_TRUE(Reads(bawaslu_, shown.position()));
  for (const auto& step : report->report().steps()) {
    EXPECT_EQ(step.personal().attachment().key(), "") << "bytes are given by Download alone";
  }
}

}  // namespace
}  // namespace selaras::node
