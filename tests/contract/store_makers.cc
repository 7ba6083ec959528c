#include "tests/contract/store_makers.h"

#include <utility>

#include "storage/base/check.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "storage/rocks/rocks_store.h"
#include "storage/rocks/successor.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {
namespace {

crypto::SigningKey Key() { return *crypto::SigningKey::FromSeed(std::string(32, 'k')); }

class InMemory final : public StoreUnderTest {
 public:
  log::Store& store() override { return *store_; }
  void Reopen() override {}
  void Configure(const crypto::SigningKey&) override {}
  absl::Status Succeed(const log::Succession& shared, const log::Succession& private_log,
                       const std::vector<log::RowWrite>& rows,
                       const crypto::SigningKey& next) override {
    return store_->SucceedOwn(shared, private_log, rows, next);
  }
  void Crash() override { store_->Crash(); }

 private:
  std::unique_ptr<log::MemoryStore> store_ =
      log::MemoryStore::Make(kNodeName, *log::NoteSigner::Make(log::OriginOf(kNodeName), Key()));
};

class OnDisk final : public StoreUnderTest {
 public:
  OnDisk() { Open(); }
  log::Store& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    Open();
  }
  void Configure(const crypto::SigningKey& key) override { key_ = key; }
  absl::Status Succeed(const log::Succession& shared, const log::Succession& private_log,
                       const std::vector<log::RowWrite>& rows,
                       const crypto::SigningKey& next) override {
    store_.reset();
    const std::string successor = folder_ + "-next";
    const absl::Status made = rocks::MakeSuccessor(folder_, successor, shared, private_log, rows);
    if (made.ok()) {
      folder_ = successor;
      key_ = next;
    }
    Open();
    return made;
  }
  // Killing needs a process of its own: tests/integration.
  void Crash() override { Reopen(); }

 private:
  void Open() {
    auto store = rocks::RocksStore::Open({.directory = folder_, .node = kNodeName, .key = key_});
    SELARAS_CHECK(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  TempDirectory directory_;
  std::string folder_ = directory_ / "store";
  crypto::SigningKey key_ = Key();
  std::unique_ptr<rocks::RocksStore> store_;
};

}  // namespace

std::vector<StoreMaker> StoreMakers() {
  return {{"InMemory", [] { return std::make_unique<InMemory>(); }},
          {"OnDisk", [] { return std::make_unique<OnDisk>(); }}};
}

log::NoteVerifier VerifierOf(const log::LogReader& log) {
  return *log::NoteVerifier::Make(log.origin(), Key().verify_key());
}

}  // namespace selaras::test
