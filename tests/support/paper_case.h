#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/event.pb.h"

#include "services/domain/decide.h"
#include "services/domain/fold.h"

namespace selaras::test {

// A case whose entries stand on paper instead of in logs: what rules are tested with.
class PaperCase {
 public:
  struct Entry {
    domain::Section section;
    event::v1::Position position;
    base::Digest leaf_hash;
    event::v1::Event event;
  };

  const std::string& id() const { return id_; }
  const domain::CaseFold& fold() const { return fold_; }
  const std::vector<Entry>& entries() const { return entries_; }
  // The same entries, each log in its order, but the last section first.
  std::vector<Entry> EntriesBackwards() const;
  // The first segment of a section, whether or not it stands.
  const storage::v1::SectionFold& section(domain::Section section) const;
  domain::State StateIn(domain::Section section) const;

  // Writes what a decision leads to into the section's log and folds it. Private drafts are left
  // out, as they are from the fold of every node.
  void Write(domain::Section section, absl::string_view author, const domain::Decision& decision);
  // Writes a fact as it is. One that acknowledges cites what is under way.
  void Write(domain::Section section, absl::string_view author, event::v1::Fact fact,
             domain::Visibility visibility = domain::Visibility::kParty);

  // Position of the section's newest effective fact.
  const event::v1::Position& Newest(domain::Section section) const;

 private:
  void WriteDraft(domain::Section section, absl::string_view author, const domain::Draft& draft);

  std::string id_ = "8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11";
  domain::CaseFold fold_;
  std::vector<Entry> entries_;
};

// The fold of these entries in the order in which they stand.
domain::CaseFold FoldOf(absl::string_view case_id, const std::vector<PaperCase::Entry>& entries);

}  // namespace selaras::test
