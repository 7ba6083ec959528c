#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/log/store.h"
#include "storage/merkle/frontier.h"
#include "storage/rocks/rocks_store.h"

// What crash_writer writes, so that whoever finds the store later knows what must be in it.
namespace selaras::test {

inline constexpr char kCrashNode[] = "bkn";
inline constexpr char kCrashPeer[] = "bawaslu-13";

rocks::OpenOptions CrashOptions(const std::string& directory);

// The entry at a place of a log: nothing but a function of both. Does not compress.
std::string ScriptedEntry(absl::string_view log, std::uint64_t sequence);

// One step of the script: many rows that are not synced, then a batch; now and then a frame of the
// peer's log as well. Where it goes on follows from the store.
absl::StatusOr<log::Appended> WriteStep(log::Store& store);

// What a process was told about the store before it ended.
struct Told {
  std::uint64_t shared = 0;
  std::uint64_t private_ = 0;
  std::uint64_t mirrored = 0;
  std::uint64_t kept = 0;
  std::uint64_t views = 0;  // unsynced rows, as far as a synced write or a start made them durable
  std::string root;         // of the shared log at size `shared`, in hex; may be empty

  // To be said after a start, and after WriteStep().
  static Told About(const log::Store& store);
  std::string Line() const;
  // Takes a line that Line() made. Later ones replace earlier ones.
  void Take(absl::string_view line);
};

// Checks stores that the script was run on. Keeps what it has seen, so every look costs only
// what is new, and history that changes between two looks is noticed.
class CrashAuditor {
 public:
  // Everything that was told is there, batches are whole, entries are the scripted ones, trees
  // and checkpoints follow from them.
  void Check(const log::StoreReader& store, const Told& told);

  std::uint64_t shared_size() const { return shared_.size().value; }

 private:
  merkle::Frontier shared_;
  merkle::Frontier private_;
  merkle::Frontier mirrored_;
};

}  // namespace selaras::test
