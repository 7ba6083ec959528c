// How a case is shown: the parts of CaseReader that fill answers.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/domain/conflict.h"
#include "services/domain/decide_common.h"
#include "services/domain/erasure.h"
#include "services/domain/intake_facts.h"
#include "services/domain/marks.h"
#include "services/domain/notice.h"
#include "services/domain/transitions.h"
#include "services/node/case_facts.h"
#include "services/node/case_reader.h"
#include "services/node/kept_facts.h"
#include "services/node/link_rows.h"
#include "services/node/report_facts.h"
#include "services/node/rows.h"
#include "services/node/subject_keys.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using F = event::v1::Fact;
using domain::LastFact;
using domain::Section;

// The node's own log or the mirror of that name.
const log::LogReader* LogNamed(const log::StoreReader& store, absl::string_view name) {
  if (store.shared().name() == name) return &store.shared();
  return store.FindMirror(name);
}

// Where the act stands in its election, as an opening or a referral states it.
template <typename Opening>
void FillPlacement(const Opening& opening, query::v1::Case* out) {
  out->set_contest(opening.contest());
  out->set_stage(opening.stage());
  out->set_calendar_phase(opening.calendar_phase());
  out->set_phase_override(opening.phase_override());
}

// The marks of one fact, each once in the case, with the reason that was given.
void AddMarks(const storage::v1::EffectiveFact& fact, const domain::Marks& marks,
              absl::string_view departure, query::v1::Case* out) {
  for (const event::v1::Mark& mark : marks) {
    const bool explained = absl::StartsWith(mark.code(), "SANCTION_") ||
                           mark.code() == "APPEAL_ROUTE" || mark.code() == "PPK_NO_SUCCESSOR";
    const absl::string_view reason = mark.code() == "PPK_FLAGGED"
                                         ? fact.fact().sanction_recommended().conflict_departure()
                                     : explained ? departure
                                                 : "";
    const bool shown = std::any_of(
        out->marks().begin(), out->marks().end(), [&](const query::v1::CaseMark& earlier) {
          return earlier.code() == mark.code() && earlier.rule() == mark.rule() &&
                 earlier.about() == mark.about() && earlier.reason() == reason;
        });
    if (shown) continue;
    query::v1::CaseMark* added = out->add_marks();
    added->set_code(mark.code());
    added->set_rule(mark.rule());
    added->set_about(mark.about());
    added->set_text(std::string(domain::MarkText(mark.code())));
    added->set_reason(std::string(reason));
    *added->mutable_position() = fact.position();
    added->set_fact_name(std::string(domain::FactName(fact.fact().kind_case())));
  }
}

void FillMarks(const domain::CaseFold& fold, query::v1::Case* out) {
  const domain::Custody custody = domain::CustodyOf(fold);
  for (const auto& segment : fold.segments()) {
    if (!domain::IsKnown(custody, segment)) continue;
    for (const auto& fact : segment.facts()) {
      const event::v1::Fact& states = fact.fact();
      switch (states.kind_case()) {
        case F::kRespondentNamed:
          AddMarks(fact, states.respondent_named().marks(), "", out);
          break;
        case F::kCaseConcluded:
          AddMarks(fact, states.case_concluded().marks(), "", out);
          break;
        case F::kCaseReferred:
          AddMarks(fact, states.case_referred().marks(), "", out);
          break;
        case F::kLegacyCaseOpened:
          AddMarks(fact, states.legacy_case_opened().marks(), "", out);
          break;
        case F::kSanctionRecommended:
          AddMarks(fact, states.sanction_recommended().marks(),
                   states.sanction_recommended().departure(), out);
          break;
        case F::kSanctionDecided:
          AddMarks(fact, states.sanction_decided().marks(), states.sanction_decided().departure(),
                   out);
          break;
        case F::kObjectionFiled:
          AddMarks(fact, states.objection_filed().marks(), states.objection_filed().departure(),
                   out);
          break;
        case F::kObjectionDecided:
          AddMarks(fact, states.objection_decided().marks(), "", out);
          break;
        default:
          break;
      }
    }
  }
  for (query::v1::CaseMark& mark : *out->mutable_marks()) {
    if (mark.code() == "PHASE_OVERRIDDEN") mark.set_reason(out->phase_override());
  }
}

bool IsShown(const query::v1::Case& shown, absl::string_view authority, absl::string_view by) {
  return std::any_of(shown.conflicts().begin(), shown.conflicts().end(),
                     [&](const query::v1::FlaggedConflict& earlier) {
                       return earlier.authority() == authority && earlier.flagged_by() == by;
                     });
}

// What the office that refers told of its flags: which PPK, not why.
void FillToldConflicts(const domain::CaseFold& fold, query::v1::Case* out) {
  const auto* referred = LastFact(fold, domain::Section::kIntake, F::kCaseReferred);
  if (referred == nullptr) return;
  for (const event::v1::Mark& mark : referred->fact().case_referred().marks()) {
    if (mark.code() != domain::kFlagTold || IsShown(*out, mark.about(), referred->author())) {
      continue;
    }
    query::v1::FlaggedConflict* flagged = out->add_conflicts();
    flagged->set_authority(mark.about());
    *flagged->mutable_position() = referred->position();
    flagged->set_flagged_by(referred->author());
  }
}

void FillStep(const storage::v1::EffectiveFact& fact, const std::string& code,
              query::v1::ErasureStep* out) {
  out->set_code(code);
  out->set_by(fact.author());
  *out->mutable_position() = fact.position();
  if (fact.has_occurred_at()) *out->mutable_occurred_at() = fact.occurred_at();
}

void FillErasure(const domain::CaseFold& fold, domain::Section section, query::v1::Case* out) {
  const domain::Erasure erasure = domain::ErasureOf(fold, section);
  if (erasure.holds.empty() && erasure.orders.empty() && erasure.erased.empty()) return;
  query::v1::Erasure* shown = out->mutable_erasure();
  for (const auto* hold : erasure.holds) {
    FillStep(*hold, hold->fact().legal_hold_placed().matter(), shown->add_holds());
  }
  for (const auto* order : erasure.orders) {
    FillStep(*order, order->fact().erasure_ordered().ground(), shown->add_orders());
  }
  for (const auto* erased : erasure.erased) FillStep(*erased, "", shown->add_erased());
  for (const auto* consent : erasure.consents) shown->add_consented(consent->author());
  shown->mutable_missing()->Assign(erasure.missing.begin(), erasure.missing.end());
  shown->mutable_refused()->Assign(erasure.refused.begin(), erasure.refused.end());
}

// Flags are facts of the office that raised them, so they are here only on its node.
void FillConflicts(const domain::CaseFold& fold, query::v1::Case* out) {
  std::optional<domain::Custody> custody;  // most cases have no flag
  for (const auto& segment : fold.segments()) {
    for (const auto& fact : segment.facts()) {
      if (!fact.fact().has_conflict_flagged()) continue;
      if (!custody) custody = domain::CustodyOf(fold);
      if (!domain::IsKnown(*custody, segment)) break;
      query::v1::FlaggedConflict* flagged = out->add_conflicts();
      flagged->set_authority(fact.fact().conflict_flagged().authority());
      flagged->set_reason(fact.fact().conflict_flagged().reason());
      if (fact.has_occurred_at()) *flagged->mutable_occurred_at() = fact.occurred_at();
      *flagged->mutable_position() = fact.position();
      flagged->set_flagged_by(fact.author());
    }
  }
}

// What a case states of itself where it begins for recipients: a CaseReferred or LegacyCaseOpened.
template <typename Opening>
void FillFromOpening(const Opening& referred, query::v1::Case* out) {
  out->set_election(referred.election());
  out->set_phase(referred.phase());
  out->set_incident_on(referred.incident_on());
  out->set_agency_region(referred.agency_region());
  out->set_employment_status(referred.employment_status());
  out->set_position_kind(referred.position_kind());
  out->set_rank(referred.rank());
  out->set_role(referred.role());
  FillPlacement(referred, out);
  out->set_identified(true);
  *out->mutable_violations_found() = referred.violations_found();
}

void FillFromNaming(const event::v1::RespondentNamed& named, query::v1::Case* out) {
  out->set_election(named.election());
  out->set_phase(named.phase());
  out->set_incident_on(named.incident_on());
  out->set_agency_region(named.agency_region());
  out->set_employment_status(named.employment_status());
  out->set_position_kind(named.position_kind());
  out->set_rank(named.rank());
  out->set_role(named.role());
  FillPlacement(named, out);
  out->set_identified(named.identified());
  *out->mutable_violations_alleged() = named.violations_alleged();
}

void FillFromNotice(const event::v1::ViolationNoticed& noticed, query::v1::Case* out) {
  out->set_election(noticed.election());
  out->set_incident_on(noticed.incident_on());
  out->set_agency_region(noticed.agency_region());
  out->set_employment_status(noticed.employment_status());
  out->set_position_kind(noticed.position_kind());
  out->set_rank(noticed.rank());
  *out->mutable_violations_alleged() = noticed.violations_alleged();
}

}  // namespace

query::v1::Case CaseReader::FromFacts(const Known& known) const {
  query::v1::Case out;
  out.set_case_id(known.fold.case_id());
  FillFromFacts(known.fold, &out);
  out.set_public_status(PublicStatusOf(known.fold, *directory_.catalogue()));
  return out;
}

absl::StatusOr<query::v1::Case> CaseReader::ToCase(const Known& known, query::v1::Case out) const {
  FillStatus(known, &out);
  FillErasure(known.fold, section_, &out);
  if (out.has_erasure()) {
    ASSIGN_OR_RETURN(const bool destroyed, AllKeysDestroyed(out.case_id()));
    out.mutable_erasure()->set_keys_destroyed(destroyed);
  }
  RETURN_IF_ERROR(FillOffice(known, &out));
  RETURN_IF_ERROR(FillPersonal(known, &out));
  RETURN_IF_ERROR(FillSections(known, &out));
  RETURN_IF_ERROR(FillArrivals(known, &out));
  return out;
}

absl::StatusOr<bool> CaseReader::AllKeysDestroyed(absl::string_view case_id) const {
  bool any = false;
  bool all = true;
  for (const std::string& prefix : {rows::SharedKeyPrefix(case_id), rows::KeptKeyPrefix(case_id)}) {
    RETURN_IF_ERROR(store_.Scan(log::Table::kSecret, prefix, prefix,
                                [&](absl::string_view, absl::string_view value) {
                                  any = true;
                                  all = all && value == kErasedKey;
                                  return all;
                                }));
  }
  return any && all;
}

void FillFromFacts(const domain::CaseFold& fold, query::v1::Case* out) {
  const domain::Status status = domain::StatusOf(fold);
  out->set_state(static_cast<query::v1::CaseState>(status.state));
  out->set_holder(status.holder);
  out->set_waiting_for(status.waiting_for);
  if (status.since != nullptr && status.since->has_occurred_at()) {
    *out->mutable_since() = status.since->occurred_at();
  }
  for (const std::string& party : domain::PartiesOf(fold)) out->add_parties(party);
  if (const auto* noticed = domain::NoticeOf(fold)) FillFromNotice(*noticed, out);
  if (const auto* opened = LastFact(fold, Section::kReferral, F::kLegacyCaseOpened)) {
    FillFromOpening(opened->fact().legacy_case_opened(), out);
  }
  // What a delegation restates is older than the referral that followed it.
  const auto* own_naming = LastFact(fold, Section::kIntake, F::kRespondentNamed);
  const auto* restated = own_naming == nullptr ? domain::NamingOf(fold) : nullptr;
  if (restated != nullptr) FillFromNaming(*restated, out);
  if (const auto* referred = LastFact(fold, Section::kIntake, F::kCaseReferred)) {
    FillFromOpening(referred->fact().case_referred(), out);
  }
  if (own_naming != nullptr) FillFromNaming(own_naming->fact().respondent_named(), out);
  if (const auto* identified = LastFact(fold, Section::kIntake, F::kRespondentIdentified)) {
    out->set_identified(true);
    out->set_employment_status(identified->fact().respondent_identified().employment_status());
  }
  if (const auto concluded = domain::ConclusionOf(fold)) {
    *out->mutable_violations_found() = concluded->violations_found();
  }
  if (const auto* recommended = LastFact(fold, Section::kReferral, F::kSanctionRecommended)) {
    out->set_sanction_recommended(recommended->fact().sanction_recommended().sanction());
    out->set_violation_recommended(recommended->fact().sanction_recommended().violation());
  }
  if (const auto* decided = LastFact(fold, Section::kSanction, F::kSanctionDecided)) {
    out->set_sanction_imposed(decided->fact().sanction_decided().sanction());
    if (decided->fact().sanction_decided().has_signed_by()) {
      *out->mutable_signed_by() = decided->fact().sanction_decided().signed_by();
    }
  }
  if (const auto* changed = LastFact(fold, Section::kSanction, F::kObjectionDecided)) {
    const std::string& sanction = changed->fact().objection_decided().sanction();
    if (!sanction.empty()) out->set_sanction_imposed(sanction);
  }
  FillMarks(fold, out);
  FillConflicts(fold, out);
  FillToldConflicts(fold, out);
  for (const auto& fact : domain::SectionIn(fold, Section::kSanction).facts()) {
    if (fact.fact().has_blocker_recorded()) {
      out->add_blockers(fact.fact().blocker_recorded().blocker());
    }
    if (fact.fact().has_objection_filed()) out->set_objected(true);
  }
}

std::string PublicStatusOf(const domain::CaseFold& fold, const reference::Catalogue& catalogue) {
  const domain::Status status = domain::StatusOf(fold);
  std::string reason;
  if (status.since != nullptr) {
    const event::v1::Fact& fact = status.since->fact();
    if (fact.has_case_dismissed()) reason = fact.case_dismissed().reason();
    if (fact.has_case_closed()) reason = fact.case_closed().reason();
  }
  const auto* row = catalogue.FindSbtState(domain::StateName(status.state), reason);
  return row == nullptr ? "" : row->status;
}

void CaseReader::FillStatus(const Known& known, query::v1::Case* out) const {
  const domain::CaseFold& fold = known.fold;
  const auto is_own = [this](const std::string& authority) {
    return directory_.Serves(directory_.own(), authority);
  };
  for (std::string& command :
       known.moment ? std::vector<std::string>()
                    : domain::AllowedNow(fold, section_, is_own, *directory_.catalogue())) {
    out->add_allowed_commands(std::move(command));
  }
  if (const base::Digest digest = domain::PartyDigest(fold); digest != base::Digest()) {
    out->set_party_digest(base::HexEncode(digest.view()));
  }
  for (std::string& contradiction : domain::ContradictionsOf(fold)) {
    out->add_contradictions(std::move(contradiction));
  }
  for (const std::string& contradiction : known.view.contradictions()) {
    out->add_contradictions(contradiction);
  }
  out->set_revision(known.view.cursor());
  for (query::v1::AwaitedPart& part : AwaitedIn(known)) *out->add_awaits() = std::move(part);
}

std::vector<query::v1::AwaitedPart> CaseReader::AwaitedIn(const Known& known) const {
  std::vector<query::v1::AwaitedPart> parts;
  const auto add = [&](const std::string& log, const std::string& needed_by) {
    query::v1::AwaitedPart& part = parts.emplace_back();
    part.set_log(log);
    part.set_needed_by(needed_by);
    if (const PeerNode* peer = directory_.FindPeer(log); peer != nullptr) {
      part.mutable_authorities()->Assign(peer->authorities.begin(), peer->authorities.end());
    }
    return &part;
  };
  for (const domain::SetAside& stint : domain::CustodyOf(known.fold).set_aside) {
    *add(stint.answers.log(), stint.segment->writer())->mutable_position() = stint.answers;
  }
  std::set<std::string> with_gaps;
  for (const event::v1::Position& position : known.view.pending()) {
    if (with_gaps.insert(position.log()).second) add(position.log(), "");
  }
  return parts;
}

// What only the node of the report's office knows: the private log and the report.
absl::Status CaseReader::FillOffice(const Known& known, query::v1::Case* out) const {
  if (section_ != Section::kIntake || !known.own) return absl::OkStatus();
  out->set_report_id(known.own->report_id());
  ASSIGN_OR_RETURN(const auto of_case, KeptFacts(store_, *known.own));
  for (const storage::v1::EffectiveFact& fact : of_case.facts()) {
    ASSIGN_OR_RETURN(const Opened opened, PersonalOf(fact, *this, opener_));
    if (opened.part) out->mutable_references()->MergeFrom(opened.part->references());
    if (!fact.fact().has_case_details_recorded()) continue;
    *out->mutable_details() = fact.position();
    *out->mutable_motives() = fact.fact().case_details_recorded().motives();
  }
  ASSIGN_OR_RETURN(auto report, LoadSubject(store_, rows::ReportState(known.own->report_id())));
  if (!report) return absl::OkStatus();
  if (known.moment) {
    ASSIGN_OR_RETURN(report, SubjectThen(store_, *report, *known.moment));
  }
  ASSIGN_OR_RETURN(const auto of_report, KeptFacts(store_, *report));
  for (const storage::v1::EffectiveFact& fact : of_report.facts()) {
    if (fact.fact().has_report_details_recorded()) {
      out->set_source(fact.fact().report_details_recorded().source());
    }
    ASSIGN_OR_RETURN(const Opened opened, PersonalOf(fact, *this, opener_));
    if (!opened.part) continue;
    for (const auto& reference : opened.part->references()) {
      if (reference.kind() == event::v1::REFERENCE_KIND_REGISTER) {
        out->set_register_number(reference.raw());
      } else {
        *out->add_references() = reference;
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CaseReader::FillPersonal(const Known& known, query::v1::Case* out) const {
  ASSIGN_OR_RETURN(KnownRespondent respondent, RespondentIn(known.fold, *this, opener_));
  bool pending = respondent.pending;
  *out->mutable_respondent() = std::move(respondent.respondent);
  for (std::string& nip : respondent.earlier_nips) out->add_earlier_nips(std::move(nip));
  // The open part of a notice does not say so.
  if (domain::NoticeOf(known.fold) != nullptr) {
    out->set_identified(!out->respondent().nip().empty());
  }
  const domain::Custody custody = domain::CustodyOf(known.fold);
  for (const auto& segment : known.fold.segments()) {
    if (!domain::IsKnown(custody, segment)) continue;
    for (const auto& fact : segment.facts()) {
      ASSIGN_OR_RETURN(const Opened opened, PersonalOf(fact, *this, opener_));
      pending = pending || opened.pending;
      if (!opened.part) continue;
      for (const auto& reference : opened.part->references()) *out->add_references() = reference;
    }
  }
  out->set_personal(out->erasure().keys_destroyed() ? query::v1::PERSONAL_STATE_ERASED
                    : pending                       ? query::v1::PERSONAL_STATE_PENDING
                                                    : query::v1::PERSONAL_STATE_OPEN);
  return absl::OkStatus();
}

absl::Status CaseReader::FillSections(const Known& known, query::v1::Case* out) const {
  for (const storage::v1::SectionFold& segment : known.fold.segments()) {
    if (segment.facts().empty()) continue;
    auto* shown = out->add_sections();
    shown->set_name(std::string(domain::SectionName(static_cast<Section>(segment.section()))));
    shown->set_writer(segment.writer());
    shown->set_revision(segment.revision());
    shown->set_log(segment.last().log());
    if (const auto* log = LogNamed(store_, shown->log()); log != nullptr && !known.moment) {
      shown->set_verified_size(log->size().value);
    }
    if (shown->log() == store_.shared().name()) continue;
    ASSIGN_OR_RETURN(const auto link, LoadLink(store_, shown->log()));
    if (link.has_verified_at() && !known.moment) {
      *shown->mutable_verified_at() = link.verified_at();
    }
    shown->set_incomplete(std::any_of(
        known.view.pending().begin(), known.view.pending().end(),
        [&](const event::v1::Position& position) { return position.log() == shown->log(); }));
  }
  return absl::OkStatus();
}

absl::Status CaseReader::FillArrivals(const Known& known, query::v1::Case* out) const {
  if (!known.own || known.moment) return absl::OkStatus();
  for (const PeerNode* peer : directory_.PeersServing(domain::PartiesOf(known.fold))) {
    const StoredDisclosures disclosures(store_, peer->node);
    ASSIGN_OR_RETURN(const auto link, LoadLink(store_, peer->node));
    for (const auto& segment : known.own->segments()) {
      for (const auto& fact : segment.facts()) {
        if (fact.party_number() == 0) continue;
        ASSIGN_OR_RETURN(const auto index, disclosures.IndexOf({fact.position().sequence()}));
        if (!index) continue;
        auto* arrival = out->add_arrivals();
        arrival->set_peer(peer->node);
        *arrival->mutable_position() = fact.position();
        arrival->set_arrived(*index < link.arrived_disclosed());
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CaseReader::Facts> CaseReader::FactsOf(absl::string_view case_id,
                                                      const Viewer& viewer) const {
  ASSIGN_OR_RETURN(const Known known, Find(case_id, viewer));
  return FactsOf(known, viewer);
}

absl::StatusOr<CaseReader::Facts> CaseReader::FactsOf(const Known& known,
                                                      const Viewer& viewer) const {
  Facts facts{known.fold, {}};
  if (section_ != Section::kIntake || !known.own) return facts;
  ASSIGN_OR_RETURN(const auto report,
                   LoadSubject(store_, rows::ReportState(known.own->report_id())));
  if (!report) return facts;
  const auto* opening = OpeningOf(*report);
  if (opening == nullptr) return facts;
  if (!viewer.everything && !viewer.authorities.contains(opening->author())) return facts;
  ASSIGN_OR_RETURN(facts.report, ReportFacts(store_, *report));
  return facts;
}

}  // namespace selaras::node
