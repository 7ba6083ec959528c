#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/log/checkpoint.h"
#include "storage/log/cosignature.h"
#include "storage/log/log_keys.h"
#include "storage/log/note.h"

namespace selaras::log {

// A checkpoint that a policy accepts.
struct Accepted {
  SignedCheckpoint checkpoint;
  std::map<std::string, absl::Time> cosigned;  // by name of the witness in the policy
};

// C2SP tlog-policy: which logs are known, and whose cosignatures it takes to believe one.
//
// C2SP knows no key that is good up to some size. Ours does, with a line of its own that other
// readers refuse, and with it the whole policy, rather than believe such a key for every size:
//
//   past-log <key> <size>   a key with which a log signs no more; believed for trees of up to so
//                           many leaves, also if the log itself says that it was good for more
class Policy {
 public:
  // INVALID_ARGUMENT if it is none, saying in which line.
  static absl::StatusOr<Policy> Parse(absl::string_view text);
  // Of one log, whose own signature is enough: `log <key>`, `quorum none`.
  static Policy OfLog(NoteVerifier log);

  // Replaces what is known of each log's keys, e.g. by what they were followed by: a key is then
  // believed up to where it was closed.
  void ReplaceKeys(const std::function<LogKeys(const LogKeys&)>& known);

  // Whether it names the log with this key.
  bool Knows(const NoteVerifier& log) const;

  // The checkpoint of a note, if one of the logs signed it and the quorum cosigned it. Fails
  // closed: DATA_LOSS if no log did, or if too few witnesses did, saying what is with the others
  // (one whose cosignature is wrong counts as one that gave none). INVALID_ARGUMENT if it is no
  // note of a checkpoint.
  absl::StatusOr<Accepted> Open(absl::string_view note) const;

  // Who of its witnesses cosigned the note, by name in the policy, whether they are enough or not.
  // Errors as of Open, but for the quorum.
  absl::StatusOr<std::map<std::string, CosignatureTimes>> Cosigned(absl::string_view note) const;

 private:
  struct PastLog {
    NoteVerifier key;
    base::TreeSize last;
  };
  struct Group {
    std::size_t needed = 0;
    std::vector<std::string> members;
  };
  class Parser;

  Policy() = default;
  // The checkpoint of a note, if one of the logs signed it.
  absl::StatusOr<SignedCheckpoint> OpenByLog(absl::string_view note) const;
  bool IsPast(const NoteVerifier& key) const;
  // Whether a witness or group is among those who cosigned.
  bool IsMet(const std::string& name, const std::map<std::string, absl::Time>& cosigned) const;

  std::vector<LogKeys> logs_;
  std::vector<PastLog> past_logs_;
  std::map<std::string, CosignatureVerifier> witnesses_;
  std::map<std::string, Group> groups_;
  std::string quorum_;  // empty: none is needed
};

}  // namespace selaras::log
