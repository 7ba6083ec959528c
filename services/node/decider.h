#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <google/protobuf/message.h>

#include "selaras/command/v1/command.pb.h"

#include "services/domain/attachment.h"
#include "services/domain/decide.h"
#include "services/domain/decide_intake.h"

namespace selaras::node {

// What a decision may look at: the state of the batch so far, over the last commit.
class Desk {
 public:
  virtual ~Desk() = default;

  // The case as this node knows it. NOT_FOUND if it knows nothing of it, and for an authority that
  // is no party to it.
  virtual absl::StatusOr<domain::CaseFold> Case(absl::string_view case_id) const = 0;
  // A report of the authority that commands. NOT_FOUND if there is none, or it is another's.
  virtual absl::StatusOr<domain::ReportState> Report(absl::string_view report_id) const = 0;
  // The effective facts of the private log about a report or case of this node; none if it keeps
  // none.
  virtual absl::StatusOr<storage::v1::SectionFold> KeptOfReport(
      absl::string_view report_id) const = 0;
  virtual absl::StatusOr<storage::v1::SectionFold> KeptOfCase(absl::string_view case_id) const = 0;
  // Whether the report is there, and then whether it was opened with this content.
  virtual absl::StatusOr<std::optional<bool>> OpenedWith(absl::string_view report_id,
                                                         absl::string_view content) const = 0;
  // Remembers the content with which the report is being opened.
  virtual void NoteOpening(absl::string_view report_id, absl::string_view content) = 0;
  // The respondent as last recorded in the own section. FAILED_PRECONDITION while it is sealed and
  // its key has not come.
  virtual absl::StatusOr<event::v1::Respondent> Respondent(const domain::CaseFold& fold) const = 0;
  // Messages of the report's reporter since its office wrote last; counted up to
  // domain::kUnansweredMax.
  virtual absl::StatusOr<int> Unanswered(absl::string_view report_id) const = 0;
  // A complete upload of the authority that commands, which nothing used up before.
  // FAILED_PRECONDITION otherwise.
  virtual absl::StatusOr<domain::Upload> Upload(absl::string_view upload_id) const = 0;
  // Keyed digest of the receipt code that this request makes for the report.
  virtual std::string ReceiptTag(absl::string_view report_id) const = 0;
  // Ids for what command `index` of this request opens.
  virtual std::string NewReportId(absl::string_view report_key, int index) const = 0;
  virtual std::string NewCaseId(int index) const = 0;
};

// One role: turns the commands of its service into decisions. Stateless, thread-safe.
class Decider {
 public:
  virtual ~Decider() = default;

  // The section that this role writes.
  virtual domain::Section section() const = 0;
  // How many commands the body (an ExecuteBatchRequest of the role's service) holds.
  virtual int CommandCount(const google::protobuf::Message& body) const = 0;
  // Decides command `index`. `earlier` tells what the commands before it opened.
  virtual absl::StatusOr<domain::Decision> Decide(
      const google::protobuf::Message& body, int index,
      const std::vector<command::v1::CommandStep>& earlier, Desk& desk,
      const domain::Call& call) const = 0;
};

// Decides a command about a case that is there, named by its `case_id`.
template <typename Command, typename Decide>
absl::StatusOr<domain::Decision> DecideInCase(const Command& command, const Desk& desk,
                                              const domain::Call& call, Decide decide) {
  auto fold = desk.Case(command.case_id());
  if (!fold.ok()) return fold.status();
  return decide(command, *fold, call);
}

// The same for the commands that every section takes.
absl::StatusOr<domain::Decision> DecideCorrectFact(const command::v1::CorrectFact& command,
                                                   const Desk& desk, domain::Section section,
                                                   const domain::Call& call);
absl::StatusOr<domain::Decision> DecideVoidFact(const command::v1::VoidFact& command,
                                                const Desk& desk, domain::Section section,
                                                const domain::Call& call);

// Decides one of the other commands that every section takes.
template <typename Command, typename Decide>
absl::StatusOr<domain::Decision> DecideCommon(const Command& command,
                                              const std::vector<command::v1::CommandStep>& earlier,
                                              const Desk& desk, domain::Section section,
                                              const domain::Call& call, Decide decide);

// AddAttachment and RemoveAttachment of a case. Whose section has no reports refuses `report_id`.
absl::StatusOr<domain::Decision> DecideAddAttachment(
    const command::v1::AddAttachment& command, const std::vector<command::v1::CommandStep>& earlier,
    const Desk& desk, domain::Section section, const domain::Call& call);
absl::StatusOr<domain::Decision> DecideRemoveAttachment(
    const command::v1::RemoveAttachment& command,
    const std::vector<command::v1::CommandStep>& earlier, const Desk& desk, domain::Section section,
    const domain::Call& call);

// The case that a reference names. INVALID_ARGUMENT if it names none, or a command that opens none.
absl::StatusOr<std::string> ResolveCase(const command::v1::CaseReference& reference,
                                        const std::vector<command::v1::CommandStep>& earlier);

template <typename Command, typename Decide>
absl::StatusOr<domain::Decision> DecideCommon(const Command& command,
                                              const std::vector<command::v1::CommandStep>& earlier,
                                              const Desk& desk, domain::Section section,
                                              const domain::Call& call, Decide decide) {
  const auto case_id = ResolveCase(command.case_ref(), earlier);
  if (!case_id.ok()) return case_id.status();
  auto fold = desk.Case(*case_id);
  if (!fold.ok()) return fold.status();
  return decide(command, *fold, section, call);
}

}  // namespace selaras::node
