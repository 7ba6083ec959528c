#include "tools/selaras/program.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "selaras/event/v1/event.pb.h"

#include "fake_node.h"
#include "storage/log/cosignature.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "tests/support/memory_scratch.h"
#include "tests/support/temp_directory.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// Bytes that are not random.
class CountingRandom final : public crypto::RandomSource {
 public:
  std::string Fill(std::size_t count) override { return std::string(count, ++next_); }

 private:
  char next_ = 0;
};

log::NoteSigner SignerOf(const std::string& node) {
  return *log::NoteSigner::Make(log::OriginOf(node),
                                *crypto::SigningKey::FromSeed(std::string(32, 's')));
}

class ProgramTest : public testing::Test {
 protected:
  ExitCode Run(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    const World world{
        .connect = [this](const NodeAddress&) -> absl::StatusOr<std::unique_ptr<Node>> {
          return std::make_unique<test::FakeNode>(node_);
        },
        .open_store = [this](const std::string& directory)
            -> absl::StatusOr<std::unique_ptr<log::StoreReader>> {
          if (!open_error_.ok()) return open_error_;
          if (store_ == nullptr) return absl::FailedPreconditionError("no store in " + directory);
          return std::move(store_);
        },
        .verify_files = [this](const std::string&) { return files_; },
        .make_scratch = test::MemoryScratch::Make,
        .environment = [this](const char* name) -> std::optional<std::string> {
          const auto found = environment_.find(name);
          return found == environment_.end() ? std::nullopt : std::optional(found->second);
        },
        .clock = &clock_,
        .random = &random_};
    return RunProgram(world, {&out_, &err_, terminal_, terminal_}, std::move(arguments));
  }

  // A store with one shared entry, which is no event.
  void MakeStore() {
    auto store = log::MemoryStore::Make("bkn", SignerOf("bkn"));
    log::AppendBatch batch;
    event::v1::Event event;
    event.set_author("bkn");
    event.set_case_id("3f2a9c1e-0000-8000-8000-000000000000");
    event.mutable_fact()->mutable_case_received();
    batch.shared.push_back(event.SerializeAsString());
    ASSERT_TRUE(store->Append(batch).ok());
    store_ = std::move(store);
  }

  test::NodeAnswers node_;
  test::FakeClock clock_;
  CountingRandom random_;
  std::unique_ptr<log::StoreReader> store_;
  std::map<std::string, std::string> environment_ = {
      {"SELARAS_NODE", "h:1"}, {"SELARAS_CA", "a"}, {"SELARAS_CERT", "b"}, {"SELARAS_KEY", "c"}};
  absl::Status open_error_;
  absl::Status files_;
  bool terminal_ = false;
  std::ostringstream out_, err_;
};

TEST_F(ProgramTest, EveryCommandHasHelpThatFitsATerminalAndGivesAnExample) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"access", "explain"},
                                             {"access", "show"},
                                             {"attachment", "add"},
                                             {"attachment", "list"},
                                             {"attachment", "get"},
                                             {"attachment", "remove"},
                                             {"case", "list"},
                                             {"case", "find"},
                                             {"case", "show"},
                                             {"case", "timeline"},
                                             {"case", "watch"},
                                             {"case", "custody"},
                                             {"case", "prove"},
                                             {"case", "verify"},
                                             {"case", "inaction"},
                                             {"case", "inaction", "verify"},
                                             {"audit", "backdating"},
                                             {"log", "diff"},
                                             {"reconcile", "verify"},
                                             {"report", "list"},
                                             {"report", "show"},
                                             {"reporter", "status"},
                                             {"reporter", "messages"},
                                             {"reporter", "write"},
                                             {"reporter", "receipt"},
                                             {"log", "tail"},
                                             {"log", "get"},
                                             {"log", "list"},
                                             {"log", "verify"},
                                             {"log", "stats"},
                                             {"log", "prove"},
                                             {"log", "export"},
                                             {"checkpoint", "show"},
                                             {"checkpoint", "verify"},
                                             {"receipt", "get"},
                                             {"receipt", "verify"},
                                             {"proof", "verify"},
                                             {"link", "list"},
                                             {"link", "show"},
                                             {"link", "resume"},
                                             {"exchange", "pack"},
                                             {"exchange", "unpack"},
                                             {"backup", "create"},
                                             {"backup", "confirm"},
                                             {"clock", "show"},
                                             {"clock", "confirm"},
                                             {"reference", "show"},
                                             {"import"},
                                             {"import", "undo"},
                                             {"export", "hukdis"},
                                             {"export", "sbt"},
                                             {"reconcile"},
                                             {"worklist"},
                                             {"status"},
                                             {"stats"},
                                             {"key", "generate"},
                                             {"key", "history"},
                                             {"witness"}}) {
    std::vector<std::string> line = command;
    line.push_back("--help");
    EXPECT_EQ(Run(line), ExitCode::kOk);
    EXPECT_THAT(out_.str(), HasSubstr("examples:\n  selaras "));
    EXPECT_EQ(err_.str(), "");
  }
}

TEST_F(ProgramTest, AWorklistIsATableObjectsOrACsvThatCanBeImported) {
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    about.add_authorities("bkn");
    return about;
  };
  node_.get_worklist = [](const query::v1::GetWorklistRequest& request) {
    EXPECT_EQ(request.authority(), "bkn");
    EXPECT_EQ(request.assigned_to(), "wasdal-2");
    query::v1::GetWorklistResponse page;
    auto* item = page.add_items();
    const bool first = request.page_token().empty();
    item->set_case_id(first ? "11111111-aaaa" : "22222222-bbbb");
    item->set_due_on(first ? "2025-02-26" : "");
    item->set_overdue(first);
    item->set_state(query::v1::CASE_STATE_RECEIVED);
    item->add_allowed_commands("VerifyCase");
    if (first) page.set_next_page_token("00");
    return page;
  };
  EXPECT_EQ(Run({"worklist", "--assigned-to", "wasdal-2"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("2025-02-26"), HasSubstr("VerifyCase")));
  EXPECT_THAT(err_.str(), HasSubstr("2 cases, 1 overdue"));
  out_.str("");
  EXPECT_EQ(Run({"worklist", "--assigned-to", "wasdal-2", "--json"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("\"case_id\":\"22222222-bbbb\""));
  out_.str("");
  EXPECT_EQ(Run({"worklist", "--assigned-to", "wasdal-2", "--csv"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("perintah,tanggal,nomor"));
  EXPECT_THAT(out_.str(), HasSubstr("\r\nbkn,22222222-bbbb,"));
}

// What a node might answer to a question by region.
query::v1::GetStatisticsResponse SomeStatistics() {
  query::v1::GetStatisticsResponse response;
  response.set_publisher("bkn");
  auto* log = response.add_logs();
  log->set_log("bawaslu-13");
  log->set_size(42);
  log->set_contact(query::v1::STATISTICS_CONTACT_LOST);
  log->mutable_verified_at()->set_seconds(1'728'000'000);
  auto* cases = response.add_figures();
  cases->set_name("cases");
  cases->set_unit(query::v1::STATISTICS_UNIT_CASE);
  cases->set_count(71);
  auto* table = response.add_tables();
  table->set_dimension(query::v1::STATISTICS_DIMENSION_REGION);
  table->set_unit(query::v1::STATISTICS_UNIT_CASE);
  for (const auto& [value, count, contact, suppressed] :
       {std::tuple{"13.01", 9u, query::v1::STATISTICS_CONTACT_HEARD, false},
        std::tuple{"13.02", 0u, query::v1::STATISTICS_CONTACT_HEARD, false},
        std::tuple{"13.03", 0u, query::v1::STATISTICS_CONTACT_LOST, false},
        std::tuple{"13.04", 0u, query::v1::STATISTICS_CONTACT_NEVER, false},
        std::tuple{"13.05", 0u, query::v1::STATISTICS_CONTACT_HEARD, true}}) {
    auto* cell = table->add_cells();
    cell->set_value(value);
    cell->set_count(count);
    cell->set_contact(contact);
    cell->set_suppressed(suppressed);
  }
  auto* figure = response.add_published();
  figure->set_figure_id("ST-069");
  figure->set_publisher("Bawaslu Sumbar");
  figure->set_metric("pelanggaran, ASN");
  figure->set_unit("kasus");
  figure->set_value("71");
  return response;
}

TEST_F(ProgramTest, ACaseThatStandsStillSaysForWhatItWaits) {
  query::v1::AwaitedPart part;
  part.set_log("bawaslu-ri");
  part.add_authorities("bawaslu/ri");
  part.set_needed_by("bawaslu/13");
  part.mutable_position()->set_log("bawaslu-ri");
  part.mutable_position()->set_sequence(7);
  node_.get_case = [&](const query::v1::GetCaseRequest&) {
    query::v1::GetCaseResponse response;
    *response.mutable_case_()->add_awaits() = part;
    response.mutable_case_()->add_awaits()->set_log("bawaslu-14");
    return response;
  };
  node_.get_worklist = [&](const query::v1::GetWorklistRequest&) {
    query::v1::GetWorklistResponse page;
    *page.add_items()->add_awaits() = part;
    return page;
  };
  EXPECT_EQ(Run({"case", "show", "11111111"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("waits for the part of bawaslu/ri (log bawaslu-ri): bawaslu/13 goes "
                              "on from bawaslu-ri@7, which has not come; selaras link list"),
                    HasSubstr("waits for a part in the log bawaslu-14, which is of no peer of this "
                              "node: entries in between have not come")));
  EXPECT_EQ(Run({"worklist", "--authority", "bkn"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("waits for the part of bawaslu/ri (log bawaslu-ri)"));
}

TEST_F(ProgramTest, AReporterAsksWithACodeFromAFileAndNeverFromTheCommandLine) {
  const std::string file = testing::TempDir() + "receipt-code.txt";
  std::ofstream(file) << "7Q2M-91KD-04RT-HZ5A\n";
  node_.get_report_status = [](const intake::v1::GetReportStatusRequest& request) {
    EXPECT_EQ(request.receipt_code(), "7Q2M-91KD-04RT-HZ5A");
    intake::v1::GetReportStatusResponse status;
    status.set_office("bawaslu/13");
    status.set_status("forwarded");
    status.set_status_text("Diteruskan");
    return status;
  };
  node_.list_reporter_messages = [](const auto&) {
    intake::v1::ListReporterMessagesResponse response;
    auto* message = response.add_messages();
    message->set_from_office(true);
    message->set_text("Satu.\nDua\x1b[31m.");
    return response;
  };
  EXPECT_EQ(Run({"reporter", "status", "--code-file", file}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("Diteruskan (forwarded)"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("7Q2M")));
  EXPECT_EQ(Run({"reporter", "messages", "--code-file", file}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("from the office\n    Satu.\n    Dua?[31m.\n"));
  EXPECT_EQ(Run({"reporter", "status", "7Q2M-91KD-04RT-HZ5A"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"reporter", "write", "--code-file", file, "--text-file", file}), ExitCode::kUsage);
}

TEST_F(ProgramTest, AReceiptIsGotFromAStoreAndVerifiedWithoutOne) {
  const std::string file = testing::TempDir() + "/entry.tlog-proof";
  MakeStore();
  ASSERT_EQ(Run({"receipt", "get", "0", "--store", "DIR", "-o", file}), ExitCode::kOk)
      << err_.str();
  const std::string key = SignerOf("bkn").VerifierText();
  EXPECT_EQ(Run({"receipt", "verify", file, "--key", key}), ExitCode::kOk) << out_.str();
  EXPECT_THAT(out_.str(), HasSubstr("bkn@0"));
  EXPECT_THAT(out_.str(), HasSubstr("case_received"));
  EXPECT_EQ(Run({"receipt", "verify", file, "--key", SignerOf("ppk").VerifierText()}),
            ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr("not valid"));
  EXPECT_EQ(Run({"receipt", "verify", file}), ExitCode::kUsage);
  EXPECT_EQ(Run({"receipt", "verify", file + "x", "--key", key}), ExitCode::kError);
  const std::string policy = testing::TempDir() + "/policy";
  const auto witness =
      *log::Cosigner::Make("witness.example", *crypto::SigningKey::FromSeed(std::string(32, 'w')));
  std::ofstream(policy) << "log " << key << "\nwitness w " << witness.VerifierText()
                        << "\nquorum w\n";
  EXPECT_EQ(Run({"receipt", "verify", file, "--policy", policy}), ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr("too few witnesses"));
  MakeStore();
  EXPECT_EQ(Run({"receipt", "get", "7", "--store", "DIR"}), ExitCode::kError);
}

TEST_F(ProgramTest, ProofsAreAnsweredLineByLine) {
  const std::string file = testing::TempDir() + "/proofs.jsonl";
  std::string lines;
  MakeStore();
  ASSERT_EQ(Run({"log", "prove", "0", "--store", "DIR"}), ExitCode::kOk) << err_.str();
  lines = out_.str();
  EXPECT_THAT(lines, HasSubstr("{\"leafIdx\":0,\"treeSize\":1,\"root\":\""));
  std::ofstream(file) << lines;
  EXPECT_EQ(Run({"proof", "verify", "--inclusion", file}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), "valid\n");
  std::ofstream(file) << lines << "{}\n" << lines;
  EXPECT_EQ(Run({"proof", "verify", "--inclusion", file}), ExitCode::kError);
  EXPECT_EQ(out_.str(), "valid\ninvalid: leafIdx is missing\nvalid\n");
  // From public test vectors: roots of equal sizes are compared as they are.
  std::ofstream(file) << R"({"size1":0,"size2":0,"root1":"eA==","root2":"eA==","proof":null})"
                      << "\n";
  EXPECT_EQ(Run({"proof", "verify", "--consistency", file}), ExitCode::kOk);
  EXPECT_EQ(Run({"proof", "verify", file}), ExitCode::kUsage);
}

TEST_F(ProgramTest, TheStatusSaysWhenCertificatesEnd) {
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    about.set_node("bkn");
    about.mutable_now()->set_seconds(86'400);
    const auto add = [&about](const char* kind, const char* name, std::int64_t ends) {
      auto* certificate = about.add_certificates();
      certificate->set_kind(kind);
      certificate->set_name(name);
      certificate->mutable_ends_at()->set_seconds(ends);
    };
    add("own", "CN=bkn", 86'400 * 10);
    add("peer", "bawaslu-13", 86'399);
    return about;
  };
  EXPECT_EQ(Run({"status"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("CERTIFICATE  OF          ENDS"));
  EXPECT_THAT(out_.str(), HasSubstr("own          CN=bkn      1970-01-11 00:00"));
  EXPECT_THAT(out_.str(), HasSubstr("    9\n"));
  EXPECT_THAT(out_.str(), HasSubstr("ended\n"));
}

TEST_F(ProgramTest, AClockIsConfirmedByTheClockOfThisMachine) {
  clock_.Sleep(absl::Hours(1));
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    about.set_node("bkn");
    about.mutable_now()->set_seconds(7'200);
    about.set_clock_in_doubt(true);
    return about;
  };
  EXPECT_EQ(Run({"clock", "show"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("in doubt"));
  EXPECT_THAT(out_.str(), HasSubstr("1970-01-01 02:00"));
  EXPECT_THAT(out_.str(), HasSubstr("1970-01-01 01:00"));
  EXPECT_EQ(Run({"status"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("selaras clock --help"));
  node_.confirm_clock = [](const ledger::v1::ConfirmClockRequest& request) {
    return request.time().seconds() == 3'600 ? absl::FailedPreconditionError("they differ")
                                             : absl::OkStatus();
  };
  EXPECT_NE(Run({"clock", "confirm"}), ExitCode::kOk);
  EXPECT_THAT(err_.str(), HasSubstr("they differ"));
  clock_.Sleep(absl::Hours(1));
  EXPECT_EQ(Run({"clock", "confirm"}), ExitCode::kOk);
}

TEST_F(ProgramTest, AnExchangeFileIsWrittenWholeOrNotAtAll) {
  const std::string path = testing::TempDir() + "/to-datar.selaras";
  std::filesystem::remove(path);
  node_.pack_exchange = [](const ledger::v1::PackExchangeRequest& request)
      -> absl::StatusOr<std::pair<std::string, ledger::v1::ExchangeSummary>> {
    if (request.to() != "ppk/13.04") return absl::NotFoundError("no peer");
    ledger::v1::ExchangeSummary summary;
    summary.set_to("ppk-13.04");
    summary.set_size(request.everything() ? 12 : 7);
    return std::pair{std::string("the file"), summary};
  };
  EXPECT_NE(Run({"exchange", "pack", "--for", "ppk/13.05", "-o", path}), ExitCode::kOk);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(Run({"exchange", "pack", "--for", "ppk/13.04", "-o", path}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("from 0 to 7 entries"));
  EXPECT_THAT(err_.str(), HasSubstr("not encrypted"));
  EXPECT_EQ(Run({"exchange", "pack", "--for", "ppk/13.04", "--out", path, "--everything"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("from 0 to 12 entries"));

  node_.unpack_exchange = [](const std::string& file) {
    EXPECT_EQ(file, "the file");
    ledger::v1::UnpackExchangeResponse response;
    response.mutable_summary()->set_from("bkn");
    response.set_older(true);
    return response;
  };
  EXPECT_EQ(Run({"exchange", "unpack", path}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("nothing new"));
  EXPECT_THAT(out_.str(), HasSubstr("a later file was unpacked before"));
  EXPECT_NE(Run({"exchange", "unpack", path + ".none"}), ExitCode::kOk);
}

TEST_F(ProgramTest, AStoppedLinkIsExplainedAndGoesOnForAReasonOnly) {
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    for (const bool forked : {false, true}) {
      ledger::v1::LinkState& link = *about.add_links();
      link.set_peer(forked ? "liar" : "bkn");
      link.set_fault("the log was rolled back");
      link.set_stopped(true);
      link.set_forked(forked);
      link.set_given("selaras/bkn\n7\nAAAA=\n\nsignature\n");
      link.set_held("selaras/bkn\n9\nBBBB=\n\nsignature\n");
    }
    return about;
  };
  EXPECT_EQ(Run({"link", "show", "bkn"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("rolled back"));
  EXPECT_THAT(out_.str(), HasSubstr("selaras/bkn, 7 entries, root AAAA="));
  EXPECT_THAT(out_.str(), HasSubstr("selaras/bkn, 9 entries, root BBBB="));
  EXPECT_THAT(out_.str(), HasSubstr("selaras link resume bkn"));
  EXPECT_EQ(Run({"link", "show", "liar"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("cannot go on"));
  EXPECT_NE(Run({"link", "show", "nobody"}), ExitCode::kOk);
  EXPECT_EQ(Run({"link", "resume", "bkn"}), ExitCode::kUsage);
  node_.resume_link = [](const ledger::v1::ResumeLinkRequest& request) {
    return request.peer() == "bkn" && request.reason() == "a test store"
               ? absl::OkStatus()
               : absl::FailedPreconditionError("forked");
  };
  EXPECT_EQ(Run({"link", "resume", "bkn", "--reason", "a test store"}), ExitCode::kOk);
  EXPECT_NE(Run({"link", "resume", "liar", "--reason", "a test store"}), ExitCode::kOk);
}

TEST_F(ProgramTest, ARestoredNodeSaysWhomItWaitsForAndIsConfirmedForAReason) {
  node_.get_node = [] {
    ledger::v1::GetNodeResponse about;
    about.mutable_restored()->add_unheard("bkn");
    return about;
  };
  EXPECT_EQ(Run({"status"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(),
              HasSubstr("restored from a backup; takes no commands before it heard bkn"));
  node_.confirm_restored = [](const ledger::v1::ConfirmRestoredRequest& request) {
    EXPECT_EQ(request.reason(), "offline since");
    return absl::OkStatus();
  };
  EXPECT_EQ(Run({"backup", "confirm"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"backup", "confirm", "--reason", "offline since"}), ExitCode::kOk);
  node_.create_backup = [](const ledger::v1::CreateBackupRequest& request) {
    ledger::v1::CreateBackupResponse response;
    response.set_directory("/backups/" + request.name());
    response.set_shared_size(17);
    return response;
  };
  EXPECT_EQ(Run({"backup", "create", "monday"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("/backups/monday"));
  EXPECT_THAT(out_.str(), HasSubstr("17 entries"));
}

TEST_F(ProgramTest, StatisticsTellZeroFromSilenceAndNamePublisherAndCheckpoint) {
  node_.get_statistics = [](const query::v1::GetStatisticsRequest& request) {
    EXPECT_EQ(request.elections_size(), 2);
    EXPECT_EQ(request.region(), "13");
    EXPECT_EQ(request.by(0), query::v1::STATISTICS_DIMENSION_REGION);
    EXPECT_EQ(request.by(1), query::v1::STATISTICS_DIMENSION_VIOLATION_FOUND);
    EXPECT_TRUE(request.public_());
    return SomeStatistics();
  };
  EXPECT_EQ(Run({"stats", "--election", "PILKADA-2020,PILKADA-2024", "--region", "13", "--by",
                 "region,violation-found", "--public", "--zeros"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("13.02                   0"));
  EXPECT_THAT(out_.str(), HasSubstr("13.03   no contact lately"));
  EXPECT_THAT(out_.str(), HasSubstr("13.04      no contact yet"));
  EXPECT_THAT(out_.str(), HasSubstr("13.05            withheld"));
  EXPECT_THAT(out_.str(), HasSubstr("no contact since 2024-10-04"));
  EXPECT_THAT(out_.str(), HasSubstr("counted by bkn"));
  EXPECT_THAT(out_.str(), HasSubstr("Bawaslu Sumbar"));
}

TEST_F(ProgramTest, StatisticsWithoutZerosSayHowManyThereAreAndHowManyAreNotKnown) {
  node_.get_statistics = [](const auto&) { return SomeStatistics(); };
  EXPECT_EQ(Run({"stats", "--by", "region"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("1 more: 0; 2 more: no contact, so not known"));
}

TEST_F(ProgramTest, StatisticsAsCsvHaveOneNumberALineWithUnitAndPublisher) {
  node_.get_statistics = [](const auto&) { return SomeStatistics(); };
  EXPECT_EQ(Run({"stats", "--csv"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("table,value,of,number,unit,publisher,as_of,contact,note\n"));
  EXPECT_THAT(out_.str(), HasSubstr("overview,cases,,71,case,bkn,"));
  EXPECT_THAT(out_.str(), HasSubstr("region,13.05,,,case,bkn,,heard,withheld\n"));
  EXPECT_THAT(out_.str(), HasSubstr("region,13.04,,0,case,bkn,,never,\n"));
  EXPECT_THAT(out_.str(), HasSubstr("published,\"pelanggaran, ASN\", national,71,kasus,"));
}

TEST_F(ProgramTest, StatisticsOfPersonsSayThatTheyDoNotAddUp) {
  node_.get_statistics = [](const query::v1::GetStatisticsRequest& request) {
    EXPECT_EQ(request.unit(), query::v1::STATISTICS_UNIT_PERSON);
    auto told = SomeStatistics();
    auto& figure = *told.add_figures();
    figure.set_name("persons");
    figure.set_unit(query::v1::STATISTICS_UNIT_PERSON);
    figure.set_count(60);
    figure.set_several(true);
    told.mutable_tables(0)->set_unit(query::v1::STATISTICS_UNIT_PERSON);
    told.mutable_tables(0)->set_several(true);
    return told;
  };
  EXPECT_EQ(Run({"stats", "--unit", "person", "--by", "region", "--across", "election"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("persons do not add up over these"));
  EXPECT_THAT(out_.str(), HasSubstr("a person can stand in several of them: they do not add up"));
  EXPECT_EQ(Run({"stats", "--unit", "person", "--csv"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("overview,persons,,60,person,bkn,,unspecified,does not add"));
  EXPECT_EQ(Run({"stats", "--unit", "document"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("person, or leave it away"));
}

TEST_F(ProgramTest, AnUnknownDimensionIsRefusedWithThoseThereAre) {
  EXPECT_EQ(Run({"stats", "--by", "colour"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("violation_found, sanction_recommended"));
}

TEST_F(ProgramTest, CasesAreListedPageByPage) {
  node_.list_cases = [](const query::v1::ListCasesRequest& request) {
    EXPECT_EQ(request.state(), query::v1::CASE_STATE_REFERRED);
    query::v1::ListCasesResponse page;
    const bool first = request.page_token().empty();
    auto* c = page.add_cases();
    c->set_case_id(first ? "11111111-aaaa" : "22222222-bbbb");
    c->set_state(query::v1::CASE_STATE_REFERRED);
    if (first) page.set_next_page_token("more");
    return page;
  };
  EXPECT_EQ(Run({"case", "list", "--state", "referred"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("11111111  referred"));
  EXPECT_THAT(out_.str(), HasSubstr("22222222  referred"));
  EXPECT_EQ(err_.str(), "2 cases\n");

  EXPECT_EQ(Run({"case", "list", "--state", "referred", "--json"}), ExitCode::kOk);
  const std::string text = out_.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_THAT(text, HasSubstr(R"("case_id":"11111111-aaaa","state":"CASE_STATE_REFERRED")"));
  EXPECT_THAT(text, HasSubstr(R"("objected":false)"));  // defaults too
  EXPECT_EQ(err_.str(), "");

  EXPECT_EQ(Run({"case", "list", "--state", "referred", "-n", "1"}), ExitCode::kOk);
  EXPECT_EQ(err_.str(), "1 case\n");
}

TEST_F(ProgramTest, CasesAreFoundByANumberAndListedByWhomToIdentify) {
  node_.look_up_cases = [](const query::v1::LookUpCasesRequest& request) {
    EXPECT_EQ(request.kind(), event::v1::REFERENCE_KIND_REFERRAL_LETTER);
    EXPECT_EQ(request.number(), "001/PP");
    EXPECT_EQ(request.nip(), "198001012005011001");
    query::v1::LookUpCasesResponse found;
    found.add_case_ids("11111111-aaaa");
    return found;
  };
  node_.get_case = [](const query::v1::GetCaseRequest& request) {
    query::v1::GetCaseResponse response;
    response.mutable_case_()->set_case_id(request.case_id());
    response.mutable_case_()->set_state(query::v1::CASE_STATE_REFERRED);
    return response;
  };
  EXPECT_EQ(Run({"case", "find", "referral-letter", "001/PP", "--nip", "198001012005011001"}),
            ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("11111111  referred"));
  EXPECT_EQ(err_.str(), "1 case\n");
  node_.look_up_cases = [](const query::v1::LookUpCasesRequest& request) {
    EXPECT_EQ(request.kind(), event::v1::REFERENCE_KIND_UNSPECIFIED);
    EXPECT_EQ(request.number(), "");
    query::v1::LookUpCasesResponse found;
    if (request.nip() == "199002152021211001") found.add_case_ids("22222222-aaaa");
    if (request.nik() == "1304050108660001") found.add_case_ids("33333333-aaaa");
    return found;
  };
  EXPECT_EQ(Run({"case", "find", "nip", "199002152021211001"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("22222222  referred"));
  EXPECT_EQ(Run({"case", "find", "nik", "1304050108660001"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("33333333  referred"));
  EXPECT_EQ(Run({"case", "find", "telegram", "1"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("sbt, idis, siasn, sigaplapor, srikandi"));

  node_.list_cases = [](const query::v1::ListCasesRequest& request) {
    EXPECT_EQ(request.identity(), query::v1::IDENTITY_FILTER_OPEN);
    return query::v1::ListCasesResponse();
  };
  EXPECT_EQ(Run({"case", "list", "--identity", "open"}), ExitCode::kOk);
  EXPECT_EQ(Run({"case", "list", "--identity", "perhaps"}), ExitCode::kUsage);
}

TEST_F(ProgramTest, ACaseShowsWhoSignedAndWhatDepartsFromARule) {
  node_.get_case = [](const query::v1::GetCaseRequest&) {
    query::v1::GetCaseResponse response;
    query::v1::Case& c = *response.mutable_case_();
    c.set_case_id("11111111-aaaa");
    c.set_election("PILKADA-2024");
    c.set_phase(event::v1::ELECTION_PHASE_BEFORE_PENETAPAN);
    c.set_calendar_phase(event::v1::ELECTION_PHASE_FROM_PENETAPAN);
    c.set_phase_override("jadwal_lain");
    c.set_stage("quiet_days");
    c.set_role("penggerak");
    c.add_conflicts()->set_authority("ppk/13.04");
    c.mutable_conflicts(0)->set_reason("penerima_manfaat");
    c.mutable_signed_by()->set_office("ppk");
    c.mutable_signed_by()->set_mandate("pj");
    auto* mark = c.add_marks();
    mark->set_code("SANCTION_LEVEL");
    mark->set_about("R-1");
    mark->set_reason("register");
    mark->set_text("not of the level");
    auto* number = c.add_references();
    number->set_kind(event::v1::REFERENCE_KIND_SBT);
    number->set_raw("2024/77");
    return response;
  };
  EXPECT_EQ(Run({"case", "show", "11111111"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("PILKADA-2024, before penetapan, because of jadwal_lain, by "
                                    "the calendar from penetapan, quiet days"));
  EXPECT_THAT(out_.str(), HasSubstr("ppk, pj"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("role +penggerak"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("conflict +ppk/13.04 .penerima_manfaat."));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("SANCTION_LEVEL +R-1 +register +not of the"));
  EXPECT_THAT(out_.str(), HasSubstr("sbt 2024/77"));
}

TEST_F(ProgramTest, CasesAreListedByWhatBackOfficesAskFor) {
  query::v1::ListCasesRequest asked;
  node_.list_cases = [&](const query::v1::ListCasesRequest& request) {
    asked = request;
    return query::v1::ListCasesResponse();
  };
  EXPECT_EQ(Run({"case", "list", "--holder", "bkn", "--election", "PILKADA-2024", "--violation",
                 "HD-06", "--status", "menunggu_ppk", "--waiting-since", "2024-10-11",
                 "--reference", "sbt:2024/000123"}),
            ExitCode::kOk);
  EXPECT_FALSE(asked.contradicted());
  EXPECT_EQ(asked.holder(), "bkn");
  EXPECT_EQ(asked.election(), "PILKADA-2024");
  EXPECT_EQ(asked.violation(), "HD-06");
  EXPECT_EQ(asked.public_status(), "menunggu_ppk");
  EXPECT_EQ(asked.waiting_since(), "2024-10-11");
  EXPECT_EQ(asked.reference().kind(), event::v1::REFERENCE_KIND_SBT);
  EXPECT_EQ(asked.reference().raw(), "2024/000123");
  EXPECT_EQ(Run({"case", "list", "--reference", "B-12: 7/2024"}), ExitCode::kOk);
  EXPECT_EQ(asked.reference().kind(), event::v1::REFERENCE_KIND_UNSPECIFIED);
  EXPECT_EQ(asked.reference().raw(), "B-12: 7/2024");
  EXPECT_EQ(Run({"case", "list", "--contradicted"}), ExitCode::kOk);
  EXPECT_TRUE(asked.contradicted());
}

TEST_F(ProgramTest, ACaseIsShownAsItWasKnownOnADay) {
  query::v1::AsKnown asked;
  node_.get_case = [&](const query::v1::GetCaseRequest& request) {
    asked = request.as_known();
    query::v1::GetCaseResponse response;
    response.mutable_case_()->set_public_status("menunggu_ppk");
    return response;
  };
  node_.get_timeline = [&](const query::v1::GetTimelineRequest& request) {
    asked = request.as_known();
    return query::v1::GetTimelineResponse();
  };
  EXPECT_EQ(Run({"case", "show", "11111111", "--as-known", "2024-10-11"}), ExitCode::kOk);
  EXPECT_EQ(asked.on(), "2024-10-11");
  EXPECT_EQ(asked.known_by(), query::v1::KNOWN_BY_THIS_NODE);
  EXPECT_THAT(out_.str(), HasSubstr("menunggu ppk"));
  EXPECT_EQ(Run({"case", "timeline", "11111111", "--as-known", "2024-10-11", "--known-by",
                 "authors", "--zone", "WIT"}),
            ExitCode::kOk);
  EXPECT_EQ(asked.known_by(), query::v1::KNOWN_BY_AUTHORS);
  EXPECT_EQ(asked.zone(), "WIT");
  EXPECT_EQ(Run({"case", "show", "11111111", "--known-by", "authors"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("--as-known 2024-10-11"));
  EXPECT_EQ(Run({"case", "show", "11111111", "--as-known", "2024-10-11", "--known-by", "all"}),
            ExitCode::kUsage);
}

TEST_F(ProgramTest, ChangesAreWatchedUntilTheNodeEndsIt) {
  node_.watch_cases = [](const query::v1::WatchCasesRequest& request,
                         const std::function<bool(const query::v1::WatchCasesResponse&)>& told) {
    EXPECT_EQ(request.after_cursor(), 6u);
    query::v1::WatchCasesResponse response;
    response.set_cursor(7);
    response.add_changes()->set_cursor(7);
    response.mutable_changes(0)->set_case_id("11111111-aaaa");
    EXPECT_TRUE(told(response));
    response.clear_changes();
    EXPECT_TRUE(told(response));
    return absl::UnavailableError("the node is stopping");
  };
  EXPECT_EQ(Run({"case", "watch", "--after", "6"}), ExitCode::kUnreachable);
  EXPECT_EQ(out_.str(), "7  11111111-aaaa\n");
  EXPECT_THAT(err_.str(), HasSubstr("--after 7"));
  EXPECT_THAT(err_.str(), HasSubstr("the node is stopping"));
}

TEST_F(ProgramTest, AnUnknownStateIsExplained) {
  EXPECT_EQ(Run({"case", "list", "--state", "lost"}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("the states are: named, accepted"));
}

TEST_F(ProgramTest, ANodeThatDoesNotAnswerHasAnExitCodeOfItsOwn) {
  node_.get_node = []() -> absl::StatusOr<ledger::v1::GetNodeResponse> {
    return absl::UnavailableError("the node at h:1 does not answer: connection refused");
  };
  EXPECT_EQ(Run({"status"}), ExitCode::kUnreachable);
  EXPECT_THAT(err_.str(), HasSubstr("selaras: the node at h:1 does not answer"));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(ProgramTest, ColoursAreForTerminalsUnlessNoColorIsSet) {
  node_.get_node = [] { return ledger::v1::GetNodeResponse(); };
  Run({"status"});
  EXPECT_THAT(out_.str(), Not(HasSubstr("\033[")));
  terminal_ = true;
  Run({"status"});
  EXPECT_THAT(out_.str(), HasSubstr("\033["));
  environment_["NO_COLOR"] = "1";
  Run({"status"});
  EXPECT_THAT(out_.str(), Not(HasSubstr("\033[")));
  Run({"status", "--colour", "always"});
  EXPECT_THAT(out_.str(), HasSubstr("\033["));
  EXPECT_EQ(Run({"status", "--colour", "pink"}), ExitCode::kUsage);
}

TEST_F(ProgramTest, AStoreIsReadWhereOneIsWantedAndRefusedWhereANodeIs) {
  EXPECT_EQ(Run({"link", "list", "--store", "d"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"log", "verify", "--store", "d", "--node", "h:1"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"log", "list", "--store", "d", "--node", "h:1"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"log", "list", "--store", "d"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("no store in d"));
}

TEST_F(ProgramTest, TheLogOfAStoreIsListedReadAndCounted) {
  MakeStore();
  EXPECT_EQ(Run({"log", "list", "--store", "d"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("bkn@0"));
  EXPECT_THAT(out_.str(), HasSubstr("case_received"));
  MakeStore();
  EXPECT_EQ(Run({"log", "get", "bkn@0", "--store", "d"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("case 3f2a9c1e-0000"));
  MakeStore();
  EXPECT_EQ(Run({"log", "get", "1", "--store", "d"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("its entries are 0 to 0"));
  MakeStore();
  EXPECT_EQ(Run({"log", "get", "one", "--store", "d"}), ExitCode::kUsage);
  MakeStore();
  EXPECT_EQ(Run({"log", "list", "--log", "none", "--store", "d"}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("there are: bkn, bkn/private"));
  MakeStore();
  EXPECT_EQ(Run({"log", "stats", "--store", "d", "--json"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr(R"("facts":[{"fact":"case_received","entries":1}])"));
  MakeStore();
  EXPECT_EQ(Run({"checkpoint", "show", "--store", "d"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), testing::StartsWith("selaras/bkn\n1\n"));
}

TEST_F(ProgramTest, VerifyingNamesTheFirstDifferenceAndEndsWithFive) {
  MakeStore();  // its entry has neither a request row nor a state row
  EXPECT_EQ(
      Run({"log", "verify", "--store", "d", "--verifier-key", SignerOf("bkn").VerifierText()}),
      ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr("bkn@0"));
  EXPECT_THAT(out_.str(), HasSubstr("the entry names a row that is missing"));
  MakeStore();
  EXPECT_EQ(Run({"log", "verify", "--store", "d", "--json"}), ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr(R"("kind":"summary","clean":false,"differences":1)"));
}

TEST_F(ProgramTest, VerifyingFindsAChangedFileAndAStoreTooDamagedToBeOpened) {
  store_ = log::MemoryStore::Make("bkn", SignerOf("bkn"));
  files_ = absl::DataLossError("000015.sst is not as it was written");
  EXPECT_EQ(Run({"log", "verify", "--store", "d"}), ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr("000015.sst is not as it was written"));
  open_error_ = absl::DataLossError("CURRENT leads nowhere");
  EXPECT_EQ(Run({"log", "verify", "--store", "d", "--json"}), ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr(R"("problem":"the store cannot be opened")"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("kind":"summary","clean":false)"));
}

TEST_F(ProgramTest, VerifyingAGoodStoreSaysSo) {
  store_ = log::MemoryStore::Make("bkn", SignerOf("bkn"));
  EXPECT_EQ(
      Run({"log", "verify", "--store", "d", "--verifier-key", SignerOf("bkn").VerifierText()}),
      ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("verified: nothing differs"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("no key given")));
}

TEST_F(ProgramTest, WhatWasVerifiedIsRememberedAndARollbackRefused) {
  const std::string state = absl::StrCat(testing::TempDir(), "/program_test.", ::getpid());
  std::filesystem::remove_all(state);
  environment_["XDG_STATE_HOME"] = state;
  const std::vector<std::string> verify = {
      "log", "verify", "--store", "d", "--tree", "--verifier-key", SignerOf("bkn").VerifierText()};
  MakeStore();
  EXPECT_EQ(Run(verify), ExitCode::kOk) << out_.str() << err_.str();
  EXPECT_TRUE(std::filesystem::exists(state + "/selaras/verified"));
  MakeStore();
  EXPECT_EQ(Run(verify), ExitCode::kOk) << out_.str();
  store_ = log::MemoryStore::Make("bkn", SignerOf("bkn"));
  EXPECT_EQ(Run(verify), ExitCode::kDifference);
  EXPECT_THAT(out_.str(), HasSubstr("remembered tree"));
  EXPECT_THAT(out_.str(), HasSubstr("rolled back"));
  for (const char* option : {"--backup", "--no-remember"}) {
    store_ = log::MemoryStore::Make("bkn", SignerOf("bkn"));
    std::vector<std::string> arguments = verify;
    arguments.emplace_back(option);
    EXPECT_EQ(Run(arguments), ExitCode::kOk) << option << out_.str();
  }
  std::ofstream(state + "/selaras/verified", std::ios::app) << "more\n";
  MakeStore();
  EXPECT_EQ(Run(verify), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("is damaged"));
  std::filesystem::remove_all(state);
}

TEST_F(ProgramTest, AKeyIsWrittenForItsOwnerOnlyAndNeverOverwritten) {
  const std::string file =
      absl::StrCat(testing::TempDir(), "/program_test.", ::getpid(), ".logkey");
  std::filesystem::remove(file);
  EXPECT_EQ(Run({"key", "generate", "bkn", "--out", file}), ExitCode::kOk);
  struct stat written{};
  ASSERT_EQ(::stat(file.c_str(), &written), 0);
  EXPECT_EQ(written.st_mode & 0777u, 0600u);
  std::string text;
  std::getline(std::ifstream(file), text);
  const auto signer = log::NoteSigner::Parse(text);
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_EQ(out_.str(), signer->VerifierText() + "\n");
  EXPECT_EQ(signer->name(), "selaras/bkn");
  EXPECT_EQ(Run({"key", "generate", "bkn", "--out", file}), ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("never overwritten"));
  EXPECT_EQ(Run({"key", "generate", "b k n", "--out", file + "2"}), ExitCode::kError);
  std::filesystem::remove(file);
}

TEST_F(ProgramTest, WhatIsNotGivenAndWhatIsGivenTwiceReadsDifferently) {
  EXPECT_EQ(Run({"log", "prove"}), ExitCode::kUsage);
  EXPECT_EQ(err_.str(),
            "selaras: POSITION: nothing is given\ngive a position, or --since "
            "CHECKPOINT\n");
  for (const std::vector<std::string>& both : std::vector<std::vector<std::string>>{
           {"log", "prove", "7", "--since", "f"},
           {"proof", "verify", "--inclusion", "--consistency"},
           {"reconcile", "n", "--register", "f"},
           {"receipt", "verify", "f", "--key", "k", "--policy", "p"},
           {"case", "list", "--node", "h:1", "--store", "d"}}) {
    EXPECT_EQ(Run(both), ExitCode::kUsage) << both[0];
    EXPECT_THAT(err_.str(), HasSubstr(" exclude each other\ngive one of them\n"));
  }
  const std::string junk = testing::TempDir() + "/junk.note";
  std::ofstream(junk) << "junk\n";
  MakeStore();
  EXPECT_NE(Run({"log", "prove", "--since", junk, "--store", "DIR"}), ExitCode::kOk);
  EXPECT_THAT(err_.str(), testing::StartsWith("selaras: " + junk + ": "));
  EXPECT_EQ(Run({"receipt", "verify", "f", "--policy", testing::TempDir() + "/absent"}),
            ExitCode::kError);
  EXPECT_THAT(err_.str(), HasSubstr("No such file or directory\nname a file that is there"));
}

// The configuration of a witness of two logs, in a folder of its own.
class WitnessProgramTest : public ProgramTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(Run({"key", "generate", "ombudsman", "--witness", "--out", folder_ / "w"}),
              ExitCode::kOk)
        << err_.str();
  }
  std::string Config() const {
    std::string text = "key: \"w\"\nstate: \"state\"\ntls { ca: \"a\" }\n";
    for (const char* node : {"bkn", "ppk"}) {
      absl::StrAppend(&text, "logs { node: \"", node, "\" address: \"h:1\" verifier_key: \"",
                      SignerOf(node).VerifierText(), "\" }\n");
    }
    return text;
  }
  ExitCode Look(const std::string& config) {
    std::ofstream(folder_ / "c") << config;
    return Run({"witness", "--once", "--config", folder_ / "c"});
  }
  // The nodes answer so, one after the other.
  ExitCode LookAtNodesThatAnswer(const absl::Status& first, const absl::Status& second) {
    node_.get_published = [=, asked = std::make_shared<int>()](
                              const auto&) -> absl::StatusOr<ledger::v1::GetPublishedResponse> {
      return (*asked)++ == 0 ? first : second;
    };
    return Look(Config());
  }

  const test::TempDirectory folder_;
};

TEST_F(WitnessProgramTest, TheExitCodeTellsWhoRefusedFromWhoDidNotAnswer) {
  const auto refused = absl::PermissionDeniedError("no witness of ours");
  const auto silent = absl::UnavailableError("nobody there");
  EXPECT_EQ(LookAtNodesThatAnswer(silent, silent), ExitCode::kUnreachable);
  EXPECT_EQ(LookAtNodesThatAnswer(refused, refused), ExitCode::kError);
  EXPECT_EQ(LookAtNodesThatAnswer(refused, silent), ExitCode::kError);
  EXPECT_EQ(LookAtNodesThatAnswer(silent, refused), ExitCode::kError);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("bkn: nobody there"), HasSubstr("no witness of ours")));
  const auto rewritten = absl::DataLossError("another beginning");
  EXPECT_EQ(LookAtNodesThatAnswer(rewritten, refused), ExitCode::kDifference);
  EXPECT_EQ(LookAtNodesThatAnswer(silent, rewritten), ExitCode::kDifference);
}

TEST_F(WitnessProgramTest, AConfigurationThatIsWrongSaysWhereAndWhatToDo) {
  const std::string file = folder_ / "c";
  const auto expect = [&](const std::string& config, const std::string& error) {
    EXPECT_EQ(Look(config), ExitCode::kError) << config;
    EXPECT_THAT(err_.str(), HasSubstr(absl::StrCat("selaras: ", file, error)));
  };
  expect("key: \"w\"\nstates: 7\n", ":2:7: Message type \"selaras.config.v1.WitnessConfig\"");
  EXPECT_THAT(err_.str(), HasSubstr("\nits fields are those of "
                                    "proto/selaras/config/v1/witness.proto\n"));
  expect("", ": key: missing\nname it there\n");
  expect(Config() + "interval_seconds: 3601",
         ": interval_seconds: 3601 is too long\nuse 1 to 3600");
  expect(Config() + "logs { node: \"a b\" }", ": logs[2].node: 'a b' cannot name a log or node");
  expect(Config() + "logs { node: \"x\" verifier_key: \"y\" }", ": logs[2].verifier_key: ");
  EXPECT_THAT(err_.str(), HasSubstr("\ncopy it from the node: selaras checkpoint show"));
  expect(Config() + Config().substr(Config().find("logs")),
         ": logs[2].node: bkn stands there twice");
  std::ofstream(folder_ / "w") << "no key\n";
  expect(Config(), ": key: ");
  EXPECT_THAT(err_.str(), HasSubstr("selaras key generate --witness"));
}

TEST_F(ProgramTest, WhatIsNoResultGoesToStderrAlsoWithJson) {
  const std::string file = testing::TempDir() + "/json.tlog-proof";
  MakeStore();
  ASSERT_EQ(Run({"receipt", "get", "0", "--store", "DIR", "-o", file, "--json"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), "");
  EXPECT_THAT(err_.str(), HasSubstr("wrote " + file));
  node_.watch_cases = [](const auto&, const auto& take) {
    query::v1::WatchCasesResponse told;
    told.set_cursor(4711);
    told.add_changes()->set_case_id("3f2a");
    take(told);
    return absl::UnavailableError("the node went");
  };
  EXPECT_EQ(Run({"case", "watch", "--json"}), ExitCode::kUnreachable);
  EXPECT_THAT(out_.str(), HasSubstr("\"case_id\":\"3f2a\""));
  EXPECT_THAT(err_.str(), HasSubstr("to go on: selaras case watch --after 4711\n"));
}

TEST_F(ProgramTest, TheVersionIsShownWithoutAnyNode) {
  environment_.clear();
  EXPECT_EQ(Run({"--version"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), testing::StartsWith("selaras "));
}

}  // namespace
}  // namespace selaras::cli
