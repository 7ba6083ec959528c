#include "services/serve/accept_succession.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/node/link_rows.h"
#include "services/node/rows.h"
#include "services/runtime/files.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/published.h"

namespace selaras::serve {
namespace {

constexpr std::size_t kNameDigits = 8;
constexpr std::uint64_t kHashesAtOnce = 1'024;

absl::Status KeepCut(const log::Mirror& mirror, base::TreeSize kept, const std::string& folder) {
  if (mirror.size() <= kept || folder.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, CutText(mirror, kept));
  const std::string digest = base::HexEncode(crypto::Sha256(text).view());
  const std::string name = absl::StrCat("cut-", mirror.name(), "-", kept.value, "-",
                                        digest.substr(0, kNameDigits), ".txt");
  return runtime::WriteFileAtomically((std::filesystem::path(folder) / name).string(), text);
}

// The link does not stand still for what was cut off, and a file of the peer may lead to less.
absl::StatusOr<std::vector<log::RowWrite>> RowsAfter(const log::Store& store,
                                                     const std::string& peer, base::TreeSize kept) {
  ASSIGN_OR_RETURN(storage::v1::StoredLink link, node::LoadLink(store, peer));
  node::SettleClosed(peer, &link);
  link.clear_heard_packed_at();
  link.clear_heard_size();
  std::vector<log::RowWrite> rows = {
      {log::Table::kView, node::rows::Link(peer), link.SerializeAsString()}};
  RETURN_IF_ERROR(log::ScanPublished(
      store, peer, {kept.value + 1}, [&](const log::PublishedCheckpoint& published) {
        rows.push_back(
            {log::Table::kPublished, log::PublishedKey(peer, published.size), std::nullopt});
        return true;
      }));
  return rows;
}

}  // namespace

absl::StatusOr<std::string> CutText(const log::Mirror& mirror, base::TreeSize kept) {
  const std::string note = mirror.checkpoint().note;
  std::string text = absl::StrCat("selaras cut 1\nlog ", mirror.name(), "\nkept ", kept.value,
                                  "\nheld ", note.size(), "\n\n", note);
  const std::uint64_t end = mirror.size().value;
  for (std::uint64_t first = kept.value; first < end; first += kHashesAtOnce) {
    ASSIGN_OR_RETURN(const std::vector<base::Digest> leaves,
                     mirror.Hashes(0, first, std::min(kHashesAtOnce, end - first)));
    for (std::uint64_t i = 0; i < leaves.size(); ++i) {
      absl::StrAppend(&text, "leaf ", first + i, " ", base::Base64Encode(leaves[i].view()));
      ASSIGN_OR_RETURN(const std::optional<std::string> entry, mirror.Entry({first + i}));
      if (entry) absl::StrAppend(&text, " ", base::Base64Encode(*entry));
      absl::StrAppend(&text, "\n");
    }
  }
  return text;
}

absl::Status AcceptSuccession(log::Store& store, const std::string& peer,
                              const log::NoteVerifier& configured,
                              const log::Succession& succession, const std::string& folder,
                              runtime::Logger& log) {
  const log::Mirror* mirror = store.FindMirror(peer);
  if (mirror == nullptr) {
    ASSIGN_OR_RETURN(mirror, store.OpenMirror(peer, configured));
  }
  if (mirror->keys()->Has(succession.next)) return absl::OkStatus();
  const base::TreeSize kept = succession.closing.checkpoint.size;
  const base::TreeSize held = mirror->size();
  // A statement that is refused leaves no file behind.
  RETURN_IF_ERROR(mirror->keys()->SucceededBy(succession).status());
  RETURN_IF_ERROR(KeepCut(*mirror, kept, folder));
  ASSIGN_OR_RETURN(const std::vector<log::RowWrite> rows, RowsAfter(store, peer, kept));
  RETURN_IF_ERROR(store.Succeed(peer, succession, rows));
  log.Warning("succession accepted", {{"peer", peer},
                                      {"held", held.value},
                                      {"closed_at", kept.value},
                                      {"reason", log::NameOf(succession.reason)},
                                      {"origin", succession.next.name()},
                                      {"fingerprint", log::FingerprintOf(succession)}});
  return absl::OkStatus();
}

}  // namespace selaras::serve
