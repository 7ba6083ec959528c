#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/link/attachments.h"
#include "services/node/opener.h"
#include "services/node/subject_keys.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"
#include "storage/vault/chunks.h"

namespace selaras::node {

// Documents on their way over the link to one peer: what the projector noted as wanted is fetched,
// one document after the other, and kept once its digest is the one that the entry names. One
// caller at a time; others may destroy documents meanwhile.
class LinkAttachments final : public link::Attachments {
 public:
  // A document that the peer does not give is asked for again after so long.
  static constexpr absl::Duration kRest = absl::Minutes(10);
  // Where nothing was wanted, it is looked again after so long; after so many documents in a row
  // that the peer did not give, too.
  static constexpr absl::Duration kLook = absl::Seconds(1);
  static constexpr int kRefusalsMax = 16;
  static constexpr absl::Duration kRefusedRest = absl::Minutes(1);
  // Larger ones are not fetched: no node can be told to take them (NodeConfig.attachments).
  static constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 30;

  // Everything handed in must outlive the object. `now` goes on whatever is done to the clock.
  LinkAttachments(log::Store& store, const SubjectKeys& keys, const Opener& opener,
                  std::string peer, crypto::RandomSource& random,
                  std::function<absl::Duration()> now);

  absl::StatusOr<std::optional<link::Chunk>> Wanted() override;
  absl::Status Keep(const link::Chunk& chunk, absl::string_view data) override;
  absl::Status Take(const link::Chunk& chunk, absl::string_view data) override;
  void NotGiven(const link::Chunk& chunk) override;
  absl::StatusOr<std::string> Read(const link::Chunk& chunk) const override;

 private:
  // One that is being fetched.
  struct Fetched {
    base::Sequence entry;
    std::string sealed_sha256;
    vault::Chunks chunks;
    storage::v1::StoredAttachment stored;
  };

  // Goes on with the first document that is wanted, if there is one.
  absl::Status BeginNext();
  // The document that the entry adds; nothing if it is not to be fetched, also in future: then it
  // is not wanted any more.
  absl::StatusOr<std::optional<Fetched>> Begin(base::Sequence entry);
  absl::Status Forget(base::Sequence entry);
  absl::Status KeepIf(const link::Chunk& chunk, absl::string_view data, bool only_wanted);
  // Whether it may go on, for somebody who holds the keys: nobody destroyed it meanwhile, and, if
  // that is asked, it is still wanted.
  absl::StatusOr<bool> GoesOn(const Fetched& fetched, bool only_wanted) const;
  absl::Status Complete(bool only_wanted);

  log::Store& store_;
  const SubjectKeys& keys_;
  const Opener& opener_;
  const std::string peer_;
  crypto::RandomSource& random_;
  const std::function<absl::Duration()> now_;
  std::optional<Fetched> fetched_;
  std::map<base::Sequence, absl::Duration> resting_;  // until when
  int refusals_ = 0;                                  // in a row
  absl::Duration idle_until_ = -absl::InfiniteDuration();
};

}  // namespace selaras::node
