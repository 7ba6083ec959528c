#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/output.pb.h"

#include "services/runtime/access_table.h"
#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

using runtime::AccessRow;
using runtime::AccessTable;
using runtime::Caller;
using runtime::Reach;
using v1::AccessCase;
using v1::AccessRule;

struct ExplainOptions {
  std::string role;
  std::string method;
  std::string case_id;
  std::string table;
};

// A table, and how it takes whoever asks; nothing without a node.
struct Asked {
  AccessTable table;
  std::optional<Caller> caller;
  std::unique_ptr<Node> node;
};

absl::string_view MeaningOf(Reach reach) {
  switch (reach) {
    case Reach::kNo:
      return "refused";
    case Reach::kYes:
      return "may call, and reaches no case by it";
    case Reach::kReads:
      return "sees cases to which an authority of the node is a party, not who reported; commands "
             "for none";
    case Reach::kOwn:
      return "sees cases to which its own authority is a party, and commands for it";
    case Reach::kOwnReporters:
      return "sees cases to which its own authority is a party, and who reported to it";
    case Reach::kNode:
      return "sees cases to which an authority of the node is a party, and commands for each";
    case Reach::kNodeReporters:
      break;
  }
  return "sees cases to which an authority of the node is a party, and who reported to it";
}

absl::string_view WhoIs(Caller caller) {
  switch (caller) {
    case Caller::kNode:
      return "the node's own certificate";
    case Caller::kPeer:
      return "of the role node, of a peer that the configuration names";
    case Caller::kWitness:
      return "of the role witness, that the configuration names";
    default:
      return "of an authority of the node";
  }
}

std::string NeededFor(const AccessRow* row, Caller caller) {
  if (row == nullptr) return "a row of the table";
  const Reach reach = row->of(caller);
  if (reach == Reach::kYes) return absl::StrCat("a certificate ", WhoIs(caller));
  if (reach != Reach::kNo) {
    return absl::StrCat("a certificate ", WhoIs(caller),
                        "; of a case, that such an authority is a party to it: others are answered "
                        "as if there were none");
  }
  std::vector<absl::string_view> may;
  for (std::size_t i = 0; i < runtime::kCallers; ++i) {
    const auto other = static_cast<Caller>(i);
    if (row->of(other) != Reach::kNo) may.push_back(runtime::NameOf(other));
  }
  return may.empty() ? "nobody may" : absl::StrCat("a certificate of ", absl::StrJoin(may, " or "));
}

AccessRule RuleOf(const AccessTable& table, const std::string& method, Caller caller) {
  const AccessRow* row = table.Find(method);
  const Reach reach = row == nullptr ? Reach::kNo : row->of(caller);
  AccessRule rule;
  rule.set_kind("rule");
  rule.set_method(method);
  rule.set_caller(std::string(runtime::NameOf(caller)));
  rule.set_allowed(reach != Reach::kNo);
  rule.set_reach(std::string(runtime::NameOf(reach)));
  rule.set_meaning(std::string(MeaningOf(reach)));
  rule.set_needed(NeededFor(row, caller));
  rule.set_table(table.file());
  rule.set_line(row == nullptr ? 0 : row->line);
  rule.set_why(row == nullptr ? "what the table does not name is refused" : row->why);
  return rule;
}

// The methods that a word names: the whole, `QueryService/GetCase`, `GetCase` or a service.
std::vector<std::string> MethodsNamed(const AccessTable& table, absl::string_view name) {
  std::vector<std::string> methods;
  for (const AccessRow& row : table.rows()) {
    const std::string all = absl::StrCat(".", row.method);
    const absl::string_view service = absl::string_view(all).substr(0, all.find('/'));
    if (name.empty() || row.method == name || absl::EndsWith(all, absl::StrCat("/", name)) ||
        absl::EndsWith(all, absl::StrCat(".", name)) ||
        absl::EndsWith(service, absl::StrCat(".", name))) {
      methods.push_back(row.method);
    }
  }
  return methods;
}

absl::StatusOr<AccessTable> ReadTable(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return AccessTable::Parse(path, text);
}

absl::StatusOr<Asked> Ask(Context& context, const std::string& file) {
  if (!file.empty()) {
    ASSIGN_OR_RETURN(AccessTable table, ReadTable(file));
    Asked asked{std::move(table), std::nullopt, nullptr};
    if (context.has_node()) {
      ASSIGN_OR_RETURN(asked.node, context.OpenNode());
    }
    return asked;
  }
  if (context.has_store() || !context.has_node()) {
    return Asked{AccessTable::BuiltIn(), std::nullopt, nullptr};
  }
  ASSIGN_OR_RETURN(auto node, context.OpenNode());
  ASSIGN_OR_RETURN(const auto access, node->GetAccess());
  ASSIGN_OR_RETURN(AccessTable table, AccessTable::Read(access.file(), access.table()));
  return Asked{std::move(table), runtime::CallerNamed(access.caller()), std::move(node)};
}

absl::Status CheckRole(const std::string& role) {
  if (role.empty() || role == "all" || runtime::CallerNamed(role)) return absl::OkStatus();
  std::vector<absl::string_view> names;
  for (std::size_t i = 0; i < runtime::kCallers; ++i) {
    names.push_back(runtime::NameOf(static_cast<Caller>(i)));
  }
  return BadValue("--role", role, absl::StrCat("give ", absl::StrJoin(names, ", "), " or all"));
}

std::vector<Caller> CallersNamed(const std::string& role, const Asked& asked) {
  if (const auto named = runtime::CallerNamed(role)) return {*named};
  if (role.empty() && asked.caller) return {*asked.caller};
  std::vector<Caller> callers;
  for (std::size_t i = 0; i < runtime::kCallers; ++i) callers.push_back(static_cast<Caller>(i));
  return callers;
}

void PrintRule(Output& output, const AccessRule& rule) {
  Fields fields;
  fields.Add("method", rule.method());
  fields.Add("caller", rule.caller());
  fields.Add("answer", rule.allowed() ? Cell("allowed", Tone::kGood) : Cell("denied", Tone::kBad));
  fields.Add("says", absl::StrCat(Printable(rule.table()),
                                  rule.line() == 0 ? std::string(" names no such method")
                                                   : absl::StrCat(":", rule.line()),
                                  ", ", rule.caller(), " ", rule.reach()));
  fields.Add("means", rule.meaning());
  fields.Add("why", Printable(rule.why()));
  fields.Add(rule.allowed() ? "takes" : "would take", rule.needed());
  output.Print(fields.Text(output));
}

void PrintRules(Output& output, const std::vector<AccessRule>& rules) {
  if (output.json()) {
    for (const AccessRule& rule : rules) output.Json(rule);
    return;
  }
  if (rules.size() == 1) return PrintRule(output, rules.front());
  Table table({">line", "method", "caller", "answer", "reaches", "why"});
  for (const AccessRule& rule : rules) {
    table.Add({absl::StrCat(rule.line()), rule.method(), rule.caller(),
               rule.allowed() ? Cell("allowed", Tone::kGood) : Cell("denied", Tone::kDim),
               rule.reach(), Printable(rule.why())});
  }
  output.Print(table.Text(output));
}

// How the caller stands to a case: by what it sees itself, so nothing is told that it may not know.
absl::StatusOr<AccessCase> CaseOf(Context& context, Asked& asked, const std::string& case_id) {
  AccessCase stands;
  stands.set_kind("case");
  stands.set_case_id(case_id);
  query::v1::GetCaseRequest request;
  request.set_case_id(case_id);
  absl::StatusOr<query::v1::GetCaseResponse> answer;
  if (asked.node != nullptr) {
    ASSIGN_OR_RETURN(const auto about, asked.node->GetNode());
    *stands.mutable_looks_for() = about.looks_for();
    answer = asked.node->GetCase(request);
  } else {
    ASSIGN_OR_RETURN(const auto cases, context.OpenCases());
    answer = cases->GetCase(request);
  }
  if (absl::IsNotFound(answer.status())) return stands;
  RETURN_IF_ERROR(answer.status());
  stands.set_seen(true);
  stands.set_case_id(answer->case_().case_id());
  *stands.mutable_parties() = answer->case_().parties();
  return stands;
}

void PrintCase(Output& output, const AccessCase& stands) {
  if (output.json()) return output.Json(stands);
  Fields fields;
  fields.Add("case", Printable(stands.case_id()));
  fields.Add("you look for", Printable(absl::StrJoin(stands.looks_for(), ", ")));
  fields.Add("answer", stands.seen() ? Cell("seen", Tone::kGood) : Cell("not found", Tone::kBad));
  if (!stands.seen()) {
    fields.Add("means",
               "no authority that you look for is a party to it, or there is no such case: the two "
               "are not told apart");
  } else {
    fields.Add("parties", stands.parties().empty()
                              ? std::string("none yet: it never left its office")
                              : Printable(absl::StrJoin(stands.parties(), ", ")));
    fields.Add("means", "who became a party stays one, also when others have the case");
  }
  output.Print(fields.Text(output));
}

absl::Status Explain(Context& context, const ExplainOptions& options) {
  RETURN_IF_ERROR(CheckRole(options.role));
  if (!options.case_id.empty() && !context.has_node() && !context.has_store()) {
    return BadValue("--case", options.case_id, "name a node or a store: a table knows of no cases");
  }
  ASSIGN_OR_RETURN(Asked asked, Ask(context, options.table));
  std::vector<std::string> methods = MethodsNamed(asked.table, options.method);
  // What the table does not name is refused, which is an answer, too.
  if (methods.empty() && absl::StrContains(options.method, '/')) methods = {options.method};
  if (methods.empty()) {
    return BadValue(
        "--method", options.method,
        "give Service/Method, a method or a service; selaras access explain lists them");
  }
  std::vector<AccessRule> rules;
  for (const std::string& method : methods) {
    for (const Caller caller : CallersNamed(options.role, asked)) {
      rules.push_back(RuleOf(asked.table, method, caller));
    }
  }
  // With a case alone nobody asks for the whole table.
  if (options.case_id.empty() || !options.method.empty() || !options.role.empty()) {
    PrintRules(context.output(), rules);
  }
  if (options.case_id.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const AccessCase stands, CaseOf(context, asked, options.case_id));
  PrintCase(context.output(), stands);
  return absl::OkStatus();
}

absl::Status Show(Context& context, const ExplainOptions& options) {
  ASSIGN_OR_RETURN(const Asked asked, Ask(context, options.table));
  if (!context.output().json()) {
    context.output().Print(asked.table.text());
    return absl::OkStatus();
  }
  std::vector<AccessRule> rules;
  for (const AccessRow& row : asked.table.rows()) {
    for (const Caller caller : CallersNamed("all", asked)) {
      rules.push_back(RuleOf(asked.table, row.method, caller));
    }
  }
  PrintRules(context.output(), rules);
  return absl::OkStatus();
}

Option TableOption(ExplainOptions* options) {
  return {"--table", "FILE", &options->table,
          "an access table; default: that of the node that is named, or else the built-in one"};
}

}  // namespace

Command AccessCommands() {
  const auto options = std::make_shared<ExplainOptions>();
  const auto run = [options](absl::Status (*command)(Context&, const ExplainOptions&)) {
    return [options, command](Context& context) {
      const absl::Status done = command(context, *options);
      return done.ok() ? ExitCode::kOk : context.output().Fail(done);
    };
  };
  Command explain = {
      .name = "explain",
      .summary = "who may call what, by which line of the table, and what it takes",
      .details =
          "Of a node that is named: by its table and, without --role, for your own certificate. "
          "Without a node: by the built-in table, or --table. How you stand to a case is told by "
          "what you see of it, so that nothing is told of cases that are not yours.",
      .examples =
          "selaras access explain --role ops --method ReferCase\n"
          "selaras access explain --method LedgerService --role auditor\n"
          "selaras access explain --client bkn.textproto --case 3f2a9c1e\n"
          "selaras access explain --table own.tsv --role backoffice",
      .source = Source::kNodeOrStore,
      .options = {{"--role", "ROLE", &options->role,
                   "who calls, as the table's columns name them, or all"},
                  {"--method", "METHOD", &options->method,
                   "Service/Method, a method, or a service; default: every one"},
                  {"--case", "CASE", &options->case_id, "how you stand to this case"},
                  TableOption(options.get())},
      .run = run(&Explain)};
  Command show = {.name = "show",
                  .summary = "the access table, as a file to begin with",
                  .examples =
                      "selaras access show > own.tsv\n"
                      "selaras access show --client bkn.textproto",
                  .source = Source::kNodeOrStore,
                  .options = {TableOption(options.get())},
                  .run = run(&Show)};
  return {.name = "access",
          .summary = "who may call what on a node",
          .commands = {std::move(explain), std::move(show)}};
}

}  // namespace selaras::cli
