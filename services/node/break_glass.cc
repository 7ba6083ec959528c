#include "services/node/break_glass.h"

#include <cstdint>
#include <set>

#include "services/domain/deadline_facts.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
absl::Time EndOfBreakGlass(const event::v1::Event& event) {
  return domain::TimeOf(event.recorded_at()) +
         absl::Minutes(event.fact().break_glass_opened().minutes());
}

absl::StatusOr<bool> IsWithinBreakGlass(const log::StoreReader& store,
                                        const event::v1::Event& event, absl::Time now) {
  if (now < domain::TimeOf(event.recorded_at()) || EndOfBreakGlass(event) <= now) return false;
  const std::uint64_t size = store.private_log().size().value;
  const auto newest = ReadEvent(store.private_log(), {size - 1});  // the opening stands there
  if (absl::IsNotFound(newest.status())) return false;             // lost
  RETURN_IF_ERROR(newest.status());
  return domain::TimeOf(newest->recorded_at()) < EndOfBreakGlass(event);
}

absl::StatusOr<std::optional<event::v1::Position>> OpenBreakGlass(
    const log::StoreReader& store, const storage::v1::StoredSubject& report, absl::string_view by,
    absl::string_view role, absl::Time now) {
  std::set<std::uint64_t> reviewed;
  for (int i = report.private__size(); i > 0; --i) {  // reviews come after what they are about
    const std::uint64_t sequence = report.private_(i - 1);
    const auto event = ReadEvent(store.private_log(), {sequence});
    if (absl::IsNotFound(event.status())) continue;  // lost
    RETURN_IF_ERROR(event.status());
    if (event->fact().has_break_glass_reviewed()) {
      reviewed.insert(event->fact().break_glass_reviewed().opening().sequence());
    }
    const auto& opened = event->fact().break_glass_opened();
    if (!event->fact().has_break_glass_opened() || opened.by() != by || opened.role() != role ||
        reviewed.contains(sequence)) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool within, IsWithinBreakGlass(store, *event, now));
    if (!within) continue;
    event::v1::Position position;
    position.set_log(store.private_log().name());
    position.set_sequence(sequence);
    return position;
  }
  return std::nullopt;
}

}  // namespace selaras::node
