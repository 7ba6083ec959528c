#include "tools/selaras/witness.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/link/key_change.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/names.h"
#include "storage/log/published.h"
#include "storage/log/split_view.h"
#include "storage/merkle/verify.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/log_entry.h"

namespace selaras::cli {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

WitnessedLog::WitnessedLog(std::string name, log::NoteVerifier verifier,
                           std::optional<log::Succession> succession, const log::Cosigner& cosigner,
                           std::string folder)
    : name_(std::move(name)),
      verifier_(succession ? succession->next : std::move(verifier)),
      succession_(std::move(succession)),
      cosigner_(cosigner),
      folder_(std::move(folder)) {}

absl::StatusOr<std::optional<log::SignedCheckpoint>> WitnessedLog::Load() const {
  if (!Exists(StateFile())) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string note, ReadFile(StateFile()));
  // Its own cosignature covers the text; the log's key may have been replaced since.
  const absl::StatusOr<log::Checkpoint> seen = log::ReadUnverified(note);
  absl::Status written = seen.status();
  if (written.ok()) written = cosigner_.verifier().Verify(note).status();
  if (written.ok() && (seen->origin == verifier_.name() || IsOfClosedLog(seen->origin))) {
    return log::SignedCheckpoint{*seen, note};
  }
  const absl::string_view why = written.ok() ? "it is of another log" : written.message();
  return absl::DataLossError(
      absl::StrCat(StateFile(), " is not what this witness wrote: ", why, "; take it from a copy"));
}

bool WitnessedLog::IsOfClosedLog(absl::string_view origin) const {
  return succession_ && log::LogOfOrigin(origin) == name_ &&
         log::GenerationOf(origin) < log::GenerationOf(verifier_.name());
}

std::string WitnessedLog::AsideFile(absl::string_view origin, absl::string_view kind) const {
  return absl::StrCat(folder_, "/", name_, ".", log::GenerationOf(origin), ".", kind);
}

absl::StatusOr<std::optional<log::SignedCheckpoint>> WitnessedLog::GoOnFrom(
    std::optional<log::SignedCheckpoint> seen) const {
  if (!seen || !IsOfClosedLog(seen->checkpoint.origin)) return seen;
  // A copy: until the successor is cosigned, the state says what was seen last.
  RETURN_IF_ERROR(WriteFileAtomically(AsideFile(seen->checkpoint.origin, "note"), seen->note));
  const log::Checkpoint& closing = succession_->closing.checkpoint;
  if (seen->checkpoint.size == closing.size && seen->checkpoint.root != closing.root) {
    return log::ClosedElsewhere(name_, closing.size, seen->checkpoint.root, closing.root);
  }
  // Nobody can prove any more that what was cut off went on from the closing: the operator says so.
  return seen->checkpoint.size < closing.size ? seen : succession_->closing;
}

absl::Status WitnessedLog::PutEvidenceAside() const {
  if (!succession_ || !Exists(EvidenceFile())) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(EvidenceFile()));
  ASSIGN_OR_RETURN(const log::SplitView view, log::ParseSplitView(text));
  ASSIGN_OR_RETURN(const log::Checkpoint held, log::ReadUnverified(view.held.note));
  ASSIGN_OR_RETURN(const log::Checkpoint given, log::ReadUnverified(view.given.note));
  // What the successor signed is not settled by its own coming.
  if (!IsOfClosedLog(held.origin) || !IsOfClosedLog(given.origin)) return absl::OkStatus();
  RETURN_IF_ERROR(WriteFileAtomically(AsideFile(held.origin, "evidence"), text));
  std::error_code error;
  std::filesystem::remove(EvidenceFile(), error);
  return error ? CannotWrite(EvidenceFile(), error.value()) : absl::OkStatus();
}

absl::StatusOr<log::SignedCheckpoint> WitnessedLog::Open(
    const ledger::v1::GetPublishedResponse& response) const {
  const auto keys = link::KeysIn(response.verifier_key(), response.past_keys());
  const bool proven = keys && keys->Has(verifier_);
  return (proven ? *keys : log::LogKeys(verifier_)).Open(response.checkpoint());
}

absl::StatusOr<Look> WitnessedLog::LookAt(Node& node, absl::Time now) {
  RETURN_IF_ERROR(PutEvidenceAside());
  if (Exists(EvidenceFile())) return LookForProof(node);
  ASSIGN_OR_RETURN(std::optional<log::SignedCheckpoint> seen, Load());
  ASSIGN_OR_RETURN(seen, GoOnFrom(std::move(seen)));
  ledger::v1::GetPublishedRequest request;
  request.set_from_size(seen ? seen->checkpoint.size.value : 0);
  const auto response = node.GetPublished(request);
  if (absl::IsOutOfRange(response.status()) && seen) return StopTurnedBack(node, *seen);
  if (absl::IsFailedPrecondition(response.status()) && !seen) return Look();
  RETURN_IF_ERROR(response.status());
  ASSIGN_OR_RETURN(const log::SignedCheckpoint published, Open(*response));

  if (seen) RETURN_IF_ERROR(Check(*seen, published, *response));
  const bool cosigned = seen && seen->checkpoint.origin == verifier_.name() &&
                        (!succession_ || seen->note != succession_->closing.note);
  if (cosigned && published.checkpoint.size == seen->checkpoint.size) {
    ASSIGN_OR_RETURN(const absl::Time last, cosigner_.verifier().Verify(seen->note));
    if (now - last < kAgain) {
      // The node may not have taken it the last time.
      RETURN_IF_ERROR(HandIn(node, *seen));
      return Look{seen->checkpoint.size, last, ""};
    }
  }
  RETURN_IF_ERROR(Cosign(node, published, now));
  return Look{published.checkpoint.size, now, ""};
}

absl::Status WitnessedLog::Check(const log::SignedCheckpoint& seen,
                                 const log::SignedCheckpoint& published,
                                 const ledger::v1::GetPublishedResponse& response) {
  const log::Checkpoint& before = seen.checkpoint;
  const log::Checkpoint& now = published.checkpoint;
  if (now.size < before.size) return Stop(TurnedBack(seen, published));
  if (now == before) return absl::OkStatus();
  const absl::StatusOr<merkle::Proof> proof = ParseProof(response.hashes());
  if (proof.ok() &&
      merkle::VerifyConsistency(before.size, before.root, now.size, now.root, *proof).ok()) {
    return absl::OkStatus();
  }
  return Stop(NotExtended(seen, published, response));
}

log::SplitView WitnessedLog::TurnedBack(const log::SignedCheckpoint& seen,
                                        const log::SignedCheckpoint& published) const {
  return {name_,
          {cosigner_.name(), seen.note},
          {name_, published.note},
          absl::StrCat("the log publishes ", published.checkpoint.size,
                       " entries, fewer than it had signed"),
          {},
          {}};
}

log::SplitView WitnessedLog::NotExtended(const log::SignedCheckpoint& seen,
                                         const log::SignedCheckpoint& published,
                                         const ledger::v1::GetPublishedResponse& response) const {
  const log::Statement held{cosigner_.name(), seen.note};
  const log::Statement given{name_, published.note};
  if (published.checkpoint.size == seen.checkpoint.size) {
    return {name_, held, given, "one size, two roots", seen.checkpoint.root, {}};
  }
  log::SplitView view{name_, given, held, "the log does not prove that it only grew", {}, {}};
  const absl::StatusOr<merkle::Proof> proof = ParseProof(response.hashes());
  const absl::StatusOr<base::Digest> root = base::Digest::FromBytes(response.from_root());
  if (!proof.ok() || !root.ok() || *root == seen.checkpoint.root) return view;
  const absl::Status begins = merkle::VerifyConsistency(
      seen.checkpoint.size, *root, published.checkpoint.size, published.checkpoint.root, *proof);
  if (!begins.ok()) return view;
  view.reason = "the log begins with other entries than it had signed";
  view.root = *root;
  view.proof = *proof;
  return view;
}

absl::Status WitnessedLog::StopTurnedBack(Node& node, const log::SignedCheckpoint& seen) {
  const auto response = node.GetPublished(ledger::v1::GetPublishedRequest());
  RETURN_IF_ERROR(response.status());
  ASSIGN_OR_RETURN(const log::SignedCheckpoint published, Open(*response));
  // It may have grown meanwhile: the next look sees what it is.
  if (published.checkpoint.size >= seen.checkpoint.size) {
    return absl::UnavailableError(absl::StrCat(name_, " has just grown; look again"));
  }
  return Stop(TurnedBack(seen, published));
}

absl::Status WitnessedLog::Stop(const log::SplitView& view) {
  RETURN_IF_ERROR(WriteFileAtomically(EvidenceFile(), log::SplitViewText(view)));
  return LogWasRewritten(name_, EvidenceFile());
}

absl::Status WitnessedLog::LookForProof(Node& node) {
  const absl::Status known = LogWasRewritten(name_, EvidenceFile());
  const auto seen = Load();
  const auto text = ReadFile(EvidenceFile());
  if (!seen.ok() || !*seen || !text.ok()) return known;
  ledger::v1::GetPublishedRequest request;
  request.set_from_size((*seen)->checkpoint.size.value);
  const auto response = node.GetPublished(request);
  if (!response.ok()) return known;
  const auto keys = link::KeysIn(response->verifier_key(), response->past_keys());
  const log::LogKeys by = keys && keys->Has(verifier_) ? *keys : log::LogKeys(verifier_);
  const auto before = log::ParseSplitView(*text);
  if (before.ok() && log::VerifySplitView(*before, by).ok()) return known;
  const auto published = Open(*response);
  if (!published.ok() || published->checkpoint.size < (*seen)->checkpoint.size) return known;
  log::SplitView view = NotExtended(**seen, *published, *response);
  if (!log::VerifySplitView(view, by).ok()) return known;
  if (before.ok()) absl::StrAppend(&view.reason, "; before that: ", before->reason);
  return Stop(view);
}

absl::Status WitnessedLog::Cosign(Node& node, const log::SignedCheckpoint& checkpoint,
                                  absl::Time now) {
  ASSIGN_OR_RETURN(const std::string bare, log::WithoutCosignatures(checkpoint.note));
  log::SignedCheckpoint cosigned = checkpoint;
  ASSIGN_OR_RETURN(cosigned.note, cosigner_.Cosign(bare, now));
  RETURN_IF_ERROR(WriteFileAtomically(StateFile(), cosigned.note));
  return HandIn(node, cosigned);
}

absl::Status WitnessedLog::HandIn(Node& node, const log::SignedCheckpoint& cosigned) const {
  ASSIGN_OR_RETURN(const std::string bare, log::WithoutCosignatures(cosigned.note));
  ledger::v1::AddCosignatureRequest request;
  request.set_size(cosigned.checkpoint.size.value);
  request.set_signature(cosigned.note.substr(bare.size()));
  return node.AddCosignature(request);
}

}  // namespace selaras::cli
