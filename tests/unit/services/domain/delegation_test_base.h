#pragma once

#include <string>
#include <vector>

#include "case_test_base.h"
#include "services/domain/custody.h"
#include "services/domain/decide_common.h"

namespace selaras::domain {

// A case that offices of Bawaslu give each other.
class DelegationTest : public CaseTest {
 protected:
  static constexpr absl::string_view kOther = "bawaslu/ri";
  static constexpr absl::string_view kThird = "bawaslu/14";

  intake::v1::DelegateCase Delegation(absl::string_view to = kOther) const {
    intake::v1::DelegateCase command;
    command.mutable_case_ref()->set_case_id(case_.id());
    command.set_to(std::string(to));
    command.set_kind("pelimpahan");
    command.set_letter_number("7/PP.01/2024");
    return command;
  }
  absl::Status Delegate(const intake::v1::DelegateCase& command, absl::string_view as = kBawaslu) {
    const event::v1::Respondent respondent = test::SomeRespondent(test::kNip).respondent();
    return Do(Section::kIntake, as, [&](const Call& call) {
      return DecideDelegateCase(command, case_.fold(), respondent, call);
    });
  }
  absl::Status TakeIn(absl::string_view as = kOther) {
    intake::v1::ReceiveDelegatedCase command;
    command.mutable_case_ref()->set_case_id(case_.id());
    return As(as, command, DecideReceiveDelegatedCase);
  }
  template <typename Command, typename Decide>
  absl::Status As(absl::string_view authority, const Command& command, Decide decide) {
    return Do(Section::kIntake, authority,
              [&](const Call& call) { return decide(command, case_.fold(), call); });
  }
  absl::Status ReferAs(absl::string_view authority) {
    const event::v1::Respondent respondent = test::SomeRespondent(test::kNip).respondent();
    return Do(Section::kIntake, authority, [&](const Call& call) {
      return DecideReferCase(test::SomeReferral(), case_.fold(), respondent, call);
    });
  }
  // What the section of intake allows to an office.
  std::vector<std::string> AllowedTo(absl::string_view office) const {
    return AllowedNow(
        case_.fold(), Section::kIntake,
        [&](const std::string& authority) { return authority == office; }, *catalogue_);
  }
  // A case that the other office has taken in.
  void UntilTakenIn() {
    ASSERT_TRUE(Name().ok());
    ASSERT_TRUE(Review().ok());
    ASSERT_TRUE(Delegate(Delegation()).ok()) << last_.status();
    ASSERT_TRUE(TakeIn().ok()) << last_.status();
  }
  // What everybody but the offices of Bawaslu holds.
  CaseFold ForParties(absl::string_view without_log = "") const {
    std::vector<test::PaperCase::Entry> entries;
    for (const auto& entry : case_.entries()) {
      if (entry.event.party_number() > 0 && entry.event.author() != without_log) {
        entries.push_back(entry);
      }
    }
    return test::FoldOf(case_.id(), entries);
  }
};

}  // namespace selaras::domain
