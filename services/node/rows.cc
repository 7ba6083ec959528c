#include "services/node/rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"

namespace selaras::node::rows {
namespace {

constexpr std::size_t kNumberBytes = 8;

}  // namespace

std::string CaseState(absl::string_view case_id) { return absl::StrCat(kCaseStates, case_id); }

std::string ReportState(absl::string_view report_id) {
  return absl::StrCat(kReportStates, report_id);
}

std::string SharedKeyPrefix(absl::string_view subject) {
  return absl::StrCat(kSharedKeys, subject, "/");
}

std::string SharedKey(absl::string_view subject, absl::string_view author) {
  return absl::StrCat(SharedKeyPrefix(subject), author);
}

std::string KeptKeyPrefix(absl::string_view subject) {
  return absl::StrCat(kKeptKeys, subject, "/");
}

std::string KeptKey(absl::string_view subject, absl::string_view author) {
  return absl::StrCat(KeptKeyPrefix(subject), author);
}

std::string UploadKey(absl::string_view tag) {
  return absl::StrCat(kUploadKeys, base::HexEncode(tag));
}

std::string Upload(absl::string_view tag) { return absl::StrCat(kUploads, base::HexEncode(tag)); }

std::string Held(absl::string_view log, base::Sequence sequence) {
  return absl::StrCat(kHeld, log, "/", EncodeNumber(sequence.value));
}

std::pair<std::string, base::Sequence> DecodeHeld(absl::string_view key) {
  const std::size_t end = key.size() - std::min(key.size(), kNumberBytes);
  const std::size_t begin = std::min(kHeld.size(), end);
  const std::size_t slash = end > begin ? end - 1 : begin;
  return {std::string(key.substr(begin, slash - begin)), {DecodeNumber(key.substr(end))}};
}

std::string Chunk(absl::string_view object, std::uint32_t index) {
  std::string key = absl::StrCat(kChunks, base::HexEncode(object), "/");
  base::AppendU32(&key, index);
  return key;
}

std::string WantedPrefix(absl::string_view log) { return absl::StrCat("wanted/", log, "/"); }

std::string Wanted(absl::string_view log, base::Sequence sequence) {
  return absl::StrCat(WantedPrefix(log), EncodeNumber(sequence.value));
}

base::Sequence DecodeWanted(absl::string_view key) {
  return {DecodeNumber(key.substr(key.size() - std::min(key.size(), kNumberBytes)))};
}

std::string CaseView(absl::string_view case_id) { return absl::StrCat(kCaseViews, case_id); }

std::string Cursor(absl::string_view log) { return absl::StrCat(kCursors, log); }

std::string CountedTo(absl::string_view log) { return absl::StrCat(kCountedTo, log); }

std::string Change(std::uint64_t cursor) { return absl::StrCat(kChanges, EncodeNumber(cursor)); }

std::string LookUpPrefix(absl::string_view key) { return absl::StrCat(kLookUps, key, "/"); }

std::string LookUp(absl::string_view key, absl::string_view subject) {
  return absl::StrCat(LookUpPrefix(key), subject);
}

std::string Receipt(absl::string_view code_tag) {
  return absl::StrCat(kReceipts, base::HexEncode(code_tag));
}

std::string DerivedPrefix(absl::string_view origin) { return absl::StrCat(kDerived, origin, "/"); }

std::string Derived(absl::string_view origin, absl::string_view report_id) {
  return absl::StrCat(DerivedPrefix(origin), report_id);
}

std::string ReadPrefix(absl::string_view id) { return absl::StrCat(kReads, id, "/"); }

std::string Read(absl::string_view id, base::Sequence sequence) {
  return absl::StrCat(ReadPrefix(id), EncodeNumber(sequence.value));
}

std::string BreakGlass(base::Sequence sequence) {
  return absl::StrCat(kBreakGlass, EncodeNumber(sequence.value));
}

std::string NumbersPrefix(absl::string_view scope) { return absl::StrCat(kNumbers, scope, "\n"); }

std::string Numbers(absl::string_view scope, absl::string_view election, absl::string_view region) {
  return absl::StrCat(NumbersPrefix(scope), election, "\n", region);
}

std::string NumbersAlso(absl::string_view row, absl::string_view election,
                        absl::string_view region) {
  return absl::StrCat(row, "\n", election, "\n", region);
}

std::string Person(absl::string_view scope, absl::string_view look_up_key) {
  return absl::StrCat(kPersons, scope, "\n", look_up_key);
}

std::string CountedCase(absl::string_view case_id) {
  return absl::StrCat(kCounted, "case/", case_id);
}

std::string CountedReport(absl::string_view report_id) {
  return absl::StrCat(kCounted, "report/", report_id);
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

std::string ToWatch(std::uint64_t number) { return absl::StrCat(kToWatch, EncodeNumber(number)); }

std::string Watch(absl::string_view subject) { return absl::StrCat("watch/", subject); }

std::string WatchAt(std::uint64_t seconds, absl::string_view subject) {
  return absl::StrCat(kWatchAt, EncodeNumber(seconds), subject);
}

std::pair<std::uint64_t, absl::string_view> DecodeWatchAt(absl::string_view key) {
  key.remove_prefix(std::min(key.size(), kWatchAt.size()));
  return {DecodeNumber(key.substr(0, kNumberBytes)),
          key.substr(std::min(key.size(), kNumberBytes))};
}

std::string WorkPrefix(absl::string_view authority) {
  return absl::StrCat("work/", authority, "/");
}

std::string Work(absl::string_view authority, std::uint64_t due, absl::string_view case_id) {
  return absl::StrCat(WorkPrefix(authority), EncodeNumber(due), case_id);
}

std::string Follow(absl::string_view peer) { return absl::StrCat(kFollows, peer); }

std::string Link(absl::string_view peer) { return absl::StrCat(kLinks, peer); }

std::string EncodeNumber(std::uint64_t number) {
  std::string bytes;
  base::AppendU64(&bytes, number);
  return bytes;
}

std::uint64_t DecodeNumber(absl::string_view bytes) {
  const auto number = base::ByteReader(bytes).ReadU64();
  return bytes.size() == kNumberBytes && number.ok() ? *number : 0;
}

}  // namespace selaras::node::rows
