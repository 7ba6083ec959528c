#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"

#include "services/node/subject_keys.h"

namespace selaras::node {

// What opening a personal part gave.
struct Opened {
  std::optional<event::v1::PersonalPart> part;  // nothing: there is none, or it is pending
  bool pending = false;                         // sealed, and no key that is here opens it
  bool erased = false;                          // pending for ever: its key was destroyed
  std::string entry_key = {};  // of this entry alone, if the part was sealed and is open
};

// The only way to personal data. Thread-safe.
class Opener {
 public:
  virtual ~Opener() = default;
  absl::StatusOr<Opened> Open(const event::v1::Event& event) const {
    return OpenWith(event, nullptr);
  }
  // Asks `uncommitted` for keys before the store. DATA_LOSS if a part or a key is damaged.
  virtual absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                          const UncommittedKeys* uncommitted) const = 0;
};

// Opens what is not sealed; answers *pending* for what is.
class PlainOpener : public Opener {
 public:
  absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                  const UncommittedKeys* uncommitted) const override;
};

// Opens also what was sealed under a key that is kept.
class SealedOpener : public Opener {
 public:
  // The keys must outlive the object.
  explicit SealedOpener(const SubjectKeys& keys) : keys_(keys) {}
  absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                  const UncommittedKeys* uncommitted) const override;

 private:
  const SubjectKeys& keys_;
};

// Opens also what is sealed under keys of a request, or of its batch.
class OpenerWithin final : public Opener {
 public:
  // The opener, and the maps of keys, must outlive the object.
  OpenerWithin(const Opener& opener, UncommittedKeys keys)
      : opener_(opener), keys_(std::move(keys)) {}
  absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                  const UncommittedKeys* /*uncommitted*/) const override {
    return opener_.OpenWith(event, &keys_);
  }

 private:
  const Opener& opener_;
  const UncommittedKeys keys_;
};

// Remembers what another one could open, for who looks at the same entries several times in a row.
// One thread.
class OpenedOnce final : public Opener {
 public:
  explicit OpenedOnce(const Opener& opener) : opener_(opener) {}
  absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                  const UncommittedKeys* uncommitted) const override;
  // When keys were destroyed.
  void Forget() { opened_.clear(); }

 private:
  const Opener& opener_;
  mutable std::map<std::string, Opened> opened_;  // by all bytes of the entry
};

}  // namespace selaras::node
