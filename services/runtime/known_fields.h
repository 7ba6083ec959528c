#pragma once

#include "absl/status/status.h"

namespace google::protobuf {
class Message;
}

namespace selaras::runtime {

// INVALID_ARGUMENT, INVALID_FIELD, if the message or one inside it has a field or a value of an
// enumeration that this version does not know: what is not understood must not be obeyed in part.
// Names the path, e.g. `commands[3].refer_case: unknown field 17`. Values are not repeated.
absl::Status CheckAllKnown(const google::protobuf::Message& message);

}  // namespace selaras::runtime
