#include "tools/selaras/catalogue_source.h"

#include <utility>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {

absl::StatusOr<std::shared_ptr<const reference::Catalogue>> FetchCatalogue(
    Ledger& ledger, const std::string& digest) {
  ledger::v1::GetCatalogueRequest request;
  request.set_digest(digest);
  ASSIGN_OR_RETURN(const ledger::v1::GetCatalogueResponse response, ledger.GetCatalogue(request));
  reference::Catalogue::Files files;
  for (const ledger::v1::CatalogueFile& file : response.files()) {
    files.emplace(file.name(), file.content());
  }
  ASSIGN_OR_RETURN(auto catalogue, reference::Catalogue::FromFiles(std::move(files)));
  const std::string found = base::HexEncode(catalogue->digest().view());
  if (found != response.digest()) return WrongCatalogue(response.digest(), found);
  return catalogue;
}

}  // namespace selaras::cli
