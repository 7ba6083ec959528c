#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"
#include "services/node/opener.h"
#include "storage/log/store.h"

// Personal data of facts, read through the opener and corrected as the log says.
namespace selaras::node {

// Reads entries wherever they are: a store, or a batch that is not committed yet.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  // NOT_FOUND if the entry is not held.
  virtual absl::StatusOr<event::v1::Event> Event(const event::v1::Position& position) const = 0;
};

// Those of the own logs and the mirrors.
class StoredEntries final : public EntrySource {
 public:
  explicit StoredEntries(const log::StoreReader& store) : store_(store) {}
  absl::StatusOr<event::v1::Event> Event(const event::v1::Position& position) const override;

 private:
  const log::StoreReader& store_;
};

// The personal part of a fact with its corrections applied in order.
absl::StatusOr<Opened> PersonalOf(const storage::v1::EffectiveFact& fact,
                                  const EntrySource& entries, const Opener& opener);

// What is known of the respondent: the newest value of each field, by those who had the file.
// `pending` tells whether anything could not be opened.
struct KnownRespondent {
  event::v1::Respondent respondent;
  std::vector<std::string> earlier_nips;  // before a new contract, the oldest first
  bool pending = false;
};
absl::StatusOr<KnownRespondent> RespondentIn(const domain::CaseFold& fold,
                                             const EntrySource& entries, const Opener& opener);

}  // namespace selaras::node
