// What FORMAT.md says of requests, entries, ids and row keys, as golden files in tests/golden.
// check_format.py there computes them again from the document alone.
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "selaras/command/v1/command.pb.h"
#include "selaras/event/v1/event.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "gtest/gtest.h"
#include "node_test_base.h"
#include "services/domain/receipt_code.h"
#include "services/domain/references.h"
#include "services/node/blinding.h"
#include "services/node/engine.h"
#include "services/node/keys.h"
#include "services/node/look_up.h"
#include "services/node/rows.h"
#include "services/node/seal.h"
#include "services/node/watcher.h"
#include "storage/base/bytes.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"
#include "storage/vault/sealed.h"
#include "storage/vault/wrapping_keys.h"

namespace selaras::node {
namespace {

constexpr absl::string_view kReport = "8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11";
constexpr absl::string_view kCase = "0b1f7f0e-91f2-8d3a-a4c5-6f7e8d9c0b1a";

// Blocks of lines `name: value`. Bytes are hexadecimal.
class Golden {
 public:
  Golden& Block(absl::string_view kind) {
    absl::StrAppend(&text_, text_.empty() ? "" : "\n");
    return Text("is", kind);
  }
  Golden& Text(absl::string_view name, absl::string_view value) {
    absl::StrAppend(&text_, name, ":", value.empty() ? "" : " ", value, "\n");
    return *this;
  }
  Golden& Number(absl::string_view name, std::uint64_t value) {
    return Text(name, absl::StrCat(value));
  }
  Golden& Bytes(absl::string_view name, absl::string_view value) {
    return Text(name, base::HexEncode(value));
  }
  void ExpectIn(const std::string& file) const {
    std::ifstream in(absl::StrCat(SELARAS_SOURCE_DIR "/tests/golden/", file), std::ios::binary);
    std::stringstream held;
    held << in.rdbuf();
    EXPECT_EQ(text_, held.str()) << file << ": what others read and recompute has changed";
  }

 private:
  std::string text_;
};

// Ids as the write path asks the node's keys for them.
TEST_F(NodeTest, IdsFollowFromReportKeyRequestAndPlaceInIt) {
  const NodeKeys& keys = bawaslu_.engine().keys();
  auto second = test::SomeReport();
  second.set_report_key("buku-1/2024");
  const auto outcome =
      bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(), second));
  ASSERT_EQ(outcome.steps_size(), 3);
  EXPECT_EQ(outcome.steps(0).report_id(), keys.ReportId("bawaslu/13", "b-1#0"));
  EXPECT_EQ(outcome.steps(1).case_id(), keys.CaseId("bawaslu/13", "b-1", 1));
  EXPECT_EQ(outcome.steps(2).report_id(), keys.ReportId("bawaslu/13", "key:buku-1/2024"));
}

// `count` bytes that count from `first` on.
std::string Counting(int first, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(first + i));
  return bytes;
}

const std::string& RequestKey() {
  static const std::string key = Counting(0x00, 32);
  return key;
}
const std::string& IdKey() {
  static const std::string key = Counting(0x20, 32);
  return key;
}
const std::string& LookUpKey() {
  static const std::string key = Counting(0x40, 32);
  return key;
}

log::NoteSigner SignerOf(absl::string_view log) {
  return *log::NoteSigner::Make(log::OriginOf(log),
                                *crypto::SigningKey::FromSeed(Counting(0x60, 32)));
}

// The keys of a node whose secrets are the three above.
NodeKeys FixedKeys() {
  const auto store = log::MemoryStore::Make("bkn", SignerOf("bkn"));
  EXPECT_TRUE(store
                  ->Write({{log::Table::kSecret, "request", RequestKey()},
                           {log::Table::kSecret, "id", IdKey()},
                           {log::Table::kSecret, "look-up", LookUpKey()}},
                          log::Durability::kSynced)
                  .ok());
  auto keys = NodeKeys::Load(*store, {});
  EXPECT_TRUE(keys.ok()) << keys.status();
  return *std::move(keys);
}

event::v1::Position At(absl::string_view log, std::uint64_t sequence) {
  event::v1::Position position;
  position.set_log(std::string(log));
  position.set_sequence(sequence);
  return position;
}

command::v1::CommandHeader Header(absl::string_view authority, absl::string_view id) {
  command::v1::CommandHeader header;
  header.set_authority(std::string(authority));
  header.set_request_id(std::string(id));
  return header;
}

std::shared_ptr<const google::protobuf::Message> OneReport() {
  auto body = std::make_shared<intake::v1::ExecuteBatchRequest>();
  auto& report = *body->add_commands()->mutable_receive_report();
  report.set_report_key("buku-1/2024");
  report.set_source("laporan");
  report.set_election("PILKADA-2024");
  report.set_region("13.04");
  report.mutable_received_at()->set_date("2024-10-05");
  report.set_chronology("Terlihat di kafé.");
  return body;
}

std::vector<Request> SampleRequests() {
  std::vector<Request> requests;
  requests.push_back({Header("bawaslu/13", "b-1"), OneReport(), true});

  // The same, sent again otherwise: what the digest leaves out.
  Request again{Header("bawaslu/13", "b-2"), OneReport(), false};
  again.header.set_validate_only(true);
  again.header.set_trace_id("0af7651916cd43dd");
  auto& revision = *again.header.add_expected_revisions();
  revision.set_case_id(std::string(kCase));
  revision.set_revision(300);
  requests.push_back(again);

  // A batch of three, with everything in its header that counts.
  auto referral = std::make_shared<referral::v1::ExecuteBatchRequest>();
  referral->add_commands()->mutable_receive_case()->set_case_id(std::string(kCase));
  referral->add_commands()->mutable_verify_case()->set_case_id(std::string(kCase));
  auto& annul = *referral->add_commands()->mutable_void_fact();
  annul.set_case_id(std::string(kCase));
  *annul.mutable_position() = At("bkn", 128);
  annul.set_reason("keliru");
  Request batch{Header("bkn", "k-1"), referral};
  batch.header.set_acting_for("kasn");
  batch.header.mutable_officer()->set_officer_id("petugas-7");
  batch.header.mutable_officer()->set_mandate("plt");
  requests.push_back(batch);

  auto sanction = std::make_shared<sanction::v1::ExecuteBatchRequest>();
  sanction->add_commands()->mutable_receive_recommendation()->set_case_id(std::string(kCase));
  requests.push_back({Header("ppk/13.04", "p-1"), sanction, true});

  auto question = std::make_shared<command::v1::CheckOpenCases>();
  question->set_nip("198001012005011001");
  question->set_purpose("promotion");
  requests.push_back({Header("bkn", "q-1"), question, true});

  auto rung = std::make_shared<command::v1::RecordRung>();
  rung->set_case_id(std::string(kCase));
  rung->set_deadline("D-13");
  *rung->mutable_anchor() = At("bkn", 7);
  rung->set_rung(-2);
  requests.push_back(
      {Header("bawaslu/13", RungId(absl::StrCat("case:", kCase), "D-13", rung->anchor(), -2)), rung,
       true, "\n"});

  auto message = std::make_shared<intake::v1::ReceiveReporterMessage>();
  message->set_report_id(std::string(kReport));
  message->set_text("Apakah sudah diperiksa?");
  requests.push_back(
      {Header("bawaslu/13", "m-1"), message, true, absl::StrCat("\nreporter/", kReport, "/")});
  return requests;
}

TEST(Format, DigestAndTagOfARequest) {
  const NodeKeys keys = FixedKeys();
  Golden golden;
  golden.Block("key").Text("name", "request").Bytes("key", RequestKey());
  for (const Request& request : SampleRequests()) {
    const std::string canonical = CanonicalRequest(request);
    const std::string id = absl::StrCat(request.id_space, request.header.request_id());
    golden.Block("request")
        .Number("scheme", kDigestScheme)
        .Text("type", request.body->GetTypeName())
        .Bytes("header", request.header.SerializeAsString())
        .Bytes("body", request.body->SerializeAsString())
        .Bytes("id_space", request.id_space)
        .Bytes("canonical", canonical)
        .Bytes("digest", keys.RequestDigest(canonical).view())
        .Bytes("tag", keys.RequestTag(request.header.authority(), id).view());
  }
  golden.ExpectIn("requests_v1.txt");
}

std::vector<event::v1::Event> SampleEvents(const NodeKeys& keys) {
  event::v1::Event received;
  received.set_salt(Counting(0x80, 16));
  received.set_author("bkn");
  received.set_acting_for("kasn");
  received.mutable_officer()->set_officer_id("petugas-7");
  received.mutable_occurred_at()->set_date("2025-02-18");
  received.mutable_recorded_at()->set_seconds(1'740'000'000);
  received.mutable_recorded_at()->set_nanos(500'000'000);
  received.set_request_tag(std::string(keys.RequestTag("bkn", "k-1").view()));
  received.set_catalogue(std::string(64, 'a'));
  auto& cited = *received.add_citations();
  *cited.mutable_position() = At("bawaslu-13", 5);
  cited.set_leaf_hash(Counting(0xa0, 32));
  received.set_trace_id("0af7651916cd43dd");
  received.set_case_id(std::string(kCase));
  received.set_party_number(1);
  auto& agenda = *received.mutable_plain()->add_references();
  agenda.set_kind(event::v1::REFERENCE_KIND_AGENDA);
  agenda.set_raw("12/A/2025");
  received.mutable_fact()->mutable_case_received();

  event::v1::Event verified = received;
  verified.set_salt(Counting(0x90, 16));
  verified.clear_plain();
  verified.clear_citations();
  verified.clear_acting_for();
  verified.set_party_number(2);
  verified.mutable_fact()->mutable_case_verified();

  event::v1::Event least;
  least.set_salt(Counting(0xc0, 16));
  least.set_author("bkn");
  least.set_request_tag(std::string(keys.RequestTag("bkn", "k-1").view()));
  least.set_report_id(std::string(kReport));
  least.mutable_fact()->mutable_reporter_message_sent();
  return {received, verified, least};
}

TEST(Format, EntriesLeavesRootsAndTheirCheckpoint) {
  const log::NoteSigner signer = SignerOf("bkn");
  Golden golden;
  golden.Block("key").Text("name", "request").Bytes("key", RequestKey());
  golden.Block("log")
      .Text("name", "bkn")
      .Text("origin", signer.name())
      .Text("private_name", log::PrivateLogName("bkn"))
      .Text("private_key", signer.PrivateText())
      .Text("verifier_key", signer.VerifierText())
      .Bytes("seed", Counting(0x60, 32))
      .Bytes("empty_root", merkle::EmptyRoot().view());
  merkle::Frontier tree;
  for (const event::v1::Event& event : SampleEvents(FixedKeys())) {
    const std::string bytes = event.SerializeAsString();
    const std::uint64_t sequence = tree.size().value;
    const base::Digest leaf = merkle::HashLeaf(bytes);
    tree.Append(leaf);
    golden.Block("entry")
        .Number("sequence", sequence)
        .Bytes("entry", bytes)
        .Text("author", event.author())
        .Text("request_id", "k-1")
        .Bytes("leaf_hash", leaf.view())
        .Bytes("root", tree.Root().view())
        .Bytes("checkpoint",
               log::SignCheckpoint(signer, {signer.name(), tree.size(), tree.Root()}).note);
  }
  golden.ExpectIn("entries_v1.txt");
}

TEST(Format, SealedPartsAndWrappedKeys) {
  const std::string subject_key = Counting(0x10, 32);
  Golden golden;
  for (event::v1::Event event : SampleEvents(FixedKeys())) {
    event::v1::PersonalPart part = event.plain();
    part.set_reason_text("alasan");
    SealPart(subject_key, part, &event);
    golden.Block("entry")
        .Bytes("entry", event.SerializeAsString())
        .Bytes("part", part.SerializeAsString())
        .Bytes("subject_key", subject_key)
        .Bytes("entry_key", vault::EntryKey(subject_key, event.salt()));
  }
  const std::string wrapping_key = Counting(0x30, 32);
  const vault::WrappingKeys wrapping({wrapping_key});
  test::SeededBytes random(1);
  for (const std::string& row : {rows::SharedKey(kCase, "bawaslu/13"),
                                 rows::KeptKey(kReport, "bawaslu/13"), std::string("look-up")}) {
    golden.Block("wrapped")
        .Text("row", row)
        .Bytes("key", subject_key)
        .Bytes("wrapping_key", wrapping_key)
        .Bytes("wrapped", wrapping.Wrap(row, subject_key, random));
  }
  const std::string digest = Counting(0x50, 32);
  const std::string tag = Counting(0x70, 32);
  const std::string other = Counting(0x90, 32);
  golden.Block("blinded")
      .Bytes("digest", digest)
      .Bytes("tag", tag)
      .Bytes("first_key", subject_key)
      .Bytes("second_key", other)
      .Bytes("blinded", Blind(digest, tag, {{"a", subject_key}, {"b", other}}));
  golden.ExpectIn("sealed_v1.txt");
}

void AddLookUps(const NodeKeys& keys, Golden& golden) {
  using event::v1::ReferenceKind;
  const std::pair<ReferenceKind, absl::string_view> numbers[] = {
      {event::v1::REFERENCE_KIND_REGISTER, "07/reg/LP/PB/Kab/03.04/X/2024"},
      {event::v1::REFERENCE_KIND_REGISTER, "007. Reg / TM.PB .kab/ 03.19 /xi/ 2024."},
      {event::v1::REFERENCE_KIND_REGISTER, "LP/07 tidak dikenal\u00A0"},
      {event::v1::REFERENCE_KIND_REGISTER, "1234567/LP/2024"},
      {event::v1::REFERENCE_KIND_REFERRAL_LETTER, "Nomor: 1447.1/PM.01/K.1/09/2022"},
      {event::v1::REFERENCE_KIND_AGENDA, " no. 12 / a\u00A0 - b/K.1.2/2025 "},
      {event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, "Nomor800 -5474\tTahun 2022"},
      {event::v1::REFERENCE_KIND_DECREE, ""},
      {event::v1::REFERENCE_KIND_LETTER, "NO\u00A012/é/kafé/K.JI/2024"},
      {event::v1::REFERENCE_KIND_SBT, "sbt no. 2024 / 000123"},
      {event::v1::REFERENCE_KIND_SBT, "S.B.T2024/1"},
      {event::v1::REFERENCE_KIND_IDIS, "i - dis: nomor #12 . 3 - x"},
      {event::v1::REFERENCE_KIND_SIASN, "Srikandi 5/2024"},
      {event::v1::REFERENCE_KIND_SIGAPLAPOR, "Sigap Lapor = 17"},
      {event::v1::REFERENCE_KIND_SRIKANDI, "No 44/B"},
      {event::v1::REFERENCE_KIND_SRIKANDI, "nomor surat"},
  };
  for (const auto& [kind, raw] : numbers) {
    golden.Block("look-up")
        .Text("kind", absl::StrCat(static_cast<int>(kind)))
        .Bytes("raw", raw)
        .Bytes("normalised", domain::ReferenceKey(kind, raw))
        .Text("key", NumberKey(keys, kind, raw));
  }
  golden.Block("look-up")
      .Text("kind", "nip")
      .Bytes("raw", "19800101 200501 1 001")
      .Bytes("normalised", "198001012005011001")
      .Text("key", NipKey(keys, "19800101 200501 1 001"));
  golden.Block("look-up")
      .Text("kind", "nik")
      .Bytes("raw", "13.0405.410866.0001")
      .Bytes("normalised", "1304054108660001")
      .Text("key", NikKey(keys, "13.0405.410866.0001"));
}

TEST(Format, IdsCodesAndLookUps) {
  const NodeKeys keys = FixedKeys();
  Golden golden;
  golden.Block("key").Text("name", "id").Bytes("key", IdKey());
  golden.Block("key").Text("name", "look-up").Bytes("key", LookUpKey());
  for (const absl::string_view key : {"b-1#0", "b-1#12", "key:buku-1/2024"}) {
    golden.Block("report")
        .Text("authority", "bawaslu/13")
        .Text("report_key", key)
        .Text("id", keys.ReportId("bawaslu/13", key));
  }
  for (const int index : {0, 1, 12}) {
    golden.Block("case")
        .Text("authority", "bawaslu/13")
        .Text("request_id", "b-1")
        .Number("index", static_cast<std::uint64_t>(index))
        .Text("id", keys.CaseId("bawaslu/13", "b-1", index));
  }
  for (const absl::string_view id : {"r-1", "r-2"}) {
    const std::string code = keys.ReceiptCode("bawaslu/13", kReport, id);
    golden.Block("receipt-code")
        .Text("authority", "bawaslu/13")
        .Text("report_id", kReport)
        .Text("request_id", id)
        .Text("code", code)
        .Bytes("tag", keys.ReceiptTag(code).view());
  }
  golden.Block("written-code")
      .Text("written", "7q2m 9xkd-O4rt hzIL")
      .Text("code", domain::ReadReceiptCode("7q2m 9xkd-O4rt hzIL").value_or("no code"));
  AddLookUps(keys, golden);
  const std::string subject = absl::StrCat("case:", kCase);
  golden.Block("rung")
      .Text("subject", subject)
      .Text("deadline", "D-13")
      .Text("anchor", "bkn@7")
      .Text("rung", "-2")
      .Text("request_id", RungId(subject, "D-13", At("bkn", 7), -2));
  golden.Block("moved")
      .Text("subject", absl::StrCat("report:", kReport))
      .Text("deadline", "D-07b")
      .Text("anchor", "bawaslu-13@4294967296")
      .Text("catalogue", std::string(64, 'a'))
      .Text("previous_catalogue", std::string(64, 'b'))
      .Text("request_id", MovedId(absl::StrCat("report:", kReport), "D-07b",
                                  At("bawaslu-13", std::uint64_t{1} << 32), std::string(64, 'a'),
                                  std::string(64, 'b')));
  golden.ExpectIn("ids_v1.txt");
}

TEST(Format, KeysOfStatesAndViews) {
  const std::string case_id(kCase);
  const std::string report_id(kReport);
  const std::string subject = absl::StrCat("case:", kCase);
  const std::string digest(64, 'a');
  const std::uint64_t number = 0x0102030405060708;
  const std::vector<std::pair<absl::string_view, std::string>> all = {
      {"state CaseState case", rows::CaseState(case_id)},
      {"state ReportState report", rows::ReportState(report_id)},
      {"view CaseView case", rows::CaseView(case_id)},
      {"view ViewBasis", std::string(rows::kViewBasis)},
      {"view Scrub", std::string(rows::kScrub)},
      {"view Cursor log", rows::Cursor("bkn/private")},
      {"view CountedTo log", rows::CountedTo("bkn/private")},
      {"view Change number", rows::Change(number)},
      {"view ChangeCount", std::string(rows::kChangeCount)},
      {"view LookUp digest subject", rows::LookUp(digest, subject)},
      {"view Receipt tag", rows::Receipt(Counting(0xe0, 32))},
      {"view Derived report report", rows::Derived(report_id, report_id)},
      {"view Read report number", rows::Read(report_id, {number})},
      {"view BreakGlass number", rows::BreakGlass({number})},
      {"view Contradiction log number", rows::Contradiction("bkn/private", {number})},
      {"view Numbers authority election region",
       rows::Numbers("bawaslu/13", "PILKADA-2024", "13.04")},
      {"view Numbers none none none", rows::Numbers("", "", "")},
      {"view NumbersAlso authority election region election region",
       rows::NumbersAlso(rows::Numbers("bawaslu/13", "PILKADA-2024", "13.04"), "PILKADA-2024",
                         "13.04")},
      {"view Person authority digest", rows::Person("bawaslu/13", digest)},
      {"view CountedCase case", rows::CountedCase(case_id)},
      {"view CountedReport report", rows::CountedReport(report_id)},
      {"view DisclosureEpoch", std::string(rows::kDisclosureEpoch)},
      {"view DisclosureCount peer", rows::DisclosureCount("ppk-13.04")},
      {"view Disclosure peer number", rows::Disclosure("ppk-13.04", number)},
      {"view MaySee peer number", rows::MaySee("ppk-13.04", {number})},
      {"view ToWatch number", rows::ToWatch(number)},
      {"view ToWatchCount", std::string(rows::kToWatchCount)},
      {"view Watch subject", rows::Watch(subject)},
      {"view WatchAt number subject", rows::WatchAt(number, subject)},
      {"view Work authority number case", rows::Work("bawaslu/13", number, case_id)},
      {"view Work authority never case", rows::Work("bawaslu/13", rows::kNoDueDay, case_id)},
      {"view Follow peer", rows::Follow("ppk-13.04")},
      {"view Link peer", rows::Link("ppk-13.04")},
      {"secret UploadKey tag", rows::UploadKey(Counting(0xe0, 32))},
      {"attachment Upload tag", rows::Upload(Counting(0xe0, 32))},
      {"attachment Held log number", rows::Held("bkn/private", {number})},
      {"attachment Wanted log number", rows::Wanted("bkn/private", {number})},
      {"attachment Chunk tag index", rows::Chunk(Counting(0xe0, 32), 0x01020304)},
  };
  Golden golden;
  golden.Block("arguments")
      .Text("case", case_id)
      .Text("report", report_id)
      .Text("log", "bkn/private")
      .Text("number", absl::StrCat(number))
      .Text("never", absl::StrCat(rows::kNoDueDay))
      .Text("index", absl::StrCat(0x01020304))
      .Text("digest", digest)
      .Bytes("tag", Counting(0xe0, 32))
      .Text("subject", subject)
      .Text("authority", "bawaslu/13")
      .Text("election", "PILKADA-2024")
      .Text("region", "13.04")
      .Text("peer", "ppk-13.04")
      .Text("none", "");
  golden.Block("rows");
  for (const auto& [row, key] : all) golden.Bytes(row, key);
  golden.ExpectIn("rows_v1.txt");
}

}  // namespace
}  // namespace selaras::node
