#include "observer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

#include "invariants.h"
#include "services/node/causal_order.h"
#include "storage/base/check.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

// The entries of a node, wherever they came from.
class Entries final : public node::EntrySource {
 public:
  explicit Entries(const std::vector<const PaperEntry*>& entries) {
    for (const PaperEntry* entry : entries) entries_[PlaceOf(entry->position)] = entry;
  }
  absl::StatusOr<event::v1::Event> Event(const event::v1::Position& position) const override {
    const auto found = entries_.find(PlaceOf(position));
    if (found == entries_.end()) return absl::NotFoundError("the entry is not held");
    return found->second->event;
  }

 private:
  std::map<Place, const PaperEntry*> entries_;
};

std::vector<query::v1::TimelineStep> TimelineOf(const std::vector<const PaperEntry*>& entries,
                                                const domain::CaseFold& fold) {
  std::vector<query::v1::TimelineStep> steps;
  for (const PaperEntry* entry : entries) {
    auto& step = steps.emplace_back();
    *step.mutable_position() = entry->position;
    *step.mutable_citations() = entry->event.citations();
    if (entry->event.fact().has_fact_voided()) *step.mutable_fact() = entry->event.fact();
  }
  return node::InCausalOrder(std::move(steps), fold);
}

// Puts those after all others.
template <typename IsLate>
void Delay(std::vector<const PaperEntry*>& entries, IsLate is_late) {
  std::vector<const PaperEntry*> ordered, late;
  for (const PaperEntry* entry : entries) (is_late(*entry) ? late : ordered).push_back(entry);
  ordered.insert(ordered.end(), late.begin(), late.end());
  entries = std::move(ordered);
}

}  // namespace

std::string DescribeStatus(const domain::CaseFold& fold) {
  const domain::Status status = domain::StatusOf(fold);
  std::string text = absl::StrCat(domain::StateName(status.state), ", held by \"", status.holder,
                                  "\", waits for \"", status.waiting_for, "\"");
  if (status.since != nullptr) {
    const auto& since = status.since->position();
    absl::StrAppend(&text, " since ", since.log(), "@", since.sequence());
  }
  return text;
}

Observer::Observer(const PaperOffice& office) : office_(office) {}

domain::CaseFold Observer::Fold() const {
  const bool wrote = !own_.segments().empty();
  return node::Combine(office_.case_id(), wrote ? &own_ : nullptr, others_.view());
}

std::vector<const PaperEntry*> Observer::Order(std::mt19937_64& random) const {
  std::vector<const PaperEntry*> foreign;
  for (const auto& [place, entry] : office_.others().entries()) foreign.push_back(entry);
  switch (Between(random, 0, 3)) {
    case 0:  // as nobody would send it
      std::shuffle(foreign.begin(), foreign.end(), random);
      break;
    case 1:  // the newest first
      std::reverse(foreign.begin(), foreign.end());
      break;
    case 2:  // log by log, and some of it late
      Delay(foreign, [&](const PaperEntry&) { return Between(random, 0, 4) == 0; });
      break;
    default:  // one log after all the others
      if (foreign.empty()) break;
      const std::string late = foreign[Between(random, 0, foreign.size() - 1)]->position.log();
      Delay(foreign, [&](const PaperEntry& entry) { return entry.position.log() == late; });
  }
  std::vector<const PaperEntry*> order;
  auto next = foreign.begin();
  for (const PaperEntry& own : office_.log()) {
    while (next != foreign.end() && Between(random, 0, 2) > 0) order.push_back(*next++);
    order.push_back(&own);
  }
  order.insert(order.end(), next, foreign.end());
  return order;
}

void Observer::Add(const PaperEntry& entry, std::mt19937_64& random, Made& made) {
  here_.push_back(&entry);
  if (entry.position.log() == office_.name()) {
    if (!entry.again) {
      node::Fold(entry.position, entry.leaf_hash, entry.event, domain::Section::kNone, &own_);
    }
    return;
  }
  SELARAS_CHECK(others_.Take(entry));
  if (entry.event.has_plain() && Between(random, 0, 5) == 0) {
    keys_.Miss(entry.event);
    made.Add("entries without their key");
  }
  if (Between(random, 0, 9) > 0) return;
  SELARAS_CHECK(!others_.Take(entry));
  made.Add("entries delivered twice");
}

std::vector<std::string> Observer::Replay(std::mt19937_64& random, Made& made) {
  const auto order = Order(random);
  const std::uint64_t look = Between(random, 0, order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t waited = others_.waiting();
    Add(*order[i], random, made);
    if (others_.waiting() < waited) {
      made.Add("entries that came after later ones of their log",
               static_cast<int>(waited - others_.waiting()));
    }
    if (i != look) continue;
    const domain::CaseFold fold = Fold();
    if (auto broken = BrokenAt(office_, fold, others_); !broken.empty()) return broken;
    if (auto broken = BrokenInTimeline(here_, TimelineOf(here_, fold)); !broken.empty()) {
      return broken;
    }
  }
  // What is missing of the keys changes nothing but what it hides.
  const Seen with_keys = See(node::PlainOpener());
  Seen without = See(keys_);
  if (keys_.AllKeysCome()) made.Add("keys that came late");
  if (with_keys.pending) return {"a key is missing that is here"};
  if (!without.pending && without.respondent != with_keys.respondent) return {"another respondent"};
  without.respondent = with_keys.respondent;
  without.pending = false;
  if (without != with_keys) return {"without keys it is another case"};
  if (others_.waiting() > 0) return {"entries wait for ever"};
  return {};
}

Seen Observer::See(const node::Opener& opener) const {
  const domain::CaseFold fold = Fold();
  Seen seen;
  seen.fold = fold.SerializeAsString();
  seen.status = DescribeStatus(fold);
  seen.parties = domain::PartiesOf(fold);
  seen.contradictions = domain::ContradictionsOf(fold);
  const auto& twice = others_.view().contradictions();
  seen.contradictions.insert(seen.contradictions.end(), twice.begin(), twice.end());
  std::sort(seen.contradictions.begin(), seen.contradictions.end());
  seen.party_digest = domain::PartyDigest(fold);
  for (const auto& step : TimelineOf(here_, fold)) {
    seen.timeline.push_back(PlaceOf(step.position()));
  }
  const auto known = node::RespondentIn(fold, Entries(here_), opener);
  SELARAS_CHECK(known.ok()) << known.status();
  seen.respondent = known->respondent.SerializeAsString();
  seen.pending = known->pending;
  return seen;
}

}  // namespace selaras::test
