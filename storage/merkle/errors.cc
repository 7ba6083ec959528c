#include "storage/merkle/errors.h"

#include "absl/strings/str_cat.h"

namespace selaras::merkle {

absl::Status LeafNotCovered(base::Sequence leaf, base::TreeSize size) {
  return absl::OutOfRangeError(absl::StrCat("leaf ", leaf, " is not in the tree of ", size,
                                            " leaves; ask with a later size"));
}

absl::Status SizesReversed(base::TreeSize from, base::TreeSize to) {
  return absl::OutOfRangeError(absl::StrCat("a tree of ", to, " leaves cannot extend one of ", from,
                                            "; name the smaller size first"));
}

absl::Status TreeTooLarge(base::TreeSize size) {
  return absl::OutOfRangeError(
      absl::StrCat("no tree has ", size, " leaves; sizes end at 2^63, check where it came from"));
}

absl::Status NodesMissing(int tile_level, std::uint64_t first, std::uint64_t wanted,
                          std::size_t found) {
  return absl::DataLossError(absl::StrCat("tile level ", tile_level, " holds ", found, " of the ",
                                          wanted, " nodes from ", first,
                                          " on; audit the store and rebuild its nodes"));
}

absl::Status FrontierMalformed(base::TreeSize size, std::size_t hashes) {
  return absl::DataLossError(absl::StrCat(hashes, " hashes are no frontier of ", size,
                                          " leaves; rebuild it from the nodes"));
}

absl::Status ClaimImpossible(base::Sequence leaf, base::TreeSize size) {
  return absl::DataLossError(absl::StrCat("proof refused: it claims leaf ", leaf, " of only ", size,
                                          " leaves; ask for a proof of a later size"));
}

absl::Status ClaimImpossible(base::TreeSize from, base::TreeSize to) {
  return absl::DataLossError(absl::StrCat("proof refused: it claims that a tree of ", to,
                                          " leaves extends one of ", from,
                                          "; the log was rolled back or the sizes are swapped"));
}

absl::Status ProofWrongLength(std::size_t hashes) {
  return absl::DataLossError(absl::StrCat("proof refused: ", hashes,
                                          " hashes do not fit the sizes that it names; ask for "
                                          "the proof again"));
}

absl::Status RootMismatch(base::TreeSize size, const base::Digest& given,
                          const base::Digest& computed) {
  return absl::DataLossError(absl::StrCat(
      "proof refused: at size ", size, " it leads to root ", base::HexEncode(computed.view()),
      ", not to ", base::HexEncode(given.view()), "; keep both as evidence"));
}

}  // namespace selaras::merkle
