#include "storage/audit/place_sum.h"

#include <cstring>

#include "storage/base/bytes.h"
#include "storage/crypto/sha256.h"

namespace selaras::audit {

void PlaceSum::Add(absl::string_view salt, absl::string_view key, OwnLog log,
                   base::Sequence sequence) {
  std::string text(salt);
  text.push_back(log == OwnLog::kShared ? 's' : 'p');
  base::AppendU64(&text, sequence.value);
  text.append(key.data(), key.size());
  const base::Digest digest = crypto::Sha256(text);
  std::array<std::uint64_t, 2> words = {};
  std::memcpy(words.data(), digest.view().data(), sizeof(words));
  for (std::size_t i = 0; i < words.size(); ++i) sum_[i] += words[i];
}

void PlaceSum::Add(const PlaceSum& other) {
  for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += other.sum_[i];
}

}  // namespace selaras::audit
