#pragma once

#include <cstddef>
#include <cstdint>

// What a frame may hold. A frame beyond these is refused and ends the session: both sides know
// them, so only a broken or hostile sender exceeds them.
namespace selaras::link {

inline constexpr std::uint32_t kProtocol = 1;

// Additions to it, as a Hello counts them.
inline constexpr std::uint32_t kAdditionWitnessing = 1;   // Publish, Cosigned, Told
inline constexpr std::uint32_t kAdditionAttachments = 2;  // GetAttachment, AttachmentPart
inline constexpr std::uint32_t kAdditionDirectory = 3;    // ListedNodes
inline constexpr std::uint32_t kAdditions = kAdditionDirectory;

inline constexpr std::size_t kFrameEntriesMax = 256;           // entries, or places asked for
inline constexpr std::size_t kFrameEntryBytesMax = 512 << 10;  // all entries of a frame together
inline constexpr std::size_t kFrameBytesMax = 640 << 10;       // a frame as it is sent
inline constexpr std::size_t kEpochBytesMax = 64;
inline constexpr std::size_t kKeyChangesMax = 32;  // of one log, in a Hello
inline constexpr std::size_t kKeyChangeBytesMax = 16 << 10;
inline constexpr std::size_t kFollowsMax = 1'024;         // names in a Hello
inline constexpr std::size_t kSignatureBytesMax = 1'024;  // a cosignature line
inline constexpr std::size_t kSplitViewBytesMax = 16 << 10;
inline constexpr std::size_t kDirectoryBytesMax = 512 << 10;  // all nodes, signed
inline constexpr std::size_t kReasonBytesMax = 1'024;         // why the peer stops, in words

// Places that the peer asked for and that were not answered yet. More are dropped, not refused:
// who asks asks again.
inline constexpr std::size_t kAskedMax = 1'024;

// A chunk of a document: 64 KiB and the tag that seals them.
inline constexpr std::size_t kChunkBytesMax = (64 << 10) + 16;

// Chunks that the peer asked for and that were not given yet; more are dropped likewise. Who
// keeps to the protocol asks for one at a time.
inline constexpr std::size_t kChunksAskedMax = 4;

// Bytes that one leaf hash takes in a frame.
inline constexpr std::size_t kLeafBytes = 34;

// Key of a sealed part.
inline constexpr std::size_t kEntryKeyBytes = 32;

}  // namespace selaras::link
