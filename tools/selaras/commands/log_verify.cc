#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/verify/event_inspector.h"
#include "services/verify/views.h"
#include "storage/audit/audit.h"
#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/node_file.h"
#include "tools/selaras/node_log.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/remembered.h"
#include "tools/selaras/text.h"
#include "tools/selaras/tiles_log.h"
#include "tools/selaras/verify_report.h"

namespace selaras::cli {
namespace {

constexpr absl::Duration kRedraw = absl::Milliseconds(100);

struct VerifyOptions {
  std::vector<std::string> verifier_keys;
  std::vector<std::string> witness_keys;
  std::string config;
  std::string tiles;
  bool backup = false;
  bool tree_only = false;
  std::string remember;
  bool no_remember = false;
};

// The keys that a node's configuration names: its own, those of its peers and of witnesses.
absl::Status TrustConfig(const std::string& file, verify::EventInspector* inspector) {
  ASSIGN_OR_RETURN(const NodeFile node, ReadNodeFile(file));
  RETURN_IF_ERROR(inspector->TrustPeers(node.config));
  for (const PeerInFile& peer : node.peers) {
    if (peer.successor) RETURN_IF_ERROR(inspector->Trust(*peer.successor));
  }
  RETURN_IF_ERROR(inspector->Trust(node.signer.VerifierText()));
  // With it the node cosigned what its peers published.
  return node.cosigner ? inspector->TrustWitness(node.cosigner->VerifierText()) : absl::OkStatus();
}

absl::Status TrustAll(const VerifyOptions& options, verify::EventInspector* inspector) {
  for (const std::string& key : options.verifier_keys) RETURN_IF_ERROR(inspector->Trust(key));
  return options.config.empty() ? absl::OkStatus() : TrustConfig(options.config, inspector);
}

void AddStoreFinding(std::string problem, const absl::Status& status, audit::AuditReport* report) {
  ++report->findings_total;
  report->findings.push_back({.part = audit::Part::kStore,
                              .subject = "files",
                              .problem = std::move(problem),
                              .expected = "as they were written",
                              .actual = std::string(status.message())});
}

// One run: what it trusts, remembers and shows.
class Verification {
 public:
  Verification(Context& context, const VerifyOptions& options)
      : context_(context), options_(options) {}

  absl::StatusOr<audit::AuditReport> Run();

 private:
  absl::Status Prepare();
  absl::StatusOr<audit::AuditReport> VerifyStore();
  absl::StatusOr<audit::AuditReport> VerifyTiles();
  absl::StatusOr<audit::AuditReport> VerifyNode();
  absl::Status VerifyNodeLog(Ledger& node, const std::string& log, audit::AuditReport* report);
  audit::Progress Shown();

  Context& context_;
  const VerifyOptions& options_;
  verify::EventInspector inspector_;
  std::optional<RememberedTrees> remembered_;
  audit::AuditOptions audit_;
  absl::Time drawn_ = absl::InfinitePast();
};

absl::StatusOr<audit::AuditReport> Verification::Run() {
  RETURN_IF_ERROR(Prepare());
  auto report = !options_.tiles.empty() ? VerifyTiles()
                : context_.has_store()  ? VerifyStore()
                                        : VerifyNode();
  context_.output().EndLive();
  RETURN_IF_ERROR(report);
  if (remembered_ && report->clean()) {
    RETURN_IF_ERROR(remembered_->Add(*report, inspector_, context_.clock().Now()));
  }
  return report;
}

absl::Status Verification::Prepare() {
  RETURN_IF_ERROR(TrustAll(options_, &inspector_));
  for (const std::string& key : options_.witness_keys) {
    RETURN_IF_ERROR(inspector_.TrustWitness(key));
  }
  audit_.tree_only = options_.tree_only;
  audit_.now = context_.clock().Now();
  audit_.threads = std::max(1U, std::thread::hardware_concurrency());
  // What was exported or backed up some time ago may well be older than what was verified since.
  audit_.may_be_older = options_.backup || !options_.tiles.empty();
  if (options_.no_remember) return absl::OkStatus();
  const std::string file =
      options_.remember.empty() ? context_.StateFile("verified") : options_.remember;
  if (file.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(remembered_, RememberedTrees::Read(file));
  audit_.remembered = remembered_->TreesOf(inspector_);
  return absl::OkStatus();
}

audit::Progress Verification::Shown() {
  return [this](const audit::Step& step) {
    const absl::Time now = context_.clock().Now();
    if (now - drawn_ < kRedraw) return;
    drawn_ = now;
    context_.output().Live(ProgressText(absl::StrCat("verifying ", step.what), step.done, step.of));
  };
}

// Damage that keeps a store from being opened is a finding, too.
absl::StatusOr<audit::AuditReport> Verification::VerifyStore() {
  const auto store = context_.OpenStore();
  if (absl::IsDataLoss(store.status())) {
    audit::AuditReport report;
    AddStoreFinding("the store cannot be opened", store.status(), &report);
    return report;
  }
  RETURN_IF_ERROR(store);
  ASSIGN_OR_RETURN(const vault::WrappingKeys wrapping_keys, context_.StoreKeys());
  audit::AuditReport report = audit::Audit(**store, inspector_, audit_, Shown());
  if (audit_.tree_only) return report;
  const node::SubjectKeys keys(**store, wrapping_keys);
  verify::AuditRows(
      **store, [this] { return context_.MakeScratch(); }, keys,
      [this] { return context_.clock().Now(); }, audit_, Shown(), &report);
  context_.output().Live("comparing files");
  if (const absl::Status files = context_.VerifyStoreFiles(); !files.ok()) {
    AddStoreFinding("a file is not what was written", files, &report);
  }
  return report;
}

absl::StatusOr<audit::AuditReport> Verification::VerifyTiles() {
  audit::AuditReport report;
  const auto log = TilesLog::Open(options_.tiles);
  if (absl::IsDataLoss(log.status())) {
    ++report.findings_total;
    report.findings.push_back({.part = audit::Part::kCheckpoint,
                               .subject = "checkpoint",
                               .problem = "the checkpoint of the export is none",
                               .expected = "a signed note",
                               .actual = std::string(log.status().message())});
    return report;
  }
  RETURN_IF_ERROR(log);
  audit::AuditLog(**log, audit::Origin::kExport, inspector_, audit_, Shown(), &report);
  (*log)->CheckOtherFiles(&report);
  const audit::LogSummary& summary = report.logs.back();
  if (summary.entries < summary.size.value) {
    report.unseen.push_back(absl::StrCat(Count(summary.size.value - summary.entries, "entry"),
                                         " of which the export holds hashes only"));
  }
  report.unseen.emplace_back("other logs, and all that a store keeps beside its logs");
  return report;
}

absl::StatusOr<audit::AuditReport> Verification::VerifyNode() {
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context_.OpenNode());
  ASSIGN_OR_RETURN(const auto state, node->GetNode());
  audit::AuditReport report;
  for (const ledger::v1::LogState& log : state.logs()) {
    RETURN_IF_ERROR(VerifyNodeLog(*node, log.log(), &report));
  }
  report.unseen.emplace_back("inner nodes of the trees, and all rows beside the logs");
  return report;
}

absl::Status Verification::VerifyNodeLog(Ledger& node, const std::string& name,
                                         audit::AuditReport* report) {
  const auto log = NodeLog::Open(node, name);
  if (absl::IsNotFound(log.status()) || absl::IsPermissionDenied(log.status())) {
    report->unseen.push_back(absl::StrCat("the log ", name, ": ", log.status().message()));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(log);
  audit::AuditOptions alone = audit_;
  alone.threads = 1;  // a call after the other
  audit::AuditLog(**log, audit::Origin::kNode, inspector_, alone, Shown(), report);
  RETURN_IF_ERROR((*log)->status());
  RETURN_IF_ERROR(AuditProofs(
      node, **log, audit::TreesOf(**log, inspector_.VerifierOf(name), audit_.remembered), report));
  const audit::LogSummary& summary = report->logs.back();
  if (summary.entries < summary.size.value) {
    report->unseen.push_back(absl::StrCat(
        Count(summary.size.value - summary.entries, "entry"), " of ", name,
        " that were not disclosed to this node, that it lost, or that you may not read"));
  }
  return absl::OkStatus();
}

ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  const auto report = Verification(context, options).Run();
  if (!report.ok()) return output.Fail(report.status());
  PrintVerified(output, *report);
  return report->clean() ? ExitCode::kOk : ExitCode::kDifference;
}

}  // namespace

Command LogVerifyCommand() {
  const auto options = std::make_shared<VerifyOptions>();
  return {
      .name = "verify",
      .summary = "derive a store anew from its entries, and name what differs",
      .details =
          "Works on the store of a node that does not run, or on a copy of one. Hashes every entry "
          "again, builds the trees anew and compares stored hashes, inner nodes, sizes, roots, "
          "signed checkpoints, request rows, state rows, look-ups, views, reference data, mirrors, "
          "and published checkpoints with their cosignatures; what nobody can derive is listed "
          "with the reason. Ends with 5 if anything "
          "differs, and names the first place first.\n\n"
          "Also works on an export (--tiles) and on a running node (--node), with the same report, "
          "which says what cannot be seen from there.\n\n"
          "Logs whose keys are given are remembered, in "
          "$XDG_STATE_HOME/selaras/verified unless another file is named: later they must extend "
          "what was verified, also if the whole log was rewritten and signed again with the "
          "node's own key.",
      .examples =
          "selaras log verify --store /var/lib/selaras/bkn --config /etc/selaras/bkn.textproto\n"
          "selaras log verify --store DIR --verifier-key selaras/bkn+9c1f…+AZ… --json\n"
          "selaras log verify --store /backup/bkn --backup --tree --config bkn.textproto\n"
          "selaras log verify --tiles EXPORT --verifier-key KEY\n"
          "selaras log verify --client bkn.textproto --verifier-key KEY",
      .source = Source::kNodeOrStore,
      .options = {{"--verifier-key", "KEY", &options->verifier_keys,
                   "C2SP verifier key of a log; may be repeated"},
                  {"--witness-key", "KEY", &options->witness_keys,
                   "C2SP verifier key of a witness; may be repeated"},
                  {"--config", "FILE", &options->config,
                   "take the keys from this configuration of the node"},
                  {"--tiles", "DIR", &options->tiles,
                   "verify an export, a folder of C2SP tlog-tiles, instead"},
                  {"--tree", "", &options->tree_only,
                   "entries, hashes, roots and checkpoints only: no rows, no comparison of files"},
                  {"--backup", "", &options->backup,
                   "the store is a copy: it may be older than what was verified since"},
                  {"--remember", "FILE", &options->remember, "where verified trees are remembered"},
                  {"--no-remember", "", &options->no_remember,
                   "compare with no earlier tree, and remember none"}},
      .run = [options](Context& context) { return Verify(context, *options); }};
}

}  // namespace selaras::cli
