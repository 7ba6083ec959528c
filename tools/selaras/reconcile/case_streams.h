#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "tools/selaras/node.h"

namespace selaras::cli {

// The cases that several nodes show, in the order of their ids: each id once. Holds one page of
// each node and nothing more.
class MergedCases {
 public:
  explicit MergedCases(const std::vector<std::unique_ptr<Node>>& nodes);

  // The next id; empty at the end.
  absl::StatusOr<std::string> Next();

 private:
  struct Pages {
    Node* node;
    std::vector<std::string> ids;  // of one page
    std::size_t at = 0;
    std::string token;
    bool begun = false;
  };

  // Whether there is an id; reads on if need be.
  static absl::StatusOr<bool> Fill(Pages* pages);

  std::vector<Pages> pages_;
};

}  // namespace selaras::cli
