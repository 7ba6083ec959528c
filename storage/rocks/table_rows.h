#pragma once

#include <vector>

#include "storage/log/store.h"
#include "storage/rocks/database.h"
#include "storage/rocks/keys.h"

namespace selaras::rocks {

Family FamilyOf(log::Table table);

// Adds changes of rows to the batch.
void PutRows(const std::vector<log::RowWrite>& rows, Database::Batch& batch);

}  // namespace selaras::rocks
