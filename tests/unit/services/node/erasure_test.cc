// What is left of a case that was erased, for somebody who has everything.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "node_test_base.h"
#include "services/domain/refusal.h"
#include "services/node/blinding.h"
#include "services/node/engine.h"
#include "services/node/keys.h"
#include "services/node/link_keys.h"
#include "services/node/look_up.h"
#include "services/node/recovered_rows.h"
#include "services/node/rewrap.h"
#include "services/node/rows.h"
#include "services/node/seal.h"
#include "services/node/subjects.h"
#include "storage/merkle/prove.h"
#include "tests/support/rows_of.h"

namespace selaras::node {
namespace {

using test::RowsOf;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr absl::string_view kOtherNip = "197801012005011002";

const vault::WrappingKeys& Old() { return test::SomeWrappingKeys(); }
// What is left in the folder at last.
const vault::WrappingKeys& Newest() {
  static const auto& keys = *new vault::WrappingKeys({std::string(32, 'n')});
  return keys;
}
// While secrets move from one to the other.
const vault::WrappingKeys& Both() {
  static const auto& keys = *new vault::WrappingKeys({std::string(32, 'w'), std::string(32, 'n')});
  return keys;
}

// All files of a node as they were at some time: what a disk, or a backup, still holds.
struct Copy {
  std::vector<std::string> entries;
  std::map<std::string, std::string> secrets;
  std::map<std::string, std::string> requests;
  std::string rows;  // of all other tables
};

Copy CopyOf(const test::CaseNode& node) {
  Copy copy;
  const auto add = [&](const log::LogReader& log) {
    for (std::uint64_t i = 0; i < log.size().value; ++i) {
      const auto entry = log.Entry({i});
      if (entry.ok() && *entry) copy.entries.push_back(**entry);
    }
  };
  add(node.store().shared());
  add(node.store().private_log());
  for (const log::Mirror* mirror : node.store().mirrors()) add(*mirror);
  for (auto& [key, value] : RowsOf(node.store(), log::Table::kSecret)) copy.secrets[key] = value;
  for (auto& [key, value] : RowsOf(node.store(), log::Table::kRequest)) copy.requests[key] = value;
  for (const auto table : {log::Table::kState, log::Table::kView}) {
    for (const auto& [key, value] : RowsOf(node.store(), table)) copy.rows += key + value;
  }
  return copy;
}

// Somebody who has every copy that was ever made and the wrapping keys of one day.
class Attacker {
 public:
  Attacker(const std::vector<Copy>& copies, const vault::WrappingKeys& wrapping) : copies_(copies) {
    for (const Copy& copy : copies) {
      for (const auto& [row, wrapped] : copy.secrets) {
        const auto key = wrapping.Unwrap(row, wrapped);
        if (key.ok()) keys_[row].insert(*key);
      }
    }
  }

  // Everything that any key opens in any entry.
  std::string Read() const {
    std::string text;
    for (const Copy& copy : copies_) {
      for (const std::string& entry : copy.entries) {
        const auto event = ParseEvent(entry);
        if (!event.ok() || !event->has_sealed()) continue;
        for (const auto& [row, keys] : keys_) {
          for (const std::string& key : keys) {
            const auto part = OpenPart(*event, key);
            if (part.ok()) text += part->SerializeAsString();
          }
        }
      }
    }
    return text;
  }

  // Whether a guess of what somebody asked can be told from a wrong one.
  bool CanConfirm(const std::string& digest) const {
    for (const Copy& copy : copies_) {
      for (const auto& [tag, bytes] : copy.requests) {
        storage::v1::StoredRequest request;
        if (!request.ParseFromString(bytes)) continue;
        std::vector<std::string> found = {request.digest()};
        for (const std::string& row : request.blinded_by()) {
          std::vector<std::string> next;
          const auto keys = keys_.find(row);
          if (keys == keys_.end()) continue;
          for (const std::string& key : keys->second) {
            for (const std::string& one : found) next.push_back(Blind(one, tag, {{row, key}}));
          }
          found.insert(found.end(), next.begin(), next.end());
        }
        for (const std::string& one : found) {
          if (one == digest) return true;
        }
      }
    }
    return false;
  }

  // The same of a number that is looked up.
  bool CanFind(const std::string& look_up_key) const {
    for (const Copy& copy : copies_) {
      if (copy.rows.find(look_up_key) != std::string::npos) return true;
    }
    return false;
  }

 private:
  const std::vector<Copy>& copies_;
  std::map<std::string, std::set<std::string>> keys_;
};

class ErasureTest : public NodeTest {
 protected:
  // A case that BKN dismissed.
  std::string DismissedCase(const std::string& id, absl::string_view nip = test::kNip) {
    const std::string case_id = bawaslu_.Must(Referring(absl::StrCat("b-", id), nip)).case_id();
    Exchange();
    bkn_.Must(test::ReferralRequest(absl::StrCat("k-", id), test::SomeReceipt(case_id),
                                    test::SomeVerification(case_id, false),
                                    test::SomeDismissal(case_id)));
    Exchange();
    return case_id;
  }
  template <typename Command>
  static Command About(const std::string& case_id) {
    Command command;
    command.mutable_case_ref()->set_case_id(case_id);
    return command;
  }
  static command::v1::OrderErasure Order(const std::string& case_id) {
    auto command = About<command::v1::OrderErasure>(case_id);
    command.set_ground("putusan");
    return command;
  }
  static command::v1::AnswerErasure Consent(const std::string& case_id,
                                            const command::v1::CommandOutcome& order) {
    auto answer = About<command::v1::AnswerErasure>(case_id);
    *answer.mutable_order() = order.positions(0);
    answer.set_consents(true);
    return answer;
  }
  // Of a case that ended at Bawaslu, which alone wrote in it.
  void EraseAtBawaslu(const std::string& case_id, const std::string& name) {
    const auto order = bawaslu_.Must(test::IntakeRequest("b-order-" + name, Order(case_id)));
    bawaslu_.Must(test::IntakeRequest("b-erase-" + name, Consent(case_id, order),
                                      About<command::v1::EraseCase>(case_id)));
    bawaslu_.Project();
  }
  static intake::v1::ReviewCase Rejection() {
    intake::v1::ReviewCase rejected = test::SomeReview();
    rejected.set_accepted(false);
    rejected.set_reason("formal");
    return rejected;
  }
  void Agree(const std::string& case_id) {
    const auto order = bawaslu_.Must(test::IntakeRequest("b-order", Order(case_id)));
    bawaslu_.Must(test::IntakeRequest("b-answer", Consent(case_id, order)));
    Exchange();
    bkn_.Must(test::ReferralRequest("k-answer", Consent(case_id, order)));
    Exchange();
  }
  void Erase(const std::string& case_id) {
    bawaslu_.Must(test::IntakeRequest("b-erase", About<command::v1::EraseCase>(case_id)));
    bkn_.Must(test::ReferralRequest("k-erase", About<command::v1::EraseCase>(case_id)));
    Exchange();
  }
  // Ends with new wrapping keys on every node.
  void Renew() {
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) {
      const auto done = Rewrap(node->store(), Both(), node->random(), [](std::uint64_t) {});
      ASSERT_TRUE(done.ok()) << done.status();
    }
  }
  std::vector<Copy> Copies() const { return {CopyOf(bawaslu_), CopyOf(bkn_), CopyOf(ppk_)}; }
  void KeepCopies() {
    for (Copy& copy : Copies()) copies_.push_back(std::move(copy));
  }

  std::vector<Copy> copies_;
};

TEST_F(ErasureTest, WhoHasEveryFileThatWasEverWrittenAndTodaysKeysReadsNothingOfTheCase) {
  const std::string erased = DismissedCase("1");
  const std::string kept = DismissedCase("2", kOtherNip);
  KeepCopies();
  const std::vector<std::string> personal = {std::string(test::kNip), "Budi Penyampai",
                                             "080000000001", "Terlihat membagikan kaus"};
  for (const std::string& word : personal) {
    EXPECT_THAT(Attacker(copies_, Old()).Read(), HasSubstr(word)) << "the attack works";
  }
  Agree(erased);
  Erase(erased);
  KeepCopies();
  EXPECT_THAT(Attacker(Copies(), Old()).Read(), Not(HasSubstr(std::string(test::kNip))))
      << "the node itself reads nothing any more";
  Renew();
  KeepCopies();
  const std::string read = Attacker(copies_, Newest()).Read();
  EXPECT_THAT(read, Not(HasSubstr(std::string(test::kNip))));
  EXPECT_THAT(read, HasSubstr(std::string(kOtherNip))) << "the other case is there as before";
  EXPECT_THAT(read, HasSubstr("Budi Penyampai")) << "of the other report";
  const std::string row = rows::KeptKey(bawaslu_.Case(erased)->report_id(), "bawaslu/13");
  EXPECT_TRUE(*bawaslu_.subject_keys().IsErased(row, nullptr));
}

TEST_F(ErasureTest, NoDigestOfAPersonOutlivesTheKeysOfTheCase) {
  const std::string id = DismissedCase("1");
  KeepCopies();
  const NodeKeys before = *NodeKeys::Load(bawaslu_.store(), Old());
  const std::string digest(before.RequestDigest(CanonicalRequest(Referring("b-1"))).view());
  EXPECT_TRUE(Attacker(copies_, Old()).CanConfirm(digest)) << "the attack works";
  EXPECT_TRUE(Attacker(copies_, Old()).CanFind(NipKey(before, test::kNip)));
  Agree(id);
  Erase(id);
  Renew();
  KeepCopies();
  const NodeKeys today = *NodeKeys::Load(bawaslu_.store(), Newest());
  const Attacker attacker(copies_, Newest());
  EXPECT_EQ(std::string(today.RequestDigest(CanonicalRequest(Referring("b-1"))).view()), digest)
      << "the key of requests stays, so that repeats are known";
  EXPECT_FALSE(attacker.CanConfirm(digest));
  EXPECT_FALSE(attacker.CanFind(NipKey(today, test::kNip)));
  EXPECT_NE(today.LookUpName(), before.LookUpName());
  const std::string code = before.ReceiptCode("bawaslu/13", "r", "q");
  EXPECT_EQ(today.ReceiptTag(code), before.ReceiptTag(code)) << "codes of reporters stay valid";
}

TEST_F(ErasureTest, TheCaseStaysWithItsStepsItsPlaceInTheTreeAndItsCount) {
  const std::string id = DismissedCase("1");
  Agree(id);
  const auto before = *bkn_.Case(id);
  const base::Digest root = *merkle::RootAt(bkn_.store().shared(), bkn_.store().shared().size());
  const base::TreeSize size = bkn_.store().shared().size();
  Erase(id);
  EXPECT_EQ(*merkle::RootAt(bkn_.store().shared(), size), root);
  for (const test::CaseNode* node : {&bawaslu_, &bkn_}) {
    const auto shown = *node->Case(id);
    EXPECT_EQ(shown.state(), before.state());
    EXPECT_EQ(shown.respondent().name(), "");
    EXPECT_EQ(shown.personal(), query::v1::PERSONAL_STATE_ERASED);
    EXPECT_TRUE(shown.erasure().keys_destroyed());
    EXPECT_EQ(shown.erasure().erased_size(), 2);
    EXPECT_THAT(shown.allowed_commands(), IsEmpty());
    EXPECT_THAT(node->LookUp(event::v1::REFERENCE_KIND_UNSPECIFIED, "", test::kNip), IsEmpty());
  }
  EXPECT_EQ(bawaslu_.Case(id)->party_digest(), bkn_.Case(id)->party_digest());
}

TEST_F(ErasureTest, ARepeatOfARequestWhoseWordsWereErasedIsToldSo) {
  const std::string id = DismissedCase("1");
  EXPECT_TRUE(bawaslu_.Must(Referring("b-1")).repeated_request());
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(Referring("b-1", kOtherNip)).status()),
            "REQUEST_ID_REUSED");
  Agree(id);
  Erase(id);
  for (const absl::string_view nip : {test::kNip, kOtherNip}) {
    EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(Referring("b-1", nip)).status()), "REQUEST_ERASED");
  }
  EXPECT_TRUE(bawaslu_.Must(test::IntakeRequest("b-erase", About<command::v1::EraseCase>(id)))
                  .repeated_request());
}

TEST_F(ErasureTest, NothingCanBeSealedForItAndNoKeyOfItIsTakenIn) {
  const std::string id = DismissedCase("1");
  const log::LogReader& log = bawaslu_.store().shared();
  std::string entry;
  for (std::uint64_t i = 0; i < log.size().value; ++i) {
    if (KeyRowOf(**log.Entry({i})) == rows::SharedKey(id, "bawaslu/13")) entry = **log.Entry({i});
  }
  const std::string key = *bawaslu_.subject_keys().KeyOrNone(KeyRowOf(entry));
  ASSERT_TRUE(Opens(entry, key));
  Agree(id);
  Erase(id);
  command::v1::FlagConflict flag = About<command::v1::FlagConflict>(id);
  flag.set_authority("ppk/13.04");
  flag.set_reason("hubungan_keluarga");
  EXPECT_EQ(test::ReasonIn(bkn_.Execute(test::ReferralRequest("k-9", flag)).status()), "ERASED");
  LinkKeys keys(bkn_.store(), bkn_.subject_keys(), bkn_.directory(), "bawaslu-13", bkn_.random());
  EXPECT_TRUE(keys.Keep(std::vector<link::EntryWithKey>{{entry, key}}).ok());
  EXPECT_EQ(*bkn_.subject_keys().KeyOrNone(KeyRowOf(entry)), "");
  EXPECT_EQ(*keys.KeyOf(entry), "");
}

TEST_F(ErasureTest, APartyThatWroteNothingDropsItsCopiesWhenTheirAuthorsErase) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id)));
  const auto recommended = bkn_.Must(test::ReferralRequest("k-2", test::SomeRecommendation(id)));
  Exchange();
  ASSERT_EQ(ppk_.Case(id)->respondent().nip(), test::kNip);
  bkn_.Must(test::ReferralRequest("k-3", VoidOf(id, recommended.positions(0))));
  bkn_.Must(test::ReferralRequest("k-4", test::SomeDismissal(id)));
  Exchange();
  Agree(id);
  bawaslu_.Must(test::IntakeRequest("b-erase", About<command::v1::EraseCase>(id)));
  Exchange();
  EXPECT_TRUE(*ppk_.subject_keys().IsErased(rows::SharedKey(id, "bawaslu/13"), nullptr));
  EXPECT_NE(*ppk_.subject_keys().KeyOrNone(rows::SharedKey(id, "bkn")), "") << "not yet";
  EXPECT_FALSE(ppk_.Case(id)->erasure().keys_destroyed());
  EXPECT_EQ(ppk_.Case(id)->personal(), query::v1::PERSONAL_STATE_PENDING);
  EXPECT_NE(*bkn_.subject_keys().KeyOrNone(rows::SharedKey(id, "bawaslu/13")), "")
      << "who wrote in the case drops it with its own";
  bkn_.Must(test::ReferralRequest("k-erase", About<command::v1::EraseCase>(id)));
  Exchange();
  EXPECT_TRUE(ppk_.Case(id)->erasure().keys_destroyed());
  EXPECT_THAT(Attacker(Copies(), Old()).Read(), Not(HasSubstr(std::string(test::kNip))));
}

TEST_F(ErasureTest, AReportIsErasedWithTheLastOfItsCases) {
  const auto both = bawaslu_.Must(test::IntakeRequest(
      "b-1", test::SomeReport(), test::SomeRespondent(), test::SomeRespondent(kOtherNip)));
  const std::string first = both.steps(1).case_id();
  const std::string second = both.steps(2).case_id();
  const std::string row = rows::KeptKey(both.report_id(), "bawaslu/13");
  for (const std::string& id : {first, second}) {
    EXPECT_FALSE(*bawaslu_.subject_keys().IsErased(row, nullptr));
    bawaslu_.Must(test::IntakeRequest(absl::StrCat("b-end-", id), test::In(id, Rejection())));
    bawaslu_.Project();
    EraseAtBawaslu(id, id);
  }
  EXPECT_TRUE(*bawaslu_.subject_keys().IsErased(row, nullptr));
  intake::v1::NameRespondent another = test::SomeRespondent();
  another.mutable_report()->set_report_id(both.report_id());
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-9", another)).status()),
            "ERASED");
}

TEST_F(ErasureTest, AReportStaysWhileWhatDerivesFromItMayStillNeedIt) {
  intake::v1::ReceiveReport informal = test::SomeReport();
  informal.set_source("informasi_awal");
  const std::string origin = bawaslu_.Must(test::IntakeRequest("b-1", informal)).report_id();
  const auto derive = [&] {
    intake::v1::ReceiveReport finding = test::SomeReport();
    finding.set_source("temuan");
    finding.clear_reporter();
    finding.set_derived_from(origin);
    return finding;
  };
  const std::string first =
      bawaslu_.Must(test::IntakeRequest("b-2", derive(), test::SomeRespondent())).case_id();
  bawaslu_.Must(test::IntakeRequest("b-3", derive()));
  bawaslu_.Must(test::IntakeRequest("b-4", test::In(first, Rejection())));
  bawaslu_.Project();
  EraseAtBawaslu(first, "1");
  EXPECT_FALSE(*bawaslu_.subject_keys().IsErased(rows::KeptKey(origin, "bawaslu/13"), nullptr))
      << "the second finding has no case yet";
}

TEST_F(ErasureTest, ARequestThatErasesWhatItSealsLeavesNoDigestToGuessBy) {
  const auto opened = bawaslu_.Must(Naming("b-1"));
  bawaslu_.Must(test::IntakeRequest("b-2", test::In(opened.case_id(), Rejection())));
  bawaslu_.Project();
  const auto order = bawaslu_.Must(test::IntakeRequest("b-3", Order(opened.case_id())));
  auto hold = About<command::v1::PlaceLegalHold>(opened.case_id());
  hold.set_matter("lain");
  hold.set_letter_number("12/2025");
  const auto held = bawaslu_.Must(test::IntakeRequest("b-5", hold));
  command::v1::LiftLegalHold lift = About<command::v1::LiftLegalHold>(opened.case_id());
  *lift.mutable_hold() = held.positions(0);
  command::v1::CorrectFact correction;
  correction.set_case_id(opened.case_id());
  *correction.mutable_position() = opened.positions(1);
  correction.mutable_fields()->add_paths("personal.respondent");
  *correction.mutable_new_personal()->mutable_respondent() =
      test::SomeRespondent(kOtherNip).respondent();
  correction.set_reason("keliru");
  bawaslu_.Must(test::IntakeRequest("b-6", lift));
  const Request request = test::IntakeRequest("b-7", correction, Consent(opened.case_id(), order),
                                              About<command::v1::EraseCase>(opened.case_id()));
  bawaslu_.Must(request);
  const NodeKeys keys = *NodeKeys::Load(bawaslu_.store(), Old());
  KeepCopies();
  EXPECT_FALSE(Attacker(copies_, Old())
                   .CanConfirm(std::string(keys.RequestDigest(CanonicalRequest(request)).view())));
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(request).status()), "REQUEST_ERASED");
}

TEST_F(ErasureTest, ByWhatWasErasedNothingIsFoundAndTheRowsAreGone) {
  const std::string id = DismissedCase("1");
  const auto finds = [&](const test::CaseNode& node) {
    return !(*CasesOfNip(node.store(), *NodeKeys::Load(node.store(), Old()), test::kNip)).empty();
  };
  EXPECT_TRUE(finds(bawaslu_) && finds(bkn_));
  Agree(id);
  Erase(id);
  EXPECT_FALSE(finds(bawaslu_) || finds(bkn_));
}

TEST_F(ErasureTest, NobodyConsentsWhoMayNotHaveHeardOfAHold) {
  const std::string id = DismissedCase("1");
  auto hold = About<command::v1::PlaceLegalHold>(id);
  hold.set_matter("pengadilan");
  bkn_.Must(test::ReferralRequest("k-hold", hold));
  bkn_.Project();
  bkn_.Must(test::ReferralRequest("k-hold-2", hold));
  bkn_.Project();
  // The second one comes without the first.
  const auto places = bawaslu_.DisclosedBy(bkn_);
  bawaslu_.CopyOnly(bkn_, {places.back()});
  bawaslu_.Project();
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-2", Order(id))).status()),
            "NOT_HERE_YET");
  // What has come, and was not looked at yet, counts, too.
  bawaslu_.Copy(bkn_);
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-3", Order(id))).status()),
            "NOT_HERE_YET");
  Exchange();
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-3", Order(id))).status()),
            "RULE");
}

TEST_F(ErasureTest, WhatComesOfOtherCasesKeepsNobodyWaiting) {
  const std::string id = DismissedCase("1");
  const std::string other = bawaslu_.Must(Referring("b-9", kOtherNip)).case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("k-9", test::SomeReceipt(other)));
  bkn_.Project();
  bawaslu_.Copy(bkn_);
  EXPECT_TRUE(bawaslu_.Execute(test::IntakeRequest("b-3", Order(id))).ok());
}

TEST_F(ErasureTest, ARewrapThatWasBrokenOffIsDoneAgainWithAnotherKey) {
  const std::string id = DismissedCase("1");
  auto& store = bawaslu_.store();
  const auto request = *store.Get(log::Table::kSecret, "request");
  const std::string key = *Old().Unwrap("request", *request);
  ASSERT_TRUE(
      store
          .Write({{log::Table::kSecret, "request", Both().Wrap("request", key, bawaslu_.random())}},
                 log::Durability::kSynced)
          .ok());
  const vault::WrappingKeys all({std::string(32, 'w'), std::string(32, 'n'), std::string(32, 'm')});
  ASSERT_TRUE(Rewrap(store, all, bawaslu_.random(), [](std::uint64_t) {}).ok());
  const vault::WrappingKeys last({std::string(32, 'm')});
  for (const auto& [row, value] : RowsOf(store, log::Table::kSecret)) {
    EXPECT_TRUE(last.Unwrap(row, value).ok()) << row;
  }
  EXPECT_EQ(*last.Unwrap("request", **store.Get(log::Table::kSecret, "request")), key);
}

}  // namespace
}  // namespace selaras::node
