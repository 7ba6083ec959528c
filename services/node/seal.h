#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/event.pb.h"

// Personal parts of entries, sealed: FORMAT.md, "Sealed parts".
namespace selaras::node {

// The report or case that the entry is about; empty for what is about the log itself.
absl::string_view SubjectOf(const event::v1::Event& event);

// Seals the part into the entry, whose salt, author, subject and kind of fact are set: they cannot
// be changed afterwards. The key is that of the author and subject.
void SealPart(absl::string_view subject_key, const event::v1::PersonalPart& part,
              event::v1::Event* event);

// DATA_LOSS if the part was not sealed into this entry under this key.
absl::StatusOr<event::v1::PersonalPart> OpenPart(const event::v1::Event& event,
                                                 absl::string_view subject_key);
// The same with the key of this entry alone, as a proof of a case discloses it.
absl::StatusOr<event::v1::PersonalPart> OpenPartAlone(const event::v1::Event& event,
                                                      absl::string_view entry_key);

}  // namespace selaras::node
