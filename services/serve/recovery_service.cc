#include "services/serve/recovery_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "selaras/ledger/v1/recovery.pb.h"

#include "services/domain/refusal.h"
#include "services/link/key_change.h"
#include "services/node/link_keys.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

namespace v1 = ledger::v1;

constexpr int kPageDefault = 100;
constexpr int kPageMax = 1'000;
constexpr std::size_t kPageBytesMax = 1 << 20;

const log::Mirror* MirrorOf(const log::StoreReader& store, absl::string_view peer) {
  const log::Mirror* mirror = store.FindMirror(peer);
  return mirror != nullptr && !mirror->checkpoint().note.empty() ? mirror : nullptr;
}

absl::StatusOr<v1::GetHeldResponse> GetHeld(const log::Mirror& mirror,
                                            const node::SubjectKeys& keys,
                                            const v1::GetHeldRequest& request) {
  if (request.page_size() < 0 || request.page_size() > kPageMax) {
    return domain::BadField("page_size", absl::StrCat("must be 1 to ", kPageMax));
  }
  const log::SignedCheckpoint head = mirror.checkpoint();  // first: its leaves are here
  const std::uint64_t size = head.checkpoint.size.value;
  v1::GetHeldResponse response;
  response.set_checkpoint(head.note);
  response.set_verifier_key(mirror.keys()->newest().VerifierText());
  ASSIGN_OR_RETURN(const auto past_keys, link::PastKeysOf(mirror));
  response.mutable_past_keys()->Assign(past_keys.begin(), past_keys.end());
  response.set_size(size);
  const std::uint64_t page = request.page_size() == 0 ? kPageDefault : request.page_size();
  const std::uint64_t start = std::min(request.start(), size);
  const std::uint64_t end = start + std::min(page, size - start);
  ASSIGN_OR_RETURN(const auto hashes, mirror.Hashes(0, start, end - start));
  std::size_t bytes = 0;
  std::uint64_t at = start;
  for (; at < end && bytes < kPageBytesMax; ++at) {
    v1::EntryRecord& record = *response.add_entries();
    record.mutable_position()->set_log(mirror.name());
    record.mutable_position()->set_sequence(at);
    record.set_leaf_hash(std::string(hashes[at - start].view()));
    ASSIGN_OR_RETURN(auto entry, mirror.Entry({at}));
    if (entry) {
      // Its author had given it.
      ASSIGN_OR_RETURN(*record.mutable_key(), keys.KeyOrNone(node::KeyRowOf(*entry)));
      record.set_entry(*std::move(entry));
    }
    bytes += record.ByteSizeLong();
  }
  if (at < size) response.set_next_start(at);
  return response;
}

}  // namespace

std::unique_ptr<rpc::Service> MakeRecoveryService(const log::StoreReader& store,
                                                  const node::SubjectKeys& keys,
                                                  const runtime::Access& access,
                                                  runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.ledger.v1.RecoveryService", access, log);
  service->Unary<v1::GetHeldRequest, v1::GetHeldResponse>(
      "GetHeld",
      [&store, &keys](const v1::GetHeldRequest& request,
                      const rpc::CallInfo& call) -> absl::StatusOr<v1::GetHeldResponse> {
        const log::Mirror* mirror = MirrorOf(store, call.grant.peer);
        if (mirror != nullptr) return GetHeld(*mirror, keys, request);
        return domain::Refusal(absl::StatusCode::kNotFound, "NOTHING_HELD",
                               absl::StrCat("nothing of the log of ", call.caller.authority,
                                            " has come to this node"));
      });
  return service;
}

}  // namespace selaras::serve
