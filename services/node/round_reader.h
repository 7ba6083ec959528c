#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/arena.h>

#include "selaras/storage/v1/storage.pb.h"

#include "storage/log/store.h"

namespace selaras::node {

// A store while some of its own entries are handled: these, and the own parts of the cases and
// reports that they are about, are read once and looked at often.
//
// A case or report is as it was when it was asked for first. Make the object, and know which
// entries are to be handled, before: then each holds at least what follows from them. One thread.
class RoundReader final : public log::StoreReader {
 public:
  // `store` must outlive it.
  explicit RoundReader(const log::StoreReader& store)
      : store_(store), shared_(store.shared()), private_(store.private_log()) {}

  // Reads own entries that are to be handled at once, and keeps them. OUT_OF_RANGE past the end;
  // none may begin anywhere.
  absl::Status KeepShared(base::Sequence first, std::uint64_t count) {
    return shared_.Keep(first, count);
  }
  absl::Status KeepPrivate(base::Sequence first, std::uint64_t count) {
    return private_.Keep(first, count);
  }

  // The own part of a case or report by its row of kState, as LoadSubject() gives it; nullptr if
  // there is none. Valid as long as the reader.
  absl::StatusOr<const storage::v1::StoredSubject*> Subject(absl::string_view row) const;

  const log::LogReader& shared() const override { return shared_; }
  const log::LogReader& private_log() const override { return private_; }
  std::vector<const log::Mirror*> mirrors() const override { return store_.mirrors(); }
  const log::Mirror* FindMirror(absl::string_view name) const override {
    return store_.FindMirror(name);
  }
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    return store_.Get(table, key);
  }
  absl::Status Scan(log::Table table, absl::string_view prefix, absl::string_view from,
                    const std::function<bool(absl::string_view key, absl::string_view value)>& row)
      const override {
    return store_.Scan(table, prefix, from, row);
  }
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return store_.Last(table, prefix, before);
  }
  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return store_.evidence(); }

 private:
  class Log final : public log::LogReader {
   public:
    explicit Log(const log::LogReader& log) : log_(log) {}
    absl::Status Keep(base::Sequence first, std::uint64_t count);

    const std::string& name() const override { return log_.name(); }
    const std::string& origin() const override { return log_.origin(); }
    std::optional<log::LogKeys> keys() const override { return log_.keys(); }
    base::TreeSize size() const override { return log_.size(); }
    log::SignedCheckpoint checkpoint() const override { return log_.checkpoint(); }
    absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
    absl::StatusOr<std::vector<base::Sequence>> Lost(base::Sequence first,
                                                     std::uint64_t count) const override {
      return log_.Lost(first, count);
    }
    absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                     std::uint64_t count) const override {
      return log_.Hashes(tile_level, first, count);
    }

   private:
    const log::LogReader& log_;
    std::map<std::uint64_t, std::string> kept_;
  };

  const log::StoreReader& store_;
  Log shared_;
  Log private_;
  mutable google::protobuf::Arena arena_;  // what is taken apart here goes at once
  mutable std::map<std::string, const storage::v1::StoredSubject*, std::less<>> subjects_;
};

}  // namespace selaras::node
