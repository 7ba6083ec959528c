#include "services/runtime/directory_version.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reference/catalogue.h"
#include "services/runtime/config.h"
#include "services/runtime/directory_in_force.h"
#include "services/runtime/files.h"
#include "services/runtime/signed_text.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/cosignature.h"
#include "storage/log/names.h"
#include "tests/support/temp_directory.h"

namespace selaras::runtime {
namespace {

using config::v1::ListedNode;
using config::v1::NodeConfig;
using config::v1::Peer;
using testing::HasSubstr;
using List = config::v1::NodeDirectory;

crypto::SigningKey KeyOf(char seed) { return *crypto::SigningKey::FromSeed(std::string(32, seed)); }

const log::NoteSigner& Keeper(char seed = 'k') {
  static const auto* const kKeeper =
      new log::NoteSigner(*log::NoteSigner::Make("direktori.example/selaras", KeyOf('k')));
  static const auto* const kOther =
      new log::NoteSigner(*log::NoteSigner::Make("direktori.example/selaras", KeyOf('o')));
  return seed == 'k' ? *kKeeper : *kOther;
}

std::string LogKey(const std::string& node, char seed) {
  return log::NoteSigner::Make(log::OriginOf(node), KeyOf(seed))->VerifierText();
}

std::string WitnessKey(const std::string& node, char seed) {
  return log::Cosigner::Make(log::WitnessKeyNameOf(node), KeyOf(seed))->VerifierText();
}

ListedNode* Add(List* list, const std::string& node, const std::string& service,
                const std::string& authority, char seed) {
  ListedNode* listed = list->add_nodes();
  listed->set_node(node);
  listed->set_service(service);
  listed->add_authorities(authority);
  listed->set_log_key(LogKey(node, seed));
  listed->set_witness_key(WitnessKey(node, static_cast<char>(seed + 1)));
  listed->set_valid_from("2026-01-01");
  listed->set_valid_until("2026-12-31");
  return listed;
}

List Good(std::uint64_t serial = 7) {
  List list;
  list.set_serial(serial);
  list.set_issued("2026-06-01");
  Add(&list, "bkn", "referral", "bkn", 'b')->set_address("bkn.example:7413");
  Add(&list, "bawaslu-13", "intake", "bawaslu/13", 'f');
  Add(&list, "ppk-13.04", "sanction", "ppk/13.04", 'p');
  return list;
}

std::string Note(const List& list) { return SignText(list, Keeper()); }

DirectoryVersion Version(const List& list) {
  return *DirectoryVersion::Open(Note(list), Keeper().verifier());
}

absl::Time On(const std::string& moment) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, moment, &time, &error)) << error;
  return time;
}

const absl::Time& Summer() {
  static const auto* const kSummer = new absl::Time(On("2026-07-01T12:00:00Z"));
  return *kSummer;
}

bool AnyKey(const log::NoteVerifier& /*key*/) { return true; }
bool NoKey(const log::NoteVerifier& /*key*/) { return false; }

TEST(DirectoryOfNodes, IsBelievedForTheSignatureOfItsKeeperAlone) {
  const std::string note = Note(Good());
  const auto opened = DirectoryVersion::Open(note, Keeper().verifier());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->serial(), 7u);
  EXPECT_EQ(opened->note(), note);
  ASSERT_NE(opened->Find("bkn"), nullptr);
  EXPECT_EQ(opened->Find("bkn")->address(), "bkn.example:7413");
  EXPECT_EQ(opened->Find("nobody"), nullptr);

  EXPECT_EQ(DirectoryVersion::Open(note, Keeper('o').verifier()).status().code(),
            absl::StatusCode::kDataLoss);
  std::string altered = note;
  altered.replace(altered.find("bkn.example"), 11, "xxx.example");
  EXPECT_EQ(DirectoryVersion::Open(altered, Keeper().verifier()).status().code(),
            absl::StatusCode::kDataLoss);
  for (const std::string& none : {std::string(), std::string("junk"), note.substr(0, 100)}) {
    EXPECT_FALSE(DirectoryVersion::Open(none, Keeper().verifier()).ok());
  }
}

TEST(DirectoryOfNodes, IsReadAlsoIfANewerProgramWroteIt) {
  const std::string text = "serial: 3\nissued: \"2026-06-01\"\nwhat_comes_later: 5\n";
  const auto opened = DirectoryVersion::Open(Keeper().Sign(text), Keeper().verifier());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->serial(), 3u);
}

TEST(DirectoryOfNodes, ListsEverythingOnce) {
  const auto after = [](const auto& change) {
    List list = Good();
    change(list);
    EXPECT_FALSE(DirectoryVersion::Open(Note(list), Keeper().verifier()).ok());
    return std::string(CheckDirectory(list).message());
  };
  EXPECT_THAT(after([](List& l) { l.set_serial(0); }), HasSubstr("serial"));
  EXPECT_THAT(after([](List& l) { l.set_issued("yesterday"); }), HasSubstr("issued"));
  EXPECT_THAT(after([](List& l) { *l.add_nodes() = l.nodes(0); }), HasSubstr("twice"));
  EXPECT_THAT(after([](List& l) { l.mutable_nodes(1)->add_authorities("bkn"); }),
              HasSubstr("\"bkn\" stands there twice"));
  // The same key under another name.
  EXPECT_THAT(after([](List& l) { l.mutable_nodes(1)->set_log_key(LogKey("bawaslu-13", 'b')); }),
              HasSubstr("key: one stands there twice"));
  EXPECT_THAT(
      after([](List& l) { l.mutable_nodes(1)->set_witness_key(WitnessKey("bawaslu-13", 'p')); }),
      HasSubstr("key: one stands there twice"));
  EXPECT_THAT(after([](List& l) { l.mutable_nodes(1)->set_address("bkn.example:7413"); }),
              HasSubstr("twice"));
}

TEST(DirectoryOfNodes, ListsNothingThatNoNodeIs) {
  const auto after = [](const auto& change) {
    ListedNode node = Good().nodes(0);
    change(node);
    return std::string(CheckListedNode(node).message());
  };
  EXPECT_EQ(after([](ListedNode&) {}), "");
  EXPECT_THAT(after([](ListedNode& n) { n.set_node("../etc"); }), HasSubstr("name of a node"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_service("witness"); }), HasSubstr("service"));
  EXPECT_THAT(after([](ListedNode& n) { n.clear_authorities(); }), HasSubstr("authorities"));
  EXPECT_THAT(after([](ListedNode& n) { n.add_authorities("a b"); }), HasSubstr("authorities"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_address("bkn.example"); }), HasSubstr("address"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_address("bkn.example:0"); }), HasSubstr("address"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_log_key("x"); }), HasSubstr("log_key"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_log_key(LogKey("bawaslu-13", 'x')); }),
              HasSubstr("is the key of"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_witness_key(n.log_key()); }),
              HasSubstr("witness_key"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_witness_key(WitnessKey("bkn", 'b')); }),
              HasSubstr("is the key that signs the log"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_witness_key(WitnessKey("ombudsman", 'o')); }),
              HasSubstr("is the key of"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_valid_from("2026-02-30"); }),
              HasSubstr("valid_from"));
  EXPECT_THAT(after([](ListedNode& n) { n.set_valid_until("2025-12-31"); }),
              HasSubstr("before valid_from"));
}

TEST(DirectoryOfNodes, ANodeIsListedFromItsFirstDayThroughItsLast) {
  const ListedNode node = Good().nodes(0);
  EXPECT_FALSE(IsListedAt(node, On("2025-12-31T23:59:59Z")));
  EXPECT_TRUE(IsListedAt(node, On("2026-01-01T00:00:00Z")));
  EXPECT_TRUE(IsListedAt(node, On("2026-12-31T23:59:59Z")));
  EXPECT_FALSE(IsListedAt(node, On("2027-01-01T00:00:00Z")));
  EXPECT_EQ(EndOfListing(node), On("2027-01-01T00:00:00Z"));
}

TEST(DirectoryOfNodes, APeerIsLinkedOnlyAsItIsListed) {
  const DirectoryVersion directory = Version(Good());
  Peer peer;
  peer.set_node("bkn");
  peer.add_authorities("bkn");
  peer.set_verifier_key(LogKey("bkn", 'b'));
  EXPECT_EQ(CheckPeerListed(directory, peer, Summer(), NoKey), absl::OkStatus());
  const auto why = [&](const Peer& asked, absl::Time now) {
    const absl::Status status = CheckPeerListed(directory, asked, now, NoKey);
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    return std::string(status.message());
  };
  EXPECT_THAT(why(peer, On("2027-01-01T00:00:00Z")), HasSubstr("from 2026-01-01 until 2026-12-31"));
  Peer other = peer;
  other.set_node("bkn-2");
  EXPECT_THAT(why(other, Summer()), HasSubstr("does not list it"));
  other = peer;
  other.add_authorities("kasn");
  EXPECT_THAT(why(other, Summer()), HasSubstr("without kasn"));
  other = peer;
  other.set_verifier_key(LogKey("bkn", 'x'));
  EXPECT_THAT(why(other, Summer()), HasSubstr("another log_key"));
  EXPECT_EQ(CheckPeerListed(directory, other, Summer(), AnyKey), absl::OkStatus())
      << "a log has several keys in its life";
}

std::vector<std::string> PeersOf(const NodeConfig& config) {
  std::vector<std::string> peers;
  for (const Peer& peer : config.peers()) peers.push_back(peer.node());
  return peers;
}

// Names of those that were left out.
std::vector<std::string> LeftOutBy(const Applied& applied) {
  std::vector<std::string> nodes;
  nodes.reserve(applied.left_out.size());
  for (const LeftOut& each : applied.left_out) nodes.push_back(each.node);
  return nodes;
}

TEST(DirectoryOfNodes, FillsInWhatTheConfigurationLeavesToIt) {
  NodeConfig config;
  config.set_node("bawaslu-13");
  config.add_authorities("bawaslu/13");
  Peer* bkn = config.add_peers();
  bkn->set_node("bkn");
  bkn->set_dial("listed");
  const DirectoryVersion directory = Version(Good());
  const Applied applied = ApplyDirectory(directory, "intake", nullptr, &config);
  EXPECT_THAT(LeftOutBy(applied), testing::IsEmpty());
  EXPECT_THAT(applied.keyed, testing::ElementsAre("bkn"));
  ASSERT_EQ(config.peers_size(), 1);
  EXPECT_EQ(config.peers(0).dial(), "bkn.example:7413");
  EXPECT_EQ(config.peers(0).verifier_key(), LogKey("bkn", 'b'));
  EXPECT_EQ(config.peers(0).witness_key(), WitnessKey("bkn", 'c'));
  EXPECT_THAT(config.peers(0).authorities(), testing::ElementsAre("bkn"));

  config.mutable_directory()->set_link_listed(true);
  ApplyDirectory(directory, "intake", nullptr, &config);
  ASSERT_EQ(config.peers_size(), 2) << "the other one, and not itself";
  EXPECT_EQ(config.peers(1).node(), "ppk-13.04");
  EXPECT_EQ(config.peers(1).dial(), "") << "it dials";
}

TEST(DirectoryOfNodes, LeavesStandingWhatTheConfigurationSays) {
  NodeConfig config;
  config.set_node("bawaslu-13");
  Peer* bkn = config.add_peers();
  bkn->set_node("bkn");
  bkn->set_dial("10.1.2.3:7000");
  bkn->set_verifier_key(LogKey("bkn", 'x'));
  bkn->add_authorities("kasn");
  const Applied applied = ApplyDirectory(Version(Good()), "intake", nullptr, &config);
  EXPECT_THAT(applied.keyed, testing::IsEmpty());
  EXPECT_EQ(config.peers(0).dial(), "10.1.2.3:7000");
  EXPECT_EQ(config.peers(0).verifier_key(), LogKey("bkn", 'x'));
  EXPECT_THAT(config.peers(0).authorities(), testing::ElementsAre("kasn"));
}

TEST(DirectoryOfNodes, LinksThoseOnlyThatExchangeCasesAndAlsoWhoseDaysHavePassed) {
  List list = Good();
  Add(&list, "ppk-14.05", "sanction", "ppk/14.05", 'h');
  Add(&list, "bawaslu-14", "intake", "bawaslu/14", 's')->set_valid_until("2026-02-01");
  NodeConfig config;
  config.set_node("ppk-13.04");
  config.mutable_directory()->set_link_listed(true);
  ApplyDirectory(Version(list), "sanction", nullptr, &config);
  EXPECT_THAT(PeersOf(config), testing::UnorderedElementsAre("bkn", "bawaslu-13", "bawaslu-14"))
      << "what a node wrote is known to be its own after it was put out";
  EXPECT_TRUE(ExchangeCases("intake", "intake")) << "offices of Bawaslu give cases to each other";
  EXPECT_FALSE(ExchangeCases("sanction", "sanction"));
  EXPECT_FALSE(ExchangeCases("referral", "referral"));
}

TEST(DirectoryOfNodes, NothingInItKeepsANodeFromStarting) {
  const auto catalogue = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
  ASSERT_TRUE(catalogue.ok());
  List list = Good();
  Add(&list, "bawaslu-x", "intake", "bawaslu/99", 'h');   // nobody here knows it
  Add(&list, "bawaslu-12", "intake", "bawaslu/12", 's');  // the configuration knows another
  Add(&list, "bawaslu-14", "intake", "bawaslu/14", 'u');
  NodeConfig config;
  config.set_node("bkn");
  config.add_authorities("bkn");
  config.mutable_directory()->set_link_listed(true);
  Peer* other = config.add_peers();
  other->set_node("bawaslu-12-lama");
  other->add_authorities("bawaslu/12");
  other->set_verifier_key(LogKey("bawaslu-12-lama", 'z'));
  config.add_peers()->set_node("forgotten");  // and left to the directory
  Peer* dialled = config.add_peers();
  dialled->set_node("bawaslu-13");
  dialled->set_dial("listed");  // it has no address
  const Applied applied = ApplyDirectory(Version(list), "referral", catalogue->get(), &config);
  EXPECT_THAT(LeftOutBy(applied),
              testing::UnorderedElementsAre("bawaslu-x", "bawaslu-12", "forgotten"));
  EXPECT_THAT(PeersOf(config), testing::UnorderedElementsAre("bawaslu-12-lama", "bawaslu-13",
                                                             "bawaslu-14", "ppk-13.04"));
  for (const Peer& peer : config.peers()) EXPECT_EQ(peer.dial(), "");
  config.set_listen("127.0.0.1:0");
  config.set_store("/var/lib/bkn");
  config.set_wrapping_keys("/var/lib/bkn.wrapping-keys");
  EXPECT_EQ(CheckConfig(config, reference::AuthorityRole::kReferral, **catalogue),
            absl::OkStatus());
}

TEST(DirectoryOfNodes, TakesNoMoreWitnessesThanANoteHasRoomForAndEachKeyOnce) {
  List list = Good();
  for (int i = 0; i < 60; ++i) {
    const std::string name = "bawaslu-x" + std::to_string(i);
    const auto key = [&](char kind) {
      return *crypto::SigningKey::FromSeed(std::string(30, kind) + std::to_string(10 + i));
    };
    ListedNode* node = list.add_nodes();
    *node = list.nodes(1);
    node->set_node(name);
    node->set_authorities(0, "bawaslu/x" + std::to_string(i));
    node->set_log_key(log::NoteSigner::Make(log::OriginOf(name), key('z'))->VerifierText());
    node->set_witness_key(
        log::Cosigner::Make(log::WitnessKeyNameOf(name), key('w'))->VerifierText());
  }
  NodeConfig config;
  config.set_node("bkn");
  config.mutable_directory()->set_link_listed(true);
  // Somebody outside, whose key a node might claim for itself.
  const auto stolen = *crypto::SigningKey::FromSeed(std::string(30, 'w') + "10");
  config.add_witnesses()->set_verifier_key(
      log::Cosigner::Make("selaras/ombudsman/witness", stolen)->VerifierText());
  ApplyDirectory(Version(list), "referral", nullptr, &config);
  EXPECT_EQ(config.peers_size(), 62);
  const auto has_witness = [](const Peer& peer) { return !peer.witness_key().empty(); };
  EXPECT_EQ(std::count_if(config.peers().begin(), config.peers().end(), has_witness), 47);
  const auto thief = std::find_if(config.peers().begin(), config.peers().end(),
                                  [](const Peer& peer) { return peer.node() == "bawaslu-x0"; });
  ASSERT_NE(thief, config.peers().end());
  EXPECT_FALSE(has_witness(*thief));
}

TEST(DirectoryOfNodes, ANodeDoesNotClaimMoreThanItIsListedFor) {
  const DirectoryVersion directory = Version(Good());
  NodeConfig config;
  config.set_node("bkn");
  config.add_authorities("bkn");
  EXPECT_EQ(CheckOwnListing(directory, "referral", config), absl::OkStatus());
  EXPECT_FALSE(CheckOwnListing(directory, "intake", config).ok());
  config.add_authorities("kasn");
  EXPECT_THAT(std::string(CheckOwnListing(directory, "referral", config).message()),
              HasSubstr("without kasn"));
  config.set_node("new");
  EXPECT_EQ(CheckOwnListing(directory, "referral", config), absl::OkStatus())
      << "its own office goes on working with it";
}

// The directory that a node goes by, in files.
class DirectoryInFiles : public testing::Test {
 protected:
  DirectoryInFiles()
      : folder_(),
        store_(folder_ / "store"),
        log_(clock_, Level::kInfo,
             [this](absl::string_view line) { logged_.append(line.data(), line.size()); }) {
    setting_.set_file(folder_ / "directory.note");
    setting_.set_verifier_key(Keeper().VerifierText());
  }

  void Put(const std::string& note) {
    ASSERT_EQ(WriteFileAtomically(setting_.file(), note), absl::OkStatus());
  }
  absl::StatusOr<std::unique_ptr<DirectoryInForce>> Load() {
    return DirectoryInForce::Load(setting_, store_);
  }

  test::TempDirectory folder_;
  const std::string store_;
  config::v1::SignedDirectory setting_;
  SystemClock clock_;
  std::string logged_;
  Logger log_;
};

TEST_F(DirectoryInFiles, ANodeBelievesNoneThatIsOlderThanOneItHasSeen) {
  Put(Note(Good(7)));
  const auto first = Load();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)->get()->serial(), 7u);
  const auto taken = (*first)->Take(Note(Good(9)));
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_TRUE(taken->newer);
  EXPECT_EQ((*first)->get()->serial(), 9u);
  const auto older = (*first)->Take(Note(Good(8)));
  ASSERT_TRUE(older.ok());
  EXPECT_FALSE(older->newer);
  EXPECT_EQ(older->serial, 8u);
  EXPECT_EQ((*first)->get()->serial(), 9u);
  // Also after a restart with the old file.
  const auto second = Load();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ((*second)->get()->serial(), 9u);
}

TEST_F(DirectoryInFiles, WhatCameByAFileBeforeTheStartIsKeptLikeTheRest) {
  Put(Note(Good(7)));
  ASSERT_EQ((*Load())->Keep(), absl::OkStatus());
  Put(Note(Good(9)));  // while the node is down
  ASSERT_EQ((*Load())->Keep(), absl::OkStatus());
  Put(Note(Good(8)));
  const auto third = Load();
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ((*third)->get()->serial(), 9u);
}

TEST_F(DirectoryInFiles, TwoTextsUnderOneNumberAreReportedAndTheFirstStays) {
  Put(Note(Good(7)));
  const auto directory = Load();
  ASSERT_TRUE(directory.ok());
  ASSERT_EQ((*directory)->Keep(), absl::OkStatus());
  ASSERT_TRUE((*directory)->Take(Note(Good(7))).ok()) << "the same again";
  List other = Good(7);
  other.mutable_nodes()->RemoveLast();
  EXPECT_EQ((*directory)->Take(Note(other)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ((*directory)->get()->list().nodes_size(), 3);
  Put(Note(other));
  const auto again = Load();
  ASSERT_TRUE(again.ok()) << "a keeper's mistake ends no node: " << again.status();
  EXPECT_EQ((*again)->get()->list().nodes_size(), 3);
  DirectoryReload reload(setting_.file(), **again, log_);
  reload.Look();
  EXPECT_THAT(logged_, HasSubstr("another directory of nodes with the serial number 7"));
}

TEST_F(DirectoryInFiles, WhatOthersAddBelowItAccusesNobody) {
  const auto stranger = *log::NoteSigner::Make("stranger", KeyOf('s'));
  const std::string genuine = Note(Good(9));
  const std::string by_stranger = SignText(Good(9), stranger);
  const std::string line = by_stranger.substr(by_stranger.rfind("\n\n") + 2);
  Put(Note(Good(7)));
  const auto directory = Load();
  ASSERT_TRUE(directory.ok());
  const auto taken = (*directory)->Take(genuine + line);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ((*directory)->get()->note(), genuine) << "and is not passed on";
  EXPECT_TRUE((*directory)->Take(genuine).ok());
  Put(genuine);
  EXPECT_TRUE(Load().ok());
}

TEST_F(DirectoryInFiles, ADamagedCopyOfTheNewestIsNotPassedOver) {
  Put(Note(Good(7)));
  ASSERT_EQ(WriteFileAtomically(DirectoryBeside(store_), "damaged"), absl::OkStatus());
  EXPECT_EQ(Load().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(DirectoryInFiles, WhatNobodySignedChangesNothing) {
  Put(Note(Good(7)));
  const auto directory = Load();
  ASSERT_TRUE(directory.ok());
  EXPECT_FALSE((*directory)->Take(SignText(Good(9), Keeper('o'))).ok());
  EXPECT_FALSE((*directory)->Take("junk").ok());
  EXPECT_FALSE((*directory)->Take(std::string(kDirectoryBytesMax + 1, 'x')).ok());
  EXPECT_EQ((*directory)->get()->serial(), 7u);
}

TEST_F(DirectoryInFiles, AReplacedFileIsTakenOverAndAWrongOneToldOnce) {
  Put(Note(Good(7)));
  const auto directory = Load();
  ASSERT_TRUE(directory.ok());
  DirectoryReload reload(setting_.file(), **directory, log_);
  reload.Look();
  EXPECT_EQ(logged_, "");
  Put(Note(Good(8)));
  reload.Look();
  EXPECT_THAT(logged_, HasSubstr("taken over"));
  EXPECT_EQ((*directory)->get()->serial(), 8u);
  logged_.clear();
  Put("junk");
  reload.Look();
  EXPECT_THAT(logged_, HasSubstr("the one in force stays"));
  logged_.clear();
  reload.Look();
  EXPECT_EQ(logged_, "");
  EXPECT_EQ((*directory)->get()->serial(), 8u);
}

TEST_F(DirectoryInFiles, AnotherKeeperBeginsAnew) {
  Put(Note(Good(7)));
  ASSERT_TRUE((*Load())->Take(Note(Good(9))).ok());
  setting_.set_verifier_key(Keeper('o').VerifierText());
  EXPECT_FALSE(Load().ok()) << "the file is the old keeper's";
  Put(SignText(Good(1), Keeper('o')));
  const auto directory = Load();
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ((*directory)->get()->serial(), 1u);
  ASSERT_EQ((*directory)->Keep(), absl::OkStatus());
  EXPECT_EQ((*Load())->get()->note(), SignText(Good(1), Keeper('o')));
}

TEST(SignedText, IsNoDeeperThanItsMessages) {
  config::v1::EnrolmentRequest request;
  const std::string closed(200'000, '}');
  for (const std::string& before : {std::string(), "x: \"" + closed + "\" ",
                                    "x: '\\'" + closed + "' ", "# \"" + closed + "\n"}) {
    std::string deep = before;
    for (int i = 0; i < 100'000; ++i) deep += "a{";
    EXPECT_EQ(PeekText(deep + "\n\n", &request).code(), absl::StatusCode::kInvalidArgument);
  }
  // What stands in a string is no structure.
  EXPECT_EQ(PeekText("node: \"" + std::string(100, '{') + "\"\n\n\n", &request), absl::OkStatus());
}

}  // namespace
}  // namespace selaras::runtime
