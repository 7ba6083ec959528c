#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/query/v1/query.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/deadline.h"
#include "services/domain/fold.h"
#include "services/node/as_known.h"
#include "services/node/directory.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/node/personal.h"
#include "services/node/viewer.h"
#include "services/reference/catalogue.h"
#include "storage/log/store.h"
#include "storage/vault/chunks.h"

namespace selaras::node {

// Answers questions about cases and reports from the store. Own sections are read from the last
// commit, those of others as projected. Thread-safe.
class CaseReader final : public EntrySource {
 public:
  // Everything handed in must outlive the reader.
  CaseReader(const log::StoreReader& store, const Directory& directory, const NodeKeys& keys,
             const Opener& opener, domain::Section section);

  // NOT_FOUND also for a case that is not the viewer's.
  // What is known on a day is so until `now`, the node's clock, which says what day it is.
  absl::StatusOr<query::v1::GetCaseResponse> GetCase(const query::v1::GetCaseRequest& request,
                                                     const Viewer& viewer, absl::Time now) const;
  // What is overdue is so at `as_of`.
  absl::StatusOr<query::v1::ListCasesResponse> ListCases(const query::v1::ListCasesRequest& request,
                                                         const Viewer& viewer,
                                                         absl::Time as_of) const;
  // By the watcher's index, which follows a little later. PERMISSION_DENIED for an authority that
  // is not the viewer's.
  absl::StatusOr<query::v1::GetWorklistResponse> GetWorklist(
      const query::v1::GetWorklistRequest& request, const Viewer& viewer,
      const domain::DeadlineRules& rules, absl::Time as_of) const;
  absl::StatusOr<query::v1::GetTimelineResponse> GetTimeline(
      const query::v1::GetTimelineRequest& request, const Viewer& viewer, absl::Time now) const;
  // The one that GetReport answers with; `whole`: with its steps and messages.
  absl::StatusOr<query::v1::Report> FindReport(const std::string& id_or_prefix,
                                               const Viewer& viewer, bool whole) const;
  absl::StatusOr<query::v1::GetReportResponse> GetReport(const query::v1::GetReportRequest& request,
                                                         const Viewer& viewer) const;
  // The break-glass by which who has this authority and role in his certificate may see who
  // reported, now; nothing if none is open. Errors are those of GetReport.
  absl::StatusOr<std::optional<event::v1::Position>> OpenBreakGlass(
      const query::v1::GetReportRequest& request, const Viewer& viewer, absl::string_view by,
      absl::string_view role, absl::Time now) const;
  absl::StatusOr<query::v1::ListReportsResponse> ListReports(
      const query::v1::ListReportsRequest& request, const Viewer& viewer) const;
  absl::StatusOr<query::v1::LookUpCasesResponse> LookUp(
      const query::v1::LookUpCasesRequest& request, const Viewer& viewer) const;
  absl::StatusOr<query::v1::ListChangesResponse> ListChanges(
      const query::v1::ListChangesRequest& request, const Viewer& viewer) const;
  absl::StatusOr<query::v1::ListReadsResponse> ListReads(const query::v1::ListReadsRequest& request,
                                                         const Viewer& viewer) const;

  // A document whose bytes are here, for who may read it: what its sealed chunks are and what opens
  // them.
  struct Document {
    std::string case_id;    // exactly one of the two is set
    std::string report_id;  //
    std::string media_type;
    std::string object;
    vault::Chunks chunks;
    std::string key;
  };
  // NOT_FOUND, ATTACHMENT_NOT_FOUND, also for one that is not the viewer's. FAILED_PRECONDITION:
  // ATTACHMENT_NOT_HERE, ATTACHMENT_REMOVED, KEY_NOT_HERE, ERASED.
  absl::StatusOr<Document> FindDocument(const event::v1::Position& position,
                                        const Viewer& viewer) const;
  // Whether a document was taken back, as far as is known.
  absl::StatusOr<bool> WasRemoved(const event::v1::Position& position) const;

  // What time limits are computed from. The report's facts only for its own office.
  struct Facts {
    domain::CaseFold fold;
    std::vector<storage::v1::EffectiveFact> report;
  };
  absl::StatusOr<Facts> FactsOf(absl::string_view case_id, const Viewer& viewer) const;

  absl::StatusOr<event::v1::Event> Event(const event::v1::Position& position) const override;

  // Whether the viewer may read an entry that this node holds: one of a case of the viewer's, or
  // one that the viewer's own office wrote about a report.
  absl::StatusOr<bool> MayRead(absl::string_view entry, const Viewer& viewer) const;

 private:
  // Everything that this node knows of a case.
  struct Known {
    domain::CaseFold fold;
    std::optional<storage::v1::StoredSubject> own;
    storage::v1::StoredCaseView view;
    // As of when. Nothing: now.
    std::optional<Moment> moment;
  };

  absl::StatusOr<std::optional<Known>> Load(const std::string& case_id, const Viewer& viewer) const;
  bool Visible(const Known& known, const Viewer& viewer) const;
  absl::StatusOr<Known> Find(absl::string_view id_or_prefix, const Viewer& viewer) const;
  // As it was known on a day. Who may see a case now may see how it was; NOT_FOUND, too, if nothing
  // of it was known then.
  absl::StatusOr<Known> FindThen(absl::string_view id_or_prefix, const query::v1::AsKnown& as_known,
                                 const Viewer& viewer, absl::Time now) const;
  // Ids of cases among which ListCases looks, from `from` on, in order; at most `max`.
  absl::StatusOr<std::vector<std::string>> Candidates(const query::v1::ListCasesRequest& request,
                                                      absl::string_view from,
                                                      std::size_t max) const;
  // Ids of cases from `from` on, own ones and others' in one order; at most `max`.
  absl::StatusOr<std::vector<std::string>> Ids(absl::string_view prefix, absl::string_view from,
                                               std::size_t max) const;
  absl::StatusOr<std::vector<std::string>> ReportIds(absl::string_view prefix,
                                                     absl::string_view from, std::size_t max) const;

  absl::StatusOr<Facts> FactsOf(const Known& known, const Viewer& viewer) const;
  absl::StatusOr<bool> IsOverdue(const std::string& case_id, absl::Time as_of) const;
  absl::StatusOr<query::v1::WorkItem> ToWorkItem(const Known& known, const std::string& authority,
                                                 const Viewer& viewer,
                                                 const domain::DeadlineRules& rules,
                                                 absl::Time as_of) const;
  // What the facts say, without what only some node knows: enough to tell whether it is looked for.
  query::v1::Case FromFacts(const Known& known) const;
  // The whole, from that.
  absl::StatusOr<query::v1::Case> ToCase(const Known& known, query::v1::Case from_facts) const;
  void FillStatus(const Known& known, query::v1::Case* out) const;
  // What has not come and others rely on.
  // Whether this node had keys of the case, and has none any more.
  absl::StatusOr<bool> AllKeysDestroyed(absl::string_view case_id) const;
  std::vector<query::v1::AwaitedPart> AwaitedIn(const Known& known) const;
  absl::Status FillOffice(const Known& known, query::v1::Case* out) const;
  absl::Status FillPersonal(const Known& known, query::v1::Case* out) const;
  absl::Status FillAttachments(const Known& known, const Viewer& viewer,
                               query::v1::Case* out) const;
  // Those of a segment of the shared log, or that the private log keeps; with what `details`, facts
  // of the private log, say besides.
  absl::Status AddAttachments(const storage::v1::SectionFold& facts,
                              const storage::v1::SectionFold& details,
                              google::protobuf::RepeatedPtrField<query::v1::Attachment>* out) const;
  absl::StatusOr<query::v1::Attachment> ToAttachment(const storage::v1::EffectiveFact& added,
                                                     bool removed,
                                                     const storage::v1::SectionFold& details) const;
  // The fact that adds the document, if the viewer may read it.
  absl::StatusOr<std::optional<std::pair<storage::v1::EffectiveFact, bool>>> FindAdded(
      const event::v1::Event& event, const event::v1::Position& position,
      const Viewer& viewer) const;
  absl::Status FillSections(const Known& known, query::v1::Case* out) const;
  absl::Status FillArrivals(const Known& known, query::v1::Case* out) const;
  // `whole`: with its steps and, if the viewer may see them, the messages to and from the reporter.
  absl::StatusOr<std::optional<query::v1::Report>> LoadReport(const std::string& report_id,
                                                              const Viewer& viewer,
                                                              bool whole) const;
  // Id of the case or report of which the viewer asks who read it.
  absl::StatusOr<std::string> SubjectOfReads(const query::v1::ListReadsRequest& request,
                                             const Viewer& viewer) const;
  // What the private log keeps of a report.
  absl::Status FillKept(const storage::v1::StoredSubject& subject, const Viewer& viewer,
                        query::v1::Report* out) const;
  absl::Status FillSteps(const storage::v1::StoredSubject& subject, const Viewer& viewer,
                         query::v1::Report* out) const;
  absl::StatusOr<query::v1::TimelineStep> ToStep(const event::v1::Position& position,
                                                 absl::string_view bytes) const;

  const log::StoreReader& store_;
  const Directory& directory_;
  const NodeKeys& keys_;
  const Opener& opener_;
  const domain::Section section_;
};

}  // namespace selaras::node
