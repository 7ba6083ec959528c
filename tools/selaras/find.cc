#include "tools/selaras/find.h"

#include <utility>

#include "storage/base/status.h"
#include "tools/registers/join.h"

namespace selaras::cli {
namespace {

absl::StatusOr<query::v1::Case> GetCase(CaseSource& node, const std::string& case_id) {
  query::v1::GetCaseRequest request;
  request.set_case_id(case_id);
  ASSIGN_OR_RETURN(query::v1::GetCaseResponse found, node.GetCase(request));
  return std::move(*found.mutable_case_());
}

}  // namespace

absl::StatusOr<std::vector<std::string>> LookUpCases(CaseSource& node,
                                                     const registers::LookUp& key) {
  query::v1::LookUpCasesRequest request;
  request.set_kind(key.kind);
  request.set_number(key.number);
  request.set_nip(key.nip);
  ASSIGN_OR_RETURN(const query::v1::LookUpCasesResponse found, node.LookUpCases(request));
  return std::vector<std::string>(found.case_ids().begin(), found.case_ids().end());
}

absl::StatusOr<std::vector<std::string>> FindCases(CaseSource& node, const registers::Row& row) {
  for (const registers::LookUp& key : registers::JoinKeys(row)) {
    ASSIGN_OR_RETURN(std::vector<std::string> found, LookUpCases(node, key));
    if (key.nip.empty()) {
      std::vector<std::string> of_person;
      for (std::string& id : found) {
        ASSIGN_OR_RETURN(const query::v1::Case recorded, GetCase(node, id));
        if (registers::IsOfPerson(row, recorded)) of_person.push_back(std::move(id));
      }
      found = std::move(of_person);
    }
    if (!found.empty()) return found;
  }
  return std::vector<std::string>();
}

absl::StatusOr<ReadCase> Read(CaseSource& node, const std::string& case_id) {
  ReadCase read;
  ASSIGN_OR_RETURN(read.the_case, GetCase(node, case_id));
  query::v1::GetTimelineRequest steps;
  steps.set_case_id(case_id);
  ASSIGN_OR_RETURN(read.timeline, node.GetTimeline(steps));
  if (read.the_case.report_id().empty()) return read;
  query::v1::GetReportRequest file;
  file.set_report_id(read.the_case.report_id());
  // Who may not see the report still sees the case.
  if (auto got = node.GetReport(file); got.ok()) read.report = std::move(*got->mutable_report());
  return read;
}

}  // namespace selaras::cli
