#include "services/node/rewrap.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/node/keys.h"
#include "services/node/projector.h"
#include "services/node/rows.h"
#include "services/node/subject_keys.h"
#include "storage/base/status.h"
#include "storage/vault/sealed.h"

namespace selaras::node {
namespace {

constexpr std::size_t kRowsAtOnce = 1'000;

struct Secret {
  std::string row;
  std::string value;
};

absl::StatusOr<std::vector<Secret>> Next(const log::StoreReader& store, const std::string& from) {
  std::vector<Secret> secrets;
  RETURN_IF_ERROR(store.Scan(log::Table::kSecret, "", from,
                             [&](absl::string_view row, absl::string_view value) {
                               secrets.push_back({std::string(row), std::string(value)});
                               return secrets.size() < kRowsAtOnce;
                             }));
  return secrets;
}

}  // namespace

absl::StatusOr<Rewrapped> Rewrap(log::Store& store, const vault::WrappingKeys& keys,
                                 crypto::RandomSource& random,
                                 const std::function<void(std::uint64_t done)>& progress) {
  // Makes the rows that a store of an earlier version has not, before the key of look-ups goes.
  RETURN_IF_ERROR(NodeKeys::LoadOrMake(store, keys, random).status());
  RETURN_IF_ERROR(Projector::Forget(store));
  Rewrapped done;
  std::string from;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Secret> secrets, Next(store, from));
    if (secrets.empty()) break;
    std::vector<log::RowWrite> rows;
    for (const Secret& secret : secrets) {
      if (secret.value == kErasedKey) {
        ++done.erased;
        continue;
      }
      ++done.secrets;
      if (vault::WrappingKeys::IdOf(secret.value) == keys.newest_id()) continue;
      auto key = keys.Unwrap(secret.row, secret.value);
      if (!key.ok()) {
        return absl::Status(key.status().code(),
                            absl::StrCat(secret.row, ": ", key.status().message()));
      }
      if (secret.row == NodeKeys::kLookUpRow) key = random.Fill(vault::kKeyBytes);
      rows.push_back({log::Table::kSecret, secret.row, keys.Wrap(secret.row, *key, random)});
    }
    from = absl::StrCat(secrets.back().row, absl::string_view("\0", 1));
    RETURN_IF_ERROR(store.Write(rows, log::Durability::kSynced));
    progress(done.secrets);
  }
  ASSIGN_OR_RETURN(const NodeKeys now, NodeKeys::Load(store, keys));
  RETURN_IF_ERROR(
      store.Write({{log::Table::kView, std::string(rows::kLookUpName), now.LookUpName()}},
                  log::Durability::kSynced));
  return done;
}

}  // namespace selaras::node
