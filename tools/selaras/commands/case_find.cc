// `case find`: the cases that carry a number, or whose respondent does.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/case_table.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

struct FindOptions {
  std::string kind;
  std::string number;
  std::string nip;
};

std::string AllKinds() { return absl::StrCat(KindWords(), ", nip, nik"); }

absl::StatusOr<query::v1::LookUpCasesRequest> RequestOf(const FindOptions& options) {
  query::v1::LookUpCasesRequest request;
  request.set_nip(options.nip);
  if (options.kind == "nip" && options.nip.empty()) {
    request.set_nip(options.number);
  } else if (options.kind == "nik") {
    request.set_nik(options.number);
  } else {
    request.set_kind(ParseKind(options.kind));
    request.set_number(options.number);
    if (request.kind() == event::v1::REFERENCE_KIND_UNSPECIFIED) {
      return BadValue("KIND", options.kind, absl::StrCat("the kinds are: ", AllKinds()));
    }
  }
  return request;
}

ExitCode Find(Context& context, const FindOptions& options) {
  Output& output = context.output();
  const auto request = RequestOf(options);
  if (!request.ok()) return output.Fail(request.status());
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  const auto found = (*node)->LookUpCases(*request);
  if (!found.ok()) return output.Fail(found.status());
  Table table(CaseHeadings());
  for (const std::string& id : found->case_ids()) {
    query::v1::GetCaseRequest one;
    one.set_case_id(id);
    const auto shown = (*node)->GetCase(one);
    if (!shown.ok()) return output.Fail(shown.status());
    if (output.json()) {
      output.Json(shown->case_());
    } else {
      table.Add(CaseRow(shown->case_()));
    }
  }
  if (output.json()) return ExitCode::kOk;
  if (!table.empty()) output.Print(table.Text(output));
  output.Note(Count(static_cast<std::uint64_t>(found->case_ids_size()), "case"));
  return ExitCode::kOk;
}

}  // namespace

Command CaseFindCommand() {
  const auto options = std::make_shared<FindOptions>();
  return {
      .name = "find",
      .summary = "the cases that carry a number, however it is written",
      .examples =
          "selaras case find sbt 2024/000123\n"
          "selaras case find decree 800/12/BKPSDM/2024 --nip 198001012005011001\n"
          "selaras case find nip 199002152021211001",
      .source = Source::kNodeOrStore,
      .options = {{"KIND", "", &options->kind, absl::StrCat("what number: ", AllKinds()), true},
                  {"NUMBER", "", &options->number, "the number, as it was written to you", true},
                  {"--nip", "NIP", &options->nip,
                   "only the case of this respondent, where several share a letter"}},
      .run = [options](Context& context) { return Find(context, *options); }};
}

}  // namespace selaras::cli
