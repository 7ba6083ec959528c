#include "services/node/opener.h"

namespace selaras::node {

absl::StatusOr<Opened> PlainOpener::Open(const event::v1::Event& event) const {
  Opened opened;
  if (event.has_plain()) opened.part = event.plain();
  opened.pending = event.has_sealed();
  return opened;
}

}  // namespace selaras::node
