#include "services/node/projector.h"

#include <algorithm>
#include <map>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"

namespace selaras::node {
namespace {

using test::ReferralRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ProjectorTest : public NodeTest {
 protected:
  static constexpr absl::string_view kLetter = "021/PP.00.02/K.03.04/10/2024";

  storage::v1::StoredCaseView ViewOf(const test::CaseNode& node, absl::string_view id) const {
    const auto view = LoadCaseView(node.store(), id);
    EXPECT_TRUE(view.ok()) << view.status();
    return *view;
  }
  // What `node` disclosed to `to`, as kinds of facts.
  std::vector<std::string> Disclosed(const test::CaseNode& node, const test::CaseNode& to) const {
    std::vector<std::string> facts;
    const auto events = node.Events();
    for (const auto place : to.DisclosedBy(node)) {
      facts.emplace_back(domain::FactName(events.at(place.value).fact().kind_case()));
    }
    return facts;
  }
  // Entries of a forged log reach BKN as if Bawaslu's node had disclosed them.
  void Forge(const std::vector<event::v1::Event>& events, const node::PeerNode& as) {
    test::CaseNode forger(as, {});
    std::vector<std::string> entries;
    std::vector<base::Sequence> places;
    for (const auto& event : events) {
      places.push_back({entries.size()});
      entries.push_back(event.SerializeAsString());
    }
    ASSERT_TRUE(forger.store().Append({entries, {}, {}}).ok());
    bkn_.CopyOnly(forger, places);
    bkn_.Project();
  }
  static event::v1::Event PartyEvent(absl::string_view author, absl::string_view case_id,
                                     std::uint32_t number) {
    event::v1::Event event;
    event.set_salt("0123456789abcdef");
    event.set_author(std::string(author));
    event.set_case_id(std::string(case_id));
    event.set_party_number(number);
    return event;
  }
  static constexpr absl::string_view kForgedCase = "8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11";
};

TEST_F(ProjectorTest, FindsCasesByEveryNumberThatTheyCarry) {
  const std::string id = RecommendedCase();
  using event::v1::ReferenceKind;
  EXPECT_THAT(bawaslu_.LookUp(event::v1::REFERENCE_KIND_REGISTER, "07/Reg/LP/PB/Kab/03.04/X/2024"),
              ElementsAre(id));
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    EXPECT_THAT(node->LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, kLetter), ElementsAre(id));
    EXPECT_THAT(node->LookUp(event::v1::REFERENCE_KIND_AGENDA, "AG-0007/2024"), ElementsAre(id));
    EXPECT_THAT(node->LookUp(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER,
                             "R-7/B-AK.02.02/SD/F/2024", test::kNip),
                ElementsAre(id));
  }
  EXPECT_THAT(bkn_.LookUp(event::v1::REFERENCE_KIND_REGISTER, "07/Reg/LP/PB/Kab/03.04/X/2024"),
              IsEmpty())
      << "rule 8";
}

TEST_F(ProjectorTest, LooksUpNumbersHoweverTheyAreWritten) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Project();
  EXPECT_THAT(
      bawaslu_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, "  021/pp.00.02/k.03.04/10/2024 "),
      ElementsAre(id));
  EXPECT_THAT(
      bawaslu_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, kLetter, "19800101 200501 1 001"),
      ElementsAre(id));
  EXPECT_THAT(bawaslu_.LookUp(event::v1::REFERENCE_KIND_REGISTER, "07.reg.lp.pb.kab.03.04.x.2024"),
              ElementsAre(id));
  EXPECT_THAT(bawaslu_.LookUp(event::v1::REFERENCE_KIND_AGENDA, kLetter), IsEmpty())
      << "another kind of number";
}

TEST_F(ProjectorTest, ANipTellsCasesUnderOneLetterApart) {
  const std::string one = bawaslu_.Must(Referring("b-1")).case_id();
  const std::string two = bawaslu_.Must(Referring("b-2", test::kOtherNip)).case_id();
  bawaslu_.Project();
  EXPECT_THAT(bawaslu_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, kLetter),
              UnorderedElementsAre(one, two));
  EXPECT_THAT(bawaslu_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, kLetter, test::kOtherNip),
              ElementsAre(two));
}

TEST_F(ProjectorTest, ACorrectedNumberIsFoundToo) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  command::v1::CorrectFact correction;
  correction.set_case_id(outcome.case_id());
  *correction.mutable_position() = outcome.positions(4);
  correction.mutable_fields()->add_paths("personal.references");
  auto* reference = correction.mutable_new_personal()->add_references();
  reference->set_kind(event::v1::REFERENCE_KIND_REFERRAL_LETTER);
  reference->set_raw("022/PP.00.02/K.03.04/10/2024");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  Exchange();
  EXPECT_THAT(
      bkn_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, "022/PP.00.02/K.03.04/10/2024"),
      ElementsAre(outcome.case_id()));
  EXPECT_EQ(bkn_.Case(outcome.case_id())->references(0).raw(), "022/PP.00.02/K.03.04/10/2024");
}

TEST_F(ProjectorTest, AnOfficeEntryIsDisclosedToNobody) {
  bawaslu_.Must(Naming("b-1"));
  Exchange();
  for (const auto* peer : {&bkn_, &ppk_, &padang_}) {
    EXPECT_THAT(Disclosed(bawaslu_, *peer), IsEmpty());
  }
  bawaslu_.Must(Referring("b-2"));
  Exchange();
  EXPECT_THAT(Disclosed(bawaslu_, bkn_), ElementsAre("case_referred"));
  EXPECT_THAT(Disclosed(bawaslu_, ppk_), IsEmpty());
}

TEST_F(ProjectorTest, ALatePartyGetsTheEarlierPartyEntriesOfAllAuthors) {
  const std::string id = RecommendedCase();
  EXPECT_THAT(Disclosed(bawaslu_, ppk_), ElementsAre("case_referred"));
  EXPECT_THAT(Disclosed(bkn_, ppk_),
              ElementsAre("case_received", "case_verified", "sanction_recommended"));
  EXPECT_EQ(ppk_.Case(id)->party_digest(), bkn_.Case(id)->party_digest());
  EXPECT_EQ(ppk_.Case(id)->party_digest(), bawaslu_.Case(id)->party_digest());
}

TEST_F(ProjectorTest, NothingOfACaseReachesWhoIsNoParty) {
  RecommendedCase();
  EXPECT_THAT(Disclosed(bawaslu_, padang_), IsEmpty());
  EXPECT_THAT(Disclosed(bkn_, padang_), IsEmpty());
  for (const log::Mirror* mirror : padang_.store().mirrors()) {
    EXPECT_GT(mirror->size().value, 0u) << "hashes are for everybody";
    EXPECT_EQ(mirror->entries_held(), 0u);
  }
}

TEST_F(ProjectorTest, WhoLearnedOfACaseLearnsThatItWasTakenBack) {
  const auto referred = bawaslu_.Must(Referring("b-1"));
  const std::string id = referred.case_id();
  Exchange();
  EXPECT_EQ(bkn_.Case(id)->waiting_for(), "bkn");
  bawaslu_.Must(test::IntakeRequest("b-2", VoidOf(id, referred.positions(4))));
  Exchange();
  EXPECT_THAT(Disclosed(bawaslu_, bkn_), ElementsAre("case_referred", "fact_voided"));
  EXPECT_EQ(test::ReasonIn(bkn_.Execute(ReferralRequest("k-1", test::SomeReceipt(id))).status()),
            "NOT_HERE_YET");
}

TEST_F(ProjectorTest, ATakenBackRecommendationReachesThePpkAndItsSuccessorInTheCase) {
  const std::string id = RecommendedCase();
  event::v1::Position recommended;
  recommended.set_log("bkn");
  recommended.set_sequence(2);
  auto elsewhere = test::SomeRecommendation(id);
  elsewhere.set_to("ppk/13.05");
  bkn_.Must(ReferralRequest("k-3", VoidOf(id, recommended)));
  bkn_.Must(ReferralRequest("k-4", elsewhere));
  Exchange();
  EXPECT_EQ(
      test::ReasonIn(ppk_.Execute(test::SanctionRequest("p-1", test::SomePpkReceipt(id))).status()),
      "NOT_YOUR_CASE");
  Request receipt = test::SanctionRequest("p-1", test::SomePpkReceipt(id));
  receipt.header.set_authority("ppk/13.05");
  padang_.Must(receipt);
  Exchange();
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) {
    ASSERT_TRUE(node->Case(id).ok()) << node->name();
    EXPECT_EQ(node->Case(id)->state(), node == &ppk_ ? query::v1::CASE_STATE_RECOMMENDED
                                                     : query::v1::CASE_STATE_RECEIVED_BY_PPK)
        << "the two PPKs have no link with each other: " << node->name();
  }
}

TEST_F(ProjectorTest, AWrongAddresseeThatTookItsReceiptBackLeavesRoomForTheRightOne) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  auto elsewhere = test::SomeRecommendation(id);
  elsewhere.set_to("ppk/13.05");
  const auto misdirected = bkn_.Must(ReferralRequest("k-1", test::SomeReceipt(id), elsewhere));
  Exchange();
  Request receipt = test::SanctionRequest("p-1", test::SomePpkReceipt(id));
  receipt.header.set_authority("ppk/13.05");
  const auto received = padang_.Must(receipt);
  Request taken_back = test::SanctionRequest("p-2", VoidOf(id, received.positions(0)));
  taken_back.header.set_authority("ppk/13.05");
  padang_.Must(taken_back);
  Exchange();
  bkn_.Must(ReferralRequest("k-2", VoidOf(id, misdirected.positions(1))));
  bkn_.Must(ReferralRequest("k-3", test::SomeRecommendation(id)));
  Exchange();
  ppk_.Must(test::SanctionRequest("p-3", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    EXPECT_EQ(node->Case(id)->state(), query::v1::CASE_STATE_DECIDED) << node->name();
    EXPECT_EQ(node->Case(id)->holder(), "ppk/13.04") << node->name();
    EXPECT_EQ(node->Case(id)->party_digest(), ppk_.Case(id)->party_digest()) << node->name();
  }
}

TEST_F(ProjectorTest, PartyEntriesWaitForThoseThatAreMissing) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  command::v1::CorrectFact correction;
  correction.set_case_id(outcome.case_id());
  *correction.mutable_position() = outcome.positions(4);
  correction.mutable_fields()->add_paths("occurred_at");
  correction.set_reason("salah ketik");
  for (int day = 12; day < 15; ++day) {
    *correction.mutable_new_occurred_at() = test::On(absl::StrCat("2024-10-", day));
    bawaslu_.Must(test::IntakeRequest(absl::StrCat("b-", day), correction));
  }
  bkn_.CopyOnly(bawaslu_, {{7}});
  bkn_.Project();
  bkn_.CopyOnly(bawaslu_, {{5}});
  bkn_.Project();
  EXPECT_EQ(ViewOf(bkn_, outcome.case_id()).pending_size(), 2);
  EXPECT_TRUE(absl::IsNotFound(bkn_.Case(outcome.case_id()).status()))
      << "nobody is a party of what cannot be folded yet";
  bkn_.CopyOnly(bawaslu_, {{4}});
  bkn_.Project();
  ASSERT_TRUE(bkn_.Case(outcome.case_id()).ok());
  EXPECT_EQ(bkn_.Case(outcome.case_id())->since().date(), "2024-10-12");
  EXPECT_TRUE(bkn_.Case(outcome.case_id())->sections(0).incomplete());
  ASSERT_EQ(bkn_.Case(outcome.case_id())->awaits_size(), 1);
  EXPECT_EQ(bkn_.Case(outcome.case_id())->awaits(0).log(), "bawaslu-13");
  EXPECT_EQ(bkn_.Case(outcome.case_id())->awaits(0).needed_by(), "");
  bkn_.CopyOnly(bawaslu_, {{6}});
  bkn_.Project();
  EXPECT_EQ(bkn_.Case(outcome.case_id())->since().date(), "2024-10-14");
  EXPECT_FALSE(bkn_.Case(outcome.case_id())->sections(0).incomplete());
  EXPECT_EQ(bkn_.Case(outcome.case_id())->awaits_size(), 0);
  EXPECT_EQ(ViewOf(bkn_, outcome.case_id()).pending_size(), 0);
  EXPECT_EQ(bkn_.Case(outcome.case_id())->party_digest(),
            bawaslu_.Case(outcome.case_id())->party_digest());
}

TEST_F(ProjectorTest, AnEntryByWhomTheLogDoesNotBelongToIsKeptOut) {
  auto event = PartyEvent("bawaslu/12", kForgedCase, 1);
  event.mutable_fact()->mutable_case_referred()->add_parties("bkn");
  Forge({event}, test::BawasluNode());
  const auto view = ViewOf(bkn_, kForgedCase);
  EXPECT_THAT(view.contradictions(),
              ElementsAre(HasSubstr("bawaslu-13@0: bawaslu/12 does not write into the log")));
  EXPECT_FALSE(view.has_foreign());
  const auto row = bkn_.store().Get(log::Table::kView, rows::Contradiction("bawaslu-13", {0}));
  EXPECT_TRUE(row.ok() && row->has_value());
}

TEST_F(ProjectorTest, AFactOfAnotherRoleIsKeptOut) {
  auto event = PartyEvent("bawaslu/13", kForgedCase, 1);
  event.mutable_fact()->mutable_sanction_decided()->set_sanction("B-1");
  auto own_section = PartyEvent("bawaslu/13", kForgedCase, 1);
  own_section.mutable_fact()->mutable_case_received();
  Forge({event, own_section}, test::BawasluNode());
  EXPECT_THAT(ViewOf(bkn_, kForgedCase).contradictions(),
              ElementsAre(HasSubstr("may not state sanction_decided"),
                          HasSubstr("may not state case_received")));
}

TEST_F(ProjectorTest, AnEntryThatIsNoPartyEntryIsKeptOut) {
  auto office = PartyEvent("bawaslu/13", kForgedCase, 0);
  office.mutable_fact()->mutable_case_reviewed();
  auto no_id = PartyEvent("bawaslu/13", "not-a-case", 1);
  no_id.mutable_fact()->mutable_case_referred();
  auto report = PartyEvent("bawaslu/13", kForgedCase, 1);
  report.set_report_id(std::string(kForgedCase));
  Forge({office, no_id, report}, test::BawasluNode());
  EXPECT_THAT(ViewOf(bkn_, kForgedCase).contradictions(),
              ElementsAre(HasSubstr("no party entry was disclosed")));
  for (std::uint64_t place = 0; place < 3; ++place) {
    EXPECT_TRUE(bkn_.store()
                    .Get(log::Table::kView, rows::Contradiction("bawaslu-13", {place}))
                    ->has_value());
  }
  EXPECT_FALSE(bkn_.store().Get(log::Table::kView, rows::CaseView("not-a-case"))->has_value());
}

TEST_F(ProjectorTest, BytesThatAreNoEventAreKeptOutAndDoNotStopTheRest) {
  test::CaseNode forger(test::BawasluNode(), {});
  auto good = PartyEvent("bawaslu/13", kForgedCase, 1);
  good.mutable_fact()->mutable_case_referred()->add_parties("bkn");
  ASSERT_TRUE(forger.store().Append({{"\xff\xff", good.SerializeAsString()}, {}, {}}).ok());
  bkn_.CopyOnly(forger, {{0}, {1}});
  bkn_.Project();
  EXPECT_TRUE(
      bkn_.store().Get(log::Table::kView, rows::Contradiction("bawaslu-13", {0}))->has_value());
  EXPECT_TRUE(bkn_.Case(kForgedCase).ok());
}

TEST_F(ProjectorTest, ANumberThatStandsTwiceIsKeptOut) {
  auto first = PartyEvent("bawaslu/13", kForgedCase, 1);
  first.mutable_fact()->mutable_case_referred()->add_parties("bkn");
  auto again = first;
  again.set_trace_id("again");
  auto early = PartyEvent("bawaslu/13", kForgedCase, 3);
  auto early_again = early;
  early_again.set_trace_id("again");
  auto second = PartyEvent("bawaslu/13", kForgedCase, 2);
  Forge({first, again, early, early_again, second}, test::BawasluNode());
  const auto view = ViewOf(bkn_, kForgedCase);
  EXPECT_THAT(view.contradictions(), ElementsAre(HasSubstr("@1: party entry 1 stands twice"),
                                                 HasSubstr("@3: party entry 3 stands twice")));
  EXPECT_EQ(view.pending_size(), 0);
  EXPECT_EQ(view.foreign().segments(0).party_entries(), 3u);
}

TEST_F(ProjectorTest, OfANumberThatStandsTwiceTheFirstOfItsLogCountsWhicheverCameFirst) {
  auto first = PartyEvent("bawaslu/13", kForgedCase, 1);
  first.mutable_fact()->mutable_case_referred()->add_parties("bkn");
  auto second = PartyEvent("bawaslu/13", kForgedCase, 2);
  second.mutable_fact()->mutable_case_supplemented();
  auto first_again = first, second_again = second;
  first_again.set_trace_id("again");
  second_again.set_trace_id("again");
  test::CaseNode forger(test::BawasluNode(), {});
  ASSERT_TRUE(forger.store()
                  .Append({{first.SerializeAsString(), second.SerializeAsString(),
                            first_again.SerializeAsString(), second_again.SerializeAsString()},
                           {},
                           {}})
                  .ok());
  for (const std::uint64_t place : {2, 3, 0, 1}) {
    bkn_.CopyOnly(forger, {{place}});
    bkn_.Project();
  }
  const auto view = ViewOf(bkn_, kForgedCase);
  EXPECT_THAT(view.contradictions(),
              UnorderedElementsAre(HasSubstr("@2: party entry 1 stands twice"),
                                   HasSubstr("@3: party entry 2 stands twice")));
  ASSERT_EQ(view.foreign().segments_size(), 1);
  const auto& segment = view.foreign().segments(0);
  ASSERT_EQ(segment.facts_size(), 2);
  EXPECT_EQ(segment.facts(0).position().sequence(), 0u);
  EXPECT_EQ(segment.facts(1).position().sequence(), 1u);
  EXPECT_EQ(segment.revision(), 2u);
  EXPECT_EQ(view.entries_size(), 2);
  EXPECT_EQ(view.pending_size(), 0);
}

TEST_F(ProjectorTest, WhoWritesIntoACaseThatWasNeverHandedToItMovesNothing) {
  const std::string id = RecommendedCase();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id)));
  Exchange();
  auto intruder = PartyEvent("ppk/13.05", id, 1);
  intruder.mutable_fact()->mutable_sanction_decided()->set_sanction("M-T");
  intruder.mutable_plain()->add_references()->set_raw("800/99/2024");
  intruder.mutable_plain()->mutable_references(0)->set_kind(event::v1::REFERENCE_KIND_DECREE);
  ASSERT_TRUE(padang_.store().Append({{intruder.SerializeAsString()}, {}, {}}).ok());
  bkn_.CopyOnly(padang_, {{0}});
  bkn_.Project();
  const auto seen = *bkn_.Case(id);
  EXPECT_EQ(seen.state(), query::v1::CASE_STATE_RECEIVED_BY_PPK);
  EXPECT_EQ(seen.sanction_imposed(), "");
  EXPECT_THAT(seen.contradictions(), ElementsAre(HasSubstr("ppk/13.05 answers nothing")));
  EXPECT_EQ(seen.party_digest(), bawaslu_.Case(id)->party_digest());
  query::v1::ListCasesRequest request;
  request.set_contradicted(true);
  EXPECT_EQ(bkn_.reader().ListCases(request, bkn_.viewer(), bkn_.now)->cases_size(), 1);
  EXPECT_EQ(bawaslu_.reader().ListCases(request, bawaslu_.viewer(), bawaslu_.now)->cases_size(), 0)
      << "it has not heard the intruder";
}

TEST_F(ProjectorTest, ItDoesNotMatterWhetherTheWrongAddresseeIsHeardFirstInBetweenOrLast) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  auto elsewhere = test::SomeRecommendation(id);
  elsewhere.set_to("ppk/13.05");
  const auto misdirected = bkn_.Must(ReferralRequest("k-1", test::SomeReceipt(id), elsewhere));
  Exchange();
  const auto as_padang = [](Request request) {
    request.header.set_authority("ppk/13.05");
    return request;
  };
  const auto received =
      padang_.Must(as_padang(test::SanctionRequest("p-1", test::SomePpkReceipt(id))));
  padang_.Must(as_padang(test::SanctionRequest("p-2", VoidOf(id, received.positions(0)))));
  for (test::CaseNode* node : {&padang_, &bkn_}) {
    node->Project();
    Pair(padang_, bkn_);
  }
  bkn_.Project();
  bkn_.Must(ReferralRequest("k-2", VoidOf(id, misdirected.positions(1))));
  bkn_.Must(ReferralRequest("k-3", test::SomeRecommendation(id)));
  bkn_.Project();
  ppk_.Copy(bkn_);
  bawaslu_.Copy(bkn_);
  bawaslu_.Project();
  ppk_.Copy(bawaslu_);
  ppk_.Project();
  ppk_.Must(test::SanctionRequest("p-3", test::SomePpkReceipt(id), test::SomeDecision(id)));
  ppk_.Project();

  const std::vector<base::Sequence> wrong = {{0}, {1}};
  for (std::size_t before = 0; before <= wrong.size(); ++before) {
    test::CaseNode listener(test::BawasluNode(),
                            {test::BknNode(), test::TanahDatar(), test::Padang()});
    ASSERT_EQ(listener.Must(Referring("b-1")).case_id(), id) << "the same node once more";
    listener.Project();
    listener.Copy(bkn_);
    for (std::size_t i = 0; i < before; ++i) {
      listener.CopyOnly(padang_, {wrong[i]});
      listener.Project();
    }
    listener.Copy(ppk_);
    listener.Project();
    for (std::size_t i = before; i < wrong.size(); ++i) {
      listener.CopyOnly(padang_, {wrong[i]});
      listener.Project();
    }
    const auto seen = *listener.Case(id);
    EXPECT_EQ(seen.state(), query::v1::CASE_STATE_DECIDED) << before;
    EXPECT_EQ(seen.holder(), "ppk/13.04") << before;
    EXPECT_THAT(seen.contradictions(), IsEmpty()) << before;
    EXPECT_EQ(seen.party_digest(), ppk_.Case(id)->party_digest()) << before;
    EXPECT_EQ(ViewOf(listener, id).pending_size(), 0) << before;
    EXPECT_EQ(ViewOf(listener, id).entries_size(), 8) << before;
  }
}

TEST_F(ProjectorTest, EverythingDerivedCanBeBuiltAnewFromTheLogs) {
  const std::string id = RecommendedCase();
  const std::string other = bawaslu_.Must(Referring("b-2", test::kOtherNip)).case_id();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) {
    std::map<std::string, std::string> before;
    std::vector<log::RowWrite> drop;
    node->Watch();
    ASSERT_TRUE(node->store()
                    .Scan(log::Table::kView, "", "",
                          [&](absl::string_view key, absl::string_view value) {
                            before.emplace(key, value);
                            drop.push_back({log::Table::kView, std::string(key), std::nullopt});
                            return true;
                          })
                    .ok());
    ASSERT_TRUE(node->store().Write(drop, log::Durability::kSynced).ok());
    node->Crash();
    node->Watch();
    std::map<std::string, std::string> after;
    ASSERT_TRUE(node->store()
                    .Scan(log::Table::kView, "", "",
                          [&](absl::string_view key, absl::string_view value) {
                            after.emplace(key, value);
                            return true;
                          })
                    .ok());
    EXPECT_NE(after.at("epoch"), before.at("epoch")) << "a list that is built anew says so";
    for (auto* rows : {&before, &after}) {
      std::erase_if(*rows, [](const auto& row) {
        return row.first == "epoch" || row.first == "to-watch" ||
               absl::StartsWith(row.first, "change") || absl::StartsWith(row.first, "disclosed/") ||
               absl::StartsWith(row.first, "may-see/");
      });
      for (auto& [key, value] : *rows) {
        if (!absl::StartsWith(key, "case/")) continue;
        storage::v1::StoredCaseView view;
        ASSERT_TRUE(view.ParseFromString(value));
        view.clear_cursor();  // counts what was handled, in which steps ever
        std::sort(view.mutable_entries()->begin(), view.mutable_entries()->end(),
                  [](const auto& a, const auto& b) {
                    return std::pair(a.log(), a.sequence()) < std::pair(b.log(), b.sequence());
                  });
        value = view.SerializeAsString();
      }
    }
    EXPECT_EQ(after, before) << node->name();
  }
  EXPECT_EQ(bkn_.Case(id)->party_digest(), ppk_.Case(id)->party_digest());
  EXPECT_TRUE(bkn_.Case(other).ok());
}

TEST_F(ProjectorTest, WhatWasDerivedWithAnotherDirectoryIsDerivedAnew) {
  const std::string id = RecommendedCase();
  const Directory mistaken(test::ShippedCatalogue(), test::BknNode(),
                           {{"bawaslu-13", {"bawaslu/12"}}, test::TanahDatar(), test::Padang()});
  Projector other(bkn_.store(), mistaken, bkn_.engine().keys(), bkn_.opener(), nullptr);
  ASSERT_TRUE(other.Open(bkn_.random()).ok());
  EXPECT_FALSE(*other.CaughtUp());
  while (*other.Step()) {
  }
  EXPECT_FALSE(ViewOf(bkn_, id).has_foreign()) << "Bawaslu is somebody else there";
  EXPECT_THAT(ViewOf(bkn_, id).contradictions(), ElementsAre(HasSubstr("bawaslu/13 does not")));
  const auto disclosed = ppk_.DisclosedBy(bkn_);
  bkn_.Crash();
  bkn_.Project();
  EXPECT_THAT(bkn_.Case(id)->contradictions(), IsEmpty());
  EXPECT_EQ(bkn_.Case(id)->party_digest(), ppk_.Case(id)->party_digest());
  EXPECT_EQ(ppk_.DisclosedBy(bkn_), disclosed) << "peers remember how far they have read";
  EXPECT_THAT(bkn_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, kLetter), ElementsAre(id));
}

TEST_F(ProjectorTest, ACrashRepeatsWhatWasNotDurableAndKeepsListsInTheirOrder) {
  const std::string id = RecommendedCase();
  const auto list = ppk_.DisclosedBy(bkn_);
  ASSERT_EQ(list.size(), 3u);
  for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) {
    node->Crash();
    node->Project();
  }
  EXPECT_EQ(ppk_.DisclosedBy(bkn_), list);
  Exchange();
  EXPECT_EQ(bkn_.Case(id)->party_digest(), ppk_.Case(id)->party_digest());
  EXPECT_THAT(ppk_.Case(id)->contradictions(), IsEmpty()) << "nothing was folded twice";
}

TEST_F(ProjectorTest, AListFromWhichAPeerMayHaveReadIsDurable) {
  bawaslu_.Must(Referring("b-1"));
  bawaslu_.Project();
  const auto list = bkn_.DisclosedBy(bawaslu_);
  ASSERT_EQ(list.size(), 1u);
  bawaslu_.Crash();
  EXPECT_EQ(bkn_.DisclosedBy(bawaslu_), list) << "not only after it was derived again";
}

TEST_F(ProjectorTest, SaysOnceWhoseLinksHaveSomethingToDo) {
  bawaslu_.Must(Naming("b-1"));
  bawaslu_.Project();
  EXPECT_THAT(bawaslu_.projector().TakeLinksDue(), IsEmpty()) << "it is nobody else's case yet";
  bawaslu_.Must(Referring("b-2"));
  ASSERT_TRUE(bawaslu_.ProjectSome());
  bawaslu_.Must(Referring("b-3"));
  ASSERT_TRUE(bawaslu_.ProjectSome());
  EXPECT_THAT(bawaslu_.projector().TakeLinksDue(), ElementsAre("bkn"));
  EXPECT_THAT(bawaslu_.projector().TakeLinksDue(), IsEmpty());
}

TEST_F(ProjectorTest, AStepIsBoundedAndSaysWhetherThereWasAnything) {
  for (int i = 0; i < 200; ++i) bawaslu_.Must(Naming(absl::StrCat("b-", i)));
  EXPECT_FALSE(*bawaslu_.projector().CaughtUp());
  EXPECT_TRUE(bawaslu_.ProjectSome());
  EXPECT_FALSE(*bawaslu_.projector().CaughtUp()) << "400 entries are more than one step";
  EXPECT_TRUE(bawaslu_.ProjectSome());
  EXPECT_TRUE(*bawaslu_.projector().CaughtUp());
  EXPECT_FALSE(bawaslu_.ProjectSome());
}

// However many peers have come back: nobody waits for all that they bring, and none for another.
TEST_F(ProjectorTest, OfWhatOthersWroteAStepHandlesSomeAndTheNextBeginsWithAnother) {
  constexpr std::uint64_t kEach = 600;
  const std::vector<PeerNode> others = {test::BawasluNode(), test::TanahDatar(), test::Padang()};
  for (const PeerNode& other : others) {
    test::CaseNode forger(other, {});
    std::vector<base::Sequence> places;
    for (std::uint64_t i = 0; i < kEach; ++i) {
      const event::v1::Event event = PartyEvent("bawaslu/12", kForgedCase, 1);
      ASSERT_TRUE(forger.store().Append({{event.SerializeAsString()}, {}, {}}).ok());
      places.push_back({i});
    }
    bkn_.CopyOnly(forger, places);
  }
  const auto handled = [&](const PeerNode& other) {
    const auto row = bkn_.store().Get(log::Table::kView, rows::Cursor(other.node));
    return *row ? rows::DecodeNumber(**row) : 0;
  };
  const auto all = [&] {
    std::uint64_t sum = 0;
    for (const PeerNode& other : others) sum += handled(other);
    return sum;
  };
  for (std::uint64_t before = 0; bkn_.ProjectSome(); before = all()) {
    EXPECT_GT(all(), before);
    EXPECT_LE(all(), before + 256);
    if (all() < 3 * 256) continue;
    for (const PeerNode& other : others) EXPECT_GT(handled(other), 0u) << other.node;
  }
  EXPECT_EQ(all(), others.size() * kEach);
  EXPECT_TRUE(*bkn_.projector().CaughtUp());
}

TEST_F(ProjectorTest, NeitherOwnLogRunsAheadOfTheOther) {
  for (int i = 0; i < 200; ++i) {
    bawaslu_.now += absl::Seconds(1);
    bawaslu_.Must(Naming(absl::StrCat("b-", i)));
  }
  ASSERT_TRUE(bawaslu_.ProjectSome());
  const auto handled = [&](const log::LogReader& log) {
    return rows::DecodeNumber(
        bawaslu_.store().Get(log::Table::kView, rows::Cursor(log.name()))->value_or(""));
  };
  const auto shared = handled(bawaslu_.store().shared());
  const auto kept = handled(bawaslu_.store().private_log());
  ASSERT_GT(shared, 0u);
  ASSERT_GT(kept, 0u);
  ASSERT_LT(shared, bawaslu_.Events().size());
  const auto last = bawaslu_.Events()[shared - 1].recorded_at().seconds();
  EXPECT_EQ(bawaslu_.PrivateEvents()[kept - 1].recorded_at().seconds(), last);
  ASSERT_LT(kept, bawaslu_.PrivateEvents().size());
  EXPECT_GT(bawaslu_.PrivateEvents()[kept].recorded_at().seconds(), last);
}

TEST_F(ProjectorTest, WaitingForAPositionEndsWhenItIsHandled) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  const event::v1::Position& referred = outcome.positions(4);
  const absl::Status early = bawaslu_.projector().WaitFor(referred, absl::ZeroDuration());
  EXPECT_TRUE(absl::IsDeadlineExceeded(early));
  EXPECT_EQ(test::ReasonIn(early), "NOT_HERE_YET");
  std::thread later([&] { bawaslu_.Project(); });
  EXPECT_TRUE(bawaslu_.projector().WaitFor(referred, absl::Seconds(60)).ok());
  later.join();

  EXPECT_EQ(test::FieldIn(bkn_.projector().WaitFor(referred, absl::ZeroDuration())),
            "min_positions")
      << "that log is not here at all";
  bkn_.CopyOnly(bawaslu_, {});
  EXPECT_TRUE(absl::IsDeadlineExceeded(bkn_.projector().WaitFor(referred, absl::ZeroDuration())));
  bkn_.Copy(bawaslu_);
  bkn_.Project();
  EXPECT_TRUE(bkn_.projector().WaitFor(referred, absl::ZeroDuration()).ok());
}

}  // namespace
}  // namespace selaras::node
