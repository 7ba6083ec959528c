#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/log/checkpoint.h"
#include "storage/log/log_keys.h"
#include "storage/log/log_reader.h"
#include "storage/merkle/prove.h"

// Evidence that the owner of a log showed two histories: one file that convinces whoever has the
// log's key.
namespace selaras::log {

// A signed checkpoint, and the node that has it from the log's owner.
struct Statement {
  std::string by;
  std::string note;

  friend bool operator==(const Statement&, const Statement&) = default;
};

struct SplitView {
  std::string log;  // name of the log
  Statement held;   // of as many leaves as the other or more
  Statement given;
  std::string reason;  // in words, one line
  // What the held tree has as root at the size of the other, and the proof that it is its own
  // beginning. With equal sizes the root that it states, and no proof.
  base::Digest root;
  merkle::Proof proof;

  friend bool operator==(const SplitView&, const SplitView&) = default;
};

// Of a mirror that covers `given`. INVALID_ARGUMENT if it does not, or if both agree.
absl::StatusOr<SplitView> MakeSplitView(const LogReader& held, absl::string_view held_by,
                                        const SignedCheckpoint& given, absl::string_view given_by,
                                        absl::string_view reason);

// The text of the file.
std::string SplitViewText(const SplitView& view);
// Name of the file.
std::string SplitViewFileName(const SplitView& view);
// Whether a text begins as one does.
bool IsSplitViewText(absl::string_view text);
// INVALID_ARGUMENT if it is none, saying in which line.
absl::StatusOr<SplitView> ParseSplitView(absl::string_view text);

// OK means proven: the key signed both, and no tree can be both. DATA_LOSS otherwise: the file
// proves nothing.
absl::Status VerifySplitView(const SplitView& view, const LogKeys& keys);

}  // namespace selaras::log
