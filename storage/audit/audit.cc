#include "storage/audit/audit.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/audit/findings.h"
#include "storage/audit/notes.h"
#include "storage/audit/published_rows.h"
#include "storage/audit/rows.h"
#include "storage/audit/tree.h"
#include "storage/log/names.h"

namespace selaras::audit {
namespace {

constexpr std::size_t kKeptAtOnce = 256;

void AuditTree(const log::LogReader& log, Origin kind, const Inspector& inspector,
               const AuditOptions& options, const SoundEntry& sound, const Progress& progress,
               LogSummary* summary, Notes* noted, Findings* findings) {
  summary->log = log.name();
  summary->origin = log.origin();
  summary->kind = kind;
  summary->size = log.size();
  summary->head = log.checkpoint();
  const std::optional<log::NoteVerifier> verifier = inspector.VerifierOf(log.name());
  AuditOptions of_this_log = options;
  of_this_log.remembered = TreesOf(log, verifier, options.remembered);
  TreeAudit tree(log, of_this_log, summary, findings);
  tree.Run(sound, progress, noted);
  tree.CheckCheckpoint(verifier);
  tree.CheckRemembered();
}

// A mirror hands its entries out in the order in which it kept them: that list must name every
// entry once. `held_before` were there when its entries began to be read: what came meanwhile may
// have been read or not.
void AuditKept(const log::Mirror& mirror, std::uint64_t held_before, LogSummary* summary,
               Findings* findings) {
  const auto report = [&](std::optional<base::Sequence> sequence, std::string problem,
                          std::string expected, std::string actual) {
    findings->Add(summary, {Part::kKept, mirror.name(), sequence, "list of kept entries",
                            std::move(problem), std::move(expected), std::move(actual)});
  };
  std::uint64_t listed = 0;
  for (bool more = true; more;) {
    const auto page = mirror.Kept(listed, kKeptAtOnce);
    if (!page.ok()) {
      report(std::nullopt, "the list cannot be read", "places",
             std::string(page.status().message()));
      return;
    }
    for (const base::Sequence sequence : *page) {
      ++listed;
      const auto entry = mirror.Entry(sequence);
      // One that cannot be read was reported with the log.
      if (entry.ok() ? !entry->has_value() : absl::IsOutOfRange(entry.status())) {
        report(sequence, "the list names an entry that is not here", "an entry", "none");
      }
    }
    more = page->size() == kKeptAtOnce;
  }
  const std::uint64_t held = mirror.entries_held();
  if (listed != held || summary->entries < held_before || summary->entries > held) {
    report(std::nullopt, "the list does not name the entries that are here",
           absl::StrCat(summary->entries, " entries"),
           absl::StrCat(listed, " listed, ", held, " counted"));
  }
}

// Whether the log was closed since, and goes on in a successor: then that is settled.
bool IsSettled(const log::StoreReader& store, const log::Evidence& evidence) {
  const auto given = log::ReadUnverified(evidence.given);
  if (!given.ok()) return false;
  for (const log::Mirror* mirror : store.mirrors()) {
    if (mirror->name() != evidence.log) continue;
    return log::GenerationOf(given->origin) < log::GenerationOf(mirror->origin());
  }
  return false;
}

void ReportEvidence(const log::StoreReader& store, Findings* findings) {
  const auto all = store.evidence();
  if (!all.ok()) {
    findings->Add({Part::kStore, "", std::nullopt, "evidence", "the rows cannot be read through",
                   "all rows", std::string(all.status().message())});
    return;
  }
  for (const log::Evidence& evidence : *all) {
    if (IsSettled(store, evidence)) continue;
    findings->Add({Part::kEvidence, evidence.log, std::nullopt, "evidence",
                   absl::StrCat("its owner contradicted itself: ", evidence.reason), evidence.held,
                   evidence.given});
  }
}

// Whether what the key signed of that size lies beyond the closing of a log that was closed.
bool WasCutOff(const log::LogKeys& keys, const log::NoteVerifier& key, base::TreeSize size) {
  if (keys.Believes(key, size)) return false;
  for (const log::LogKeys::Past& past : keys.past()) {
    if (past.verifier.VerifierText() != key.VerifierText()) continue;
    return past.closing.checkpoint.origin != key.name();
  }
  return true;  // a key of which only a statement of succession says that it signed
}

}  // namespace

std::vector<RememberedTree> TreesOf(const log::LogReader& log,
                                    const std::optional<log::NoteVerifier>& verifier,
                                    const std::vector<RememberedTree>& trees) {
  const std::optional<log::LogKeys> keys = log.keys();
  std::vector<RememberedTree> of_this_log;
  for (const RememberedTree& tree : trees) {
    const auto key = log::NoteVerifier::Parse(tree.key);
    const bool same = verifier && verifier->VerifierText() == tree.key;
    const bool known = keys && key.ok() && keys->Has(*key);
    if (!same && !known) continue;
    // Of a log that was closed the rest was cut off, for whoever has accepted the successor.
    const bool accepted = keys && verifier && verifier->name() == keys->origin();
    if (known && accepted && WasCutOff(*keys, *key, tree.size)) continue;
    of_this_log.push_back(tree);
  }
  return of_this_log;
}

class StoreAudit::Impl {
 public:
  Impl(const log::StoreReader& store, const Inspector& inspector, const AuditOptions& options,
       const Progress& progress, AuditReport* report)
      : store_(store),
        inspector_(inspector),
        options_(options),
        progress_(progress),
        report_(*report),
        findings_(report),
        rows_(store, inspector, report, &findings_) {}

  std::vector<std::string> Stages() const {
    std::vector<std::string> stages;
    for (const log::LogReader* log : {&store_.shared(), &store_.private_log()}) {
      stages.push_back(absl::StrCat(kLogStage, log->name()));
    }
    for (const log::Mirror* mirror : store_.mirrors()) {
      stages.push_back(absl::StrCat(kLogStage, mirror->name()));
    }
    if (!options_.tree_only) stages.insert(stages.end(), {"requests", "states", "published"});
    stages.emplace_back("evidence");
    return stages;
  }

  void Run(absl::string_view stage) {
    if (absl::ConsumePrefix(&stage, kLogStage)) return Log(stage);
    if (stage == "requests") rows_.CheckRequests(options_, progress_);
    if (stage == "states") rows_.CheckStates(options_, progress_);
    if (stage == "published") {
      PublishedAudit(store_, inspector_, &report_, &findings_).Run(options_, progress_);
    }
    if (stage == "evidence") ReportEvidence(store_, &findings_);
  }

 private:
  static constexpr absl::string_view kLogStage = "log/";

  void Log(absl::string_view name) {
    if (name == store_.shared().name()) return Own(OwnLog::kShared, store_.shared());
    if (name == store_.private_log().name()) return Own(OwnLog::kPrivate, store_.private_log());
    for (const log::Mirror* mirror : store_.mirrors()) {
      if (mirror->name() == name) return Mirror(*mirror);
    }
  }

  void Own(OwnLog which, const log::LogReader& log) {
    SoundEntry sound;
    if (!options_.tree_only) {
      sound = [this, which](base::Sequence sequence, absl::string_view bytes, Notes* notes) {
        rows_.CheckEntry(which, sequence, bytes, notes);
      };
    }
    Notes noted;
    LogSummary& summary = report_.logs.emplace_back();
    AuditTree(log, Origin::kOwn, inspector_, options_, sound, progress_, &summary, &noted,
              &findings_);
    rows_.AddLog(which, noted, !summary.finding, summary.size);
  }

  void Mirror(const log::Mirror& mirror) {
    const std::uint64_t held_before = mirror.entries_held();
    LogSummary& summary = report_.logs.emplace_back();
    Notes none;
    AuditTree(mirror, Origin::kMirror, inspector_, options_, nullptr, progress_, &summary, &none,
              &findings_);
    if (!options_.tree_only && !IsStopped(options_)) {
      AuditKept(mirror, held_before, &summary, &findings_);
    }
  }

  const log::StoreReader& store_;
  const Inspector& inspector_;
  const AuditOptions& options_;
  const Progress& progress_;
  AuditReport& report_;
  Findings findings_;
  RowAudit rows_;
};

StoreAudit::StoreAudit(const log::StoreReader& store, const Inspector& inspector,
                       const AuditOptions& options, const Progress& progress, AuditReport* report)
    : impl_(std::make_unique<Impl>(store, inspector, options, progress, report)) {}

StoreAudit::~StoreAudit() = default;

std::vector<std::string> StoreAudit::Stages() const { return impl_->Stages(); }

void StoreAudit::Run(absl::string_view stage) { impl_->Run(stage); }

AuditReport Audit(const log::StoreReader& store, const Inspector& inspector,
                  const AuditOptions& options, const Progress& progress) {
  AuditReport report;
  StoreAudit audit(store, inspector, options, progress, &report);
  for (const std::string& stage : audit.Stages()) audit.Run(stage);
  return report;
}

void AuditLog(const log::LogReader& log, Origin kind, const Inspector& inspector,
              const AuditOptions& options, const Progress& progress, AuditReport* report) {
  Findings findings(report);
  LogSummary summary;
  Notes none;
  AuditTree(log, kind, inspector, options, nullptr, progress, &summary, &none, &findings);
  report->logs.push_back(std::move(summary));
}

}  // namespace selaras::audit
