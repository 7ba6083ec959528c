#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kImposerColumns[] = {
    "regime", "imposer", "government", "target", "levels", "basis", "mark", "source", "note"};
constexpr absl::string_view kMandateColumns[] = {"mandate", "levels", "basis",
                                                 "mark",    "source", "note"};
constexpr absl::string_view kPppkColumns[] = {
    "authority", "code", "level", "text_id", "valid_from", "valid_to", "basis", "mark", "source"};

absl::StatusOr<std::vector<std::string>> ReadNonEmptyList(const Cell& cell) {
  ASSIGN_OR_RETURN(std::vector<std::string> list, ReadList(cell));
  if (list.empty()) return BadCell(cell, "empty");
  return list;
}

absl::Status CheckCode(const Cell& cell, absl::string_view list, absl::string_view code,
                       const CodeLists& codes) {
  if (Has(codes, list, code)) return absl::OkStatus();
  return BadCell(cell, absl::StrCat("codes.tsv has no ", list, " \"", code, "\""));
}

Cell Part(Cell cell, absl::string_view text) {
  cell.text = text;
  return cell;
}

// `berat`, or some sanctions of it: `berat:B-1+B-2`.
absl::StatusOr<ImposableLevel> ReadLevel(const Cell& cell, absl::string_view word,
                                         const Index<Sanction>& sanctions) {
  const std::vector<absl::string_view> parts = absl::StrSplit(word, absl::MaxSplits(':', 1));
  ImposableLevel level;
  ASSIGN_OR_RETURN(level.level, ReadWord(Part(cell, parts[0]), kSanctionLevels));
  if (parts.size() == 1) return level;
  for (const absl::string_view code : absl::StrSplit(parts[1], '+')) {
    const Sanction* sanction = sanctions.Find(code);
    if (sanction == nullptr || sanction->level != level.level) {
      return BadCell(
          cell, absl::StrCat("sanctions.tsv has no sanction \"", code, "\" of level ", parts[0]));
    }
    level.sanctions.emplace_back(code);
  }
  return level;
}

absl::StatusOr<ImposerRule> ReadRule(const Row& row, const CodeLists& codes,
                                     const Index<Sanction>& sanctions) {
  ImposerRule rule;
  ASSIGN_OR_RETURN(rule.regimes, ReadNonEmptyList(row["regime"]));
  for (const std::string& regime : rule.regimes) {
    const auto all = sanctions.rows();
    if (std::none_of(all.begin(), all.end(),
                     [&](const Sanction& each) { return each.regime == regime; })) {
      return BadCell(row["regime"], absl::StrCat("sanctions.tsv has no regime \"", regime, "\""));
    }
  }
  ASSIGN_OR_RETURN(rule.imposer, ReadText(row["imposer"]));
  RETURN_IF_ERROR(CheckCode(row["imposer"], "imposer", rule.imposer, codes));
  ASSIGN_OR_RETURN(const auto governments, ReadNonEmptyList(row["government"]));
  for (const std::string& word : governments) {
    ASSIGN_OR_RETURN(const GovernmentLevel level,
                     ReadWord(Part(row["government"], word), kGovernmentLevels));
    rule.governments.push_back(level);
  }
  ASSIGN_OR_RETURN(rule.targets, ReadNonEmptyList(row["target"]));
  for (const std::string& target : rule.targets) {
    RETURN_IF_ERROR(CheckCode(row["target"], "sanction_target", target, codes));
  }
  ASSIGN_OR_RETURN(const auto levels, ReadNonEmptyList(row["levels"]));
  for (const std::string& word : levels) {
    ASSIGN_OR_RETURN(ImposableLevel level, ReadLevel(row["levels"], word, sanctions));
    rule.levels.push_back(std::move(level));
  }
  ASSIGN_OR_RETURN(rule.basis, ReadText(row["basis"]));
  ASSIGN_OR_RETURN(rule.provenance, ReadProvenance(row));
  rule.note = std::string(row["note"].text);
  return rule;
}

}  // namespace

absl::StatusOr<std::vector<ImposerRule>> ParseImposerRules(absl::string_view text,
                                                           const CodeLists& codes,
                                                           const Index<Sanction>& sanctions) {
  std::vector<ImposerRule> rules;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("authority.tsv", text, kImposerColumns));
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(ImposerRule rule, ReadRule(row, codes, sanctions));
    const bool repeated = std::any_of(rules.begin(), rules.end(), [&](const ImposerRule& other) {
      return other.regimes == rule.regimes && other.imposer == rule.imposer &&
             other.governments == rule.governments && other.targets == rule.targets;
    });
    if (repeated) return Duplicate(row["target"]);
    rules.push_back(std::move(rule));
  }
  return rules;
}

absl::StatusOr<Index<MandateRule>> ParseMandates(absl::string_view text, const CodeLists& codes) {
  Index<MandateRule> mandates;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("mandates.tsv", text, kMandateColumns));
  for (const Row& row : rows) {
    MandateRule rule;
    ASSIGN_OR_RETURN(rule.mandate, ReadText(row["mandate"]));
    RETURN_IF_ERROR(CheckCode(row["mandate"], "mandate", rule.mandate, codes));
    ASSIGN_OR_RETURN(const auto levels, ReadList(row["levels"]));
    for (const std::string& word : levels) {
      ASSIGN_OR_RETURN(const SanctionLevel level,
                       ReadWord(Part(row["levels"], word), kSanctionLevels));
      rule.levels.push_back(level);
    }
    ASSIGN_OR_RETURN(rule.basis, ReadText(row["basis"]));
    ASSIGN_OR_RETURN(rule.provenance, ReadProvenance(row));
    rule.note = std::string(row["note"].text);
    const std::string mandate = rule.mandate;
    if (!mandates.Add(mandate, std::move(rule))) return Duplicate(row["mandate"]);
  }
  return mandates;
}

absl::StatusOr<std::vector<PppkSanction>> ParsePppkSanctions(absl::string_view text,
                                                             const Index<Authority>& authorities,
                                                             const Index<Sanction>& sanctions) {
  std::vector<PppkSanction> found;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("pppk_sanctions.tsv", text, kPppkColumns));
  for (const Row& row : rows) {
    PppkSanction each;
    ASSIGN_OR_RETURN(each.authority, ReadText(row["authority"]));
    const Authority* authority = authorities.Find(each.authority);
    if (authority == nullptr || authority->role != AuthorityRole::kSanction) {
      return BadCell(row["authority"], absl::StrCat("no PPK \"", each.authority, "\""));
    }
    ASSIGN_OR_RETURN(each.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(each.level, ReadWord(row["level"], kSanctionLevels));
    const Sanction* kind = sanctions.Find(each.code);
    if (kind == nullptr || kind->applies_to != EmploymentStatus::kPppk ||
        kind->level != each.level) {
      return BadCell(row["code"], absl::StrCat("sanctions.tsv has no sanction \"", each.code,
                                               "\" of PPPK of level ", NameOf(each.level)));
    }
    ASSIGN_OR_RETURN(each.text, ReadText(row["text_id"]));
    ASSIGN_OR_RETURN(each.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(each.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], each.valid_from, each.valid_to));
    ASSIGN_OR_RETURN(each.basis, ReadText(row["basis"]));
    ASSIGN_OR_RETURN(each.provenance, ReadProvenance(row));
    const bool repeated = std::any_of(found.begin(), found.end(), [&](const PppkSanction& other) {
      return other.authority == each.authority && other.code == each.code;
    });
    if (repeated) return Duplicate(row["code"]);
    found.push_back(std::move(each));
  }
  return found;
}

}  // namespace selaras::reference
