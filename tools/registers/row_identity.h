#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

// Which report or letter a row belongs to, and which of its rows it is. Derived ids make
// an import repeatable, so nothing here depends on names or numbers of persons.
namespace selaras::registers {

// What a row says about its file, also when the row is refused for something else.
struct RowIdentity {
  std::string number;                 // normalised; may be empty
  std::optional<std::string> office;  // absent if its region is unknown
  std::optional<int> year;            // absent if neither number nor date gives one
};

// The year at the end of a letter's number, as in R-1/KASN/2020.
std::optional<int> YearOfNumber(absl::string_view number);

// `register:<office>:<number>:<year>`, printable ASCII without spaces, at most 120 bytes;
// the number is replaced by its SHA-256 if it is long or has other characters. Equal for
// two rows exactly if office, number and year are.
std::string FileKey(const RowIdentity& identity);

// Request id of a row: the file's key, the ordinal and the generation.
std::string RequestId(absl::string_view file_key, int ordinal, int generation);

// Numbers the rows of each file of a register from 1. A row whose office or year is not
// known counts for all that share its number, so that its repair changes no other row's.
class Ordinals {
 public:
  int Next(const RowIdentity& identity);

 private:
  using Key = std::tuple<std::string, std::optional<std::string>, std::optional<int>>;
  absl::flat_hash_map<Key, int> counts_;
};

}  // namespace selaras::registers
