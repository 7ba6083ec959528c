#include "services/node/case_reader.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "services/domain/values.h"
#include "services/node/break_glass.h"
#include "services/node/case_filter.h"
#include "services/node/look_up.h"
#include "services/node/pages.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

constexpr std::size_t kPrefixMin = 6;
constexpr std::size_t kUuidLength = 36;
constexpr int kPageDefault = 100;
constexpr int kPageMax = 1'000;

// So many ids are looked up at a time.
constexpr std::size_t kScanMax = 256;

absl::Status CheckToken(absl::string_view token) {
  if (token.empty() || IsUuid(token)) return absl::OkStatus();
  return domain::BadField("page_token", "is not of an earlier answer");
}

absl::Status Ambiguous(absl::string_view prefix, const std::vector<std::string>& ids) {
  return domain::Refusal(absl::StatusCode::kFailedPrecondition, "AMBIGUOUS",
                         absl::StrCat("several ids begin with ", prefix, ", e.g. ", ids[0], " and ",
                                      ids[1], "; give more characters"));
}

absl::Status CheckPrefix(absl::string_view field, absl::string_view prefix) {
  const bool hex = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!hex || prefix.size() < kPrefixMin || prefix.size() > kUuidLength) {
    return domain::BadField(
        field, absl::StrCat("must be an id or its first ", kPrefixMin, " or more characters"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> KeyInToken(absl::string_view page_token) {
  auto key = base::HexDecode(page_token);
  if (!key.ok()) return domain::BadField("page_token", "is not of an earlier answer");
  return key;
}

absl::StatusOr<std::size_t> PageSize(int wanted) {
  if (wanted < 0 || wanted > kPageMax) {
    return domain::BadField("page_size", absl::StrCat("must be 1 to ", kPageMax));
  }
  return static_cast<std::size_t>(wanted == 0 ? kPageDefault : wanted);
}

CaseReader::CaseReader(const log::StoreReader& store, const Directory& directory,
                       const NodeKeys& keys, const Opener& opener, domain::Section section)
    : store_(store), directory_(directory), keys_(keys), opener_(opener), section_(section) {}

absl::StatusOr<event::v1::Event> CaseReader::Event(const event::v1::Position& position) const {
  return StoredEntries(store_).Event(position);
}

bool CaseReader::Visible(const Known& known, const Viewer& viewer) const {
  if (viewer.everything) return !known.fold.segments().empty();
  return MaySee(directory_, known.fold, viewer);
}

absl::StatusOr<bool> CaseReader::MayRead(absl::string_view entry, const Viewer& viewer) const {
  if (viewer.whole_node) return true;
  const auto event = ParseEvent(entry);
  if (!event.ok()) return false;
  if (viewer.authorities.contains(event->author())) return true;
  if (domain::VisibilityOf(event->fact().kind_case()) == domain::Visibility::kPeers) return true;
  if (!IsUuid(event->case_id())) return false;
  ASSIGN_OR_RETURN(const auto known, Load(event->case_id(), viewer));
  return known.has_value();
}

absl::StatusOr<std::optional<CaseReader::Known>> CaseReader::Load(const std::string& case_id,
                                                                  const Viewer& viewer) const {
  Known known;
  ASSIGN_OR_RETURN(known.own, LoadSubject(store_, rows::CaseState(case_id)));
  ASSIGN_OR_RETURN(known.view, LoadCaseView(store_, case_id));
  known.fold = Combine(case_id, known.own ? &*known.own : nullptr, known.view);
  if (!Visible(known, viewer)) return std::nullopt;
  return known;
}

namespace {

absl::Status CollectIds(const log::StoreReader& store, log::Table table, absl::string_view family,
                        absl::string_view prefix, absl::string_view from, std::size_t max,
                        std::set<std::string>* ids) {
  std::size_t seen = 0;
  return store.Scan(table, absl::StrCat(family, prefix),
                    absl::StrCat(family, std::max(prefix, from)),
                    [&](absl::string_view key, absl::string_view) {
                      ids->emplace(key.substr(family.size()));
                      return ++seen < max;
                    });
}

std::vector<std::string> FirstOf(const std::set<std::string>& ids, std::size_t max) {
  std::vector<std::string> first;
  for (const std::string& id : ids) {
    if (first.size() == max) break;
    first.push_back(id);
  }
  return first;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> CaseReader::Ids(absl::string_view prefix,
                                                         absl::string_view from,
                                                         std::size_t max) const {
  std::set<std::string> ids;
  RETURN_IF_ERROR(
      CollectIds(store_, log::Table::kState, rows::kCaseStates, prefix, from, max, &ids));
  RETURN_IF_ERROR(CollectIds(store_, log::Table::kView, rows::kCaseViews, prefix, from, max, &ids));
  return FirstOf(ids, max);
}

absl::StatusOr<std::vector<std::string>> CaseReader::ReportIds(absl::string_view prefix,
                                                               absl::string_view from,
                                                               std::size_t max) const {
  std::set<std::string> ids;
  RETURN_IF_ERROR(
      CollectIds(store_, log::Table::kState, rows::kReportStates, prefix, from, max, &ids));
  return FirstOf(ids, max);
}

absl::StatusOr<CaseReader::Known> CaseReader::Find(absl::string_view id_or_prefix,
                                                   const Viewer& viewer) const {
  RETURN_IF_ERROR(CheckPrefix("case_id", id_or_prefix));
  std::optional<Known> found;
  std::string from;
  while (true) {
    ASSIGN_OR_RETURN(const auto ids, Ids(id_or_prefix, from, kScanMax));
    for (const std::string& id : ids) {
      if (id == from) continue;
      ASSIGN_OR_RETURN(auto known, Load(id, viewer));
      if (!known) continue;
      if (found) return Ambiguous(id_or_prefix, {found->fold.case_id(), id});
      found = std::move(known);
    }
    if (ids.size() < kScanMax) break;
    from = ids.back();
  }
  if (!found) return domain::CaseNotFound(id_or_prefix);
  return *std::move(found);
}

absl::StatusOr<query::v1::GetCaseResponse> CaseReader::GetCase(
    const query::v1::GetCaseRequest& request, const Viewer& viewer, absl::Time now) const {
  ASSIGN_OR_RETURN(const Known known,
                   request.has_as_known()
                       ? FindThen(request.case_id(), request.as_known(), viewer, now)
                       : Find(request.case_id(), viewer));
  query::v1::GetCaseResponse response;
  ASSIGN_OR_RETURN(*response.mutable_case_(), ToCase(known, FromFacts(known)));
  RETURN_IF_ERROR(FillAttachments(known, viewer, response.mutable_case_()));
  return response;
}

absl::StatusOr<std::vector<std::string>> CaseReader::Candidates(
    const query::v1::ListCasesRequest& request, absl::string_view from, std::size_t max) const {
  if (!request.has_reference()) return Ids("", from, max);
  std::set<std::string> carrying;
  for (const event::v1::ReferenceKind kind : KindsOf(request.reference())) {
    query::v1::LookUpCasesRequest look_up;
    look_up.set_kind(kind);
    look_up.set_number(request.reference().raw());
    ASSIGN_OR_RETURN(const auto ids, LookUpCases(store_, keys_, look_up));
    carrying.insert(ids.begin(), ids.end());
  }
  carrying.erase(carrying.begin(), carrying.lower_bound(std::string(from)));
  return FirstOf(carrying, max);
}

absl::StatusOr<query::v1::ListCasesResponse> CaseReader::ListCases(
    const query::v1::ListCasesRequest& request, const Viewer& viewer, absl::Time as_of) const {
  ASSIGN_OR_RETURN(const std::size_t page, PageSize(request.page_size()));
  RETURN_IF_ERROR(CheckToken(request.page_token()));
  ASSIGN_OR_RETURN(const CaseFilter filter, CaseFilter::Of(request, directory_));
  query::v1::ListCasesResponse response;
  std::string from = request.page_token();
  std::size_t looked_at = 0;
  std::size_t bytes = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto ids, Candidates(request, from, kScanMax));
    for (const std::string& id : ids) {
      if (id == from && id != request.page_token()) continue;
      if (static_cast<std::size_t>(response.cases_size()) == page || bytes >= kPageBytesMax ||
          looked_at == kLookedAtMax) {
        response.set_next_page_token(id);
        return response;
      }
      ++looked_at;
      if (request.overdue()) {
        ASSIGN_OR_RETURN(const bool overdue, IsOverdue(id, as_of));
        if (!overdue) continue;
      }
      ASSIGN_OR_RETURN(const auto known, Load(id, viewer));
      if (!known) continue;
      query::v1::Case found = FromFacts(*known);
      if (!filter.Matches(found)) continue;
      if (request.contradicted() && known->view.contradictions().empty() &&
          domain::ContradictionsOf(known->fold).empty()) {
        continue;
      }
      ASSIGN_OR_RETURN(found, ToCase(*known, std::move(found)));
      bytes += found.ByteSizeLong();
      *response.add_cases() = std::move(found);
    }
    if (ids.size() < kScanMax) return response;
    from = ids.back();
  }
}

absl::StatusOr<query::v1::LookUpCasesResponse> CaseReader::LookUp(
    const query::v1::LookUpCasesRequest& request, const Viewer& viewer) const {
  const bool of_person = !request.nip().empty() || !request.nik().empty();
  const bool has_kind = request.kind() != event::v1::REFERENCE_KIND_UNSPECIFIED;
  if (!has_kind && (!request.number().empty() || !of_person)) {
    return domain::BadField("kind", "is required");
  }
  if (has_kind && request.number().empty()) return domain::BadField("number", "is required");
  RETURN_IF_ERROR(domain::ReadNik("nik", request.nik()).status());
  ASSIGN_OR_RETURN(const auto ids, LookUpCases(store_, keys_, request));
  query::v1::LookUpCasesResponse response;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const auto known, Load(id, viewer));
    if (known) response.add_case_ids(id);
  }
  return response;
}

absl::StatusOr<query::v1::ListChangesResponse> CaseReader::ListChanges(
    const query::v1::ListChangesRequest& request, const Viewer& viewer) const {
  ASSIGN_OR_RETURN(const std::size_t page, PageSize(request.page_size()));
  query::v1::ListChangesResponse response;
  response.set_cursor(request.after_cursor());
  if (request.after_cursor() == std::numeric_limits<std::uint64_t>::max()) return response;
  std::vector<std::pair<std::uint64_t, std::string>> changes;
  RETURN_IF_ERROR(store_.Scan(
      log::Table::kView, rows::kChanges, rows::Change(request.after_cursor() + 1),
      [&](absl::string_view key, absl::string_view value) {
        changes.emplace_back(rows::DecodeNumber(key.substr(rows::kChanges.size())), value);
        return changes.size() < page;
      }));
  for (const auto& [cursor, case_id] : changes) {
    response.set_cursor(cursor);
    ASSIGN_OR_RETURN(const auto known, Load(case_id, viewer));
    if (!known) continue;
    auto* change = response.add_changes();
    change->set_cursor(cursor);
    change->set_case_id(case_id);
  }
  return response;
}

absl::StatusOr<query::v1::Report> CaseReader::FindReport(const std::string& id_or_prefix,
                                                         const Viewer& viewer, bool whole) const {
  RETURN_IF_ERROR(CheckPrefix("report_id", id_or_prefix));
  ASSIGN_OR_RETURN(const auto ids, ReportIds(id_or_prefix, "", kScanMax));
  std::optional<query::v1::Report> found;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(auto report, LoadReport(id, viewer, whole));
    if (!report) continue;
    if (found) return Ambiguous(id_or_prefix, {found->report_id(), id});
    found = std::move(report);
  }
  if (!found) return domain::ReportNotFound(id_or_prefix);
  return *std::move(found);
}

absl::StatusOr<query::v1::GetReportResponse> CaseReader::GetReport(
    const query::v1::GetReportRequest& request, const Viewer& viewer) const {
  query::v1::GetReportResponse response;
  ASSIGN_OR_RETURN(*response.mutable_report(), FindReport(request.report_id(), viewer, true));
  return response;
}

absl::StatusOr<std::optional<event::v1::Position>> CaseReader::OpenBreakGlass(
    const query::v1::GetReportRequest& request, const Viewer& viewer, absl::string_view by,
    absl::string_view role, absl::Time now) const {
  ASSIGN_OR_RETURN(const query::v1::Report report, FindReport(request.report_id(), viewer, false));
  ASSIGN_OR_RETURN(const auto subject, LoadSubject(store_, rows::ReportState(report.report_id())));
  if (!subject) return std::nullopt;
  return node::OpenBreakGlass(store_, *subject, by, role, now);
}

absl::StatusOr<query::v1::ListReportsResponse> CaseReader::ListReports(
    const query::v1::ListReportsRequest& request, const Viewer& viewer) const {
  ASSIGN_OR_RETURN(const std::size_t page, PageSize(request.page_size()));
  RETURN_IF_ERROR(CheckToken(request.page_token()));
  query::v1::ListReportsResponse response;
  ASSIGN_OR_RETURN(const auto ids, ReportIds("", request.page_token(), page + 1));
  std::size_t bytes = 0;
  for (const std::string& id : ids) {
    if (static_cast<std::size_t>(&id - ids.data()) == page || bytes >= kPageBytesMax) {
      response.set_next_page_token(id);
      break;
    }
    ASSIGN_OR_RETURN(auto report, LoadReport(id, viewer, /*whole=*/false));
    if (!report) continue;
    bytes += report->ByteSizeLong();
    *response.add_reports() = *std::move(report);
  }
  return response;
}

}  // namespace selaras::node
