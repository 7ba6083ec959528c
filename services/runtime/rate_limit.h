#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace selaras::runtime {

// Lets each key take a number of tokens at once and then so many an hour, and all keys together
// several times as many (token buckets). Time is handed in; memory is bounded: of many keys it
// forgets the one that took least of late. One thread at a time.
class RateLimit {
 public:
  struct Options {
    double at_once = 1;
    double an_hour = 1;
    double all_keys = 1;  // times what one key may take
    std::size_t keys_max = 1'024;
  };
  explicit RateLimit(Options options);

  // Takes a token. Zero: there was one. Otherwise how long until there is one; then none was taken.
  // `now` is monotonic time; what lies before an earlier call counts as that call's.
  absl::Duration Take(absl::string_view key, absl::Duration now);

  std::size_t keys() const { return keys_.size(); }

 private:
  struct Bucket {
    double tokens;
    absl::Duration at;
  };

  void Fill(Bucket& bucket, double times, absl::Duration now) const;
  absl::Duration WaitFor(const Bucket& bucket, double times) const;
  Bucket& BucketOf(absl::string_view key, absl::Duration now);

  const Options options_;
  Bucket all_;
  std::map<std::string, Bucket, std::less<>> keys_;
};

}  // namespace selaras::runtime
