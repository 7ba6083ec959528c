#pragma once

#include "selaras/ledger/v1/ledger.pb.h"

#include "tools/selaras/table.h"

// What `status` and `link list` have in common.
namespace selaras::cli {

// How a link stands, in a word or two.
Cell LinkStateCell(const ledger::v1::LinkState& link);
Table LogTable(const ledger::v1::GetNodeResponse& node);
// What was published, and who cosigned it.
Table PublishedTable(const ledger::v1::GetNodeResponse& node);
// When certificates end that the node depends on.
Table CertificateTable(const ledger::v1::GetNodeResponse& node);

Table LinkTable(const ledger::v1::GetNodeResponse& node);

}  // namespace selaras::cli
