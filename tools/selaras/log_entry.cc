#include "tools/selaras/log_entry.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/node/seal.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/json.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

std::string SubjectText(const event::v1::Event& event, bool whole) {
  switch (event.subject_case()) {
    case event::v1::Event::kCaseId:
      return absl::StrCat("case ", whole ? event.case_id() : ShortId(event.case_id()));
    case event::v1::Event::kReportId:
      return absl::StrCat("report ", whole ? event.report_id() : ShortId(event.report_id()));
    case event::v1::Event::SUBJECT_NOT_SET:
      return "";
  }
  return "";
}

std::string DelegationText(const event::v1::Delegation& delegation) {
  return Printable(absl::StrCat(delegation.to(), " (", delegation.type(), " ",
                                delegation.reference(), ", ", delegation.valid_from(), " to ",
                                delegation.valid_until(), ")"));
}

std::string PersonalText(const event::v1::Event& event) {
  switch (event.personal_case()) {
    case event::v1::Event::kPlain:
      return "readable here";
    case event::v1::Event::kSealed:
      return "sealed";
    case event::v1::Event::PERSONAL_NOT_SET:
      return "none";
  }
  return "";
}

// With what its key opens.
std::optional<event::v1::Event> OpenedEventOf(const ledger::v1::EntryRecord& record) {
  auto event = EventOf(record);
  if (!event || record.key().empty()) return event;
  auto part = node::OpenPart(*event, record.key());
  if (part.ok()) *event->mutable_plain() = *std::move(part);
  return event;
}

}  // namespace

std::string AbsenceOf(const ledger::v1::EntryRecord& record) {
  if (record.lost()) return "lost";
  return record.entry().empty() ? "not disclosed" : "not understood";
}

std::optional<event::v1::Event> EventOf(const ledger::v1::EntryRecord& record) {
  event::v1::Event event;
  if (record.entry().empty() || !event.ParseFromString(record.entry())) return std::nullopt;
  return event;
}

cli::v1::LogEntry ToOutput(const ledger::v1::EntryRecord& record) {
  cli::v1::LogEntry entry;
  entry.set_position(PositionText(record.position()));
  entry.set_leaf_hash(base::HexEncode(record.leaf_hash()));
  entry.set_disclosed(!record.entry().empty());
  entry.set_entry(record.entry());
  entry.set_lost(record.lost());
  if (auto event = OpenedEventOf(record)) *entry.mutable_event() = *std::move(event);
  return entry;
}

std::string EntryLine(const ledger::v1::EntryRecord& record) {
  cli::v1::LogEntry entry = ToOutput(record);
  auto line = JsonLineOf(entry);
  if (line.ok()) return *std::move(line);
  entry.clear_event();
  return ToJsonLine(entry);
}

std::vector<std::string> EntryHeadings() {
  return {"POSITION", "RECORDED", "AUTHOR", "FACT", "ABOUT", "DETAILS"};
}

std::vector<Cell> EntryRow(const ledger::v1::EntryRecord& record) {
  const std::string position = PositionText(record.position());
  const auto event = EventOf(record);
  if (!event) {
    return {position,           {"", Tone::kPlain},
            {"", Tone::kPlain}, {AbsenceOf(record), Tone::kDim},
            {"", Tone::kPlain}, {absl::StrCat("leaf ", ShortHash(record.leaf_hash())), Tone::kDim}};
  }
  return {position,
          {TimeText(event->recorded_at()), Tone::kDim},
          event->author(),
          {FactName(event->fact()), Tone::kStrong},
          SubjectText(*event, /*whole=*/false),
          FactNews(event->fact())};
}

std::string EntryText(const ledger::v1::EntryRecord& record, const Output& output) {
  Fields fields;
  const auto event = OpenedEventOf(record);
  if (event) {
    fields.Add("fact", {FactName(event->fact()), Tone::kStrong});
    fields.Add("states", FactDetails(event->fact()));
    fields.Add("about", SubjectText(*event, /*whole=*/true));
    fields.Add("author", event->author());
    fields.Add("acting for", event->acting_for());
    if (event->has_delegation()) fields.Add("done by", DelegationText(event->delegation()));
    fields.Add("officer", event->officer().officer_id());
    const std::string when = WhenText(event->occurred_at());
    fields.Add("happened", when.empty() ? "not recorded" : when);
    fields.Add("recorded", TimeText(event->recorded_at()));
    fields.Add("personal part", PersonalText(*event));
    fields.Add("party entry",
               event->party_number() == 0 ? "no" : absl::StrCat("no. ", event->party_number()));
    fields.Add("cites",
               absl::StrJoin(event->citations(), ", ", [](std::string* out, const auto& c) {
                 out->append(PositionText(c.position()));
               }));
    fields.Add("reference data", {event->catalogue(), Tone::kDim});
    fields.Add("request tag", {base::HexEncode(event->request_tag()), Tone::kDim});
    fields.Add("trace", event->trace_id());
  } else {
    fields.Add("bytes", AbsenceOf(record));
  }
  fields.Add("size", absl::StrCat(record.entry().size(), " bytes"));
  fields.Add("leaf hash", {base::HexEncode(record.leaf_hash()), Tone::kDim});
  return absl::StrCat(output.Paint(Tone::kStrong, "entry "), PositionText(record.position()), "\n",
                      fields.Text(output));
}

absl::StatusOr<event::v1::Position> ParsePosition(const std::string& text, const std::string& log) {
  event::v1::Position position;
  position.set_log(log);
  absl::string_view number = text;
  if (const auto at = text.rfind('@'); at != std::string::npos) {
    position.set_log(text.substr(0, at));
    number.remove_prefix(at + 1);
  }
  std::uint64_t sequence = 0;
  if (!absl::SimpleAtoi(number, &sequence)) {
    return BadValue("POSITION", text, "give it as bawaslu-13@7, or as 7 in the log of --log");
  }
  position.set_sequence(sequence);
  return position;
}

absl::StatusOr<event::v1::Position> ParseFullPosition(const std::string& option,
                                                      const std::string& text) {
  absl::StatusOr<event::v1::Position> position = ParsePosition(text, "");
  if (!position.ok() || position->log().empty()) {
    return BadValue(option, text, "give a position as bawaslu-13@7");
  }
  return position;
}

absl::StatusOr<merkle::Proof> ParseProof(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  merkle::Proof proof;
  for (const std::string& bytes : hashes) {
    ASSIGN_OR_RETURN(const base::Digest hash, base::Digest::FromBytes(bytes));
    proof.push_back(hash);
  }
  return proof;
}

}  // namespace selaras::cli
