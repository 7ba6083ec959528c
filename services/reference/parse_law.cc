#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kRuleColumns[] = {"rule",     "text_id", "basis",  "valid_from",
                                              "valid_to", "mark",    "source", "note"};
constexpr absl::string_view kSbtColumns[] = {"state", "reason", "sbt_status",
                                             "mark",  "source", "note"};
constexpr absl::string_view kRetentionColumns[] = {"outcome", "years",  "basis",
                                                   "mark",    "source", "note"};
constexpr absl::string_view kPairColumns[] = {"before", "from", "extent", "mark", "source", "note"};
constexpr absl::string_view kConflictColumns[] = {"conflict", "table", "rows",
                                                  "text_id",  "mark",  "source"};

absl::StatusOr<std::string> ReadViolation(const Cell& cell, ViolationPhase phase,
                                          const Index<Violation>& violations) {
  const Violation* violation = violations.Find(cell.text);
  if (violation == nullptr) return BadCell(cell, absl::StrCat("no violation \"", cell.text, "\""));
  if (violation->phase != phase && violation->phase != ViolationPhase::kAny) {
    return BadCell(cell, absl::StrCat(violation->code, " belongs to ", NameOf(violation->phase)));
  }
  return violation->code;
}

// The first column of a table.
std::set<absl::string_view> KeysOf(absl::string_view text) {
  std::set<absl::string_view> keys;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    keys.insert(line.substr(0, line.find('\t')));
  }
  return keys;
}

}  // namespace

absl::StatusOr<Index<LegalRule>> ParseRules(absl::string_view text) {
  Index<LegalRule> rules;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("rules.tsv", text, kRuleColumns));
  for (const Row& row : rows) {
    LegalRule rule;
    ASSIGN_OR_RETURN(rule.id, ReadText(row["rule"]));
    ASSIGN_OR_RETURN(rule.text, ReadText(row["text_id"]));
    ASSIGN_OR_RETURN(rule.basis, ReadText(row["basis"]));
    ASSIGN_OR_RETURN(rule.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(rule.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], rule.valid_from, rule.valid_to));
    ASSIGN_OR_RETURN(rule.provenance, ReadProvenance(row));
    rule.note = std::string(row["note"].text);
    const std::string id = rule.id;
    if (!rules.Add(id, std::move(rule))) return Duplicate(row["rule"]);
  }
  return rules;
}

absl::StatusOr<std::vector<SbtState>> ParseSbtStates(absl::string_view text,
                                                     const CodeLists& codes) {
  std::vector<SbtState> states;
  std::set<std::pair<std::string, std::string>> seen;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("sbt_states.tsv", text, kSbtColumns));
  for (const Row& row : rows) {
    SbtState state;
    ASSIGN_OR_RETURN(state.state, ReadText(row["state"]));
    state.reason = std::string(row["reason"].text);
    if (!state.reason.empty() && !Has(codes, "dismissal_reason", state.reason) &&
        !Has(codes, "closing_reason", state.reason)) {
      return BadCell(row["reason"], absl::StrCat("codes.tsv has no dismissal_reason and no "
                                                 "closing_reason \"",
                                                 state.reason, "\""));
    }
    ASSIGN_OR_RETURN(state.status, ReadText(row["sbt_status"]));
    if (!Has(codes, "sbt_status", state.status)) {
      return BadCell(row["sbt_status"],
                     absl::StrCat("codes.tsv has no sbt_status \"", state.status, "\""));
    }
    if (!seen.emplace(state.state, state.reason).second) return Duplicate(row["state"]);
    ASSIGN_OR_RETURN(state.provenance, ReadProvenance(row));
    state.note = std::string(row["note"].text);
    states.push_back(std::move(state));
  }
  return states;
}

absl::StatusOr<Index<Retention>> ParseRetentions(absl::string_view text) {
  Index<Retention> retentions;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("retention.tsv", text, kRetentionColumns));
  for (const Row& row : rows) {
    Retention retention;
    ASSIGN_OR_RETURN(retention.outcome, ReadText(row["outcome"]));
    ASSIGN_OR_RETURN(retention.years, ReadCount(row["years"]));
    ASSIGN_OR_RETURN(retention.basis, ReadText(row["basis"]));
    ASSIGN_OR_RETURN(retention.provenance, ReadProvenance(row));
    retention.note = std::string(row["note"].text);
    const std::string outcome = retention.outcome;
    if (!retentions.Add(outcome, std::move(retention))) return Duplicate(row["outcome"]);
  }
  return retentions;
}

absl::StatusOr<std::vector<ViolationPair>> ParseViolationPairs(absl::string_view text,
                                                               const Index<Violation>& violations) {
  std::vector<ViolationPair> pairs;
  std::set<std::string> seen;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("violation_pairs.tsv", text, kPairColumns));
  for (const Row& row : rows) {
    ViolationPair pair;
    ASSIGN_OR_RETURN(pair.before,
                     ReadViolation(row["before"], ViolationPhase::kBeforePenetapan, violations));
    ASSIGN_OR_RETURN(pair.from,
                     ReadViolation(row["from"], ViolationPhase::kFromPenetapan, violations));
    if (!seen.insert(pair.before).second) return Duplicate(row["before"]);
    if (!seen.insert(pair.from).second) return Duplicate(row["from"]);
    ASSIGN_OR_RETURN(pair.whole, ReadWord(row["extent"], kPairExtents));
    ASSIGN_OR_RETURN(pair.provenance, ReadProvenance(row));
    pair.note = std::string(row["note"].text);
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

absl::StatusOr<std::vector<Conflict>> ParseConflicts(
    absl::string_view text, const std::map<std::string, std::string>& files) {
  std::vector<Conflict> conflicts;
  std::set<std::string> seen;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("conflicts.tsv", text, kConflictColumns));
  for (const Row& row : rows) {
    Conflict conflict;
    ASSIGN_OR_RETURN(conflict.id, ReadText(row["conflict"]));
    if (!seen.insert(conflict.id).second) return Duplicate(row["conflict"]);
    ASSIGN_OR_RETURN(conflict.table, ReadText(row["table"]));
    const auto file = files.find(conflict.table + ".tsv");
    if (file == files.end()) {
      return BadCell(row["table"], absl::StrCat("no table \"", conflict.table, "\""));
    }
    ASSIGN_OR_RETURN(conflict.rows, ReadList(row["rows"]));
    const std::set<absl::string_view> keys = KeysOf(file->second);
    for (const std::string& key : conflict.rows) {
      if (keys.count(key) == 0) {
        return BadCell(row["rows"], absl::StrCat(file->first, " has no row \"", key, "\""));
      }
    }
    ASSIGN_OR_RETURN(conflict.text, ReadText(row["text_id"]));
    ASSIGN_OR_RETURN(conflict.provenance, ReadProvenance(row));
    conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

}  // namespace selaras::reference
