#include "services/domain/routing.h"

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using reference::Agency;
using reference::Authority;
using reference::Catalogue;

Ground GroundOf(const Agency& agency) {
  return Ground{absl::StrCat("agencies ", agency.name), agency.note, agency.authority,
                agency.provenance};
}

Ground GroundOf(const Authority& authority) {
  return Ground{absl::StrCat("authorities ", authority.id), authority.name, authority.note,
                authority.provenance};
}

const Authority* PpkOfRegion(absl::string_view region, const Catalogue& catalogue) {
  if (region.empty()) return nullptr;
  for (const Authority& each : catalogue.authorities()) {
    if (each.role == reference::AuthorityRole::kSanction && each.region == region) return &each;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Addressee> FindPpk(absl::string_view agency_name, absl::string_view region,
                                  LocalDate day, const Catalogue& catalogue) {
  Addressee to;
  to.grounds.push_back(GroundOfRule("ppk_of_agency", catalogue));
  const Agency* agency = agency_name.empty() ? nullptr : catalogue.FindAgency(agency_name);
  if (agency != nullptr && !IsValidOn(*agency, day)) agency = nullptr;
  const Authority* asked = nullptr;
  if (agency != nullptr) {
    asked = catalogue.FindAuthority(agency->authority);
    to.grounds.push_back(GroundOf(*agency));
    if (!region.empty() && !agency->region.empty() && agency->region != region) {
      to.notices.push_back(
          {"AGENCY_OF_OTHER_REGION",
           absl::StrCat("the agency is of region ", agency->region, ", the case says ", region),
           {GroundOf(*agency)}});
    }
  } else {
    asked = PpkOfRegion(region, catalogue);
    if (asked == nullptr) {
      return BadField("agency_region", absl::StrCat("no PPK for region \"", region,
                                                    "\" and no known name of an agency"));
    }
    if (!agency_name.empty()) {
      to.notices.push_back({"AGENCY_UNKNOWN",
                            "the agency's name is not in agencies.tsv; its region decided",
                            {GroundOf(*asked)}});
    }
  }
  const Authority* holder = asked == nullptr ? nullptr : StandingFor(asked->id, day, catalogue);
  if (holder == nullptr) {
    return RuleForbids("ppk_of_agency",
                       absl::StrCat(asked->id, " does not stand on ", day.ToIso(),
                                    " and has no successor that does; correct authorities.tsv"));
  }
  if (holder != asked) {
    to.notices.push_back({"SUCCEEDED",
                          absl::StrCat(holder->id, " stands for ", asked->id, " on ", day.ToIso()),
                          {GroundOf(*asked)}});
  }
  to.authority = holder;
  to.grounds.push_back(GroundOf(*holder));
  return to;
}

const Authority* StandingFor(absl::string_view ppk, LocalDate day, const Catalogue& catalogue) {
  const Authority* standing = catalogue.FindAuthority(ppk);
  // Ends: parsing refused circles of successors.
  while (standing != nullptr && !IsValidOn(*standing, day)) {
    standing = catalogue.FindAuthority(standing->successor);
  }
  return standing;
}

absl::Status CheckPpk(absl::string_view field, absl::string_view ppk, std::optional<LocalDate> day,
                      const Catalogue& catalogue) {
  const Authority* authority = catalogue.FindAuthority(ppk);
  if (authority == nullptr || authority->role != reference::AuthorityRole::kSanction) {
    return BadField(field, absl::StrCat("\"", ppk, "\" is no PPK of the catalogue"));
  }
  if (!day || IsValidOn(*authority, *day)) return absl::OkStatus();
  const Authority* instead = StandingFor(ppk, *day, catalogue);
  return RuleForbids(
      "routing_by_send_date",
      absl::StrCat(ppk, " does not stand on ", day->ToIso(),
                   instead == nullptr ? "" : absl::StrCat("; send it to ", instead->id), " (",
                   Describe(GroundOfRule("routing_by_send_date", catalogue)), ")"));
}

absl::StatusOr<Addressee> FindReferralBody(LocalDate day, const Catalogue& catalogue) {
  const Authority* body = catalogue.ReferralAuthorityOn(day);
  if (body == nullptr) {
    return RuleForbids("routing_by_send_date",
                       absl::StrCat("no body received referrals on ", day.ToIso()));
  }
  Addressee to;
  to.authority = body;
  to.grounds = {GroundOfRule("routing_by_send_date", catalogue), GroundOf(*body)};
  return to;
}

}  // namespace selaras::domain
