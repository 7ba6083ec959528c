// `reconcile --register`: what a register, or an extract of another system, and the node say
// differently.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/status.h"
#include "tools/bridges/extract.h"
#include "tools/registers/effective.h"
#include "tools/registers/join.h"
#include "tools/registers/register.h"
#include "tools/registers/stated.h"
#include "tools/selaras/bridge.h"
#include "tools/selaras/catalogue_source.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/reconcile_nodes.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/find.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using cli::v1::ReconciledRow;
using cli::v1::ReconcileSummary;

constexpr absl::string_view kEqual = "equal";
constexpr absl::string_view kMissingHere = "missing_here";
constexpr absl::string_view kMissingThere = "missing_there";
constexpr absl::string_view kDiffers = "differs";
constexpr absl::string_view kAmbiguous = "ambiguous";
constexpr absl::string_view kUnreadable = "unreadable";
constexpr absl::string_view kNotCompared = "not_compared";

// The file, however it is kept: how a row finds its case, and what is compared.
class File {
 public:
  virtual ~File() = default;

  virtual std::string kind() const = 0;
  virtual std::size_t size() const = 0;
  // The row without its result; empty for one that repeats an earlier one. `unreadable` and
  // `not_compared` are told here.
  virtual std::optional<ReconciledRow> Describe(std::size_t row) const = 0;
  virtual absl::StatusOr<std::vector<std::string>> Find(CaseSource& cases,
                                                        std::size_t row) const = 0;
  virtual absl::StatusOr<std::vector<registers::Difference>> Compare(
      CaseSource& cases, std::size_t row, const std::string& case_id) const = 0;
  // What it means that no case suits the row.
  virtual absl::string_view NotFound() const = 0;
  // Whether the file should have a row for the case.
  virtual absl::StatusOr<bool> Expects(CaseSource& cases, const query::v1::Case& shown) const = 0;
};

class RegisterFile final : public File {
 public:
  RegisterFile(registers::Register rows, std::string role)
      : rows_(std::move(rows)), role_(std::move(role)) {
    for (const registers::PlannedRow& row : rows_.rows) {
      if (const auto* plan = std::get_if<registers::Plan>(&row))
        authorities_.insert(plan->authority);
    }
  }

  std::string kind() const override { return std::string(registers::NameOf(rows_.kind)); }
  std::size_t size() const override { return rows_.rows.size(); }

  std::optional<ReconciledRow> Describe(std::size_t row) const override {
    ReconciledRow told;
    if (std::holds_alternative<registers::Duplicate>(rows_.rows[row])) return std::nullopt;
    std::visit(
        [&](const auto& each) {
          told.set_line(each.line);
          told.set_number(each.number);
        },
        rows_.rows[row]);
    if (const auto* refusal = std::get_if<registers::Refusal>(&rows_.rows[row])) {
      told.set_result(std::string(kUnreadable));
      told.set_why(absl::StrCat(refusal->column, ": ", refusal->why));
      return told;
    }
    const registers::Row& about = PlanOf(row).row;
    told.set_nip(std::visit([](const auto& each) { return each.nip; }, about));
    const auto* bawaslu = std::get_if<registers::BawasluRow>(&about);
    if (bawaslu != nullptr && role_ != "intake" && bawaslu->referral_letter.empty()) {
      told.set_result(std::string(kNotCompared));
      told.set_why("not forwarded: only its own office knows it");
    }
    return told;
  }

  absl::StatusOr<std::vector<std::string>> Find(CaseSource& cases, std::size_t row) const override {
    return FindCases(cases, PlanOf(row).row);
  }

  absl::StatusOr<std::vector<registers::Difference>> Compare(
      CaseSource& cases, std::size_t row, const std::string& case_id) const override {
    ASSIGN_OR_RETURN(const ReadCase read, Read(cases, case_id));
    return registers::WithoutSpellings(registers::Differences(
        PlanOf(row).row, read.the_case, read.report ? &*read.report : nullptr, &read.timeline));
  }

  // Who is party to some cases only cannot miss the others.
  absl::string_view NotFound() const override {
    const bool own = (rows_.kind == registers::Kind::kBawaslu && role_ == "intake") ||
                     (rows_.kind == registers::Kind::kBkpsdm && role_ == "sanction");
    return own || role_ == "referral" ? kMissingHere : kNotCompared;
  }

  // What an authority of the file has stated, and not taken back.
  absl::StatusOr<bool> Expects(CaseSource& cases, const query::v1::Case& shown) const override {
    const bool any = std::any_of(
        shown.sections().begin(), shown.sections().end(), [&](const query::v1::Section& section) {
          return section.revision() > 0 && authorities_.contains(section.writer());
        });
    if (!any) return false;
    query::v1::GetTimelineRequest request;
    request.set_case_id(shown.case_id());
    ASSIGN_OR_RETURN(const auto timeline, cases.GetTimeline(request));
    const auto steps = registers::EffectiveSteps(timeline.steps());
    return std::any_of(steps.begin(), steps.end(), [&](const query::v1::TimelineStep& step) {
      return authorities_.contains(step.author()) && registers::IsStep(step.fact().kind_case());
    });
  }

 private:
  const registers::Plan& PlanOf(std::size_t row) const {
    return std::get<registers::Plan>(rows_.rows[row]);
  }

  const registers::Register rows_;
  const std::string role_;
  std::set<std::string, std::less<>> authorities_;
};

class ExtractFile final : public File {
 public:
  ExtractFile(bridges::Extract extract, std::shared_ptr<const reference::Catalogue> catalogue)
      : extract_(std::move(extract)), catalogue_(std::move(catalogue)) {}

  std::string kind() const override { return std::string(bridges::NameOf(extract_.system)); }
  std::size_t size() const override { return extract_.rows.size(); }

  std::optional<ReconciledRow> Describe(std::size_t row) const override {
    ReconciledRow told;
    told.set_line(extract_.rows[row].line);
    told.set_number(extract_.rows[row].number);
    told.set_nip(extract_.rows[row].nip);
    if (!extract_.rows[row].fault.empty()) {
      told.set_result(std::string(kUnreadable));
      told.set_why(extract_.rows[row].fault);
    }
    return told;
  }

  absl::StatusOr<std::vector<std::string>> Find(CaseSource& cases, std::size_t row) const override {
    for (const registers::LookUp& key : extract_.rows[row].keys) {
      ASSIGN_OR_RETURN(std::vector<std::string> found, LookUpCases(cases, key));
      if (!found.empty()) return found;
    }
    return std::vector<std::string>();
  }

  absl::StatusOr<std::vector<registers::Difference>> Compare(
      CaseSource& cases, std::size_t row, const std::string& case_id) const override {
    query::v1::GetCaseRequest request;
    request.set_case_id(case_id);
    ASSIGN_OR_RETURN(const auto found, cases.GetCase(request));
    ASSIGN_OR_RETURN(const BridgedCase read, ReadBridged(cases, extract_.system, found.case_()));
    return bridges::Compare(extract_, extract_.rows[row],
                            bridges::RowOf(extract_.system, read.view(), *catalogue_));
  }

  absl::string_view NotFound() const override { return kMissingHere; }

  absl::StatusOr<bool> Expects(CaseSource& cases, const query::v1::Case& shown) const override {
    if (!bridges::MayHaveRow(extract_.system, shown)) return false;
    ASSIGN_OR_RETURN(const BridgedCase read, ReadBridged(cases, extract_.system, shown));
    return bridges::HasRow(extract_.system, read.view());
  }

 private:
  const bridges::Extract extract_;
  const std::shared_ptr<const reference::Catalogue> catalogue_;
};

absl::StatusOr<std::unique_ptr<File>> OpenFile(
    const std::string& path, const std::string& role,
    const std::shared_ptr<const reference::Catalogue>& catalogue) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  if (bridges::IsExtract(bytes)) {
    auto extract = bridges::ReadExtract(bytes);
    if (!extract.ok()) return base::Annotate(extract.status(), path);
    return std::make_unique<ExtractFile>(*std::move(extract), catalogue);
  }
  auto rows = registers::ReadRegister(bytes, *catalogue);
  if (!rows.ok()) return base::Annotate(rows.status(), path);
  if (rows->kind == registers::Kind::kWorklist) return NotARegister(path);
  return std::make_unique<RegisterFile>(*std::move(rows), role);
}

// Shows what is not equal as it is found, and counts.
class Report {
 public:
  explicit Report(Output& output)
      : output_(output),
        table_({">LINE", "WHAT", "NUMBER", "NIP", "CASE", "FIELD", "THEIRS", "OURS"}) {}

  void Add(ReconciledRow row) {
    Count(row.result());
    if (row.result() == kEqual) return;
    row.set_kind("row");
    if (output_.json()) return output_.Json(row);
    std::string cases = absl::StrJoin(row.case_ids(), " ", [](std::string* out, const auto& id) {
      absl::StrAppend(out, ShortId(id));
    });
    const bool calm = row.result() == kNotCompared;
    std::vector<Cell> cells = {row.line() > 0 ? absl::StrCat(row.line()) : "",
                               {row.result(), calm ? Tone::kDim : Tone::kBad},
                               row.number(),
                               row.nip(),
                               std::move(cases),
                               row.why(),
                               "",
                               ""};
    if (row.fields().empty()) table_.Add(cells);
    for (const cli::v1::ReconciledField& field : row.fields()) {
      cells[5] = field.field();
      cells[6] = field.theirs();
      cells[7] = field.ours();
      table_.Add(cells);
    }
  }

  ExitCode Finish(const std::string& file, const File& about) {
    summary_.set_kind("summary");
    summary_.set_file(file);
    summary_.set_register_(about.kind());
    const int unequal = summary_.missing_here() + summary_.missing_there() + summary_.differ() +
                        summary_.ambiguous() + summary_.unreadable();
    if (output_.json()) {
      output_.Json(summary_);
    } else {
      if (!table_.empty()) output_.Print(table_.Text(output_));
      output_.Print(absl::StrCat(
          file, " (", about.kind(), "): ", summary_.equal(), " equal · ", summary_.missing_here(),
          " missing here · ", summary_.missing_there(), " missing there · ", summary_.differ(),
          " differ · ", summary_.ambiguous(), " ambiguous · ", summary_.unreadable(),
          " unreadable · ", summary_.not_compared(), " not compared\n"));
    }
    return unequal == 0 ? ExitCode::kOk : ExitCode::kUnequal;
  }

 private:
  void Count(const std::string& result) {
    if (result != kMissingThere) summary_.set_rows(summary_.rows() + 1);
    if (result == kEqual) summary_.set_equal(summary_.equal() + 1);
    if (result == kMissingHere) summary_.set_missing_here(summary_.missing_here() + 1);
    if (result == kMissingThere) summary_.set_missing_there(summary_.missing_there() + 1);
    if (result == kDiffers) summary_.set_differ(summary_.differ() + 1);
    if (result == kAmbiguous) summary_.set_ambiguous(summary_.ambiguous() + 1);
    if (result == kUnreadable) summary_.set_unreadable(summary_.unreadable() + 1);
    if (result == kNotCompared) summary_.set_not_compared(summary_.not_compared() + 1);
  }

  Output& output_;
  Table table_;
  ReconcileSummary summary_;
};

absl::StatusOr<ReconciledRow> Judge(CaseSource& cases, const File& file, std::size_t row,
                                    ReconciledRow told) {
  ASSIGN_OR_RETURN(const std::vector<std::string> found, file.Find(cases, row));
  for (const std::string& id : found) told.add_case_ids(id);
  if (found.empty()) {
    told.set_result(std::string(file.NotFound()));
    if (told.result() == kNotCompared) told.set_why("this node is no party to such a case");
    return told;
  }
  if (found.size() > 1) {
    told.set_result(std::string(kAmbiguous));
    return told;
  }
  ASSIGN_OR_RETURN(const auto differences, file.Compare(cases, row, found.front()));
  for (const registers::Difference& difference : differences) {
    cli::v1::ReconciledField* field = told.add_fields();
    field->set_field(difference.column);
    field->set_theirs(difference.in_file);
    field->set_ours(difference.recorded);
  }
  told.set_result(std::string(differences.empty() ? kEqual : kDiffers));
  return told;
}

// What people would look for in the file.
std::string NumberOf(const query::v1::Case& shown) {
  if (!shown.register_number().empty()) return shown.register_number();
  return shown.references().empty() ? "" : shown.references().rbegin()->raw();
}

absl::StatusOr<ExitCode> Reconcile(Context& context, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context.OpenNode());
  ASSIGN_OR_RETURN(const auto about, node->GetNode());
  ASSIGN_OR_RETURN(const auto catalogue, FetchCatalogue(*node, ""));
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, OpenFile(path, about.role(), catalogue));
  Output& output = context.output();
  if (!about.projected()) output.Note("the node has not caught up yet: some rows may seem missing");
  Report report(output);
  absl::flat_hash_set<std::string> met;
  for (std::size_t row = 0; row < file->size(); ++row) {
    std::optional<ReconciledRow> told = file->Describe(row);
    if (!told) continue;
    if (told->result().empty()) {
      ASSIGN_OR_RETURN(told, Judge(*node, *file, row, *std::move(told)));
      met.insert(told->case_ids().begin(), told->case_ids().end());
    }
    report.Add(*std::move(told));
  }
  RETURN_IF_ERROR(ForEachCase(*node, [&](const query::v1::Case& shown) -> absl::Status {
    if (met.contains(shown.case_id())) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool expected, file->Expects(*node, shown));
    if (!expected) return absl::OkStatus();
    ReconciledRow told;
    told.set_result(std::string(kMissingThere));
    told.set_number(NumberOf(shown));
    told.set_nip(shown.respondent().nip());
    told.add_case_ids(shown.case_id());
    report.Add(std::move(told));
    return absl::OkStatus();
  }));
  return report.Finish(path, *file);
}

}  // namespace

Command ReconcileCommand() {
  const auto path = std::make_shared<std::string>();
  const auto nodes = std::make_shared<NodesOptions>();
  return {
      .name = "reconcile",
      .summary = "what nodes, or a register or extract and a node, say differently",
      .details =
          "With NODE NODE…: compares what the nodes hold about each other's cases. Shown is, case "
          "by case with the entries concerned, what is missing (disclosed and not held, or a gap "
          "in the numbering), late (held long after it was recorded, see --late), contradictory "
          "(other state, holder or digest at equal knowledge; other entries at one place; what "
          "nodes themselves show), and of the nodes mirrors that are behind and trees that do not "
          "extend each other. What you may not see at a node is not compared, and never counts as "
          "equal. At the end stands who has to do what. --sign signs when, which checkpoints, how "
          "many, and the digest of the full report (--report). Ends with 5 if anything differs.\n"
          "With --register: reads the registers that selaras import reads, and extracts in the "
          "columns of selaras export hukdis or sbt (some may be missing). Rows and cases are "
          "joined by the NIP and the number of the register, letter or decision, normalised as for "
          "every look-up; where several cases suit a row all are shown, and none is picked. Shown "
          "is what is missing here (no case), missing there (no row, for cases of the authorities "
          "of the register, or that the extract should have), what differs, field by field, and "
          "what cannot be read. Rows about cases to which the node is no party are not compared. "
          "Ends with 7 if anything differs.\n"
          "Nothing is written to a node. Ends with 0 if all is equal.",
      .examples =
          "selaras reconcile bawaslu.textproto bkn.textproto ppk-13.04.textproto\n"
          "selaras reconcile bawaslu.textproto bkn.textproto --report o.jsonl --sign me.key -o "
          "o.note\n"
          "selaras reconcile --register bawaslu.csv\n"
          "selaras reconcile --register idis-2024.csv --json",
      .source = cli::Source::kNode,
      .options = {{"NODE", "", &nodes->nodes, "client files, or addresses HOST:PORT"},
                  {"--register", "FILE", path.get(), "the table, as CSV; - is the standard input"},
                  {"--late", "DURATION", &nodes->late,
                   "how long an entry may take to the other node; default: 24h"},
                  {"--report", "FILE", &nodes->report, "write the full report there, as --json"},
                  {"--sign", "KEY", &nodes->sign,
                   "file with a key, see selaras key generate --statements"},
                  {"-o,--out", "FILE", &nodes->out, "where to write the signed summary"}},
      .run =
          [path, nodes](Context& context) {
            if (path->empty() && nodes->nodes.empty()) {
              return context.output().Fail(BadValue("NODE", "", "give nodes, or --register FILE"));
            }
            if (!path->empty() && !nodes->nodes.empty()) {
              return context.output().Fail(ExcludeEachOther("NODE", "--register"));
            }
            const auto code =
                path->empty() ? ReconcileNodes(context, *nodes) : Reconcile(context, *path);
            return code.ok() ? *code : context.output().Fail(code.status());
          },
      .commands = {ReconcileVerifyCommand()}};
}

}  // namespace selaras::cli
