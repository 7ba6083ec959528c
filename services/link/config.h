#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/link/attachments.h"
#include "services/link/directories.h"
#include "services/link/entry_keys.h"
#include "services/link/limits.h"
#include "storage/base/number.h"
#include "storage/log/cosignature.h"
#include "storage/log/limits.h"
#include "storage/log/note.h"

namespace selaras::link {

// One end of a link. The verifier's name is the origin of the node's shared log.
struct Party {
  std::string node;
  log::NoteVerifier verifier;
  // What verifies its cosignatures; nothing: they are not taken.
  std::optional<log::CosignatureVerifier> witness = {};
};

// How much is sent at a time and how long is waited. Nothing here is needed for correctness.
struct Flow {
  std::size_t frame_leaves = log::kFrameLeavesMax;
  std::size_t frame_entries = kFrameEntriesMax;
  // Entries of a frame together; a single larger entry goes alone. Small, so that a line of
  // 64 kbit/s shows progress every few seconds.
  std::size_t frame_entry_bytes = 64 << 10;
  // Sent and not yet acknowledged: beyond it nothing more is sent. Overshot by less than a frame.
  std::size_t window_bytes = 256 << 10;
  // Places asked for at once by Want().
  std::size_t asked_places = 64;
  // Without progress for so long, what is missing is asked for or sent again; the wait doubles
  // with every attempt, up to the maximum, and starts anew with progress.
  absl::Duration silence = absl::Seconds(60);
  absl::Duration silence_max = absl::Minutes(10);
  // An idle source states its checkpoint anew so often.
  absl::Duration heartbeat = absl::Seconds(60);
  // So often the peer is told what third nodes published, if there is news.
  absl::Duration gossip = absl::Seconds(10);
};

// Frames that come in a file instead of over a line (exchange_file.h). A file may be older than
// what is held, so a small checkpoint alone is no rollback.
struct Carried {
  // What the sender has shown in an older file, so that this one may not lead to less; 0 if this
  // one is the older one.
  base::TreeSize least;
};

struct SessionConfig {
  Party own;
  Party peer;  // its key: that of the configuration, which others may have replaced since
  Flow flow;
  // From 0 to 1, chosen by the caller: stretches every wait by up to a half, so that links that
  // broke together do not retry together.
  double jitter = 0;
  std::optional<Carried> carried = std::nullopt;
  // Receipts of all changes of the own log's key, oldest first (key_change.h).
  std::vector<std::string> key_changes = {};
  // Logs of other nodes that this one follows: it wants to be told about them.
  std::vector<std::string> follows = {};
  // What opens sealed parts; nothing: no keys are given or taken.
  EntryKeys* keys = nullptr;
  // Documents; nothing: none are fetched or given.
  Attachments* attachments = nullptr;
  // The directory of nodes; nothing: there is none here.
  Directories* directories = nullptr;
};

}  // namespace selaras::link
