#include "services/link/frames.h"

#include <algorithm>

#include "services/link/errors.h"
#include "services/link/limits.h"
#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/limits.h"
#include "storage/log/names.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

// Far beyond any log, and twice as much can still be added without overflow.
constexpr std::uint64_t kNumberMax = std::uint64_t{1} << 62;

absl::Status CheckNumber(absl::string_view what, std::uint64_t number) {
  return number <= kNumberMax ? absl::OkStatus() : NumberTooLarge(what, number);
}

absl::Status CheckText(absl::string_view what, absl::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most ? absl::OkStatus()
                                              : WrongText(what, text.size(), most);
}

absl::Status CheckCount(absl::string_view what, int found, std::size_t most) {
  const auto count = static_cast<std::size_t>(found);
  return count <= most ? absl::OkStatus() : TooMany(what, count, most);
}

absl::Status CheckEntries(const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries) {
  RETURN_IF_ERROR(CheckCount("entries", entries.size(), kFrameEntriesMax));
  std::size_t bytes = 0;
  for (const ledger::v1::LogEntry& entry : entries) {
    RETURN_IF_ERROR(CheckNumber("place", entry.sequence()));
    if (entry.entry().empty() || entry.entry().size() > log::kEntryBytesMax) {
      return WrongEntryLength({entry.sequence()}, entry.entry().size());
    }
    if (!entry.key().empty() && entry.key().size() != kEntryKeyBytes) {
      return WrongText("a key", entry.key().size(), kEntryKeyBytes);
    }
    bytes += entry.entry().size();
  }
  return bytes <= kFrameEntryBytesMax ? absl::OkStatus()
                                      : TooMany("bytes of entries", bytes, kFrameEntryBytesMax);
}

absl::Status CheckPlaces(const google::protobuf::RepeatedField<std::uint64_t>& places) {
  RETURN_IF_ERROR(CheckCount("places", places.size(), kFrameEntriesMax));
  for (const std::uint64_t place : places) RETURN_IF_ERROR(CheckNumber("place", place));
  return absl::OkStatus();
}

// The rest of it is compared with the configuration, word by word.
absl::Status Check(const ledger::v1::Hello& hello) {
  RETURN_IF_ERROR(CheckCount("logs that are followed", hello.follows_size(), kFollowsMax));
  RETURN_IF_ERROR(CheckCount("key changes", hello.key_changes_size(), kKeyChangesMax));
  for (const std::string& change : hello.key_changes()) {
    RETURN_IF_ERROR(CheckText("a key change", change, kKeyChangeBytesMax));
  }
  return absl::OkStatus();
}

absl::Status Check(const ledger::v1::Follow& follow) {
  RETURN_IF_ERROR(CheckNumber("size", follow.size()));
  RETURN_IF_ERROR(CheckNumber("index", follow.disclosed()));
  if (follow.epoch().size() > kEpochBytesMax) {
    return WrongText("an epoch", follow.epoch().size(), kEpochBytesMax);
  }
  if (!follow.rewind() || follow.size() == 0) return absl::OkStatus();
  return CheckText("a checkpoint", follow.checkpoint(), log::kCheckpointBytesMax);
}

absl::Status Check(const ledger::v1::Leaves& leaves) {
  RETURN_IF_ERROR(CheckNumber("size", leaves.from_size()));
  RETURN_IF_ERROR(CheckText("a checkpoint", leaves.checkpoint(), log::kCheckpointBytesMax));
  RETURN_IF_ERROR(CheckCount("leaves", leaves.leaf_hashes_size(), log::kFrameLeavesMax));
  if (leaves.leaf_hashes().empty()) return NoneGiven("leaves");
  for (const std::string& hash : leaves.leaf_hashes()) {
    if (hash.size() != base::Digest::kSize) return WrongHash(hash.size());
  }
  return absl::OkStatus();
}

absl::Status Check(const ledger::v1::Disclosed& disclosed) {
  RETURN_IF_ERROR(CheckText("an epoch", disclosed.epoch(), kEpochBytesMax));
  RETURN_IF_ERROR(CheckNumber("index", disclosed.from_index()));
  if (disclosed.entries().empty()) return NoneGiven("entries");
  return CheckEntries(disclosed.entries());
}

absl::Status Check(const ledger::v1::GetEntries& request) {
  if (request.sequences().empty()) return NoneGiven("places");
  return CheckPlaces(request.sequences());
}

absl::Status Check(const ledger::v1::Entries& entries) {
  RETURN_IF_ERROR(CheckEntries(entries.entries()));
  return CheckPlaces(entries.withheld());
}

absl::Status Check(const ledger::v1::CaughtUp& caught_up) {
  RETURN_IF_ERROR(CheckNumber("size", caught_up.size()));
  RETURN_IF_ERROR(CheckNumber("index", caught_up.disclosed()));
  RETURN_IF_ERROR(CheckText("an epoch", caught_up.epoch(), kEpochBytesMax));
  return CheckText("a checkpoint", caught_up.checkpoint(), log::kCheckpointBytesMax);
}

absl::Status Check(const ledger::v1::Publish& publish) {
  return CheckText("a checkpoint", publish.checkpoint(), log::kCheckpointBytesMax);
}

absl::Status Check(const ledger::v1::Cosigned& cosigned) {
  RETURN_IF_ERROR(CheckNumber("size", cosigned.size()));
  return CheckText("a cosignature", cosigned.signature(), kSignatureBytesMax);
}

absl::Status Check(const ledger::v1::Told& told) {
  RETURN_IF_ERROR(CheckText("the name of a log", told.log(), log::kLogNameBytesMax));
  if (told.split_view().size() > kSplitViewBytesMax) {
    return WrongText("evidence", told.split_view().size(), kSplitViewBytesMax);
  }
  return CheckText("a checkpoint", told.checkpoint(), log::kCheckpointBytesMax);
}

absl::Status Check(const ledger::v1::ListedNodes& listed) {
  return CheckText("a directory of nodes", listed.note(), kDirectoryBytesMax);
}

absl::Status Check(const ledger::v1::GetAttachment& question) {
  return CheckNumber("place", question.sequence());
}

absl::Status Check(const ledger::v1::AttachmentPart& part) {
  RETURN_IF_ERROR(CheckNumber("place", part.sequence()));
  return part.data().size() <= kChunkBytesMax
             ? absl::OkStatus()
             : TooMany("bytes of a chunk", part.data().size(), kChunkBytesMax);
}

absl::Status Check(const ledger::v1::Contradiction& contradiction) {
  for (const std::string* note : {&contradiction.given(), &contradiction.held()}) {
    if (note->size() > log::kCheckpointBytesMax) {
      return WrongText("a checkpoint", note->size(), log::kCheckpointBytesMax);
    }
  }
  return absl::OkStatus();  // the reason is only shown, clipped
}

}  // namespace

absl::Status CheckFrame(const Frame& frame) {
  if (frame.ByteSizeLong() > kFrameBytesMax) return FrameTooLarge(frame.ByteSizeLong());
  switch (frame.kind_case()) {
    case Frame::kHello:
      return Check(frame.hello());
    case Frame::kContradiction:
      return Check(frame.contradiction());
    case Frame::kFollow:
      return Check(frame.follow());
    case Frame::kLeaves:
      return Check(frame.leaves());
    case Frame::kDisclosed:
      return Check(frame.disclosed());
    case Frame::kGetEntries:
      return Check(frame.get_entries());
    case Frame::kEntries:
      return Check(frame.entries());
    case Frame::kCaughtUp:
      return Check(frame.caught_up());
    case Frame::kPublish:
      return Check(frame.publish());
    case Frame::kCosigned:
      return Check(frame.cosigned());
    case Frame::kTold:
      return Check(frame.told());
    case Frame::kGetAttachment:
      return Check(frame.get_attachment());
    case Frame::kAttachmentPart:
      return Check(frame.attachment_part());
    case Frame::kListedNodes:
      return Check(frame.listed_nodes());
    case Frame::KIND_NOT_SET:
      break;
  }
  return FrameWithoutKind();
}

std::vector<base::Digest> LeafHashes(const ledger::v1::Leaves& leaves) {
  std::vector<base::Digest> hashes;
  hashes.reserve(leaves.leaf_hashes().size());
  for (const std::string& bytes : leaves.leaf_hashes()) {
    absl::StatusOr<base::Digest> hash = base::Digest::FromBytes(bytes);
    SELARAS_CHECK(hash.ok()) << "CheckFrame has seen its length";
    hashes.push_back(*hash);
  }
  return hashes;
}

std::vector<log::DisclosedEntry> EntriesOf(
    const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries) {
  std::vector<log::DisclosedEntry> out;
  out.reserve(entries.size());
  for (const ledger::v1::LogEntry& entry : entries) {
    out.push_back({{entry.sequence()}, entry.entry()});
  }
  return out;
}

}  // namespace selaras::link
