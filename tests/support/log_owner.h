#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/log/checkpoint.h"
#include "storage/log/succession.h"

namespace selaras::test {

// A peer that writes a log and states checkpoints of it: true ones, and whatever a test wants.
class LogOwner {
 public:
  explicit LogOwner(const std::string& log);

  // Appends entries `<prefix>0`, `<prefix>1`, …
  void Append(std::size_t count, const std::string& prefix = "entry ");
  // Forgets everything from `size` on, as if restored from an old backup.
  void Truncate(std::uint64_t size);

  // Closes the key so far at `size` and signs with another one, made from `seed`. Gives the note
  // that closes it.
  std::string ReplaceKey(char seed, std::uint64_t size);
  std::string ReplaceKey(char seed) { return ReplaceKey(seed, size()); }

  // Closes the log at `size`, forgets what lies beyond, and goes on in its successor by another
  // key, made from `seed`. Gives the statement.
  log::Succession Succeed(char seed, std::uint64_t size);

  log::NoteVerifier verifier() const { return signer_.verifier(); }
  std::uint64_t size() const { return entries_.size(); }
  const std::vector<std::string>& entries() const { return entries_; }
  // Hashes of the leaves [from, to).
  std::vector<base::Digest> Leaves(std::uint64_t from, std::uint64_t to) const;
  base::Digest Root(std::uint64_t size) const;
  // The signed checkpoint of the first `size` leaves.
  std::string Note(std::uint64_t size) const;
  std::string Note() const { return Note(size()); }
  // Signed, though it is not true.
  std::string FalseNote(std::uint64_t size, const base::Digest& root) const;

 private:
  log::NoteSigner signer_;
  std::vector<log::Succession::Past> past_;
  std::vector<std::string> entries_;
};

}  // namespace selaras::test
