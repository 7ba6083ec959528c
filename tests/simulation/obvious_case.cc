#include "obvious_case.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace selaras::test {
namespace {

using F = event::v1::Fact;
using google::protobuf::Message;

std::string Show(const Place& place) { return absl::StrCat(place.first, "@", place.second); }

// Replaces the field of that name, which is one of a message of the same type.
void Replace(const std::string& field_name, const Message& from, Message* to) {
  const auto* field = to->GetDescriptor()->FindFieldByName(field_name);
  if (field == nullptr) return;
  to->GetReflection()->ClearField(to, field);
  // What is left of a copy when all other fields are cleared.
  const std::unique_ptr<Message> only(from.New());
  only->CopyFrom(from);
  for (int i = 0; i < only->GetDescriptor()->field_count(); ++i) {
    if (only->GetDescriptor()->field(i) != field) {
      only->GetReflection()->ClearField(only.get(), only->GetDescriptor()->field(i));
    }
  }
  to->MergeFrom(*only);
}

void Correct(const PaperEntry& correcting, ObviousAuthor& author) {
  const auto& correction = correcting.event.fact().fact_corrected();
  for (ObviousFact& stated : author.facts) {
    if (PlaceOf(stated.entry->position) != PlaceOf(correction.position())) continue;
    for (const std::string& path : correction.fields().paths()) {
      if (path == "occurred_at") stated.occurred_at = correction.new_occurred_at();
      Message* to = domain::MutableKindMessage(&stated.fact);
      if (correction.new_fact().kind_case() == stated.fact.kind_case()) {
        Replace(path, *domain::KindMessage(correction.new_fact()), to);
      }
    }
    stated.corrected_by.push_back(PlaceOf(correcting.position));
  }
}

void Note(const google::protobuf::RepeatedPtrField<std::string>& more, ObviousAuthor& author) {
  for (const std::string& party : more) {
    if (std::count(author.parties.begin(), author.parties.end(), party) == 0) {
      author.parties.push_back(party);
    }
  }
}

void Read(const PaperEntry& entry, ObviousAuthor& author) {
  ++author.entries;
  if (entry.event.party_number() > 0) ++author.party_entries;
  const event::v1::Fact& fact = entry.event.fact();
  if (fact.has_fact_corrected()) return Correct(entry, author);
  if (fact.has_fact_voided()) {
    std::erase_if(author.facts, [&](const ObviousFact& stated) {
      return PlaceOf(stated.entry->position) == PlaceOf(fact.fact_voided().position());
    });
    return;
  }
  if (fact.kind_case() == F::KIND_NOT_SET) return;
  Note(fact.case_delegated().parties(), author);
  Note(fact.case_taken_over().parties(), author);
  Note(fact.case_referred().parties(), author);
  Note(fact.sanction_recommended().parties(), author);
  Note(fact.legacy_case_opened().parties(), author);
  author.facts.push_back({&entry, fact, entry.event.occurred_at(), {}});
}

}  // namespace

std::vector<ObviousAuthor> ObviousCaseOf(std::vector<const PaperEntry*> entries,
                                         const std::set<std::string>& whole) {
  std::sort(entries.begin(), entries.end(), [](const PaperEntry* a, const PaperEntry* b) {
    return PlaceOf(a->position) < PlaceOf(b->position);
  });
  std::map<std::pair<domain::Section, std::string>, ObviousAuthor> authors;
  for (const PaperEntry* entry : entries) {
    ObviousAuthor& author = authors[{entry->section, entry->event.author()}];
    author.name = entry->event.author();
    author.section = entry->section;
    const bool gap = entry->event.party_number() != author.party_entries + 1;
    const bool again =
        entry->event.party_number() > 0 && entry->event.party_number() <= author.party_entries;
    if (again || (gap && !whole.contains(entry->position.log()))) continue;
    Read(*entry, author);
  }
  std::vector<ObviousAuthor> list;
  for (auto& [key, author] : authors) {
    if (author.entries > 0) list.push_back(std::move(author));
  }
  return list;
}

std::string DifferenceFrom(const std::vector<ObviousAuthor>& obvious,
                           const domain::CaseFold& fold) {
  if (static_cast<std::size_t>(fold.segments_size()) != obvious.size()) {
    return absl::StrCat("has ", fold.segments_size(), " segments, not ", obvious.size());
  }
  for (std::size_t i = 0; i < obvious.size(); ++i) {
    const auto& segment = fold.segments(static_cast<int>(i));
    const ObviousAuthor& author = obvious[i];
    const std::string of = absl::StrCat("of ", author.name, ": ");
    if (segment.writer() != author.name ||
        segment.section() != static_cast<std::uint32_t>(author.section)) {
      return absl::StrCat(of, "the segment is of ", segment.writer());
    }
    if (segment.revision() != author.entries) return absl::StrCat(of, "another revision");
    if (segment.party_entries() != author.party_entries) {
      return absl::StrCat(of, segment.party_entries(), " party entries, not ",
                          author.party_entries);
    }
    if (!std::equal(author.parties.begin(), author.parties.end(), segment.parties().begin(),
                    segment.parties().end())) {
      return absl::StrCat(of, "other parties");
    }
    if (static_cast<std::size_t>(segment.facts_size()) != author.facts.size()) {
      return absl::StrCat(of, segment.facts_size(), " facts, not ", author.facts.size());
    }
    for (int j = 0; j < segment.facts_size(); ++j) {
      const ObviousFact& stated = author.facts[static_cast<std::size_t>(j)];
      const auto& fact = segment.facts(j);
      const std::string at = absl::StrCat(of, Show(PlaceOf(stated.entry->position)), " ");
      if (PlaceOf(fact.position()) != PlaceOf(stated.entry->position)) {
        return absl::StrCat(at, "is not in its place");
      }
      if (fact.leaf_hash() != stated.entry->leaf_hash.view()) return absl::StrCat(at, "leaf hash");
      if (fact.fact().SerializeAsString() != stated.fact.SerializeAsString() ||
          fact.occurred_at().SerializeAsString() != stated.occurred_at.SerializeAsString()) {
        return absl::StrCat(at, "says something else");
      }
      std::vector<Place> corrected_by;
      for (const auto& position : fact.corrected_by()) corrected_by.push_back(PlaceOf(position));
      if (corrected_by != stated.corrected_by) return absl::StrCat(at, "other corrections");
    }
  }
  return {};
}

}  // namespace selaras::test
