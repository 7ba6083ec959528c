#include "storage/audit/published_rows.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "storage/audit/pipeline.h"
#include "storage/base/bytes.h"
#include "storage/merkle/prove.h"

namespace selaras::audit {
namespace {

constexpr std::size_t kRowsAtOnce = 64;

// How far clocks of two machines may differ before it is a finding.
constexpr absl::Duration kClocksDiffer = absl::Minutes(10);

void Report(const log::PublishedPlace& place, absl::string_view what, std::string problem,
            std::string expected, std::string actual, std::vector<Finding>* findings) {
  findings->push_back({Part::kPublished, place.log, std::nullopt,
                       absl::StrCat("published at ", place.size.value, what), std::move(problem),
                       std::move(expected), std::move(actual)});
}

std::string TimeText(absl::Time time) { return absl::FormatTime(time, absl::UTCTimeZone()); }

std::string RootText(base::TreeSize size, const base::Digest& root) {
  return absl::StrCat(size.value, " leaves, root ", base::HexEncode(root.view()));
}

// Without a key that is trusted it is one that the store names.
absl::StatusOr<log::SignedCheckpoint> OpenNote(const log::LogReader& log,
                                               const std::optional<log::NoteVerifier>& trusted,
                                               absl::string_view note) {
  const std::optional<log::LogKeys> keys = log.keys();
  if (keys && (!trusted || keys->Has(*trusted))) return keys->Open(note);
  if (trusted) return log::OpenCheckpoint(*trusted, note);
  return absl::DataLossError("no key of the log is known");
}

}  // namespace

const log::LogReader* PublishedAudit::Find(absl::string_view name) const {
  if (store_.shared().name() == name) return &store_.shared();
  for (const log::Mirror* mirror : store_.mirrors()) {
    if (mirror->name() == name) return mirror;
  }
  return nullptr;
}

void PublishedAudit::NoteDiffering() {
  for (const Finding& found : report_.findings) {
    if (found.part == Part::kEntry || found.part == Part::kLeaf || found.part == Part::kLeafHash ||
        found.part == Part::kTile || found.part == Part::kRoot) {
      differing_.insert(found.log);
    }
  }
}

void PublishedAudit::CheckTree(const log::LogReader& log, const log::PublishedPlace& place,
                               absl::string_view note, Checked* checked) const {
  const auto report = [&](std::string problem, std::string expected, std::string actual) {
    Report(place, "", std::move(problem), std::move(expected), std::move(actual),
           &checked->findings);
  };
  const auto opened = OpenNote(log, inspector_.VerifierOf(log.name()), note);
  if (!opened.ok()) {
    const std::optional<log::LogKeys> keys = log.keys();
    report("no key of the log signed the published checkpoint",
           keys ? absl::StrCat("a signature of ", keys->newest().VerifierText()) : "a signature",
           std::string(opened.status().message()));
    return;
  }
  const log::Checkpoint& stated = opened->checkpoint;
  if (stated.size != place.size) {
    report("the published checkpoint stands in the place of another one",
           absl::StrCat(place.size.value, " leaves"), absl::StrCat(stated.size.value, " leaves"));
    return;
  }
  if (stated.size > log.size()) {
    report("the published checkpoint is of more leaves than the log has",
           absl::StrCat("at most ", log.size().value, " leaves"),
           absl::StrCat(stated.size.value, " leaves"));
    return;
  }
  const auto root = merkle::RootAt(log, stated.size);
  if (differing_.contains(log.name()) || (root.ok() && *root == stated.root)) return;
  report("the published checkpoint is of another tree than the log",
         root.ok() ? RootText(stated.size, *root) : std::string(root.status().message()),
         RootText(stated.size, stated.root));
}

void PublishedAudit::CheckCosignatures(const log::PublishedPlace& place, absl::string_view note,
                                       absl::Time now, Checked* checked) const {
  const auto cosigned = log::ReadCosignatures(note);
  if (!cosigned.ok()) return;  // no note, which was reported
  for (const log::CosignedBy& by : *cosigned) {
    const auto witness = inspector_.WitnessOf(by.name, by.key_id);
    if (!witness) {
      ++checked->unchecked;
      continue;
    }
    ++checked->cosignatures;
    const auto report = [&](std::string problem, std::string expected, std::string actual) {
      Report(place, absl::StrCat(", cosigned by ", by.name), std::move(problem),
             std::move(expected), std::move(actual), &checked->findings);
    };
    if (const auto time = witness->Verify(note); !time.ok()) {
      report("the cosignature does not verify",
             absl::StrCat("a cosignature of ", witness->VerifierText()),
             std::string(time.status().message()));
    } else if (by.first <= absl::UnixEpoch() || by.newest > now + kClocksDiffer) {
      report("the witness cannot have cosigned at that time",
             absl::StrCat("after ", TimeText(absl::UnixEpoch()), ", by ", TimeText(now)),
             TimeText(by.newest > now + kClocksDiffer ? by.newest : by.first));
    }
  }
}

void PublishedAudit::CheckRow(const Row& row, absl::Time now, Checked* checked) const {
  const auto& [key, note] = row;
  const auto place = log::ReadPublishedKey(key);
  const auto stray = [&](std::string problem, std::string expected, std::string actual) {
    checked->findings.push_back({Part::kPublished, "", std::nullopt,
                                 absl::StrCat("row ", base::HexEncode(key)), std::move(problem),
                                 std::move(expected), std::move(actual)});
  };
  if (!place.ok()) {
    stray("the key of the row cannot be understood", "a log and a size",
          std::string(place.status().message()));
    return;
  }
  const log::LogReader* log = Find(place->log);
  if (log == nullptr) {
    stray("no such log is published here", "the shared log or a mirror", place->log);
    return;
  }
  CheckTree(*log, *place, note, checked);
  CheckCosignatures(*place, note, now, checked);
}

void PublishedAudit::Run(const AuditOptions& options, const Progress& progress) {
  using Rows = std::vector<Row>;
  NoteDiffering();
  std::string from;
  bool end = false;
  absl::Status scanned;
  // In portions, so that nothing else is asked of the store inside its scan.
  const auto next = [&]() -> std::optional<Rows> {
    if (end || IsStopped(options)) return std::nullopt;
    Rows rows;
    scanned = store_.Scan(log::Table::kPublished, "", from,
                          [&](absl::string_view key, absl::string_view value) {
                            rows.emplace_back(key, value);
                            return rows.size() < kRowsAtOnce;
                          });
    end = !scanned.ok() || rows.size() < kRowsAtOnce;
    if (!end) from = rows.back().first + '\0';
    return scanned.ok() ? std::optional(std::move(rows)) : std::nullopt;
  };
  const auto work = [&](const Rows& rows) {
    Checked checked;
    for (const Row& row : rows) {
      ++checked.rows;
      checked.bytes += row.first.size() + row.second.size();
      CheckRow(row, options.now, &checked);
    }
    return checked;
  };
  const auto take = [&](Checked checked) {
    report_.published_rows += checked.rows;
    report_.cosignatures += checked.cosignatures;
    report_.cosignatures_unchecked += checked.unchecked;
    for (Finding& finding : checked.findings) findings_.Add(std::move(finding));
    if (progress) {
      progress({"published checkpoints", report_.published_rows, 0, checked.bytes});
    }
  };
  Pipeline<Rows, Checked>(next, work, take).Run(options.threads);
  if (scanned.ok()) return;
  findings_.Add({Part::kStore, "", std::nullopt, "table of published checkpoints",
                 "the rows cannot be read through", "all rows", std::string(scanned.message())});
}

}  // namespace selaras::audit
