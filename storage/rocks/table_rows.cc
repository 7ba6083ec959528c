#include "storage/rocks/table_rows.h"

#include "storage/base/check.h"

namespace selaras::rocks {

Family FamilyOf(log::Table table) {
  switch (table) {
    case log::Table::kRequest:
      return Family::kRequest;
    case log::Table::kState:
      return Family::kState;
    case log::Table::kView:
      return Family::kView;
    case log::Table::kCatalogue:
      return Family::kCatalogue;
    case log::Table::kSecret:
      return Family::kSecret;
    case log::Table::kPublished:
      return Family::kPublished;
    case log::Table::kAttachment:
      return Family::kAttachment;
  }
  SELARAS_CHECK(false) << "no such table: " << static_cast<int>(table);
  return Family::kMeta;
}

void PutRows(const std::vector<log::RowWrite>& rows, Database::Batch& batch) {
  for (const log::RowWrite& row : rows) {
    if (row.value) {
      batch.Put(FamilyOf(row.table), row.key, *row.value);
    } else {
      batch.Delete(FamilyOf(row.table), row.key);
    }
  }
}

}  // namespace selaras::rocks
