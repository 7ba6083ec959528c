#include "services/node/numbers.h"

#include <utility>

#include "services/node/look_up.h"
#include "services/node/round_reader.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::StoredSubject;

constexpr std::size_t kPage = 256;  // entries of a mirror
// Entries of which it is remembered whom they name; what is forgotten is read again.
constexpr std::size_t kNamedMax = 8'192;

// Whether all of the places, which only grow, lie below the cursor.
bool AllBelow(const google::protobuf::RepeatedField<std::uint64_t>& places, std::uint64_t cursor) {
  return places.empty() || places[places.size() - 1] < cursor;
}

}  // namespace

Numbers::Numbers(log::Store& store, const Directory& directory, const NodeKeys& keys,
                 const Opener& opener)
    : store_(store),
      directory_(directory),
      keys_(keys),
      opener_(opener),
      counter_(directory.catalogue()) {}

absl::Status Numbers::Open() {
  for (const log::LogReader* own : {&store_.shared(), &store_.private_log()}) {
    RETURN_IF_ERROR(NoteOwn(*own));
  }
  for (const log::Mirror* mirror : store_.mirrors()) RETURN_IF_ERROR(NoteForeign(*mirror));
  return absl::OkStatus();
}

absl::Status Numbers::NoteOwn(const log::LogReader& log) {
  ASSIGN_OR_RETURN(const std::uint64_t projected, LoadNumber(store_, rows::Cursor(log.name())));
  ASSIGN_OR_RETURN(std::uint64_t next, LoadNumber(store_, rows::CountedTo(log.name())));
  for (; next < projected; ++next) {
    ASSIGN_OR_RETURN(const auto bytes, log.Entry({next}));
    if (!bytes) continue;  // lost
    ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
    Note(event);
  }
  return absl::OkStatus();
}

absl::Status Numbers::NoteForeign(const log::Mirror& mirror) {
  ASSIGN_OR_RETURN(const std::uint64_t projected, LoadNumber(store_, rows::Cursor(mirror.name())));
  ASSIGN_OR_RETURN(std::uint64_t next, LoadNumber(store_, rows::CountedTo(mirror.name())));
  while (next < projected) {
    ASSIGN_OR_RETURN(const auto kept, mirror.Kept(next, kPage));
    if (kept.empty()) break;
    for (const base::Sequence sequence : kept) {
      ASSIGN_OR_RETURN(const auto bytes, mirror.Entry(sequence));
      const auto event = ParseEvent(bytes.value_or(""));
      if (event.ok()) Note(*event);
    }
    next += kept.size();
  }
  return absl::OkStatus();
}

void Numbers::Note(const event::v1::Event& event) {
  // Of what cannot be read any more nothing is counted.
  if (event.fact().has_case_erased()) ForgetParts();
  if (!event.case_id().empty()) {
    fresh_.cases.insert(event.case_id());
  } else if (!event.report_id().empty()) {
    fresh_.reports.insert(event.report_id());
  }
}

void Numbers::NotePart(const event::v1::Event& event, const event::v1::Position& position,
                       const Opened& opened) {
  // A case's shared entries name its respondent.
  if (opened.pending || event.case_id().empty()) return;
  if (position.log() == store_.private_log().name()) return;
  if (named_.size() >= kNamedMax) ForgetParts();
  const std::string nip = opened.part ? opened.part->respondent().nip() : "";
  named_[{position.log(), position.sequence()}] = nip.empty() ? "" : NipKey(keys_, nip);
}

absl::StatusOr<std::vector<log::RowWrite>> Numbers::Reached() const {
  std::vector<std::string> logs = {store_.shared().name(), store_.private_log().name()};
  for (const log::Mirror* mirror : store_.mirrors()) logs.push_back(mirror->name());
  std::vector<log::RowWrite> reached;
  for (const std::string& log : logs) {
    ASSIGN_OR_RETURN(auto projected, store_.Get(log::Table::kView, rows::Cursor(log)));
    ASSIGN_OR_RETURN(const auto counted, store_.Get(log::Table::kView, rows::CountedTo(log)));
    if (projected == counted) continue;
    reached.push_back({log::Table::kView, rows::CountedTo(log), std::move(projected)});
  }
  return reached;
}

absl::StatusOr<bool> Numbers::Count() {
  ASSIGN_OR_RETURN(const auto reached, Reached());
  if (reached.empty()) return false;
  fresh_.cases.merge(waiting_.cases);
  fresh_.reports.merge(waiting_.reports);
  waiting_ = {};
  RETURN_IF_ERROR(CountWhere(RoundReader(store_), OpenedOnce(opener_), [](auto) { return true; }));
  return true;
}

absl::Status Numbers::CountSettled(const RoundReader& reader, const Opener& opener) {
  ASSIGN_OR_RETURN(const std::uint64_t shared,
                   LoadNumber(store_, rows::Cursor(store_.shared().name())));
  ASSIGN_OR_RETURN(const std::uint64_t kept,
                   LoadNumber(store_, rows::Cursor(store_.private_log().name())));
  return CountWhere(reader, opener, [&](const StoredSubject* own) {
    return own == nullptr || (AllBelow(own->shared(), shared) && AllBelow(own->private_(), kept));
  });
}

absl::Status Numbers::CountWhere(const RoundReader& reader, const Opener& opener,
                                 const std::function<bool(const StoredSubject* own)>& settled) {
  Tally tally(reader, directory_, keys_, opener, counter_, named_);
  Noted waiting = waiting_;  // a copy: after an error everything is noted as it was
  std::set<std::string> cases = fresh_.cases;
  for (const std::string& report_id : fresh_.reports) {
    ASSIGN_OR_RETURN(const StoredSubject* report, reader.Subject(rows::ReportState(report_id)));
    if (!settled(report)) {
      waiting.reports.insert(report_id);
      continue;
    }
    RETURN_IF_ERROR(tally.CountReport(report_id));
    waiting.reports.erase(report_id);
    // Their time limits run from its facts.
    if (report != nullptr) cases.insert(report->case_ids().begin(), report->case_ids().end());
  }
  for (const std::string& case_id : cases) {
    ASSIGN_OR_RETURN(const StoredSubject* own, reader.Subject(rows::CaseState(case_id)));
    if (!settled(own)) {
      waiting.cases.insert(case_id);
      continue;
    }
    RETURN_IF_ERROR(tally.CountCase(case_id));
    waiting.cases.erase(case_id);
  }
  std::vector<log::RowWrite> writes;
  if (waiting.size() == 0) {
    ASSIGN_OR_RETURN(writes, Reached());
  }
  tally.AddRows(&writes);
  RETURN_IF_ERROR(store_.Write(writes, log::Durability::kUnsynced));
  fresh_ = {};
  waiting_ = std::move(waiting);
  return absl::OkStatus();
}

}  // namespace selaras::node
