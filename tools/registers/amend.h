#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"

#include "tools/registers/describe.h"
#include "tools/registers/plan.h"

// What brings a case that an earlier import has recorded to what its row says now. Pure: what the
// node shows and the row in, commands out.
//
// What a correction may change is corrected. Where the row says another step, the steps of the own
// section from there on are taken back, newest first, and what the row says follows. All of it is
// one batch: all or nothing. What a row says of the report is corrected for all cases of it.
namespace selaras::registers {

// What the node shows of the row's case.
struct Recorded {
  const query::v1::Case& the_case;
  const query::v1::GetTimelineResponse& timeline;
  const query::v1::Report* report = nullptr;  // where the caller may see it
};

// The commands about the case, in order; none if nothing is to be done.
struct Amendment {
  Commands commands = {};
  std::vector<Difference> differences = {};
  // Whether it corrects what the own section of the case does not show: report, or private log.
  bool beside_section = false;
};

// Why an import cannot do it. The node may refuse besides, e.g. what others have acknowledged.
struct CannotAmend {
  std::string column;  // empty: none in particular
  std::string why;
  std::vector<Difference> differences;
};

using AmendmentPlan = std::variant<Amendment, CannotAmend>;

// `plan` is about the case: see Plan::SetCase. Commands that open a report or case are left out.
AmendmentPlan PlanAmendment(const Plan& plan, const Recorded& recorded);

// Takes back what the row stated, newest first; the opening of a case stays. `reason` stands with
// each. Cannot be done where the case says something else than the row by now, or has gone on.
AmendmentPlan PlanUndo(const Plan& plan, const Recorded& recorded, const std::string& reason);

// Whether the authority of the row has written anything in the case, also what it took back.
bool HasOwnEntries(const Plan& plan, const query::v1::GetTimelineResponse& timeline);

// How often the own section of the case was written: what an amendment relies on.
std::uint64_t OwnRevision(const Plan& plan, const Recorded& recorded);

// Request id of an amendment. The generation grows with the section, so a row that is amended twice
// has two ids, and an amendment that is sent twice has one. What it corrects beside the section
// grows with the revision of the case as a whole.
std::string AmendedId(const Amendment& amendment, const query::v1::Case& the_case,
                      std::uint64_t own_revision);

}  // namespace selaras::registers
