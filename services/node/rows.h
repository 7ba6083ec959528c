#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

#include "storage/base/number.h"

// Keys of the rows that a node keeps beside its logs. The one place that knows them.
namespace selaras::node::rows {

// kState: own sections as of the last commit.
std::string CaseState(absl::string_view case_id);
std::string ReportState(absl::string_view report_id);
inline constexpr absl::string_view kCaseStates = "case/";
inline constexpr absl::string_view kReportStates = "report/";

// kSecret: keys of an author and one report or case, wrapped under a key that is kept elsewhere, or
// `erased`.
// That of entries in shared logs goes to whoever is shown the entries; the other never leaves.
std::string SharedKey(absl::string_view subject, absl::string_view author);
std::string SharedKeyPrefix(absl::string_view subject);  // all authors
std::string KeptKey(absl::string_view subject, absl::string_view author);
std::string KeptKeyPrefix(absl::string_view subject);
inline constexpr absl::string_view kSharedKeys = "shared-key/";
inline constexpr absl::string_view kKeptKeys = "kept-key/";

// kSecret: the key under which an upload is sealed, wrapped, until an entry has it.
std::string UploadKey(absl::string_view tag);
inline constexpr absl::string_view kUploadKeys = "upload-key/";

// kAttachment. A tag is the keyed digest of authority and name of an upload.
std::string Upload(absl::string_view tag);  // StoredUpload
inline constexpr absl::string_view kUploads = "upload/";
// By the entry that adds the document: what somebody else's entry says of the same bytes is nothing
// to it.
std::string Held(absl::string_view log, base::Sequence sequence);  // StoredAttachment
inline constexpr absl::string_view kHeld = "held/";
std::pair<std::string, base::Sequence> DecodeHeld(absl::string_view key);
std::string Chunk(absl::string_view object, std::uint32_t index);  // sealed bytes
inline constexpr absl::string_view kChunks = "chunk/";
// Entries of another node that add a document which is not here.
std::string Wanted(absl::string_view log, base::Sequence sequence);  // empty
std::string WantedPrefix(absl::string_view log);
base::Sequence DecodeWanted(absl::string_view key);
// Documents were destroyed, and what they took of the disk is still to be given back.
inline constexpr absl::string_view kReclaim = "reclaim";

// kView: derived by the projector.
std::string CaseView(absl::string_view case_id);  // StoredCaseView
inline constexpr absl::string_view kCaseViews = "case/";
inline constexpr absl::string_view kViewBasis = "basis";         // text: what the views rest on
inline constexpr absl::string_view kLookUpName = "look-up-key";  // text: name of their key
std::string Cursor(absl::string_view log);                       // u64: entries of that log handled
inline constexpr absl::string_view kCursors = "cursor/";
std::string CountedTo(absl::string_view log);  // u64: of those, how many are in the numbers
inline constexpr absl::string_view kCountedTo = "counted-to/";
std::string Change(std::uint64_t cursor);  // case id
inline constexpr absl::string_view kChanges = "change/";
inline constexpr absl::string_view kChangeCount = "changes";           // u64: newest change
std::string LookUp(absl::string_view key, absl::string_view subject);  // empty
std::string LookUpPrefix(absl::string_view key);
inline constexpr absl::string_view kLookUps = "look-up/";
// The report for which the code with this digest was made, if no newer one replaced it since.
std::string Receipt(absl::string_view code_tag);  // report id
inline constexpr absl::string_view kReceipts = "receipt/";
// Reports that derive from a report.
std::string Derived(absl::string_view origin, absl::string_view report_id);  // empty
std::string DerivedPrefix(absl::string_view origin);
inline constexpr absl::string_view kDerived = "derived/";
// Reads of a case or report: the place of each in the private log. The same id is never of both.
std::string Read(absl::string_view id, base::Sequence sequence);  // empty
std::string ReadPrefix(absl::string_view id);
inline constexpr absl::string_view kReads = "read/";
// What operations took by break-glass, by the place in the private log.
std::string BreakGlass(base::Sequence sequence);  // report id
inline constexpr absl::string_view kBreakGlass = "break-glass/";
inline constexpr absl::string_view kContradictions = "contradiction/";
// Of elections and regions that the catalogue names; no scope holds a line feed.
std::string Numbers(absl::string_view scope, absl::string_view election,
                    absl::string_view region);  // StoredCounts
// Of persons who stand there and in one more election and region; may be added to again.
std::string NumbersAlso(absl::string_view row, absl::string_view election,
                        absl::string_view region);   // StoredCounts
std::string NumbersPrefix(absl::string_view scope);  // all of a scope
inline constexpr absl::string_view kNumbers = "numbers/";
std::string CountedCase(absl::string_view case_id);      // StoredContribution
std::string CountedReport(absl::string_view report_id);  // StoredContribution
inline constexpr absl::string_view kCounted = "counted/";
std::string Person(absl::string_view scope, absl::string_view look_up_key);  // StoredPerson
inline constexpr absl::string_view kPersons = "person/";
inline constexpr absl::string_view kDisclosureEpoch = "epoch";
inline constexpr std::size_t kDisclosureEpochBytes = 8;
std::string DisclosureCount(absl::string_view peer);                  // u64
std::string Disclosure(absl::string_view peer, std::uint64_t index);  // u64: sequence
std::string DisclosurePrefix(absl::string_view peer);
std::string MaySee(absl::string_view peer, base::Sequence sequence);        // u64: index
std::string Contradiction(absl::string_view log, base::Sequence sequence);  // reason

// kView: of the scrubber.
inline constexpr absl::string_view kScrub = "scrub";  // StoredScrub

// kView: of the watcher. A subject is `case:<id>` or `report:<id>`.
inline constexpr absl::string_view kCaseSubject = "case:";
inline constexpr absl::string_view kReportSubject = "report:";
std::string ToWatch(std::uint64_t number);  // subjects, a line each, put there by the projector
inline constexpr absl::string_view kToWatch = "to-watch/";
inline constexpr absl::string_view kToWatchCount = "to-watch";          // u64: newest of them
std::string Watch(absl::string_view subject);                           // StoredWatch
std::string WatchAt(std::uint64_t seconds, absl::string_view subject);  // empty
inline constexpr absl::string_view kWatchAt = "watch-at/";
// The moment and the subject of such a key.
std::pair<std::uint64_t, absl::string_view> DecodeWatchAt(absl::string_view key);
// Cases that wait for an authority, the first due first.
std::string Work(absl::string_view authority, std::uint64_t due, absl::string_view case_id);
std::string WorkPrefix(absl::string_view authority);
inline constexpr std::uint64_t kNoDueDay = UINT64_MAX;

// kView: kept by the links.
std::string Follow(absl::string_view peer);  // StoredLink: epoch and followed
inline constexpr absl::string_view kFollows = "follow/";
std::string Link(absl::string_view peer);  // StoredLink: everything else
inline constexpr absl::string_view kLinks = "link/";

// Numbers as they stand in rows: 8 bytes, big-endian.
std::string EncodeNumber(std::uint64_t number);
// 0 for anything that is not 8 bytes.
std::uint64_t DecodeNumber(absl::string_view bytes);

}  // namespace selaras::node::rows
