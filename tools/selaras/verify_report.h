#pragma once

#include "storage/audit/audit.h"
#include "tools/selaras/output.h"

namespace selaras::cli {

// What an audit found, the same whatever was audited: for people or as JSON.
void PrintVerified(Output& output, const audit::AuditReport& report);

}  // namespace selaras::cli
