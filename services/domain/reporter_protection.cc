#include "services/domain/reporter_protection.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using event::v1::PersonalPart;
using Words = std::set<std::string, std::less<>>;
using Sequence = std::vector<std::string>;

constexpr std::size_t kNameLettersMin = 3;
constexpr std::size_t kAddressLettersMin = 4;
constexpr std::size_t kAddressDigitsMin = 5;
constexpr std::size_t kPhoneDigitsMin = 7;
constexpr std::size_t kNumberLettersMin = 6;
constexpr std::size_t kPlaceWordsMin = 2;
constexpr std::size_t kChronologyWordsMin = 4;

// Titles, and kinds and directions of places, which name nobody.
constexpr absl::string_view kTitles[] = {"bin", "binti", "haji",    "hajjah",  "drs",
                                         "dra", "bapak", "saudara", "saudari", "almarhum"};
constexpr absl::string_view kPlaceWords[] = {
    "jalan",     "gang",     "blok",      "nomor",  "dusun",   "jorong",      "nagari",
    "desa",      "kampung",  "kelurahan", "kota",   "komplek", "lingkungan",  "kecamatan",
    "kabupaten", "provinsi", "perumahan", "utara",  "timur",   "kompleks",    "selatan",
    "barat",     "tengah",   "raya",      "dalam",  "baru",    "lama",        "depan",
    "belakang",  "dekat",    "samping",   "kantor", "rumah",   "administrasi"};

template <std::size_t N>
bool IsOneOf(const absl::string_view (&words)[N], absl::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Small letters; the signs that join words as `-`, a no-break space as a space.
std::string Fold(absl::string_view text) {
  std::string folded = absl::StrReplaceAll(absl::AsciiStrToLower(text),
                                           {{"\xC2\xAD", "-"},      // soft hyphen
                                            {"\xE2\x80\x90", "-"},  // hyphen
                                            {"\xE2\x80\x91", "-"},  // hyphen that does not break
                                            {"\xE2\x80\x99", "-"},  // apostrophe
                                            {"\xC2\xA0", " "},
                                            {"'", "-"},
                                            {"`", "-"}});
  for (std::size_t i = 1; i < folded.size(); ++i) {
    const auto byte = static_cast<unsigned char>(folded[i]);
    const bool capital = folded[i - 1] == '\xC3' && byte >= 0x80 && byte <= 0x9E && byte != 0x97;
    if (capital) folded[i] = static_cast<char>(byte + 0x20);  // À to Þ
  }
  return folded;
}

bool IsOfWord(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 128;
}

std::size_t LettersIn(absl::string_view word) {
  return static_cast<std::size_t>(
      std::count_if(word.begin(), word.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsNumber(absl::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

// The words in their order, those with hyphens in their parts.
Sequence SequenceOf(absl::string_view folded) {
  Sequence words;
  for (std::size_t i = 0; i < folded.size();) {
    std::size_t end = i;
    while (end < folded.size() && IsOfWord(folded[end])) ++end;
    if (end > i) words.emplace_back(folded.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  return words;
}

// The text without hyphens, and without the space after one, where a line was broken.
std::string Joined(absl::string_view folded) {
  std::string joined;
  bool after_hyphen = false;
  for (const char c : folded) {
    const bool skipped =
        c == '-' || (after_hyphen && absl::ascii_isspace(static_cast<unsigned char>(c)));
    if (!skipped) joined.push_back(c);
    after_hyphen = skipped;
  }
  return joined;
}

Words WordsOf(absl::string_view text) {
  const std::string folded = Fold(text);
  Words words;
  for (std::string& word : SequenceOf(folded)) words.insert(std::move(word));
  for (std::string& word : SequenceOf(Joined(folded))) words.insert(std::move(word));
  return words;
}

// Runs of digits as somebody wrote them in groups.
std::vector<std::string> NumbersIn(absl::string_view text) {
  std::vector<std::string> numbers(1);
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      numbers.back().push_back(c);
    } else if (!absl::StrContains(" .-()+\t\n", c) && !numbers.back().empty()) {
      numbers.emplace_back();
    }
  }
  return numbers;
}

bool ContainsSequence(const Sequence& text, const Sequence& searched) {
  return std::search(text.begin(), text.end(), searched.begin(), searched.end()) != text.end();
}

// A text as it is searched.
struct Text {
  explicit Text(absl::string_view written)
      : sequence(SequenceOf(Fold(written))), words(WordsOf(written)), numbers(NumbersIn(written)) {}

  bool HasNumber(absl::string_view digits) const {
    return std::any_of(numbers.begin(), numbers.end(), [&](const std::string& number) {
      return absl::StrContains(number, digits);
    });
  }

  Sequence sequence;
  Words words;
  std::vector<std::string> numbers;
};

// Words that everybody may use: of places and authorities, and what the respondent is called.
class CommonWords {
 public:
  CommonWords(const event::v1::Respondent& respondent, const reference::Catalogue& catalogue)
      : catalogue_(catalogue) {
    for (const auto& text : {respondent.name(), respondent.position_title(), respondent.agency()}) {
      respondent_.merge(WordsOf(text));
    }
  }

  bool OfRespondent(absl::string_view word) const { return respondent_.contains(word); }
  // Asked of few words only: it reads the catalogue through.
  bool OfPlaces(absl::string_view word) const {
    const auto has = [&](const auto& row) { return WordsOf(row.name).contains(word); };
    const auto regions = catalogue_.regions();
    const auto authorities = catalogue_.authorities();
    return IsOneOf(kPlaceWords, word) || std::any_of(regions.begin(), regions.end(), has) ||
           std::any_of(authorities.begin(), authorities.end(), has);
  }

 private:
  Words respondent_;
  const reference::Catalogue& catalogue_;
};

bool TellsName(const Text& text, const Words& name, const CommonWords& common) {
  return std::any_of(name.begin(), name.end(), [&](const std::string& word) {
    return LettersIn(word) >= kNameLettersMin && !IsNumber(word) && !IsOneOf(kTitles, word) &&
           !common.OfRespondent(word) && text.words.contains(word);
  });
}

bool TellsAddress(const Text& text, const Words& address, const CommonWords& common) {
  return std::any_of(address.begin(), address.end(), [&](const std::string& word) {
    const std::size_t least = IsNumber(word) ? kAddressDigitsMin : kAddressLettersMin;
    return LettersIn(word) >= least && text.words.contains(word) && !common.OfRespondent(word) &&
           !common.OfPlaces(word);
  });
}

bool TellsPhone(const Text& text, absl::string_view phone) {
  for (const std::string& number : NumbersIn(phone)) {
    absl::string_view digits = number;
    if (!absl::ConsumePrefix(&digits, "62")) absl::ConsumePrefix(&digits, "0");
    if (digits.size() >= kPhoneDigitsMin && text.HasNumber(digits)) return true;
  }
  return false;
}

bool TellsPlace(const Text& text, const Sequence& place, const CommonWords& common) {
  return place.size() >= kPlaceWordsMin && ContainsSequence(text.sequence, place) &&
         !std::all_of(place.begin(), place.end(),
                      [&](const std::string& word) { return common.OfPlaces(word); });
}

bool TellsNumber(const Text& text, const PersonalPart& kept) {
  return std::any_of(kept.references().begin(), kept.references().end(),
                     [&](const auto& reference) {
                       if (reference.kind() != event::v1::REFERENCE_KIND_REGISTER &&
                           reference.kind() != event::v1::REFERENCE_KIND_SIGAPLAPOR) {
                         return false;
                       }
                       const Sequence number = SequenceOf(Fold(reference.raw()));
                       std::size_t letters = 0;
                       for (const std::string& part : number) letters += part.size();
                       const bool of_digits = std::all_of(number.begin(), number.end(), IsNumber);
                       return letters >= kNumberLettersMin && !(of_digits && number.size() > 1) &&
                              ContainsSequence(text.sequence, number);
                     });
}

// What the text tells of the reporter; empty if nothing.
absl::string_view WhatIsTold(const Text& text, const PersonalPart& kept,
                             const CommonWords& common) {
  const event::v1::Reporter& reporter = kept.reporter();
  if (TellsName(text, WordsOf(reporter.name()), common)) return "the name";
  if (TellsAddress(text, WordsOf(reporter.address()), common)) return "the address";
  if (TellsPhone(text, reporter.phone())) return "the telephone number";
  if (!reporter.nik().empty() && text.HasNumber(reporter.nik())) return "the NIK";
  if (TellsNumber(text, kept)) return "the number of the report";
  if (TellsPlace(text, SequenceOf(Fold(kept.place())), common)) return "the place";
  const Sequence chronology = SequenceOf(Fold(kept.chronology()));
  if (chronology.size() >= kChronologyWordsMin && ContainsSequence(text.sequence, chronology)) {
    return "the chronology";
  }
  const bool evidence =
      std::any_of(kept.evidence().begin(), kept.evidence().end(),
                  [&](const auto& piece) {
                    return text.words.contains(absl::BytesToHexString(piece.sha256()));
                  }) ||
      (kept.has_attachment() &&
       text.words.contains(absl::BytesToHexString(kept.attachment().sha256())));
  return evidence ? "the digest of evidence" : "";
}

absl::Status WouldLeave(absl::string_view field, absl::string_view what) {
  return RuleForbids("reporter_never_leaves",
                     absl::StrCat(field, ": has something of ", what,
                                  " of a report behind the case, and goes to other agencies; "
                                  "write it without"));
}

// By the names of the fields in which the command gave them.
std::vector<std::pair<absl::string_view, absl::string_view>> TextsOf(const Draft& draft) {
  const bool corrects = draft.fact.has_fact_corrected();
  const bool of_correction = corrects || draft.fact.has_fact_voided();
  const event::v1::Attachment& attachment = draft.personal->attachment();
  std::vector<std::pair<absl::string_view, absl::string_view>> texts = {
      {corrects ? "new_personal.summary" : "summary", draft.personal->summary()},
      {of_correction ? "reason" : "reason_text", draft.personal->reason_text()},
      {"title", attachment.title()},
      {"origin.url", attachment.origin().url()},
      {"origin.account", attachment.origin().account()},
      {"signature.service", attachment.signature().service()}};
  for (const event::v1::Signer& signer : attachment.signature().signers()) {
    for (const std::string* text : {&signer.name(), &signer.issuer(), &signer.certificate()}) {
      texts.emplace_back("signature.signers", *text);
    }
  }
  return texts;
}

absl::string_view NumberField(const Draft& draft, const event::v1::ExternalReference& reference) {
  if (draft.fact.has_fact_corrected()) return "new_personal.references";
  const bool letter = reference.kind() == event::v1::REFERENCE_KIND_LETTER ||
                      reference.kind() == event::v1::REFERENCE_KIND_REFERRAL_LETTER;
  return letter ? "letter_number" : "references";
}

}  // namespace

absl::Status CheckTellsOfNoReporter(const Draft& draft, std::span<const PersonalPart> kept,
                                    const event::v1::Respondent& respondent,
                                    const reference::Catalogue& catalogue) {
  if (!draft.personal || kept.empty()) return absl::OkStatus();
  const CommonWords common(respondent, catalogue);
  for (const auto& [field, written] : TextsOf(draft)) {
    if (written.empty()) continue;
    const Text text(written);
    for (const PersonalPart& part : kept) {
      const absl::string_view what = WhatIsTold(text, part, common);
      if (!what.empty()) return WouldLeave(field, what);
    }
  }
  for (const auto& reference : draft.personal->references()) {
    const Text number(reference.raw());
    for (const PersonalPart& part : kept) {
      if (TellsNumber(number, part)) {
        return WouldLeave(NumberField(draft, reference), "the number");
      }
    }
  }
  return absl::OkStatus();
}

namespace {

void KeepDay(event::v1::When* when) {
  if (when->has_instant()) when->set_date(DayOf(*when));
}

// The beginning of the day, which tells the day alone.
void KeepDay(google::protobuf::Timestamp* time) {
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t into = ((time->seconds() % kDay) + kDay) % kDay;
  time->set_seconds(time->seconds() - into);
  time->clear_nanos();
}

void KeepDaysOnly(event::v1::Attachment* attachment) {
  if (attachment->origin().has_captured_at()) {
    KeepDay(attachment->mutable_origin()->mutable_captured_at());
  }
  if (!attachment->has_signature()) return;
  event::v1::SignatureCheck& check = *attachment->mutable_signature();
  if (check.has_checked_at()) KeepDay(check.mutable_checked_at());
  for (event::v1::Signer& signer : *check.mutable_signers()) {
    if (signer.has_signed_at()) KeepDay(signer.mutable_signed_at());
  }
}

}  // namespace

void KeepDaysOnly(Draft* draft) {
  if (draft->occurred_at) KeepDay(&*draft->occurred_at);
  if (draft->fact.has_fact_corrected() && draft->fact.fact_corrected().has_new_occurred_at()) {
    KeepDay(draft->fact.mutable_fact_corrected()->mutable_new_occurred_at());
  }
  if (draft->personal && draft->personal->has_attachment()) {
    KeepDaysOnly(draft->personal->mutable_attachment());
  }
}

}  // namespace selaras::domain
