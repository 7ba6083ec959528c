#include "services/verify/kept_views.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/node/keys.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/verify/row_stream.h"
#include "services/verify/view_findings.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::verify {
namespace {

namespace rows = node::rows;
using log::Table;
using storage::v1::StoredCaseView;
using storage::v1::StoredWatch;

constexpr std::size_t kEpochDigits = 16;

}  // namespace

void KeptViewAudit::Report(absl::string_view key, std::string problem, std::string expected,
                           std::string actual) {
  ReportView(key, std::move(problem), std::move(expected), std::move(actual), &findings_);
}

absl::Status KeptViewAudit::Run() {
  RETURN_IF_ERROR(CheckChanges());
  RETURN_IF_ERROR(CheckMoments());
  RETURN_IF_ERROR(CheckLinks());
  ASSIGN_OR_RETURN(const auto epoch, store_.Get(Table::kView, rows::kDisclosureEpoch));
  if (!epoch || epoch->size() != kEpochDigits || !base::HexDecode(*epoch).ok()) {
    Report(rows::kDisclosureEpoch, "the name of the disclosure lists is none", "16 hex digits",
           epoch ? Shown(*epoch) : "no row");
  }
  return absl::OkStatus();
}

absl::Status KeptViewAudit::CheckChanges() {
  std::uint64_t newest = 0;
  RowStream changes(store_, Table::kView, std::string(rows::kChanges));
  for (; changes.Valid(); changes.Next()) {
    const std::uint64_t number =
        rows::DecodeNumber(absl::string_view(changes.key()).substr(rows::kChanges.size()));
    if (number != newest + 1) {
      Report(changes.key(), "the changes have a gap before this one",
             absl::StrCat("change ", newest + 1), absl::StrCat("change ", number));
    }
    newest = number;
    RETURN_IF_ERROR(CheckChange(number, changes.value()));
  }
  RETURN_IF_ERROR(changes.status());
  ASSIGN_OR_RETURN(const std::uint64_t stated, node::LoadNumber(store_, rows::kChangeCount));
  if (stated != newest) {
    Report(rows::kChangeCount, "the newest change is another one", absl::StrCat(newest),
           absl::StrCat(stated));
  }
  // Every case has its newest change.
  RowStream views(store_, Table::kView, std::string(rows::kCaseViews));
  for (; views.Valid(); views.Next()) {
    StoredCaseView view;
    if (!view.ParseFromString(views.value())) continue;  // reported
    const std::string case_id = views.key().substr(rows::kCaseViews.size());
    ASSIGN_OR_RETURN(const auto change, store_.Get(Table::kView, rows::Change(view.cursor())));
    if (change && *change == case_id) continue;
    Report(views.key(), "the case view names a change that does not name the case", case_id,
           change ? Shown(*change) : absl::StrCat("no change ", view.cursor()));
  }
  return views.status();
}

absl::Status KeptViewAudit::CheckChange(std::uint64_t number, const std::string& case_id) {
  if (!node::IsUuid(case_id)) {
    Report(rows::Change(number), "the change names no case", "the id of a case", Shown(case_id));
    return absl::OkStatus();
  }
  // A case of an earlier basis may be gone.
  ASSIGN_OR_RETURN(const auto row, store_.Get(Table::kView, rows::CaseView(case_id)));
  StoredCaseView view;
  if (!row || !view.ParseFromString(*row) || view.cursor() >= number) return absl::OkStatus();
  Report(rows::Change(number), "the change is newer than the newest of its case",
         absl::StrCat("at most ", view.cursor()), absl::StrCat(number));
  return absl::OkStatus();
}

// Each watch has its moment in the index, and each moment its watch.
absl::Status KeptViewAudit::CheckMoments() {
  RowStream watches(store_, Table::kView, rows::Watch(""));
  for (; watches.Valid(); watches.Next()) {
    StoredWatch watch;
    if (!watch.ParseFromString(watches.value()) || !watch.has_next()) continue;
    const std::string subject = watches.key().substr(rows::Watch("").size());
    const std::string key =
        rows::WatchAt(static_cast<std::uint64_t>(watch.next().seconds()), subject);
    ASSIGN_OR_RETURN(const auto moment, store_.Get(Table::kView, key));
    if (!moment) Report(key, "the moment to look is missing", "a row", "no row");
  }
  RETURN_IF_ERROR(watches.status());
  RowStream moments(store_, Table::kView, std::string(rows::kWatchAt));
  for (; moments.Valid(); moments.Next()) {
    const auto [seconds, subject] = rows::DecodeWatchAt(moments.key());
    ASSIGN_OR_RETURN(const auto row, store_.Get(Table::kView, rows::Watch(subject)));
    StoredWatch watch;
    const bool same = row && watch.ParseFromString(*row) && watch.has_next() &&
                      static_cast<std::uint64_t>(watch.next().seconds()) == seconds;
    if (!same) Report(moments.key(), "the moment to look is that of no watch", "no row", "a row");
  }
  return moments.status();
}

absl::Status KeptViewAudit::CheckLinks() {
  for (const absl::string_view prefix : {"follow/", "link/"}) {
    RowStream links(store_, Table::kView, std::string(prefix));
    for (; links.Valid(); links.Next()) {
      storage::v1::StoredLink link;
      if (!link.ParseFromString(links.value())) {
        Report(links.key(), "the row cannot be understood", "a row", "something else");
      } else if (link.arrived_size() > store_.shared().size().value) {
        Report(links.key(), "the peer acknowledged more than there is",
               absl::StrCat("at most ", store_.shared().size().value),
               absl::StrCat(link.arrived_size()));
      }
    }
    RETURN_IF_ERROR(links.status());
  }
  return absl::OkStatus();
}

}  // namespace selaras::verify
