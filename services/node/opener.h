#pragma once

#include <optional>

#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"

namespace selaras::node {

// What opening a personal part gave.
struct Opened {
  std::optional<event::v1::PersonalPart> part;  // nothing: there is none, or it is pending
  bool pending = false;                         // sealed, and the key has not come yet
};

// The only way to personal data. Thread-safe.
class Opener {
 public:
  virtual ~Opener() = default;
  // DATA_LOSS if the part is damaged.
  virtual absl::StatusOr<Opened> Open(const event::v1::Event& event) const = 0;
};

// Opens what is not sealed; answers *pending* for what is.
class PlainOpener : public Opener {
 public:
  absl::StatusOr<Opened> Open(const event::v1::Event& event) const override;
};

}  // namespace selaras::node
