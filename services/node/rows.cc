#include "services/node/rows.h"

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"

namespace selaras::node::rows {

std::string CaseState(absl::string_view case_id) { return absl::StrCat(kCaseStates, case_id); }

std::string ReportState(absl::string_view report_id) {
  return absl::StrCat(kReportStates, report_id);
}

std::string CaseView(absl::string_view case_id) { return absl::StrCat(kCaseViews, case_id); }

std::string Cursor(absl::string_view log) { return absl::StrCat(kCursors, log); }

std::string Change(std::uint64_t cursor) { return absl::StrCat(kChanges, EncodeNumber(cursor)); }

std::string LookUpPrefix(absl::string_view key) { return absl::StrCat(kLookUps, key, "/"); }

std::string LookUp(absl::string_view key, absl::string_view subject) {
  return absl::StrCat(LookUpPrefix(key), subject);
}

std::string DisclosureCount(absl::string_view peer) { return absl::StrCat("disclosures/", peer); }

std::string DisclosurePrefix(absl::string_view peer) {
  return absl::StrCat("disclosed/", peer, "/");
}

std::string Disclosure(absl::string_view peer, std::uint64_t index) {
  return absl::StrCat(DisclosurePrefix(peer), EncodeNumber(index));
}

std::string MaySee(absl::string_view peer, base::Sequence sequence) {
  return absl::StrCat("may-see/", peer, "/", EncodeNumber(sequence.value));
}

std::string Contradiction(absl::string_view log, base::Sequence sequence) {
  return absl::StrCat(kContradictions, log, "/", EncodeNumber(sequence.value));
}

std::string Follow(absl::string_view peer) { return absl::StrCat("follow/", peer); }

std::string Link(absl::string_view peer) { return absl::StrCat("link/", peer); }

std::string EncodeNumber(std::uint64_t number) {
  std::string bytes;
  base::AppendU64(&bytes, number);
  return bytes;
}

std::uint64_t DecodeNumber(absl::string_view bytes) {
  const auto number = base::ByteReader(bytes).ReadU64();
  return bytes.size() == 8 && number.ok() ? *number : 0;
}

}  // namespace selaras::node::rows
