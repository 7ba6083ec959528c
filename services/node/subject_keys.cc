#include "services/node/subject_keys.h"

#include <utility>

#include "services/domain/refusal.h"
#include "storage/base/status.h"
#include "storage/vault/sealed.h"

namespace selaras::node {

absl::StatusOr<std::optional<std::string>> SubjectKeys::Wrapped(
    const std::string& row, const UncommittedKeys* uncommitted) const {
  if (uncommitted != nullptr) {
    for (const auto* rows : *uncommitted) {
      const auto found = rows->find(row);
      if (found != rows->end()) return found->second;
    }
  }
  return store_.Get(log::Table::kSecret, row);
}

absl::StatusOr<FoundKey> SubjectKeys::Look(const std::string& row,
                                           const UncommittedKeys* uncommitted) const {
  ASSIGN_OR_RETURN(const auto wrapped, Wrapped(row, uncommitted));
  if (!wrapped) return FoundKey();
  if (*wrapped == kErasedKey) return FoundKey{.key = std::nullopt, .erased = true};
  auto key = wrapping_.Unwrap(row, *wrapped);
  if (absl::IsFailedPrecondition(key.status())) return FoundKey();
  RETURN_IF_ERROR(key.status());
  return FoundKey{.key = *std::move(key)};
}

absl::StatusOr<std::optional<std::string>> SubjectKeys::Find(
    const std::string& row, const UncommittedKeys* uncommitted) const {
  ASSIGN_OR_RETURN(FoundKey found, Look(row, uncommitted));
  return std::move(found.key);
}

absl::StatusOr<std::string> SubjectKeys::FindOrMake(const std::string& row,
                                                    const UncommittedKeys* uncommitted,
                                                    crypto::RandomSource& random,
                                                    std::optional<std::string>* wrapped) const {
  ASSIGN_OR_RETURN(const auto held, Wrapped(row, uncommitted));
  if (held && *held == kErasedKey) return domain::CaseIsErased();
  if (held) {
    auto key = wrapping_.Unwrap(row, *held);
    if (absl::IsFailedPrecondition(key.status())) {
      return domain::KeyNotHere(key.status().message());
    }
    return key;
  }
  std::string made = random.Fill(vault::kKeyBytes);
  *wrapped = Wrap(row, made, random);
  return made;
}

absl::StatusOr<std::string> SubjectKeys::KeyOrNone(const std::string& row) const {
  if (row.empty()) return std::string();
  ASSIGN_OR_RETURN(auto key, Find(row, nullptr));
  return key.value_or("");
}

absl::StatusOr<bool> SubjectKeys::IsErased(const std::string& row,
                                           const UncommittedKeys* uncommitted) const {
  ASSIGN_OR_RETURN(const auto held, Wrapped(row, uncommitted));
  return held && *held == kErasedKey;
}

absl::Status SubjectKeys::CheckFirst() const {
  absl::Status unwrapped;
  RETURN_IF_ERROR(store_.Scan(log::Table::kSecret, "", "",
                              [&](absl::string_view row, absl::string_view secret) {
                                // In clear, as an earlier version wrote it, or destroyed.
                                if (vault::WrappingKeys::IdOf(secret).empty()) return true;
                                unwrapped = wrapping_.Unwrap(row, secret).status();
                                return false;
                              }));
  return unwrapped;
}

}  // namespace selaras::node
