#include "services/verify/basis.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/node/rows.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::verify {
namespace {

constexpr std::size_t kVersionLines = 2;

absl::StatusOr<std::shared_ptr<const reference::Catalogue>> ReadCatalogue(
    const log::StoreReader& store, absl::string_view digest) {
  const std::string prefix = absl::StrCat(digest, "/");
  reference::Catalogue::Files files;
  RETURN_IF_ERROR(store.Scan(log::Table::kCatalogue, prefix, prefix,
                             [&](absl::string_view key, absl::string_view value) {
                               files.emplace(key.substr(prefix.size()), value);
                               return true;
                             }));
  const auto catalogue = reference::Catalogue::FromFiles(std::move(files));
  if (!catalogue.ok()) return absl::DataLossError(catalogue.status().message());
  if (base::HexEncode((*catalogue)->digest().view()) != digest) {
    return absl::DataLossError("the reference data are not those that the views rest on");
  }
  return *catalogue;
}

}  // namespace

absl::StatusOr<Basis> ReadBasis(const log::StoreReader& store) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kView, node::rows::kViewBasis));
  if (!row) return absl::NotFoundError("nothing was derived yet");
  const std::vector<absl::string_view> lines = absl::StrSplit(*row, '\n');
  std::vector<node::PeerNode> nodes;
  for (std::size_t i = kVersionLines + 1; i < lines.size() && !lines[i].empty(); ++i) {
    const std::vector<std::string> parts = absl::StrSplit(lines[i], absl::MaxSplits(": ", 1));
    if (parts.size() != 2) return absl::DataLossError("a line of it names no node");
    nodes.push_back({parts[0], absl::StrSplit(parts[1], ' ', absl::SkipEmpty())});
  }
  absl::string_view digest = lines.size() > kVersionLines ? lines[kVersionLines] : "";
  if (nodes.empty() || !absl::ConsumePrefix(&digest, "catalogue ")) {
    return absl::DataLossError("it names no node or no reference data");
  }
  node::PeerNode own = std::move(nodes.front());
  if (own.node != store.shared().name()) {
    return absl::DataLossError(absl::StrCat("it is of the node ", own.node));
  }
  nodes.erase(nodes.begin());
  ASSIGN_OR_RETURN(auto catalogue, ReadCatalogue(store, digest));
  return Basis{catalogue, node::Directory(catalogue, std::move(own), std::move(nodes))};
}

}  // namespace selaras::verify
