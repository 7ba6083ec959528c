#include "tools/selaras/stored_cases.h"

#include <utility>

#include "selaras/storage/v1/storage.pb.h"

#include "services/node/case_deadlines.h"
#include "services/node/case_reader.h"
#include "services/node/rows.h"
#include "services/node/statistics.h"
#include "storage/base/status.h"
#include "tools/selaras/catalogue_source.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/stored_ledger.h"

namespace selaras::cli {
namespace {

// The section that the store's node writes: that of any case or report of its own.
absl::StatusOr<domain::Section> SectionOf(const log::StoreReader& store) {
  domain::Section section = domain::Section::kNone;
  RETURN_IF_ERROR(
      store.Scan(log::Table::kState, "", "", [&](absl::string_view, absl::string_view value) {
        storage::v1::StoredSubject subject;
        if (!subject.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
            subject.segments().empty()) {
          return true;
        }
        section = static_cast<domain::Section>(subject.segments(0).section());
        return false;
      }));
  return section;
}

class StoredCases final : public CaseSource {
 public:
  StoredCases(std::shared_ptr<const log::StoreReader> store, node::NodeKeys keys, bool has_keys,
              vault::WrappingKeys wrapping_keys,
              const std::shared_ptr<const reference::Catalogue>& catalogue, domain::Section section,
              absl::Time now)
      : store_(std::move(store)),
        keys_(std::move(keys)),
        has_keys_(has_keys),
        wrapping_keys_(std::move(wrapping_keys)),
        subject_keys_(*store_, wrapping_keys_),
        opener_(subject_keys_),
        directory_(catalogue, {store_->shared().name(), {}}, {}),
        rules_(catalogue),
        reader_(*store_, directory_, keys_, opener_, section),
        statistics_(*store_, directory_, section),
        now_(now) {
    viewer_.everything = true;
  }

  absl::StatusOr<query::v1::GetCaseResponse> GetCase(
      const query::v1::GetCaseRequest& request) override {
    return reader_.GetCase(request, viewer_, now_);
  }
  absl::StatusOr<query::v1::ListCasesResponse> ListCases(
      const query::v1::ListCasesRequest& request) override {
    return reader_.ListCases(request, viewer_, now_);
  }
  absl::StatusOr<query::v1::LookUpCasesResponse> LookUpCases(
      const query::v1::LookUpCasesRequest& request) override {
    if (!has_keys_) return WrappingKeysMissing();
    return reader_.LookUp(request, viewer_);
  }
  absl::StatusOr<query::v1::GetReportResponse> GetReport(
      const query::v1::GetReportRequest& request) override {
    return reader_.GetReport(request, viewer_);
  }
  absl::StatusOr<query::v1::ListReportsResponse> ListReports(
      const query::v1::ListReportsRequest& request) override {
    return reader_.ListReports(request, viewer_);
  }
  absl::StatusOr<query::v1::GetTimelineResponse> GetTimeline(
      const query::v1::GetTimelineRequest& request) override {
    return reader_.GetTimeline(request, viewer_, now_);
  }
  absl::StatusOr<query::v1::GetWorklistResponse> GetWorklist(
      const query::v1::GetWorklistRequest& request) override {
    return reader_.GetWorklist(request, viewer_, rules_, now_);
  }
  absl::StatusOr<query::v1::ListReadsResponse> ListReads(
      const query::v1::ListReadsRequest& request) override {
    if (!request.nip().empty() && !has_keys_) return WrappingKeysMissing();
    return reader_.ListReads(request, viewer_);
  }
  absl::StatusOr<query::v1::GetStatisticsResponse> GetStatistics(
      const query::v1::GetStatisticsRequest& request) override {
    return statistics_.GetStatistics(request, viewer_, now_);
  }
  absl::StatusOr<query::v1::ListDeadlinesResponse> ListDeadlines(
      const query::v1::ListDeadlinesRequest& request) override {
    return node::ListDeadlines(request, reader_, viewer_, rules_, now_);
  }

 private:
  const std::shared_ptr<const log::StoreReader> store_;
  const node::NodeKeys keys_;
  const bool has_keys_;  // else nothing can be looked up
  const vault::WrappingKeys wrapping_keys_;
  const node::SubjectKeys subject_keys_;
  const node::SealedOpener opener_;
  const node::Directory directory_;
  const domain::DeadlineRules rules_;
  const node::CaseReader reader_;
  const node::StatisticsReader statistics_;
  const absl::Time now_;
  node::Viewer viewer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CaseSource>> OpenStoredCases(
    std::shared_ptr<const log::StoreReader> store, vault::WrappingKeys wrapping_keys,
    absl::Time now) {
  StoredLedger ledger(store);
  ASSIGN_OR_RETURN(const auto catalogue, FetchCatalogue(ledger, ""));
  auto keys = node::NodeKeys::Load(*store, wrapping_keys);
  const bool has_keys = !absl::IsFailedPrecondition(keys.status());
  if (!has_keys) keys = node::NodeKeys::OfNobody();
  RETURN_IF_ERROR(keys.status());
  ASSIGN_OR_RETURN(const domain::Section section, SectionOf(*store));
  return std::make_unique<StoredCases>(std::move(store), *std::move(keys), has_keys,
                                       std::move(wrapping_keys), catalogue, section, now);
}

}  // namespace selaras::cli
