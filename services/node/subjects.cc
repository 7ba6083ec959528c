#include "services/node/subjects.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "services/node/rows.h"
#include "storage/base/status.h"
#include "storage/merkle/hash.h"

namespace selaras::node {

namespace {

// What we write nests less deep; rows hold events a few levels down and must parse as well.
constexpr int kNestingMax = 40;

}  // namespace

using domain::CaseFold;
using storage::v1::StoredCaseView;
using storage::v1::StoredSubject;

absl::StatusOr<event::v1::Event> ParseEvent(absl::string_view bytes) {
  event::v1::Event event;
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedInputStream coded(&stream);
  coded.SetRecursionLimit(kNestingMax);
  if (!event.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
    return absl::DataLossError("the entry is no event");
  }
  return event;
}

absl::StatusOr<event::v1::Event> ReadEvent(const log::LogReader& log, base::Sequence sequence) {
  ASSIGN_OR_RETURN(const auto bytes, log.Entry(sequence));
  if (!bytes) {
    return absl::NotFoundError(
        absl::StrCat(log.name(), "@", sequence, " was not disclosed to this node, or was lost"));
  }
  return ParseEvent(*bytes);
}

void Fold(const event::v1::Position& position, const base::Digest& leaf_hash,
          const event::v1::Event& event, domain::Section section, StoredSubject* subject) {
  if (!subject->segments().empty()) {
    section = SectionOf(*subject);
  } else if (const auto own = domain::SectionOf(event.fact().kind_case());
             own != domain::Section::kNone) {
    section = own;
  }
  domain::Evolve(*subject->mutable_segments(), section, position, leaf_hash, event);
}

domain::Section SectionOf(const StoredSubject& subject) {
  return subject.segments().empty() ? domain::Section::kNone
                                    : static_cast<domain::Section>(subject.segments(0).section());
}

absl::StatusOr<StoredSubject> Refold(const log::StoreReader& store, const StoredSubject& listed) {
  StoredSubject fresh = listed;
  fresh.set_fold_version(domain::kFoldVersion);
  fresh.clear_segments();
  for (const std::uint64_t sequence : listed.shared()) {
    const base::Sequence place{sequence};
    ASSIGN_OR_RETURN(const auto bytes, store.shared().Entry(place));
    if (!bytes) return absl::DataLossError(absl::StrCat("own entry ", sequence, " is missing"));
    ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
    event::v1::Position position;
    position.set_log(store.shared().name());
    position.set_sequence(sequence);
    Fold(position, merkle::HashLeaf(*bytes), event, SectionOf(listed), &fresh);
  }
  return fresh;
}

absl::StatusOr<std::optional<StoredSubject>> LoadSubject(const log::StoreReader& store,
                                                         absl::string_view key) {
  StoredSubject subject;
  ASSIGN_OR_RETURN(const bool found, LoadSubject(store, key, &subject));
  if (!found) return std::nullopt;
  return subject;
}

absl::StatusOr<bool> LoadSubject(const log::StoreReader& store, absl::string_view key,
                                 StoredSubject* subject) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kState, key));
  if (!row) return false;
  if (!subject->ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the row of ", key, " is damaged"));
  }
  if (subject->fold_version() != domain::kFoldVersion) {
    ASSIGN_OR_RETURN(*subject, Refold(store, *subject));
  }
  return true;
}

absl::StatusOr<std::uint64_t> LoadNumber(const log::StoreReader& store, absl::string_view row) {
  ASSIGN_OR_RETURN(const auto held, store.Get(log::Table::kView, row));
  return held ? rows::DecodeNumber(*held) : 0;
}

const storage::v1::EffectiveFact* OpeningOf(const StoredSubject& report) {
  for (const auto& segment : report.segments()) {
    const auto* opening = domain::LastFact(segment, event::v1::Fact::kReportReceived);
    if (opening != nullptr) return opening;
  }
  return nullptr;
}

absl::StatusOr<StoredCaseView> LoadCaseView(const log::StoreReader& store,
                                            absl::string_view case_id) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kView, rows::CaseView(case_id)));
  StoredCaseView view;
  if (row && !view.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the view of case ", case_id, " is damaged"));
  }
  return view;
}

namespace {

bool StandsTwice(const domain::Segments& segments, domain::Section section,
                 const event::v1::Event& event) {
  return event.party_number() < domain::NextPartyNumber(segments, section, event.author());
}

void Contradict(const HeldEntry& held, StoredCaseView* view) {
  const std::string line =
      absl::StrCat(held.position.log(), "@", held.position.sequence(), ": party entry ",
                   held.event.party_number(), " stands twice in its section");
  const auto& lines = view->contradictions();
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) view->add_contradictions(line);
}

// Folds all that was folded anew, and one that has the number of another.
absl::Status FoldAnew(const Directory& directory, const HeldEntry& again, const ReadHeld& read,
                      StoredCaseView* view) {
  std::vector<HeldEntry> all = {again};
  for (const event::v1::Position& position : view->entries()) {
    ASSIGN_OR_RETURN(HeldEntry held, read(position));
    all.push_back(std::move(held));
  }
  const auto key = [](const HeldEntry& held) {
    return std::tuple(held.event.party_number(), absl::string_view(held.position.log()),
                      held.position.sequence());
  };
  std::sort(all.begin(), all.end(),
            [&](const HeldEntry& a, const HeldEntry& b) { return key(a) < key(b); });
  view->clear_entries();
  auto& segments = *view->mutable_foreign()->mutable_segments();
  segments.Clear();
  for (const HeldEntry& held : all) {
    const domain::Section section = directory.SectionOfAuthority(held.event.author());
    if (StandsTwice(segments, section, held.event)) {
      Contradict(held, view);
      continue;
    }
    domain::Evolve(segments, section, held.position, held.leaf_hash, held.event);
    *view->add_entries() = held.position;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HeldEntry> ReadForeign(const log::StoreReader& store,
                                      const event::v1::Position& position) {
  const log::Mirror* mirror = store.FindMirror(position.log());
  if (mirror == nullptr) return absl::DataLossError(absl::StrCat("no log ", position.log()));
  ASSIGN_OR_RETURN(const auto bytes, mirror->Entry({position.sequence()}));
  if (!bytes) {
    return absl::DataLossError(
        absl::StrCat(position.log(), "@", position.sequence(), " is missing"));
  }
  ASSIGN_OR_RETURN(event::v1::Event event, ParseEvent(*bytes));
  return HeldEntry{position, merkle::HashLeaf(*bytes), std::move(event)};
}

absl::StatusOr<bool> FoldForeign(const Directory& directory, const HeldEntry& held,
                                 const ReadHeld& read, StoredCaseView* view) {
  auto* fold = view->mutable_foreign();
  fold->set_case_id(held.event.case_id());
  fold->set_fold_version(domain::kFoldVersion);
  auto& segments = *fold->mutable_segments();
  const domain::Section section = directory.SectionOfAuthority(held.event.author());
  if (StandsTwice(segments, section, held.event)) {
    RETURN_IF_ERROR(FoldAnew(directory, held, read, view));
    return true;
  }
  if (!domain::CanFold(segments, section, held.event)) return false;
  domain::Evolve(segments, section, held.position, held.leaf_hash, held.event);
  *view->add_entries() = held.position;
  return true;
}

CaseFold Combine(absl::string_view case_id, const StoredSubject* subject,
                 const StoredCaseView& view) {
  CaseFold fold = view.foreign();
  fold.set_fold_version(domain::kFoldVersion);
  fold.set_case_id(std::string(case_id));
  if (subject == nullptr) return fold;
  for (const storage::v1::SectionFold& own : subject->segments()) {
    const auto section = static_cast<domain::Section>(own.section());
    domain::SegmentOf(*fold.mutable_segments(), section, own.writer()) = own;
  }
  return fold;
}

}  // namespace selaras::node
