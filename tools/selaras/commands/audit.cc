// `audit backdating`: what was recorded long after it happened.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/log/policy.h"
#include "storage/log/published.h"
#include "tools/selaras/backdating.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/cosigned_bounds.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;
constexpr int kRowsMax = 200;
constexpr std::size_t kCasesMax = 1'000;

struct AuditOptions {
  std::string log;
  std::string author;
  std::string recorded;
  std::string held;
  std::string cosigned;
  std::string policy;
  bool entries = false;
};

absl::StatusOr<absl::Duration> DurationOr(const char* option, const std::string& text,
                                          absl::Duration otherwise) {
  return text.empty() ? otherwise : ParseDuration(option, text);
}

std::string LengthText(std::int64_t seconds) {
  if (seconds == 0) return "";
  const std::int64_t days = seconds / 86'400;
  if (days > 0) return Count(static_cast<std::uint64_t>(days), "day");
  return absl::FormatDuration(absl::Seconds(seconds));
}

std::string TreeText(const cli::v1::CosignedTree& tree) {
  return tree.time().empty() ? "" : absl::StrCat(tree.time(), " ", Printable(tree.witness()));
}

// Since when an entry is held, from the timeline of its case.
class HeldSince {
 public:
  explicit HeldSince(CaseSource& cases) : cases_(cases) {}

  absl::StatusOr<std::optional<absl::Time>> Of(const event::v1::Event& event,
                                               const event::v1::Position& position) {
    if (event.case_id().empty()) return std::nullopt;
    auto found = cases_held_.find(event.case_id());
    if (found == cases_held_.end()) {
      ASSIGN_OR_RETURN(Times times, Load(event.case_id()));
      if (cases_held_.size() == kCasesMax) cases_held_.clear();
      found = cases_held_.emplace(event.case_id(), std::move(times)).first;
    }
    const auto time = found->second.find(PositionText(position));
    return time == found->second.end() ? std::nullopt : std::optional(time->second);
  }

 private:
  using Times = std::map<std::string, absl::Time>;  // by position

  absl::StatusOr<Times> Load(const std::string& case_id) {
    Times times;
    query::v1::GetTimelineRequest request;
    request.set_case_id(case_id);
    const auto timeline = cases_.GetTimeline(request);
    // An entry may name a case that the node does not fold, e.g. before its opening has come.
    if (absl::IsNotFound(timeline.status()) || absl::IsInvalidArgument(timeline.status())) {
      return times;
    }
    RETURN_IF_ERROR(timeline.status());
    for (const query::v1::TimelineStep& step : timeline->steps()) {
      if (step.has_held_since()) times[PositionText(step.position())] = ToTime(step.held_since());
    }
    return times;
  }

  CaseSource& cases_;
  std::map<std::string, Times> cases_held_;  // by case; the last ones that were asked for
};

// Who cosigned a published checkpoint, and when: as the policy verifies it, or as the note says.
absl::StatusOr<std::map<std::string, log::CosignatureTimes>> TimesIn(
    const std::string& note, const std::optional<log::Policy>& policy) {
  if (policy) return policy->Cosigned(note);
  ASSIGN_OR_RETURN(const auto said, log::ReadCosignatures(note));
  std::map<std::string, log::CosignatureTimes> times;
  for (const log::CosignedBy& by : said) times[by.name] = {by.first, by.newest};
  return times;
}

// What was published of a log, as far as somebody cosigned it.
absl::StatusOr<CosignedTrees> TreesOf(Ledger& ledger, const std::string& log,
                                      const std::optional<log::Policy>& policy, Output& output) {
  CosignedTrees trees;
  std::uint64_t refused = 0;
  std::string why;
  ledger::v1::ListPublishedRequest request;
  request.set_log(log);
  request.set_page_size(kPage);
  for (;;) {
    const auto page = ledger.ListPublished(request);
    if (absl::IsUnimplemented(page.status())) break;  // an older node
    RETURN_IF_ERROR(page.status());
    for (const std::string& note : page->checkpoints()) {
      const auto times = TimesIn(note, policy);
      if (!times.ok()) {
        ++refused;
        why = std::string(times.status().message());
        continue;
      }
      ASSIGN_OR_RETURN(const log::Checkpoint checkpoint, log::ReadUnverified(note));
      for (const auto& [witness, time] : *times) {
        trees.Add(witness, time.first, checkpoint.size);
        trees.Add(witness, time.newest, checkpoint.size);
      }
    }
    if (page->next_from_size() == 0) break;
    request.set_from_size(page->next_from_size());
  }
  if (refused > 0) {
    output.Note(absl::StrCat(Count(refused, "published checkpoint"), " of ", log,
                             " counted for nothing: ", Printable(why)));
  }
  return trees;
}

class Audit {
 public:
  Audit(Output& output, const AuditOptions& options, Thresholds thresholds,
        std::optional<log::Policy> policy)
      : output_(output),
        options_(options),
        policy_(std::move(policy)),
        counts_(thresholds),
        table_({"POSITION", "AUTHOR", "FACT", "HAPPENED", "RECORDED", ">AFTER", ">HELD AFTER",
                "NOT SHOWN BEFORE", "THERE BY", "WHY"}) {}

  // Only of others' entries a node notes since when it holds them.
  absl::Status Read(Place& place, const std::string& log, bool mirror) {
    HeldSince held(*place.cases);
    ASSIGN_OR_RETURN(CosignedTrees trees, TreesOf(*place.ledger, log, policy_, output_));
    ledger::v1::ListEntriesRequest request;
    request.set_log(log);
    request.set_page_size(kPage);
    std::uint64_t unread = 0;
    for (;;) {
      ASSIGN_OR_RETURN(const auto page, place.ledger->ListEntries(request));
      for (const auto& record : page.entries()) {
        const auto event = EventOf(record);
        unread += event ? 0 : 1;
        if (!event || (!options_.author.empty() && event->author() != options_.author)) continue;
        std::optional<absl::Time> since;
        if (mirror) {
          ASSIGN_OR_RETURN(since, held.Of(*event, record.position()));
        }
        Add(record, *event, since, trees.Bound({record.position().sequence()}));
      }
      output_.Live(ProgressText("looking at " + log, request.start(), page.size()));
      if (page.next_start() == 0) break;
      request.set_start(page.next_start());
    }
    if (unread > 0) {
      output_.Note(absl::StrCat("not looked at: ", Count(unread, "entry"), " of ", log,
                                ", not disclosed here or not understood"));
    }
    return absl::OkStatus();
  }

  ExitCode Finish() {
    output_.EndLive();
    const std::vector<cli::v1::LateCount> counts = counts_.All();
    // Else a misspelt author would be above suspicion.
    if (counts.empty() && !options_.author.empty()) {
      return output_.Fail(NoEntryOf(options_.author));
    }
    Table sums({"AUTHOR", "FACT", ">ENTRIES", ">UNDATED", ">RECORDED LATE", ">LONGEST",
                ">HELD LATE", ">FROM THE FUTURE", ">COSIGNED", ">WITHOUT IT", ">BEFORE IT"});
    bool any = false;
    for (const cli::v1::LateCount& count : counts) {
      any = any || count.recorded_late() + count.held_late() + count.from_the_future() +
                           count.cosigned_without() + count.cosigned_before() >
                       0;
      if (output_.json()) {
        output_.Json(count);
        continue;
      }
      sums.Add(
          {count.author(),
           count.fact(),
           absl::StrCat(count.entries()),
           absl::StrCat(count.undated()),
           {absl::StrCat(count.recorded_late()),
            count.recorded_late() > 0 ? Tone::kWarning : Tone::kPlain},
           LengthText(count.longest_s()),
           {absl::StrCat(count.held_late()), count.held_late() > 0 ? Tone::kWarning : Tone::kPlain},
           {absl::StrCat(count.from_the_future()),
            count.from_the_future() > 0 ? Tone::kBad : Tone::kPlain},
           absl::StrCat(count.cosigned()),
           {absl::StrCat(count.cosigned_without()),
            count.cosigned_without() > 0 ? Tone::kBad : Tone::kPlain},
           {absl::StrCat(count.cosigned_before()),
            count.cosigned_before() > 0 ? Tone::kBad : Tone::kPlain}});
    }
    if (!output_.json()) {
      if (!table_.empty()) output_.Print(absl::StrCat(table_.Text(output_), "\n"));
      if (rows_ > kRowsMax) output_.Note(absl::StrCat(rows_, " entries; --json shows all"));
      if (!sums.empty()) output_.Print(sums.Text(output_));
    }
    return any ? ExitCode::kDifference : ExitCode::kOk;
  }

 private:
  void Add(const ledger::v1::EntryRecord& record, const event::v1::Event& event,
           std::optional<absl::Time> held, const CosignedBounds& cosigned) {
    auto late = counts_.Add(event, held, cosigned);
    if (late.why().empty() || !options_.entries) return;
    cli::v1::CaseEntry* entry = late.mutable_entry();
    entry->set_position(PositionText(record.position()));
    entry->set_leaf_hash(base::HexEncode(record.leaf_hash()));
    if (output_.json()) return output_.Json(late);
    if (++rows_ > kRowsMax) return;
    table_.Add({entry->position(), Printable(entry->author()), entry->fact(),
                Printable(entry->occurred_at()), entry->recorded_at(),
                LengthText(late.recorded_after_s()), LengthText(late.held_after_s()),
                TreeText(late.last_without()), TreeText(late.first_with()),
                absl::StrJoin(late.why(), ", ")});
  }

  Output& output_;
  const AuditOptions& options_;
  const std::optional<log::Policy> policy_;
  LateCounts counts_;
  Table table_;
  int rows_ = 0;
};

std::string NamesOf(const ledger::v1::GetNodeResponse& node) {
  return absl::StrJoin(node.logs(), ", ", [](std::string* out, const ledger::v1::LogState& log) {
    out->append(log.log());
  });
}

absl::StatusOr<ExitCode> Backdating(Context& context, const AuditOptions& options) {
  Thresholds thresholds;
  ASSIGN_OR_RETURN(thresholds.recorded,
                   DurationOr("--recorded-after", options.recorded, thresholds.recorded));
  ASSIGN_OR_RETURN(thresholds.held, DurationOr("--held-after", options.held, thresholds.held));
  ASSIGN_OR_RETURN(thresholds.cosigned,
                   DurationOr("--cosigned-after", options.cosigned, thresholds.cosigned));
  std::optional<log::Policy> policy;
  if (!options.policy.empty()) {
    ASSIGN_OR_RETURN(policy, PolicyOf({{}, options.policy, {}}));
  }
  ASSIGN_OR_RETURN(Place place, context.OpenPlace());
  Audit audit(context.output(), options, thresholds, std::move(policy));
  ASSIGN_OR_RETURN(const auto node, place.ledger->GetNode());
  bool any = false;
  for (const ledger::v1::LogState& log : node.logs()) {
    if (!options.log.empty() && log.log() != options.log) continue;
    const absl::Status read = audit.Read(place, log.log(), log.mirror());
    // The private log is not for every caller.
    if (absl::IsNotFound(read) && options.log.empty() && !log.mirror()) continue;
    RETURN_IF_ERROR(read);
    any = true;
  }
  if (!any) return NoSuchLog(options.log, NamesOf(node));
  return audit.Finish();
}

Command BackdatingCommand() {
  const auto options = std::make_shared<AuditOptions>();
  return {
      .name = "backdating",
      .summary = "entries recorded long after they happened, and claims that do not fit clocks",
      .details =
          "By author and fact: how many were recorded later than --recorded-after, counted from "
          "the end of the day on which they happened, by their author; without a date they are "
          "counted as undated. What an author says about its clock is bounded by what others saw: "
          "held late is what this node held later than --held-after after the author says it "
          "recorded it (the line was down, or the entry was dated back), and from the future what "
          "it held before that. Since when an entry is held, a node notes for those of others. "
          "Witnesses bound it as well: an entry was shown to nobody before the newest "
          "cosignature of a tree without it, and was there by the oldest one of a tree with it. "
          "Without it counts what is later than --cosigned-after after its author says it was "
          "recorded (the log was held back, or the entry was dated back); before it, what was "
          "cosigned more than 5 minutes before that. A node knows the cosignatures of its own "
          "log, and its own ones of others' logs; with --policy only those count that verify "
          "with its keys. Ends with 5 if there are any.",
      .examples =
          "selaras audit backdating --recorded-after 720h --entries\n"
          "selaras audit backdating --store /var/lib/selaras/bkn --author ppk/13.04 --json\n"
          "selaras audit backdating --log bkn --policy ombudsman.policy --entries",
      .source = Source::kNodeOrStore,
      .options = {{"--log", "NAME", &options->log, "only this log; default: all that may be read"},
                  {"--author", "AUTHORITY", &options->author, "only entries of this authority"},
                  {"--recorded-after", "DURATION", &options->recorded, "default: 336h (14 days)"},
                  {"--held-after", "DURATION", &options->held, "default: 24h"},
                  {"--cosigned-after", "DURATION", &options->cosigned, "default: 1h"},
                  {"--policy", "FILE", &options->policy,
                   "C2SP tlog-policy with the log and the witnesses whose cosignatures count"},
                  {"--entries", "", &options->entries, "show each entry, too"}},
      .run = [options](Context& context) {
        const auto code = Backdating(context, *options);
        return code.ok() ? *code : context.output().Fail(code.status());
      }};
}

}  // namespace

Command AuditCommands() {
  return {.name = "audit",
          .summary = "what the entries of logs tell about those who wrote them",
          .commands = {BackdatingCommand()}};
}

}  // namespace selaras::cli
