#include "services/node/kept_facts.h"

#include "services/domain/fold.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {

absl::StatusOr<storage::v1::SectionFold> FoldKept(const std::string& log,
                                                  const storage::v1::StoredSubject& subject,
                                                  const ReadKept& read) {
  domain::Segments segments;
  for (const std::uint64_t sequence : subject.private_()) {
    ASSIGN_OR_RETURN(const event::v1::Event event, read(sequence));
    event::v1::Position position;
    position.set_log(log);
    position.set_sequence(sequence);
    domain::Evolve(segments, domain::Section::kIntake, position, base::Digest(), event);
  }
  storage::v1::SectionFold kept;
  for (storage::v1::SectionFold& of_author : segments) kept.MergeFrom(of_author);
  return kept;
}

absl::StatusOr<storage::v1::SectionFold> KeptFacts(const log::StoreReader& store,
                                                   const storage::v1::StoredSubject& subject) {
  return FoldKept(store.private_log().name(), subject, [&](std::uint64_t sequence) {
    return ReadEvent(store.private_log(), {sequence});
  });
}

}  // namespace selaras::node
