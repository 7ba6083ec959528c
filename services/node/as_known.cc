#include "services/node/as_known.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/domain/calendar.h"
#include "services/domain/deadline_facts.h"
#include "services/domain/refusal.h"
#include "services/node/case_reader.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::StoredCaseView;
using storage::v1::StoredSubject;

absl::StatusOr<std::optional<absl::Time>> RecordedAt(const log::LogReader& log,
                                                     std::uint64_t sequence) {
  ASSIGN_OR_RETURN(const auto bytes, log.Entry({sequence}));
  if (!bytes) return std::nullopt;
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
  return domain::TimeOf(event.recorded_at());
}

absl::StatusOr<bool> RecordedThen(const log::LogReader& log, std::uint64_t sequence,
                                  const Moment& moment) {
  ASSIGN_OR_RETURN(const auto recorded, RecordedAt(log, sequence));
  return recorded && *recorded < moment.end;
}

// The entry of which a line of StoredCaseView.contradictions speaks: `log@sequence: words`.
std::optional<event::v1::Position> PlaceIn(absl::string_view line) {
  const std::pair<absl::string_view, absl::string_view> place =
      absl::StrSplit(line.substr(0, line.find(": ")), absl::MaxSplits('@', 1));
  std::uint64_t sequence = 0;
  if (!absl::SimpleAtoi(place.second, &sequence)) return std::nullopt;
  event::v1::Position position;
  position.set_log(std::string(place.first));
  position.set_sequence(sequence);
  return position;
}

// Folds those whose turn it is, again and again, until nothing moves; the others wait.
absl::Status FoldAll(const log::StoreReader& store, const Directory& directory,
                     std::vector<event::v1::Position> waiting, StoredCaseView* view) {
  const auto read = [&](const event::v1::Position& place) { return ReadForeign(store, place); };
  for (std::size_t i = 0; i < waiting.size();) {
    ASSIGN_OR_RETURN(const HeldEntry held, read(waiting[i]));
    ASSIGN_OR_RETURN(const bool folded, FoldForeign(directory, held, read, view));
    if (folded) {
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;  // what waited for it may stand before it
    } else {
      ++i;
    }
  }
  for (event::v1::Position& position : waiting) *view->add_pending() = std::move(position);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Moment> MomentOf(const query::v1::AsKnown& as_known, absl::Time now) {
  const auto zone = as_known.zone().empty() ? reference::TimeZone::kWib
                                            : reference::ParseTimeZone(as_known.zone());
  if (!zone) return domain::BadField("as_known.zone", "must be WIB, WITA or WIT");
  const auto day = domain::LocalDate::ParseIso(as_known.on());
  if (!day) return domain::BadField("as_known.on", "must be a day, as 2024-10-11");
  const auto today = domain::DayAt(now, *zone);
  if (!today || *day > *today) {
    return domain::BadField("as_known.on",
                            absl::StrCat("lies after today, ", today ? today->ToIso() : "",
                                         ": what will be known then cannot be said; give today"));
  }
  return Moment{domain::StartOf(*day, *zone) + absl::Hours(24),
                as_known.known_by() == query::v1::KNOWN_BY_AUTHORS};
}

absl::StatusOr<std::optional<absl::Time>> HeldSince(const log::StoreReader& store,
                                                    const event::v1::Position& position) {
  if (const log::Mirror* mirror = store.FindMirror(position.log())) {
    return mirror->KeptAt({position.sequence()});
  }
  const bool is_kept = position.log() == store.private_log().name();
  return RecordedAt(is_kept ? store.private_log() : store.shared(), position.sequence());
}

absl::StatusOr<bool> KnownThen(const log::StoreReader& store, const event::v1::Position& position,
                               const Moment& moment) {
  const log::Mirror* mirror = store.FindMirror(position.log());
  if (mirror == nullptr) return RecordedThen(store.shared(), position.sequence(), moment);
  if (moment.by_authors) return RecordedThen(*mirror, position.sequence(), moment);
  ASSIGN_OR_RETURN(const auto came, mirror->KeptAt({position.sequence()}));
  if (came) return *came < moment.end;
  return RecordedThen(*mirror, position.sequence(), moment);
}

absl::StatusOr<StoredSubject> SubjectThen(const log::StoreReader& store, const StoredSubject& now,
                                          const Moment& moment) {
  StoredSubject then = now;
  then.clear_shared();
  then.clear_private_();
  for (const std::uint64_t sequence : now.shared()) {
    ASSIGN_OR_RETURN(const bool known, RecordedThen(store.shared(), sequence, moment));
    if (known) then.add_shared(sequence);
  }
  for (const std::uint64_t sequence : now.private_()) {
    ASSIGN_OR_RETURN(const bool known, RecordedThen(store.private_log(), sequence, moment));
    if (known) then.add_private_(sequence);
  }
  return Refold(store, then);
}

absl::StatusOr<StoredCaseView> ViewThen(const log::StoreReader& store, const Directory& directory,
                                        const StoredCaseView& now, const Moment& moment) {
  StoredCaseView then;
  std::vector<event::v1::Position> known;
  for (const auto* list : {&now.entries(), &now.pending()}) {
    for (const event::v1::Position& position : *list) {
      ASSIGN_OR_RETURN(const bool was, KnownThen(store, position, moment));
      if (was) known.push_back(position);
    }
  }
  for (const std::string& line : now.contradictions()) {
    const auto place = PlaceIn(line);
    if (!place) continue;
    ASSIGN_OR_RETURN(const bool was, KnownThen(store, *place, moment));
    if (was) then.add_contradictions(line);
  }
  RETURN_IF_ERROR(FoldAll(store, directory, std::move(known), &then));
  return then;
}

absl::StatusOr<CaseReader::Known> CaseReader::FindThen(absl::string_view id_or_prefix,
                                                       const query::v1::AsKnown& as_known,
                                                       const Viewer& viewer, absl::Time now) const {
  ASSIGN_OR_RETURN(const Moment moment, MomentOf(as_known, now));
  ASSIGN_OR_RETURN(const Known today, Find(id_or_prefix, viewer));
  Known then;
  then.moment = moment;
  if (today.own) {
    ASSIGN_OR_RETURN(then.own, SubjectThen(store_, *today.own, moment));
  }
  ASSIGN_OR_RETURN(then.view, ViewThen(store_, directory_, today.view, moment));
  then.fold = Combine(today.fold.case_id(), then.own ? &*then.own : nullptr, then.view);
  if (!then.fold.segments().empty()) return then;
  return domain::Refusal(
      absl::StatusCode::kNotFound, "CASE_NOT_KNOWN_THEN",
      absl::StrCat("nothing of case ", today.fold.case_id(), " was ",
                   moment.by_authors ? "recorded by those who wrote in it" : "held by this node",
                   " at the end of ", as_known.on(), "; give a later day"));
}

}  // namespace selaras::node
