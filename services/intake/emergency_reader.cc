#include "services/intake/emergency_reader.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_facts.h"
#include "services/domain/facts.h"
#include "services/domain/refusal.h"
#include "services/node/break_glass.h"
#include "services/node/pages.h"
#include "services/node/rows.h"
#include "services/node/subject_keys.h"
#include "services/node/subjects.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::intake {
namespace {

event::v1::Position PlaceIn(const log::LogReader& log, std::uint64_t sequence) {
  event::v1::Position position;
  position.set_log(log.name());
  position.set_sequence(sequence);
  return position;
}

using EachEvent = std::function<void(std::uint64_t sequence, const event::v1::Event& event)>;

// What the private log holds about the report, in order.
absl::Status ForEachKept(const log::StoreReader& store, absl::string_view report_id,
                         const EachEvent& each) {
  ASSIGN_OR_RETURN(const auto report, node::LoadSubject(store, node::rows::ReportState(report_id)));
  if (!report) return absl::OkStatus();
  for (const std::uint64_t sequence : report->private_()) {
    const auto event = node::ReadEvent(store.private_log(), {sequence});
    if (absl::IsNotFound(event.status())) continue;  // lost
    RETURN_IF_ERROR(event.status());
    each(sequence, *event);
  }
  return absl::OkStatus();
}

// The openings from a place on, with their reports.
using Places = std::vector<std::pair<std::uint64_t, std::string>>;
absl::StatusOr<Places> OpeningsFrom(const log::StoreReader& store, absl::string_view from) {
  Places places;
  const std::string prefix(node::rows::kBreakGlass);
  RETURN_IF_ERROR(store.Scan(log::Table::kView, prefix, absl::StrCat(prefix, from),
                             [&](absl::string_view key, absl::string_view report_id) {
                               places.emplace_back(
                                   node::rows::DecodeNumber(key.substr(prefix.size())), report_id);
                               return places.size() <= node::kLookedAtMax;
                             }));
  return places;
}

}  // namespace

absl::StatusOr<v1::BreakGlassTaken> EmergencyReader::Read(std::uint64_t sequence,
                                                          const std::string& report_id,
                                                          absl::Time now) const {
  const event::v1::Position position = PlaceIn(store_.private_log(), sequence);
  ASSIGN_OR_RETURN(const event::v1::Event event, node::ReadEvent(store_.private_log(), {sequence}));
  v1::BreakGlassTaken taken;
  *taken.mutable_position() = position;
  taken.set_report_id(report_id);
  taken.set_authority(event.author());
  taken.set_by(event.fact().break_glass_opened().by());
  *taken.mutable_officer() = event.officer();
  taken.set_reason(event.fact().break_glass_opened().reason());
  *taken.mutable_opened_at() = event.recorded_at();
  *taken.mutable_expires_at() = domain::ToTimestamp(node::EndOfBreakGlass(event));
  RETURN_IF_ERROR(
      ForEachKept(store_, report_id, [&](std::uint64_t place, const event::v1::Event& kept) {
        const auto& reviewed = kept.fact().break_glass_reviewed();
        if (!kept.fact().has_break_glass_reviewed() ||
            !domain::Same(reviewed.opening(), position)) {
          return;
        }
        v1::BreakGlassReview& review = *taken.mutable_review();
        *review.mutable_position() = PlaceIn(store_.private_log(), place);
        review.set_justified(reviewed.justified());
        *review.mutable_officer() = kept.officer();
        *review.mutable_reviewed_at() = kept.recorded_at();
      }));
  ASSIGN_OR_RETURN(const bool within, node::IsWithinBreakGlass(store_, event, now));
  taken.set_open(within && !taken.has_review());
  return taken;
}

absl::StatusOr<v1::ListBreakGlassResponse> EmergencyReader::List(
    const v1::ListBreakGlassRequest& request, const std::set<std::string>& offices,
    absl::Time now) const {
  ASSIGN_OR_RETURN(const std::size_t page, node::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string from, node::KeyInToken(request.page_token()));
  ASSIGN_OR_RETURN(const Places places, OpeningsFrom(store_, from));
  v1::ListBreakGlassResponse response;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [sequence, report_id] = places[i];
    if (static_cast<std::size_t>(response.taken_size()) == page || i == node::kLookedAtMax) {
      response.set_next_page_token(base::HexEncode(node::rows::EncodeNumber(sequence)));
      return response;
    }
    auto taken = Read(sequence, report_id, now);
    if (absl::IsNotFound(taken.status())) continue;  // lost
    RETURN_IF_ERROR(taken.status());
    if (!offices.contains(taken->authority())) continue;
    if (request.unreviewed()) {
      // Of what was erased nothing can be said any more.
      ASSIGN_OR_RETURN(
          const auto key,
          store_.Get(log::Table::kSecret, node::rows::KeptKey(report_id, taken->authority())));
      if (taken->has_review() || key == node::kErasedKey) continue;
    }
    *response.add_taken() = *std::move(taken);
  }
  return response;
}

absl::StatusOr<bool> EmergencyReader::AwaitsReview(const std::string& office) const {
  v1::ListBreakGlassRequest request;
  request.set_unreviewed(true);
  do {
    ASSIGN_OR_RETURN(const v1::ListBreakGlassResponse page,
                     List(request, {office}, absl::InfinitePast()));
    if (!page.taken().empty()) return true;
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return false;
}

absl::StatusOr<v1::BreakGlassResponse> EmergencyReader::TakenBy(const base::Digest& request_tag,
                                                                absl::string_view report_id) const {
  std::optional<v1::BreakGlassResponse> response;
  RETURN_IF_ERROR(
      ForEachKept(store_, report_id, [&](std::uint64_t sequence, const event::v1::Event& kept) {
        if (!kept.fact().has_break_glass_opened() || kept.request_tag() != request_tag.view()) {
          return;
        }
        *response.emplace().mutable_position() = PlaceIn(store_.private_log(), sequence);
        *response->mutable_expires_at() = domain::ToTimestamp(node::EndOfBreakGlass(kept));
      }));
  if (!response) return absl::NotFoundError("the request took nothing of the report");
  return *std::move(response);
}

}  // namespace selaras::intake
