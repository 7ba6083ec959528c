#pragma once

#include <cstddef>

namespace selaras::log {

inline constexpr std::size_t kEntryBytesMax = 65'535;    // one entry; longer texts are attachments
inline constexpr std::size_t kAppendEntriesMax = 1'024;  // one batch, one sync, both logs together
inline constexpr std::size_t kFrameLeavesMax = 1'024;    // leaf hashes that extend a mirror at once
inline constexpr std::size_t kCheckpointBytesMax = 4'096;  // a signed note with its signatures
// Who may cosign a published checkpoint: the first and the newest cosignature of each stay below
// the hundred signatures that readers of notes take.
inline constexpr std::size_t kCosignersMax = 48;
inline constexpr std::size_t kEvidencePerLogMax = 64;  // one proves it; more only fills the disk

}  // namespace selaras::log
