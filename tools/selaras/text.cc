#include "tools/selaras/text.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include <google/protobuf/descriptor.h>

#include "services/reference/local_date.h"
#include "storage/base/bytes.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kStatePrefix = "CASE_STATE_";
constexpr std::int64_t kTimestampFirst = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kTimestampEnd = 253'402'300'800;    // 10000-01-01T00:00:00Z

// `ELECTION_PHASE_BEFORE_PENETAPAN` of ElectionPhase is `before_penetapan`.
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  absl::string_view word = value.name();
  absl::ConsumePrefix(&word, prefix);
  absl::ConsumePrefix(&word, "_");
  return absl::AsciiStrToLower(word);
}

// One value of a field; `index` is ignored unless the field is repeated. Empty for what does not
// read in a few words.
std::string ValueText(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value = many ? reflection.GetRepeatedString(message, &field, index)
                               : reflection.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? ShortHash(value) : value;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? reflection.GetRepeatedBool(message, &field, index)
                   : reflection.GetBool(message, &field))
                 ? "yes"
                 : "no";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(many ? reflection.GetRepeatedInt32(message, &field, index)
                               : reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(*(many ? reflection.GetRepeatedEnum(message, &field, index)
                             : reflection.GetEnum(message, &field)));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& child = many ? reflection.GetRepeatedMessage(message, &field, index)
                                  : reflection.GetMessage(message, &field);
      if (child.GetDescriptor() == event::v1::Mark::descriptor()) {
        event::v1::Mark mark;
        mark.CopyFrom(child);
        return absl::StrCat(mark.code(), mark.about().empty() ? "" : " ", mark.about());
      }
      if (child.GetDescriptor() == event::v1::Signatory::descriptor()) {
        event::v1::Signatory signatory;
        signatory.CopyFrom(child);
        return absl::StrCat(signatory.office(), signatory.office().empty() ? "" : " ",
                            signatory.mandate(), signatory.for_vacancy() ? " for a vacancy" : "");
      }
      if (child.GetDescriptor() != event::v1::Position::descriptor()) return "";
      event::v1::Position position;
      position.CopyFrom(child);
      return PositionText(position);
    }
    default:
      return "";
  }
}

std::string FieldText(const Message& message, const FieldDescriptor& field) {
  if (!field.is_repeated()) return ValueText(message, field, 0);
  const int count = message.GetReflection()->FieldSize(message, &field);
  std::vector<std::string> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    values.push_back(ValueText(message, field, i));
  }
  return absl::StrJoin(values, ",");
}

// The message that is set in the oneof; nullptr if there is none.
const Message* Kind(const event::v1::Fact& fact, const FieldDescriptor** field) {
  const auto* oneof = event::v1::Fact::descriptor()->FindOneofByName("kind");
  *field = fact.GetReflection()->GetOneofFieldDescriptor(fact, oneof);
  return *field == nullptr ? nullptr : &fact.GetReflection()->GetMessage(fact, *field);
}

// The fields of the fact that are set and wanted.
template <typename Wanted>
std::string Details(const event::v1::Fact& fact, const Wanted& wanted) {
  const FieldDescriptor* kind = nullptr;
  const Message* message = Kind(fact, &kind);
  if (message == nullptr) return "";
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : fields) {
    const std::string value = wanted(field->name()) ? FieldText(*message, *field) : "";
    if (!value.empty()) parts.push_back(absl::StrCat(field->name(), " ", value));
  }
  return absl::StrJoin(parts, " · ");
}

}  // namespace

std::string StateWord(query::v1::CaseState state) {
  if (!query::v1::CaseState_IsValid(state) || state == query::v1::CASE_STATE_UNSPECIFIED) return "";
  absl::string_view name = query::v1::CaseState_Name(state);
  absl::ConsumePrefix(&name, kStatePrefix);
  return absl::AsciiStrToLower(name);
}

query::v1::CaseState ParseState(absl::string_view word) {
  query::v1::CaseState state = query::v1::CASE_STATE_UNSPECIFIED;
  query::v1::CaseState_Parse(absl::StrCat(kStatePrefix, absl::AsciiStrToUpper(word)), &state);
  return state;
}

std::string StateWords() {
  std::vector<std::string> words;
  for (int i = 0; i < query::v1::CaseState_descriptor()->value_count(); ++i) {
    const int number = query::v1::CaseState_descriptor()->value(i)->number();
    std::string word = StateWord(static_cast<query::v1::CaseState>(number));
    if (!word.empty()) words.push_back(std::move(word));
  }
  return absl::StrJoin(words, ", ");
}

std::string WhenText(const event::v1::When& when) {
  switch (when.precision_case()) {
    case event::v1::When::kDate:
      return when.date();
    case event::v1::When::kInstant:
      return TimeText(when.instant());
    case event::v1::When::PRECISION_NOT_SET:
      return "";
  }
  return "";
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string Rfc3339(const google::protobuf::Timestamp& time) {
  return time.seconds() == 0 && time.nanos() == 0 ? "" : Rfc3339(ToTime(time));
}

bool FitsTimestamp(absl::Time time) {
  return time >= absl::FromUnixSeconds(kTimestampFirst) &&
         time < absl::FromUnixSeconds(kTimestampEnd);
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(absl::ToUnixSeconds(time));
  const absl::Duration rest = time - absl::FromUnixSeconds(stamp.seconds());
  stamp.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
  return stamp;
}

std::optional<absl::Time> ParseMoment(absl::string_view text) {
  absl::Time moment;
  for (const absl::string_view form : {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M:%E*S%Ez"}) {
    if (absl::ParseTime(form, text, &moment, nullptr) && FitsTimestamp(moment)) return moment;
  }
  return std::nullopt;
}

std::optional<event::v1::When> ParseWhen(absl::string_view text) {
  event::v1::When when;
  if (const auto day = reference::LocalDate::ParseIso(text)) {
    when.set_date(day->ToIso());
  } else if (const auto moment = ParseMoment(text)) {
    *when.mutable_instant() = ToTimestamp(*moment);
  } else {
    return std::nullopt;
  }
  return when;
}

std::string MessageText(absl::string_view text) {
  std::string lines;
  for (absl::string_view line : absl::StrSplit(absl::StripTrailingAsciiWhitespace(text), '\n')) {
    absl::ConsumeSuffix(&line, "\r");
    absl::StrAppend(&lines, "    ", Printable(absl::StrReplaceAll(line, {{"\t", "  "}})), "\n");
  }
  return lines;
}

std::string SubjectOf(const event::v1::Event& event) {
  return event.case_id().empty() ? event.report_id() : event.case_id();
}

std::string AwaitedText(const query::v1::AwaitedPart& part) {
  if (part.authorities().empty()) {
    return absl::StrCat("a part in the log ", part.log(), ", which is of no peer of this node");
  }
  return absl::StrCat("the part of ", absl::StrJoin(part.authorities(), " or "), " (log ",
                      part.log(), ")");
}

std::string PositionText(const event::v1::Position& position) {
  return absl::StrCat(position.log(), "@", position.sequence());
}

std::vector<std::string> RangesOf(absl::string_view log,
                                  const std::vector<base::Sequence>& places) {
  std::vector<std::string> ranges;
  for (std::size_t i = 0; i < places.size();) {
    std::size_t end = i + 1;
    while (end < places.size() && places[end].value == places[end - 1].value + 1) ++end;
    ranges.push_back(absl::StrCat(log, "@", places[i]));
    if (end > i + 1) absl::StrAppend(&ranges.back(), "-", places[end - 1]);
    i = end;
  }
  return ranges;
}

std::string PlacesText(const std::vector<std::string>& ranges) {
  constexpr std::size_t kShown = 8;
  const std::size_t shown = std::min(kShown, ranges.size());
  const std::string text = absl::StrJoin(ranges.begin(), ranges.begin() + shown, ", ");
  return shown == ranges.size() ? text
                                : absl::StrCat(text, " and ", ranges.size() - shown, " more");
}

std::string ShortId(absl::string_view id) { return std::string(id.substr(0, 8)); }

std::string ShortHash(absl::string_view bytes) { return base::HexEncode(bytes.substr(0, 6)); }

std::string FactName(const event::v1::Fact& fact) {
  const FieldDescriptor* field = nullptr;
  return Kind(fact, &field) == nullptr ? "unknown" : field->name();
}

std::string FactDetails(const event::v1::Fact& fact) {
  return Details(fact, [](const std::string&) { return true; });
}

std::string FactNews(const event::v1::Fact& fact) {
  static const absl::flat_hash_set<std::string> kRestated = {
      "report_id",     "employment_status",     "position_kind", "rank",
      "agency_region", "incident_on",           "identified",    "election",
      "parties",       "earlier_party_entries", "contest",       "marks",
      "stage",         "calendar_phase",        "violation",     "regime",
      "role"};
  return Details(fact, [](const std::string& field) { return !kRestated.contains(field); });
}

std::string SizeText(std::uint64_t bytes) {
  constexpr double kStep = 1'024;
  if (bytes < static_cast<std::uint64_t>(kStep)) return absl::StrCat(bytes, " B");
  auto size = static_cast<double>(bytes);
  absl::string_view unit;
  for (const absl::string_view next : {"KiB", "MiB", "GiB"}) {
    size /= kStep;
    unit = next;
    if (size < kStep) break;
  }
  return absl::StrFormat("%.1f %s", size, unit);
}

std::string Count(std::uint64_t number, absl::string_view singular) {
  const absl::string_view one = singular;
  if (number == 1) return absl::StrCat(number, " ", one);
  if (absl::ConsumeSuffix(&singular, "af")) return absl::StrCat(number, " ", singular, "aves");
  const bool vowel = absl::EndsWith(one, "ay") || absl::EndsWith(one, "ey");
  if (!vowel && absl::ConsumeSuffix(&singular, "y")) {
    return absl::StrCat(number, " ", singular, "ies");
  }
  return absl::StrCat(number, " ", one, "s");
}

}  // namespace selaras::cli
