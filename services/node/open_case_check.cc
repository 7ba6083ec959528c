#include "services/node/open_case_check.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/nip.h"
#include "services/domain/open_case.h"
#include "services/domain/refusal.h"
#include "services/domain/values.h"
#include "services/node/look_up.h"
#include "storage/base/status.h"

namespace selaras::node {

absl::StatusOr<domain::Decision> DecideCheckOpenCases(const command::v1::CheckOpenCases& command,
                                                      const Transaction& transaction,
                                                      const log::StoreReader& store,
                                                      const NodeKeys& keys,
                                                      const domain::Call& call) {
  ASSIGN_OR_RETURN(const std::string nip, ReadAskedNip(command.nip()));
  if (nip.empty()) return domain::BadField("nip", "is required");
  RETURN_IF_ERROR(domain::CheckCode("purpose", "check_purpose", command.purpose(), call.catalogue));

  bool open = false;
  ASSIGN_OR_RETURN(const std::vector<std::string> cases, CasesOfNip(store, keys, nip));
  for (const std::string& case_id : cases) {
    const auto fold = transaction.Case(case_id);
    if (absl::IsNotFound(fold.status())) continue;  // who asks is no party to it
    RETURN_IF_ERROR(fold);
    open = open || domain::IsOpenForPersonnel(*fold);
  }

  domain::Draft draft;
  draft.visibility = domain::Visibility::kPrivate;
  draft.case_id = IdOfQuestions(keys, nip);
  draft.fact.mutable_open_cases_checked()->set_purpose(command.purpose());
  draft.fact.mutable_open_cases_checked()->set_open(open);
  draft.personal.emplace().mutable_respondent()->set_nip(nip);
  domain::Decision decision;
  decision.affirmed = open;
  decision.drafts.push_back(std::move(draft));
  return decision;
}

absl::StatusOr<std::string> ReadAskedNip(absl::string_view nip) {
  // A NI PPPK keeps fewer rules than a NIP.
  return domain::ReadNip("nip", nip, domain::EmploymentStatus::kPppk);
}

std::string IdOfQuestions(const NodeKeys& keys, absl::string_view nip) {
  return keys.CaseId("open-case check", nip, 0);
}

bool IsQuestion(const google::protobuf::Message& body) {
  return body.GetDescriptor() == command::v1::CheckOpenCases::descriptor();
}

absl::Status CheckIsRecorded(const command::v1::CommandHeader& header) {
  if (!header.validate_only()) return absl::OkStatus();
  return domain::BadField("header.validate_only",
                          "a question is always recorded; ask without validate_only");
}

absl::Status QuestionLimit::Take(const std::string& authority, absl::Time now) {
  const double full = per_minute_;
  Bucket& bucket = buckets_.try_emplace(authority, Bucket{full, now}).first->second;
  const double passed = std::max(0.0, absl::ToDoubleMinutes(now - bucket.at));
  bucket = {std::min(full, bucket.left + passed * full), now};
  if (bucket.left < 1) {
    return domain::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_QUESTIONS",
                           absl::StrCat(authority, " may ask ", per_minute_,
                                        " times a minute; wait a minute and ask again"));
  }
  bucket.left -= 1;
  return absl::OkStatus();
}

}  // namespace selaras::node
