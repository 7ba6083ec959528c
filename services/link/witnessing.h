#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/cosignature.h"

// What a session needs of its node to publish, to cosign and to tell. All of it is thread-safe.
namespace selaras::link {

// A checkpoint of the own log that is to be cosigned. It is published anew under another round,
// also if the log has not grown.
struct Publication {
  log::SignedCheckpoint checkpoint;
  std::uint64_t round = 0;
};

// What this node publishes.
class Publications {
 public:
  virtual ~Publications() = default;

  // The newest, or nothing. Its note is signed by the log alone.
  virtual std::optional<Publication> Newest() const = 0;

  // Keeps what the witness states of the published checkpoint of that size.
  //
  //   NOT_FOUND                    none of that size was published
  //   INVALID_ARGUMENT, DATA_LOSS  the witness did not sign it
  virtual absl::Status Keep(base::TreeSize size, const log::CosignatureVerifier& witness,
                            absl::string_view signature) = 0;
};

// This node as a witness of the peer's log.
class Witness {
 public:
  virtual ~Witness() = default;

  // The cosignature line for what the peer published, which is exactly what the mirror holds now.
  // Nothing if none may be given: there is no key, the clock is in doubt, or a larger checkpoint
  // was seen. Whatever is given is durable before.
  virtual absl::StatusOr<std::optional<std::string>> Cosign(
      const log::SignedCheckpoint& published) = 0;
};

// What a third node published.
struct Hearsay {
  std::string log;
  std::string note;
  std::string split_view = {};  // evidence that the log has shown two histories, or nothing

  friend bool operator==(const Hearsay&, const Hearsay&) = default;
};

// What nodes tell each other about others.
class Gossip {
 public:
  virtual ~Gossip() = default;

  // The newest checkpoints of these logs that their owners published to this node.
  virtual std::vector<Hearsay> Newest(const std::set<std::string>& logs) const = 0;

  // The peer said this. Whether it is true is for the receiver to find out.
  virtual void Hear(const Hearsay& told) = 0;
};

// Each may be absent: then nothing is published, cosigned or told.
struct Witnessing {
  Publications* publications = nullptr;
  Witness* witness = nullptr;
  Gossip* gossip = nullptr;
};

}  // namespace selaras::link
