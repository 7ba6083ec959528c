#include "services/intake/emergency_service.h"

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "selaras/intake/v1/emergency.pb.h"

#include "services/domain/decide.h"
#include "services/domain/refusal.h"
#include "services/intake/emergency_reader.h"
#include "services/serve/command_service.h"
#include "services/serve/viewer_of.h"
#include "storage/base/status.h"

namespace selaras::intake {
namespace {

// Ids of operations are a space of their own: they command nothing else.
constexpr absl::string_view kIds = "\nemergency/";
// A caller does not hold one of gRPC's few threads for longer than this.
constexpr absl::Duration kPatienceMax = absl::Seconds(2);

absl::Status Unreviewed(const std::string& office) {
  return domain::Refusal(absl::StatusCode::kFailedPrecondition, "BREAK_GLASS_UNREVIEWED",
                         absl::StrCat("an earlier break-glass of ", office,
                                      " was not reviewed; the office reviews it first "
                                      "(ReviewBreakGlass)"));
}

class Emergency : public std::enable_shared_from_this<Emergency> {
 public:
  // As long as somebody has it, nobody else takes anything of its office.
  using Turn = std::shared_ptr<const void>;

  explicit Emergency(const serve::Parts& parts) : parts_(parts), reader_(parts.store) {}

  absl::StatusOr<v1::ListBreakGlassResponse> List(const v1::ListBreakGlassRequest& request,
                                                  const rpc::CallInfo& call) const {
    return reader_.List(request, serve::ViewerOf(call).authorities, parts_.clock.Now());
  }

  // The request by which the node itself writes down what is taken; `turn` is kept until it is.
  absl::StatusOr<node::Request> ToRequest(const v1::BreakGlassRequest& asked,
                                          const rpc::CallInfo& call, Turn* turn) {
    ASSIGN_OR_RETURN(const query::v1::Report report,
                     parts_.reader.FindReport(asked.report_id(), serve::ViewerOf(call), false));
    RETURN_IF_ERROR(domain::CheckRequestId("request_id", asked.request_id()));
    RETURN_IF_ERROR(domain::CheckOfficer(asked.officer(), parts_.engine.catalogue()));
    ASSIGN_OR_RETURN(const bool repeat, IsRepeat(report.author(), asked.request_id()));
    if (!repeat) {
      ASSIGN_OR_RETURN(*turn, TakeTurn(report.author()));
      RETURN_IF_ERROR(parts_.projector.WaitForPrivate(kPatienceMax));
      ASSIGN_OR_RETURN(const bool awaits, reader_.AwaitsReview(report.author()));
      if (awaits) return Unreviewed(report.author());
    }
    auto body = std::make_shared<command::v1::BreakGlass>();
    body->set_report_id(report.report_id());
    body->set_by(call.caller.authority);
    body->set_role(std::string(runtime::NameOf(call.caller.role)));
    body->set_reason(asked.reason());
    body->set_reason_text(asked.reason_text());
    body->set_minutes(asked.minutes());
    node::Request request;
    request.header.set_request_id(asked.request_id());
    request.header.set_authority(report.author());
    *request.header.mutable_officer() = asked.officer();
    request.body = std::move(body);
    request.single = true;
    request.id_space = std::string(kIds);
    request.field.clear();
    return request;
  }

  // What that request took, once it is done.
  absl::StatusOr<v1::BreakGlassResponse> TakenBy(const std::string& office,
                                                 const std::string& request_id,
                                                 const std::string& report_id) const {
    return reader_.TakenBy(parts_.engine.keys().RequestTag(office, absl::StrCat(kIds, request_id)),
                           report_id);
  }

  void Tell(const std::string& office, const std::string& by,
            const v1::BreakGlassResponse& taken) const {
    parts_.log.Warning(
        "break-glass",
        {{"office", office},
         {"by", by},
         {"position", absl::StrCat(taken.position().log(), "@", taken.position().sequence())}});
  }

 private:
  // One that was not answered is repeated, whatever became of it.
  absl::StatusOr<bool> IsRepeat(const std::string& office, const std::string& request_id) const {
    const base::Digest tag =
        parts_.engine.keys().RequestTag(office, absl::StrCat(kIds, request_id));
    ASSIGN_OR_RETURN(const auto row, parts_.store.Get(log::Table::kRequest, tag.view()));
    return row.has_value();
  }

  absl::StatusOr<Turn> TakeTurn(const std::string& office) {
    const std::lock_guard lock(mutex_);
    if (!under_way_.insert(office).second) return Unreviewed(office);
    return Turn(this, [self = shared_from_this(), office](const void*) {
      const std::lock_guard unlock(self->mutex_);
      self->under_way_.erase(office);
    });
  }

  const serve::Parts parts_;
  const EmergencyReader reader_;
  std::mutex mutex_;
  std::set<std::string> under_way_;  // under mutex_: offices
};

}  // namespace

std::unique_ptr<rpc::Service> MakeEmergencyService(const serve::Parts& parts) {
  auto service =
      std::make_unique<rpc::Service>("selaras.intake.v1.EmergencyService", parts.access, parts.log);
  const auto emergency = std::make_shared<Emergency>(parts);
  service->UnaryLater<v1::BreakGlassRequest, v1::BreakGlassResponse>(
      "BreakGlass", [emergency, &sequencer = parts.sequencer](
                        const v1::BreakGlassRequest& asked, v1::BreakGlassResponse* response,
                        const rpc::CallInfo& call, const rpc::Done& done) {
        Emergency::Turn turn;
        auto request = emergency->ToRequest(asked, call, &turn);
        if (!request.ok()) return done(request.status());
        const std::string office = request->header.authority();
        sequencer.Submit(*std::move(request),
                         [emergency, turn, response, done, office, by = call.caller.authority,
                          id = asked.request_id()](const node::Outcome& outcome) {
                           if (!outcome.ok()) return done(outcome.status());
                           const auto taken = emergency->TakenBy(office, id, outcome->report_id());
                           if (!taken.ok()) return done(taken.status());
                           if (!outcome->repeated_request()) emergency->Tell(office, by, *taken);
                           *response = *taken;
                           done(absl::OkStatus());
                         });
      });
  service->Unary<v1::ListBreakGlassRequest, v1::ListBreakGlassResponse>(
      "ListBreakGlass",
      [emergency](const v1::ListBreakGlassRequest& request, const rpc::CallInfo& call) {
        return emergency->List(request, call);
      });
  service->UnaryLater<v1::ReviewBreakGlassRequest, v1::ReviewBreakGlassResponse>(
      "ReviewBreakGlass",
      [&sequencer = parts.sequencer](const v1::ReviewBreakGlassRequest& request,
                                     v1::ReviewBreakGlassResponse* response,
                                     const rpc::CallInfo& call, const rpc::Done& done) {
        auto body = std::make_shared<command::v1::ReviewBreakGlass>(request.command());
        serve::SubmitCommand(sequencer,
                             serve::RequestOf(request.header(), std::move(body), call, true),
                             response, done);
      });
  return service;
}

}  // namespace selaras::intake
