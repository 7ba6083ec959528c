#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "storage/audit/inspector.h"
#include "storage/base/status.h"

// The plainest application of a log: an entry is `tag|subject|text`, a request row lists places,
// a state row lists places and joins the texts.
namespace selaras::test {

inline std::string PlacesText(const audit::Places& places) {
  const auto number = [](std::string* out, base::Sequence s) { absl::StrAppend(out, s.value); };
  return absl::StrCat(absl::StrJoin(places.shared, ",", number), ";",
                      absl::StrJoin(places.private_, ",", number));
}

class TextInspector final : public audit::Inspector {
 public:
  std::map<std::string, log::NoteVerifier> verifiers;  // by name of the log

  std::optional<log::NoteVerifier> VerifierOf(absl::string_view name) const override {
    const auto found = verifiers.find(std::string(name));
    return found == verifiers.end() ? std::nullopt : std::optional(found->second);
  }

  std::vector<log::CosignatureVerifier> witnesses;

  std::optional<log::CosignatureVerifier> WitnessOf(absl::string_view name,
                                                    std::uint32_t key_id) const override {
    for (const log::CosignatureVerifier& witness : witnesses) {
      if (witness.name() == name && witness.key_id() == key_id) return witness;
    }
    return std::nullopt;
  }

  absl::StatusOr<audit::EntryMarks> ReadEntry(absl::string_view bytes) const override {
    const std::vector<std::string> parts = absl::StrSplit(bytes, '|');
    if (parts.size() != 3) return absl::DataLossError("not three parts");
    return audit::EntryMarks{parts[0], parts[1]};
  }

  absl::StatusOr<audit::Places> ReadRequest(absl::string_view row) const override {
    return ReadPlaces(row);
  }

  absl::StatusOr<audit::Places> ReadState(absl::string_view row) const override {
    return ReadPlaces(row.substr(0, row.find('=')));
  }

  absl::StatusOr<audit::ComparedState> CompareState(
      absl::string_view, absl::string_view row, const audit::StateSource& source) const override {
    ASSIGN_OR_RETURN(const audit::Places places, ReadState(row));
    std::string fold;
    for (const base::Sequence sequence : places.shared) {
      ASSIGN_OR_RETURN(const audit::StoredEntry entry,
                       source.entry(audit::OwnLog::kShared, sequence));
      fold.append(entry.bytes.substr(entry.bytes.rfind('|') + 1));
    }
    const std::string held(row.substr(row.find('=') + 1));
    if (held == fold) return audit::ComparedState{places, std::nullopt};
    return audit::ComparedState{places, audit::Difference{fold, held}};
  }

 private:
  static absl::StatusOr<audit::Places> ReadPlaces(absl::string_view text) {
    const std::vector<std::string> lists = absl::StrSplit(text, ';');
    if (lists.size() != 2) return absl::DataLossError("not two lists");
    audit::Places places;
    for (int i = 0; i < 2; ++i) {
      for (const absl::string_view number :
           absl::StrSplit(lists[static_cast<std::size_t>(i)], ',', absl::SkipEmpty())) {
        base::Sequence sequence;
        if (!absl::SimpleAtoi(number, &sequence.value)) return absl::DataLossError("no number");
        (i == 0 ? places.shared : places.private_).push_back(sequence);
      }
    }
    return places;
  }
};

}  // namespace selaras::test
