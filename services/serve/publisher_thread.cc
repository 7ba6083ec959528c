#include "services/serve/publisher_thread.h"

#include <utility>

#include "absl/time/time.h"

namespace selaras::serve {

PublisherThread::PublisherThread(link::PublishedLog& log, runtime::Clock& clock,
                                 runtime::Logger& logger, std::function<void()> published)
    : log_(log),
      clock_(clock),
      logger_(logger),
      published_(std::move(published)),
      thread_([this] { Look(); }, absl::Seconds(1)) {}

void PublisherThread::Look() {
  const absl::StatusOr<bool> published = log_.Look(clock_.Monotonic());
  // A full disk is said once, not every second.
  if (!published.ok() && !std::exchange(failed_, true)) {
    logger_.Warning("checkpoint not published", {{"reason", published.status().message()}});
  }
  if (published.ok()) failed_ = false;
  if (published.ok() && *published) published_();
}

}  // namespace selaras::serve
