#pragma once

#include "storage/audit/findings.h"
#include "storage/log/store.h"

namespace selaras::verify {

// Every version of the reference data: all its tables are there, and lead to the digest that
// names it. What belongs to no version is named.
void AuditCatalogues(const log::StoreReader& store, audit::Findings* findings);

// The secrets: those that a node makes, of their length, and no others.
void AuditSecrets(const log::StoreReader& store, audit::Findings* findings);

// The documents that are held whole: their sealed bytes have the digest by which they are found.
void AuditDocuments(const log::StoreReader& store, audit::Findings* findings);

}  // namespace selaras::verify
