#pragma once

#include <array>
#include <memory>
#include <random>

#include "absl/time/time.h"

#include "services/link/session.h"
#include "services/node/link_keys.h"
#include "services/node/link_rows.h"
#include "tests/support/case_node.h"
#include "tests/support/link_world.h"

namespace selaras::test {

// The link between two nodes over a carrier that misbehaves. What the nodes keep of it stands in
// their stores; the rest goes with Connect(), as with a broken stream.
class Line {
 public:
  Line(CaseNode& a, CaseNode& b, const link::Flow& flow, std::mt19937_64& random);

  void Connect();
  bool Joins(const CaseNode& node) const {
    return ends_[0].node == &node || ends_[1].node == &node;
  }

  bool SendNext(std::size_t end, const Trouble& trouble);
  bool DeliverNext(std::size_t end, const Trouble& trouble, absl::Time now);
  void Tick(absl::Time now);
  void OwnLogGrew(const CaseNode& node);
  // Moves frames without trouble while there are any.
  void Drain(absl::Time now);
  // Whether both ends hold and have acknowledged everything.
  bool Settled() const;
  // Notes in the stores what was acknowledged, as a node does.
  void SaveProgress();
  // Why the link stands still, if it does.
  absl::Status fault() const;

  // For how many rounds of the world the line is still down.
  std::uint64_t down_for = 0;

 private:
  struct End {
    CaseNode* node = nullptr;
    std::unique_ptr<node::StoredDisclosures> disclosures;
    std::unique_ptr<node::StoredFollowCursor> cursor;
    std::unique_ptr<node::LinkKeys> keys;
    std::unique_ptr<link::Session> session;
    Pipe out;
  };

  std::array<End, 2> ends_;
  const link::Flow flow_;
  std::mt19937_64& random_;
};

}  // namespace selaras::test
