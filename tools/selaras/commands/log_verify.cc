#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include <google/protobuf/text_format.h>

#include "selaras/cli/v1/output.pb.h"
#include "selaras/config/v1/config.pb.h"

#include "storage/audit/audit.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/note.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/inspector.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr absl::Duration kRedraw = absl::Milliseconds(100);

struct VerifyOptions {
  std::vector<std::string> verifier_keys;
  std::string config;
};

// The keys that a node's configuration names: its own and those of its peers.
absl::Status TrustConfig(const std::string& file, EventInspector* inspector) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  config::v1::NodeConfig config;
  if (!google::protobuf::TextFormat::ParseFromString(text, &config)) {
    return BadNodeConfig(file);
  }
  for (const config::v1::Peer& peer : config.peers()) {
    RETURN_IF_ERROR(inspector->Trust(peer.verifier_key()));
  }
  const auto slash = file.rfind('/');
  const bool beside = slash != std::string::npos && config.log_key().front() != '/';
  ASSIGN_OR_RETURN(const std::string key,
                   ReadFile(beside ? absl::StrCat(file.substr(0, slash + 1), config.log_key())
                                   : config.log_key()));
  ASSIGN_OR_RETURN(const log::NoteSigner signer,
                   log::NoteSigner::Parse(absl::StripAsciiWhitespace(key)));
  return inspector->Trust(signer.VerifierText());
}

absl::Status TrustAll(const VerifyOptions& options, EventInspector* inspector) {
  for (const std::string& key : options.verifier_keys) RETURN_IF_ERROR(inspector->Trust(key));
  return options.config.empty() ? absl::OkStatus() : TrustConfig(options.config, inspector);
}

std::string PositionOf(const audit::Finding& finding) {
  return finding.sequence ? absl::StrCat(finding.log, "@", finding.sequence->value) : "";
}

cli::v1::VerifyFinding ToOutput(const audit::Finding& finding) {
  cli::v1::VerifyFinding output;
  output.set_kind("finding");
  output.set_part(std::string(audit::NameOf(finding.part)));
  output.set_log(finding.log);
  output.set_position(PositionOf(finding));
  output.set_subject(finding.subject);
  output.set_problem(finding.problem);
  output.set_expected(finding.expected);
  output.set_actual(finding.actual);
  return output;
}

void PrintJson(Output& output, const audit::AuditReport& report) {
  cli::v1::VerifySummary summary;
  summary.set_kind("summary");
  summary.set_clean(report.clean());
  summary.set_differences(static_cast<int>(report.findings_total));
  summary.set_request_rows(static_cast<int>(report.request_rows));
  summary.set_state_rows(static_cast<int>(report.state_rows));
  for (const audit::LogSummary& log : report.logs) {
    cli::v1::VerifiedLog* verified = summary.add_logs();
    verified->set_log(log.log);
    verified->set_size(static_cast<int>(log.size.value));
    verified->set_root(base::HexEncode(log.root.view()));
    verified->set_entries(static_cast<int>(log.entries));
    verified->set_tiles(static_cast<int>(log.tiles));
    verified->set_mirror(log.mirror);
    verified->set_signature_checked(log.signature_checked);
    verified->set_unsigned_entries(static_cast<int>(log.unsigned_leaves));
    verified->set_clean(!log.finding.has_value());
  }
  for (const audit::Finding& finding : report.findings) output.Json(ToOutput(finding));
  if (!report.findings.empty()) *summary.mutable_first() = ToOutput(report.findings.front());
  output.Json(summary);
}

void PrintFindings(Output& output, const audit::AuditReport& report) {
  for (const audit::Finding& finding : report.findings) {
    Fields fields;
    fields.Add("expected", finding.expected);
    fields.Add("actual", finding.actual);
    const std::string place = PositionOf(finding).empty() ? finding.log : PositionOf(finding);
    const std::vector<std::string> where = {place, finding.subject};
    output.Print(absl::StrCat(
        "\n", output.Paint(Tone::kBad, audit::NameOf(finding.part)), " ",
        output.Paint(
            Tone::kStrong,
            Printable(absl::StrJoin(where, place.empty() || finding.subject.empty() ? "" : " · "))),
        ": ", Printable(finding.problem), "\n", fields.Text(output)));
  }
  if (report.findings_total > report.findings.size()) {
    output.Print(
        absl::StrCat("\n… and ", report.findings_total - report.findings.size(), " more\n"));
  }
}

void PrintReport(Output& output, const audit::AuditReport& report) {
  Table logs({"LOG", ">LEAVES", ">HASHED", ">INNER", "ROOT", "SIGNATURE", "RESULT"});
  bool unsigned_logs = false;
  for (const audit::LogSummary& log : report.logs) {
    unsigned_logs |= !log.signature_checked;
    logs.Add({log.mirror ? log.log + " (mirror)" : log.log,
              absl::StrCat(log.size.value),
              absl::StrCat(log.entries),
              absl::StrCat(log.tiles),
              {base::HexEncode(log.root.view()).substr(0, 12), Tone::kDim},
              log.signature_checked ? Cell("checked") : Cell("no key given", Tone::kWarning),
              log.finding ? Cell("differs", Tone::kBad) : Cell("good", Tone::kGood)});
  }
  if (!logs.empty()) output.Print(logs.Text(output) + "\n");
  output.Print(absl::StrCat(Count(report.request_rows, "request row"), " and ",
                            Count(report.state_rows, "state row"), " compared\n"));
  PrintFindings(output, report);
  for (const audit::LogSummary& log : report.logs) {
    if (log.unsigned_leaves == 0) continue;
    output.Note(absl::StrCat(log.log, ": the newest ", Count(log.unsigned_leaves, "entry"),
                             " will be signed at the next start, as after a kill"));
  }
  if (unsigned_logs) {
    output.Note(
        "signatures are checked when keys are given: --config node.textproto or "
        "--verifier-key KEY");
  }
  output.Print(
      report.clean()
          ? output.Paint(Tone::kGood, "verified: nothing differs\n")
          : output.Paint(Tone::kBad,
                         absl::StrCat("\n", Count(report.findings_total, "difference"), "\n")));
}

void AddStoreFinding(std::string problem, const absl::Status& status, audit::AuditReport* report) {
  ++report->findings_total;
  report->findings.push_back({.part = audit::Part::kStore,
                              .subject = "files",
                              .problem = std::move(problem),
                              .expected = "as they were written",
                              .actual = std::string(status.message())});
}

// Audits the store; damage that keeps it from being opened is a finding, too.
absl::StatusOr<audit::AuditReport> AuditStore(Context& context, const EventInspector& inspector) {
  Output& output = context.output();
  const auto store = context.OpenStore();
  if (absl::IsDataLoss(store.status())) {
    audit::AuditReport report;
    AddStoreFinding("the store cannot be opened", store.status(), &report);
    return report;
  }
  RETURN_IF_ERROR(store);
  absl::Time drawn = absl::InfinitePast();
  audit::AuditReport report = audit::Audit(**store, inspector, [&](const audit::Step& step) {
    const absl::Time now = context.clock().Now();
    if (now - drawn < kRedraw) return;
    drawn = now;
    output.Live(ProgressText(absl::StrCat("verifying ", step.what), step.done, step.of));
  });
  output.Live("comparing files");
  if (const absl::Status files = context.VerifyStoreFiles(); !files.ok()) {
    AddStoreFinding("a file is not what was written", files, &report);
  }
  output.EndLive();
  return report;
}

ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  EventInspector inspector;
  if (const auto trusted = TrustAll(options, &inspector); !trusted.ok()) {
    return output.Fail(trusted);
  }
  const auto report = AuditStore(context, inspector);
  if (!report.ok()) return output.Fail(report.status());
  if (output.json()) {
    PrintJson(output, *report);
  } else {
    PrintReport(output, *report);
  }
  return report->clean() ? ExitCode::kOk : ExitCode::kDifference;
}

}  // namespace

Command LogVerifyCommand() {
  const auto options = std::make_shared<VerifyOptions>();
  return {
      .name = "verify",
      .summary = "derive a store anew from its entries, and name what differs",
      .details =
          "Works offline on the store of a node that does not run. Hashes every entry again, "
          "builds the trees anew and compares stored hashes, inner nodes, sizes, roots, "
          "signed checkpoints, request rows, state rows and mirrors. Ends with 5 if "
          "anything differs, and names the first place first.",
      .examples =
          "selaras log verify --store /var/lib/selaras/bkn --config /etc/selaras/bkn.textproto\n"
          "selaras log verify --store DIR --verifier-key selaras/bkn+9c1f…+AZ… --json",
      .source = Source::kStore,
      .options = {{"--verifier-key", "KEY", &options->verifier_keys,
                   "C2SP verifier key of a log; may be repeated"},
                  {"--config", "FILE", &options->config,
                   "take the keys from this configuration of the node"}},
      .run = [options](Context& context) { return Verify(context, *options); }};
}

}  // namespace selaras::cli
