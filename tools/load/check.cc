#include "tools/load/check.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/message_differencer.h>

namespace selaras::load {
namespace {

using Sequences = std::vector<std::uint64_t>;

// What stands in `a` and not in `b`; both ascending.
Sequences Without(const Sequences& a, const Sequences& b) {
  Sequences left;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(left));
  return left;
}

}  // namespace

absl::Status CheckExactly(Sequences acknowledged, Sequences found) {
  std::sort(acknowledged.begin(), acknowledged.end());
  std::sort(found.begin(), found.end());
  const auto twice = std::adjacent_find(acknowledged.begin(), acknowledged.end());
  if (twice != acknowledged.end()) {
    return absl::DataLossError(
        absl::StrCat("two requests were answered with the same entry, ", *twice));
  }
  if (const Sequences lost = Without(acknowledged, found); !lost.empty()) {
    return absl::DataLossError(absl::StrCat(lost.size(),
                                            " acknowledged entries are not in the log, the first "
                                            "is ",
                                            lost.front()));
  }
  if (const Sequences extra = Without(found, acknowledged); !extra.empty()) {
    return absl::DataLossError(
        absl::StrCat(extra.size(), " entries are in the log that no answer named, the first is ",
                     extra.front()));
  }
  return absl::OkStatus();
}

absl::Status CheckSameAnswer(const command::v1::CommandOutcome& first,
                             const command::v1::CommandOutcome& again) {
  if (!again.repeated_request()) {
    return absl::DataLossError("a request that was answered was done once more when repeated");
  }
  // Proofs may be against a later checkpoint.
  command::v1::CommandOutcome expected = first;
  command::v1::CommandOutcome actual = again;
  for (command::v1::CommandOutcome* each : {&expected, &actual}) {
    each->clear_repeated_request();
    each->clear_checkpoint();
    each->clear_receipts();
  }
  if (google::protobuf::util::MessageDifferencer::Equals(expected, actual)) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("a repeated request got another answer: positions ",
                                          expected.positions_size(), " at first, then ",
                                          actual.positions_size()));
}

}  // namespace selaras::load
