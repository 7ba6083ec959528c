#include "services/runtime/rate_limit.h"

#include <algorithm>

#include "storage/base/check.h"

namespace selaras::runtime {

RateLimit::RateLimit(Options options)
    : options_(options), all_{options.at_once * options.all_keys, absl::ZeroDuration()} {
  SELARAS_CHECK(options.at_once >= 1 && options.an_hour > 0 && options.all_keys >= 1 &&
                options.keys_max > 0)
      << "a limit that nobody could ever keep";
}

void RateLimit::Fill(Bucket& bucket, double times, absl::Duration now) const {
  if (now <= bucket.at) return;
  const double hours = absl::ToDoubleHours(now - bucket.at);
  bucket.tokens =
      std::min(times * options_.at_once, bucket.tokens + hours * times * options_.an_hour);
  bucket.at = now;
}

absl::Duration RateLimit::WaitFor(const Bucket& bucket, double times) const {
  if (bucket.tokens >= 1) return absl::ZeroDuration();
  // A little more, so that whoever waits as long as told does find one.
  return absl::Hours((1 - bucket.tokens) / (times * options_.an_hour)) + absl::Milliseconds(1);
}

RateLimit::Bucket& RateLimit::BucketOf(absl::string_view key, absl::Duration now) {
  if (const auto found = keys_.find(key); found != keys_.end()) return found->second;
  if (keys_.size() >= options_.keys_max) {
    for (auto& [name, bucket] : keys_) Fill(bucket, 1, now);
    keys_.erase(std::max_element(keys_.begin(), keys_.end(), [](const auto& a, const auto& b) {
      return a.second.tokens < b.second.tokens;
    }));
  }
  return keys_.emplace(std::string(key), Bucket{options_.at_once, now}).first->second;
}

absl::Duration RateLimit::Take(absl::string_view key, absl::Duration now) {
  Bucket& bucket = BucketOf(key, now);
  Fill(bucket, 1, now);
  Fill(all_, options_.all_keys, now);
  const absl::Duration wait = std::max(WaitFor(bucket, 1), WaitFor(all_, options_.all_keys));
  if (wait > absl::ZeroDuration()) return wait;
  bucket.tokens -= 1;
  all_.tokens -= 1;
  return absl::ZeroDuration();
}

}  // namespace selaras::runtime
