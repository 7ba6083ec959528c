#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Why a file cannot be read as a register. A row that is wrong is no error: see Refusal.
namespace selaras::registers {

absl::Status FileTooLarge(std::size_t bytes);
absl::Status FileIsUtf16();
absl::Status FileIsEmpty();
absl::Status QuoteNotClosed(int line);
absl::Status TextAfterQuote(int line);
absl::Status FieldTooLong(int line);
absl::Status TooManyFields(int line);
absl::Status TooManyRows();

// The names of the columns, joined with commas.
absl::Status UnknownRegister(absl::string_view columns);
absl::Status BadColumns(absl::string_view kind, absl::string_view missing,
                        absl::string_view unknown, absl::string_view repeated);

}  // namespace selaras::registers
