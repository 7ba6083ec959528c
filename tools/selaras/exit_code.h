#pragma once

namespace selaras::cli {

// What the program ends with. Documented in `selaras --help` and README.md; permanent.
enum class ExitCode {
  kOk = 0,
  kError = 1,        // it could not be done
  kUsage = 2,        // the command line is wrong
  kRefused = 3,      // import: some rows were refused, or differ; export: cases left out
  kPending = 4,      // import: some rows wait for a case that is not here yet; wins over 3
  kDifference = 5,   // log verify: the store is not what its entries say; attachment get: the
                     // document is not what the node said
  kUnreachable = 6,  // the node does not answer
  kUnequal = 7,      // reconcile: the file and the node differ
};

}  // namespace selaras::cli
