#include "storage/audit/live_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"

namespace selaras::audit {
namespace {

absl::Status NobodyWrites() { return absl::UnimplementedError("a store that is only read"); }

}  // namespace

// One log of the moment that is shown.
class LiveStore::Log final : public log::Mirror {
 public:
  explicit Log(const log::LogReader& first) : name_(first.name()), origin_(first.origin()) {}

  // `mirror` is nullptr for an own log.
  void Show(const log::LogReader& log, const log::Mirror* mirror, bool pinned) {
    log_ = &log;
    mirror_ = mirror;
    if (pinned) return;
    size_ = log.size();
    checkpoint_ = log.checkpoint();
    keys_ = log.keys();
  }

  const std::string& name() const override { return name_; }
  const std::string& origin() const override { return origin_; }
  std::optional<log::LogKeys> keys() const override { return keys_; }
  base::TreeSize size() const override { return size_; }
  log::SignedCheckpoint checkpoint() const override { return checkpoint_; }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override {
    return log_->Entry(sequence);
  }
  absl::Status Entries(base::Sequence first, std::uint64_t count,
                       absl::FunctionRef<void(base::Sequence sequence, absl::string_view bytes)>
                           entry) const override {
    return log_->Entries(first, count, entry);
  }
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override {
    return log_->Hashes(tile_level, first, count);
  }
  std::uint64_t entries_held() const override { return mirror_->entries_held(); }
  absl::StatusOr<std::vector<base::Sequence>> Kept(std::uint64_t from,
                                                   std::size_t max) const override {
    return mirror_->Kept(from, max);
  }
  absl::StatusOr<std::optional<absl::Time>> KeptAt(base::Sequence sequence) const override {
    return mirror_->KeptAt(sequence);
  }

  absl::Status Extend(base::TreeSize, std::span<const base::Digest>, absl::string_view) override {
    return NobodyWrites();
  }
  absl::Status AddKey(const log::NoteVerifier&, absl::string_view) override {
    return NobodyWrites();
  }
  absl::StatusOr<std::size_t> Keep(std::span<const log::DisclosedEntry>, absl::Time) override {
    return NobodyWrites();
  }

 private:
  const std::string name_;
  const std::string origin_;
  const log::LogReader* log_ = nullptr;
  const log::Mirror* mirror_ = nullptr;
  base::TreeSize size_;
  log::SignedCheckpoint checkpoint_;
  std::optional<log::LogKeys> keys_;
};

absl::StatusOr<std::unique_ptr<LiveStore>> LiveStore::Open(AsOfNow as_of_now) {
  std::unique_ptr<LiveStore> store(new LiveStore(std::move(as_of_now)));
  RETURN_IF_ERROR(store->Renew());
  return store;
}

LiveStore::LiveStore(AsOfNow as_of_now) : as_of_now_(std::move(as_of_now)) {}

LiveStore::~LiveStore() = default;

absl::Status LiveStore::Renew() { return Show(false); }

absl::Status LiveStore::Slide() { return Show(true); }

absl::Status LiveStore::Show(bool pinned) {
  ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> next, as_of_now_());
  const std::vector<const log::Mirror*> mirrors = next->mirrors();
  if (logs_.empty()) {
    logs_.push_back(std::make_unique<Log>(next->shared()));
    logs_.push_back(std::make_unique<Log>(next->private_log()));
    for (const log::Mirror* mirror : mirrors) logs_.push_back(std::make_unique<Log>(*mirror));
  }
  std::vector<const log::Mirror*> shown;
  for (std::size_t i = 2; i < logs_.size(); ++i) {
    const auto found = std::find_if(mirrors.begin(), mirrors.end(), [&](const log::Mirror* mirror) {
      return mirror->name() == logs_[i]->name();
    });
    if (found == mirrors.end()) {
      return absl::DataLossError(absl::StrCat("the mirror ", logs_[i]->name(), " is gone"));
    }
    shown.push_back(*found);
  }
  logs_[0]->Show(next->shared(), nullptr, pinned);
  logs_[1]->Show(next->private_log(), nullptr, pinned);
  for (std::size_t i = 2; i < logs_.size(); ++i) {
    logs_[i]->Show(*shown[i - 2], shown[i - 2], pinned);
  }
  now_ = std::move(next);
  return absl::OkStatus();
}

const log::LogReader& LiveStore::shared() const { return *logs_[0]; }

const log::LogReader& LiveStore::private_log() const { return *logs_[1]; }

std::vector<const log::Mirror*> LiveStore::mirrors() const {
  std::vector<const log::Mirror*> mirrors;
  for (std::size_t i = 2; i < logs_.size(); ++i) mirrors.push_back(logs_[i].get());
  return mirrors;
}

}  // namespace selaras::audit
