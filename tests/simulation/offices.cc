#include "offices.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

using event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER;
using event::v1::REFERENCE_KIND_REFERRAL_LETTER;

command::v1::CorrectFact LaterBy(const Desk& desk, const event::v1::Position& position,
                                 const std::string& day) {
  command::v1::CorrectFact correction;
  correction.set_case_id(desk.case_id());
  *correction.mutable_position() = position;
  correction.mutable_fields()->add_paths("occurred_at");
  *correction.mutable_new_occurred_at() = On(day);
  correction.set_reason("salah ketik");
  return correction;
}

command::v1::VoidFact TakenBack(const Desk& desk, const event::v1::Position& position) {
  command::v1::VoidFact command;
  command.set_case_id(desk.case_id());
  *command.mutable_position() = position;
  command.set_reason("keliru");
  return command;
}

// Position of the newest entry that a desk's last request wrote.
const event::v1::Position& Newest(const Desk& desk) {
  const auto& positions = desk.outcomes().back().positions();
  return positions.Get(positions.size() - 1);
}

intake::v1::NameRespondent RespondentOf(const Papers& papers) {
  auto named = SomeRespondent(papers.nip);
  named.set_agency_region(papers.region);
  return named;
}

intake::v1::ReferCase ReferralUnder(const std::string& letter) {
  auto referral = SomeReferral();
  referral.set_letter_number(letter);
  return referral;
}

// A request about a case that must be found by number first.
template <typename Ask>
Desk::Step Found(event::v1::ReferenceKind kind, std::string number, Ask ask) {
  return [kind, number = std::move(number), ask](const Desk& desk) -> std::optional<node::Request> {
    const auto id = desk.Find(kind, number);
    if (!id) return std::nullopt;
    return ask(desk, *id);
  };
}

class Planner {
 public:
  Planner(const Offices& offices, int number, std::mt19937_64& random)
      : offices_(offices),
        number_(number),
        random_(random),
        papers_{.nip = absl::StrCat("1980010120050110", number_ / 10, number_ % 10),
                .referral_letter = absl::StrCat(number_, "/PP.00.02/2024"),
                .recommendation_letter = absl::StrCat("R-", number_, "/SD/F/2024"),
                .region = Chance(2) ? "13.04" : "13.05"} {}

  PlannedCase Plan() {
    if (Chance(6)) return PlanNotice();
    Desk& opening = AddDesk(offices_.bawaslu, "bawaslu");
    OpenCase(opening);
    if (Chance(5)) return std::move(planned_);  // it stays in the office
    Desk& bawaslu = Chance(4) ? Delegate(opening) : opening;
    if (planned_.race) return std::move(planned_);
    std::string letter = papers_.referral_letter;
    Then(bawaslu,
         [letter](const Desk& d) { return AskOffice(d, In(d.case_id(), ReferralUnder(letter))); });
    if (Chance(8)) {
      planned_.race = true;
      bawaslu.MayThen([](const Desk& d) { return AskOffice(d, TakenBack(d, Newest(d))); });
    } else if (Chance(8)) {
      letter = ReferAnew(bawaslu);
    } else if (Chance(3)) {
      Then(bawaslu,
           [](const Desk& d) { return AskOffice(d, LaterBy(d, Newest(d), "2024-10-12")); });
    }
    Referral(letter);
    return std::move(planned_);
  }

 private:
  bool Chance(std::uint64_t one_in) { return Between(random_, 1, one_in) == 1; }
  Desk& AddDesk(CaseNode& node, const std::string& name) {
    return planned_.desks.emplace_back(node, absl::StrCat("case-", number_, "/", name), papers_);
  }
  static void Then(Desk& desk, Desk::Step step) { desk.Then(std::move(step)); }

  void OpenCase(Desk& desk) {
    Then(desk, [](const Desk& d) {
      return IntakeRequest(d.request_id(), SomeReport(), RespondentOf(d.papers()), SomeReview());
    });
    concluded_ = Chance(2);
    if (concluded_) {
      Then(desk, [](const Desk& d) {
        return IntakeRequest(d.request_id(), In(d.case_id(), SomeConclusion()));
      });
    }
  }

  // A PPK tells Bawaslu, sometimes corrects or takes back what it told; Bawaslu makes a report of
  // it.
  PlannedCase PlanNotice() {
    const std::string letter = absl::StrCat("N-", number_, "/BKPSDM/2024");
    const bool datar = papers_.region == "13.04";
    Desk& ppk = AddDesk(datar ? offices_.tanah_datar : offices_.padang, "noticing-ppk");
    Then(ppk, [letter](const Desk& d) {
      auto notice = SomeNotice(d.papers().nip);
      notice.set_agency_region(d.papers().region);
      notice.set_letter_number(letter);
      return AskPpk(d, notice);
    });
    Desk& bawaslu = AddDesk(offices_.bawaslu, "bawaslu");
    const auto receive =
        Found(event::v1::REFERENCE_KIND_LETTER, letter, [](const Desk& d, const auto& id) {
          return AskOffice(d, In(id, intake::v1::ReceiveNotice()));
        });
    if (Chance(3)) {
      planned_.race = true;
      ppk.MayThen([](const Desk& d) { return AskPpk(d, TakenBack(d, Newest(d))); });
      bawaslu.MayThen(receive);
      return std::move(planned_);
    }
    if (Chance(2)) {
      ppk.MayThen([](const Desk& d) { return AskPpk(d, LaterBy(d, Newest(d), "2024-10-04")); });
    }
    Then(bawaslu, receive);
    Then(bawaslu, [](const Desk& d) { return AskOffice(d, SomeReportOf(d.case_id())); });
    return std::move(planned_);
  }

  // The case goes to the other office, sometimes by way of a mistake. Gives the desk that goes on.
  Desk& Delegate(Desk& from) {
    const std::string letter = absl::StrCat("D-", number_, "/PP.01/2024");
    Then(from, [letter](const Desk& d) {
      intake::v1::DelegateCase command;
      command.set_to("bawaslu/ri");
      command.set_kind("pelimpahan");
      command.set_letter_number(letter);
      return AskOffice(d, In(d.case_id(), command));
    });
    const auto take_in =
        Found(event::v1::REFERENCE_KIND_LETTER, letter, [](const Desk& d, const auto& id) {
          return AskOffice(d, In(id, intake::v1::ReceiveDelegatedCase()));
        });
    Desk& other = AddDesk(offices_.other_office, "other-office");
    if (Chance(4)) {
      planned_.race = true;
      from.MayThen([](const Desk& d) { return AskOffice(d, TakenBack(d, Newest(d))); });
      other.MayThen(take_in);
      return other;
    }
    Then(other, take_in);
    if (Chance(3)) {
      TakeOver(from, other);
      return other;
    }
    if (!concluded_) {
      Then(other, [](const Desk& d) { return AskOffice(d, In(d.case_id(), SomeConclusion())); });
    }
    return other;
  }

  // The other office, which is the higher one, gives the case down again and takes it over, while
  // the lower one may be sending it on.
  void TakeOver(Desk& lower, Desk& higher) {
    planned_.race = true;
    const std::string letter = absl::StrCat("D-", number_, "-A/PP.01/2024");
    Then(higher, [letter](const Desk& d) {
      intake::v1::DelegateCase command;
      command.set_to("bawaslu/13");
      command.set_kind("pelimpahan");
      command.set_letter_number(letter);
      return AskOffice(d, In(d.case_id(), command));
    });
    Then(lower, Found(event::v1::REFERENCE_KIND_LETTER, letter, [](const Desk& d, const auto& id) {
           return AskOffice(d, In(id, intake::v1::ReceiveDelegatedCase()));
         }));
    lower.MayThen([letter = papers_.referral_letter](const Desk& d) {
      return AskOffice(d, In(d.case_id(), ReferralUnder(letter)));
    });
    higher.MayThen([](const Desk& d) -> std::optional<node::Request> {
      const auto shown = d.Shown();
      if (!shown.ok() || shown->state() == query::v1::CASE_STATE_DELEGATED) return std::nullopt;
      intake::v1::TakeOverCase command;
      command.set_letter_number("T-1/PP.01/2024");
      command.set_reason_text("Menyangkut dua provinsi.");
      return AskOffice(d, In(d.case_id(), command));
    });
    Desk& bkn = AddDesk(offices_.bkn, "bkn");
    bkn.MayThen(Found(REFERENCE_KIND_REFERRAL_LETTER, papers_.referral_letter,
                      [](const Desk& d, const auto& id) {
                        return ReferralRequest(d.request_id(), SomeReceipt(id));
                      }));
  }

  template <typename... Commands>
  static node::Request AskOffice(const Desk& desk, const Commands&... commands) {
    node::Request request = IntakeRequest(desk.request_id(), commands...);
    request.header.set_authority(desk.node().directory().own().authorities[0]);
    return request;
  }

  std::string ReferAnew(Desk& desk) {
    const std::string letter = absl::StrCat(number_, "-A/PP.00.02/2024");
    Then(desk, [](const Desk& d) { return AskOffice(d, TakenBack(d, Newest(d))); });
    Then(desk,
         [letter](const Desk& d) { return AskOffice(d, In(d.case_id(), ReferralUnder(letter))); });
    return letter;
  }

  void Referral(const std::string& letter) {
    Desk& bkn = AddDesk(offices_.bkn, "bkn");
    if (planned_.race) {
      bkn.MayThen(Found(REFERENCE_KIND_REFERRAL_LETTER, letter, [](const Desk& d, const auto& id) {
        return ReferralRequest(d.request_id(), SomeReceipt(id));
      }));
      return;
    }
    Then(bkn, Found(REFERENCE_KIND_REFERRAL_LETTER, letter, [](const Desk& d, const auto& id) {
           return ReferralRequest(d.request_id(), SomeReceipt(id));
         }));
    if (Chance(6)) {
      Then(bkn, [](const Desk& d) {
        return ReferralRequest(d.request_id(), SomeVerification(d.case_id(), false),
                               SomeDismissal(d.case_id()));
      });
      return;
    }
    if (Chance(6)) {
      Then(bkn,
           [](const Desk& d) { return ReferralRequest(d.request_id(), SomeReturn(d.case_id())); });
      return;
    }
    if (Chance(2)) {
      Then(bkn, [](const Desk& d) {
        return ReferralRequest(d.request_id(), SomeVerification(d.case_id()));
      });
    }
    Recommend(bkn);
  }

  void Recommend(Desk& bkn) {
    CaseNode* ppk = papers_.region == "13.04" ? &offices_.tanah_datar : &offices_.padang;
    std::string letter = papers_.recommendation_letter;
    const auto recommend = [&](const std::string& under, const std::string& to) {
      Then(bkn, [under, to](const Desk& d) {
        auto recommendation = SomeRecommendation(d.case_id());
        recommendation.set_letter_number(under);
        recommendation.set_to(to);
        return ReferralRequest(d.request_id(), recommendation);
      });
    };
    recommend(letter, "");
    if (Chance(5)) {  // it goes to the wrong PPK
      const Desk* wrong = Chance(2) ? &ReceiveInError(*ppk, letter) : nullptr;
      bkn.InTimeThen([wrong](const Desk& d) -> std::optional<node::Request> {
        if (wrong != nullptr && !wrong->done()) return std::nullopt;
        return ReferralRequest(d.request_id(), TakenBack(d, Newest(d)));
      });
      ppk = ppk == &offices_.padang ? &offices_.tanah_datar : &offices_.padang;
      letter = absl::StrCat(letter, "-A");
      recommend(letter, ppk->directory().own().authorities[0]);
    }
    Sanction(AddDesk(*ppk, "ppk"), letter);
  }

  // The PPK takes the file in, sees that it is not its own and takes that back.
  const Desk& ReceiveInError(CaseNode& ppk, const std::string& letter) {
    Desk& desk = AddDesk(ppk, "wrong-ppk");
    Then(desk, Found(REFERENCE_KIND_RECOMMENDATION_LETTER, letter,
                     [](const Desk& d, const auto& id) { return AskPpk(d, SomePpkReceipt(id)); }));
    Then(desk, [](const Desk& d) { return AskPpk(d, TakenBack(d, Newest(d))); });
    return desk;
  }

  template <typename... Commands>
  static node::Request AskPpk(const Desk& desk, const Commands&... commands) {
    node::Request request = SanctionRequest(desk.request_id(), commands...);
    request.header.set_authority(desk.node().directory().own().authorities[0]);
    return request;
  }

  void Sanction(Desk& desk, const std::string& letter) {
    Then(desk, Found(REFERENCE_KIND_RECOMMENDATION_LETTER, letter,
                     [](const Desk& d, const auto& id) { return AskPpk(d, SomePpkReceipt(id)); }));
    if (Chance(4)) {
      Then(desk, [](const Desk& d) { return AskPpk(d, SomeBlocker(d.case_id())); });
      return;
    }
    Then(desk, [](const Desk& d) {
      return AskPpk(d, SomeSummons(d.case_id()), SomeExamination(d.case_id()),
                    SomeDecision(d.case_id()));
    });
    if (Chance(3)) {
      Then(desk, [](const Desk& d) { return AskPpk(d, LaterBy(d, Newest(d), "2024-11-21")); });
    }
    if (Chance(2)) {
      Then(desk, [](const Desk& d) { return AskPpk(d, SomeHandOver(d.case_id())); });
    }
  }

  const Offices& offices_;
  const int number_;
  std::mt19937_64& random_;
  const Papers papers_;
  bool concluded_ = false;  // by the office that opened it
  PlannedCase planned_;
};

}  // namespace

std::string Desk::request_id() const { return absl::StrCat(name_, "/", next_); }

std::optional<std::string> Desk::Find(event::v1::ReferenceKind kind,
                                      const std::string& number) const {
  const auto found = node_.LookUp(kind, number, papers_.nip);
  if (found.size() != 1) return std::nullopt;
  return found[0];
}

std::optional<node::Request> Desk::Next() {
  if (done() || waiting_) return std::nullopt;
  // Also before asking again: a power cut may have taken what the office had seen.
  auto request = steps_[next_].step(*this);
  if (!request) return std::nullopt;
  if (!request_) request_ = std::move(request);
  waiting_ = true;
  return request_;
}

std::string Desk::Answered(const node::Outcome& outcome) {
  waiting_ = false;
  if (!outcome.ok()) {
    const std::string reason = domain::ReasonOf(outcome.status());
    const Forbidden forbidden = steps_[next_].forbidden;
    const bool later = reason == "NOT_HERE_YET" || reason == "CASE_NOT_FOUND" ||
                       (reason == "RULE" && forbidden == Forbidden::kWait);
    if (later) return {};
    // A move that the rules forbid, or that another office forestalled by taking the case over.
    const bool by_rules =
        reason == "RULE" || reason == "MOVE_NOT_ALLOWED" || reason == "NOT_YOUR_CASE";
    if (!by_rules || forbidden != Forbidden::kDone) {
      return absl::StrCat(request_id(), ": ", outcome.status().ToString());
    }
  } else {
    if (!outcome->case_id().empty()) case_id_ = outcome->case_id();
    outcomes_.push_back(*outcome);
  }
  request_.reset();
  ++next_;
  return {};
}

PlannedCase PlanCase(const Offices& offices, int number, std::mt19937_64& random) {
  return Planner(offices, number, random).Plan();
}

}  // namespace selaras::test
