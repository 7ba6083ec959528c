#include "services/verify/views.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/deadline.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/node/projector.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/node/watcher.h"
#include "services/verify/basis.h"
#include "services/verify/derived_store.h"
#include "services/verify/difference.h"
#include "services/verify/disclosures.h"
#include "services/verify/kept_rows.h"
#include "services/verify/kept_views.h"
#include "services/verify/row_kinds.h"
#include "services/verify/row_stream.h"
#include "services/verify/view_findings.h"
#include "storage/audit/findings.h"
#include "storage/base/status.h"

namespace selaras::verify {
namespace {

namespace rows = node::rows;
using audit::Part;
using log::Table;
using storage::v1::StoredCaseView;
using storage::v1::StoredWatch;

// What was handed out comes again after a minute; the clocks of two machines differ a little.
constexpr absl::Duration kLookAgain = absl::Minutes(6);

constexpr std::size_t kCopyRows = 1'024;

// What handling an entry, and a look of the watcher, reads and writes, about: see Step::bytes.
constexpr std::uint64_t kBytesPerEntry = 4'096;
constexpr std::uint64_t kBytesPerLook = 64 * kBytesPerEntry;
constexpr std::uint64_t kBytesPerTell = 256 * kBytesPerEntry;

// Names the disclosure lists, which are not compared by it.
class NoRandom final : public crypto::RandomSource {
 public:
  std::string Fill(std::size_t count) override { return std::string(count, '\0'); }
};

// Notes whether there was anything that somebody else may open.
class NotingOpener final : public node::Opener {
 public:
  explicit NotingOpener(const node::SubjectKeys& keys) : opener_(keys) {}
  absl::StatusOr<node::Opened> OpenWith(const event::v1::Event& event,
                                        const node::UncommittedKeys* uncommitted) const override {
    auto opened = opener_.OpenWith(event, uncommitted);
    if (opened.ok() && opened->pending && !opened->erased) any_shut_ = true;
    return opened;
  }
  bool any_shut() const { return any_shut_; }
  void NoteShut() const { any_shut_ = true; }

 private:
  const node::SealedOpener opener_;
  mutable std::atomic<bool> any_shut_ = false;
};

template <typename Message>
void SortByBytes(google::protobuf::RepeatedPtrField<Message>* list) {
  std::sort(list->begin(), list->end(), [](const Message& a, const Message& b) {
    return a.SerializeAsString() < b.SerializeAsString();
  });
}

// Without the order in which things came.
void Normalise(StoredCaseView* view) {
  view->clear_cursor();
  SortByBytes(view->mutable_pending());
  SortByBytes(view->mutable_entries());
  std::sort(view->mutable_contradictions()->begin(), view->mutable_contradictions()->end());
}

// Without what earlier reference data said, and when to look next.
void Normalise(StoredWatch* watch) {
  watch->clear_next();
  for (auto& limit : *watch->mutable_limits()) {
    limit.clear_previous_due_on();
    limit.clear_previous_catalogue();
  }
}

template <typename Message>
std::optional<audit::Difference> CompareAs(const std::string& derived, const std::string& stored) {
  Message expected;
  Message actual;
  if (!expected.ParseFromString(derived) || !actual.ParseFromString(stored)) {
    return audit::Difference{"a row", "something that cannot be understood"};
  }
  Normalise(&expected);
  Normalise(&actual);
  return DifferenceOf(expected, actual);
}

bool OwesRecomputation(const StoredWatch& watch) {
  return std::any_of(watch.limits().begin(), watch.limits().end(),
                     [](const auto& limit) { return !limit.previous_due_on().empty(); });
}

class ViewAudit {
 public:
  ViewAudit(const log::StoreReader& store, const log::ScratchMaker& scratch,
            const node::SubjectKeys& subject_keys, const std::function<absl::Time()>& now,
            const audit::AuditOptions& options, const audit::Progress& progress,
            audit::AuditReport* report)
      : store_(store),
        make_scratch_(scratch),
        subject_keys_(subject_keys),
        opener_(subject_keys),
        now_(now),
        options_(options),
        progress_(progress),
        report_(*report),
        findings_(report),
        counts_(RowKinds().size()) {}

  // An error: the views cannot be derived anew.
  absl::Status Run();

 private:
  absl::Status Derive(const Basis& basis, const node::NodeKeys& keys, DerivedStore* derived);
  absl::StatusOr<bool> HasSameBasis(const log::StoreReader& derived);
  absl::StatusOr<bool> IsBehind() const;
  absl::Status Copy(log::Scratch* into);
  absl::Status Compare(const log::StoreReader& derived, const log::StoreReader& stored);
  void CompareRow(const std::string& key, const std::string* derived, const std::string* stored);
  void CompareValue(const RowKind& kind, const std::string& key, const std::string& derived,
                    const std::string& stored);
  void CheckNext(const std::string& key, const std::string& derived, const std::string& stored);
  absl::Status CheckKept(const log::StoreReader& stored, const Basis& basis);
  void Report(absl::string_view key, std::string problem, std::string expected,
              std::string actual) {
    ReportView(key, std::move(problem), std::move(expected), std::move(actual), &findings_);
  }
  void Tell(std::uint64_t bytes) const {
    if (progress_) progress_({what_, done_, of_, bytes});
  }

  const log::StoreReader& store_;
  const log::ScratchMaker& make_scratch_;
  const node::SubjectKeys& subject_keys_;
  const NotingOpener opener_;
  const std::function<absl::Time()>& now_;
  const audit::AuditOptions& options_;
  const audit::Progress& progress_;
  audit::AuditReport& report_;
  audit::Findings findings_;
  std::vector<std::uint64_t> counts_;  // rows by kind
  absl::string_view what_ = "views";
  std::uint64_t done_ = 0;
  std::uint64_t of_ = 0;
};

absl::Status ViewAudit::Run() {
  const auto basis = ReadBasis(store_);
  if (absl::IsNotFound(basis.status())) {
    RowStream any(store_, Table::kView);
    report_.rows_skipped = "nothing was derived yet";
    if (any.Valid()) {
      Report(rows::kViewBasis, "the row is missing", "on what the views rest", "no row");
    }
    return any.status();
  }
  if (absl::IsDataLoss(basis.status())) {
    Report(rows::kViewBasis, "it cannot be known on what the views rest", "a basis",
           std::string(basis.status().message()));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(basis);
  auto loaded = node::NodeKeys::Load(store_, subject_keys_.wrapping());
  if (absl::IsFailedPrecondition(loaded.status())) {
    opener_.NoteShut();
    loaded = node::NodeKeys::OfNobody();
  }
  ASSIGN_OR_RETURN(const node::NodeKeys keys, std::move(loaded));

  ASSIGN_OR_RETURN(const auto scratch, make_scratch_());
  DerivedStore derived(store_, *scratch);
  RETURN_IF_ERROR(Derive(*basis, keys, &derived));
  // What came while it was told how far this is: from here on the store stays as it is.
  what_ = "rows";
  RETURN_IF_ERROR(Derive(*basis, keys, &derived));
  ASSIGN_OR_RETURN(const bool same, HasSameBasis(derived));
  if (!same) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool behind, IsBehind());
  if (!behind) {
    RETURN_IF_ERROR(Compare(derived, store_));
    return CheckKept(store_, *basis);
  }
  ASSIGN_OR_RETURN(const auto copy, make_scratch_());
  RETURN_IF_ERROR(Copy(copy.get()));
  DerivedStore caught_up(store_, *copy);
  RETURN_IF_ERROR(Derive(*basis, keys, &caught_up));
  RETURN_IF_ERROR(Compare(derived, caught_up));
  return CheckKept(caught_up, *basis);
}

absl::Status ViewAudit::Derive(const Basis& basis, const node::NodeKeys& keys,
                               DerivedStore* derived) {
  const domain::DeadlineRules rules(basis.catalogue);
  NoRandom random;
  node::Projector projector(*derived, basis.directory, keys, opener_, nullptr);
  RETURN_IF_ERROR(projector.Open(random));
  of_ = store_.shared().size().value + store_.private_log().size().value;
  for (const log::Mirror* mirror : store_.mirrors()) of_ += mirror->entries_held();
  for (bool more = true; more;) {
    if (audit::IsStopped(options_)) return absl::CancelledError("stopped");
    ASSIGN_OR_RETURN(more, projector.Step());
    const std::uint64_t before = std::exchange(done_, 0);
    RETURN_IF_ERROR(derived->Scan(Table::kView, rows::kCursors, rows::kCursors,
                                  [&](absl::string_view, absl::string_view value) {
                                    done_ += rows::DecodeNumber(value);
                                    return true;
                                  }));
    Tell((done_ - std::min(done_, before)) * kBytesPerEntry);
  }
  RETURN_IF_ERROR(projector.Count().status());
  node::Watcher watcher(*derived, basis.directory, rules);
  for (bool more = true; more;) {
    if (audit::IsStopped(options_)) return absl::CancelledError("stopped");
    ASSIGN_OR_RETURN(more, watcher.Learn());
    Tell(kBytesPerLook);
  }
  return absl::OkStatus();
}

// On another basis everything is different, and made anew at the next start.
absl::StatusOr<bool> ViewAudit::HasSameBasis(const log::StoreReader& derived) {
  ASSIGN_OR_RETURN(const auto expected, derived.Get(Table::kView, rows::kViewBasis));
  ASSIGN_OR_RETURN(const auto actual, store_.Get(Table::kView, rows::kViewBasis));
  if (expected == actual) return true;
  report_.rows_skipped = "they rest on something else than this program derives them from";
  Report(rows::kViewBasis,
         "the views are of another version: a node derives them anew when it starts",
         Shown(expected.value_or("")), Shown(actual.value_or("")));
  return false;
}

// Whether the node stopped before everything was derived.
absl::StatusOr<bool> ViewAudit::IsBehind() const {
  RowStream to_watch(store_, Table::kView, std::string(rows::kToWatch));
  if (to_watch.Valid()) return true;
  RETURN_IF_ERROR(to_watch.status());
  // The numbers follow the rest.
  for (const log::LogReader* own : {&store_.shared(), &store_.private_log()}) {
    ASSIGN_OR_RETURN(const std::uint64_t cursor,
                     node::LoadNumber(store_, rows::CountedTo(own->name())));
    if (cursor < own->size().value) return true;
  }
  for (const log::Mirror* mirror : store_.mirrors()) {
    ASSIGN_OR_RETURN(const std::uint64_t cursor,
                     node::LoadNumber(store_, rows::CountedTo(mirror->name())));
    if (cursor < mirror->entries_held()) return true;
  }
  return false;
}

absl::Status ViewAudit::Copy(log::Scratch* into) {
  std::vector<log::RowWrite> some;
  RowStream views(store_, Table::kView);
  for (; views.Valid(); views.Next()) {
    some.push_back({Table::kView, views.key(), views.value()});
    if (some.size() < kCopyRows) continue;
    RETURN_IF_ERROR(into->Write(some));
    some.clear();
    Tell(kCopyRows * kBytesPerEntry / 4);
  }
  RETURN_IF_ERROR(views.status());
  return into->Write(some);
}

absl::Status ViewAudit::Compare(const log::StoreReader& derived, const log::StoreReader& stored) {
  RowStream expected(derived, Table::kView);
  RowStream actual(stored, Table::kView);
  std::uint64_t bytes = 0;
  while (!audit::IsStopped(options_)) {
    const bool left = expected.Valid();
    const bool right = actual.Valid();
    if (!left && !right) break;
    const bool take_left = left && (!right || expected.key() <= actual.key());
    const bool take_right = right && (!left || actual.key() <= expected.key());
    CompareRow(take_left ? expected.key() : actual.key(), take_left ? &expected.value() : nullptr,
               take_right ? &actual.value() : nullptr);
    bytes += take_right ? actual.key().size() + actual.value().size() : 0;
    if (bytes >= kBytesPerTell) Tell(std::exchange(bytes, 0));
    if (take_left) expected.Next();
    if (take_right) actual.Next();
  }
  RETURN_IF_ERROR(expected.status());
  return actual.status();
}

void ViewAudit::CompareRow(const std::string& key, const std::string* derived,
                           const std::string* stored) {
  const std::size_t index = KindOf(key);
  if (index == RowKinds().size()) {
    Report(key, "no node writes such a row", "no row", "a row");
    return;
  }
  if (stored != nullptr) ++counts_[index];
  const RowKind& kind = RowKinds()[index];
  if (kind.rule == Rule::kKept || (kind.personal && opener_.any_shut())) return;
  if (stored == nullptr) {
    Report(key, absl::StrCat("the ", kind.name, " is missing"), Shown(*derived), "no row");
  } else if (derived == nullptr) {
    Report(key, absl::StrCat("the ", kind.name, " follows from nothing"), "no row", Shown(*stored));
  } else {
    CompareValue(kind, key, *derived, *stored);
  }
}

void ViewAudit::CompareValue(const RowKind& kind, const std::string& key,
                             const std::string& derived, const std::string& stored) {
  std::optional<audit::Difference> difference;
  if (kind.rule == Rule::kCaseView) {
    difference = CompareAs<StoredCaseView>(derived, stored);
  } else if (kind.rule == Rule::kWatch) {
    difference = CompareAs<StoredWatch>(derived, stored);
    if (!difference) CheckNext(key, derived, stored);
  } else if (derived != stored) {
    difference = audit::Difference{Shown(derived), Shown(stored)};
  }
  if (!difference) return;
  Report(key, absl::StrCat("the ", kind.name, " is not what follows from the entries"),
         difference->expected, difference->actual);
}

// A moment that was put off too far silences the watcher.
void ViewAudit::CheckNext(const std::string& key, const std::string& derived,
                          const std::string& stored) {
  StoredWatch expected;
  StoredWatch actual;
  expected.ParseFromString(derived);
  actual.ParseFromString(stored);
  const auto text = [](const StoredWatch& watch) {
    return watch.has_next() ? absl::FormatTime(absl::FromUnixSeconds(watch.next().seconds()),
                                               absl::UTCTimeZone())
                            : std::string("never");
  };
  const bool owes = OwesRecomputation(actual);
  const bool same = text(expected) == text(actual);
  // What was handed out is handed out again a little later.
  const bool put_off = actual.has_next() && (expected.has_next() || owes) &&
                       (owes || actual.next().seconds() >= expected.next().seconds()) &&
                       absl::FromUnixSeconds(actual.next().seconds()) <= now_() + kLookAgain;
  if (same || put_off) return;
  Report(key, "the watcher would look at another moment", text(expected), text(actual));
}

absl::Status ViewAudit::CheckKept(const log::StoreReader& stored, const Basis& basis) {
  RETURN_IF_ERROR(KeptViewAudit(stored, &findings_).Run());
  RETURN_IF_ERROR(DisclosureAudit(stored, basis.directory, &findings_).Run());
  if (opener_.any_shut()) {
    report_.unseen.emplace_back(
        "look-ups, numbers and persons: some personal data are sealed, and no key given here opens "
        "them");
  }
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const RowKind& kind = RowKinds()[i];
    const std::uint64_t rows = kind.name == kPublishedRows ? report_.published_rows : counts_[i];
    report_.rows.push_back({std::string(kind.name), rows, std::string(kind.why_kept)});
  }
  return absl::OkStatus();
}

// Entries and states are wrong already: what is derived from them cannot be right.
bool RestsOnFaults(const audit::AuditReport& report) {
  return std::any_of(report.findings.begin(), report.findings.end(), [](const auto& finding) {
    switch (finding.part) {
      case Part::kEntry:
      case Part::kLeaf:
      case Part::kLeafHash:
      case Part::kKept:
      case Part::kState:
      case Part::kCatalogue:
      case Part::kSecret:
        return true;
      default:
        return false;
    }
  });
}

}  // namespace

void AuditRows(const log::StoreReader& store, const log::ScratchMaker& scratch,
               const node::SubjectKeys& subject_keys, const std::function<absl::Time()>& now,
               const audit::AuditOptions& options, const audit::Progress& progress,
               audit::AuditReport* report) {
  audit::Findings findings(report);
  AuditCatalogues(store, &findings);
  AuditSecrets(store, &findings);
  AuditDocuments(store, &findings);
  if (RestsOnFaults(*report)) {
    report->rows_skipped = "what they are derived from differs already";
    return;
  }
  const absl::Status derived =
      ViewAudit(store, scratch, subject_keys, now, options, progress, report).Run();
  if (derived.ok()) return;
  findings.Add({Part::kView, "", std::nullopt, "views", "they cannot be derived anew",
                "rows that follow from the entries", std::string(derived.message())});
}

}  // namespace selaras::verify
