#pragma once

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "storage/log/store.h"

namespace selaras::test {

// All rows of a table, by key.
inline std::map<std::string, std::string> RowsOf(const log::StoreReader& store, log::Table table) {
  std::map<std::string, std::string> rows;
  EXPECT_TRUE(store
                  .Scan(table, "", "",
                        [&](absl::string_view key, absl::string_view value) {
                          rows.emplace(key, value);
                          return true;
                        })
                  .ok());
  return rows;
}

}  // namespace selaras::test
