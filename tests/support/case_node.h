#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/link/checkpoint_source.h"
#include "services/link/config.h"
#include "services/node/case_reader.h"
#include "services/node/directory.h"
#include "services/node/engine.h"
#include "services/node/link_rows.h"
#include "services/node/opener.h"
#include "services/node/projector.h"
#include "services/node/watcher.h"
#include "storage/crypto/random.h"
#include "storage/log/memory_store.h"
#include "storage/vault/wrapping_keys.h"

namespace selaras::test {

// Random bytes that a seed repeats.
class SeededBytes final : public crypto::RandomSource {
 public:
  explicit SeededBytes(std::uint64_t seed) : engine_(seed) {}
  std::string Fill(std::size_t count) override;

 private:
  std::mt19937_64 engine_;
};

// Opens everything that the node can, unless told to answer *pending* for everything.
class TestOpener final : public node::Opener {
 public:
  explicit TestOpener(const node::SubjectKeys& keys) : opener_(keys) {}
  absl::StatusOr<node::Opened> OpenWith(const event::v1::Event& event,
                                        const node::UncommittedKeys* uncommitted) const override;
  void Shut() { shut_ = true; }
  void Unlock() { shut_ = false; }

 private:
  const node::SealedOpener opener_;
  bool shut_ = false;
};

// A key that wraps, of tests.
const vault::WrappingKeys& SomeWrappingKeys();

// The nodes that tests play with: who acts for whom.
node::PeerNode BawasluNode();  // bawaslu-13: bawaslu/13
node::PeerNode OtherOffice();  // bawaslu-ri: bawaslu/ri
node::PeerNode BknNode();      // bkn: bkn and kasn
node::PeerNode TanahDatar();   // ppk-13.04: ppk/13.04
node::PeerNode Padang();       // ppk-13.05: ppk/13.05

// A whole node without threads, network and disk: store, write path, projector, reader. What its
// store keeps survives Crash(); everything else is made anew.
class CaseNode {
 public:
  // The role follows from the first authority.
  CaseNode(node::PeerNode own, std::vector<node::PeerNode> peers, std::uint64_t seed = 1);
  ~CaseNode();
  CaseNode(const CaseNode&) = delete;
  CaseNode& operator=(const CaseNode&) = delete;

  node::Outcome Execute(const node::Request& request);
  std::vector<node::Outcome> ExecuteTogether(const std::vector<node::Request>& requests);
  // As Execute, for what must succeed.
  command::v1::CommandOutcome Must(const node::Request& request);

  // Derives everything that follows from what is here, and counts it.
  void Project();
  // One step of deriving, or one of counting: whether there was anything to do.
  bool ProjectSome();
  bool Count();
  // The power went, and came again.
  void Crash();
  // Starts again with other reference data.
  void Adopt(std::shared_ptr<const reference::Catalogue> catalogue);
  // States whatever is due by the watcher's index, until nothing is. What the rules refuse by then
  // is left. Derives before and after.
  void Watch();

  // Brings all hashes of `from`'s log and the entries that it discloses to this node.
  void Copy(const CaseNode& from);
  // The hashes, and exactly these entries.
  void CopyOnly(const CaseNode& from, const std::vector<base::Sequence>& places);
  // Entries that `from` discloses to this node, in the order of its list.
  std::vector<base::Sequence> DisclosedBy(const CaseNode& from) const;

  const std::string& name() const { return own_.node; }
  link::Party party() const { return {name(), signer_.verifier()}; }
  log::MemoryStore& store() { return *store_; }
  const log::MemoryStore& store() const { return *store_; }
  const log::NoteSigner& signer() const { return signer_; }
  const node::Directory& directory() const { return *directory_; }
  const node::Decider& decider() const { return *decider_; }
  node::Engine& engine() { return *engine_; }
  node::Projector& projector() { return *projector_; }
  node::Watcher& watcher() { return *watcher_; }
  const node::CaseReader& reader() const { return *reader_; }
  const link::CheckpointSource& checkpoints() const { return checkpoints_; }
  TestOpener& opener() { return opener_; }
  const TestOpener& opener() const { return opener_; }
  const node::SubjectKeys& subject_keys() const { return subject_keys_; }
  crypto::RandomSource& random() { return random_; }
  log::Mirror& MirrorOf(const link::Party& party);

  // Everybody for whom this node acts, without the right to see reporters.
  node::Viewer viewer() const;
  absl::StatusOr<query::v1::Case> Case(absl::string_view case_id) const;
  std::vector<std::string> LookUp(event::v1::ReferenceKind kind, absl::string_view number,
                                  absl::string_view nip = "") const;
  // With what is sealed in them opened.
  std::vector<event::v1::Event> Events() const;
  std::vector<event::v1::Event> PrivateEvents() const;

  absl::Time now = absl::FromUnixSeconds(1'740'000'000);  // 2025-02-19

 private:
  void Start();

  const log::NoteSigner signer_;
  SeededBytes random_;
  const std::unique_ptr<log::MemoryStore> store_;
  const node::PeerNode own_;
  const std::vector<node::PeerNode> peers_;
  std::shared_ptr<const reference::Catalogue> catalogue_;
  std::optional<node::Directory> directory_;
  const std::unique_ptr<const node::Decider> decider_;
  const link::LogCheckpoints checkpoints_;
  const node::SubjectKeys subject_keys_;
  TestOpener opener_;
  std::unique_ptr<node::Engine> engine_;
  std::unique_ptr<node::Projector> projector_;
  std::unique_ptr<node::CaseReader> reader_;
  std::unique_ptr<node::Watcher> watcher_;
};

}  // namespace selaras::test
