#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "selaras/event/v1/event.pb.h"

#include "fake_node.h"
#include "fake_uploads.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "storage/base/bytes.h"
#include "storage/crypto/sha256.h"
#include "storage/log/receipt.h"
#include "tests/support/temp_directory.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/files.h"
#include "tools/selaras/program.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kCase[] = "3f2a9c1e-0000-8000-8000-000000000000";
constexpr char kReport[] = "77aa0100-0000-8000-8000-000000000000";

// Takes so many bytes, as a disk that fills up.
class FullDisk final : public std::streambuf {
 public:
  explicit FullDisk(std::streamsize room, bool until_flushed = false)
      : room_(room), until_flushed_(until_flushed) {}

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override {
    if (until_flushed_) return count;
    const std::streamsize taken = std::min(count, room_);
    room_ -= taken;
    return taken;
  }
  int_type overflow(int_type) override { return traits_type::eof(); }
  int sync() override { return until_flushed_ ? -1 : 0; }

 private:
  std::streamsize room_;
  const bool until_flushed_;
};

class ConstantRandom final : public crypto::RandomSource {
 public:
  std::string Fill(std::size_t count) override { return std::string(count, '\x07'); }
};

event::v1::Position At(const std::string& log, std::uint64_t sequence) {
  event::v1::Position position;
  position.set_log(log);
  position.set_sequence(sequence);
  return position;
}

class AttachmentCommandTest : public testing::Test {
 protected:
  AttachmentCommandTest() {
    EXPECT_TRUE(WriteFile(pdf_, content_).ok());
    uploads_.Serve(node_);
    node_.get_node = [] {
      ledger::v1::GetNodeResponse about;
      about.set_role("sanction");
      about.add_authorities("ppk/13.04");
      return about;
    };
    node_.list_reads = [](const query::v1::ListReadsRequest& request) {
      query::v1::ListReadsResponse response;
      response.set_subject_id(request.case_id().empty() ? kReport : kCase);
      return response;
    };
    node_.add_attachment = [this](const std::string& role, const command::v1::CommandHeader& header,
                                  const command::v1::AddAttachment& command) {
      return Add(role, header, command);
    };
    node_.remove_attachment = [this](const std::string& role,
                                     const command::v1::CommandHeader& header,
                                     const command::v1::RemoveAttachment& command) {
      role_ = role;
      header_ = header;
      removed_ = command;
      command::v1::CommandOutcome outcome;
      *outcome.add_positions() = At("ppk-13.04", 43);
      return outcome;
    };
    node_.get_case = [this](const query::v1::GetCaseRequest& request) {
      EXPECT_THAT(std::string(kCase), HasSubstr(request.case_id()));
      query::v1::GetCaseResponse response;
      *response.mutable_case_()->mutable_attachments() = {shown_.begin(), shown_.end()};
      return response;
    };
    node_.get_report = [this](const query::v1::GetReportRequest& request) {
      EXPECT_THAT(std::string(kReport), HasSubstr(request.report_id()));
      query::v1::GetReportResponse response;
      *response.mutable_report()->mutable_attachments() = {shown_.begin(), shown_.end()};
      return response;
    };
    node_.download =
        [this](const attachment::v1::DownloadRequest& request,
               const std::function<absl::Status(const attachment::v1::DownloadResponse&)>& piece) {
          downloads_.push_back(request);
          attachment::v1::DownloadResponse response;
          response.set_bytes(content_.size());
          response.set_media_type("application/pdf");
          response.set_data(content_.substr(request.offset(), gives_));
          if (const absl::Status kept = piece(response); !kept.ok()) return kept;
          const bool whole = request.offset() + response.data().size() == content_.size();
          return whole ? absl::OkStatus() : absl::UnavailableError("the line broke");
        };
  }

  ExitCode Run(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    const World world{
        .connect = [this](const NodeAddress&) -> absl::StatusOr<std::unique_ptr<Node>> {
          return std::make_unique<test::FakeNode>(node_);
        },
        .open_store = [](const std::string&) -> absl::StatusOr<std::unique_ptr<log::StoreReader>> {
          return absl::NotFoundError("no store");
        },
        .verify_files = [](const std::string&) { return absl::OkStatus(); },
        .environment = [this](const char* name) -> std::optional<std::string> {
          const auto found = environment_.find(name);
          return found == environment_.end() ? std::nullopt : std::optional(found->second);
        },
        .clock = &clock_,
        .random = &random_};
    return RunProgram(world, {to_, &err_, terminal_, false}, std::move(arguments));
  }

  // That of ppk-13.04@42.
  static std::string PartOf(const std::string& file) { return file + ".ppk-13.04@42.part"; }

  ExitCode RunAdd(std::vector<std::string> more = {}) {
    std::vector<std::string> line = {"attachment", "add",       "3f2a9c1e", pdf_,
                                     "--kind",     "keputusan", "--title",  "SK hukuman"};
    line.insert(line.end(), more.begin(), more.end());
    return Run(std::move(line));
  }

  // As a node adds: once under a request id, and only what was uploaded.
  absl::StatusOr<command::v1::CommandOutcome> Add(const std::string& role,
                                                  const command::v1::CommandHeader& header,
                                                  const command::v1::AddAttachment& command) {
    ++asked_;
    role_ = role;
    header_ = header;
    if (done_.contains(header.request_id())) {
      if (command.SerializeAsString() != added_.SerializeAsString()) {
        return test::Refused(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED");
      }
      command::v1::CommandOutcome outcome = done_[header.request_id()];
      outcome.set_repeated_request(true);
      return outcome;
    }
    if (uploads_.kept() != content_) {
      return test::Refused(absl::StatusCode::kFailedPrecondition, "UPLOAD_NOT_FOUND");
    }
    added_ = command;
    command::v1::CommandOutcome outcome;
    if (header.validate_only()) return outcome;
    uploads_.Forget();
    if (command.internal()) {
      query::v1::Attachment& shown = shown_.emplace_back();
      *shown.mutable_position() = At("ppk-13.04/private", 9);
      shown.set_internal(true);
      shown.set_author("ppk/13.04");
      shown.set_kind(command.kind());
      shown.set_title(command.title());
      shown.set_sha256(base::HexEncode(crypto::Sha256(content_).view()));
      shown.set_sealed_sha256("5ea1ed");
    } else {
      event::v1::Event event;
      event.mutable_fact()->mutable_attachment_added()->set_sealed_sha256(std::string(32, '\x5e'));
      log::Receipt receipt;
      receipt.extra = event.SerializeAsString();
      receipt.checkpoint = "selaras/ppk-13.04\n43\nAAAA\n\n— x AAAA\n";
      *outcome.add_positions() = At("ppk-13.04", 42);
      outcome.add_receipts(log::ReceiptText(receipt));
    }
    done_[header.request_id()] = outcome;
    return outcome;
  }

  // What a case has of documents: one of each state.
  void ShowSome() {
    const auto add = [this](std::uint64_t sequence, const char* kind, const char* title,
                            query::v1::AttachmentState state) -> query::v1::Attachment& {
      query::v1::Attachment& shown = shown_.emplace_back();
      *shown.mutable_position() = At("bkn", sequence);
      shown.set_author("bkn");
      shown.set_kind(kind);
      shown.set_bytes(1'468'007);
      shown.set_state(state);
      shown.set_title(title);
      return shown;
    };
    auto& held = add(7, "keputusan", "SK", query::v1::ATTACHMENT_STATE_HELD);
    held.mutable_signature()->set_result("sah");
    held.mutable_signature()->set_intact(true);
    held.mutable_signature()->add_signers();
    auto& coming = add(8, "surat", "Surat\x1b[31m", query::v1::ATTACHMENT_STATE_NOT_FETCHED);
    coming.set_percent(40);
    coming.mutable_signature()->set_result("tidak_sah");
    coming.mutable_signature()->add_signers();
    add(9, "bukti", "", query::v1::ATTACHMENT_STATE_REMOVED)
        .set_personal(query::v1::PERSONAL_STATE_PENDING);
    add(10, "bukti", "", query::v1::ATTACHMENT_STATE_ERASED)
        .set_personal(query::v1::PERSONAL_STATE_ERASED);
    add(11, "bukti", "Foto", query::v1::ATTACHMENT_STATE_LOST);
  }

  const test::TempDirectory folder_;
  const std::string pdf_ = folder_ / "sk.pdf";
  const std::string content_ = "%PDF-1.7\n" + std::string(9'000, 'x') + std::string(1'000, 'y');
  test::NodeAnswers node_;
  test::FakeUploads uploads_;
  test::FakeClock clock_;
  ConstantRandom random_;
  std::map<std::string, std::string> environment_ = {
      {"SELARAS_NODE", "h:1"}, {"SELARAS_CA", "a"}, {"SELARAS_CERT", "b"}, {"SELARAS_KEY", "c"}};
  std::map<std::string, command::v1::CommandOutcome> done_;
  int asked_ = 0;  // to add
  std::string role_;
  command::v1::CommandHeader header_;
  command::v1::AddAttachment added_;
  command::v1::RemoveAttachment removed_;
  std::vector<query::v1::Attachment> shown_;
  std::vector<attachment::v1::DownloadRequest> downloads_;
  std::uint64_t gives_ = 1'000'000;  // bytes a stream
  std::ostringstream out_, err_;
  std::ostream* to_ = &out_;
  bool terminal_ = false;  // is it
};

TEST_F(AttachmentCommandTest, ADocumentIsUploadedAndAdded) {
  ASSERT_EQ(RunAdd({"--of", "ppk-13.04@41", "--occurred-at", "2024-10-11", "--zone", "WIT",
                    "--officer", "kasi-2", "--cleared"}),
            ExitCode::kOk)
      << err_.str();
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("ppk-13.04@42"), HasSubstr("5e5e5e5e"),
                    HasSubstr("application/pdf, 9.8 KiB"), HasSubstr("10009 of 10009 bytes")));
  EXPECT_EQ(role_, "sanction");
  EXPECT_EQ(header_.authority(), "ppk/13.04");
  EXPECT_EQ(header_.officer().officer_id(), "kasi-2");
  EXPECT_EQ(header_.request_id(), std::string("07070707070707070707070707070707"));
  EXPECT_EQ(added_.case_ref().case_id(), kCase);
  EXPECT_EQ(added_.upload_id(), uploads_.headers().at(0).upload_id());
  EXPECT_EQ(added_.kind(), "keputusan");
  EXPECT_EQ(added_.title(), "SK hukuman");
  EXPECT_EQ(added_.of().sequence(), 41U);
  EXPECT_EQ(added_.occurred_at().date(), "2024-10-11");
  EXPECT_EQ(added_.occurred_at().zone(), "WIT");
  EXPECT_TRUE(added_.cleared());
  EXPECT_FALSE(added_.has_origin() || added_.has_signature() || added_.has_redacted_from());
  EXPECT_EQ(asked_, 1);
}

TEST_F(AttachmentCommandTest, ARepeatIsAnsweredTheSameAndSendsNothing) {
  ASSERT_EQ(RunAdd({"--request-id", "sk-1", "--json"}), ExitCode::kOk) << err_.str();
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("\"position\":\"ppk-13.04@42\""),
                                HasSubstr("\"sent_bytes\":\"10009\""),
                                HasSubstr("\"repeated_request\":false")));
  const std::uint64_t sent = uploads_.sent();
  ASSERT_EQ(RunAdd({"--request-id", "sk-1", "--json"}), ExitCode::kOk) << err_.str();
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("\"position\":\"ppk-13.04@42\""), HasSubstr("\"sent_bytes\":\"0\""),
                    HasSubstr("\"repeated_request\":true")));
  EXPECT_EQ(uploads_.sent(), sent);
  ASSERT_EQ(RunAdd({"--request-id", "sk-1"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("nothing: the node had it"));
  EXPECT_THAT(err_.str(), HasSubstr("was added before"));
}

TEST_F(AttachmentCommandTest, AnotherFileUnderTheSameRequestIdIsRefused) {
  ASSERT_EQ(RunAdd({"--request-id", "sk-1"}), ExitCode::kOk) << err_.str();
  ASSERT_TRUE(WriteFile(pdf_, "%PDF-1.7 another").ok());
  EXPECT_EQ(RunAdd({"--request-id", "sk-1"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("REQUEST_ID_REUSED"));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(AttachmentCommandTest, TheUploadIdFollowsFromTheRequestIdAndTheDocument) {
  const auto id = [this](const std::string& request) {
    uploads_.Forget();
    EXPECT_EQ(RunAdd({"--request-id", request, "--dry-run"}), ExitCode::kOk) << err_.str();
    return uploads_.headers().back().upload_id();
  };
  const std::string digest = base::HexEncode(crypto::Sha256(content_).view());
  EXPECT_EQ(id("sk-1"), base::HexEncode(crypto::Sha256("sk-1\n" + digest).view()).substr(0, 32));
  EXPECT_NE(id("sk-1"), id("sk-2"));
}

TEST_F(AttachmentCommandTest, ACallGoesOnWithTheUploadOfAnEarlierOne) {
  uploads_.Have(content_.substr(0, 4'000));
  ASSERT_EQ(RunAdd({"--request-id", "sk-1"}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(uploads_.headers().at(0).offset(), 4'000U);
  EXPECT_EQ(uploads_.sent(), content_.size() - 4'000);
  EXPECT_THAT(out_.str(), HasSubstr("6009 of 10009 bytes"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(AttachmentCommandTest, AnUploadThatBreaksGoesOn) {
  uploads_.BreakAfter(5'000, 5'000);
  ASSERT_EQ(RunAdd(), ExitCode::kOk) << err_.str();
  EXPECT_EQ(uploads_.headers().at(1).offset(), 5'000U);
}

TEST_F(AttachmentCommandTest, WhoCannotGoOnIsToldTheRequestId) {
  uploads_.Refuse(absl::UnavailableError("gone"));
  EXPECT_EQ(RunAdd(), ExitCode::kUnreachable);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("request id: 07070707"), HasSubstr("--request-id")));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(AttachmentCommandTest, OfADocumentThatStaysInTheOfficeTheOfficeIsAsked) {
  ASSERT_EQ(RunAdd({"--internal"}), ExitCode::kOk) << err_.str();
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("ppk-13.04/private@9"), HasSubstr("5ea1ed")));
  node_.get_case = [](const query::v1::GetCaseRequest&) {
    return absl::InvalidArgumentError("reading.purpose is required");
  };
  ASSERT_EQ(RunAdd({"--internal", "--request-id", "other"}), ExitCode::kOk);
  EXPECT_THAT(err_.str(), HasSubstr("could not be read: reading.purpose is required"));
}

TEST_F(AttachmentCommandTest, OfSeveralThatAreTheSameARepeatNamesNone) {
  ASSERT_EQ(RunAdd({"--internal", "--request-id", "one"}), ExitCode::kOk) << err_.str();
  shown_.push_back(shown_.front());
  shown_.back().mutable_position()->set_sequence(12);
  ASSERT_EQ(RunAdd({"--internal", "--request-id", "one"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), Not(HasSubstr("private@")));
  EXPECT_THAT(err_.str(), HasSubstr("several are the same"));
  // One that was taken back is not it.
  shown_.back().set_state(query::v1::ATTACHMENT_STATE_REMOVED);
  ASSERT_EQ(RunAdd({"--internal", "--request-id", "one"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("ppk-13.04/private@9"));
}

TEST_F(AttachmentCommandTest, OfAReportTheFileStandsAlone) {
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    about.set_role("intake");
    about.add_authorities("bawaslu/13");
    about.add_authorities("bawaslu/13.04");
    return about;
  };
  std::vector<std::string> line = {"attachment",
                                   "add",
                                   pdf_,
                                   "--report",
                                   "77aa01",
                                   "--kind",
                                   "turunan",
                                   "--title",
                                   "Foto",
                                   "--internal",
                                   "--from-attachment",
                                   "bawaslu-13/private@52",
                                   "--url",
                                   "https://example.org/p/1",
                                   "--account",
                                   "@akun",
                                   "--captured-at",
                                   "2024-10-11T09:30:00+07:00"};
  EXPECT_EQ(Run(line), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("the node acts for several: bawaslu/13, bawaslu/13.04"));
  line.insert(line.end(), {"--authority", "bawaslu/13"});
  ASSERT_EQ(Run(line), ExitCode::kOk) << err_.str();
  EXPECT_EQ(role_, "intake");
  EXPECT_EQ(header_.authority(), "bawaslu/13");
  EXPECT_EQ(added_.report_id(), kReport);
  EXPECT_FALSE(added_.has_case_ref());
  EXPECT_EQ(added_.redacted_from().log(), "bawaslu-13/private");
  EXPECT_EQ(added_.origin().url(), "https://example.org/p/1");
  EXPECT_EQ(added_.origin().account(), "@akun");
  EXPECT_EQ(added_.origin().captured_at().instant().seconds(), 1'728'613'800);
}

TEST_F(AttachmentCommandTest, ASignatureIsCheckedWhenItsAnswerWasWritten) {
  const std::string file = folder_ / "sk.json";
  ASSERT_TRUE(WriteFile(file, R"({"summary": "VALID", "jumlah_signature": 1, "details": [
      {"info_signer": {"signer_name": "Wali Kota"},
       "signature_document": {"document_integrity": true}}]})")
                  .ok());
  ASSERT_EQ(RunAdd({"--bsre", file, "--request-id", "sk-1"}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(added_.signature().result(), "sah");
  EXPECT_EQ(ToTime(added_.signature().checked_at()), *WrittenAt(file));
  // A repeat says the same again.
  clock_.Sleep(absl::Hours(1));
  EXPECT_EQ(RunAdd({"--bsre", file, "--request-id", "sk-1"}), ExitCode::kOk);
  EXPECT_THAT(err_.str(), Not(HasSubstr("is about a document")));
  ASSERT_TRUE(WriteFile(file, R"({"summary": "NO_SIGNATURE", "jumlah_signature": 0,
                                  "nama_dokumen": "lain\u001b.pdf"})")
                  .ok());
  EXPECT_EQ(RunAdd({"--bsre", file, "--dry-run"}), ExitCode::kOk);
  EXPECT_THAT(err_.str(), HasSubstr("'lain?.pdf', and this one is 'sk.pdf'"));
  EXPECT_EQ(RunAdd({"--bsre", "-"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("a repeat must say the same"));
  ASSERT_TRUE(WriteFile(file, R"({"summary": "VALID"})").ok());
  EXPECT_EQ(RunAdd({"--bsre", file}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("jumlah_signature is missing"));
}

TEST_F(AttachmentCommandTest, ADryRunAddsNothing) {
  ASSERT_EQ(RunAdd({"--dry-run"}), ExitCode::kOk) << err_.str();
  EXPECT_TRUE(header_.validate_only());
  EXPECT_THAT(err_.str(), HasSubstr("could be added"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("ppk-13.04@")));
}

TEST_F(AttachmentCommandTest, WhatIsWrongIsSaidBeforeAnythingIsSent) {
  const std::vector<std::string> named = {"--kind", "surat", "--title", "T"};
  const auto add = [&](std::vector<std::string> line) {
    line.insert(line.begin(), {"attachment", "add"});
    line.insert(line.end(), named.begin(), named.end());
    return Run(line);
  };
  EXPECT_EQ(add({"3f2a9c1e", folder_ / "none.pdf"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("cannot read"));
  ASSERT_TRUE(WriteFile(folder_ / "empty.pdf", "").ok());
  EXPECT_EQ(add({"3f2a9c1e", folder_ / "empty.pdf"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("is empty"));
  EXPECT_EQ(add({pdf_}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("FILE: nothing is given"));
  EXPECT_EQ(add({}), ExitCode::kUsage);
  EXPECT_EQ(add({"3f2a9c1e", pdf_, "--report", "77aa01"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("CASE and --report exclude each other"));
  for (const char* position : {"41", "ppk-13.04", "@41", "ppk-13.04@x"}) {
    EXPECT_EQ(add({"3f2a9c1e", pdf_, "--of", position}), ExitCode::kUsage) << position;
    EXPECT_THAT(err_.str(), AllOf(HasSubstr("--of"), HasSubstr("bawaslu-13@7")));
    EXPECT_EQ(add({"3f2a9c1e", pdf_, "--from-attachment", position}), ExitCode::kUsage);
  }
  for (const char* when : {"yesterday", "2024-13-01", "2024-10-11T09:30:00"}) {
    EXPECT_EQ(add({"3f2a9c1e", pdf_, "--occurred-at", when}), ExitCode::kUsage) << when;
    EXPECT_EQ(add({"3f2a9c1e", pdf_, "--captured-at", when}), ExitCode::kUsage) << when;
    EXPECT_THAT(err_.str(), HasSubstr("--captured-at"));
  }
  EXPECT_EQ(Run({"attachment", "add", "3f2a9c1e", pdf_, "--kind", "surat"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("--title is missing"));
  EXPECT_EQ(asked_, 0);
  EXPECT_TRUE(uploads_.headers().empty());
}

TEST_F(AttachmentCommandTest, DocumentsAreListedWithWhetherTheyAreHere) {
  ShowSome();
  ASSERT_EQ(Run({"attachment", "list", "3f2a9c1e"}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(out_.str(),
            "DOCUMENT  KIND       TITLE                   SIZE  HERE              BY   SIGNATURE\n"
            "bkn@7     keputusan  SK                   1.4 MiB  held              bkn  sah\n"
            "bkn@8     surat      Surat?[31m           1.4 MiB  not fetched 40 %  bkn  tidak_sah, "
            "changed since\n"
            "bkn@9     bukti      sealed, key pending  1.4 MiB  removed           bkn\n"
            "bkn@10    bukti      erased               1.4 MiB  erased            bkn\n"
            "bkn@11    bukti      Foto                 1.4 MiB  lost              bkn\n");
  EXPECT_THAT(err_.str(), HasSubstr("5 documents"));
  ASSERT_EQ(Run({"attachment", "list", "--report", "77aa01", "--json"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("\"state\":\"ATTACHMENT_STATE_LOST\""));
  EXPECT_EQ(Run({"attachment", "list"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"attachment", "list", "3f2a9c1e", "--report", "77aa01"}), ExitCode::kUsage);
}

TEST_F(AttachmentCommandTest, ACaseAndAReportShowTheirDocumentsIfTheyHaveAny) {
  ASSERT_EQ(Run({"case", "show", "3f2a9c1e"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), Not(HasSubstr("DOCUMENT")));
  ASSERT_EQ(Run({"report", "show", "77aa01"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), Not(HasSubstr("DOCUMENT")));
  ShowSome();
  ASSERT_EQ(Run({"case", "show", "3f2a9c1e"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("\n\nDOCUMENT"), HasSubstr("\nbkn@8 ")));
  ASSERT_EQ(Run({"report", "show", "77aa01"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("\n\nDOCUMENT"), HasSubstr("\nbkn@8 ")));
}

TEST_F(AttachmentCommandTest, ADocumentIsWrittenWholeForItsOwnerOnly) {
  const std::string file = folder_ / "got.pdf";
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(*ReadFile(file), content_);
  EXPECT_FALSE(std::filesystem::exists(PartOf(file)));
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(err_.str(), HasSubstr("application/pdf, 9.8 KiB"));
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(downloads_.at(0).position().log(), "ppk-13.04");
  EXPECT_EQ(downloads_.at(0).position().sequence(), 42U);
}

TEST_F(AttachmentCommandTest, AFileThatIsThereStaysUnlessItMayBeReplaced) {
  const std::string file = folder_ / "got.pdf";
  ASSERT_TRUE(WriteFile(file, "mine").ok());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("is there already"), HasSubstr("--force")));
  EXPECT_EQ(*ReadFile(file), "mine");
  EXPECT_TRUE(downloads_.empty());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file, "--force"}), ExitCode::kOk);
  EXPECT_EQ(*ReadFile(file), content_);
}

TEST_F(AttachmentCommandTest, WhatBrokeOffIsGoneOnWith) {
  const std::string file = folder_ / "got.pdf";
  gives_ = 0;
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kUnreachable);
  EXPECT_FALSE(std::filesystem::exists(PartOf(file)));  // nothing came
  ASSERT_TRUE(WriteFile(PartOf(file), content_.substr(0, 6'000)).ok());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kUnreachable);
  EXPECT_EQ(*ReadFile(PartOf(file)), content_.substr(0, 6'000));
  EXPECT_FALSE(std::filesystem::exists(file));
  gives_ = 3'000;  // fewer than are compared
  downloads_.clear();
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(*ReadFile(file), content_);
  EXPECT_THAT(err_.str(), HasSubstr("going on with"));
  // What is there but for its end is not fetched again.
  EXPECT_EQ(downloads_.at(0).offset(), 6'000U - 4'096U);
  EXPECT_EQ(downloads_.at(1).offset(), 6'000U - 4'096U + 3'000U);
}

TEST_F(AttachmentCommandTest, APartThatIsWholeNeedsItsNameOnly) {
  const std::string file = folder_ / "got.pdf";
  ASSERT_TRUE(WriteFile(PartOf(file), content_).ok());
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(*ReadFile(file), content_);
}

TEST_F(AttachmentCommandTest, ThePartOfAnotherDocumentIsNotGoneOnWith) {
  const std::string file = folder_ / "got.pdf";
  const std::string other(6'000, 'z');
  ASSERT_TRUE(WriteFile(PartOf(file), other).ok());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("got.pdf.ppk-13.04@42.part is not the beginning"),
                                HasSubstr("rm '")));
  EXPECT_EQ(*ReadFile(PartOf(file)), other);
  EXPECT_FALSE(std::filesystem::exists(file));
  // One that begins like this document, and goes on.
  const auto give = node_.download;
  node_.download = [&](const auto& request, const auto& piece) {
    if (request.offset() < content_.size()) return give(request, piece);
    google::rpc::BadRequest bad;
    bad.add_field_violations()->set_field("offset");
    google::rpc::Status details;
    details.add_details()->PackFrom(bad);
    absl::Status status = absl::InvalidArgumentError("lies past the end");
    const std::string bytes = details.SerializeAsString();
    status.SetPayload(kDetailsUrl, absl::Cord(bytes));
    return status;
  };
  ASSERT_TRUE(WriteFile(PartOf(file), content_ + std::string(9'000, 'm')).ok());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("is not the beginning of this document"),
                                HasSubstr("rm '" + PartOf(file) + "'")));
  ASSERT_TRUE(WriteFile(PartOf(file), content_ + "more").ok());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("is not the beginning of this document"));
}

TEST_F(AttachmentCommandTest, ThePartOfAnotherPositionIsNotLookedAt) {
  const std::string file = folder_ / "got.pdf";
  // As long as this document, and with the same end.
  std::string other = content_;
  other.replace(10, 1, "z");
  const std::string part = file + ".ppk-13.04@41.part";
  ASSERT_TRUE(WriteFile(part, other).ok());
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(*ReadFile(file), content_);
  EXPECT_EQ(*ReadFile(part), other);
  EXPECT_EQ(downloads_.at(0).offset(), 0U);
  EXPECT_THAT(err_.str(), Not(HasSubstr("going on with")));
}

TEST_F(AttachmentCommandTest, APartThatIsBeingWrittenIsRefused) {
  const std::string file = folder_ / "got.pdf";
  const auto part = PartFile::Open(file, "ppk-13.04@42");
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("is being written by another process"));
  EXPECT_TRUE(downloads_.empty());
  EXPECT_TRUE(std::filesystem::exists(part->part()));
}

TEST_F(AttachmentCommandTest, AFolderIsRefusedBeforeAnythingIsRead) {
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", folder_.path(), "--force"}),
            ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("is a folder"));
  EXPECT_TRUE(downloads_.empty());
}

TEST_F(AttachmentCommandTest, WhatAPeerWroteDoesNotPaintTheTerminal) {
  const auto give = node_.download;
  node_.download = [&](const auto& request, const auto& piece) {
    return give(request, [&](attachment::v1::DownloadResponse response) {
      response.set_media_type("a\x1b[31m");
      return piece(response);
    });
  };
  const std::string file = folder_ / "got.pdf";
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", file}), ExitCode::kOk) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("a?[31m"));
  node_.download = [](const auto&, const auto&) { return absl::NotFoundError("b\x1b[31m\nc"); };
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("b?[31m\nc"));
  node_.remove_attachment = [](const auto&, const auto&, const auto&) {
    command::v1::CommandOutcome outcome;
    *outcome.add_positions() = At("x\x1b[31m", 1);
    return outcome;
  };
  ASSERT_EQ(Run({"attachment", "remove", "ppk-13.04@42", "3f2a9c1e", "--reason", "lain"}),
            ExitCode::kOk);
  EXPECT_EQ(out_.str(), "removed by x?[31m@1\n");
}

TEST_F(AttachmentCommandTest, AFullDiskBehindStandardOutputIsAnError) {
  FullDisk disk(9'000);
  std::ostream full(&disk);
  to_ = &full;
  gives_ = 1'000;
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("cannot write to standard output"));
  EXPECT_EQ(downloads_.size(), 10U);  // no more are asked for
  FullDisk buffered(0, /*until_flushed=*/true);
  std::ostream late(&buffered);
  to_ = &late;
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("cannot write to standard output"));
}

TEST_F(AttachmentCommandTest, BytesGoToATerminalOnlyIfThatIsSaid) {
  terminal_ = true;
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("-o FILE"));
  EXPECT_EQ(out_.str(), "");
  EXPECT_TRUE(downloads_.empty());
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", "-"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), content_);
}

TEST_F(AttachmentCommandTest, ATimeThatJsonCannotSayIsAnError) {
  ShowSome();
  shown_.at(1).mutable_added_at()->mutable_instant()->set_seconds(253'402'300'800);
  EXPECT_EQ(Run({"attachment", "list", "3f2a9c1e", "--json"}), ExitCode::kError);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("{\"error\":\"a selaras.query.v1.Attachment has no"),
                                HasSubstr("\"state\":\"ATTACHMENT_STATE_LOST\"")));
  EXPECT_THAT(err_.str(), HasSubstr("has no form in JSON"));
  EXPECT_EQ(Run({"attachment", "list", "3f2a9c1e"}), ExitCode::kOk);
}

TEST_F(AttachmentCommandTest, ADashIsStandardOutput) {
  gives_ = 7'000;
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42", "-o", "-"}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(out_.str(), content_);
  ASSERT_EQ(Run({"attachment", "get", "ppk-13.04@42"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), content_);
  EXPECT_EQ(Run({"attachment", "get", "42"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"attachment", "get", "ppk-13.04@42", "--store", "DIR"}), ExitCode::kUsage);
}

TEST_F(AttachmentCommandTest, ADocumentIsTakenBack) {
  ASSERT_EQ(Run({"attachment", "remove", "ppk-13.04@42", "3f2a9c1e", "--reason", "lain",
                 "--reason-text", "Rusak", "--occurred-at", "2024-10-11"}),
            ExitCode::kOk)
      << err_.str();
  EXPECT_EQ(out_.str(), "removed by ppk-13.04@43\n");
  EXPECT_EQ(role_, "sanction");
  EXPECT_EQ(removed_.case_ref().case_id(), kCase);
  EXPECT_EQ(removed_.attachment().sequence(), 42U);
  EXPECT_EQ(removed_.reason(), "lain");
  EXPECT_EQ(removed_.reason_text(), "Rusak");
  EXPECT_EQ(removed_.occurred_at().date(), "2024-10-11");
  ASSERT_EQ(Run({"attachment", "remove", "ppk-13.04/private@9", "--report", "77aa01", "--reason",
                 "lain", "--dry-run"}),
            ExitCode::kOk);
  EXPECT_EQ(removed_.report_id(), kReport);
  EXPECT_TRUE(header_.validate_only());
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(Run({"attachment", "remove", "42", "3f2a9c1e", "--reason", "lain"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"attachment", "remove", "ppk-13.04@42", "--reason", "lain"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"attachment", "remove", "ppk-13.04@42", "3f2a9c1e"}), ExitCode::kUsage);
}

}  // namespace
}  // namespace selaras::cli
