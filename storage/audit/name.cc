#include "storage/audit/audit.h"

namespace selaras::audit {

absl::string_view NameOf(Part part) {
  switch (part) {
    case Part::kEntry:
      return "entry";
    case Part::kLeafHash:
      return "leaf hash";
    case Part::kLeaf:
      return "entry or leaf hash";
    case Part::kTile:
      return "tile";
    case Part::kRoot:
      return "root";
    case Part::kRemembered:
      return "remembered tree";
    case Part::kHead:
      return "head";
    case Part::kCheckpoint:
      return "checkpoint";
    case Part::kProof:
      return "proof";
    case Part::kFile:
      return "file";
    case Part::kRequest:
      return "request";
    case Part::kState:
      return "state";
    case Part::kPublished:
      return "published checkpoint";
    case Part::kKept:
      return "kept entry";
    case Part::kView:
      return "view";
    case Part::kLookUp:
      return "look-up";
    case Part::kCatalogue:
      return "catalogue";
    case Part::kSecret:
      return "secret";
    case Part::kDocument:
      return "document";
    case Part::kEvidence:
      return "evidence";
    case Part::kStore:
      return "store";
  }
  return "unknown";
}

}  // namespace selaras::audit
