#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/repeated_field.h>

#include "selaras/command/v1/command.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "tools/selaras/context.h"
#include "tools/selaras/table.h"

// What the commands about documents have in common.
namespace selaras::cli {

using Attachments = google::protobuf::RepeatedPtrField<query::v1::Attachment>;

// A line for each document under headings; empty if there are none.
Table AttachmentTable(const Attachments& attachments);
// The same below what stands there already.
void PrintAttachments(Output& output, const Attachments& attachments);

// The case or report that has a document: the id, or its beginning.
struct Filed {
  std::string case_id;
  std::string report_id;
};

Option CaseOption(Filed* filed);
Option ReportOption(Filed* filed);
// IsUsage() unless one of the two is given.
absl::Status CheckFiled(const Filed& filed);
// With the whole id, as commands want it.
absl::StatusOr<Filed> Resolve(CaseSource& cases, const Filed& filed);
absl::StatusOr<Attachments> AttachmentsOf(CaseSource& cases, const Filed& filed);

template <typename Command>
void SetFiled(const Filed& filed, Command* command) {
  if (!filed.case_id.empty()) command->mutable_case_ref()->set_case_id(filed.case_id);
  command->set_report_id(filed.report_id);
}

// What every command that is sent takes.
struct SendOptions {
  std::string authority;
  std::string occurred_at;
  std::string zone;
  std::string request_id;
  bool dry_run = false;
};

// The options that fill it; `dry_run` says what it does.
std::vector<Option> OptionsOf(SendOptions* options, const std::string& dry_run);
// The value of an option, if one is given: a day or a moment, of that zone.
absl::StatusOr<event::v1::When> WhenOf(const std::string& option, const std::string& value,
                                       const std::string& zone);

// A node that takes commands, as `options` say for whom, under one request id.
class Desk {
 public:
  static absl::StatusOr<Desk> Open(Context& context, const SendOptions& options);

  Node& node() const { return *node_; }
  const command::v1::CommandHeader& header() const { return header_; }

  absl::StatusOr<command::v1::CommandOutcome> Send(const command::v1::AddAttachment& command) const;
  absl::StatusOr<command::v1::CommandOutcome> Send(
      const command::v1::RemoveAttachment& command) const;

 private:
  Desk() = default;

  std::unique_ptr<Node> node_;
  std::string role_;
  command::v1::CommandHeader header_;
};

}  // namespace selaras::cli
