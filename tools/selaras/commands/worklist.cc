#include "tools/registers/worklist.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/status.h"
#include "tools/selaras/authority.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;

struct Options {
  std::string authority;
  std::string assigned_to;
  int limit = 0;
  bool csv = false;
};

absl::StatusOr<std::string> AuthorityOf(Node& node, const Options& options) {
  if (!options.authority.empty()) return options.authority;
  ASSIGN_OR_RETURN(const auto about, node.GetNode());
  return OnlyAuthority(about);
}

absl::StatusOr<std::vector<query::v1::WorkItem>> Fetch(Node& node,
                                                       query::v1::GetWorklistRequest request,
                                                       int limit) {
  std::vector<query::v1::WorkItem> items;
  do {
    const int left = limit - static_cast<int>(items.size());
    request.set_page_size(limit == 0 ? kPage : std::min(kPage, left));
    ASSIGN_OR_RETURN(const auto page, node.GetWorklist(request));
    items.insert(items.end(), page.items().begin(), page.items().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (limit == 0 || static_cast<int>(items.size()) < limit));
  return items;
}

// What may be done now, or what that waits for.
std::string AllowedText(const query::v1::WorkItem& item) {
  std::vector<std::string> parts(item.allowed_commands().begin(), item.allowed_commands().end());
  for (const query::v1::AwaitedPart& part : item.awaits()) {
    parts.push_back(absl::StrCat("waits for ", AwaitedText(part)));
  }
  return absl::StrJoin(parts, ", ");
}

void PrintTable(Output& output, const std::vector<query::v1::WorkItem>& items) {
  Table table({"DUE", "CASE", "STATE", "SINCE", "STEP", "NIP", "RESPONDENT", "FOR", "ALLOWED NOW"});
  for (const query::v1::WorkItem& item : items) {
    table.Add({{item.due_on(), item.overdue() ? Tone::kBad : Tone::kPlain},
               ShortId(item.case_id()),
               StateWord(item.state()),
               WhenText(item.since()),
               item.deadline().empty() ? "" : absl::StrCat(item.deadline(), " ", item.step()),
               item.respondent().nip(),
               item.respondent().name(),
               item.assigned_to(),
               AllowedText(item)});
  }
  if (!table.empty()) output.Print(table.Text(output));
  const auto overdue =
      std::count_if(items.begin(), items.end(), [](const auto& item) { return item.overdue(); });
  output.Note(absl::StrCat(Count(items.size(), "case"),
                           overdue == 0 ? "" : absl::StrCat(", ", overdue, " overdue")));
}

absl::Status Show(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context.OpenNode());
  query::v1::GetWorklistRequest request;
  ASSIGN_OR_RETURN(*request.mutable_authority(), AuthorityOf(*node, options));
  request.set_assigned_to(options.assigned_to);
  ASSIGN_OR_RETURN(const auto items, Fetch(*node, request, options.limit));
  Output& output = context.output();
  if (options.csv) {
    output.Print(registers::WorklistCsv(request.authority(), items));
  } else if (output.json()) {
    for (const query::v1::WorkItem& item : items) output.Json(item);
  } else {
    PrintTable(output, items);
  }
  return absl::OkStatus();
}

}  // namespace

Command WorklistCommand() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "worklist",
      .summary = "what an authority has to do next, the first due first",
      .details =
          "Lists the cases that wait for the authority, with what may be done in each; of one that "
          "was handed to it but rests on a part that has not come here, for what it waits. With "
          "--csv "
          "it is a table to fill in: who writes a command into the column perintah, and its "
          "tanggal, nomor, tujuan, kode and alasan as far as it takes them, sends it with selaras "
          "import. Several codes are written as `route=keberatan; outcome=menolak`, a list as "
          "`HD-02+HD-06`. To say several commands about a case, copy its row. Importing the table "
          "twice changes nothing.",
      .examples =
          "selaras worklist\n"
          "selaras worklist --authority bkn --assigned-to wasdal-2\n"
          "selaras worklist --csv > worklist.csv",
      .source = cli::Source::kNode,
      .options = {{"--authority", "AUTHORITY", &options->authority,
                   "whose list; default: the only authority of the node"},
                  {"--assigned-to", "UNIT", &options->assigned_to,
                   "only cases that were assigned to this unit or officer"},
                  {"--csv", "", &options->csv, "as a table to fill in and import again"},
                  LimitOption(&options->limit)},
      .run = [options](Context& context) {
        const absl::Status shown = Show(context, *options);
        return shown.ok() ? ExitCode::kOk : context.output().Fail(shown);
      }};
}

}  // namespace selaras::cli
