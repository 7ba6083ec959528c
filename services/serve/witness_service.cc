#include "services/serve/witness_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "selaras/ledger/v1/witness.pb.h"

#include "services/domain/refusal.h"
#include "services/link/key_change.h"
#include "storage/base/status.h"
#include "storage/merkle/prove.h"

namespace selaras::serve {
namespace {

namespace v1 = ledger::v1;

constexpr std::size_t kSignatureBytesMax = 1'024;

absl::StatusOr<v1::GetPublishedResponse> GetPublished(const log::LogReader& log,
                                                      const link::PublishedLog& published,
                                                      const v1::GetPublishedRequest& request) {
  const base::TreeSize from{request.from_size()};
  if (from > log.size()) {
    return domain::Refusal(
        absl::StatusCode::kOutOfRange, "SMALLER_THAN_SEEN",
        absl::StrCat(log.name(), " has ", log.size(), " entries, fewer than ", from));
  }
  const std::optional<link::Publication> newest = published.Newest();
  if (!newest || newest->checkpoint.checkpoint.size < from) {
    return domain::Refusal(absl::StatusCode::kFailedPrecondition, "NOT_PUBLISHED",
                           absl::StrCat("nothing new of ", log.name(), " was published"));
  }
  v1::GetPublishedResponse response;
  response.set_checkpoint(newest->checkpoint.note);
  ASSIGN_OR_RETURN(const auto proof,
                   merkle::ProveConsistency(log, from, newest->checkpoint.checkpoint.size));
  for (const base::Digest& hash : proof) response.add_hashes(std::string(hash.view()));
  ASSIGN_OR_RETURN(const base::Digest from_root, merkle::RootAt(log, from));
  response.set_from_root(std::string(from_root.view()));
  response.set_verifier_key(log.keys()->newest().VerifierText());
  ASSIGN_OR_RETURN(const auto past_keys, link::PastKeysOf(log));
  response.mutable_past_keys()->Assign(past_keys.begin(), past_keys.end());
  return response;
}

absl::StatusOr<v1::AddCosignatureResponse> AddCosignature(
    link::PublishedLog& published, const log::CosignatureVerifier& witness,
    const v1::AddCosignatureRequest& request) {
  if (request.signature().empty() || request.signature().size() > kSignatureBytesMax) {
    return domain::BadField("signature",
                            absl::StrCat("must have 1 to ", kSignatureBytesMax, " bytes"));
  }
  const absl::Status kept = published.Keep({request.size()}, witness, request.signature());
  if (absl::IsNotFound(kept)) {
    return domain::Refusal(absl::StatusCode::kNotFound, "NOT_PUBLISHED", kept.message());
  }
  if (absl::IsInvalidArgument(kept) || absl::IsDataLoss(kept)) {
    return domain::BadField("signature",
                            absl::StrCat("is no cosignature of ", witness.VerifierText(),
                                         " under the "
                                         "checkpoint of ",
                                         request.size(), " entries: ", kept.message()));
  }
  RETURN_IF_ERROR(kept);
  return v1::AddCosignatureResponse();
}

}  // namespace

std::unique_ptr<rpc::Service> MakeWitnessService(const log::StoreReader& store,
                                                 link::PublishedLog& published, Witnesses witnesses,
                                                 const runtime::Access& access,
                                                 runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.ledger.v1.WitnessService", access, log);
  service->Unary<v1::GetPublishedRequest, v1::GetPublishedResponse>(
      "GetPublished", [&store, &published](const auto& request, const auto&) {
        return GetPublished(store.shared(), published, request);
      });
  service->Unary<v1::AddCosignatureRequest, v1::AddCosignatureResponse>(
      "AddCosignature",
      [&published, witnesses = std::move(witnesses)](
          const v1::AddCosignatureRequest& request,
          const rpc::CallInfo& call) -> absl::StatusOr<v1::AddCosignatureResponse> {
        const auto witness = witnesses.find(call.caller.authority);
        // The access table lets nobody else through.
        if (witness == witnesses.end()) return absl::InternalError("no such witness");
        return AddCosignature(published, witness->second, request);
      });
  return service;
}

}  // namespace selaras::serve
