#include "tools/registers/worklist.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "tools/registers/limits.h"

namespace selaras::registers {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kColumns[] = {
    "lembaga",       "id_kasus", "revisi",         "keadaan",   "sejak",
    "tenggat",       "aturan",   "langkah",        "terlambat", "terlapor_nip",
    "terlapor_nama", "petugas",  "perintah_boleh", "perintah",  "tanggal",
    "nomor",         "tujuan",   "kode",           "alasan",
};

// The fields of a command that a column fills: the first of them that it has.
constexpr absl::string_view kNumbers[] = {"agenda_number", "letter_number", "decree_number"};
constexpr absl::string_view kTargets[] = {"to", "unit", "authority", "by"};
constexpr absl::string_view kTexts[] = {"reason_text", "summary"};

std::string SnakeCase(absl::string_view name) {
  std::string snake;
  for (const char c : name) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !snake.empty()) snake += '_';
    snake += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return snake;
}

const FieldDescriptor* FirstOf(const Message& command, std::span<const absl::string_view> names) {
  for (const absl::string_view name : names) {
    const auto* field = command.GetDescriptor()->FindFieldByName(std::string(name));
    if (field != nullptr && field->type() == FieldDescriptor::TYPE_STRING) return field;
  }
  return nullptr;
}

bool IsOf(std::span<const absl::string_view> names, const FieldDescriptor& field) {
  return std::find(names.begin(), names.end(), field.name()) != names.end();
}

// Whether `kode` may fill the field.
bool TakesCode(const FieldDescriptor& field) {
  return field.name() != "case_id" &&
         (field.type() == FieldDescriptor::TYPE_STRING ||
          field.type() == FieldDescriptor::TYPE_BOOL) &&
         !IsOf(kNumbers, field) && !IsOf(kTexts, field) && !IsOf(kTargets, field);
}

std::optional<bool> ParseYes(absl::string_view text) {
  for (const absl::string_view yes : {"ya", "yes", "true"}) {
    if (absl::EqualsIgnoreCase(text, yes)) return true;
  }
  for (const absl::string_view no : {"tidak", "no", "false"}) {
    if (absl::EqualsIgnoreCase(text, no)) return false;
  }
  return std::nullopt;
}

// Fills one command from the cells that an officer filled in.
class Filler {
 public:
  Filler(RowReader& cells, Message& command) : cells_(cells), command_(command) {}

  void Fill(const std::string& case_id) {
    SetCase(case_id);
    SetDay();
    SetText("nomor", kNumbers, kNumberBytesMax);
    SetText("tujuan", kTargets, kNumberBytesMax);
    SetText("alasan", kTexts, kReasonBytesMax);
    SetCodes();
  }

 private:
  const google::protobuf::Reflection& reflection() const { return *command_.GetReflection(); }
  const FieldDescriptor* Field(absl::string_view name) const {
    return command_.GetDescriptor()->FindFieldByName(std::string(name));
  }
  void NotTaken(absl::string_view column) {
    cells_.Refuse(column, absl::StrCat(command_.GetDescriptor()->name(), " takes none"));
  }

  void SetCase(const std::string& case_id) {
    if (const auto* field = Field("case_id")) {
      return reflection().SetString(&command_, field, case_id);
    }
    const auto* field = Field("case_ref");
    if (field == nullptr) return cells_.Refuse("perintah", "is not about one case");
    auto* reference =
        static_cast<command::v1::CaseReference*>(reflection().MutableMessage(&command_, field));
    reference->set_case_id(case_id);
  }

  void SetDay() {
    const auto day = cells_.Date("tanggal");
    if (!day) return;
    const auto* field = Field("occurred_at");
    if (field == nullptr) return NotTaken("tanggal");
    auto* when = static_cast<event::v1::When*>(reflection().MutableMessage(&command_, field));
    when->set_date(day->ToIso());
  }

  void SetText(absl::string_view column, std::span<const absl::string_view> names,
               std::size_t bytes_max) {
    if (cells_.IsEmpty(column)) return;
    const auto* field = FirstOf(command_, names);
    if (field == nullptr) return NotTaken(column);
    reflection().SetString(&command_, field, cells_.Text(column, bytes_max));
  }

  void SetCodes() {
    const std::string text = cells_.Text("kode", kReasonBytesMax);
    for (const absl::string_view part : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
      const std::vector<absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
      const absl::string_view value = absl::StripAsciiWhitespace(pair.back());
      const FieldDescriptor* field =
          pair.size() == 1 ? FirstCode() : Field(absl::StripAsciiWhitespace(pair.front()));
      if (field == nullptr || !TakesCode(*field)) return NotTaken("kode");
      SetCode(*field, value);
    }
  }

  const FieldDescriptor* FirstCode() const {
    const auto* descriptor = command_.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      if (TakesCode(*descriptor->field(i))) return descriptor->field(i);
    }
    return nullptr;
  }

  void SetCode(const FieldDescriptor& field, absl::string_view value) {
    if (field.type() == FieldDescriptor::TYPE_BOOL) {
      const auto yes = ParseYes(value);
      if (!yes) return cells_.Refuse("kode", absl::StrCat(field.name(), " is ya or tidak"));
      return reflection().SetBool(&command_, &field, *yes);
    }
    if (!field.is_repeated()) return reflection().SetString(&command_, &field, std::string(value));
    for (const absl::string_view each : absl::StrSplit(value, '+', absl::SkipWhitespace())) {
      reflection().AddString(&command_, &field, std::string(absl::StripAsciiWhitespace(each)));
    }
  }

  RowReader& cells_;
  Message& command_;
};

// The command of that name in the oneof of a role; nullptr if it has none.
Message* MutableCommand(absl::string_view name, Message* command) {
  const auto* field = command->GetDescriptor()->FindFieldByName(SnakeCase(name));
  if (field == nullptr || field->message_type() == nullptr ||
      field->message_type()->name() != name) {
    return nullptr;
  }
  return command->GetReflection()->MutableMessage(command, field);
}

template <typename RoleCommand>
Commands CommandsOf(RowReader& cells, const std::string& name, const std::string& case_id) {
  std::vector<RoleCommand> commands(1);
  Message* command = MutableCommand(name, &commands.front());
  if (command == nullptr) {
    cells.Refuse("perintah", "no command of this authority");
  } else {
    Filler(cells, *command).Fill(case_id);
  }
  return commands;
}

bool IsUuid(absl::string_view text) {
  return text.size() == 36 && std::all_of(text.begin(), text.end(), [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string Quoted(absl::string_view text) {
  std::string cell(text);
  // Names come from other offices: nothing in them may steer a terminal.
  std::replace_if(
      cell.begin(), cell.end(),
      [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }, ' ');
  // What a spreadsheet would compute is text.
  if (!cell.empty() && absl::StrContains("=+-@", cell.substr(0, 1))) cell.insert(0, "'");
  if (cell.find_first_of(",;\"") == std::string::npos) return cell;
  return absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
}

std::string StateText(query::v1::CaseState state) {
  absl::string_view name = query::v1::CaseState_Name(state);
  absl::ConsumePrefix(&name, "CASE_STATE_");
  return absl::AsciiStrToLower(name);
}

std::string DayText(const event::v1::When& when) {
  if (!when.has_instant()) return when.date();
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(when.instant().seconds()),
                          absl::FixedTimeZone(7 * 60 * 60));
}

// What is owed, or what it waits for.
std::string StepText(const query::v1::WorkItem& item) {
  if (!item.step().empty() || item.awaits().empty()) return item.step();
  return absl::StrCat("menunggu bagian ",
                      absl::StrJoin(item.awaits(), ", ", [](std::string* out, const auto& part) {
                        absl::StrAppend(out, absl::StrJoin(part.authorities(), "/"),
                                        part.authorities().empty() ? "" : " ", "(log ", part.log(),
                                        ")");
                      }));
}

}  // namespace

std::span<const absl::string_view> WorklistColumns() { return kColumns; }

std::string WorklistCsv(absl::string_view authority,
                        const std::vector<query::v1::WorkItem>& items) {
  std::string csv = absl::StrCat(absl::StrJoin(kColumns, ","), "\r\n");
  for (const query::v1::WorkItem& item : items) {
    const std::string filled[] = {std::string(authority),
                                  item.case_id(),
                                  absl::StrCat(item.revision()),
                                  StateText(item.state()),
                                  DayText(item.since()),
                                  item.due_on(),
                                  item.deadline(),
                                  StepText(item),
                                  item.overdue() ? "ya" : "",
                                  item.respondent().nip(),
                                  item.respondent().name(),
                                  item.assigned_to(),
                                  absl::StrJoin(item.allowed_commands(), " ")};
    std::vector<std::string> cells;
    for (const std::string& cell : filled) cells.push_back(Quoted(cell));
    cells.resize(std::size(kColumns));
    absl::StrAppend(&csv, absl::StrJoin(cells, ","), "\r\n");
  }
  return csv;
}

Plan ReadWorklistRow(RowReader& cells, const reference::Catalogue& catalogue, int generation) {
  Plan plan;
  WorklistRow row;
  cells.Require("lembaga", "no authority");
  plan.authority = std::string(cells.Raw("lembaga"));
  row.case_id = std::string(cells.Raw("id_kasus"));
  if (!IsUuid(row.case_id)) cells.Refuse("id_kasus", "no case id");
  std::uint64_t revision = 0;
  if (!absl::SimpleAtoi(cells.Raw("revisi"), &revision)) cells.Refuse("revisi", "no number");
  row.command = std::string(cells.Raw("perintah"));
  const auto* authority = catalogue.FindAuthority(plan.authority);
  if (authority == nullptr) {
    cells.Refuse("lembaga", "unknown authority");
  } else if (authority->role == reference::AuthorityRole::kIntake) {
    plan.commands = CommandsOf<intake::v1::IntakeCommand>(cells, row.command, row.case_id);
  } else if (authority->role == reference::AuthorityRole::kReferral) {
    plan.commands = CommandsOf<referral::v1::ReferralCommand>(cells, row.command, row.case_id);
  } else if (authority->role == reference::AuthorityRole::kSanction) {
    plan.commands = CommandsOf<sanction::v1::SanctionCommand>(cells, row.command, row.case_id);
  } else {
    cells.Refuse("lembaga", "takes no commands");
  }
  plan.number = row.case_id.substr(0, 8);
  plan.request_id =
      absl::StrCat("worklist:", row.case_id, ":", revision, ":", row.command, ":", generation);
  plan.row = std::move(row);
  return plan;
}

}  // namespace selaras::registers
