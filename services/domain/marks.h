#pragma once

#include <span>

#include "absl/strings/string_view.h"
#include <google/protobuf/repeated_field.h>

#include "selaras/event/v1/types.pb.h"

#include "services/domain/ground.h"

// How facts keep what a rule noticed: by codes alone, computed once and written (rule 4).
namespace selaras::domain {

using Marks = google::protobuf::RepeatedPtrField<event::v1::Mark>;

// Each once, whatever was noticed twice.
void AddMark(absl::string_view code, absl::string_view rule, absl::string_view about, Marks* marks);
void AddMark(const Notice& notice, Marks* marks);
void AddMarks(std::span<const Notice> notices, Marks* marks);

// What a mark of that code says, in words; empty for a code that this program does not know.
absl::string_view MarkText(absl::string_view code);

}  // namespace selaras::domain
