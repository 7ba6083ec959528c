#include "services/domain/external_reference.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/domain/identifier_errors.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

constexpr std::size_t kBytesMax = 120;

struct Word {
  absl::string_view letters;
  absl::string_view name;
  ReferenceSystem system;
};
constexpr Word kWords[] = {
    {"SBT", "SBT", ReferenceSystem::kSbt},
    {"IDIS", "I-DIS", ReferenceSystem::kIdis},
    {"SIASN", "SIASN", ReferenceSystem::kSiasn},
    {"SIGAPLAPOR", "SigapLapor", ReferenceSystem::kSigapLapor},
    {"SRIKANDI", "Srikandi", ReferenceSystem::kSrikandi},
};

bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// Where `text` goes on after the letters of `word`, with separators between them allowed; npos if
// it does not begin with them, or goes on with a letter or a digit.
std::size_t AfterWord(absl::string_view text, absl::string_view word) {
  std::size_t at = 0;
  for (const char letter : word) {
    while (at > 0 && at < text.size() && !IsAlnum(text[at])) ++at;
    if (at >= text.size() || text[at] != letter) return absl::string_view::npos;
    ++at;
  }
  return at < text.size() && IsAlnum(text[at]) ? absl::string_view::npos : at;
}

// The kind word at the beginning, and what follows it.
const Word* TakeWord(absl::string_view* text) {
  for (const Word& word : kWords) {
    const std::size_t after = AfterWord(*text, word.letters);
    if (after == absl::string_view::npos) continue;
    *text = text->substr(after);
    return &word;
  }
  return nullptr;
}

absl::string_view DropLead(absl::string_view text) {
  const std::size_t at = text.find_first_not_of(" :#.-/=");
  return at == absl::string_view::npos ? "" : text.substr(at);
}

// Without `NOMOR 12`, `NO. 12`.
absl::string_view DropNumberWord(absl::string_view text) {
  for (const absl::string_view word : {"NOMOR", "NO"}) {
    if (!absl::StartsWith(text, word)) continue;
    const absl::string_view rest = text.substr(word.size());
    if (rest.empty() || absl::StrContains(" .:#", rest[0])) return DropLead(rest);
  }
  return text;
}

std::string Clean(absl::string_view raw) {
  std::string text = absl::AsciiStrToUpper(absl::StrReplaceAll(raw, {{"\u00A0", " "}}));
  absl::RemoveExtraAsciiWhitespace(&text);
  return text;
}

std::string DropSpaces(absl::string_view text) {
  std::string out;
  const auto separates = [](char c) { return c == '/' || c == '-' || c == '.'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool beside = text[i] == ' ' && ((!out.empty() && separates(out.back())) ||
                                           (i + 1 < text.size() && separates(text[i + 1])));
    if (!beside) out.push_back(text[i]);
  }
  return out;
}

absl::Status CheckRaw(absl::string_view raw) {
  if (raw.size() > kBytesMax) {
    return BadReference(absl::StrCat(raw.size(), " bytes; at most ", kBytesMax, " are allowed"));
  }
  const bool control = std::any_of(raw.begin(), raw.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\t';
  });
  if (control) return BadReference("not printable");
  return absl::OkStatus();
}

}  // namespace

absl::string_view NameOf(ReferenceSystem system) {
  for (const Word& word : kWords) {
    if (word.system == system) return word.name;
  }
  return "?";
}

std::optional<ReferenceSystem> ParseReferenceSystem(absl::string_view text) {
  const std::string clean = Clean(text);
  absl::string_view rest = clean;
  const Word* word = TakeWord(&rest);
  if (word == nullptr || std::any_of(rest.begin(), rest.end(), IsAlnum)) return std::nullopt;
  return word->system;
}

absl::StatusOr<ExternalReference> ParseExternalReference(ReferenceSystem system,
                                                         absl::string_view raw) {
  RETURN_IF_ERROR(CheckRaw(raw));
  const std::string clean = Clean(raw);
  if (clean.empty()) return BadReference("empty");
  absl::string_view rest = clean;
  const Word* word = TakeWord(&rest);
  if (word != nullptr && word->system != system) {
    return BadReference(absl::StrCat("a number of ", word->name, ", not of ", NameOf(system)));
  }
  rest = DropNumberWord(word != nullptr ? DropLead(rest) : rest);
  const std::string number = DropSpaces(rest);
  if (std::none_of(number.begin(), number.end(),
                   [](char c) { return !IsLetter(c) && IsAlnum(c); })) {
    return BadReference(absl::StrCat("no number after the word ", NameOf(system)));
  }
  return ExternalReference{system, std::string(raw), absl::StrCat(NameOf(system), ":", number)};
}

absl::StatusOr<ExternalReference> ParseExternalReference(absl::string_view raw) {
  RETURN_IF_ERROR(CheckRaw(raw));
  const std::string clean = Clean(raw);
  if (clean.empty()) return BadReference("empty");
  absl::string_view rest = clean;
  const Word* word = TakeWord(&rest);
  if (word == nullptr) return BadReference("no system; write e.g. SBT before the number");
  return ParseExternalReference(word->system, raw);
}

}  // namespace selaras::domain
