#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/attachment_parts.h"
#include "tools/selaras/commands/case_table.h"
#include "tools/selaras/commands/reads.h"
#include "tools/selaras/commands/step_table.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;

struct ListOptions {
  std::string state;
  std::string waiting_for;
  std::string region;
  std::string identity;
  std::string holder;
  std::string election;
  std::string violation;
  std::string status;
  std::string waiting_since;
  std::string reference;
  std::vector<std::string> positions;
  int limit = 0;
  bool overdue = false;
  bool contradicted = false;
};

struct ShowOptions {
  std::string id;
  std::string as_known;
  std::string known_by;
  std::string zone;
};

// `sbt:2024/000123`, or a number of any kind.
void AddReference(const std::string& text, event::v1::ExternalReference* reference) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  reference->set_kind(ParseKind(parts.first));
  reference->set_raw(reference->kind() == event::v1::REFERENCE_KIND_UNSPECIFIED ? text
                                                                                : parts.second);
}

absl::StatusOr<query::v1::ListCasesRequest> ToRequest(const ListOptions& options) {
  query::v1::ListCasesRequest request;
  if (!options.state.empty()) {
    request.set_state(ParseState(options.state));
    if (request.state() == query::v1::CASE_STATE_UNSPECIFIED) {
      return BadValue("--state", options.state, absl::StrCat("the states are: ", StateWords()));
    }
  }
  request.set_waiting_for(options.waiting_for);
  request.set_agency_region(options.region);
  if (options.identity == "open") {
    request.set_identity(query::v1::IDENTITY_FILTER_OPEN);
  } else if (options.identity == "known") {
    request.set_identity(query::v1::IDENTITY_FILTER_KNOWN);
  } else if (!options.identity.empty()) {
    return BadValue("--identity", options.identity, "give open or known");
  }
  request.set_overdue(options.overdue);
  request.set_contradicted(options.contradicted);
  request.set_holder(options.holder);
  request.set_election(options.election);
  request.set_violation(options.violation);
  request.set_public_status(options.status);
  request.set_waiting_since(options.waiting_since);
  if (!options.reference.empty()) AddReference(options.reference, request.mutable_reference());
  for (const std::string& text : options.positions) {
    ASSIGN_OR_RETURN(*request.add_min_positions(), ParseFullPosition("--at-least", text));
  }
  return request;
}

ExitCode List(Context& context, const ListOptions& options) {
  Output& output = context.output();
  auto request = ToRequest(options);
  if (!request.ok()) return output.Fail(request.status());
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  Table table(CaseHeadings());
  int shown = 0;
  do {
    request->set_page_size(options.limit == 0 ? kPage : std::min(kPage, options.limit - shown));
    const auto page = (*node)->ListCases(*request);
    if (!page.ok()) return output.Fail(page.status());
    for (const query::v1::Case& c : page->cases()) {
      ++shown;
      if (output.json()) {
        output.Json(c);
        continue;
      }
      table.Add(CaseRow(c));
    }
    request->set_page_token(page->next_page_token());
  } while (!request->page_token().empty() && (options.limit == 0 || shown < options.limit));
  if (output.json()) return ExitCode::kOk;
  if (!table.empty()) output.Print(table.Text(output));
  output.Note(Count(static_cast<std::uint64_t>(shown), "case"));
  return ExitCode::kOk;
}

std::string References(const query::v1::Case& c) {
  return absl::StrJoin(c.references(), ", ", [](std::string* out, const auto& reference) {
    absl::StrAppend(out, KindWord(reference.kind()), " ", reference.raw());
  });
}

std::string PhaseText(event::v1::ElectionPhase phase) {
  switch (phase) {
    case event::v1::ELECTION_PHASE_BEFORE_PENETAPAN:
      return "before penetapan";
    case event::v1::ELECTION_PHASE_FROM_PENETAPAN:
      return "from penetapan";
    default:
      return "";
  }
}

void PrintSections(Output& output, const query::v1::Case& c) {
  Table sections({"SECTION", "WRITER", ">ENTRIES", "LOG", ">VERIFIED", "AS OF"});
  for (const query::v1::Section& section : c.sections()) {
    const bool own = !section.has_verified_at();
    sections.Add({section.name(), section.writer(), absl::StrCat(section.revision()), section.log(),
                  absl::StrCat(section.verified_size()),
                  section.incomplete() ? Cell("entries are missing", Tone::kWarning)
                                       : Cell(own ? "now" : TimeText(section.verified_at()))});
  }
  if (!sections.empty()) output.Print(absl::StrCat("\n", sections.Text(output)));
  Table arrivals({"SENT TO", "POSITION", "ARRIVED"});
  for (const query::v1::Arrival& arrival : c.arrivals()) {
    arrivals.Add({arrival.peer(), PositionText(arrival.position()),
                  arrival.arrived() ? Cell("yes", Tone::kGood) : Cell("not yet", Tone::kWarning)});
  }
  if (!arrivals.empty()) output.Print(absl::StrCat("\n", arrivals.Text(output)));
  for (const query::v1::AwaitedPart& part : c.awaits()) {
    const std::string why =
        part.needed_by().empty()
            ? "entries in between have not come"
            : absl::StrCat(part.needed_by(), " goes on from ", PositionText(part.position()),
                           ", which has not come");
    output.Print(absl::StrCat(
        "\n", output.Paint(Tone::kWarning, absl::StrCat("waits for ", AwaitedText(part), ": ")),
        Printable(why), "; selaras link list says how its link stands\n"));
  }
  for (const std::string& contradiction : c.contradictions()) {
    output.Print(absl::StrCat("\n", output.Paint(Tone::kBad, "contradiction: "),
                              Printable(contradiction), "\n"));
  }
}

// Phase, and where an officer said another one than the calendar; stage; contest.
std::string ElectionText(const query::v1::Case& c) {
  std::vector<std::string> parts = {c.election()};
  if (!c.contest().empty()) parts.push_back(c.contest());
  if (!PhaseText(c.phase()).empty()) parts.push_back(PhaseText(c.phase()));
  if (!c.phase_override().empty()) {
    const std::string calendar = PhaseText(c.calendar_phase());
    parts.push_back(absl::StrCat("because of ", c.phase_override(), ", by the calendar ",
                                 calendar.empty() ? "open" : calendar));
  }
  if (!c.stage().empty()) parts.push_back(absl::StrReplaceAll(c.stage(), {{"_", " "}}));
  return absl::StrJoin(parts, ", ");
}

std::string SignatoryText(const event::v1::Signatory& signed_by) {
  return absl::StrCat(signed_by.office(),
                      signed_by.office().empty() || signed_by.mandate().empty() ? "" : ", ",
                      signed_by.mandate(), signed_by.for_vacancy() ? ", for a vacancy" : "");
}

// Flagged authorities with the reasons; only the office that flagged them is shown any.
std::string ConflictsText(const query::v1::Case& c) {
  return absl::StrJoin(c.conflicts(), ", ", [](std::string* out, const auto& flagged) {
    absl::StrAppend(out, flagged.authority(), " (", flagged.reason(), ")");
  });
}

void PrintMarks(Output& output, const query::v1::Case& c) {
  Table marks({"MARK", "ABOUT", "RULE", "REASON GIVEN", "IN", "SAYS"});
  for (const query::v1::CaseMark& mark : c.marks()) {
    marks.Add({{mark.code(), mark.code() == "CONFLICT" ? Tone::kDim : Tone::kWarning},
               mark.about(),
               mark.rule(),
               mark.reason(),
               mark.fact_name(),
               mark.text()});
  }
  if (!marks.empty()) output.Print(absl::StrCat("\n", marks.Text(output)));
}

void PrintCase(Output& output, const query::v1::Case& c) {
  Fields fields;
  fields.Add("state", {StateWord(c.state()), ToneOf(c.state())});
  fields.Add("since", WhenText(c.since()));
  fields.Add("in SBT", absl::StrReplaceAll(c.public_status(), {{"_", " "}}));
  fields.Add("held by", c.holder());
  fields.Add("waiting for", {c.waiting_for(), Tone::kStrong});
  fields.Add("allowed now", absl::StrJoin(c.allowed_commands(), ", "));
  fields.Add("parties", absl::StrJoin(c.parties(), ", "));
  fields.Add("respondent", Personal(c, c.respondent().name()));
  fields.Add("nip", NipText(c));
  fields.Add("earlier nip", absl::StrJoin(c.earlier_nips(), ", "));
  fields.Add("nik", c.respondent().nik());
  fields.Add("position", absl::StrJoin({c.respondent().position_title(), c.position_kind()},
                                       c.position_kind().empty() ? "" : " · "));
  fields.Add("role", c.role());
  fields.Add("status", absl::StrCat(c.employment_status(), c.rank().empty() ? "" : " ", c.rank()));
  fields.Add("agency", Personal(c, c.respondent().agency()));
  fields.Add("region", c.agency_region());
  fields.Add("election", ElectionText(c));
  fields.Add("act", c.incident_on());
  fields.Add("alleged", absl::StrJoin(c.violations_alleged(), ", "));
  fields.Add("found", absl::StrJoin(c.violations_found(), ", "));
  fields.Add("recommended", c.sanction_recommended());
  fields.Add("recommended for", c.violation_recommended());
  fields.Add("imposed", c.sanction_imposed());
  fields.Add("signed by", SignatoryText(c.signed_by()));
  fields.Add("blocked by", {absl::StrJoin(c.blockers(), ", "), Tone::kWarning});
  fields.Add("conflict", {ConflictsText(c), Tone::kWarning});
  fields.Add("erasure", {ErasureText(c), Tone::kWarning});
  fields.Add("objected", c.objected() ? "yes" : "");
  fields.Add("motives", absl::StrJoin(c.motives(), ", "));
  fields.Add("register",
             absl::StrJoin({c.register_number(), c.source()}, c.source().empty() ? "" : " · "));
  fields.Add("report", c.report_id());
  fields.Add("numbers", References(c));
  fields.Add("party digest", {c.party_digest().substr(0, 16), Tone::kDim});
  output.Print(
      absl::StrCat(output.Paint(Tone::kStrong, "case "), c.case_id(), "\n", fields.Text(output)));
  PrintMarks(output, c);
  PrintAttachments(output, c.attachments());
  PrintSections(output, c);
}

// The day for which is asked, if one is given.
template <typename Request>
absl::Status AddAsKnown(const ShowOptions& options, Request* request) {
  if (options.as_known.empty()) {
    if (options.known_by.empty() && options.zone.empty()) return absl::OkStatus();
    return BadValue(options.zone.empty() ? "--known-by" : "--zone",
                    options.zone.empty() ? options.known_by : options.zone,
                    "say of which day: --as-known 2024-10-11");
  }
  query::v1::AsKnown* as_known = request->mutable_as_known();
  as_known->set_on(options.as_known);
  as_known->set_zone(options.zone);
  if (options.known_by == "authors") {
    as_known->set_known_by(query::v1::KNOWN_BY_AUTHORS);
  } else if (options.known_by.empty() || options.known_by == "node") {
    as_known->set_known_by(query::v1::KNOWN_BY_THIS_NODE);
  } else {
    return BadValue("--known-by", options.known_by, "give authors or node");
  }
  return absl::OkStatus();
}

std::vector<Option> ShowOptionsOf(ShowOptions* options) {
  return {
      {"CASE", "", &options->id, "id of the case, or its beginning: at least 6 characters", true},
      {"--as-known", "DAY", &options->as_known,
       "as it was known at the end of that day, e.g. 2024-10-11; default: now"},
      {"--known-by", "authors|node", &options->known_by,
       "what the authors had recorded by then, or what this node held; default: node"},
      {"--zone", "ZONE", &options->zone, "where that day ends: WIB, WITA or WIT; default: WIB"}};
}

ExitCode Show(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::GetCaseRequest request;
  request.set_case_id(options.id);
  if (const absl::Status bad = AddAsKnown(options, &request); !bad.ok()) return output.Fail(bad);
  const auto response = (*node)->GetCase(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(response->case_());
  } else {
    PrintCase(output, response->case_());
  }
  return ExitCode::kOk;
}

ExitCode Timeline(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::GetTimelineRequest request;
  request.set_case_id(options.id);
  if (const absl::Status bad = AddAsKnown(options, &request); !bad.ok()) return output.Fail(bad);
  const auto response = (*node)->GetTimeline(request);
  if (!response.ok()) return output.Fail(response.status());
  if (!output.json()) {
    output.Print(StepTable(response->steps()).Text(output));
    return ExitCode::kOk;
  }
  for (const query::v1::TimelineStep& step : response->steps()) output.Json(step);
  return ExitCode::kOk;
}

std::string DeadlineWord(query::v1::DeadlineState state) {
  absl::string_view word = query::v1::DeadlineState_Name(state);
  absl::ConsumePrefix(&word, "DEADLINE_STATE_");
  return absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", " "}});
}

Tone ToneOf(query::v1::DeadlineState state) {
  switch (state) {
    case query::v1::DEADLINE_STATE_OVERDUE:
      return Tone::kBad;
    case query::v1::DEADLINE_STATE_MET:
      return Tone::kGood;
    case query::v1::DEADLINE_STATE_MET_LATE:
    case query::v1::DEADLINE_STATE_SUSPENDED:
      return Tone::kWarning;
    case query::v1::DEADLINE_STATE_NOT_APPLICABLE:
      return Tone::kDim;
    default:
      return Tone::kPlain;
  }
}

ExitCode Deadlines(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::ListDeadlinesRequest request;
  request.set_case_id(options.id);
  const auto response = (*node)->ListDeadlines(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(*response);
    return ExitCode::kOk;
  }
  Table table({"DUE", "STATE", "WHO", "STEP", "FROM", "BASIS", "MARK"});
  bool incomplete = false;
  for (const query::v1::Deadline& deadline : response->deadlines()) {
    incomplete = incomplete || deadline.incomplete_years_size() > 0;
    table.Add({absl::StrCat(deadline.due_on(), deadline.incomplete_years_size() > 0 ? "?" : ""),
               {DeadlineWord(deadline.state()), ToneOf(deadline.state())},
               deadline.duty(),
               deadline.step(),
               deadline.anchor_on(),
               absl::StrCat(deadline.id(), " ", deadline.basis()),
               {deadline.mark(), deadline.mark() == "V" ? Tone::kPlain : Tone::kDim}});
  }
  if (!table.empty()) output.Print(table.Text(output));
  if (!response->in_force_on().empty()) {
    output.Print(absl::StrCat("the decision is in force from ", response->in_force_on(), "\n"));
  }
  output.Note(Count(static_cast<std::uint64_t>(response->deadlines_size()), "time limit"));
  if (incomplete) output.Note("? may come later: holidays of a year are not known to be complete");
  return ExitCode::kOk;
}

Command DeadlinesCommand() {
  const auto options = std::make_shared<ShowOptions>();
  return {.name = "deadlines",
          .summary = "what is due in one case, by when, by whom, and on what basis",
          .examples = "selaras case deadlines 3f2a9c1e",
          .source = Source::kNodeOrStore,
          .options = {{"CASE", "", &options->id,
                       "id of the case, or its beginning: at least 6 characters", true}},
          .run = [options](Context& context) { return Deadlines(context, *options); }};
}

Command ListCommand() {
  const auto options = std::make_shared<ListOptions>();
  return {.name = "list",
          .summary = "the cases that this node knows and you may see",
          .examples =
              "selaras case list\n"
              "selaras case list --state referred --waiting-for bkn\n"
              "selaras case list --identity open\n"
              "selaras case list --overdue\n"
              "selaras case list --contradicted\n"
              "selaras case list --status menunggu_ppk --waiting-since 2024-10-11\n"
              "selaras case list --reference sbt:2024/000123\n"
              "selaras case list --region 13.04 --json | jq -r .case_id",
          .source = Source::kNodeOrStore,
          .options = {{"--state", "STATE", &options->state,
                       absl::StrCat("only cases in this state: ", StateWords())},
                      {"--waiting-for", "AUTHORITY", &options->waiting_for,
                       "only cases in which this authority must act next"},
                      {"--region", "CODE", &options->region,
                       "only cases of agencies in this region or below, e.g. 13 or 13.04"},
                      {"--identity", "open|known", &options->identity,
                       "only cases whose respondent is still to be identified, or is"},
                      {"--holder", "AUTHORITY", &options->holder,
                       "only cases whose file this authority holds"},
                      {"--election", "CODE", &options->election,
                       "only cases of this election, e.g. PILKADA-2024"},
                      {"--violation", "CODE", &options->violation,
                       "only cases in which this violation was found, or alleged where you may "
                       "see that"},
                      {"--status", "CODE", &options->status,
                       "only cases that stand so in SBT, e.g. menunggu_ppk"},
                      {"--waiting-since", "DAY", &options->waiting_since,
                       "only cases that wait for somebody since this day or longer"},
                      {"--reference", "[KIND:]NUMBER", &options->reference,
                       "only cases that carry this number, however it is written; kinds as for "
                       "case find"},
                      {"--overdue", "", &options->overdue,
                       "only cases in which somebody owes a step whose due day has passed"},
                      {"--contradicted", "", &options->contradicted,
                       "only cases in which agencies contradict each other"},
                      {"--at-least", "LOG@N", &options->positions,
                       "wait until the node has taken in this entry; may be repeated"},
                      LimitOption(&options->limit)},
          .run = [options](Context& context) { return List(context, *options); }};
}

Command ShowCommand() {
  const auto options = std::make_shared<ShowOptions>();
  return {.name = "show",
          .summary = "one case: where it is, since when, whose turn it is",
          .examples =
              "selaras case show 3f2a9c1e\n"
              "selaras case show 3f2a9c1e --as-known 2024-10-11 --known-by authors",
          .source = Source::kNodeOrStore,
          .options = ShowOptionsOf(options.get()),
          .run = [options](Context& context) { return Show(context, *options); }};
}

Command TimelineCommand() {
  const auto options = std::make_shared<ShowOptions>();
  return {.name = "timeline",
          .summary = "everything that happened in one case, across agencies, in causal order",
          .examples =
              "selaras case timeline 3f2a9c1e\n"
              "selaras case timeline 3f2a9c1e --as-known 2024-10-11\n"
              "selaras case timeline 3f2a9c1e --json",
          .source = Source::kNodeOrStore,
          .options = ShowOptionsOf(options.get()),
          .run = [options](Context& context) { return Timeline(context, *options); }};
}

}  // namespace

Command CaseCommands() {
  return {
      .name = "case",
      .summary = "cases: one respondent of one report each",
      .commands = {ListCommand(), CaseFindCommand(), ShowCommand(), TimelineCommand(),
                   DeadlinesCommand(), CaseReadsCommand(), CaseWatchCommand(), CaseCustodyCommand(),
                   CaseProveCommand(), CaseVerifyCommand(), CaseInactionCommand()}};
}

}  // namespace selaras::cli
