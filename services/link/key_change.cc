#include "services/link/key_change.h"

#include <optional>
#include <utility>

#include "selaras/event/v1/event.pb.h"

#include "services/link/errors.h"
#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/log/receipt.h"

namespace selaras::link {
namespace {

// Empty if the entry is not held, or was cut off. Of a successor its statement.
absl::StatusOr<std::string> KeyChangeReceipt(const log::LogReader& log,
                                             const log::LogKeys::Past& past) {
  if (!past.succession.empty()) return past.succession;
  if (past.closing.checkpoint.origin != past.verifier.name()) return std::string();
  const base::TreeSize size = past.closing.checkpoint.size;
  if (size.value == 0 || size > log.size()) return std::string();  // unsaid, or not here yet
  const auto receipt = log::MakeReceipt(log, {size.value - 1}, past.closing);
  if (absl::IsNotFound(receipt.status())) return std::string();
  RETURN_IF_ERROR(receipt);
  return log::ReceiptText(*receipt);
}

}  // namespace

absl::StatusOr<KeyChange> ReadKeyChange(absl::string_view receipt, const log::NoteVerifier& past) {
  ASSIGN_OR_RETURN(const log::Receipt read, log::ParseReceipt(receipt));
  ASSIGN_OR_RETURN(const log::SignedCheckpoint closing, log::OpenCheckpoint(past, read.checkpoint));
  RETURN_IF_ERROR(log::VerifyReceipt(read, read.extra, closing.checkpoint));
  event::v1::Event event;
  if (!event.ParseFromString(read.extra) || !event.fact().has_log_key_replaced()) {
    return NoKeyChange("its entry does not say so");
  }
  if (base::SizeThrough(read.index) != closing.checkpoint.size) {
    return NoKeyChange("its checkpoint covers entries after it");
  }
  auto next = log::NoteVerifier::Parse(event.fact().log_key_replaced().verifier_key());
  if (!next.ok()) return NoKeyChange("the key that it names cannot be read");
  if (next->VerifierText() == past.VerifierText()) return NoKeyChange("it names the same key");
  RETURN_IF_ERROR(log::OpenCheckpoint(*next, read.checkpoint).status());
  return KeyChange{*std::move(next), closing.note};
}

std::vector<KeyChange> ChangesFrom(const log::NoteVerifier& first,
                                   const std::vector<std::string>& receipts) {
  std::vector<KeyChange> changes;
  log::NoteVerifier newest = first;
  for (std::size_t i = 0; i < receipts.size();) {
    auto change = ReadKeyChange(receipts[i], newest);
    // A key that returned would lead round for ever; no log takes one twice.
    if (!change.ok() || changes.size() == receipts.size()) {
      ++i;
      continue;
    }
    newest = change->next;
    changes.push_back(*std::move(change));
    i = 0;
  }
  return changes;
}

absl::StatusOr<log::LogKeys> FollowChanges(log::LogKeys keys,
                                           const std::vector<std::string>& texts) {
  while (true) {
    for (KeyChange& change : ChangesFrom(keys.newest(), texts)) {
      ASSIGN_OR_RETURN(keys, keys.FollowedBy(std::move(change.next), change.closing));
    }
    const std::optional<log::Succession> succession = SuccessionOf(keys, texts);
    if (!succession) return keys;
    ASSIGN_OR_RETURN(keys, keys.SucceededBy(*succession));
  }
}

std::optional<log::Succession> SuccessionOf(const log::LogKeys& keys,
                                            const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (!log::IsSuccessionText(text)) continue;
    auto succession = log::ParseSuccession(text);
    if (succession.ok() && keys.SucceededBy(*succession).ok()) return *std::move(succession);
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<std::string>> KeyChangeReceipts(const log::LogReader& log) {
  std::vector<std::string> receipts;
  const log::LogKeys known = *log.keys();
  for (const log::LogKeys::Past& past : known.past()) {
    ASSIGN_OR_RETURN(std::string receipt, KeyChangeReceipt(log, past));
    if (!receipt.empty()) receipts.push_back(std::move(receipt));
  }
  return receipts;
}

absl::StatusOr<std::vector<ledger::v1::PastKey>> PastKeysOf(const log::LogReader& log) {
  std::vector<ledger::v1::PastKey> keys;
  const log::LogKeys known = *log.keys();
  for (const log::LogKeys::Past& past : known.past()) {
    ledger::v1::PastKey& key = keys.emplace_back();
    key.set_verifier_key(past.verifier.VerifierText());
    key.set_last_size(past.last.value);
    ASSIGN_OR_RETURN(*key.mutable_key_change(), KeyChangeReceipt(log, past));
  }
  return keys;
}

std::optional<log::LogKeys> KeysIn(
    const std::string& newest,
    const google::protobuf::RepeatedPtrField<ledger::v1::PastKey>& past_keys) {
  // Only receipts prove anything: what a successor took the place of is another log here.
  const auto origin = [](const std::string& key) { return key.substr(0, key.find('+')); };
  std::vector<std::string> receipts;
  std::string oldest = newest;
  for (auto past = past_keys.rbegin(); past != past_keys.rend(); ++past) {
    if (origin(past->verifier_key()) != origin(newest)) break;
    if (!log::IsSuccessionText(past->key_change())) receipts.push_back(past->key_change());
    oldest = past->verifier_key();
  }
  const auto first = log::NoteVerifier::Parse(oldest);
  if (!first.ok()) return std::nullopt;
  const auto keys = FollowChanges(log::LogKeys(*first), receipts);
  if (!keys.ok() || keys->newest().VerifierText() != newest) return std::nullopt;
  return *keys;
}

}  // namespace selaras::link
