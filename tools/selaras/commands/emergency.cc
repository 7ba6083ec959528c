// `emergency`: break-glass, for operations of an office of Bawaslu, and its review.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 1'000;

struct TakeOptions {
  std::string report;
  std::string reason;
  std::string because_file = "-";
  std::string request_id;
  std::uint64_t minutes = 30;
};

struct ListOptions {
  bool unreviewed = false;
};

struct ReviewOptions {
  std::string position;
  bool justified = false;
  bool not_justified = false;
  std::string remark_file;
  std::string request_id;
};

// What may name somebody stands in a file, not in a list of processes.
absl::StatusOr<std::string> ReadText(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  return std::string(absl::StripAsciiWhitespace(text));
}

ExitCode Take(Context& context, const TakeOptions& options) {
  Output& output = context.output();
  const auto address = context.ResolveAddress();
  if (!address.ok()) return output.Fail(address.status());
  auto node = context.Connect(*address);
  if (!node.ok()) return output.Fail(node.status());
  const auto because = ReadText(options.because_file);
  if (!because.ok()) return output.Fail(because.status());
  intake::v1::BreakGlassRequest request;
  request.set_request_id(context.RequestId(options.request_id));
  request.set_report_id(options.report);
  request.set_reason(options.reason);
  request.set_reason_text(*because);
  request.set_minutes(static_cast<std::uint32_t>(options.minutes));
  *request.mutable_officer() = address->reading.officer();
  const auto taken = (*node)->BreakGlass(request);
  if (!taken.ok()) return output.Fail(taken.status());
  if (output.json()) {
    output.Json(*taken);
    return ExitCode::kOk;
  }
  output.Print(absl::StrCat("open until ", TimeText(taken->expires_at()), "  ",
                            PositionText(taken->position()), "\n"));
  output.Note("every read is recorded, and the office must review it afterwards");
  return ExitCode::kOk;
}

// Calls `each` for what was taken, over all pages, until it answers false.
template <typename Each>
absl::Status ForEachTaken(Node& node, intake::v1::ListBreakGlassRequest request, Each each) {
  request.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(const auto page, node.ListBreakGlass(request));
    for (const intake::v1::BreakGlassTaken& taken : page.taken()) {
      if (!each(taken)) return absl::OkStatus();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

Cell ReviewCell(const intake::v1::BreakGlassTaken& taken) {
  if (!taken.has_review()) {
    return taken.open() ? Cell("open", Tone::kWarning) : Cell("to be reviewed", Tone::kBad);
  }
  return taken.review().justified() ? Cell("justified", Tone::kGood)
                                    : Cell("not justified", Tone::kBad);
}

ExitCode List(Context& context, const ListOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  intake::v1::ListBreakGlassRequest request;
  request.set_unreviewed(options.unreviewed);
  Table table({"TAKEN", "UNTIL", "BY", "OFFICER", "REASON", "REPORT", "REVIEW", "POSITION"});
  std::uint64_t count = 0;
  const absl::Status status =
      ForEachTaken(**node, request, [&](const intake::v1::BreakGlassTaken& taken) {
        ++count;
        if (output.json()) {
          output.Json(taken);
          return true;
        }
        table.Add({TimeText(taken.opened_at()),
                   TimeText(taken.expires_at()),
                   taken.by(),
                   Printable(taken.officer().officer_id()),
                   taken.reason(),
                   ShortId(taken.report_id()),
                   ReviewCell(taken),
                   {PositionText(taken.position()), Tone::kDim}});
        return true;
      });
  if (!status.ok()) return output.Fail(status);
  if (output.json()) return ExitCode::kOk;
  if (!table.empty()) output.Print(table.Text(output));
  output.Note(Count(count, "break-glass"));
  return ExitCode::kOk;
}

ExitCode Review(Context& context, const ReviewOptions& options) {
  Output& output = context.output();
  if (options.justified == options.not_justified) {
    return output.Fail(BadValue("--justified", "", "give either --justified or --not-justified"));
  }
  const auto address = context.ResolveAddress();
  if (!address.ok()) return output.Fail(address.status());
  auto node = context.Connect(*address);
  if (!node.ok()) return output.Fail(node.status());
  std::optional<intake::v1::BreakGlassTaken> found;
  const absl::Status status =
      ForEachTaken(**node, {}, [&](const intake::v1::BreakGlassTaken& taken) {
        if (PositionText(taken.position()) != options.position) return true;
        found = taken;
        return false;
      });
  if (!status.ok()) return output.Fail(status);
  if (!found) {
    return output.Fail(
        BadValue("POSITION", options.position, "selaras emergency list shows the positions"));
  }
  absl::StatusOr<std::string> remark = "";
  if (!options.remark_file.empty()) remark = ReadText(options.remark_file);
  if (!remark.ok()) return output.Fail(remark.status());
  intake::v1::ReviewBreakGlassRequest request;
  request.mutable_header()->set_request_id(context.RequestId(options.request_id));
  request.mutable_header()->set_authority(found->authority());
  *request.mutable_header()->mutable_officer() = address->reading.officer();
  request.mutable_command()->set_report_id(found->report_id());
  *request.mutable_command()->mutable_opening() = found->position();
  request.mutable_command()->set_justified(options.justified);
  request.mutable_command()->set_remark(*remark);
  const auto outcome = (*node)->ReviewBreakGlass(request);
  if (!outcome.ok()) return output.Fail(outcome.status());
  if (output.json()) {
    output.Json(*outcome);
  } else {
    output.Print("reviewed\n");
  }
  return ExitCode::kOk;
}

Option RequestIdOption(std::string* target) {
  return {"--request-id", "ID", target, "repeats an earlier call; default: a random one"};
}

Command TakeCommand() {
  const auto options = std::make_shared<TakeOptions>();
  return {
      .name = "take",
      .summary =
          "see who reported, for one report and a while, with the certificate of "
          "operations",
      .details =
          "For the case that nobody of the office can act: then `report show` shows the report "
          "as the office sees it. Each read is recorded with it, and no other report can be "
          "taken once it has ended until the office has reviewed it.",
      .examples =
          "selaras emergency take 77aa01 --reason keselamatan --officer adm-3 --minutes 30 "
          "--because-file alasan.txt",
      .source = Source::kNode,
      .options = {{"REPORT", "", &options->report,
                   "id of the report, or its beginning: at least 6 characters", true},
                  {"--reason", "CODE", &options->reason, "of the list break_glass_reason", true},
                  {"--because-file", "FILE", &options->because_file,
                   "says what happened in at least 20 characters, kept sealed; default: "
                   "standard input"},
                  FromOne({"--minutes", "N", &options->minutes,
                           "for how long, at most 240; default: 30"}),
                  RequestIdOption(&options->request_id)},
      .run = [options](Context& context) { return Take(context, *options); }};
}

Command ListCommand() {
  const auto options = std::make_shared<ListOptions>();
  return {.name = "list",
          .summary = "what operations took, and what the office made of it",
          .examples = "selaras emergency list --unreviewed",
          .source = Source::kNode,
          .options = {{"--unreviewed", "", &options->unreviewed,
                       "only what the office has not reviewed"}},
          .run = [options](Context& context) { return List(context, *options); }};
}

Command ReviewCommand() {
  const auto options = std::make_shared<ReviewOptions>();
  return {.name = "review",
          .summary = "say whether it was justified, for the office",
          .examples =
              "selaras emergency review bawaslu-13/private@41 --justified --officer ketua-1\n"
              "selaras emergency review bawaslu-13/private@41 --not-justified "
              "--remark-file catatan.txt",
          .source = Source::kNode,
          .options = {{"POSITION", "", &options->position,
                       "of the opening, as `emergency list` shows it", true},
                      {"--justified", "", &options->justified, "it was"},
                      {"--not-justified", "", &options->not_justified, "it was not"},
                      {"--remark-file", "FILE", &options->remark_file,
                       "what is to be said about it, kept sealed; required if it was not"},
                      RequestIdOption(&options->request_id)},
          .run = [options](Context& context) { return Review(context, *options); }};
}

}  // namespace

Command EmergencyCommands() {
  return {.name = "emergency",
          .summary = "break-glass: see who reported when nobody else can act, and its review",
          .commands = {TakeCommand(), ListCommand(), ReviewCommand()}};
}

}  // namespace selaras::cli
