#include "services/node/case_filter.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/calendar.h"
#include "services/domain/deadline_facts.h"
#include "services/domain/refusal.h"
#include "services/domain/region_code.h"
#include "services/domain/transitions.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

bool Is(const std::string& value, const std::string& wanted) {
  return wanted.empty() || value == wanted;
}

bool InRegion(absl::string_view region, absl::string_view wanted) {
  return wanted.empty() || region == wanted || absl::StartsWith(region, absl::StrCat(wanted, "."));
}

template <typename Codes>
bool Has(const Codes& codes, const std::string& wanted) {
  return std::find(codes.begin(), codes.end(), wanted) != codes.end();
}

// A notice matches neither: nobody identifies its respondent there, but in the report.
bool HasIdentity(const query::v1::Case& found, query::v1::IdentityFilter wanted) {
  if (wanted == query::v1::IDENTITY_FILTER_UNSPECIFIED) return true;
  return !domain::IsOfNotice(static_cast<domain::State>(found.state())) &&
         found.identified() == (wanted == query::v1::IDENTITY_FILTER_KNOWN);
}

// A list that is empty because of a slip would look like an answer.
absl::Status CheckCodes(const query::v1::ListCasesRequest& request,
                        const reference::Catalogue& catalogue) {
  if (!request.election().empty() && catalogue.FindElection(request.election()) == nullptr) {
    return domain::UnknownCode("election", request.election(), "elections");
  }
  if (!request.violation().empty() && catalogue.FindViolation(request.violation()) == nullptr) {
    return domain::UnknownCode("violation", request.violation(), "violations");
  }
  if (!request.holder().empty() && catalogue.FindAuthority(request.holder()) == nullptr) {
    return domain::UnknownCode("holder", request.holder(), "authorities");
  }
  if (!request.waiting_for().empty() && catalogue.FindAuthority(request.waiting_for()) == nullptr) {
    return domain::UnknownCode("waiting_for", request.waiting_for(), "authorities");
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<event::v1::ReferenceKind> KindsOf(const event::v1::ExternalReference& reference) {
  if (reference.kind() != event::v1::REFERENCE_KIND_UNSPECIFIED) return {reference.kind()};
  std::vector<event::v1::ReferenceKind> kinds;
  const auto* all = event::v1::ReferenceKind_descriptor();
  for (int i = 0; i < all->value_count(); ++i) {
    const auto kind = static_cast<event::v1::ReferenceKind>(all->value(i)->number());
    if (kind != event::v1::REFERENCE_KIND_UNSPECIFIED) kinds.push_back(kind);
  }
  return kinds;
}

std::optional<domain::LocalDate> DayOf(const event::v1::When& when) {
  if (when.has_date()) return domain::LocalDate::ParseIso(when.date());
  if (!when.has_instant()) return std::nullopt;
  const auto zone = reference::ParseTimeZone(when.zone());
  return domain::DayAt(domain::TimeOf(when.instant()), zone.value_or(reference::TimeZone::kWib));
}

absl::StatusOr<CaseFilter> CaseFilter::Of(const query::v1::ListCasesRequest& request,
                                          const Directory& directory) {
  CaseFilter filter(request, directory);
  if (!request.agency_region().empty()) {
    const auto region = domain::ParseRegionCode(request.agency_region());
    if (!region.ok()) return domain::BadField("agency_region", region.status().message());
    filter.region_ = region->code;
  }
  RETURN_IF_ERROR(CheckCodes(request, *directory.catalogue()));
  if (!request.waiting_since().empty()) {
    filter.waiting_since_ = domain::LocalDate::ParseIso(request.waiting_since());
    if (!filter.waiting_since_) {
      return domain::BadField("waiting_since", "must be a day, as 2024-10-11");
    }
  }
  if (request.has_reference() && request.reference().raw().empty()) {
    return domain::BadField("reference.raw", "is required");
  }
  const auto statuses = directory.catalogue()->CodesOf("sbt_status");
  const bool known = std::any_of(statuses.begin(), statuses.end(), [&](const auto& status) {
    return status.code == request.public_status();
  });
  if (!known && !request.public_status().empty()) {
    return domain::BadField(
        "public_status",
        absl::StrCat("must be a code of sbt_status: ",
                     absl::StrJoin(statuses, ", ", [](std::string* out, const auto& status) {
                       out->append(status.code);
                     })));
  }
  return filter;
}

bool CaseFilter::WaitsLongEnough(const query::v1::Case& from_facts) const {
  if (!waiting_since_) return true;
  if (from_facts.waiting_for().empty()) return false;
  const auto since = DayOf(from_facts.since());
  return since && *since <= *waiting_since_;
}

bool CaseFilter::Matches(const query::v1::Case& from_facts) const {
  const query::v1::Case& found = from_facts;
  return (request_.state() == query::v1::CASE_STATE_UNSPECIFIED ||
          request_.state() == found.state()) &&
         (request_.waiting_for().empty() ||
          directory_.Serves({"", {request_.waiting_for()}}, found.waiting_for())) &&
         InRegion(found.agency_region(), region_) && HasIdentity(found, request_.identity()) &&
         Is(found.holder(), request_.holder()) && Is(found.election(), request_.election()) &&
         Is(found.public_status(), request_.public_status()) &&
         (request_.violation().empty() || Has(found.violations_found(), request_.violation()) ||
          Has(found.violations_alleged(), request_.violation())) &&
         WaitsLongEnough(found);
}

}  // namespace selaras::node
