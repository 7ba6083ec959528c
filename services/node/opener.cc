#include "services/node/opener.h"

#include <array>
#include <utility>

#include "services/domain/facts.h"
#include "services/node/rows.h"
#include "services/node/seal.h"
#include "storage/base/status.h"
#include "storage/vault/sealed.h"

namespace selaras::node {

absl::StatusOr<Opened> PlainOpener::OpenWith(const event::v1::Event& event,
                                             const UncommittedKeys* /*uncommitted*/) const {
  Opened opened;
  if (event.has_plain()) opened.part = event.plain();
  opened.pending = event.has_sealed();
  return opened;
}

absl::StatusOr<Opened> SealedOpener::OpenWith(const event::v1::Event& event,
                                              const UncommittedKeys* uncommitted) const {
  if (!event.has_sealed()) return PlainOpener().OpenWith(event, uncommitted);
  const absl::string_view subject = SubjectOf(event);
  bool erased = false;
  // An entry does not say in which of the two logs it stands; its commitment says of which key it
  // is. The likelier one is tried first.
  std::array<std::string, 2> places = {rows::SharedKey(subject, event.author()),
                                       rows::KeptKey(subject, event.author())};
  if (domain::VisibilityOf(event.fact().kind_case()) == domain::Visibility::kPrivate) {
    std::swap(places[0], places[1]);
  }
  for (const std::string& row : places) {
    ASSIGN_OR_RETURN(const FoundKey found, keys_.Look(row, uncommitted));
    erased = erased || found.erased;
    if (!found.key) continue;
    auto part = OpenPart(event, *found.key);
    if (!part.ok()) continue;
    return Opened{.part = *std::move(part), .entry_key = vault::EntryKey(*found.key, event.salt())};
  }
  // Also what an author sealed under another key than it handed out: that must not stop the fold.
  return Opened{.part = std::nullopt, .pending = true, .erased = erased};
}

absl::StatusOr<Opened> OpenedOnce::OpenWith(const event::v1::Event& event,
                                            const UncommittedKeys* uncommitted) const {
  if (uncommitted != nullptr || !event.has_sealed()) return opener_.OpenWith(event, uncommitted);
  std::string bytes = event.SerializeAsString();
  const auto held = opened_.find(bytes);
  if (held != opened_.end()) return held->second;
  ASSIGN_OR_RETURN(Opened opened, opener_.OpenWith(event, uncommitted));
  if (opened.part) opened_.emplace(std::move(bytes), opened);
  return opened;
}

}  // namespace selaras::node
