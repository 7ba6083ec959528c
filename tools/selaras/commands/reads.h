#pragma once

#include <functional>

#include "absl/status/status.h"

#include "selaras/cli/v1/output.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "tools/selaras/command.h"
#include "tools/selaras/node.h"
#include "tools/selaras/table.h"

// Who was shown personal data: the same of a case, a report and a person.
namespace selaras::cli {

// Hands over each read of what the request names, the oldest first, over all pages.
absl::Status ForEachRead(CaseSource& cases, query::v1::ListReadsRequest request,
                         const std::function<void(const query::v1::Read& read)>& read);

cli::v1::ReadRecord ToRecord(const query::v1::Read& read);

Command CaseReadsCommand();
Command ReportReadsCommand();

}  // namespace selaras::cli
