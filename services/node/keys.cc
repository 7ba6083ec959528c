#include "services/node/keys.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/receipt_code.h"
#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/crypto/hmac.h"

namespace selaras::node {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kNameBytes = 8;
constexpr absl::string_view kReceipt = "receipt";

struct HeldKey {
  std::string key;
  bool clear = false;  // as an earlier version wrote it
};

absl::StatusOr<std::optional<HeldKey>> LoadKey(const log::StoreReader& store,
                                               const vault::WrappingKeys& wrapping,
                                               absl::string_view name) {
  ASSIGN_OR_RETURN(auto held, store.Get(log::Table::kSecret, name));
  if (!held) return std::nullopt;
  if (held->size() == kKeyBytes) return HeldKey{*std::move(held), true};
  auto key = wrapping.Unwrap(name, *held);
  if (absl::IsDataLoss(key.status())) {
    return absl::DataLossError(absl::StrCat("the node's key ", name, " is damaged"));
  }
  RETURN_IF_ERROR(key.status());
  return HeldKey{*std::move(key)};
}

absl::Status WriteKey(log::Store& store, const vault::WrappingKeys& wrapping,
                      absl::string_view name, absl::string_view key, crypto::RandomSource& random) {
  return store.Write({{log::Table::kSecret, std::string(name), wrapping.Wrap(name, key, random)}},
                     log::Durability::kSynced);
}

absl::StatusOr<std::string> LoadOrMakeKey(log::Store& store, const vault::WrappingKeys& wrapping,
                                          absl::string_view name, crypto::RandomSource& random) {
  ASSIGN_OR_RETURN(auto held, LoadKey(store, wrapping, name));
  if (held && !held->clear) return std::move(held->key);
  std::string key = held ? std::move(held->key) : random.Fill(kKeyBytes);
  RETURN_IF_ERROR(WriteKey(store, wrapping, name, key, random));
  return key;
}

// Parts with their lengths, so that no two lists of parts give the same bytes.
std::string Framed(absl::string_view purpose, std::initializer_list<absl::string_view> parts) {
  std::string bytes(purpose);
  for (const absl::string_view part : parts) {
    base::AppendU32(&bytes, static_cast<std::uint32_t>(part.size()));
    absl::StrAppend(&bytes, part);
  }
  return bytes;
}

}  // namespace

NodeKeys::NodeKeys(std::string request, std::string id, std::string receipt, std::string look_up)
    : request_key_(std::move(request)),
      id_key_(std::move(id)),
      receipt_key_(std::move(receipt)),
      look_up_key_(std::move(look_up)) {}

absl::StatusOr<NodeKeys> NodeKeys::LoadOrMake(log::Store& store,
                                              const vault::WrappingKeys& wrapping,
                                              crypto::RandomSource& random) {
  ASSIGN_OR_RETURN(std::string request, LoadOrMakeKey(store, wrapping, "request", random));
  ASSIGN_OR_RETURN(std::string id, LoadOrMakeKey(store, wrapping, "id", random));
  // Stands in the log, so it stays when the key of look-ups is replaced. Before there was one, that
  // key was used.
  ASSIGN_OR_RETURN(const auto held, LoadKey(store, wrapping, kReceipt));
  ASSIGN_OR_RETURN(const auto before, LoadKey(store, wrapping, kLookUpRow));
  if (!held && before) RETURN_IF_ERROR(WriteKey(store, wrapping, kReceipt, before->key, random));
  ASSIGN_OR_RETURN(std::string receipt, LoadOrMakeKey(store, wrapping, kReceipt, random));
  ASSIGN_OR_RETURN(std::string look_up, LoadOrMakeKey(store, wrapping, kLookUpRow, random));
  return NodeKeys(std::move(request), std::move(id), std::move(receipt), std::move(look_up));
}

absl::StatusOr<NodeKeys> NodeKeys::Load(const log::StoreReader& store,
                                        const vault::WrappingKeys& wrapping) {
  ASSIGN_OR_RETURN(auto request, LoadKey(store, wrapping, "request"));
  ASSIGN_OR_RETURN(auto id, LoadKey(store, wrapping, "id"));
  ASSIGN_OR_RETURN(auto look_up, LoadKey(store, wrapping, kLookUpRow));
  ASSIGN_OR_RETURN(auto receipt, LoadKey(store, wrapping, kReceipt));
  if (!request || !id || !look_up) {
    return absl::NotFoundError("no node ever ran on this store: its keys are missing");
  }
  std::string of_receipts = receipt ? std::move(receipt->key) : look_up->key;
  return NodeKeys(std::move(request->key), std::move(id->key), std::move(of_receipts),
                  std::move(look_up->key));
}

NodeKeys NodeKeys::OfNobody() {
  const std::string none(kKeyBytes, '\0');
  return NodeKeys(none, none, none, none);
}

base::Digest NodeKeys::RequestTag(absl::string_view authority, absl::string_view request_id) const {
  return crypto::HmacSha256(request_key_, Framed("tag", {authority, request_id}));
}

base::Digest NodeKeys::RequestDigest(absl::string_view body) const {
  return crypto::HmacSha256(request_key_, Framed("digest", {body}));
}

std::string NodeKeys::ReportId(absl::string_view authority, absl::string_view report_key) const {
  const auto digest = crypto::HmacSha256(id_key_, Framed("report", {authority, report_key}));
  return FormatUuid(digest.view().substr(0, kUuidBytes));
}

std::string NodeKeys::CaseId(absl::string_view authority, absl::string_view request_id,
                             int index) const {
  const auto digest =
      crypto::HmacSha256(id_key_, Framed("case", {authority, request_id, absl::StrCat(index)}));
  return FormatUuid(digest.view().substr(0, kUuidBytes));
}

std::string NodeKeys::ReceiptCode(absl::string_view authority, absl::string_view report_id,
                                  absl::string_view request_id) const {
  const auto digest =
      crypto::HmacSha256(id_key_, Framed("receipt-code", {authority, report_id, request_id}));
  return domain::FormatReceiptCode(digest.view().substr(0, domain::kReceiptCodeBytes));
}

base::Digest NodeKeys::ReceiptTag(absl::string_view code) const {
  return crypto::HmacSha256(receipt_key_, Framed("receipt-tag", {code}));
}

std::string NodeKeys::LookUpKey(absl::string_view kind, absl::string_view normalised) const {
  return base::HexEncode(
      crypto::HmacSha256(look_up_key_, Framed("look-up", {kind, normalised})).view());
}

std::string NodeKeys::LookUpName() const {
  const auto digest = crypto::HmacSha256(look_up_key_, Framed("name", {}));
  return base::HexEncode(digest.view().substr(0, kNameBytes));
}

std::string FormatUuid(absl::string_view bytes16) {
  SELARAS_CHECK(bytes16.size() == kUuidBytes) << "a UUID has 16 bytes";
  std::string bytes(bytes16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x80);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = base::HexEncode(bytes);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

}  // namespace selaras::node
