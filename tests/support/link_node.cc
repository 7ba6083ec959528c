#include "tests/support/link_node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "selaras/event/v1/event.pb.h"

#include "services/link/key_change.h"
#include "storage/base/check.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/names.h"
#include "storage/merkle/prove.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

log::NoteSigner SignerOf(absl::string_view name, absl::string_view key_seed) {
  std::string seed(key_seed);
  seed.resize(crypto::kEd25519SeedSize, '.');
  absl::StatusOr<crypto::SigningKey> key = crypto::SigningKey::FromSeed(seed);
  SELARAS_CHECK(key.ok()) << key.status();
  absl::StatusOr<log::NoteSigner> signer =
      log::NoteSigner::Make(log::OriginOf(name), *std::move(key));
  SELARAS_CHECK(signer.ok()) << signer.status();
  return *std::move(signer);
}

log::Cosigner CosignerOf(absl::string_view name) {
  std::string seed = absl::StrCat("witness ", name);
  seed.resize(crypto::kEd25519SeedSize, '.');
  return *log::Cosigner::Make(name, *crypto::SigningKey::FromSeed(seed));
}

}  // namespace

void MemoryDisclosures::Disclose(base::Sequence place) {
  if (!seen_.insert(place).second) return;
  // What a crash hid comes back before what is new: the order stays.
  CatchUp();
  list_.push_back(place);
  CatchUp();
}

void MemoryDisclosures::Rebuild(std::mt19937_64& random) {
  ++generation_;
  std::shuffle(list_.begin(), list_.end(), random);
  CatchUp();
}

void MemoryDisclosures::Crash(std::mt19937_64& random) { built_ = Between(random, 0, built_); }

link::DisclosureList MemoryDisclosures::Current() const { return {epoch(), built_}; }

absl::StatusOr<std::vector<base::Sequence>> MemoryDisclosures::List(absl::string_view epoch,
                                                                    std::uint64_t from,
                                                                    std::size_t max) const {
  if (epoch != this->epoch() || from >= built_) return std::vector<base::Sequence>();
  const std::size_t end = std::min<std::size_t>(built_, from + max);
  return std::vector<base::Sequence>(list_.begin() + static_cast<std::ptrdiff_t>(from),
                                     list_.begin() + static_cast<std::ptrdiff_t>(end));
}

void MemoryCursor::Crash(std::mt19937_64& random) {
  saved_.resize(Between(random, 1, saved_.size()));
}

LinkNode::LinkNode(absl::string_view name)
    : name_(name),
      signer_(SignerOf(name, name)),
      store_(log::MemoryStore::Make(name, signer_)),
      checkpoints_(store_->shared(), signer_),
      cosigner_(CosignerOf(name)),
      rows_(*store_),
      published_(*store_, rows_) {}

void LinkNode::Meet(const LinkNode& peer) {
  absl::StatusOr<log::Mirror*> mirror = store_->OpenMirror(peer.name(), peer.party().verifier);
  SELARAS_CHECK(mirror.ok()) << mirror.status();
  mirror_ = *mirror;
  witness_ = std::make_unique<link::MirrorWitness>(*store_, rows_, peer.name(), &cosigner_,
                                                   [this] { return clock; });
  book_ = std::make_unique<link::HearsayBook>(
      name_, *store_, std::vector<log::Mirror*>{mirror_},
      [this](const log::SplitView& view) { found.push_back(view); });
  gossip_ = std::make_unique<link::PeerGossip>(*book_, peer.name());
}

bool LinkNode::Publish() {
  const absl::StatusOr<bool> published = published_.Look(uptime);
  SELARAS_CHECK(published.ok()) << published.status();
  return *published;
}

std::string LinkNode::PublishedNote(const std::string& log, std::uint64_t size) const {
  const auto row = store_->Get(log::Table::kPublished, log::PublishedKey(log, {size}));
  SELARAS_CHECK(row.ok()) << row.status();
  return row->value_or("");
}

void LinkNode::ReplaceKey(absl::string_view seed) {
  log::NoteSigner next = *log::NoteSigner::Make(log().origin(), SignerOf(name_, seed).key());
  event::v1::Event event;
  event.mutable_fact()->mutable_log_key_replaced()->set_verifier_key(next.VerifierText());
  Disclose(Append({event.SerializeAsString()}));
  const absl::Status replaced = store_->ReplaceKey(next.key());
  SELARAS_CHECK(replaced.ok()) << replaced;
  signer_ = std::move(next);
}

log::Succession LinkNode::Succeed(absl::string_view seed, std::uint64_t size) {
  const auto statement = [&](const log::LogReader& log, base::TreeSize closed) {
    const auto next =
        log::NoteSigner::Make(log::OriginOf(log.name(), log::GenerationOf(log.origin()) + 1),
                              SignerOf(name_, seed).key());
    const auto root = merkle::RootAt(log, closed);
    SELARAS_CHECK(next.ok() && root.ok());
    return log::Succession{log.name(),
                           {{log.keys()->newest(), closed}},
                           next->verifier(),
                           log::SuccessionReason::kFork,
                           {},
                           log::SignCheckpoint(*next, {next->name(), closed, *root}),
                           ""};
  };
  const log::Succession shared = statement(store_->shared(), {size});
  const crypto::SigningKey key = SignerOf(name_, seed).key();
  const absl::Status closed = store_->SucceedOwn(
      shared, statement(store_->private_log(), store_->private_log().size()), {}, key);
  SELARAS_CHECK(closed.ok()) << closed;
  signer_ = *log::NoteSigner::Make(shared.next.name(), key);
  return shared;
}

std::vector<std::string> LinkNode::key_changes() const {
  auto receipts = link::KeyChangeReceipts(store_->shared());
  SELARAS_CHECK(receipts.ok()) << receipts.status();
  return *std::move(receipts);
}

base::Sequence LinkNode::Append(const std::vector<std::string>& entries) {
  const base::Sequence first = base::NextAfter(log().size());
  const absl::StatusOr<log::Appended> appended = store_->Append({entries, {}, {}});
  SELARAS_CHECK(appended.ok()) << appended.status();
  return first;
}

base::Sequence LinkNode::AppendSome(std::uint64_t count, absl::string_view history) {
  std::vector<std::string> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    entries.push_back(
        absl::StrCat("entry ", log().size().value + i, " of ", name_, ", history ", history));
  }
  return Append(entries);
}

void LinkNode::Crash(std::mt19937_64& random) {
  store_->Crash();
  cursor_.Crash(random);
  disclosures_.Crash(random);
  const absl::Status opened = published_.Open(uptime);
  SELARAS_CHECK(opened.ok()) << opened;
}

}  // namespace selaras::test
