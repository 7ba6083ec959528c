#include "tools/selaras/held.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/merkle/prove.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

using Relation = HeldByFollower::Relation;

absl::Status WrongSize(base::TreeSize size, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("the log should not be closed at ", size, ": ", why));
}

}  // namespace

absl::StatusOr<std::vector<HeldByFollower>> ReadHeld(const log::LogReader& log,
                                                     const std::vector<std::string>& files) {
  std::vector<HeldByFollower> all;
  const log::LogKeys keys = *log.keys();
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const std::string note, ReadFile(file));
    const auto stated = keys.Open(note);
    if (!stated.ok()) {
      return BadValue("--held", file,
                      absl::StrCat("give what selaras checkpoint show --log ", log.name(),
                                   " prints at the follower: ", stated.status().message()));
    }
    HeldByFollower held{file, stated->checkpoint.size};
    if (held.size > log.size()) {
      held.relation = Relation::kAhead;
    } else {
      ASSIGN_OR_RETURN(const base::Digest root, merkle::RootAt(log, held.size));
      if (root != stated->checkpoint.root) held.relation = Relation::kForked;
    }
    all.push_back(std::move(held));
  }
  return all;
}

absl::Status CheckClosing(const log::LogReader& log, base::TreeSize size,
                          const std::vector<HeldByFollower>& held, bool force) {
  if (size > log.size()) {
    return WrongSize(size, absl::StrCat("it has ", log.size(), " entries only"));
  }
  std::optional<base::TreeSize> agreed;
  bool forked = false;
  for (const HeldByFollower& follower : held) {
    if (follower.relation == Relation::kSame) {
      agreed = std::max(agreed.value_or(base::TreeSize()), follower.size);
    }
    if (follower.relation != Relation::kForked) continue;
    forked = true;
    if (size < follower.size) continue;
    return WrongSize(
        size, absl::StrCat(follower.file, " is of another history, already at ", follower.size,
                           ": that follower would refuse. selaras log diff shows from "
                           "where on they differ: close it there"));
  }
  if (force) return absl::OkStatus();
  for (const HeldByFollower& follower : held) {
    if (follower.relation != Relation::kAhead) continue;
    return WrongSize(
        size,
        absl::StrCat(follower.file, " is of ", follower.size, " entries, of which ", log.size(),
                     " are here. Bring back the rest first; if it is lost, close "
                     "the log with --force"));
  }
  if (held.empty()) {
    return WrongSize(size,
                     "nobody was asked what he holds. Name the checkpoint of each follower with "
                     "--held; if there are none, close the log with --force");
  }
  if (agreed && size > *agreed) {
    return WrongSize(size, absl::StrCat("no follower holds more than ", *agreed,
                                        ". Let it arrive first, close the log at ", *agreed,
                                        ", or wherever you want with --force"));
  }
  if (agreed && size < *agreed && !forked) {
    return WrongSize(size,
                     absl::StrCat("its followers agree on ", *agreed,
                                  ". Close it there; what lies between is cut off with --force"));
  }
  return absl::OkStatus();
}

}  // namespace selaras::cli
