#include "tools/selaras/import/importer.h"

#include <utility>

#include "tools/selaras/import/run.h"

namespace selaras::cli {

Importer::Importer(Node& node, Clock& clock, ImportOptions options, Progress progress)
    : node_(node), clock_(clock), options_(options), progress_(std::move(progress)) {}

Importer::Result Importer::Run(const registers::Register& source) {
  return ImportRun(node_, clock_, options_, progress_, source).Run();
}

}  // namespace selaras::cli
