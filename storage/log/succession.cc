#include "storage/log/succession.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/errors.h"
#include "storage/log/fingerprint.h"
#include "storage/log/limits.h"
#include "storage/log/names.h"
#include "storage/log/note_parts.h"
#include "storage/log/text_lines.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kFirstLine = "selaras succession 1\n";
constexpr std::array<absl::string_view, 3> kReasons = {"fork", "lost-tail", "key-compromise"};

absl::StatusOr<NoteVerifier> TakeKey(TextLines& lines, absl::string_view word) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take(word));
  auto verifier = NoteVerifier::Parse(text);
  if (!verifier.ok()) return lines.Wrong("it is not a verifier key");
  return verifier;
}

absl::StatusOr<std::uint64_t> TakeNumber(TextLines& lines, absl::string_view word) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take(word));
  std::uint64_t number = 0;
  if (!IsDecimal(text) || !absl::SimpleAtoi(text, &number)) {
    return lines.Wrong("it is not a number");
  }
  return number;
}

absl::StatusOr<std::string> TakeNote(TextLines& lines, std::size_t bytes) {
  if (bytes > kCheckpointBytesMax) return NotASuccession("a note is cut off");
  return lines.TakeBytes(bytes, "a note");
}

absl::StatusOr<Succession::Past> TakePast(TextLines& lines) {
  ASSIGN_OR_RETURN(NoteVerifier verifier, TakeKey(lines, "past "));
  ASSIGN_OR_RETURN(const std::uint64_t last, TakeNumber(lines, "up to "));
  return Succession::Past{std::move(verifier), {last}};
}

absl::StatusOr<base::Digest> TakeEvidence(TextLines& lines) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take("evidence "));
  const auto bytes = base::HexDecode(text);
  auto digest = bytes.ok() ? base::Digest::FromBytes(*bytes) : bytes.status();
  if (!digest.ok()) return lines.Wrong("it is not a hash");
  return digest;
}

absl::Status CheckPast(const Succession& succession) {
  const base::TreeSize size = succession.closing.checkpoint.size;
  if (succession.past.empty()) return NotASuccession("it names no key of the log that was closed");
  for (const Succession::Past& past : succession.past) {
    if (LogOfOrigin(past.verifier.name()) != succession.log) {
      return NotASuccession(absl::StrCat(past.verifier.name(), " is another log"));
    }
    if (past.last > size) {
      return NotASuccession("a key is believed for more than was kept");
    }
    if (past.verifier.key().bytes() == succession.next.key().bytes()) {
      return NotASuccession("the successor has a key of the log that was closed");
    }
  }
  const std::string& origin = succession.past.back().verifier.name();
  if (LogOfOrigin(succession.next.name()) != succession.log ||
      GenerationOf(succession.next.name()) != GenerationOf(origin) + 1) {
    return NotASuccession(
        absl::StrCat(succession.next.name(), " is not the next origin after ", origin));
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view NameOf(SuccessionReason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

std::optional<SuccessionReason> SuccessionReasonOf(absl::string_view name) {
  const auto found = std::find(kReasons.begin(), kReasons.end(), name);
  if (found == kReasons.end()) return std::nullopt;
  return static_cast<SuccessionReason>(found - kReasons.begin());
}

std::string SuccessionText(const Succession& succession) {
  std::string text = absl::StrCat(kFirstLine, "log ", succession.log, "\nreason ",
                                  NameOf(succession.reason), "\n");
  for (const Succession::Past& past : succession.past) {
    absl::StrAppend(&text, "past ", past.verifier.VerifierText(), "\nup to ", past.last.value,
                    "\n");
  }
  absl::StrAppend(&text, "next ", succession.next.VerifierText(), "\n");
  for (const base::Digest& evidence : succession.evidence) {
    absl::StrAppend(&text, "evidence ", base::HexEncode(evidence.view()), "\n");
  }
  return absl::StrCat(text, "closing ", succession.closing.note.size(), "\nlast words ",
                      succession.last_words.size(), "\n\n", succession.closing.note,
                      succession.last_words);
}

bool IsSuccessionText(absl::string_view text) {
  return text.substr(0, kFirstLine.size()) == kFirstLine;
}

absl::StatusOr<Succession> ParseSuccession(absl::string_view text) {
  const absl::string_view whole = text;
  if (!absl::ConsumePrefix(&text, kFirstLine)) {
    return NotASuccession("it does not begin with 'selaras succession 1'");
  }
  TextLines lines(text, NotASuccession);
  ASSIGN_OR_RETURN(const absl::string_view log, lines.Take("log "));
  ASSIGN_OR_RETURN(const absl::string_view reason_name, lines.Take("reason "));
  const auto reason = SuccessionReasonOf(reason_name);
  if (!reason) return lines.Wrong("it is no reason that is known");
  std::vector<Succession::Past> past;
  while (lines.NextIs("past ")) {
    ASSIGN_OR_RETURN(Succession::Past key, TakePast(lines));
    past.push_back(std::move(key));
  }
  ASSIGN_OR_RETURN(NoteVerifier next, TakeKey(lines, "next "));
  std::vector<base::Digest> evidence;
  while (lines.NextIs("evidence ")) {
    ASSIGN_OR_RETURN(evidence.emplace_back(), TakeEvidence(lines));
  }
  ASSIGN_OR_RETURN(const std::uint64_t closing_bytes, TakeNumber(lines, "closing "));
  ASSIGN_OR_RETURN(const std::uint64_t last_bytes, TakeNumber(lines, "last words "));
  RETURN_IF_ERROR(lines.Take("").status());
  ASSIGN_OR_RETURN(const std::string closing_note, TakeNote(lines, closing_bytes));
  ASSIGN_OR_RETURN(std::string last_words, TakeNote(lines, last_bytes));
  ASSIGN_OR_RETURN(SignedCheckpoint closing, OpenCheckpoint(next, closing_note));

  Succession read{std::string(log),    std::move(past),    std::move(next),      *reason,
                  std::move(evidence), std::move(closing), std::move(last_words)};
  RETURN_IF_ERROR(CheckPast(read));
  if (!read.last_words.empty()) {
    ASSIGN_OR_RETURN(const SignedCheckpoint last,
                     OpenCheckpoint(read.past.back().verifier, read.last_words));
    if (last.checkpoint.size != read.closing.checkpoint.size ||
        last.checkpoint.root != read.closing.checkpoint.root) {
      return LastWordsDiffer(read.log);
    }
  }
  // One statement, one text, one fingerprint.
  if (SuccessionText(read) != whole) return NotASuccession("something follows its notes");
  return read;
}

std::string FingerprintOf(const Succession& succession) {
  return FingerprintOfText(SuccessionText(succession));
}

}  // namespace selaras::log
