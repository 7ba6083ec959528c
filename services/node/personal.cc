#include "services/node/personal.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/util/field_mask_util.h>

#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using google::protobuf::util::FieldMaskUtil;

// The paths of a correction that concern the personal part, relative to it.
google::protobuf::FieldMask PersonalPaths(const event::v1::FactCorrected& correction) {
  google::protobuf::FieldMask mask;
  for (absl::string_view path : correction.fields().paths()) {
    if (absl::ConsumePrefix(&path, "personal.") &&
        FieldMaskUtil::IsValidPath<event::v1::PersonalPart>(std::string(path))) {
      mask.add_paths(std::string(path));
    }
  }
  return mask;
}

void SetIfGiven(const std::string& from, std::string* to) {
  if (!from.empty()) *to = from;
}

}  // namespace

absl::StatusOr<event::v1::Event> StoredEntries::Event(const event::v1::Position& position) const {
  for (const log::LogReader* own : {&store_.shared(), &store_.private_log()}) {
    if (own->name() == position.log()) return ReadEvent(*own, {position.sequence()});
  }
  const log::Mirror* mirror = store_.FindMirror(position.log());
  if (mirror != nullptr) return ReadEvent(*mirror, {position.sequence()});
  return absl::NotFoundError(absl::StrCat("no log ", position.log(), " is here"));
}

absl::StatusOr<Opened> PersonalOf(const storage::v1::EffectiveFact& fact,
                                  const EntrySource& entries, const Opener& opener) {
  ASSIGN_OR_RETURN(const event::v1::Event original, entries.Event(fact.position()));
  ASSIGN_OR_RETURN(Opened opened, opener.Open(original));
  for (const event::v1::Position& place : fact.corrected_by()) {
    ASSIGN_OR_RETURN(const event::v1::Event correcting, entries.Event(place));
    const auto mask = PersonalPaths(correcting.fact().fact_corrected());
    if (mask.paths().empty()) continue;
    ASSIGN_OR_RETURN(const Opened newer, opener.Open(correcting));
    opened.pending = opened.pending || newer.pending;
    if (!newer.part) continue;
    if (!opened.part) opened.part.emplace();
    FieldMaskUtil::MergeOptions replace;
    replace.set_replace_message_fields(true);
    replace.set_replace_repeated_fields(true);
    FieldMaskUtil::MergeMessageTo(*newer.part, mask, replace, &*opened.part);
  }
  return opened;
}

absl::StatusOr<KnownRespondent> RespondentIn(const domain::CaseFold& fold,
                                             const EntrySource& entries, const Opener& opener) {
  KnownRespondent known;
  std::vector<const storage::v1::EffectiveFact*> facts;
  for (const domain::Stint& stint : domain::CustodyOf(fold).stints) {
    for (int i = stint.begin; i < stint.end; ++i) facts.push_back(&stint.segment->facts(i));
  }
  for (const storage::v1::EffectiveFact* fact : facts) {
    ASSIGN_OR_RETURN(const Opened opened, PersonalOf(*fact, entries, opener));
    known.pending = known.pending || opened.pending;
    if (!opened.part || !opened.part->has_respondent()) continue;
    const auto& given = opened.part->respondent();
    SetIfGiven(given.name(), known.respondent.mutable_name());
    const std::string& before = known.respondent.nip();
    if (fact->fact().has_respondent_renumbered() && !before.empty() && before != given.nip()) {
      known.earlier_nips.push_back(before);
    }
    SetIfGiven(given.nip(), known.respondent.mutable_nip());
    SetIfGiven(given.nik(), known.respondent.mutable_nik());
    SetIfGiven(given.position_title(), known.respondent.mutable_position_title());
    SetIfGiven(given.agency(), known.respondent.mutable_agency());
  }
  return known;
}

}  // namespace selaras::node
