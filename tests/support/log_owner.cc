#include "tests/support/log_owner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/log/log_keys.h"
#include "storage/log/names.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"

namespace selaras::test {

LogOwner::LogOwner(const std::string& log)
    : signer_(*log::NoteSigner::Make(log::OriginOf(log),
                                     *crypto::SigningKey::FromSeed(std::string(32, 'p')))) {}

void LogOwner::Append(std::size_t count, const std::string& prefix) {
  for (std::size_t i = 0; i < count; ++i) entries_.push_back(absl::StrCat(prefix, entries_.size()));
}

void LogOwner::Truncate(std::uint64_t size) { entries_.resize(size); }

std::string LogOwner::ReplaceKey(char seed, std::uint64_t size) {
  const log::NoteSigner past = std::move(signer_);
  past_.push_back({past.verifier(), {size}});
  signer_ =
      *log::NoteSigner::Make(past.name(), *crypto::SigningKey::FromSeed(std::string(32, seed)));
  return log::SignClosing(past, signer_, {past.name(), {size}, Root(size)}).note;
}

log::Succession LogOwner::Succeed(char seed, std::uint64_t size) {
  Truncate(size);
  const log::NoteSigner past = std::move(signer_);
  const std::string log = log::LogOfOrigin(past.name());
  signer_ = *log::NoteSigner::Make(log::OriginOf(log, log::GenerationOf(past.name()) + 1),
                                   *crypto::SigningKey::FromSeed(std::string(32, seed)));
  past_.push_back({past.verifier(), {size}});
  for (log::Succession::Past& key : past_) key.last = std::min(key.last, base::TreeSize{size});
  return {log,
          past_,
          signer_.verifier(),
          log::SuccessionReason::kFork,
          {},
          log::SignCheckpoint(signer_, {signer_.name(), {size}, Root(size)}),
          log::SignCheckpoint(past, {past.name(), {size}, Root(size)}).note};
}

std::vector<base::Digest> LogOwner::Leaves(std::uint64_t from, std::uint64_t to) const {
  std::vector<base::Digest> leaves;
  for (std::uint64_t i = from; i < to; ++i) leaves.push_back(merkle::HashLeaf(entries_[i]));
  return leaves;
}

base::Digest LogOwner::Root(std::uint64_t size) const {
  merkle::Frontier edge;
  for (const base::Digest& leaf : Leaves(0, size)) edge.Append(leaf);
  return edge.Root();
}

std::string LogOwner::Note(std::uint64_t size) const { return FalseNote(size, Root(size)); }

std::string LogOwner::FalseNote(std::uint64_t size, const base::Digest& root) const {
  return log::SignCheckpoint(signer_, {signer_.name(), {size}, root}).note;
}

}  // namespace selaras::test
