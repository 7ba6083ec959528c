#include "services/runtime/access_table.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/reference/table.h"
#include "services/runtime/errors.h"
#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kBuiltInFile = "access.tsv";

constexpr std::array<absl::string_view, kCallers + 2> kColumns = {
    "method", "backoffice", "entry", "ops", "auditor", "portal", "node", "peer", "witness", "why"};

constexpr reference::Word<Reach> kReaches[] = {
    {"no", Reach::kNo},
    {"yes", Reach::kYes},
    {"reads", Reach::kReads},
    {"own", Reach::kOwn},
    {"own+reporters", Reach::kOwnReporters},
    {"node", Reach::kNode},
    {"node+reporters", Reach::kNodeReporters},
};

// What a word gives, part by part.
struct Parts {
  int authorities;  // 0 nobody, 1 its own, 2 all of this node
  bool calls;
  bool commands;
  bool reporters;
};

Parts PartsOf(Reach reach) {
  switch (reach) {
    case Reach::kNo:
      return {0, false, false, false};
    case Reach::kYes:
      return {0, true, false, false};
    case Reach::kReads:
      return {2, true, false, false};
    case Reach::kOwn:
      return {1, true, true, false};
    case Reach::kOwnReporters:
      return {1, true, true, true};
    case Reach::kNode:
      return {2, true, true, false};
    case Reach::kNodeReporters:
      break;
  }
  return {2, true, true, true};
}

bool GoesBeyond(Reach reach, Reach most) {
  const Parts parts = PartsOf(reach);
  const Parts limit = PartsOf(most);
  return parts.authorities > limit.authorities || (parts.calls && !limit.calls) ||
         (parts.commands && !limit.commands) || (parts.reporters && !limit.reporters);
}

absl::Status CheckWithin(const AccessTable& table, const AccessRow& row, const AccessRow& most) {
  for (std::size_t i = 0; i < kCallers; ++i) {
    const auto caller = static_cast<Caller>(i);
    if (!GoesBeyond(row.of(caller), most.of(caller))) continue;
    return BadAccessRow(table.file(), row.line,
                        absl::StrCat(NameOf(caller), ": \"", NameOf(row.of(caller)),
                                     "\" gives more than the built-in table, which says \"",
                                     NameOf(most.of(caller)), "\""));
  }
  return absl::OkStatus();
}

// Whether it reads like `package.Service/Method`.
bool IsMethod(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  return parts.size() == 2 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           return !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) {
             return absl::ascii_isalnum(c) || c == '.' || c == '_';
           });
         });
}

}  // namespace

absl::string_view NameOf(Caller caller) { return kColumns[static_cast<std::size_t>(caller) + 1]; }

std::optional<Caller> CallerNamed(absl::string_view name) {
  for (std::size_t i = 0; i < kCallers; ++i) {
    if (kColumns[i + 1] == name) return static_cast<Caller>(i);
  }
  return std::nullopt;
}

absl::string_view NameOf(Reach reach) { return reference::TextOf(kReaches, reach); }

const AccessTable& AccessTable::BuiltIn() {
  static const AccessTable* const kTable = [] {
    auto table = Read(kBuiltInFile, BuiltInAccessText());
    SELARAS_CHECK(table.ok()) << table.status();
    return new AccessTable(*std::move(table));
  }();
  return *kTable;
}

absl::StatusOr<AccessTable> AccessTable::Parse(absl::string_view file, absl::string_view text) {
  ASSIGN_OR_RETURN(AccessTable table, Read(file, text));
  for (const AccessRow& row : table.rows_) {
    const AccessRow* most = BuiltIn().Find(row.method);
    if (most == nullptr) {
      return BadAccessRow(file, row.line, absl::StrCat("no service has a method ", row.method));
    }
    RETURN_IF_ERROR(CheckWithin(table, row, *most));
  }
  return table;
}

absl::StatusOr<AccessTable> AccessTable::Read(absl::string_view file, absl::string_view text) {
  AccessTable table;
  table.file_ = std::string(file);
  table.text_ = std::string(text);
  const auto rows = reference::ParseTable(file, text, kColumns);
  if (!rows.ok()) return BadAccessTable(rows.status());
  int line = 1;
  for (const reference::Row& fields : *rows) {
    AccessRow row{.method = std::string(fields["method"].text),
                  .reach = {},
                  .why = std::string(fields["why"].text),
                  .line = ++line};
    if (!IsMethod(row.method)) {
      return BadAccessRow(file, line, absl::StrCat("\"", row.method, "\" is no Service/Method"));
    }
    if (table.Find(row.method) != nullptr) {
      return BadAccessTable(reference::Duplicate(fields["method"]));
    }
    for (std::size_t i = 0; i < kCallers; ++i) {
      const auto reach = reference::ReadWord(fields[kColumns[i + 1]], kReaches);
      if (!reach.ok()) return BadAccessTable(reach.status());
      row.reach[i] = *reach;
    }
    table.rows_.push_back(std::move(row));
  }
  return table;
}

const AccessRow* AccessTable::Find(absl::string_view method) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const AccessRow& row) { return row.method == method; });
  return found == rows_.end() ? nullptr : &*found;
}

}  // namespace selaras::runtime
