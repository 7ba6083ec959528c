#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/intake/v1/reporter.pb.h"

#include "services/domain/report_status.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/reference/catalogue.h"
#include "storage/log/store.h"

namespace selaras::intake {

// What a reporter may read with a code: status in words for everybody, and the messages. Own
// sections are read from the last commit, those of others as projected. Thread-safe.
class ReporterReader {
 public:
  // Everything handed in must outlive the reader.
  ReporterReader(const log::StoreReader& store, const node::NodeKeys& keys,
                 const node::Opener& opener, const reference::Catalogue& catalogue);

  // A report that a code opens, with the office that has it.
  struct Opened {
    std::string report_id;
    std::string office;
  };
  // Nothing if the code, in the form of domain::ReadReceiptCode, never was one or was replaced. One
  // that was made a moment ago is not known before the projector handled its entry.
  absl::StatusOr<std::optional<Opened>> ReportOf(absl::string_view code) const;

  // Where the report stands, and those that derive from it: a report that went on as a finding is
  // still the reporter's.
  absl::StatusOr<v1::GetReportStatusResponse> Status(absl::string_view report_id) const;
  absl::StatusOr<v1::ListReporterMessagesResponse> Messages(absl::string_view report_id) const;
  // That the report was received, by the newest checkpoint of the shared log: of the private one
  // not even a root leaves.
  absl::StatusOr<v1::GetReportReceiptResponse> Receipt(absl::string_view report_id) const;

 private:
  absl::StatusOr<domain::ReportStep> StepOf(const std::string& case_id) const;
  absl::StatusOr<std::vector<std::string>> DerivedFrom(absl::string_view report_id) const;
  std::string TextOf(const std::string& status) const;

  const log::StoreReader& store_;
  const node::NodeKeys& keys_;
  const node::Opener& opener_;
  const reference::Catalogue& catalogue_;
};

}  // namespace selaras::intake
