#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/command/v1/command.pb.h"

#include "services/domain/decide.h"
#include "services/node/keys.h"
#include "services/node/transaction.h"
#include "storage/log/store.h"

// The question whether a person has an open case (Q11): answered with yes or no, and recorded.
namespace selaras::node {

// Answers for the calling authority: of cases to which it is no party nothing is said. The record
// goes to the private log, under a case id that stands for the person and for no case.
absl::StatusOr<domain::Decision> DecideCheckOpenCases(const command::v1::CheckOpenCases& command,
                                                      const Transaction& transaction,
                                                      const log::StoreReader& store,
                                                      const NodeKeys& keys,
                                                      const domain::Call& call);

// The NIP or NI PPPK that somebody asks about: which of the two it is, he does not say.
absl::StatusOr<std::string> ReadAskedNip(absl::string_view nip);

// The id under which the questions about a person are kept: it stands for the person and for no
// case.
std::string IdOfQuestions(const NodeKeys& keys, absl::string_view nip);

// Whether a request asks such a question: it stands alone, in no batch.
bool IsQuestion(const google::protobuf::Message& body);

// Refuses validate_only: nobody asks without a record.
absl::Status CheckIsRecorded(const command::v1::CommandHeader& header);

// How often an authority may ask: a full minute's worth at once, then evenly. Remembers nothing
// across restarts. Not thread-safe.
class QuestionLimit {
 public:
  explicit QuestionLimit(int per_minute) : per_minute_(per_minute) {}

  // Counts a question. RESOURCE_EXHAUSTED if there were too many.
  absl::Status Take(const std::string& authority, absl::Time now);

 private:
  struct Bucket {
    double left;
    absl::Time at;
  };

  const int per_minute_;
  std::map<std::string, Bucket> buckets_;  // by authority of the node: few
};

}  // namespace selaras::node
