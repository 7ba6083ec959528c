#pragma once

#include <memory>
#include <string>
#include <vector>

#include "selaras/event/v1/event.pb.h"

#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "storage/log/receipt.h"

namespace selaras::test {

inline log::NoteSigner SignerOfLog(const std::string& node) {
  std::string seed = node;
  seed.resize(32, 's');
  return *log::NoteSigner::Make(log::OriginOf(node), *crypto::SigningKey::FromSeed(seed));
}

// A store whose shared log has these entries.
inline std::unique_ptr<log::MemoryStore> StoreOf(const std::string& node,
                                                 std::vector<std::string> entries) {
  auto store = log::MemoryStore::Make(node, SignerOfLog(node));
  log::AppendBatch batch;
  batch.shared = std::move(entries);
  if (!batch.shared.empty()) store->Append(batch).IgnoreError();
  return store;
}

inline std::unique_ptr<log::MemoryStore> StoreOf(const std::string& node,
                                                 const std::vector<event::v1::Event>& events) {
  std::vector<std::string> entries;
  for (const event::v1::Event& event : events) entries.push_back(event.SerializeAsString());
  return StoreOf(node, std::move(entries));
}

inline std::string ReceiptOf(const log::Store& store, std::uint64_t sequence) {
  const log::LogReader& shared = store.shared();
  return log::ReceiptText(*log::MakeReceipt(shared, {sequence}, shared.checkpoint()));
}

}  // namespace selaras::test
