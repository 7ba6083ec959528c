#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "services/link/attachments.h"

namespace selaras::link {

// The documents of a node, by the entries that add them, and what its session did with them.
class MemoryAttachments final : public Attachments {
 public:
  using Document = std::vector<std::string>;  // its chunks

  absl::StatusOr<std::optional<Chunk>> Wanted() override {
    ++looks;
    if (!wanted_trouble.ok()) return wanted_trouble;
    return Next();
  }

  absl::Status Keep(const Chunk& chunk, absl::string_view data) override {
    ++keeps;
    if (!keep_trouble.ok()) return keep_trouble;
    if (Next() == chunk) kept[chunk.entry].emplace_back(data);
    return absl::OkStatus();
  }

  // What is wanted is kept, however it comes.
  absl::Status Take(const Chunk& chunk, absl::string_view data) override {
    return Keep(chunk, data);
  }

  void NotGiven(const Chunk& chunk) override { not_given.insert(chunk.entry); }

  absl::StatusOr<std::string> Read(const Chunk& chunk) const override {
    ++reads;
    if (!read_trouble.ok()) return read_trouble;
    const auto document = own.find(chunk.entry);
    if (document == own.end() || chunk.index >= document->second.size()) return std::string();
    return document->second[chunk.index];
  }

  std::map<base::Sequence, Document> own;
  std::map<base::Sequence, std::size_t> wanted;  // of the peer: how many chunks it has
  std::map<base::Sequence, Document> kept;
  std::set<base::Sequence> not_given;
  absl::Status wanted_trouble;
  absl::Status keep_trouble;
  absl::Status read_trouble;
  int looks = 0;
  int keeps = 0;
  mutable int reads = 0;

 private:
  std::optional<Chunk> Next() const {
    for (const auto& [entry, chunks] : wanted) {
      const auto held = kept.find(entry);
      const std::size_t next = held == kept.end() ? 0 : held->second.size();
      if (next == chunks || not_given.contains(entry)) continue;
      return Chunk{entry, static_cast<std::uint32_t>(next)};
    }
    return std::nullopt;
  }
};

}  // namespace selaras::link
