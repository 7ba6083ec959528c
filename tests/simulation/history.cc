#include "history.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/domain/decide_common.h"
#include "services/domain/refusal.h"
#include "storage/base/check.h"
#include "tests/support/case_node.h"
#include "tests/support/commands.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

using F = event::v1::Fact;

// Moves along the main line, which are what a desk mostly does.
bool IsMain(const std::string& name) {
  static constexpr absl::string_view kBeside[] = {
      "SendCopy",          "RecordCopyReceived", "MakeRequest",
      "AnswerRequest",     "FlagConflict",       "LinkCase",
      "ClarifyRespondent", "AssignCase",         "RemindPpk",
      "WarnPpk",           "EscalateCase",       "BlockServices",
      "RecordBlocker",     "SupplementCase",     "RecordDeliveryStep",
      "RecordAppealStep",  "PlaceLegalHold",     "LiftLegalHold",
      "OrderErasure",      "AnswerErasure",      "EraseCase",
      "AddAttachment",     "RemoveAttachment"};
  return std::find(std::begin(kBeside), std::end(kBeside), name) == std::end(kBeside);
}

}  // namespace

History::History(const Versions& versions, std::mt19937_64& random, Made& made)
    : random_(random),
      made_(made),
      commands_(Between(random, 1, 3) == 1 ? Dating::kLate : Dating::kAtOnce, random) {
  constexpr absl::string_view kCase = "8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11";
  const bool two = Chance(3);
  for (const auto& node : {BawasluNode(), OtherOffice(), BknNode(), TanahDatar(), Padang()}) {
    const bool old = two && Chance(2);
    offices_.emplace_back(node, std::string(kCase), old ? versions.before : versions.now);
    offices_.back().SetClock(static_cast<std::int64_t>(Between(random_, 0, 600)) - 300);
  }
}

bool History::Chance(std::uint64_t one_in) { return Between(random_, 1, one_in) == 1; }

PaperOffice& History::Office(const std::string& authority) {
  for (PaperOffice& office : offices_) {
    if (office.authority() == authority) return office;
  }
  return Office("bkn");  // for its predecessors
}

std::vector<const PaperEntry*> History::OnTheWay(const PaperOffice& from,
                                                 const PaperOffice& to) const {
  std::vector<const PaperEntry*> entries;
  for (const PaperEntry& entry : from.log()) {
    const bool there = to.others().Find(PlaceOf(entry.position)) != nullptr;
    if (!there && from.Discloses(entry, to)) entries.push_back(&entry);
  }
  return entries;
}

void History::Carry(const PaperEntry& entry, PaperOffice& to) {
  if (entry.event.has_plain() && Chance(6)) {
    to.keys().Miss(entry.event);
    made_.Add("entries without their key");
  }
  SELARAS_CHECK(to.Take(entry));
  if (!Chance(10)) return;
  if (to.Take(entry)) broken_.push_back("an entry was taken twice");
  made_.Add("entries delivered twice");
}

void History::CarrySome() {
  const PaperOffice& from = offices_[Between(random_, 0, offices_.size() - 1)];
  PaperOffice& to = offices_[Between(random_, 0, offices_.size() - 1)];
  const auto entries = OnTheWay(from, to);
  if (entries.empty()) return;
  std::size_t first = 0;
  if (entries.size() > 1 && Chance(4)) {
    first = Between(random_, 1, entries.size() - 1);
    made_.Add("entries that came after later ones of their log", static_cast<int>(first));
  }
  const std::size_t end = std::min(entries.size(), first + Between(random_, 1, 3));
  for (std::size_t i = first; i < end; ++i) Carry(*entries[i], to);
}

void History::CarryAllTo(PaperOffice& to) {
  for (const PaperOffice& from : offices_) {
    for (const PaperEntry* entry : OnTheWay(from, to)) Carry(*entry, to);
  }
}

void History::Settle() {
  for (bool more = true; more;) {
    more = false;
    for (const PaperOffice& from : offices_) {
      for (PaperOffice& to : offices_) {
        for (const PaperEntry* entry : OnTheWay(from, to)) {
          Carry(*entry, to);
          more = true;
        }
      }
    }
  }
  for (PaperOffice& office : offices_) {
    if (office.keys().AllKeysCome()) made_.Add("keys that came late");
  }
}

bool History::Try(PaperOffice& office, const Batch& batch) {
  return batch != nullptr && office.Execute(*batch).ok();
}

bool History::Do(PaperOffice& office, const std::string& name) {
  return Try(office, commands_.Make(name, office));
}

std::vector<std::string> History::AllowedTo(const PaperOffice& office) const {
  const auto is_own = [&](const std::string& authority) {
    return authority == office.authority() ||
           office.catalogue().IsSuccessorOf(office.authority(), authority);
  };
  return domain::AllowedNow(office.fold(), office.section(), is_own, office.catalogue());
}

void History::TryForbidden(PaperOffice& office, const std::vector<std::string>& allowed) {
  const auto names = CommandMaker::NamesOf(office.section());
  const std::string& name = names[Between(random_, 0, names.size() - 1)];
  if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) return;
  const Batch batch = commands_.Make(name, office);
  if (batch == nullptr) return;
  if (office.Execute(*batch).ok()) {
    broken_.push_back(
        absl::StrCat(office.name(), " did ", name, ", which it was not told to be allowed"));
  }
  made_.Add("moves that were not allowed and refused");
}

void History::Act(PaperOffice& office) {
  if (Chance(12) && office.keys().AllKeysCome()) made_.Add("keys that came late");
  const auto allowed = AllowedTo(office);
  if (office.own() != nullptr && Chance(14)) {
    office.WriteOfTheFuture(!domain::PartiesOf(office.fold()).empty() && !Chance(4));
    return made_.Add("facts of a later version");
  }
  if (Chance(40) && office.WriteAgain()) return made_.Add("entries of a number that stands twice");
  if (Chance(12) && Try(office, commands_.Correct(office))) return made_.Add("corrections");
  if (Chance(16) && Try(office, commands_.TakeBack(office))) return made_.Add("takings-back");
  if (Chance(5)) TryForbidden(office, allowed);
  std::vector<std::string> names;
  for (const std::string& name : allowed) {
    names.insert(names.end(), IsMain(name) ? 12 : 1, name);
  }
  if (names.empty()) return;
  const std::string& name = names[Between(random_, 0, names.size() - 1)];
  const Batch batch = commands_.Make(name, office);
  if (batch == nullptr) return;
  const bool holder = domain::StatusOf(office.fold()).holder == office.authority();
  const bool sent_before =
      domain::LastFact(office.fold(), office.section(), F::kSanctionRecommended) != nullptr;
  const absl::Status done = office.Execute(*batch);
  const std::string reason = domain::ReasonOf(done);
  if (!done.ok() && reason != "RULE" && reason != "NOT_HERE_YET" && reason != "INVALID_FIELD") {
    broken_.push_back(absl::StrCat(office.name(), " was told that it may do ", name,
                                   " and refused: ", done.ToString()));
  }
  if (reason == "NOT_HERE_YET" && absl::StrContains(done.message(), "key")) {
    made_.Add("moves that waited for a key");
  }
  if (!done.ok()) return;
  made_.Add("moves that were allowed and made");
  if (name == "MakeRequest" && !holder) made_.Add("recalls asked of the holder");
  if (name == "TakeOverCase") made_.Add("cases taken over");
  const auto& recommended = office.log().back().event.fact().sanction_recommended();
  for (const event::v1::Mark& mark : recommended.marks()) {
    if (mark.code() != "PPK_AVOIDED" || !sent_before) continue;
    made_.Add("recommendations past a flagged PPK that had, or was to have, the case");
    break;
  }
  MaybeRace(office);
}

void History::MaybeRace(PaperOffice& sender) {
  const auto* sent = domain::CustodyOf(sender.fold()).under_way;
  if (sent == nullptr || PlaceOf(sent->position()) != PlaceOf(sender.log().back().position)) return;
  PaperOffice& addressee = Office(domain::AddresseeOf(sent->fact()));
  if (&addressee == &sender) return;
  if (Chance(4)) {
    if (Try(sender, commands_.TakeBack(sender))) made_.Add("recalls in transit");
  } else if (Chance(3)) {
    RaceTheAddressee(sender, addressee);
  } else if (Chance(3) && domain::IsHandOver(sent->fact().kind_case())) {
    CarryAllTo(addressee);
  }
}

void History::RaceTheAddressee(PaperOffice& sender, PaperOffice& addressee) {
  const auto kind = sender.log().back().event.fact().kind_case();
  CarryAllTo(addressee);
  const auto allowed = AllowedTo(addressee);
  if (allowed.size() != 1 || !Do(addressee, allowed[0])) return;
  if (!Try(sender, commands_.TakeBack(sender))) return;
  if (kind == F::kCaseReferred) return made_.Add("recalls while acknowledged");
  if (kind == F::kCaseDelegated) {
    return made_.Add("delegations taken back while the other office takes them in");
  }
  made_.Add("recommendations taken back while the PPK takes them in");
  Try(sender, commands_.Recommend(sender, addressee.authority()));
}

void History::RaceTheFirstPpk(PaperOffice& bkn) {
  const domain::Custody custody = domain::CustodyOf(bkn.fold());
  const domain::Stint* last = domain::LastStint(custody, domain::Section::kSanction);
  if (last == nullptr) return;
  PaperOffice& first = Office(last->segment->writer());
  const auto allowed = AllowedTo(bkn);
  if (std::count(allowed.begin(), allowed.end(), "RecommendSanction") == 0 || Chance(3)) return;
  if (!Try(bkn, commands_.Recommend(bkn, first.authority()))) return;
  // It takes back that it gave the case back, with what it noted since, and goes on.
  while (Try(first, commands_.TakeBack(first))) {
    if (!Do(first, "DecideSanction") && !Do(first, "SummonRespondent")) continue;
    return made_.Add("recommendations to another PPK while the first one acts");
  }
}

std::string History::GoOn(PaperOffice& lower) {
  switch (Between(random_, 1, 4)) {
    case 1: {
      if (!Do(lower, "ReferCase")) return {};
      PaperOffice& bkn = Office("bkn");
      CarryAllTo(bkn);
      if (Do(bkn, "ReceiveCase") && Chance(2)) Do(bkn, "RecommendSanction");
      return "refers them";
    }
    case 2:
      return Do(lower, "ConcludeCase") ? "concludes them" : "";
    case 3:
      return Do(lower, "DelegateCase") ? "gives them away" : "";
    default:
      return Try(lower, commands_.TakeBack(lower)) ? "takes back that it has them" : "";
  }
}

void History::RaceByTakeOver() {
  PaperOffice& lower = offices_[0];
  PaperOffice& higher = offices_[1];
  Do(lower, "IdentifyRespondent");
  if (Chance(2)) Do(lower, "ConcludeCase");
  if (!Do(lower, "DelegateCase")) return;
  CarryAllTo(higher);
  higher.keys().AllKeysCome();
  if (!Do(higher, "ReceiveDelegatedCase") || !Do(higher, "DelegateCase")) return;
  CarryAllTo(lower);
  lower.keys().AllKeysCome();
  if (!Do(lower, "ReceiveDelegatedCase")) return;
  CarryAllTo(higher);
  const std::string meanwhile = GoOn(lower);
  if (!Do(higher, "TakeOverCase")) return;
  made_.Add("cases taken over");
  if (!meanwhile.empty()) {
    made_.Add(absl::StrCat("cases taken over while the lower office ", meanwhile));
  }
}

void History::RaceByMove() {
  static constexpr absl::string_view kWay[] = {"IdentifyRespondent", "ReferCase", "ReceiveCase",
                                               "RecommendSanction", "ReceiveRecommendation"};
  constexpr int kSteps = 8;
  for (int step = 0; step < kSteps; ++step) {
    Settle();
    for (PaperOffice& office : offices_) {
      const auto allowed = AllowedTo(office);
      const auto may = [&](absl::string_view name) {
        return std::find(allowed.begin(), allowed.end(), name) != allowed.end();
      };
      if (may("RecordMoved") && Do(office, "RecordMoved")) {
        CarryAllTo(offices_[2]);
        return RaceTheFirstPpk(offices_[2]);
      }
      for (const absl::string_view name : kWay) {
        if (may(name) && Do(office, std::string(name))) break;
      }
    }
  }
}

void History::Run() {
  PaperOffice& opener = Chance(8) ? offices_[2] : offices_[0];
  SELARAS_CHECK(Try(opener, commands_.Open(opener)));
  if (&opener == &offices_[2]) made_.Add("cases of predecessors");
  if (&opener == &offices_[0] && Chance(5)) RaceByTakeOver();
  const std::uint64_t steps = Between(random_, 20, 120);
  for (std::uint64_t step = 0; step < steps && broken_.empty(); ++step) {
    if (Chance(3)) {
      CarrySome();
      continue;
    }
    PaperOffice& office = offices_[Between(random_, 0, offices_.size() - 1)];
    if (office.fold().segments().empty()) continue;
    if (&office == &offices_[2]) RaceTheFirstPpk(office);
    // Mostly those act for whom the case waits.
    if (Chance(3) || !AllowedTo(office).empty()) Act(office);
  }
  if (Chance(6)) RaceByMove();
  Settle();
  std::set<std::string> versions;
  bool contradiction = false;
  for (const PaperOffice& office : offices_) {
    contradiction = contradiction || !domain::ContradictionsOf(office.fold()).empty();
    const PaperEntry* before = nullptr;
    for (const PaperEntry& entry : office.log()) {
      versions.insert(entry.event.catalogue());
      const auto& fact = entry.event.fact();
      if (fact.kind_case() != F::KIND_NOT_SET && !entry.event.occurred_at().has_instant()) {
        made_.Add("facts typed in late");
      }
      const bool named = before != nullptr && before->event.fact().has_respondent_named();
      const bool received = before != nullptr && before->event.fact().has_case_received();
      const bool by_ppk = before != nullptr && before->event.fact().has_recommendation_received();
      if ((named && fact.has_case_referred()) || (received && fact.has_sanction_recommended()) ||
          (by_ppk && fact.has_sanction_decided())) {
        made_.Add("steps left out");
      }
      before = &entry;
    }
  }
  if (versions.size() > 1) made_.Add("cases decided by two catalogue versions");
  if (contradiction) made_.Add("offices that contradict each other");
}

}  // namespace selaras::test
