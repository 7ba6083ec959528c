// `subject-access`: what a node has of a person, as it may be handed to that person.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "services/domain/decide.h"
#include "services/domain/digits.h"
#include "services/domain/facts.h"
#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/reads.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kPurpose = "subjek_data";
// UU 27/2022 Ps 32: 3 x 24 hours after the controller received the request.
constexpr absl::Duration kAnswerWithin = absl::Hours(72);

struct Options {
  std::string nip;
  std::string received;
};

absl::StatusOr<std::string> AnswerBy(const std::string& received) {
  if (received.empty()) return std::string();
  absl::Time moment;
  if (!absl::ParseTime(absl::RFC3339_full, received, &moment, nullptr)) {
    return BadValue("--received", received, "give the moment, e.g. 2026-11-29T09:30:00+07:00");
  }
  return Rfc3339(moment + kAnswerWithin);
}

// Every read is recorded with this purpose, unless the caller says another one.
absl::StatusOr<std::unique_ptr<CaseSource>> Open(Context& context, Output& output) {
  if (context.has_store()) return context.OpenCases();
  ASSIGN_OR_RETURN(NodeAddress address, context.ResolveAddress());
  if (context.purpose().empty()) address.reading.set_purpose(std::string(kPurpose));
  ASSIGN_OR_RETURN(std::unique_ptr<Node> node, context.Connect(address));
  ASSIGN_OR_RETURN(const auto about, node->GetNode());
  if (about.looks_for_size() < about.authorities_size()) {
    output.Note(absl::StrCat("of ", absl::StrJoin(about.looks_for(), ", "),
                             " alone: the node acts for others, too, whose cases and readers you "
                             "do not see"));
  }
  return node;
}

// Words of the answer, not of the contract.
std::string PersonalWord(query::v1::PersonalState state) {
  absl::string_view name = query::v1::PersonalState_Name(state);
  absl::ConsumePrefix(&name, "PERSONAL_STATE_");
  return absl::AsciiStrToLower(name);
}

// Whether somebody reads for a purpose that is none of the person's business while it lasts.
bool IsOfProceedings(absl::string_view purpose) {
  return purpose == "pengawasan" || purpose == "pemeriksaan" || purpose == "hukum";
}

// A reader as the person may know him: the office, not the officer.
cli::v1::ReadRecord ForThePerson(const query::v1::Read& read) {
  cli::v1::ReadRecord record = ToRecord(read);
  record.clear_position();
  record.clear_officer();
  return record;
}

// What all parties know, by day: the clock, what an office keeps to itself, and a legal hold could
// tell of others or of other proceedings.
void AddSteps(const query::v1::GetTimelineResponse& timeline, cli::v1::SubjectCase* out) {
  auto& left_out = *out->mutable_left_out();
  for (const query::v1::TimelineStep& step : timeline.steps()) {
    if (step.voided()) continue;
    const bool sealed = step.personal_state() == query::v1::PERSONAL_STATE_PENDING ||
                        step.personal_state() == query::v1::PERSONAL_STATE_WITHHELD;
    left_out.set_sealed(left_out.sealed() + (sealed ? 1 : 0));
    const bool text = !step.personal().summary().empty() || !step.personal().reason_text().empty();
    left_out.set_texts(left_out.texts() + (text ? 1 : 0));
    const auto kind = step.fact().kind_case();
    if (domain::VisibilityOf(kind) != domain::Visibility::kParty || domain::IsOfErasure(kind)) {
      left_out.set_internal_steps(left_out.internal_steps() + 1);
      continue;
    }
    cli::v1::SubjectStep& told = *out->add_steps();
    if (step.has_occurred_at()) told.set_on(domain::DayOf(step.occurred_at()));
    told.set_by(step.author());
    told.set_fact(step.fact_name());
  }
}

// Whether it is a case of that person which he may be told of. A number that was recorded by
// mistake still leads to the case of another one; a notice would tell who gave it.
bool IsOf(const query::v1::Case& c, const std::string& nip) {
  const bool notice = c.state() == query::v1::CASE_STATE_NOTICED ||
                      c.state() == query::v1::CASE_STATE_NOTICE_RECEIVED;
  const auto& earlier = c.earlier_nips();
  return !notice && (c.respondent().nip() == nip ||
                     std::find(earlier.begin(), earlier.end(), nip) != earlier.end());
}

// What is left out without being counted in the answer: that there is something would tell enough.
struct LeftOut {
  int cases = 0;
  int reads = 0;
};

absl::StatusOr<cli::v1::SubjectCase> Read(CaseSource& cases, const query::v1::Case& c,
                                          LeftOut* left_out) {
  cli::v1::SubjectCase out;
  out.set_case_id(c.case_id());
  out.set_state(StateWord(c.state()));
  *out.mutable_recipients() = c.parties();
  out.set_personal(PersonalWord(c.personal()));
  *out.mutable_respondent() = c.respondent();
  *out.mutable_earlier_nips() = c.earlier_nips();
  out.set_agency_region(c.agency_region());
  out.set_employment_status(c.employment_status());
  out.set_rank(c.rank());
  out.set_election(c.election());
  out.set_incident_on(c.incident_on());
  *out.mutable_violations_found() = c.violations_found();
  out.set_sanction_recommended(c.sanction_recommended());
  out.set_sanction_imposed(c.sanction_imposed());
  query::v1::GetTimelineRequest steps;
  steps.set_case_id(c.case_id());
  ASSIGN_OR_RETURN(const auto timeline, cases.GetTimeline(steps));
  AddSteps(timeline, &out);
  query::v1::ListReadsRequest reads;
  reads.set_case_id(c.case_id());
  RETURN_IF_ERROR(ForEachRead(cases, reads, [&out, left_out](const query::v1::Read& read) {
    if (IsOfProceedings(read.purpose())) {
      ++left_out->reads;
    } else {
      *out.add_reads() = ForThePerson(read);
    }
  }));
  return out;
}

absl::StatusOr<cli::v1::SubjectAccess> Collect(CaseSource& cases, const std::string& given,
                                               LeftOut* left_out) {
  query::v1::LookUpCasesRequest request;
  request.set_nip(given);
  ASSIGN_OR_RETURN(const auto found, cases.LookUpCases(request));  // refuses what is none
  ASSIGN_OR_RETURN(const std::string nip, domain::ReadDigits(given));
  cli::v1::SubjectAccess access;
  access.set_nip(nip);
  for (const std::string& case_id : found.case_ids()) {
    query::v1::GetCaseRequest one;
    one.set_case_id(case_id);
    ASSIGN_OR_RETURN(const auto answer, cases.GetCase(one));
    if (!IsOf(answer.case_(), nip)) {
      ++left_out->cases;
      continue;
    }
    ASSIGN_OR_RETURN(*access.add_cases(), Read(cases, answer.case_(), left_out));
  }
  query::v1::ListReadsRequest questions;
  questions.set_nip(given);
  RETURN_IF_ERROR(ForEachRead(cases, questions, [&access](const query::v1::Read& read) {
    *access.add_questions() = ForThePerson(read);
  }));
  return access;
}

Table ReadTable(const google::protobuf::RepeatedPtrField<cli::v1::ReadRecord>& reads) {
  Table table({"SHOWN AT", "TO", "ROLE", "PURPOSE", "BY"});
  for (const cli::v1::ReadRecord& read : reads) {
    table.Add({read.at(),
               read.delegate().empty() ? read.authority()
                                       : absl::StrCat(read.authority(), " by ", read.delegate()),
               read.role(),
               read.purpose().empty() ? Cell("not stated", Tone::kDim) : Cell(read.purpose()),
               read.method()});
  }
  return table;
}

void Print(Output& output, const cli::v1::SubjectCase& c) {
  Fields fields;
  fields.Add("state", {c.state(), Tone::kStrong});
  fields.Add("data", c.personal());
  fields.Add("name", Printable(c.respondent().name()));
  fields.Add("nip", c.respondent().nip());
  fields.Add("earlier nip", absl::StrJoin(c.earlier_nips(), ", "));
  fields.Add("nik", c.respondent().nik());
  fields.Add("position", Printable(c.respondent().position_title()));
  fields.Add("agency", Printable(c.respondent().agency()));
  fields.Add("agency region", c.agency_region());
  fields.Add("employment", c.employment_status());
  fields.Add("rank", c.rank());
  fields.Add("election", c.election());
  fields.Add("day of the act", c.incident_on());
  fields.Add("violations found", absl::StrJoin(c.violations_found(), ", "));
  fields.Add("recommended", c.sanction_recommended());
  fields.Add("imposed", c.sanction_imposed());
  fields.Add("disclosed to", absl::StrJoin(c.recipients(), ", "));
  const cli::v1::SubjectLeftOut& left_out = c.left_out();
  fields.Add("left out", absl::StrCat(left_out.internal_steps(), " internal steps, ",
                                      left_out.texts(), " texts, ", left_out.sealed(), " sealed"));
  output.Print(absl::StrCat("\n", output.Paint(Tone::kStrong, "case "), c.case_id(), "\n",
                            fields.Text(output)));
  Table steps({"ON", "WHO", "WHAT"});
  for (const cli::v1::SubjectStep& step : c.steps()) {
    steps.Add({step.on().empty() ? Cell("not recorded", Tone::kDim) : Cell(step.on()), step.by(),
               step.fact()});
  }
  if (!steps.empty()) output.Print(absl::StrCat("\n", steps.Text(output)));
  const Table reads = ReadTable(c.reads());
  if (!reads.empty()) output.Print(absl::StrCat("\n", reads.Text(output)));
}

void Print(Output& output, const cli::v1::SubjectAccess& access) {
  Fields fields;
  fields.Add("nip", access.nip());
  fields.Add("as of", access.as_of());
  fields.Add("answer by", {access.answer_by(), Tone::kWarning});
  output.Print(absl::StrCat(output.Paint(Tone::kStrong, "what is held of a person"), "\n",
                            fields.Text(output)));
  for (const cli::v1::SubjectCase& c : access.cases()) Print(output, c);
  const Table questions = ReadTable(access.questions());
  if (!questions.empty()) {
    output.Print(absl::StrCat("\n",
                              output.Paint(Tone::kStrong, "asked whether there is an open case"),
                              "\n\n", questions.Text(output)));
  }
  output.Note(absl::StrCat(
      Count(static_cast<std::uint64_t>(access.cases_size()), "case"),
      "; whether it may be handed out while a case is open is for the controller to decide "
      "(UU 27/2022 Ps 15)"));
}

ExitCode Run(Context& context, const Options& options) {
  Output& output = context.output();
  auto answer_by = AnswerBy(options.received);
  if (!answer_by.ok()) return output.Fail(answer_by.status());
  auto cases = Open(context, output);
  if (!cases.ok()) return output.Fail(cases.status());
  LeftOut left_out;
  auto access = Collect(**cases, options.nip, &left_out);
  if (!access.ok()) return output.Fail(access.status());
  access->set_as_of(Rfc3339(context.clock().Now()));
  access->set_answer_by(*std::move(answer_by));
  if (output.json()) {
    output.Json(*access);
  } else {
    Print(output, *access);
  }
  if (left_out.cases > 0) {
    output.Note(absl::StrCat(
        "for you alone, left out: ", Count(static_cast<std::uint64_t>(left_out.cases), "case"),
        " to which the number leads by mistake, or that is a notice to Bawaslu"));
  }
  if (left_out.reads > 0) {
    output.Note(absl::StrCat(
        "for you alone, left out: ", Count(static_cast<std::uint64_t>(left_out.reads), "read"),
        " of supervision, audit or legal proceedings"));
  }
  if (context.has_store()) output.Note("of a store: it is recorded nowhere that this was read");
  return ExitCode::kOk;
}

}  // namespace

Command SubjectAccessCommand() {
  const auto options = std::make_shared<Options>();
  return {.name = "subject-access",
          .summary = "what a node has of a person, for an answer to that person",
          .details =
              "A person may ask what is held of him and who saw it; the controller answers within "
              "3 x 24 hours (UU 27/2022 Ps 32). Shown are his own data, what all parties know of "
              "his cases by day, to whom they were disclosed, and who was shown them on this node. "
              "Left out and counted are texts, which may tell of others, and what an office keeps "
              "to itself; cases that the number led to by mistake, notices to Bawaslu, and reads "
              "of supervision, audit and legal proceedings, of which only you are told; "
              "reporters, officers and the way to the report never appear. A node records it as "
              "reads with the purpose subjek_data, unless --purpose says another one. Each agency "
              "answers for itself.",
          .examples =
              "selaras subject-access 198001012005011001 --client bkn.textproto\n"
              "selaras subject-access 198001012005011001 --received 2026-11-29T09:30:00+07:00 "
              "--json",
          .source = Source::kNodeOrStore,
          .options = {{"NIP", "", &options->nip, "NIP or NI PPPK, 18 digits", true},
                      {"--received", "MOMENT", &options->received,
                       "when the request came in, e.g. 2026-11-29T09:30:00+07:00: says until when "
                       "to answer"}},
          .run = [options](Context& context) { return Run(context, *options); }};
}

}  // namespace selaras::cli
