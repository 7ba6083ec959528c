#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "services/link/checkpoint_source.h"
#include "services/link/config.h"
#include "services/link/disclosures.h"
#include "services/link/follow_cursor.h"
#include "services/link/hearsay_book.h"
#include "services/link/mirror_witness.h"
#include "services/link/published_log.h"
#include "storage/log/memory_store.h"
#include "storage/log/succession.h"

namespace selaras::test {

// A disclosure list that a test writes by hand.
class MemoryDisclosures : public link::Disclosures {
 public:
  void Disclose(base::Sequence place);
  // The list anew: another epoch, another order.
  void Rebuild(std::mt19937_64& random);
  // A crash lost the end of the list; CatchUp() finds it again, in the same order.
  void Crash(std::mt19937_64& random);
  void CatchUp() { built_ = list_.size(); }

  link::DisclosureList Current() const override;
  absl::StatusOr<std::vector<base::Sequence>> List(absl::string_view epoch, std::uint64_t from,
                                                   std::size_t max) const override;
  bool MaySee(base::Sequence place) const override { return seen_.contains(place); }

  const std::vector<base::Sequence>& list() const { return list_; }

 private:
  std::string epoch() const { return "epoch-" + std::to_string(generation_); }

  int generation_ = 1;
  std::vector<base::Sequence> list_;
  std::size_t built_ = 0;  // how much of list_ shows
  std::set<base::Sequence> seen_;
};

// A cursor whose last saves a crash forgets.
class MemoryCursor : public link::FollowCursor {
 public:
  absl::StatusOr<link::FollowPosition> Load() const override { return saved_.back(); }
  absl::Status Save(const link::FollowPosition& position) override {
    saved_.push_back(position);
    return absl::OkStatus();
  }
  void Crash(std::mt19937_64& random);

 private:
  std::vector<link::FollowPosition> saved_ = {{}};
};

// What one end of a link keeps, whatever sessions come and go. Two nodes of one name have one
// key: with other entries, the second is a fork of the first.
class LinkNode {
 public:
  explicit LinkNode(absl::string_view name);
  LinkNode(const LinkNode&) = delete;
  LinkNode& operator=(const LinkNode&) = delete;

  // Makes the mirror of the peer's log.
  void Meet(const LinkNode& peer);

  const log::NoteSigner& signer() const { return signer_; }
  link::Party party() const { return {name_, signer_.verifier(), cosigner_.verifier()}; }
  // What this node publishes, cosigns and hears.
  link::Witnessing witnessing() { return {&published_, witness_.get(), gossip_.get()}; }
  link::PublishedLog& published() { return published_; }
  // Publishes if there is something to; true if so.
  bool Publish();
  const log::Cosigner& cosigner() const { return cosigner_; }
  // The published checkpoint of that size, of the own log or of the mirror; empty: none.
  std::string PublishedNote(const std::string& log, std::uint64_t size) const;
  // What the node's clock says to the witness.
  absl::StatusOr<absl::Time> clock = absl::FromUnixSeconds(1'700'000'000);
  // How long the node has been up.
  absl::Duration uptime;
  // Appends entries; gives the place of the first.
  base::Sequence Append(const std::vector<std::string>& entries);
  // `count` entries that name the node, their place and `history`.
  base::Sequence AppendSome(std::uint64_t count, absl::string_view history = "true");
  // As a node does it: an entry says so, and both keys sign what it ends. It is disclosed.
  void ReplaceKey(absl::string_view seed);
  // Its log is closed after `size` leaves and goes on in a successor. Gives the statement.
  log::Succession Succeed(absl::string_view seed, std::uint64_t size);
  std::vector<std::string> key_changes() const;
  void Disclose(base::Sequence place) { disclosures_.Disclose(place); }
  void Crash(std::mt19937_64& random);

  const std::string& name() const { return name_; }
  const log::LogReader& log() const { return store_->shared(); }
  log::MemoryStore& store() { return *store_; }
  // Split views that this node found by hearsay.
  std::vector<log::SplitView> found;
  log::Mirror& mirror() { return *mirror_; }
  const log::Mirror& mirror() const { return *mirror_; }
  const link::CheckpointSource& checkpoints() const { return checkpoints_; }
  MemoryDisclosures& disclosures() { return disclosures_; }
  const MemoryDisclosures& disclosures() const { return disclosures_; }
  MemoryCursor& cursor() { return cursor_; }

 private:
  const std::string name_;
  log::NoteSigner signer_;
  const std::unique_ptr<log::MemoryStore> store_;
  const link::LogCheckpoints checkpoints_;
  MemoryDisclosures disclosures_;
  MemoryCursor cursor_;
  log::Mirror* mirror_ = nullptr;
  const log::Cosigner cosigner_;
  log::PublishedCheckpoints rows_;
  link::PublishedLog published_;
  std::unique_ptr<link::MirrorWitness> witness_;
  std::unique_ptr<link::HearsayBook> book_;
  std::unique_ptr<link::PeerGossip> gossip_;
};

}  // namespace selaras::test
