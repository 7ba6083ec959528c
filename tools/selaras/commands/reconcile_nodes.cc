// `reconcile NODE NODE`: what agencies hold about each other's cases, and a signed summary of it.
#include "tools/selaras/commands/reconcile_nodes.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/names.h"
#include "storage/log/note.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/json.h"
#include "tools/selaras/reconcile/case_streams.h"
#include "tools/selaras/reconcile/compare_case.h"
#include "tools/selaras/reconcile/compare_nodes.h"
#include "tools/selaras/reconcile/summary.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using cli::v1::ReconciledFinding;
using cli::v1::ReconciledNode;

constexpr absl::Duration kLateDefault = absl::Hours(24);
// What differs is looked at again before it is told: the nodes were not asked at one moment.
constexpr int kLooks = 3;
constexpr absl::Duration kPause = absl::Milliseconds(500);
// People read no more, and a table is held as a whole; programs get everything.
constexpr int kRowsMax = 500;
constexpr int kPositionsMax = 4;

// Everything that is told: JSON lines, of which the digest is signed, or a table.
class Report {
 public:
  Report(Output& output, std::optional<AtomicFile> file)
      : output_(output),
        file_(std::move(file)),
        table_({"CASE", "WHAT", "AT", "WITH", "ENTRIES", "WHY"}) {}

  absl::Status Add(const google::protobuf::Message& message) {
    ASSIGN_OR_RETURN(std::string line, JsonLineOf(message));
    line += '\n';
    digest_.Update(line);
    if (output_.json()) output_.Print(line);
    return file_ ? file_->Append(line) : absl::OkStatus();
  }

  absl::Status Add(const std::vector<ReconciledFinding>& findings) {
    for (const ReconciledFinding& finding : findings) {
      RETURN_IF_ERROR(Add(finding));
      if (rows_++ < kRowsMax && !output_.json()) AddRow(finding);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<base::Digest> Finish(const std::vector<ReconciledNode>& nodes,
                                      const Totals& totals) {
    RETURN_IF_ERROR(Add(totals.counts()));
    if (file_) RETURN_IF_ERROR(file_->Commit());
    if (!output_.json()) Print(nodes, totals);
    return digest_.Finish();
  }

 private:
  void AddRow(const ReconciledFinding& finding) {
    const bool calm = finding.result() == "not_compared";
    const int more = finding.positions_size() - kPositionsMax;
    std::vector<std::string> shown(finding.positions().begin(),
                                   finding.positions().end() - std::max(more, 0));
    if (more > 0) shown.push_back(absl::StrCat("and ", more, " more"));
    table_.Add({ShortId(finding.case_id()),
                {finding.result(), calm ? Tone::kDim : Tone::kBad},
                finding.node(),
                finding.other(),
                absl::StrJoin(shown, " "),
                Printable(finding.why())});
  }

  void Print(const std::vector<ReconciledNode>& nodes, const Totals& totals) {
    Table about({"NODE", ">ENTRIES", "YOU SEE CASES OF", "ITS CLOCK"});
    for (const ReconciledNode& node : nodes) {
      about.Add({node.node(), absl::StrCat(node.tree_size()), absl::StrJoin(node.visible(), " "),
                 node.now()});
    }
    output_.Print(about.Text(output_));
    if (!table_.empty()) output_.Print(absl::StrCat("\n", table_.Text(output_)));
    if (rows_ > kRowsMax) {
      output_.Print(absl::StrCat("and ", rows_ - kRowsMax, " more: --json or --report has all\n"));
    }
    const cli::v1::ReconciledNodes& counts = totals.counts();
    output_.Print(absl::StrCat(
        "\n", Count(static_cast<std::uint64_t>(counts.compared()), "case"),
        " compared: ", counts.equal(), " equal · ", counts.missing(), " missing · ", counts.late(),
        " late · ", counts.contradictory(), " contradictory · ", counts.not_compared(),
        " not compared; of the nodes: ",
        Count(static_cast<std::uint64_t>(counts.of_nodes()), "finding"), "\n\n", totals.ToDo()));
  }

  Output& output_;
  std::optional<AtomicFile> file_;
  Table table_;
  int rows_ = 0;
  crypto::Sha256Hasher digest_;
};

struct Seats {
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<ledger::v1::GetNodeResponse> about;
};

absl::StatusOr<Seats> OpenSeats(Context& context, const std::vector<std::string>& names) {
  Seats seats;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(auto node, context.OpenNode(name));
    ASSIGN_OR_RETURN(auto about, node->GetNode());
    for (const auto& other : seats.about) {
      if (other.node() == about.node()) return SameNode(name, about.node());
    }
    seats.nodes.push_back(std::move(node));
    seats.about.push_back(std::move(about));
  }
  return seats;
}

std::vector<ReconciledNode> Describe(const std::vector<ledger::v1::GetNodeResponse>& about) {
  std::vector<ReconciledNode> nodes;
  for (const ledger::v1::GetNodeResponse& each : about) {
    ReconciledNode& node = nodes.emplace_back();
    node.set_kind("node");
    node.set_node(each.node());
    *node.mutable_authorities() = each.authorities();
    *node.mutable_visible() = each.looks_for();
    node.set_now(Rfc3339(each.now()));
    for (const ledger::v1::LogState& log : each.logs()) {
      if (log.log() != each.node()) continue;
      node.set_tree_size(log.size());
      node.set_root(base::HexEncode(log.root()));
    }
  }
  return nodes;
}

absl::StatusOr<std::vector<SeenCase>> Look(const Seats& seats, const std::string& case_id) {
  std::vector<SeenCase> seen;
  for (std::size_t i = 0; i < seats.nodes.size(); ++i) {
    SeenCase& each = seen.emplace_back();
    each.node = &seats.about[i];
    query::v1::GetCaseRequest request;
    request.set_case_id(case_id);
    auto found = seats.nodes[i]->GetCase(request);
    if (absl::IsNotFound(found.status())) continue;
    if (!found.ok()) return found.status();
    query::v1::GetTimelineRequest steps;
    steps.set_case_id(case_id);
    ASSIGN_OR_RETURN(each.timeline, seats.nodes[i]->GetTimeline(steps));
    each.the_case = std::move(*found->mutable_case_());
    each.shown = true;
  }
  return seen;
}

absl::StatusOr<std::optional<std::vector<ReconciledFinding>>> Compare(Context& context,
                                                                      const Seats& seats,
                                                                      const std::string& case_id,
                                                                      absl::Duration late) {
  std::vector<ReconciledFinding> findings;
  for (int look = 0; look < kLooks; ++look) {
    if (look > 0) context.clock().Sleep(kPause);
    ASSIGN_OR_RETURN(const std::vector<SeenCase> seen, Look(seats, case_id));
    if (!IsShared(seen)) return std::nullopt;
    findings = CompareCase(case_id, seen, late);
    const bool may_pass =
        std::any_of(findings.begin(), findings.end(), [](const ReconciledFinding& finding) {
          return finding.result() == "missing" || finding.result() == "contradictory";
        });
    if (!may_pass) break;
  }
  return findings;
}

// A mirror that is still being filled is given a moment.
absl::StatusOr<std::vector<ReconciledFinding>> CompareLogs(Context& context, const Seats& seats) {
  std::vector<ledger::v1::GetNodeResponse> now = seats.about;
  std::vector<ReconciledFinding> findings;
  for (int look = 0; look < kLooks; ++look) {
    for (std::size_t i = 0; look > 0 && i < now.size(); ++i) {
      if (i == 0) context.clock().Sleep(kPause);
      ASSIGN_OR_RETURN(now[i], seats.nodes[i]->GetNode());
    }
    ASSIGN_OR_RETURN(findings, CompareNodes(seats.nodes, seats.about, now));
    if (std::none_of(findings.begin(), findings.end(), [](const ReconciledFinding& finding) {
          return finding.result() == "behind";
        })) {
      break;
    }
  }
  return findings;
}

absl::StatusOr<std::optional<log::NoteSigner>> ReadSigner(const NodesOptions& options) {
  if (options.sign.empty() != options.out.empty()) {
    return BadValue("--sign", options.sign, "give --sign KEY and -o FILE together");
  }
  if (options.sign.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.sign));
  ASSIGN_OR_RETURN(log::NoteSigner signer, log::NoteSigner::Parse(absl::StripSuffix(text, "\n")));
  if (absl::StartsWith(signer.name(), log::OriginOf(""))) return KeyOfALog(options.sign);
  return signer;
}

}  // namespace

absl::StatusOr<ExitCode> ReconcileNodes(Context& context, const NodesOptions& options) {
  if (options.nodes.size() < 2) {
    return BadValue("reconcile", absl::StrJoin(options.nodes, " "),
                    "name at least two nodes, or a table with --register FILE");
  }
  absl::Duration late = kLateDefault;
  if (!options.late.empty()) {
    ASSIGN_OR_RETURN(late, ParseDuration("--late", options.late));
  }
  ASSIGN_OR_RETURN(const std::optional<log::NoteSigner> signer, ReadSigner(options));
  ASSIGN_OR_RETURN(const Seats seats, OpenSeats(context, options.nodes));
  std::optional<AtomicFile> file;
  if (!options.report.empty()) {
    ASSIGN_OR_RETURN(AtomicFile created, AtomicFile::Create(options.report));
    file.emplace(std::move(created));
  }
  Report report(context.output(), std::move(file));
  Totals totals;
  totals.counts().set_kind("summary");
  totals.counts().set_at(
      Rfc3339(absl::FromUnixSeconds(absl::ToUnixSeconds(context.clock().Now()))));
  const std::vector<ReconciledNode> nodes = Describe(seats.about);
  for (const ReconciledNode& node : nodes) RETURN_IF_ERROR(report.Add(node));
  ASSIGN_OR_RETURN(const auto of_nodes, CompareLogs(context, seats));
  totals.AddOfNodes(of_nodes);
  RETURN_IF_ERROR(report.Add(of_nodes));
  MergedCases cases(seats.nodes);
  for (std::uint64_t looked_at = 0;; ++looked_at) {
    ASSIGN_OR_RETURN(const std::string case_id, cases.Next());
    if (case_id.empty()) break;
    context.output().Live(absl::StrCat("comparing, ", Count(looked_at, "case"), " so far"));
    ASSIGN_OR_RETURN(const auto findings, Compare(context, seats, case_id, late));
    if (!findings) continue;
    totals.AddCase(*findings);
    RETURN_IF_ERROR(report.Add(*findings));
  }
  context.output().EndLive();
  ASSIGN_OR_RETURN(const base::Digest digest, report.Finish(nodes, totals));
  if (signer) {
    RETURN_IF_ERROR(WriteFile(options.out, signer->Sign(SummaryText(nodes, totals, digest))));
    context.output().Note(
        absl::StrCat("signed ", options.out, "; others verify it with ", signer->VerifierText()));
  }
  return totals.differs() ? ExitCode::kDifference : ExitCode::kOk;
}

namespace {

struct VerifyOptions {
  std::string file;
  std::string key;
  std::string report;
};

// OK if it is signed, and speaks of that report.
absl::Status VerifySummary(const VerifyOptions& options, cli::v1::VerifiedSummary* about) {
  ASSIGN_OR_RETURN(const log::NoteVerifier key, log::NoteVerifier::Parse(options.key));
  ASSIGN_OR_RETURN(const std::string note, ReadFile(options.file));
  ASSIGN_OR_RETURN(const std::string text, key.Open(note));
  ASSIGN_OR_RETURN(const std::string digest, ReportIn(text));
  about->set_signed_by(key.name());
  about->set_text(text);
  if (options.report.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string report, ReadFile(options.report));
  if (base::HexEncode(crypto::Sha256(report).view()) == digest) return absl::OkStatus();
  return absl::DataLossError("the report is another one than the one that was signed");
}

ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  cli::v1::VerifiedSummary about;
  about.set_file(options.file);
  const absl::Status verdict = VerifySummary(options, &about);
  if (!verdict.ok() && !absl::IsDataLoss(verdict)) return output.Fail(verdict);
  about.set_valid(verdict.ok());
  about.set_reason(std::string(verdict.message()));
  if (output.json()) {
    output.Json(about);
  } else {
    Fields fields;
    fields.Add("signed by", about.signed_by());
    fields.Add("why", Printable(about.reason()));
    output.Print(absl::StrCat(output.PaintValid(about.valid()), " ", options.file, "\n",
                              fields.Text(output), MessageText(about.text())));
  }
  return about.valid() ? ExitCode::kOk : ExitCode::kDifference;
}

}  // namespace

Command ReconcileVerifyCommand() {
  const auto options = std::make_shared<VerifyOptions>();
  return {
      .name = "verify",
      .summary = "verify offline a summary that reconcile --sign wrote",
      .details =
          "Who signed it stands for what was seen at the nodes; the sizes and roots in it are "
          "those that the nodes had signed. With --report also whether the file is the full "
          "report of that comparison. Ends with 5 if not.",
      .examples =
          "selaras reconcile verify oktober.note --key sekretariat+9c1f…+AZ…\n"
          "selaras reconcile verify oktober.note --key … --report oktober.jsonl",
      .options = {{"FILE", "", &options->file, "the summary; - is standard input", true},
                  {"--key", "KEY", &options->key, "C2SP verifier key of who signed", true},
                  {"--report", "FILE", &options->report, "the report that was written with it"}},
      .run = [options](Context& context) { return Verify(context, *options); }};
}

}  // namespace selaras::cli
