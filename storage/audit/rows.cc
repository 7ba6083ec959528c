#include "storage/audit/rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

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
  Seen RowAudit::* seen;
  std::uint64_t AuditReport::* counted;
};

const RowAudit::Kind RowAudit::kRequests = {
    log::Table::kRequest,      Part::kRequest,           "requests",
    &Inspector::ReadRequest,   &EntryMarks::request_tag, &RowAudit::seen_request_,
    &AuditReport::request_rows};
const RowAudit::Kind RowAudit::kStates = {
    log::Table::kState,      Part::kState,           "states",
    &Inspector::ReadState,   &EntryMarks::state_key, &RowAudit::seen_state_,
    &AuditReport::state_rows};

void RowAudit::Report(const Kind& kind, const std::string& key, OwnLog log,
                      std::optional<base::Sequence> sequence, std::string problem,
                      std::string expected, std::string actual) {
  findings_.Add({kind.part, sequence ? Log(log).name() : "", sequence,
                 absl::StrCat(NameOf(kind.part), " ", Readable(key)), std::move(problem),
                 std::move(expected), std::move(actual)});
}

void RowAudit::CheckEntry(OwnLog log, base::Sequence sequence, absl::string_view bytes,
                          LogSummary* summary) {
  const auto marks = inspector_.ReadEntry(bytes);
  if (!marks.ok()) {
    findings_.Add(summary,
                  {Part::kEntry, Log(log).name(), sequence, "", "the entry cannot be understood",
                   "an event", std::string(marks.status().message())});
    return;
  }
  for (const Kind* kind : {&kRequests, &kStates}) {
    const std::string& key = (*marks).*(kind->key_of);
    if (!key.empty()) CheckListed(*kind, log, sequence, key, &(this->*(kind->seen)));
  }
}

void RowAudit::CheckListed(const Kind& kind, OwnLog log, base::Sequence sequence,
                           const std::string& key, Seen* seen) {
  if (seen->key != key) {
    *seen = {key, std::nullopt};
    const auto read = store_.Get(kind.table, key);
    const std::optional<std::string> row = read.ok() ? *read : std::nullopt;
    if (row) {
      // A row that cannot be understood is reported once, when the rows are gone through.
      if (auto places = (inspector_.*(kind.read))(*row); places.ok()) {
        seen->places = *std::move(places);
      }
    } else {
      Report(kind, key, log, sequence, "the entry names a row that is missing",
             absl::StrCat("a row that lists ", Log(log).name(), "@", sequence.value),
             read.ok() ? "no row" : std::string(read.status().message()));
    }
  }
  if (seen->places && !Lists(*seen->places, log, sequence)) {
    Report(kind, key, log, sequence, "the row does not list an entry that names it",
           absl::StrCat(Log(log).name(), "@", sequence.value), "not listed");
  }
}

void RowAudit::CheckRequests(const Progress& progress) { CheckTable(kRequests, progress); }

void RowAudit::CheckStates(const Progress& progress) { CheckTable(kStates, progress); }

void RowAudit::CheckTable(const Kind& kind, const Progress& progress) {
  std::string from;
  for (bool more = true; more;) {
    // In portions, so that nothing else is asked of the store inside its scan.
    std::vector<std::pair<std::string, std::string>> rows;
    const absl::Status scanned =
        store_.Scan(kind.table, "", from, [&](absl::string_view key, absl::string_view value) {
          rows.emplace_back(key, value);
          return rows.size() < kRowsAtOnce;
        });
    if (!scanned.ok()) {
      findings_.Add({Part::kStore, "", std::nullopt, absl::StrCat("table of ", kind.plural),
                     "the rows cannot be read through", "all rows",
                     std::string(scanned.message())});
      return;
    }
    for (const auto& [key, row] : rows) {
      ++(report_.*(kind.counted));
      if (CheckRow(kind, key, row) && kind.part == Part::kState) CompareState(key, row);
    }
    more = rows.size() == kRowsAtOnce;
    if (more) from = rows.back().first + '\0';
    if (progress) progress({kind.plural, report_.*(kind.counted), 0});
  }
}

bool RowAudit::CheckRow(const Kind& kind, const std::string& key, const std::string& row) {
  const auto places = (inspector_.*(kind.read))(row);
  if (!places.ok()) {
    Report(kind, key, OwnLog::kShared, std::nullopt, "the row cannot be understood", "a row",
           std::string(places.status().message()));
    return false;
  }
  bool good = true;
  for (const base::Sequence s : places->shared) good &= CheckPlace(kind, key, OwnLog::kShared, s);
  for (const base::Sequence s : places->private_) {
    good &= CheckPlace(kind, key, OwnLog::kPrivate, s);
  }
  return good;
}

bool RowAudit::CheckPlace(const Kind& kind, const std::string& key, OwnLog log,
                          base::Sequence sequence) {
  const log::LogReader& reader = Log(log);
  if (!base::Covers(reader.size(), sequence)) {
    Report(kind, key, log, sequence, "the row lists an entry beyond the end of the log",
           absl::StrCat("below ", reader.size().value), absl::StrCat(sequence.value));
    return false;
  }
  const std::optional<std::string> entry = SoundEntryAt(log, sequence);
  if (!entry) return false;
  const auto marks = inspector_.ReadEntry(*entry);
  if (!marks.ok()) return false;  // likewise
  const std::string& named = (*marks).*(kind.key_of);
  if (named == key) return true;
  Report(kind, key, log, sequence, "the row lists an entry that names another one", Readable(key),
         Readable(named));
  return false;
}

std::optional<std::string> RowAudit::SoundEntryAt(OwnLog log, base::Sequence sequence) const {
  const auto read = Log(log).Entry(sequence);
  std::optional<std::string> entry = read.ok() ? *read : std::nullopt;
  const auto leaf = log::LeafHash(Log(log), sequence);
  if (!entry || !leaf.ok() || merkle::HashLeaf(*entry) != *leaf) return std::nullopt;
  return entry;
}

void RowAudit::CompareState(const std::string& key, const std::string& row) {
  const EntrySource entries = [this](OwnLog log,
                                     base::Sequence sequence) -> absl::StatusOr<StoredEntry> {
    std::optional<std::string> entry = SoundEntryAt(log, sequence);
    if (!entry) return absl::DataLossError("an entry is missing or damaged");
    return StoredEntry{Log(log).name(), sequence, *std::move(entry)};
  };
  const auto compared = inspector_.CompareState(key, row, entries);
  if (!compared.ok()) {
    Report(kStates, key, OwnLog::kShared, std::nullopt, "the row cannot be folded anew", "a fold",
           std::string(compared.status().message()));
    return;
  }
  const std::optional<Difference>& difference = *compared;
  if (difference) {
    Report(kStates, key, OwnLog::kShared, std::nullopt,
           "the row is not the fold of the entries that it lists", difference->expected,
           difference->actual);
  }
}

}  // namespace selaras::audit
