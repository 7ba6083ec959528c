#pragma once

#include <atomic>
#include <vector>

#include "tests/support/forwarding_store.h"

namespace selaras::test {

// A store on a disk that is full after so many more writes, until somebody makes room.
class FullStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  void FillAfter(int writes) { writes_left_ = writes; }
  void MakeRoom() { writes_left_ = kPlenty; }

  absl::Status Write(const std::vector<log::RowWrite>& rows, log::Durability durability) override {
    if (writes_left_-- <= 0) return absl::UnavailableError("no room");
    return ForwardingStore::Write(rows, durability);
  }
  absl::StatusOr<log::Appended> Append(const log::AppendBatch& batch) override {
    if (writes_left_-- <= 0) return absl::UnavailableError("no room");
    return ForwardingStore::Append(batch);
  }

 private:
  static constexpr int kPlenty = 1'000'000;

  std::atomic<int> writes_left_ = kPlenty;
};

}  // namespace selaras::test
