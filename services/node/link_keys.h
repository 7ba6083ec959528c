#pragma once

#include <optional>
#include <span>
#include <string>

#include "services/link/entry_keys.h"
#include "services/node/directory.h"
#include "services/node/subject_keys.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"

namespace selaras::node {

// The row of the key that opens what an entry of a shared log seals; empty: it seals nothing, or is
// no event.
std::string KeyRowOf(absl::string_view entry);
// The same of an entry of a private log.
std::string KeptKeyRowOf(absl::string_view entry);

// Whether that key opens it.
bool Opens(absl::string_view entry, absl::string_view key);

// Keys of cases, which go to a peer with the entries that are disclosed to it and come from it with
// its own. Which case goes to whom is logged before: by the fact that makes an authority a party.
class LinkKeys final : public link::EntryKeys {
 public:
  // Everything handed in must outlive the object.
  LinkKeys(log::Store& store, const SubjectKeys& keys, const Directory& directory, std::string peer,
           crypto::RandomSource& random);

  absl::StatusOr<std::string> KeyOf(absl::string_view entry) const override;
  // Passes over keys of authors for whom the peer does not speak, because nobody can take the place
  // of another's key, and over those of cases that were erased here.
  absl::Status Keep(std::span<const link::EntryWithKey> entries) override;

 private:
  // The row of the key, if it is one to be kept. `fresh` are rows that are about to be written.
  absl::StatusOr<std::optional<std::string>> RowToKeep(const link::EntryWithKey& entry,
                                                       const UncommittedKeys& fresh) const;

  log::Store& store_;
  const SubjectKeys& keys_;
  const Directory& directory_;
  const std::string peer_;
  crypto::RandomSource& random_;
};

}  // namespace selaras::node
