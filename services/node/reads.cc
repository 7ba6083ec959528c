#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "services/node/case_reader.h"
#include "services/node/open_case_check.h"
#include "services/node/pages.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

// Whose reads of a case or report that he sees the viewer may see. Break-glass is for the report's
// office to review, whoever took it.
bool MaySeeRead(const event::v1::Event& event, const Viewer& viewer) {
  return viewer.everything || viewer.whole_node || viewer.authorities.contains(event.author()) ||
         event.fact().personal_data_read().has_break_glass();
}

query::v1::Read ToRead(const event::v1::Event& event, const event::v1::Position& position) {
  query::v1::Read read;
  *read.mutable_position() = position;
  *read.mutable_recorded_at() = event.recorded_at();
  read.set_authority(event.author());
  if (event.has_officer()) *read.mutable_officer() = event.officer();
  if (event.has_delegation()) *read.mutable_delegation() = event.delegation();
  if (event.fact().has_open_cases_checked()) {
    read.set_purpose(event.fact().open_cases_checked().purpose());
    read.set_method("CheckOpenCases");
    return read;
  }
  const auto& fact = event.fact().personal_data_read();
  read.set_role(fact.role());
  read.set_purpose(fact.purpose());
  read.set_method(fact.method());
  if (fact.has_break_glass()) *read.mutable_break_glass() = fact.break_glass();
  return read;
}

// Places of the reads of a case or report from the one that `from` is the end of a key of, and one
// more than is looked at, for the next page.
absl::StatusOr<std::vector<std::uint64_t>> PlacesOf(const log::StoreReader& store,
                                                    absl::string_view id, absl::string_view from) {
  const std::string prefix = rows::ReadPrefix(id);
  std::vector<std::uint64_t> places;
  RETURN_IF_ERROR(store.Scan(log::Table::kView, prefix, absl::StrCat(prefix, from),
                             [&](absl::string_view key, absl::string_view) {
                               places.push_back(rows::DecodeNumber(key.substr(prefix.size())));
                               return places.size() <= kLookedAtMax;
                             }));
  return places;
}

// The same of the questions about a person.
absl::StatusOr<std::vector<std::uint64_t>> PlacesOfQuestions(const log::StoreReader& store,
                                                             const NodeKeys& keys,
                                                             absl::string_view nip,
                                                             absl::string_view from) {
  ASSIGN_OR_RETURN(const auto asked, LoadSubject(store, rows::CaseState(IdOfQuestions(keys, nip))));
  if (!asked) return std::vector<std::uint64_t>();
  const auto& all = asked->private_();
  const auto begin = std::lower_bound(all.begin(), all.end(), rows::DecodeNumber(from));
  const auto count =
      std::min<std::size_t>(static_cast<std::size_t>(all.end() - begin), kLookedAtMax + 1);
  return std::vector<std::uint64_t>(begin, begin + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

absl::StatusOr<std::string> CaseReader::SubjectOfReads(const query::v1::ListReadsRequest& request,
                                                       const Viewer& viewer) const {
  if (!request.case_id().empty()) {
    ASSIGN_OR_RETURN(const Known known, Find(request.case_id(), viewer));
    return known.fold.case_id();
  }
  ASSIGN_OR_RETURN(const query::v1::Report report, FindReport(request.report_id(), viewer, false));
  return report.report_id();
}

absl::StatusOr<query::v1::ListReadsResponse> CaseReader::ListReads(
    const query::v1::ListReadsRequest& request, const Viewer& viewer) const {
  ASSIGN_OR_RETURN(const std::size_t page, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string from, KeyInToken(request.page_token()));
  const int named = static_cast<int>(!request.case_id().empty()) +
                    static_cast<int>(!request.report_id().empty()) +
                    static_cast<int>(!request.nip().empty());
  if (named != 1) return domain::BadField("case_id", "give one of case_id, report_id and nip");
  query::v1::ListReadsResponse response;
  std::vector<std::uint64_t> places;
  if (!request.nip().empty()) {
    ASSIGN_OR_RETURN(const std::string nip, ReadAskedNip(request.nip()));
    ASSIGN_OR_RETURN(places, PlacesOfQuestions(store_, keys_, nip, from));
  } else {
    ASSIGN_OR_RETURN(*response.mutable_subject_id(), SubjectOfReads(request, viewer));
    ASSIGN_OR_RETURN(places, PlacesOf(store_, response.subject_id(), from));
  }
  event::v1::Position position;
  position.set_log(store_.private_log().name());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (static_cast<std::size_t>(response.reads_size()) == page || i == kLookedAtMax) {
      response.set_next_page_token(base::HexEncode(rows::EncodeNumber(places[i])));
      return response;
    }
    position.set_sequence(places[i]);
    const auto event = Event(position);
    if (absl::IsNotFound(event.status())) continue;  // lost
    RETURN_IF_ERROR(event.status());
    if (MaySeeRead(*event, viewer)) *response.add_reads() = ToRead(*event, position);
  }
  return response;
}

}  // namespace selaras::node
