#include "services/statistics/counts.h"

namespace selaras::statistics {
namespace {

bool Less(std::uint64_t less, std::uint64_t* from) {
  if (less > *from) return false;
  *from -= less;
  return true;
}

// Takes away from the number at `key`, which goes when nothing is left of it.
template <typename Map>
bool LessAt(const typename Map::key_type& key, std::uint64_t less, Map* map) {
  const auto found = map->find(key);
  if (found == map->end() || !Less(less, &found->second)) return false;
  if (found->second == 0) map->erase(found);
  return true;
}

}  // namespace

Counts::Counts(const storage::v1::StoredCounts& stored) { Add(stored); }

void Counts::Add(const storage::v1::StoredCounts& more) {
  cases_ += more.cases();
  reports_ += more.reports();
  recommendations_ += more.recommendations();
  persons_ += more.persons();
  identity_open_ += more.identity_open();
  for (const auto& count : more.counts()) {
    counts_[{count.dimension(), count.value()}] += count.count();
  }
  for (const auto& due : more.due()) {
    Ends& ends = due_[due.deadline()];
    for (int i = 0; i < due.ends_size(); ++i) ends[due.ends(i)] += due.counts(i);
  }
  for (const auto& days : more.days()) {
    Days& to = days_[days.stage()];
    to.out_of_order += days.out_of_order();
    for (int i = 0; i < days.buckets_size(); ++i) to.counts[days.buckets(i)] += days.counts(i);
  }
}

bool Counts::Subtract(const storage::v1::StoredCounts& less) {
  bool was_there = Less(less.cases(), &cases_) && Less(less.reports(), &reports_) &&
                   Less(less.recommendations(), &recommendations_) &&
                   Less(less.persons(), &persons_) && Less(less.identity_open(), &identity_open_);
  for (const auto& count : less.counts()) {
    was_there = was_there && LessAt({count.dimension(), count.value()}, count.count(), &counts_);
  }
  for (const auto& due : less.due()) {
    const auto found = due_.find(due.deadline());
    if (found == due_.end()) return false;
    for (int i = 0; i < due.ends_size(); ++i) {
      was_there = was_there && LessAt(due.ends(i), due.counts(i), &found->second);
    }
    if (found->second.empty()) due_.erase(found);
  }
  for (const auto& days : less.days()) {
    const auto found = days_.find(days.stage());
    if (found == days_.end()) return false;
    Days& from = found->second;
    was_there = was_there && Less(days.out_of_order(), &from.out_of_order);
    for (int i = 0; i < days.buckets_size(); ++i) {
      was_there = was_there && LessAt(days.buckets(i), days.counts(i), &from.counts);
    }
    if (from.counts.empty() && from.out_of_order == 0) days_.erase(found);
  }
  return was_there;
}

bool Counts::empty() const {
  return cases_ == 0 && reports_ == 0 && recommendations_ == 0 && persons_ == 0 &&
         identity_open_ == 0 && counts_.empty() && due_.empty() && days_.empty();
}

storage::v1::StoredCounts Counts::ToStored(const std::string& election,
                                           const std::string& region) const {
  storage::v1::StoredCounts stored;
  stored.set_election(election);
  stored.set_region(region);
  stored.set_cases(cases_);
  stored.set_reports(reports_);
  stored.set_recommendations(recommendations_);
  stored.set_persons(persons_);
  stored.set_identity_open(identity_open_);
  for (const auto& [key, count] : counts_) {
    auto* to = stored.add_counts();
    to->set_dimension(key.first);
    to->set_value(key.second);
    to->set_count(count);
  }
  for (const auto& [deadline, ends] : due_) {
    auto* to = stored.add_due();
    to->set_deadline(deadline);
    for (const auto& [end, count] : ends) {
      to->add_ends(end);
      to->add_counts(count);
    }
  }
  for (const auto& [stage, days] : days_) {
    auto* to = stored.add_days();
    to->set_stage(stage);
    to->set_out_of_order(days.out_of_order);
    for (const auto& [bucket, count] : days.counts) {
      to->add_buckets(bucket);
      to->add_counts(count);
    }
  }
  return stored;
}

}  // namespace selaras::statistics
