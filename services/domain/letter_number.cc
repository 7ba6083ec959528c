#include "services/domain/letter_number.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace selaras::domain {

std::string NormaliseLetterNumber(absl::string_view raw) {
  // The no-break space comes with cells that were copied from a web page.
  std::string number = absl::StrReplaceAll(raw, {{"\u00A0", " "}});
  absl::RemoveExtraAsciiWhitespace(&number);
  for (char& c : number) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  absl::AsciiStrToUpper(&number);
  return number;
}

}  // namespace selaras::domain
