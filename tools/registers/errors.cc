#include "tools/registers/errors.h"

#include "absl/strings/str_cat.h"

#include "tools/registers/csv.h"

namespace selaras::registers {
namespace {

absl::Status AtLine(int line, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", reason));
}

}  // namespace

absl::Status FileTooLarge(std::size_t bytes) {
  return absl::InvalidArgumentError(
      absl::StrCat("the file has ", bytes, " bytes, more than ", kFileBytesMax, "; split it"));
}

absl::Status FileIsUtf16() {
  return absl::InvalidArgumentError("the file is UTF-16; save it as CSV UTF-8");
}

absl::Status FileIsEmpty() {
  return absl::InvalidArgumentError("the file is empty; its first line must name the columns");
}

absl::Status QuoteNotClosed(int line) {
  return AtLine(line, "a quote that opens here is not closed; close it or remove it");
}

absl::Status TextAfterQuote(int line) {
  return AtLine(line, "text follows a closing quote; double the quotes inside a quoted field");
}

absl::Status FieldTooLong(int line) {
  return AtLine(line, absl::StrCat("a field that begins here has more than ", kFieldBytesMax,
                                   " bytes; shorten it, or close its quote"));
}

absl::Status TooManyFields(int line) {
  return AtLine(line, absl::StrCat("more than ", kFieldsMax, " fields; remove those without text"));
}

absl::Status TooManyRows() {
  return absl::InvalidArgumentError("the file has more than 1000000 rows; split it");
}

absl::Status UnknownRegister(absl::string_view columns) {
  return absl::InvalidArgumentError(
      absl::StrCat("the columns are those of no register: ", columns,
                   "; the first line must name the columns of bawaslu.csv, bkn.csv or bkpsdm.csv"));
}

absl::Status BadColumns(absl::string_view kind, absl::string_view missing,
                        absl::string_view unknown, absl::string_view repeated) {
  std::string text = absl::StrCat("register ", kind, ":");
  absl::string_view separator = " ";
  const auto add = [&](absl::string_view what, absl::string_view columns) {
    if (columns.empty()) return;
    absl::StrAppend(&text, separator, what, " ", columns);
    separator = "; ";
  };
  add("missing columns", missing);
  add("unknown columns", unknown);
  add("repeated columns", repeated);
  return absl::InvalidArgumentError(absl::StrCat(text, "; correct the first line"));
}

}  // namespace selaras::registers
