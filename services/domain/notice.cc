#include "services/domain/notice.h"

#include <algorithm>

#include "services/domain/custody.h"

namespace selaras::domain {
namespace {

using storage::v1::SectionFold;

const event::v1::ViolationNoticed* NoticeIn(const Custody& custody) {
  if (custody.stints.empty()) return nullptr;
  const Stint& opening = custody.stints.front();
  const auto& first = opening.segment->facts(opening.begin).fact();
  return first.has_violation_noticed() ? &first.violation_noticed() : nullptr;
}

// Whether the segment can be left of a notice that was taken back: a PPK writes in no other case
// before somebody else does, and an office only what it received.
bool MayBeLeft(const SectionFold& segment) {
  switch (static_cast<Section>(segment.section())) {
    case Section::kSanction:
      return NothingStands(segment);
    case Section::kIntake:
      return !segment.facts().empty() && segment.facts(0).fact().has_notice_received();
    default:
      return false;
  }
}

}  // namespace

const event::v1::ViolationNoticed* NoticeOf(const CaseFold& fold) {
  return NoticeIn(CustodyOf(fold));
}

bool IsNotice(const CaseFold& fold) {
  const Custody custody = CustodyOf(fold);
  if (!custody.stints.empty()) return NoticeIn(custody) != nullptr;
  const auto& segments = fold.segments();
  return !segments.empty() && std::all_of(segments.begin(), segments.end(), MayBeLeft);
}

bool HasReceivedNotice(const CaseFold& fold, absl::string_view office) {
  const Custody custody = CustodyOf(fold);
  return NoticeIn(custody) != nullptr && custody.stints.size() > 1 &&
         custody.stints.back().segment->writer() == office;
}

}  // namespace selaras::domain
