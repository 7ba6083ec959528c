#include "services/domain/open_case.h"

#include "services/domain/custody.h"
#include "services/domain/transitions.h"

namespace selaras::domain {

bool IsOpenForPersonnel(const storage::v1::CaseFold& fold) {
  const Custody custody = CustodyOf(fold);
  if (custody.stints.empty()) return false;
  switch (WalkOf(custody, custody.stints.size() - 1).state) {
    case State::kRecommended:
    case State::kReceivedByPpk:
    case State::kSummoned:
    case State::kExamined:
    case State::kDecided:
    case State::kObjected:
    case State::kRespondentMoved:
      return true;
    default:
      return false;
  }
}

}  // namespace selaras::domain
