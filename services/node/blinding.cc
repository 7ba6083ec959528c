#include "services/node/blinding.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"
#include "storage/crypto/hkdf.h"

namespace selaras::node {
namespace {

constexpr absl::string_view kUse = "selaras blinded digest v1";

}  // namespace

std::string Blind(absl::string_view digest, absl::string_view label, const BlindingKeys& keys) {
  std::string blinded(digest);
  for (const auto& [row, key] : keys) {
    const std::string pad = crypto::HkdfSha256(key, label, kUse, digest.size());
    for (std::size_t i = 0; i < blinded.size(); ++i) {
      blinded[i] = static_cast<char>(blinded[i] ^ pad[i]);
    }
  }
  return blinded;
}

absl::StatusOr<std::optional<std::string>> Unblind(absl::string_view digest,
                                                   absl::string_view label,
                                                   const std::vector<std::string>& rows,
                                                   const SubjectKeys& keys,
                                                   const UncommittedKeys& uncommitted) {
  BlindingKeys blinding;
  for (const std::string& row : rows) {
    ASSIGN_OR_RETURN(FoundKey found, keys.Look(row, &uncommitted));
    if (found.erased) return std::nullopt;
    if (!found.key) {
      return domain::KeyNotHere("the key by which a repeat of the request is known is missing");
    }
    blinding[row] = *std::move(found.key);
  }
  return Blind(digest, label, blinding);
}

}  // namespace selaras::node
