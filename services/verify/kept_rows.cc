#include "services/verify/kept_rows.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/node/rows.h"
#include "services/node/subject_keys.h"
#include "services/verify/row_stream.h"
#include "services/verify/view_findings.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/vault/wrapping_keys.h"

namespace selaras::verify {
namespace {

using audit::Part;

constexpr std::array<absl::string_view, 3> kSecrets = {"id", "look-up", "request"};
// A node of an earlier version made none.
constexpr absl::string_view kReceiptSecret = "receipt";
constexpr std::size_t kSecretBytes = 32;

bool IsKeyOfSubject(absl::string_view key) {
  return absl::StartsWith(key, node::rows::kSharedKeys) ||
         absl::StartsWith(key, node::rows::kKeptKeys) ||
         absl::StartsWith(key, node::rows::kUploadKeys);
}

void Report(Part part, absl::string_view key, std::string problem, std::string expected,
            std::string actual, audit::Findings* findings) {
  findings->Add({part, "", std::nullopt, absl::StrCat(audit::NameOf(part), " ", KeyText(key)),
                 std::move(problem), std::move(expected), std::move(actual)});
}

void ReportUnreadable(absl::string_view table, const absl::Status& status,
                      audit::Findings* findings) {
  if (status.ok()) return;
  findings->Add({Part::kStore, "", std::nullopt, absl::StrCat("table of ", table),
                 "the rows cannot be read through", "all rows", std::string(status.message())});
}

// FORMAT.md, section 3.
class CatalogueDigest {
 public:
  CatalogueDigest() { Begin(); }
  void Add(absl::string_view name, absl::string_view content) {
    std::string length;
    base::AppendU64(&length, content.size());
    hasher_.Update(name).Update(absl::string_view("\0", 1)).Update(length).Update(content);
  }
  std::string Finish() {
    std::string hex = base::HexEncode(hasher_.Finish().view());
    Begin();
    return hex;
  }

 private:
  void Begin() { hasher_.Update("selaras catalogue 1\n"); }
  crypto::Sha256Hasher hasher_;
};

// Documents that are looked up at once.
constexpr std::size_t kDocumentsAtOnce = 256;

using Held = std::pair<std::string, storage::v1::StoredAttachment>;

// Those from the row `from` on, at most so many.
absl::StatusOr<std::vector<Held>> HeldFrom(const log::StoreReader& store, const std::string& from) {
  std::vector<Held> held;
  RETURN_IF_ERROR(store.Scan(log::Table::kAttachment, node::rows::kHeld, from,
                             [&](absl::string_view key, absl::string_view value) {
                               storage::v1::StoredAttachment stored;
                               stored.ParseFromArray(value.data(), static_cast<int>(value.size()));
                               held.emplace_back(key, std::move(stored));
                               return held.size() < kDocumentsAtOnce;
                             }));
  return held;
}

// The digest of its bytes; empty if one of them is missing.
absl::StatusOr<std::string> DigestOf(const log::StoreReader& store,
                                     const storage::v1::StoredAttachment& held) {
  crypto::Sha256Hasher hasher;
  for (std::uint32_t i = 0; i < held.chunks(); ++i) {
    ASSIGN_OR_RETURN(const auto chunk,
                     store.Get(log::Table::kAttachment, node::rows::Chunk(held.object(), i)));
    if (!chunk) return std::string();
    hasher.Update(*chunk);
  }
  return std::string(hasher.Finish().view());
}

absl::Status CompareDocuments(const log::StoreReader& store, audit::Findings* findings) {
  std::string from(node::rows::kHeld);
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Held> documents, HeldFrom(store, from));
    for (const auto& [key, held] : documents) {
      if (!held.complete()) continue;
      ASSIGN_OR_RETURN(const std::string found, DigestOf(store, held));
      if (found == held.sealed_sha256()) continue;
      Report(Part::kDocument, key, found.empty() ? "a part of it is missing" : "it was changed",
             base::HexEncode(held.sealed_sha256()), found.empty() ? "less" : base::HexEncode(found),
             findings);
    }
    if (documents.size() < kDocumentsAtOnce) return absl::OkStatus();
    from = absl::StrCat(documents.back().first, absl::string_view("\0", 1));
  }
}

}  // namespace

void AuditDocuments(const log::StoreReader& store, audit::Findings* findings) {
  ReportUnreadable("documents", CompareDocuments(store, findings), findings);
}

// In the order of the keys a version's own row stands before its tables.
void AuditCatalogues(const log::StoreReader& store, audit::Findings* findings) {
  std::optional<std::string> version;
  CatalogueDigest digest;
  const auto close = [&] {
    if (!version) return;
    const std::string found = digest.Finish();
    if (found == *version) return;
    Report(Part::kCatalogue, *version, "the tables are not those that the digest names", *version,
           found, findings);
  };
  RowStream rows(store, log::Table::kCatalogue);
  for (; rows.Valid(); rows.Next()) {
    const absl::string_view key = rows.key();
    const auto slash = key.find('/');
    if (slash == absl::string_view::npos) {
      close();
      version = std::string(key);
      if (!rows.value().empty()) {
        Report(Part::kCatalogue, key, "the row of a version holds something", "nothing",
               absl::StrCat(rows.value().size(), " bytes"), findings);
      }
    } else if (version && key.substr(0, slash) == *version) {
      digest.Add(key.substr(slash + 1), rows.value());
    } else {
      Report(Part::kCatalogue, key, "the table belongs to no version that is kept", "a version",
             "none", findings);
    }
  }
  close();
  ReportUnreadable("catalogues", rows.status(), findings);
}

void AuditSecrets(const log::StoreReader& store, audit::Findings* findings) {
  std::size_t known = 0;
  RowStream rows(store, log::Table::kSecret);
  for (; rows.Valid(); rows.Next()) {
    if (IsKeyOfSubject(rows.key())) {
      if (rows.value() == node::kErasedKey) continue;
      if (!vault::WrappingKeys::IdOf(rows.value()).empty()) continue;
      Report(Part::kSecret, rows.key(), "the row holds no wrapped key", "a wrapped key",
             absl::StrCat(rows.value().size(), " bytes"), findings);
      continue;
    }
    const bool always = std::find(kSecrets.begin(), kSecrets.end(), rows.key()) != kSecrets.end();
    if (!always && rows.key() != kReceiptSecret) {
      Report(Part::kSecret, rows.key(), "no node has such a secret", "none", "a row", findings);
      continue;
    }
    if (always) ++known;
    // In clear, as an earlier version wrote it, or wrapped.
    if (rows.value().size() == kSecretBytes || !vault::WrappingKeys::IdOf(rows.value()).empty()) {
      continue;
    }
    Report(Part::kSecret, rows.key(), "the secret has another length",
           absl::StrCat(kSecretBytes, " bytes, wrapped"),
           absl::StrCat(rows.value().size(), " bytes"), findings);
  }
  ReportUnreadable("secrets", rows.status(), findings);
  // A node makes all at its first start.
  if (rows.status().ok() && known > 0 && known < kSecrets.size()) {
    Report(Part::kSecret, "", "a secret is missing", absl::StrCat(kSecrets.size(), " secrets"),
           absl::StrCat(known), findings);
  }
}

}  // namespace selaras::verify
