#include "services/link/hearsay_book.h"

#include <optional>

#include "storage/log/published.h"

namespace selaras::link {

HearsayBook::HearsayBook(std::string node, const log::StoreReader& store,
                         const std::vector<log::Mirror*>& followed, Found found)
    : node_(std::move(node)), store_(store), found_(std::move(found)) {
  for (log::Mirror* const mirror : followed) followed_.emplace(mirror->name(), mirror);
}

std::vector<Hearsay> HearsayBook::NewestOf(const std::set<std::string>& logs,
                                           absl::string_view except) const {
  std::vector<Hearsay> all;
  for (const std::string& name : logs) {
    if (name == except || !followed_.contains(name)) continue;
    {
      const std::lock_guard lock(mutex_);
      if (const auto proven = proven_.find(name); proven != proven_.end()) {
        all.push_back({name, proven->second.held.note, log::SplitViewText(proven->second)});
        continue;
      }
    }
    const auto newest = log::NewestPublished(store_, name);
    if (!newest.ok() || !*newest) continue;
    absl::StatusOr<std::string> note = log::WithoutCosignatures((*newest)->note);
    if (note.ok()) all.push_back({name, *std::move(note)});
  }
  return all;
}

void HearsayBook::Hear(const std::string& teller, const Hearsay& told) {
  const auto known = followed_.find(told.log);
  if (known == followed_.end() || told.log == teller) return;
  log::Mirror& followed = *known->second;
  if (!told.split_view.empty()) return Believe(followed, told.split_view);
  absl::StatusOr<log::SignedCheckpoint> opened = followed.keys()->Open(told.note);
  if (!opened.ok()) {
    // Somebody signs on with the key of a log that was closed: that is kept, and alarms nobody.
    if (followed.keys()->ClosingBefore(told.note)) {
      followed.Extend(followed.size(), {}, told.note).IgnoreError();
    }
    return;  // it proves nothing
  }
  {
    const std::lock_guard lock(mutex_);
    if (opened->checkpoint.size > followed.size()) {
      waiting_.try_emplace({told.log, teller}, Waiting{*std::move(opened), &followed});
      return;
    }
  }
  Compare(teller, followed, *opened);
}

void HearsayBook::Believe(log::Mirror& followed, const std::string& text) {
  const auto view = log::ParseSplitView(text);
  if (!view.ok() || view->log != followed.name()) return;
  {
    const std::lock_guard lock(mutex_);
    if (proven_.contains(view->log)) return;
  }
  if (!log::VerifySplitView(*view, *followed.keys()).ok()) return;  // slander
  Remember(*view);
  found_(*view);
}

void HearsayBook::Remember(const log::SplitView& proven) {
  const std::lock_guard lock(mutex_);
  proven_.try_emplace(proven.log, proven);
}

void HearsayBook::Grew() {
  std::vector<std::pair<std::string, Waiting>> reached;
  {
    const std::lock_guard lock(mutex_);
    for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
      if (waiting->second.told.checkpoint.size > waiting->second.followed->size()) {
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

void HearsayBook::Compare(const std::string& teller, log::Mirror& followed,
                          const log::SignedCheckpoint& told) {
  // Keeps the evidence, too.
  const absl::Status same = followed.Extend(told.checkpoint.size, {}, told.note);
  if (!absl::IsDataLoss(same)) return;
  const auto view = log::MakeSplitView(followed, node_, told, teller, same.message());
  if (!view.ok()) return;
  Remember(*view);
  found_(*view);
}

}  // namespace selaras::link
