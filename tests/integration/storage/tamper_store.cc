// Changes the bytes of a store behind the back of all code that guards it. For drills only.
//
//   tamper_store rows    STORE FAMILY [PREFIX]      lists keys and values
//   tamper_store put     STORE FAMILY KEY VALUE
//   tamper_store delete  STORE FAMILY KEY
//   tamper_store rewrite STORE KEY_FILE SEQUENCE    an insider: changes an entry of the shared log,
//   and
//                                                   makes and signs anew all that follows from it
//
// Keys, values and prefixes are hexadecimal.
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "rocksdb/db.h"
#include "rocksdb/file_checksum.h"
#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "storage/log/checkpoint.h"
#include "storage/log/note.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"

namespace selaras {
namespace {

class RawStore {
 public:
  explicit RawStore(const std::string& store) {
    const std::string path = store + "/db";
    rocksdb::DBOptions options;
    // As the store does: or its own comparison of files would find the drill.
    options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
    std::vector<std::string> names;
    Must(rocksdb::DB::ListColumnFamilies(options, path, &names));
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names)
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    rocksdb::DB* db = nullptr;
    Must(rocksdb::DB::Open(options, path, families, &handles_, &db));
    db_.reset(db);
  }
  ~RawStore() {
    Must(db_->Flush(rocksdb::FlushOptions(), handles_));
    for (auto* handle : handles_) Must(db_->DestroyColumnFamilyHandle(handle));
    Must(db_->Close());
  }
  RawStore(const RawStore&) = delete;
  RawStore& operator=(const RawStore&) = delete;

  void Put(const std::string& family, const std::string& key, const std::string& value) {
    Must(db_->Put(rocksdb::WriteOptions(), Find(family), key, value));
  }
  void Delete(const std::string& family, const std::string& key) {
    Must(db_->Delete(rocksdb::WriteOptions(), Find(family), key));
  }
  std::vector<std::pair<std::string, std::string>> Rows(const std::string& family,
                                                        const std::string& prefix) {
    std::vector<std::pair<std::string, std::string>> rows;
    const std::unique_ptr<rocksdb::Iterator> row(
        db_->NewIterator(rocksdb::ReadOptions(), Find(family)));
    for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
      rows.emplace_back(row->key().ToString(), row->value().ToString());
    }
    return rows;
  }

 private:
  static void Must(const rocksdb::Status& status) {
    SELARAS_CHECK(status.ok()) << status.ToString();
  }
  rocksdb::ColumnFamilyHandle* Find(const std::string& family) {
    for (auto* handle : handles_) {
      if (handle->GetName() == family) return handle;
    }
    SELARAS_CHECK(false) << "no family " << family;
    return nullptr;
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

constexpr char kShared[] = {0, 0};
constexpr std::size_t kSlotBytes = 2;

std::string SharedKey() { return {kShared, kSlotBytes}; }

// Another salt: the entry says the same, and is another one.
std::string OtherEntry(const std::string& bytes) {
  event::v1::Event event;
  SELARAS_CHECK(event.ParseFromString(bytes));
  std::string salt = event.salt();
  salt.front() = static_cast<char>(salt.front() ^ 1);
  event.set_salt(salt);
  return event.SerializeAsString();
}

void Rewrite(RawStore& store, const std::string& key_file, std::uint64_t sequence) {
  std::ifstream file(key_file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto signer = log::NoteSigner::Parse(absl::StripAsciiWhitespace(text));
  SELARAS_CHECK(signer.ok()) << signer.status();

  merkle::Frontier tree;
  std::uint64_t next = 0;
  for (auto& [key, entry] : store.Rows("entry", SharedKey())) {
    if (next++ == sequence) {
      entry = OtherEntry(entry);
      store.Put("entry", key, entry);
    }
    tree.Append(merkle::HashLeaf(entry),
                [&](int level, std::uint64_t index, const base::Digest& hash) {
                  std::string node = SharedKey();
                  node.push_back(static_cast<char>(level));
                  base::AppendU64(&node, index);
                  store.Put("hash", node, std::string(hash.view()));
                });
  }
  storage::v1::StoredHead head;
  head.set_size(tree.size().value);
  for (const base::Digest& hash : tree.hashes()) head.add_frontier(std::string(hash.view()));
  head.set_checkpoint(
      log::SignCheckpoint(*signer, {signer->name(), tree.size(), tree.Root()}).note);
  store.Put("head", SharedKey(), head.SerializeAsString());
  // Folds name leaf hashes: rows of an older fold are folded again by whoever reads them.
  for (const auto& [key, row] : store.Rows("state", "")) {
    storage::v1::StoredSubject subject;
    SELARAS_CHECK(subject.ParseFromString(row));
    subject.set_fold_version(0);
    store.Put("state", key, subject.SerializeAsString());
  }
}

std::string Hex(const std::string& text) {
  const auto bytes = base::HexDecode(text);
  SELARAS_CHECK(bytes.ok()) << text;
  return *bytes;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) return 2;
  const std::string& what = arguments[0];
  RawStore store(arguments[1]);
  if (what == "rows") {
    const std::string prefix = arguments.size() > 3 ? Hex(arguments[3]) : "";
    for (const auto& [key, value] : store.Rows(arguments[2], prefix)) {
      std::cout << base::HexEncode(key) << " " << base::HexEncode(value) << "\n";
    }
  } else if (what == "put" && arguments.size() == 5) {
    store.Put(arguments[2], Hex(arguments[3]), Hex(arguments[4]));
  } else if (what == "delete" && arguments.size() == 4) {
    store.Delete(arguments[2], Hex(arguments[3]));
  } else if (what == "rewrite" && arguments.size() == 4) {
    std::uint64_t sequence = 0;
    if (!absl::SimpleAtoi(arguments[3], &sequence)) return 2;
    Rewrite(store, arguments[2], sequence);
  } else {
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace selaras

int main(int argc, char** argv) {
  return selaras::Run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
}
