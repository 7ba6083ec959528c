#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"
#include "storage/vault/wrapping_keys.h"

namespace selaras::node {

// Secrets of a node that never leave its store, where they are wrapped: made at the first start,
// needed for ever.
class NodeKeys {
 public:
  // Reads them, or makes and writes them (synced) if the store is new. Wraps those that an earlier
  // version left in clear. FAILED_PRECONDITION if the wrapping key is missing.
  static absl::StatusOr<NodeKeys> LoadOrMake(log::Store& store, const vault::WrappingKeys& wrapping,
                                             crypto::RandomSource& random);

  // Reads them of a store that is only read. NOT_FOUND if no node ever ran on it,
  // FAILED_PRECONDITION as above.
  static absl::StatusOr<NodeKeys> Load(const log::StoreReader& store,
                                       const vault::WrappingKeys& wrapping);

  // For whoever reads a store without its wrapping keys: of another node, so that nothing is found.
  static NodeKeys OfNobody();

  // Keyed tag of a request id: what entries carry instead of the id.
  base::Digest RequestTag(absl::string_view authority, absl::string_view request_id) const;
  // Keyed digest of a request body: it may hold personal data of low entropy.
  base::Digest RequestDigest(absl::string_view body) const;
  // Ids of what a request opens: unguessable, and the same when the request is repeated.
  std::string ReportId(absl::string_view authority, absl::string_view report_key) const;
  std::string CaseId(absl::string_view authority, absl::string_view request_id, int index) const;
  // The receipt code that a request makes for a report, as it is handed out: the same when the
  // request is repeated, and stored nowhere.
  std::string ReceiptCode(absl::string_view authority, absl::string_view report_id,
                          absl::string_view request_id) const;
  // Keyed digest of such a code: all that is kept of it.
  base::Digest ReceiptTag(absl::string_view code) const;
  // Keyed digest for look-ups of numbers, as hexadecimal text. Its key is replaced when wrapping
  // keys are: what was derived with the one before is derived anew.
  std::string LookUpKey(absl::string_view kind, absl::string_view normalised) const;
  // Names the key of look-ups; of no use to whoever does not have it.
  std::string LookUpName() const;

  // The row of the key of look-ups, the only one that may be replaced.
  static constexpr absl::string_view kLookUpRow = "look-up";

 private:
  NodeKeys(std::string request, std::string id, std::string receipt, std::string look_up);

  std::string request_key_;
  std::string id_key_;
  std::string receipt_key_;
  std::string look_up_key_;
};

// 16 bytes as a UUID of version 8 (RFC 9562): the text of 36 characters.
std::string FormatUuid(absl::string_view bytes16);

// Whether the text is a UUID in lower case.
bool IsUuid(absl::string_view text);

}  // namespace selaras::node
