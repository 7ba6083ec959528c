#include "storage/audit/rows.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "storage/audit/pipeline.h"
#include "storage/merkle/hash.h"

namespace selaras::audit {
namespace {

constexpr std::size_t kRowsAtOnce = 256;

// Keys are ids in text or tags in binary.
std::string Readable(absl::string_view key) {
  const bool text = std::all_of(key.begin(), key.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
  return text ? std::string(key) : base::HexEncode(key);
}

// The first place that is not above the one before it; the end if all are.
std::vector<base::Sequence>::const_iterator FirstOutOfOrder(
    const std::vector<base::Sequence>& places) {
  const auto before = std::adjacent_find(places.begin(), places.end(),
                                         [](auto left, auto right) { return left >= right; });
  return before == places.end() ? places.end() : std::next(before);
}

bool IsWithin(const std::vector<base::Sequence>& places, base::TreeSize size) {
  return FirstOutOfOrder(places) == places.end() &&
         (places.empty() || base::Covers(size, places.back()));
}

bool Lists(const Places& places, OwnLog log, base::Sequence sequence) {
  const auto& list = log == OwnLog::kShared ? places.shared : places.private_;
  return std::find(list.begin(), list.end(), sequence) != list.end();
}

}  // namespace

struct RowAudit::Kind {
  log::Table table;
  Part part;
  absl::string_view plural;
  absl::StatusOr<Places> (Inspector::*read)(absl::string_view) const;
  std::string EntryMarks::* key_of;
  Notes::Seen Notes::* seen;
  PlaceSum Notes::* named;
  std::uint64_t AuditReport::* counted;
};

const RowAudit::Kind RowAudit::kRequests = {
    log::Table::kRequest,     Part::kRequest,  "requests",          &Inspector::ReadRequest,
    &EntryMarks::request_tag, &Notes::request, &Notes::in_requests, &AuditReport::request_rows};
const RowAudit::Kind RowAudit::kStates = {
    log::Table::kState,     Part::kState,  "states",          &Inspector::ReadState,
    &EntryMarks::state_key, &Notes::state, &Notes::in_states, &AuditReport::state_rows};

void RowAudit::Report(const Kind& kind, const std::string& key, OwnLog log,
                      std::optional<base::Sequence> sequence, std::string problem,
                      std::string expected, std::string actual, Notes* notes) const {
  notes->findings.push_back({kind.part, sequence ? Log(log).name() : "", sequence,
                             absl::StrCat(NameOf(kind.part), " ", Readable(key)),
                             std::move(problem), std::move(expected), std::move(actual)});
}

void RowAudit::CheckEntry(OwnLog log, base::Sequence sequence, absl::string_view bytes,
                          Notes* notes) const {
  const auto marks = inspector_.ReadEntry(bytes);
  if (!marks.ok()) {
    notes->findings.push_back({Part::kEntry, Log(log).name(), sequence, "",
                               "the entry cannot be understood", "an event",
                               std::string(marks.status().message())});
    return;
  }
  for (const Kind* kind : {&kRequests, &kStates}) {
    const std::string& key = (*marks).*(kind->key_of);
    if (!key.empty()) (notes->*(kind->named)).Add(salt_, key, log, sequence);
  }
  if (!marks->catalogue.empty()) notes->catalogues.try_emplace(marks->catalogue, sequence);
}

void RowAudit::AddLog(OwnLog log, const Notes& noted, bool sound, base::TreeSize size) {
  through_[log] = {sound, size};
  noted_.in_requests.Add(noted.in_requests);
  noted_.in_states.Add(noted.in_states);
  CheckCatalogues(log, noted.catalogues);
}

void RowAudit::CheckCatalogues(OwnLog log, const std::map<std::string, base::Sequence>& named) {
  for (const auto& [catalogue, sequence] : named) {
    if (!seen_catalogues_.insert(catalogue).second) continue;
    const auto row = store_.Get(log::Table::kCatalogue, catalogue);
    if (row.ok() && *row) continue;
    findings_.Add({Part::kCatalogue, Log(log).name(), sequence,
                   absl::StrCat("catalogue ", Readable(catalogue)),
                   "the reference data of the entry are missing", "all of its tables",
                   row.ok() ? "nothing" : std::string(row.status().message())});
  }
}

void RowAudit::CheckNamed(const Kind& kind, const AuditOptions& options, const Progress& progress) {
  for (const OwnLog log : {OwnLog::kShared, OwnLog::kPrivate}) {
    Notes notes;
    std::uint64_t bytes = 0;
    const std::uint64_t end = Log(log).size().value;
    for (base::Sequence place; place.value < end && !IsStopped(options); ++place.value) {
      // By what is told here a scrubber keeps its pace.
      if (progress && place.value % kRowsAtOnce == 0) {
        progress({Log(log).name(), place.value, end, std::exchange(bytes, 0)});
      }
      const std::optional<StoredEntry> entry = SoundEntryAt(log, place);
      if (!entry) continue;  // reported with the log, as is what cannot be understood
      bytes += entry->bytes.size();
      const auto marks = inspector_.ReadEntry(entry->bytes);
      const std::string key = marks.ok() ? (*marks).*(kind.key_of) : std::string();
      if (!key.empty()) CheckListed(kind, log, place, key, &notes);
      for (Finding& finding : notes.findings) findings_.Add(std::move(finding));
      notes.findings.clear();
    }
  }
}

void RowAudit::CheckListed(const Kind& kind, OwnLog log, base::Sequence sequence,
                           const std::string& key, Notes* notes) const {
  Notes::Seen& seen = notes->*(kind.seen);
  if (seen.key != key) {
    seen = {key, std::nullopt};
    const auto read = store_.Get(kind.table, key);
    const std::optional<std::string> row = read.ok() ? *read : std::nullopt;
    if (row) {
      // A row that cannot be understood is reported once, when the rows are gone through.
      if (auto places = (inspector_.*(kind.read))(*row); places.ok()) {
        seen.places = *std::move(places);
      }
    } else {
      Report(kind, key, log, sequence, "the entry names a row that is missing",
             absl::StrCat("a row that lists ", Log(log).name(), "@", sequence.value),
             read.ok() ? "no row" : std::string(read.status().message()), notes);
    }
  }
  if (seen.places && !Lists(*seen.places, log, sequence)) {
    Report(kind, key, log, sequence, "the row does not list an entry that names it",
           absl::StrCat(Log(log).name(), "@", sequence.value), "not listed", notes);
  }
}

void RowAudit::CheckRequests(const AuditOptions& options, const Progress& progress) {
  CheckTable(kRequests, options, progress);
}

void RowAudit::CheckStates(const AuditOptions& options, const Progress& progress) {
  CheckTable(kStates, options, progress);
}

// What came of some rows.
struct RowAudit::Checked {
  std::size_t rows = 0;
  std::uint64_t bytes = 0;
  Notes notes;
  bool good = true;
  PlaceSum places;
};

absl::Status RowAudit::GoThrough(const Kind& kind, const AuditOptions& options,
                                 const Progress& progress, const CheckOne& check,
                                 const std::function<bool(Checked)>& take) {
  using Rows = std::vector<std::pair<std::string, std::string>>;
  std::string from;
  std::atomic<bool> end = false;
  absl::Status scanned;
  report_.*(kind.counted) = 0;
  // In portions, so that nothing else is asked of the store inside its scan.
  const auto next = [&]() -> std::optional<Rows> {
    if (end || IsStopped(options)) return std::nullopt;
    Rows rows;
    scanned =
        store_.Scan(kind.table, "", from, [&](absl::string_view key, absl::string_view value) {
          rows.emplace_back(key, value);
          return rows.size() < kRowsAtOnce;
        });
    if (!scanned.ok() || rows.size() < kRowsAtOnce) {
      end = true;
    } else {
      from = rows.back().first + '\0';
    }
    return scanned.ok() ? std::optional(std::move(rows)) : std::nullopt;
  };
  const auto work = [&](const Rows& rows) {
    Checked checked;
    checked.rows = rows.size();
    for (const auto& [key, row] : rows) {
      checked.bytes += key.size() + row.size();
      check(key, row, &checked);
    }
    return checked;
  };
  const auto took = [&](Checked checked) {
    report_.*(kind.counted) += checked.rows;
    const std::uint64_t bytes = checked.bytes;
    if (!take(std::move(checked))) end = true;
    if (progress) progress({kind.plural, report_.*(kind.counted), 0, bytes});
  };
  Pipeline<Rows, Checked>(next, work, took).Run(options.threads);
  return scanned;
}

void RowAudit::CheckTable(const Kind& kind, const AuditOptions& options, const Progress& progress) {
  if (IsPlainlyGood(kind, options, progress)) return;
  CheckNamed(kind, options, progress);
  const auto check = [&](const std::string& key, const std::string& row, Checked* checked) {
    if (CheckRow(kind, key, row, &checked->notes) && kind.part == Part::kState) {
      CompareState(key, row, &checked->notes);
    }
  };
  const auto take = [&](Checked checked) {
    for (Finding& finding : checked.notes.findings) findings_.Add(std::move(finding));
    return true;
  };
  const absl::Status scanned = GoThrough(kind, options, progress, check, take);
  if (scanned.ok()) return;
  findings_.Add({Part::kStore, "", std::nullopt, absl::StrCat("table of ", kind.plural),
                 "the rows cannot be read through", "all rows", std::string(scanned.message())});
}

bool RowAudit::IsPlainlyGood(const Kind& kind, const AuditOptions& options,
                             const Progress& progress) {
  if (!through_[OwnLog::kShared].sound || !through_[OwnLog::kPrivate].sound) return false;
  const auto add = [&](const std::string& key, OwnLog log,
                       const std::vector<base::Sequence>& places, PlaceSum* sum) {
    for (const base::Sequence place : places) {
      // What came since is looked at the next time.
      if (base::Covers(through_.at(log).size, place)) sum->Add(salt_, key, log, place);
    }
  };
  const auto check = [&](const std::string& key, const std::string& row, Checked* checked) {
    const std::optional<Places> places = GoodPlaces(kind, key, row);
    checked->good &= places.has_value();
    if (!places) return;
    add(key, OwnLog::kShared, places->shared, &checked->places);
    add(key, OwnLog::kPrivate, places->private_, &checked->places);
  };
  bool good = true;
  PlaceSum places;
  const auto take = [&](const Checked& checked) {
    places.Add(checked.places);
    return good &= checked.good;
  };
  const absl::Status scanned = GoThrough(kind, options, progress, check, take);
  return scanned.ok() && good && places == noted_.*(kind.named);
}

std::optional<Places> RowAudit::GoodPlaces(const Kind& kind, const std::string& key,
                                           const std::string& row) const {
  Places places;
  if (kind.part == Part::kState) {
    auto compared = inspector_.CompareState(key, row, SourceBy(&RowAudit::EntryAt));
    if (!compared.ok() || compared->difference) return std::nullopt;
    places = std::move(compared->places);
  } else {
    auto read = (inspector_.*(kind.read))(row);
    if (!read.ok()) return std::nullopt;
    places = *std::move(read);
  }
  const bool within = IsWithin(places.shared, store_.shared().size()) &&
                      IsWithin(places.private_, store_.private_log().size());
  return within ? std::optional(std::move(places)) : std::nullopt;
}

bool RowAudit::CheckRow(const Kind& kind, const std::string& key, const std::string& row,
                        Notes* notes) const {
  const auto places = (inspector_.*(kind.read))(row);
  if (!places.ok()) {
    Report(kind, key, OwnLog::kShared, std::nullopt, "the row cannot be understood", "a row",
           std::string(places.status().message()), notes);
    return false;
  }
  bool good = true;
  for (const auto& [log, listed] : {std::pair(OwnLog::kShared, &places->shared),
                                    std::pair(OwnLog::kPrivate, &places->private_)}) {
    for (const base::Sequence place : *listed) good &= CheckPlace(kind, key, log, place, notes);
    const auto again = FirstOutOfOrder(*listed);
    if (again == listed->end()) continue;
    Report(kind, key, log, *again, "the row lists an entry twice, or not in order",
           absl::StrCat("above ", std::prev(again)->value), absl::StrCat(again->value), notes);
    good = false;
  }
  return good;
}

bool RowAudit::CheckPlace(const Kind& kind, const std::string& key, OwnLog log,
                          base::Sequence sequence, Notes* notes) const {
  const log::LogReader& reader = Log(log);
  if (!base::Covers(reader.size(), sequence)) {
    Report(kind, key, log, sequence, "the row lists an entry beyond the end of the log",
           absl::StrCat("below ", reader.size().value), absl::StrCat(sequence.value), notes);
    return false;
  }
  const std::optional<StoredEntry> entry = SoundEntryAt(log, sequence);
  if (!entry) {
    // Who knew of it when the row was written had it: it was not lost in a restore.
    const auto lost = reader.Lost(sequence, 1);
    if (lost.ok() && !lost->empty()) {
      Report(kind, key, log, sequence, "the row lists an entry that is said to be lost", "an entry",
             "said to be lost", notes);
    }
    return false;
  }
  const auto marks = inspector_.ReadEntry(entry->bytes);
  if (!marks.ok()) return false;  // likewise
  const std::string& named = (*marks).*(kind.key_of);
  if (named == key) return true;
  Report(kind, key, log, sequence, "the row lists an entry that names another one", Readable(key),
         Readable(named), notes);
  return false;
}

std::optional<StoredEntry> RowAudit::EntryAt(OwnLog log, base::Sequence sequence) const {
  auto read = Log(log).Entry(sequence);
  if (!read.ok() || !*read) return std::nullopt;
  const base::Digest leaf = merkle::HashLeaf(**read);
  return StoredEntry{Log(log).name(), sequence, **std::move(read), leaf};
}

std::optional<StoredEntry> RowAudit::SoundEntryAt(OwnLog log, base::Sequence sequence) const {
  std::optional<StoredEntry> entry = EntryAt(log, sequence);
  const auto leaf = log::LeafHash(Log(log), sequence);
  if (!entry || !leaf.ok() || entry->leaf_hash != *leaf) return std::nullopt;
  return entry;
}

StateSource RowAudit::SourceBy(ReadOne read) const {
  return {[this, read](OwnLog log, base::Sequence sequence) -> absl::StatusOr<StoredEntry> {
            std::optional<StoredEntry> entry = (this->*read)(log, sequence);
            if (!entry) return absl::DataLossError("an entry is missing or damaged");
            return *std::move(entry);
          },
          [this](absl::string_view other) { return store_.Get(log::Table::kState, other); }};
}

void RowAudit::CompareState(const std::string& key, const std::string& row, Notes* notes) const {
  const auto compared = inspector_.CompareState(key, row, SourceBy(&RowAudit::SoundEntryAt));
  if (!compared.ok()) {
    Report(kStates, key, OwnLog::kShared, std::nullopt, "the row cannot be folded anew", "a fold",
           std::string(compared.status().message()), notes);
    return;
  }
  const std::optional<Difference>& difference = compared->difference;
  if (difference) {
    Report(kStates, key, OwnLog::kShared, std::nullopt,
           "the row is not what follows from the entries that it lists", difference->expected,
           difference->actual, notes);
  }
}

}  // namespace selaras::audit
