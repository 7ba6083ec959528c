#include "services/serve/scrubber.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <sys/resource.h>

#include "services/node/rows.h"
#include "services/verify/views.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

using audit::Part;

// How long the disk keeps what was replaced meanwhile.
constexpr absl::Duration kMoment = absl::Minutes(1);
constexpr int kNice = 19;
constexpr absl::string_view kViews = "views";

// What is logged of a finding: where it is, never what stands there.
std::string InWords(const audit::Finding& finding) {
  std::string words(audit::NameOf(finding.part));
  if (!finding.log.empty()) absl::StrAppend(&words, " ", finding.log);
  if (finding.sequence) absl::StrAppend(&words, "@", finding.sequence->value);
  if (!finding.subject.empty()) absl::StrAppend(&words, " ", finding.subject);
  return words;
}

// What cannot be understood is as good as lost.
storage::v1::StoredScrub Remembered(const log::StoreReader& store) {
  storage::v1::StoredScrub remembered;
  const auto row = store.Get(log::Table::kView, node::rows::kScrub);
  if (row.ok() && *row && !remembered.ParseFromString(**row)) remembered.Clear();
  return remembered;
}

}  // namespace

Scrubber::Scrubber(Parts parts, Options options)
    : parts_(std::move(parts)),
      rest_(options.rest),
      plan_(Remembered(parts_.store), options.every),
      pace_(options.bytes_per_second) {
  audit_.stopped = [this] { return thread_.stopping(); };
  Show();
}

Scrubber::~Scrubber() { Stop(); }

void Scrubber::Start() {
  parts_.standing(shown().good);
  thread_.Start([this] { Run(); });
}

ScrubShown Scrubber::shown() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

void Scrubber::Run() {
  // Of this thread alone: whoever waits for the node comes first.
  ::setpriority(PRIO_PROCESS, 0, kNice);
  if (!thread_.Rest(rest_)) return;
  while (thread_.Rest(plan_.WaitFor(parts_.clock.Now())) && Pass()) {
  }
}

bool Scrubber::Pass() {
  auto live = audit::LiveStore::Open(parts_.scrubbing.as_of_now);
  audit::AuditReport report;
  report_ = &report;
  told_ = 0;
  pace_.Restart(parts_.clock.Monotonic());
  bool done = true;
  if (live.ok()) {
    live_ = *std::move(live);
    const audit::Progress progress = [this](const audit::Step& step) { Step(step); };
    audit::StoreAudit audit(*live_, parts_.inspector, audit_, progress, &report);
    std::vector<std::string> stages = audit.Stages();
    std::erase(stages, "evidence");
    stages.emplace_back(kViews);
    for (const std::string& stage : plan_.Begin(stages, parts_.clock.Now())) {
      done = DoStage(audit, stage, &report);
      if (!done) break;
    }
    live_.reset();
  } else {
    plan_.Begin({}, parts_.clock.Now());
    report.findings_total = 1;
    report.findings.push_back({.part = Part::kStore,
                               .subject = "store",
                               .problem = std::string(live.status().message())});
    TellFindings();
    plan_.LeaveStage({.findings = 1, .first = InWords(report.findings[0])});
  }
  report_ = nullptr;
  stage_.clear();
  if (done) {
    plan_.Finish(parts_.clock.Now());
    const storage::v1::ScrubTally& last = plan_.remembered().last();
    parts_.log.Info("scrubbed", {{"entries", last.entries()},
                                 {"bytes", last.bytes()},
                                 {"seconds", last.finished().seconds() - last.began().seconds()},
                                 {"findings", last.findings()}});
    Remember();
  }
  scrubbed_ = {};
  Show();
  parts_.standing(shown().good);
  return done;
}

bool Scrubber::DoStage(audit::StoreAudit& audit, const std::string& stage,
                       audit::AuditReport* report) {
  stage_ = stage;
  scrubbed_ = {};
  findings_before_ = report->findings_total;
  plan_.EnterStage(stage);
  Remember();
  may_renew_ = true;
  Renew(false);
  audit_.now = parts_.clock.Now();
  const std::size_t logs = report->logs.size();
  const std::size_t before = report->findings.size();
  if (stage == kViews) {
    // In an earlier life of this pass something was found on which they rest.
    if (!plan_.HasFound() || report->findings_total > 0) {
      verify::AuditRows(
          *live_, parts_.scrubbing.make_scratch, parts_.subject_keys,
          [this] { return parts_.clock.Now(); }, audit_,
          [this](const audit::Step& step) { Step(step); }, report);
    }
  } else {
    audit.Run(stage);
  }
  // What was broken off is done anew, and what it found is found again.
  if (thread_.stopping()) return false;
  for (std::size_t i = logs; i < report->logs.size(); ++i) {
    scrubbed_.entries += report->logs[i].entries;
  }
  TellFindings();
  // Whether an entry or its stored hash is wrong is known only at the end of its log.
  if (before < report->findings.size()) scrubbed_.first = InWords(report->findings[before]);
  plan_.LeaveStage(scrubbed_);
  scrubbed_ = {};
  findings_before_ = report->findings_total;
  Show();
  return true;
}

void Scrubber::Step(const audit::Step& step) {
  scrubbed_.bytes += step.bytes;
  audit_.now = parts_.clock.Now();
  TellFindings();
  // What is compared with views stays as it is until it is compared.
  if (stage_ == kViews && step.what != kViews) may_renew_ = false;
  if (!thread_.Rest(pace_.WaitAfter(step.bytes, parts_.clock.Monotonic(), parts_.busy()))) return;
  if (may_renew_ && parts_.clock.Monotonic() - shown_since_ >= kMoment) {
    Renew(absl::StartsWith(stage_, "log/"));
  }
}

void Scrubber::Renew(bool within_log) {
  const absl::Status renewed = within_log ? live_->Slide() : live_->Renew();
  shown_since_ = parts_.clock.Monotonic();
  // The moment before is good, too; what cannot be read is found where it stands.
  if (!renewed.ok()) {
    parts_.log.Warning("scrubber keeps to an older moment", {{"reason", renewed.message()}});
  }
}

void Scrubber::TellFindings() {
  const bool news = report_->findings_total > findings_before_ + scrubbed_.findings;
  if (!news) return;
  scrubbed_.findings = report_->findings_total - findings_before_;
  for (; told_ < report_->findings.size(); ++told_) {
    const audit::Finding& finding = report_->findings[told_];
    if (scrubbed_.first.empty()) scrubbed_.first = InWords(finding);
    parts_.log.Error("what is stored differs",
                     {{"what", InWords(finding)}, {"problem", finding.problem}});
  }
  Show();
  parts_.standing(false);
}

void Scrubber::Remember() {
  const absl::Status written =
      parts_.store.Write({{log::Table::kView, std::string(node::rows::kScrub),
                           plan_.remembered().SerializeAsString()}},
                         log::Durability::kUnsynced);
  // On a full disk: it is remembered the next time.
  if (!written.ok()) {
    parts_.log.Warning("scrubber does not remember", {{"reason", written.message()}});
  }
  Show();
}

void Scrubber::Show() {
  const std::lock_guard lock(mutex_);
  shown_.remembered = plan_.remembered();
  shown_.stage = stage_;
  shown_.findings = plan_.remembered().running().findings() + scrubbed_.findings;
  shown_.good = plan_.IsGood() && scrubbed_.findings == 0;
}

}  // namespace selaras::serve
