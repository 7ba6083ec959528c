#include "services/node/subjects.h"

#include <utility>

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
        absl::StrCat(log.name(), "@", sequence, " was not disclosed to this node"));
  }
  return ParseEvent(*bytes);
}

absl::StatusOr<StoredSubject> Refold(const log::StoreReader& store, const StoredSubject& listed) {
  StoredSubject fresh = listed;
  fresh.set_fold_version(domain::kFoldVersion);
  fresh.clear_section();
  for (const std::uint64_t sequence : listed.shared()) {
    const base::Sequence place{sequence};
    ASSIGN_OR_RETURN(const auto bytes, store.shared().Entry(place));
    if (!bytes) return absl::DataLossError(absl::StrCat("own entry ", sequence, " is missing"));
    ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
    event::v1::Position position;
    position.set_log(store.shared().name());
    position.set_sequence(sequence);
    domain::Evolve(*fresh.mutable_section(), position, merkle::HashLeaf(*bytes), event);
  }
  return fresh;
}

absl::StatusOr<std::optional<StoredSubject>> LoadSubject(const log::StoreReader& store,
                                                         absl::string_view key) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kState, key));
  if (!row) return std::nullopt;
  StoredSubject subject;
  if (!subject.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the row of ", key, " is damaged"));
  }
  if (subject.fold_version() == domain::kFoldVersion) return subject;
  ASSIGN_OR_RETURN(subject, Refold(store, subject));
  return subject;
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

CaseFold Combine(absl::string_view case_id, domain::Section own, const StoredSubject* subject,
                 const StoredCaseView& view) {
  CaseFold fold = view.foreign();
  fold.set_fold_version(domain::kFoldVersion);
  fold.set_case_id(std::string(case_id));
  if (subject != nullptr) *domain::MutableSection(&fold, own) = subject->section();
  return fold;
}

}  // namespace selaras::node
