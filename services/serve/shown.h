#pragma once

#include <optional>
#include <set>
#include <string>

#include "selaras/query/v1/query.pb.h"

// What answers of the QueryService show of persons.
namespace selaras::serve {

// Cases and reports of which an answer shows personal data.
struct Shown {
  std::set<std::string> cases = {};
  std::set<std::string> reports = {};
  // What let the caller see them, if that was needed.
  std::optional<event::v1::Position> break_glass = {};
  // What was handed out besides, in words; empty: nothing.
  std::string besides = {};
  // Whether it was asked about a person: then that there is nothing is an answer, too.
  bool of_person = false;

  bool empty() const { return cases.empty() && reports.empty() && !of_person; }
};

// The request is that to which the answer answers: what was asked for tells what the answer says.
Shown ShownIn(const query::v1::GetCaseRequest& request, const query::v1::GetCaseResponse& answer);
Shown ShownIn(const query::v1::ListCasesRequest& request,
              const query::v1::ListCasesResponse& answer);
Shown ShownIn(const query::v1::GetTimelineRequest& request,
              const query::v1::GetTimelineResponse& answer);
Shown ShownIn(const query::v1::GetReportRequest& request,
              const query::v1::GetReportResponse& answer);
Shown ShownIn(const query::v1::ListReportsRequest& request,
              const query::v1::ListReportsResponse& answer);
Shown ShownIn(const query::v1::GetWorklistRequest& request,
              const query::v1::GetWorklistResponse& answer);
// That a person has cases, or none, is said of the person.
Shown ShownIn(const query::v1::LookUpCasesRequest& request,
              const query::v1::LookUpCasesResponse& answer);
// The same of who asked about him.
Shown ShownIn(const query::v1::ListReadsRequest& request,
              const query::v1::ListReadsResponse& answer);

// Takes the personal data out of an answer, and marks where they were as withheld. False if nothing
// true would be left.
bool Withhold(query::v1::GetCaseResponse* answer);
bool Withhold(query::v1::ListCasesResponse* answer);
bool Withhold(query::v1::GetTimelineResponse* answer);
bool Withhold(query::v1::GetReportResponse* answer);
bool Withhold(query::v1::ListReportsResponse* answer);
bool Withhold(query::v1::GetWorklistResponse* answer);
bool Withhold(query::v1::LookUpCasesResponse* answer);
bool Withhold(query::v1::ListReadsResponse* answer);

}  // namespace selaras::serve
