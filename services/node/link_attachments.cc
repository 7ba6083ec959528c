#include "services/node/link_attachments.h"

#include <utility>
#include <vector>

#include "services/node/held_documents.h"
#include "services/node/personal.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"

namespace selaras::node {
namespace {

using storage::v1::StoredAttachment;

// Among so many at once it is looked which is fetched next.
constexpr std::size_t kFirstMax = 64;

}  // namespace

LinkAttachments::LinkAttachments(log::Store& store, const SubjectKeys& keys, const Opener& opener,
                                 std::string peer, crypto::RandomSource& random,
                                 std::function<absl::Duration()> now)
    : store_(store),
      keys_(keys),
      opener_(opener),
      peer_(std::move(peer)),
      random_(random),
      now_(std::move(now)) {}

absl::StatusOr<std::optional<link::Chunk>> LinkAttachments::Wanted() {
  if (fetched_) {
    ASSIGN_OR_RETURN(const bool goes_on, GoesOn(*fetched_, /*only_wanted=*/true));
    if (!goes_on) fetched_.reset();
  }
  while (!fetched_) {
    if (now_() < idle_until_) return std::nullopt;
    RETURN_IF_ERROR(BeginNext());
    if (!fetched_) {
      idle_until_ = now_() + kLook;
      return std::nullopt;
    }
    // The node stopped between the last chunk and this.
    if (fetched_->stored.chunks() == fetched_->chunks.count) {
      RETURN_IF_ERROR(Complete(/*only_wanted=*/true));
    }
  }
  return link::Chunk{fetched_->entry, fetched_->stored.chunks()};
}

absl::Status LinkAttachments::BeginNext() {
  const absl::Duration now = now_();
  std::erase_if(resting_, [now](const auto& rests) { return rests.second <= now; });
  std::vector<base::Sequence> wanted;
  const std::string prefix = rows::WantedPrefix(peer_);
  RETURN_IF_ERROR(store_.Scan(log::Table::kAttachment, prefix, prefix,
                              [&](absl::string_view key, absl::string_view) {
                                const base::Sequence entry = rows::DecodeWanted(key);
                                if (!resting_.contains(entry)) wanted.push_back(entry);
                                return wanted.size() < kFirstMax;
                              }));
  for (const base::Sequence entry : wanted) {
    ASSIGN_OR_RETURN(fetched_, Begin(entry));
    if (fetched_) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LinkAttachments::Fetched>> LinkAttachments::Begin(
    base::Sequence entry) {
  event::v1::Position position;
  position.set_log(peer_);
  position.set_sequence(entry.value);
  const auto event = StoredEntries(store_).Event(position);
  const event::v1::AttachmentAdded added =
      event.ok() ? event->fact().attachment_added() : event::v1::AttachmentAdded();
  const auto chunks = vault::ChunksOfSealed(added.sealed_bytes());
  ASSIGN_OR_RETURN(auto held, LoadHeld(store_, peer_, entry));
  bool done = !chunks || chunks->bytes > kBytesMax ||
              (held && (held->complete() || held->wrong() || held->chunks() > chunks->count));
  if (!done) {
    ASSIGN_OR_RETURN(const Opened opened, opener_.Open(*event));
    done = opened.erased;
  }
  if (done) {
    RETURN_IF_ERROR(Forget(entry));
    return std::nullopt;
  }
  Fetched fetched{entry, added.sealed_sha256(), *chunks, held ? *held : StoredAttachment()};
  if (!held) {
    fetched.stored.set_object(NewObject(random_));
    fetched.stored.set_sealed_sha256(added.sealed_sha256());
  }
  return fetched;
}

absl::StatusOr<bool> LinkAttachments::GoesOn(const Fetched& fetched, bool only_wanted) const {
  if (only_wanted) {
    ASSIGN_OR_RETURN(const auto wanted,
                     store_.Get(log::Table::kAttachment, rows::Wanted(peer_, fetched.entry)));
    if (!wanted) return false;
  }
  ASSIGN_OR_RETURN(const auto held, LoadHeld(store_, peer_, fetched.entry));
  // Before the first chunk there is no row.
  const std::uint32_t chunks = held ? held->chunks() : 0;
  return chunks == fetched.stored.chunks() &&
         (!held || (held->object() == fetched.stored.object() && !held->complete()));
}

absl::Status LinkAttachments::Forget(base::Sequence entry) {
  return store_.Write({{log::Table::kAttachment, rows::Wanted(peer_, entry), std::nullopt}},
                      log::Durability::kUnsynced);
}

absl::Status LinkAttachments::Keep(const link::Chunk& chunk, absl::string_view data) {
  return KeepIf(chunk, data, /*only_wanted=*/true);
}

// The projector may not have come to the entry yet.
absl::Status LinkAttachments::Take(const link::Chunk& chunk, absl::string_view data) {
  if (!fetched_ || fetched_->entry != chunk.entry) {
    ASSIGN_OR_RETURN(fetched_, Begin(chunk.entry));
  }
  return KeepIf(chunk, data, /*only_wanted=*/false);
}

absl::Status LinkAttachments::KeepIf(const link::Chunk& chunk, absl::string_view data,
                                     bool only_wanted) {
  if (!fetched_ || fetched_->entry != chunk.entry || fetched_->stored.chunks() != chunk.index ||
      chunk.index >= fetched_->chunks.count) {
    return absl::OkStatus();
  }
  // Of another length it is another document's, or the peer's mistake.
  if (data.size() != fetched_->chunks.SealedSizeOf(chunk.index)) {
    NotGiven(chunk);
    return absl::OkStatus();
  }
  {
    const auto keeping = keys_.Hold();
    ASSIGN_OR_RETURN(const bool goes_on, GoesOn(*fetched_, only_wanted));
    if (!goes_on) {
      fetched_.reset();
      return absl::OkStatus();
    }
    StoredAttachment next = fetched_->stored;
    next.set_chunks(chunk.index + 1);
    RETURN_IF_ERROR(store_.Write(
        {{log::Table::kAttachment, rows::Chunk(next.object(), chunk.index), std::string(data)},
         {log::Table::kAttachment, rows::Held(peer_, chunk.entry), next.SerializeAsString()}},
        log::Durability::kUnsynced));
    fetched_->stored = std::move(next);
  }
  refusals_ = 0;
  return fetched_->chunks.IsLast(chunk.index) ? Complete(only_wanted) : absl::OkStatus();
}

// Of what is read back. What is not what the entry says is not fetched again: the author's node
// would give the same.
absl::Status LinkAttachments::Complete(bool only_wanted) {
  const Fetched fetched = *std::exchange(fetched_, std::nullopt);
  crypto::Sha256Hasher of_sealed;
  for (std::uint32_t i = 0; i < fetched.chunks.count; ++i) {
    ASSIGN_OR_RETURN(const auto chunk,
                     store_.Get(log::Table::kAttachment, rows::Chunk(fetched.stored.object(), i)));
    if (!chunk) break;  // somebody destroyed it meanwhile, as is seen below
    of_sealed.Update(*chunk);
  }
  const bool right = of_sealed.Finish().view() == fetched.sealed_sha256;
  const auto keeping = keys_.Hold();
  ASSIGN_OR_RETURN(const bool goes_on, GoesOn(fetched, only_wanted));
  if (!goes_on) return absl::OkStatus();
  std::vector<log::RowWrite> rows = {
      {log::Table::kAttachment, rows::Wanted(peer_, fetched.entry), std::nullopt}};
  StoredAttachment stored = fetched.stored;
  stored.set_complete(right);
  stored.set_wrong(!right);
  if (!right) {
    RETURN_IF_ERROR(DropDocument(store_, peer_, fetched.entry, &rows));
    stored.set_chunks(0);
  }
  rows.push_back(
      {log::Table::kAttachment, rows::Held(peer_, fetched.entry), stored.SerializeAsString()});
  return store_.Write(rows, log::Durability::kSynced);
}

void LinkAttachments::NotGiven(const link::Chunk& chunk) {
  if (!fetched_ || fetched_->entry != chunk.entry) return;
  resting_[chunk.entry] = now_() + kRest;
  fetched_.reset();
  if (++refusals_ < kRefusalsMax) return;
  refusals_ = 0;
  idle_until_ = now_() + kRefusedRest;
}

absl::StatusOr<std::string> LinkAttachments::Read(const link::Chunk& chunk) const {
  const std::string& log = store_.shared().name();
  ASSIGN_OR_RETURN(const auto held, LoadHeld(store_, log, chunk.entry));
  if (!held || !held->complete() || chunk.index >= held->chunks()) return std::string();
  ASSIGN_OR_RETURN(auto sealed,
                   store_.Get(log::Table::kAttachment, rows::Chunk(held->object(), chunk.index)));
  return sealed.value_or(std::string());
}

}  // namespace selaras::node
