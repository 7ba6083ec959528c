#include "storage/log/memory_store.h"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/memory_log.h"
#include "storage/log/memory_mirror.h"
#include "storage/log/memory_state.h"
#include "storage/log/names.h"
#include "storage/log/rules.h"
#include "storage/merkle/hash.h"

namespace selaras::log {
namespace {

class MemoryStoreImpl final : public MemoryStore {
 public:
  MemoryStoreImpl(std::string name, NoteSigner shared_signer, NoteSigner private_signer)
      : shared_signer_(std::move(shared_signer)),
        private_signer_(std::move(private_signer)),
        shared_(name, LogKeys(shared_signer_.verifier()), state_.mutex()),
        private_(PrivateLogName(name), LogKeys(private_signer_.verifier()), state_.mutex()) {
    SignHead(shared_signer_, shared_);
    SignHead(private_signer_, private_);
  }

  const LogReader& shared() const override { return shared_; }
  const LogReader& private_log() const override { return private_; }

  std::vector<const Mirror*> mirrors() const override {
    const std::shared_lock lock(state_.mutex());
    std::vector<const Mirror*> all;
    for (const auto& [name, mirror] : mirrors_) all.push_back(mirror.get());
    return all;
  }

  const Mirror* FindMirror(absl::string_view name) const override {
    const std::shared_lock lock(state_.mutex());
    const auto found = mirrors_.find(name);
    return found == mirrors_.end() ? nullptr : found->second.get();
  }

  absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                 absl::string_view key) const override {
    const std::shared_lock lock(state_.mutex());
    const auto found = state_.rows(table).find(key);
    if (found == state_.rows(table).end()) return std::nullopt;
    return found->second;
  }

  absl::Status Scan(
      Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    for (const auto& [key, value] : CopyRows(table, prefix, from)) {
      if (!row(key, value)) break;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      Table table, absl::string_view prefix, absl::string_view before) const override {
    const std::shared_lock lock(state_.mutex());
    const MemoryState::Rows& rows = state_.rows(table);
    const auto end = before.empty() ? rows.end() : rows.lower_bound(before);
    for (auto row = std::make_reverse_iterator(end); row != rows.rend() && row->first >= prefix;
         ++row) {
      if (absl::StartsWith(row->first, prefix)) return *row;
    }
    return std::nullopt;
  }

  absl::StatusOr<std::vector<Evidence>> evidence() const override {
    const std::shared_lock lock(state_.mutex());
    return state_.evidence();
  }

  absl::StatusOr<Appended> Append(const AppendBatch& batch) override {
    RETURN_IF_ERROR(CheckBatch(shared_.name(), batch));
    const std::unique_lock lock(state_.mutex());
    for (const std::string& entry : batch.shared) shared_.Append(merkle::HashLeaf(entry), entry);
    for (const std::string& entry : batch.private_) private_.Append(merkle::HashLeaf(entry), entry);
    state_.Apply(batch.rows);
    state_.Sync();
    SignHead(private_signer_, private_);
    SignedCheckpoint head = SignHead(shared_signer_, shared_);
    return Appended{shared_.edge().size(), private_.edge().size(), std::move(head)};
  }

  absl::StatusOr<Appended> Recover(const RecoveryBatch& batch) override {
    RETURN_IF_ERROR(CheckRecovery(shared_, batch));
    const std::unique_lock lock(state_.mutex());
    for (const RecoveredLeaf& leaf : batch.leaves) {
      if (leaf.entry) {
        shared_.Append(leaf.hash, leaf.entry);
      } else {
        shared_.AppendLost(leaf.hash);
      }
    }
    for (const DisclosedEntry& found : batch.found) shared_.SetEntry(found.sequence, found.bytes);
    state_.Apply(batch.rows);
    state_.Sync();
    SignedCheckpoint head = SignHead(shared_signer_, shared_);
    return Appended{shared_.edge().size(), private_.edge().size(), std::move(head)};
  }

  absl::Status Write(const std::vector<RowWrite>& rows, Durability durability) override {
    RETURN_IF_ERROR(CheckRows(rows));
    const std::unique_lock lock(state_.mutex());
    state_.Apply(rows);
    if (durability == Durability::kSynced) state_.Sync();
    return absl::OkStatus();
  }

  absl::Status Reclaim(Table /*table*/) override { return absl::OkStatus(); }

  absl::Status ReplaceKey(const crypto::SigningKey& next) override {
    ASSIGN_OR_RETURN(KeyChange shared, ChangeKey(shared_, shared_signer_, next));
    ASSIGN_OR_RETURN(KeyChange private_log, ChangeKey(private_, private_signer_, next));
    const std::unique_lock lock(state_.mutex());
    state_.Sync();
    Apply(std::move(shared), &shared_signer_, &shared_);
    Apply(std::move(private_log), &private_signer_, &private_);
    return absl::OkStatus();
  }

  absl::StatusOr<Mirror*> OpenMirror(absl::string_view name,
                                     const NoteVerifier& verifier) override {
    RETURN_IF_ERROR(CheckMirrorName(shared_.name(), name));
    std::unique_lock lock(state_.mutex());
    std::unique_ptr<MemoryMirror>& mirror = mirrors_[std::string(name)];
    if (mirror == nullptr) {
      mirror = std::make_unique<MemoryMirror>(std::string(name), verifier, state_);
    }
    MemoryMirror* const made = mirror.get();
    lock.unlock();
    const LogKeys keys = *made->keys();
    if (keys.Has(verifier)) return made;
    return MirrorOfAnotherKey(name, keys.newest().VerifierText(), verifier.VerifierText());
  }

  absl::Status Succeed(absl::string_view name, const Succession& succession,
                       const std::vector<RowWrite>& rows) override {
    RETURN_IF_ERROR(CheckRows(rows));
    const auto mirror = mirrors_.find(std::string(name));
    if (mirror == mirrors_.end()) return NoMirror(name);
    ASSIGN_OR_RETURN(std::optional<Cut> cut,
                     CheckSuccession(*mirror->second, mirror->second->edge(), succession));
    if (!cut) return absl::OkStatus();
    const std::unique_lock lock(state_.mutex());
    mirror->second->Apply(*std::move(cut));
    state_.Apply(rows);
    state_.Sync();
    return absl::OkStatus();
  }

  absl::Status SucceedOwn(const Succession& shared, const Succession& private_log,
                          const std::vector<RowWrite>& rows,
                          const crypto::SigningKey& next) override {
    ASSIGN_OR_RETURN(Cut shared_cut, CheckOwnSuccession(shared_, shared_.edge(), shared));
    ASSIGN_OR_RETURN(Cut private_cut, CheckOwnSuccession(private_, private_.edge(), private_log));
    ASSIGN_OR_RETURN(NoteSigner shared_signer, NoteSigner::Make(shared.next.name(), next));
    ASSIGN_OR_RETURN(NoteSigner private_signer, NoteSigner::Make(private_log.next.name(), next));
    const std::unique_lock lock(state_.mutex());
    shared_.Apply(std::move(shared_cut));
    private_.Apply(std::move(private_cut));
    shared_signer_ = std::move(shared_signer);
    private_signer_ = std::move(private_signer);
    state_.Apply(rows);
    state_.Sync();
    return absl::OkStatus();
  }

  void Crash() override {
    const std::unique_lock lock(state_.mutex());
    state_.Crash();
  }

 private:
  // A copy, so that the callback of a scan may use the store.
  std::vector<std::pair<std::string, std::string>> CopyRows(Table table, absl::string_view prefix,
                                                            absl::string_view from) const {
    const std::shared_lock lock(state_.mutex());
    std::vector<std::pair<std::string, std::string>> copy;
    const MemoryState::Rows& rows = state_.rows(table);
    auto row = rows.lower_bound(std::max(prefix, from));
    for (; row != rows.end() && absl::StartsWith(row->first, prefix); ++row) copy.push_back(*row);
    return copy;
  }

  static SignedCheckpoint SignHead(const NoteSigner& signer, MemoryLog& log) {
    SignedCheckpoint head =
        SignCheckpoint(signer, {log.origin(), log.edge().size(), log.edge().Root()});
    log.SetCheckpoint(head);
    return head;
  }

  static void Apply(KeyChange change, NoteSigner* signer, MemoryLog* log) {
    *signer = std::move(change.signer);
    log->SetKeys(std::move(change.keys));
    log->SetCheckpoint(std::move(change.closing));
  }

  MemoryState state_;
  NoteSigner shared_signer_;
  NoteSigner private_signer_;
  MemoryLog shared_;
  MemoryLog private_;
  std::map<std::string, std::unique_ptr<MemoryMirror>, std::less<>> mirrors_;
};

}  // namespace

std::unique_ptr<MemoryStore> MemoryStore::Make(absl::string_view name, NoteSigner signer) {
  const absl::Status named = CheckNodeName(name);
  SELARAS_CHECK(named.ok()) << named;
  SELARAS_CHECK(signer.name() == OriginOf(name))
      << "the signer of node " << name << " must be named " << OriginOf(name) << ", not "
      << signer.name();
  absl::StatusOr<NoteSigner> private_signer =
      NoteSigner::Make(OriginOf(PrivateLogName(name)), signer.key());
  SELARAS_CHECK(private_signer.ok()) << private_signer.status();
  return std::make_unique<MemoryStoreImpl>(std::string(name), std::move(signer),
                                           *std::move(private_signer));
}

}  // namespace selaras::log
