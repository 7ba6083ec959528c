#include "tools/selaras/transfer.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_node.h"
#include "fake_uploads.h"
#include "tests/support/temp_directory.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

using testing::ElementsAre;

class TransferTest : public testing::Test {
 protected:
  TransferTest() {
    for (int i = 0; content_.size() < 1'000'000; ++i) absl::StrAppend(&content_, i, " ");
    EXPECT_TRUE(WriteFile(path_, content_).ok());
    document_ = *ReadDocument(path_, "");
    uploads_.Serve(answers_);
  }

  absl::Status Send(std::uint64_t from = 0) {
    attachment::v1::UploadHeader header;
    header.set_authority("bkn");
    header.set_upload_id("id-1");
    return SendDocument(node_, clock_, document_, header, from,
                        [](std::uint64_t, std::uint64_t) {});
  }

  absl::StatusOr<Received> Receive(std::uint64_t offset = 0) {
    attachment::v1::DownloadRequest request;
    request.set_offset(offset);
    came_.clear();
    return ReceiveDocument(
        node_, clock_, request,
        [this](absl::string_view bytes) {
          absl::StrAppend(&came_, bytes);
          return absl::OkStatus();
        },
        [](std::uint64_t, std::uint64_t) {});
  }

  // A node that gives so many bytes a call and then breaks off, as `error` says.
  void GiveAtMost(std::uint64_t bytes, absl::Status error) {
    answers_.download =
        [this, bytes, error](
            const attachment::v1::DownloadRequest& request,
            const std::function<absl::Status(const attachment::v1::DownloadResponse&)>& piece) {
          offsets_.push_back(request.offset());
          attachment::v1::DownloadResponse response;
          response.set_bytes(content_.size());
          response.set_media_type("text/plain");
          response.set_data(content_.substr(request.offset(), bytes));
          const absl::Status kept = piece(response);
          if (!kept.ok()) return kept;
          return request.offset() + bytes < content_.size() ? error : absl::OkStatus();
        };
  }

  const test::TempDirectory folder_;
  const std::string path_ = folder_ / "kronologi.txt";
  std::string content_;
  Document document_;
  test::NodeAnswers answers_;
  test::FakeUploads uploads_;
  test::FakeNode node_{answers_};
  test::FakeClock clock_;
  std::vector<std::uint64_t> offsets_;
  std::string came_;
};

TEST_F(TransferTest, ADocumentIsSentWholeWithWhatItIs) {
  ASSERT_TRUE(Send().ok());
  EXPECT_EQ(uploads_.kept(), content_);
  const attachment::v1::UploadHeader& header = uploads_.headers().at(0);
  EXPECT_EQ(header.bytes(), content_.size());
  EXPECT_EQ(header.sha256(), document_.sha256.view());
  EXPECT_EQ(header.media_type(), "text/plain");
  EXPECT_EQ(header.file_name(), "kronologi.txt");
  EXPECT_EQ(header.upload_id(), "id-1");
}

TEST_F(TransferTest, WhatBreaksOffGoesOnWhereTheNodeStands) {
  // Fewer bytes than were taken are kept: the rest comes again.
  uploads_.BreakAfter(300'000, /*kept=*/262'144);
  ASSERT_TRUE(Send().ok());
  EXPECT_EQ(uploads_.kept(), content_);
  ASSERT_EQ(uploads_.headers().size(), 2U);
  EXPECT_EQ(uploads_.headers()[1].offset(), 262'144U);
  EXPECT_GT(clock_.Now(), absl::UnixEpoch());
}

TEST_F(TransferTest, AnUploadThatStandsElsewhereIsAskedAbout) {
  uploads_.Have(content_.substr(0, 500'000));
  ASSERT_TRUE(Send().ok());
  EXPECT_EQ(uploads_.kept(), content_);
  EXPECT_EQ(uploads_.headers().back().offset(), 500'000U);
}

TEST_F(TransferTest, OfWhatIsThereWholeNothingIsSentAgain) {
  uploads_.Have(content_);
  ASSERT_TRUE(Send(content_.size()).ok());
  EXPECT_EQ(uploads_.headers().size(), 1U);
  EXPECT_EQ(uploads_.sent(), 0U);
}

TEST_F(TransferTest, AnUploadGivesUpWhenItComesNoFurtherForNinetySeconds) {
  uploads_.Refuse(absl::UnavailableError("gone"));
  EXPECT_TRUE(absl::IsUnavailable(Send()));
  EXPECT_GE(clock_.Now() - absl::UnixEpoch(), absl::Seconds(90));
  EXPECT_LT(clock_.Now() - absl::UnixEpoch(), absl::Seconds(92));
}

TEST_F(TransferTest, AStreamThatIsDeadIsWaitedFor) {
  uploads_.BusyUntil(clock_, absl::UnixEpoch() + absl::Seconds(50));
  ASSERT_TRUE(Send().ok());
  EXPECT_EQ(uploads_.kept(), content_);
  EXPECT_EQ(uploads_.headers().size(), 26U);  // every two seconds
}

TEST_F(TransferTest, HowLongItTookBeforeItBrokeOffDoesNotCount) {
  bool broke = false;
  const auto upload = answers_.upload;
  answers_.upload = [&](const attachment::v1::UploadHeader& header,
                        const std::function<absl::StatusOr<std::string>()>& chunk)
      -> absl::StatusOr<attachment::v1::Upload> {
    if (std::exchange(broke, true)) return upload(header, chunk);
    clock_.Sleep(absl::Hours(1));
    return absl::UnavailableError("the line broke");
  };
  EXPECT_TRUE(Send().ok());
}

TEST_F(TransferTest, AsLongAsItComesFurtherItGoesOn) {
  uploads_.BreakAlwaysAfter(50'000);
  ASSERT_TRUE(Send().ok());
  EXPECT_EQ(uploads_.kept(), content_);
  EXPECT_GT(uploads_.headers().size(), 15U);
}

TEST_F(TransferTest, ARefusalIsFinal) {
  uploads_.Refuse(absl::AlreadyExistsError("another document"));
  EXPECT_TRUE(absl::IsAlreadyExists(Send()));
  EXPECT_EQ(uploads_.headers().size(), 1U);
  uploads_.Refuse(test::Refused(absl::StatusCode::kResourceExhausted, "UPLOADS_FULL"));
  EXPECT_TRUE(absl::IsResourceExhausted(Send()));
  EXPECT_EQ(uploads_.headers().size(), 2U);
}

TEST_F(TransferTest, AFileThatBecameShorterIsNotSent) {
  ASSERT_TRUE(WriteFile(path_, content_.substr(0, 10)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Send()));
  EXPECT_EQ(uploads_.headers().size(), 1U);
}

TEST_F(TransferTest, ADocumentComesWholeAlsoIfItBreaksOff) {
  GiveAtMost(400'000, absl::UnavailableError("gone"));
  const auto received = Receive();
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_EQ(received->bytes, content_.size());
  EXPECT_EQ(received->media_type, "text/plain");
  EXPECT_EQ(came_, content_);
  EXPECT_THAT(offsets_, ElementsAre(0U, 400'000U, 800'000U));
}

TEST_F(TransferTest, ARangeIsAskedFor) {
  GiveAtMost(content_.size(), absl::OkStatus());
  ASSERT_TRUE(Receive(999'000).ok());
  EXPECT_EQ(came_, content_.substr(999'000));
}

TEST_F(TransferTest, ADownloadGivesUpWhenItComesNoFurtherSeveralTimes) {
  GiveAtMost(0, absl::UnavailableError("gone"));
  EXPECT_TRUE(absl::IsUnavailable(Receive().status()));
  EXPECT_EQ(offsets_.size(), 8U);
}

TEST_F(TransferTest, ADocumentOfAnotherSizeThanWasSaidIsDataLoss) {
  GiveAtMost(400'000, absl::OkStatus());
  EXPECT_TRUE(absl::IsDataLoss(Receive().status()));
}

TEST_F(TransferTest, WhatCannotBeGivenOrKeptIsFinal) {
  GiveAtMost(400'000, absl::FailedPreconditionError("not here"));
  EXPECT_TRUE(absl::IsFailedPrecondition(Receive().status()));
  EXPECT_EQ(offsets_.size(), 1U);
  const auto full = ReceiveDocument(
      node_, clock_, {}, [](absl::string_view) { return absl::NotFoundError("disk"); },
      [](std::uint64_t, std::uint64_t) {});
  EXPECT_TRUE(absl::IsNotFound(full.status()));
  EXPECT_EQ(offsets_.size(), 2U);
}

}  // namespace
}  // namespace selaras::cli
