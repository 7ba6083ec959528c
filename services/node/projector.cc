#include "services/node/projector.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/deadline_facts.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/node/look_up.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

// Entries of an own log, and those of all mirrors, that one step handles: bounds memory and the
// wait of those who look.
constexpr std::uint64_t kStepEntriesMax = 256;
// What may be noted and not counted: bounds memory, the wait of those who ask for numbers, and what
// a start looks through.
constexpr std::size_t kNotedMax = 4'096;
// Entries in whose round what they are about is counted at once: it is at hand then.
constexpr std::uint64_t kLargeRound = kStepEntriesMax / 2;

// What cases add to which numbers; with another one they are counted anew.
constexpr int kNumbersVersion = 4;
// What the watcher notes of a case; with another one it looks at all of them again.
constexpr int kWatchedVersion = 2;

// When the entry was written; of one that is lost nothing is known, and nothing follows.
absl::StatusOr<absl::Time> WrittenAt(const log::LogReader& log, std::uint64_t sequence) {
  ASSIGN_OR_RETURN(const auto bytes, log.Entry({sequence}));
  if (!bytes) return absl::InfinitePast();
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
  return domain::TimeOf(event.recorded_at());
}

}  // namespace

Projector::Projector(log::Store& store, const Directory& directory, const NodeKeys& keys,
                     const Opener& opener, const SubjectKeys* copies)
    : store_(store),
      directory_(directory),
      keys_(keys),
      opener_(opener),
      copies_(copies),
      numbers_(store, directory, keys, opener) {}

absl::Status Projector::Open(crypto::RandomSource& random) {
  // Who is a party's node and whose fact counts comes from the directory: what was derived with
  // another one, or by other code, is derived anew.
  std::string basis =
      absl::StrCat(domain::kFoldVersion, " ", kLookUpVersion, "\nnumbers ", kNumbersVersion, " ",
                   kWatchedVersion, "\n", directory_.Describe());
  // A log that was closed has lost what was derived from its end.
  for (const log::Mirror* mirror : store_.mirrors()) {
    const log::LogKeys keys = *mirror->keys();
    for (const log::LogKeys::Past& past : keys.past()) {
      if (!past.succession.empty()) {
        absl::StrAppend(&basis, "\nclosed ", past.verifier.name(), " at ", past.last.value, "\n");
      }
    }
  }
  ASSIGN_OR_RETURN(const auto held, store_.Get(log::Table::kView, rows::kViewBasis));
  ASSIGN_OR_RETURN(const auto look_ups, store_.Get(log::Table::kView, rows::kLookUpName));
  const std::string name = keys_.LookUpName();
  if (held && (*held != basis || (look_ups && *look_ups != name))) {
    RETURN_IF_ERROR(QueueCasesForWatcher());
    RETURN_IF_ERROR(Forget(store_));
  }
  std::vector<log::RowWrite> made = {{log::Table::kView, std::string(rows::kViewBasis), basis},
                                     {log::Table::kView, std::string(rows::kLookUpName), name}};
  ASSIGN_OR_RETURN(const auto epoch, store_.Get(log::Table::kView, rows::kDisclosureEpoch));
  if (!epoch) {
    made.push_back({log::Table::kView, std::string(rows::kDisclosureEpoch),
                    base::HexEncode(random.Fill(rows::kDisclosureEpochBytes))});
  }
  RETURN_IF_ERROR(store_.Write(made, log::Durability::kSynced));
  return numbers_.Open();
}

// What was derived goes; the cursors with it, so that everything is derived anew.
// Disclosure lists stay: peers remember how far they have read them.
// Until all is gone the basis is none that Open() takes, so that one which was broken off is done
// again.
absl::Status Projector::Forget(log::Store& store) {
  const auto basis = [&](std::string value) {
    return store.Write({{log::Table::kView, std::string(rows::kViewBasis), std::move(value)}},
                       log::Durability::kUnsynced);
  };
  ASSIGN_OR_RETURN(const auto held, store.Get(log::Table::kView, rows::kViewBasis));
  if (held) RETURN_IF_ERROR(basis(""));
  for (const absl::string_view prefix :
       {rows::kCursors, rows::kCaseViews, rows::kLookUps, rows::kReceipts, rows::kDerived,
        rows::kReads, rows::kBreakGlass, rows::kContradictions, rows::kNumbers, rows::kCounted,
        rows::kCountedTo, rows::kPersons}) {
    std::vector<log::RowWrite> gone;
    do {
      gone.clear();
      RETURN_IF_ERROR(store.Scan(log::Table::kView, prefix, prefix,
                                 [&](absl::string_view key, absl::string_view) {
                                   gone.push_back({log::Table::kView, std::string(key), {}});
                                   return gone.size() < kStepEntriesMax;
                                 }));
      RETURN_IF_ERROR(store.Write(gone, log::Durability::kUnsynced));
    } while (!gone.empty());
  }
  return held ? basis(*held) : absl::OkStatus();
}

// Also of a case of which nothing is left somebody must look what is owed.
absl::Status Projector::QueueCasesForWatcher() {
  ASSIGN_OR_RETURN(std::uint64_t newest, LoadNumber(store_, rows::kToWatchCount));
  std::string from(rows::kCaseViews);
  while (true) {
    std::vector<std::string> queued;
    RETURN_IF_ERROR(store_.Scan(
        log::Table::kView, rows::kCaseViews, from, [&](absl::string_view key, absl::string_view) {
          const absl::string_view case_id = key.substr(rows::kCaseViews.size());
          queued.push_back(absl::StrCat(rows::kCaseSubject, case_id));
          from = absl::StrCat(key, absl::string_view("\0", 1));  // the next key there can be
          return queued.size() < kStepEntriesMax;
        }));
    if (queued.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(store_.Write(
        {{log::Table::kView, rows::ToWatch(++newest), absl::StrJoin(queued, "\n")},
         {log::Table::kView, std::string(rows::kToWatchCount), rows::EncodeNumber(newest)}},
        log::Durability::kUnsynced));
  }
}

absl::StatusOr<std::uint64_t> Projector::CursorOf(absl::string_view log) const {
  return LoadNumber(store_, rows::Cursor(log));
}

absl::StatusOr<Stretch> Projector::NextOf(const log::LogReader& own) const {
  ASSIGN_OR_RETURN(const std::uint64_t cursor, CursorOf(own.name()));
  return Stretch{cursor, std::min(own.size().value, cursor + kStepEntriesMax)};
}

absl::Status Projector::KeepInStep(Stretch* shared, Stretch* private_log) const {
  const std::array<std::pair<const log::LogReader&, Stretch*>, 2> both = {
      {{store_.shared(), shared}, {store_.private_log(), private_log}}};
  absl::Time latest = absl::InfiniteFuture();
  for (const auto& [log, next] : both) {
    if (next->begin >= next->end || next->end == log.size().value) continue;
    ASSIGN_OR_RETURN(const absl::Time written, WrittenAt(log, next->end - 1));
    latest = std::min(latest, written);
  }
  if (latest == absl::InfiniteFuture()) return absl::OkStatus();
  const std::pair whole(*shared, *private_log);
  for (const auto& [log, next] : both) {
    std::uint64_t first_later = next->begin;
    while (first_later < next->end) {
      const std::uint64_t middle = first_later + (next->end - first_later) / 2;
      ASSIGN_OR_RETURN(const absl::Time written, WrittenAt(log, middle));
      if (written > latest) {
        next->end = middle;
      } else {
        first_later = middle + 1;
      }
    }
  }
  // Times that do not follow each other, as in a store that was tampered with, stop nothing.
  if (shared->begin >= shared->end && private_log->begin >= private_log->end) {
    std::tie(*shared, *private_log) = whole;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> Projector::HandleForeign(Round& round) {
  std::vector<const log::Mirror*> mirrors = store_.mirrors();
  std::rotate(mirrors.begin(),
              std::find_if(mirrors.begin(), mirrors.end(),
                           [this](const log::Mirror* mirror) { return mirror->name() > last_; }),
              mirrors.end());
  std::uint64_t handled = 0;
  for (const log::Mirror* mirror : mirrors) {
    if (handled == kStepEntriesMax) break;
    last_ = mirror->name();
    const std::uint64_t held = mirror->entries_held();
    std::uint64_t& done = done_[mirror->name()];
    if (done == held) continue;  // hundreds of cursors need not be read to handle one entry
    ASSIGN_OR_RETURN(const std::uint64_t cursor, CursorOf(mirror->name()));
    if (cursor >= held) {
      done = held;
      continue;
    }
    ASSIGN_OR_RETURN(const auto kept, mirror->Kept(cursor, kStepEntriesMax - handled));
    for (const base::Sequence sequence : kept) {
      ASSIGN_OR_RETURN(const auto bytes, mirror->Entry(sequence));
      if (!bytes) {
        return absl::DataLossError(absl::StrCat(mirror->name(), "@", sequence, " is missing"));
      }
      RETURN_IF_ERROR(round.Foreign(*mirror, sequence, *bytes));
    }
    round.SetCursor(mirror->name(), cursor + kept.size());
    handled += kept.size();
  }
  return handled;
}

absl::StatusOr<bool> Projector::Step() {
  const std::lock_guard working(working_);
  node::Round round(store_, directory_, keys_, opener_, copies_, numbers_);
  bool work = false;
  ASSIGN_OR_RETURN(Stretch shared, NextOf(store_.shared()));
  ASSIGN_OR_RETURN(Stretch private_log, NextOf(store_.private_log()));
  RETURN_IF_ERROR(KeepInStep(&shared, &private_log));
  RETURN_IF_ERROR(round.ReadOwn(shared, private_log));
  for (std::uint64_t next = shared.begin; next < shared.end; ++next) {
    RETURN_IF_ERROR(round.Own({next}));
  }
  for (std::uint64_t next = private_log.begin; next < private_log.end; ++next) {
    RETURN_IF_ERROR(round.Private({next}));
  }
  if (shared.begin < shared.end) {
    round.SetCursor(store_.shared().name(), shared.end);
    work = true;
  }
  if (private_log.begin < private_log.end) {
    round.SetCursor(store_.private_log().name(), private_log.end);
    work = true;
  }
  ASSIGN_OR_RETURN(const std::uint64_t foreign, HandleForeign(round));
  work = work || foreign > 0;
  if (work) {
    RETURN_IF_ERROR(round.Write());
    {
      const std::lock_guard lock(mutex_);
      links_due_.insert(round.links_due().begin(), round.links_due().end());
      stepped_.notify_all();
    }
    if (shared.size() + foreign >= kLargeRound) RETURN_IF_ERROR(round.CountSettled());
    if (numbers_.noted() > kNotedMax) RETURN_IF_ERROR(numbers_.Count().status());
  }
  return work;
}

std::set<std::string> Projector::TakeLinksDue() {
  const std::lock_guard lock(mutex_);
  return std::exchange(links_due_, {});
}

absl::StatusOr<bool> Projector::Count() {
  const std::lock_guard working(working_);
  return numbers_.Count();
}

absl::StatusOr<bool> Projector::CaughtUp() const {
  for (const log::LogReader* own : {&store_.shared(), &store_.private_log()}) {
    ASSIGN_OR_RETURN(const std::uint64_t cursor, CursorOf(own->name()));
    if (cursor < own->size().value) return false;
  }
  for (const log::Mirror* mirror : store_.mirrors()) {
    ASSIGN_OR_RETURN(const std::uint64_t cursor, CursorOf(mirror->name()));
    if (cursor < mirror->entries_held()) return false;
  }
  return true;
}

absl::StatusOr<bool> Projector::Handled(const event::v1::Position& position,
                                        std::optional<std::uint64_t>& kept) const {
  for (const log::LogReader* own : {&store_.shared(), &store_.private_log()}) {
    if (own->name() != position.log()) continue;
    ASSIGN_OR_RETURN(const std::uint64_t cursor, CursorOf(own->name()));
    return cursor > position.sequence();
  }
  const log::Mirror* mirror = store_.FindMirror(position.log());
  if (mirror == nullptr) {
    return domain::BadField("min_positions", absl::StrCat("no log ", position.log(), " is here"));
  }
  if (!kept) {
    if (position.sequence() >= mirror->size().value) return false;
    ASSIGN_OR_RETURN(const auto bytes, mirror->Entry({position.sequence()}));
    if (!bytes) return false;
    // It stands somewhere among those that are held now.
    kept = mirror->entries_held();
  }
  ASSIGN_OR_RETURN(const std::uint64_t cursor, CursorOf(mirror->name()));
  return cursor >= *kept;
}

absl::Status Projector::WaitFor(const event::v1::Position& position,
                                absl::Duration patience) const {
  const auto deadline = std::chrono::milliseconds(absl::ToInt64Milliseconds(patience));
  absl::Status failed;
  std::optional<std::uint64_t> kept;
  std::unique_lock lock(mutex_);
  const bool handled = stepped_.wait_for(lock, deadline, [&] {
    const auto result = Handled(position, kept);
    if (!result.ok()) failed = result.status();
    return !result.ok() || *result;
  });
  if (!failed.ok()) return failed;
  if (handled) return absl::OkStatus();
  return domain::Refusal(absl::StatusCode::kDeadlineExceeded, "NOT_HERE_YET",
                         absl::StrCat(position.log(), "@", position.sequence(),
                                      " has not arrived at this node yet; try again later"));
}

absl::Status Projector::WaitForPrivate(absl::Duration patience) const {
  const std::uint64_t size = store_.private_log().size().value;
  if (size == 0) return absl::OkStatus();
  event::v1::Position newest;
  newest.set_log(store_.private_log().name());
  newest.set_sequence(size - 1);
  return WaitFor(newest, patience);
}

}  // namespace selaras::node
