#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/runtime/identity.h"

// Who may call what, as data: deploy/access/README.md describes the file. Pure.
namespace selaras::runtime {

// Who calls, by role and by how its authority stands to the node: the columns of the table.
enum class Caller {
  kBackoffice,  // of an authority of this node, as all down to kNode
  kEntry,
  kOps,
  kAuditor,
  kPortal,
  kNode,     // the certificate of this node itself
  kPeer,     // a node that the configuration names as a peer
  kWitness,  // one that the configuration names
};
inline constexpr std::size_t kCallers = 8;
// The caller's column: `backoffice`, `peer`.
absl::string_view NameOf(Caller caller);
// The column of a role of this node's, `node` also of a peer's; nullopt if there is none such.
std::optional<Caller> CallerNamed(absl::string_view name);

// How far a method reaches for a caller: the words of the table.
enum class Reach {
  kNo,             // refused
  kYes,            // may call, and reaches no case
  kReads,          // sees the cases of every authority of this node, and commands for none
  kOwn,            // sees the cases of its own authority and commands for it
  kOwnReporters,   // and sees who reported to it
  kNode,           // the same for every authority of this node
  kNodeReporters,  // and sees who reported
};
// `no`, `own+reporters`.
absl::string_view NameOf(Reach reach);

struct AccessRow {
  std::string method;  // `package.Service/Method`
  std::array<Reach, kCallers> reach;
  std::string why;
  int line = 0;  // in the file, as an editor counts

  Reach of(Caller caller) const { return reach[static_cast<std::size_t>(caller)]; }
};

// The one table, default deny. Immutable.
class AccessTable {
 public:
  // The table that the programs bring along, of which every method of the contract has a row.
  static const AccessTable& BuiltIn();

  // Reads a table that takes away: what it does not name is refused, and nobody gets more than the
  // built-in one gives, on which the services rely.
  //
  //   INVALID_ARGUMENT  `<file>:<line>: <column>: <why>; <cure>`: malformed, a word that is none, a
  //                     method twice or one that the contract does not have, or more than is given
  static absl::StatusOr<AccessTable> Parse(absl::string_view file, absl::string_view text);
  // The same of any table, to be shown and not to be enforced: of a node of another release.
  static absl::StatusOr<AccessTable> Read(absl::string_view file, absl::string_view text);

  // nullptr if the table does not name the method: then nobody may call it.
  const AccessRow* Find(absl::string_view method) const;

  const std::vector<AccessRow>& rows() const { return rows_; }
  // Where it was read, `access.tsv` of the built-in one, and what was read.
  const std::string& file() const { return file_; }
  const std::string& text() const { return text_; }

 private:
  AccessTable() = default;

  std::string file_;
  std::string text_;
  std::vector<AccessRow> rows_;  // in the order of the file
};

// What deploy/access/access.tsv holds; it is compiled in.
absl::string_view BuiltInAccessText();

}  // namespace selaras::runtime
