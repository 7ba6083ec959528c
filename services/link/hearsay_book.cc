#include "services/link/hearsay_book.h"

#include <algorithm>
#include <optional>

#include "storage/log/published.h"

namespace selaras::link {

HearsayBook::HearsayBook(std::string node, const log::StoreReader& store,
                         std::vector<Followed> followed, Found found)
    : node_(std::move(node)),
      store_(store),
      followed_(std::move(followed)),
      found_(std::move(found)) {}

std::vector<Hearsay> HearsayBook::NewestBut(absl::string_view except) const {
  std::vector<Hearsay> all;
  for (const Followed& followed : followed_) {
    const std::string& log = followed.mirror->name();
    if (log == except) continue;
    const auto newest = log::NewestPublished(store_, log);
    if (!newest.ok() || !*newest) continue;
    absl::StatusOr<std::string> note = log::WithoutCosignatures((*newest)->note);
    if (note.ok()) all.push_back({log, *std::move(note)});
  }
  return all;
}

void HearsayBook::Hear(const std::string& teller, const Hearsay& told) {
  const auto followed =
      std::find_if(followed_.begin(), followed_.end(),
                   [&](const Followed& known) { return known.mirror->name() == told.log; });
  if (followed == followed_.end() || told.log == teller) return;
  absl::StatusOr<log::SignedCheckpoint> opened = log::OpenCheckpoint(followed->verifier, told.note);
  if (!opened.ok()) return;  // it proves nothing
  {
    const std::lock_guard lock(mutex_);
    if (opened->checkpoint.size > followed->mirror->size()) {
      waiting_.try_emplace({told.log, teller}, Waiting{*std::move(opened), &*followed});
      return;
    }
  }
  Compare(teller, *followed, *opened);
}

void HearsayBook::Grew() {
  std::vector<std::pair<std::string, Waiting>> reached;
  {
    const std::lock_guard lock(mutex_);
    for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
      if (waiting->second.told.checkpoint.size > waiting->second.followed->mirror->size()) {
        ++waiting;
        continue;
      }
      reached.emplace_back(waiting->first.second, std::move(waiting->second));
      waiting = waiting_.erase(waiting);
    }
  }
  for (const auto& [teller, waiting] : reached) {
    Compare(teller, *waiting.followed, waiting.told);
  }
}

void HearsayBook::Compare(const std::string& teller, const Followed& followed,
                          const log::SignedCheckpoint& told) {
  // Keeps the evidence, too.
  const absl::Status same = followed.mirror->Extend(told.checkpoint.size, {}, told.note);
  if (!absl::IsDataLoss(same)) return;
  const auto view = log::MakeSplitView(*followed.mirror, node_, told, teller, same.message());
  if (view.ok()) found_(*view);
}

}  // namespace selaras::link
