#include "services/runtime/known_fields.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include "services/runtime/refusal.h"
#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Join(absl::string_view prefix, absl::string_view name) {
  return prefix.empty() ? std::string(name) : absl::StrCat(prefix, ".", name);
}

absl::Status CheckEnum(const FieldDescriptor& field, int number, const std::string& path) {
  if (field.enum_type()->FindValueByNumber(number) != nullptr) return absl::OkStatus();
  return BadField(path,
                  absl::StrCat("unknown value ", number, " of ", field.enum_type()->full_name(),
                               "; this version does not know it"));
}

absl::Status CheckAt(const Message& message, const std::string& path);

// One element, or the whole of a field that has only one.
absl::Status CheckValue(const Message& message, const FieldDescriptor& field, int index,
                        const std::string& path) {
  const auto& access = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return CheckAt(field.is_repeated() ? access.GetRepeatedMessage(message, &field, index)
                                       : access.GetMessage(message, &field),
                   path);
  }
  return CheckEnum(field,
                   field.is_repeated() ? access.GetRepeatedEnumValue(message, &field, index)
                                       : access.GetEnumValue(message, &field),
                   path);
}

absl::Status CheckAt(const Message& message, const std::string& path) {
  const auto& access = *message.GetReflection();
  const auto& unknown = access.GetUnknownFields(message);
  if (!unknown.empty()) {
    return BadField(
        path.empty() ? "request" : path,
        absl::StrCat("unknown field ", unknown.field(0).number(), " of ",
                     message.GetDescriptor()->full_name(), "; this version does not know it"));
  }
  std::vector<const FieldDescriptor*> fields;
  access.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE &&
        field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) {
      continue;
    }
    const std::string name = Join(path, field->name());
    if (!field->is_repeated()) {
      RETURN_IF_ERROR(CheckValue(message, *field, 0, name));
      continue;
    }
    for (int i = 0; i < access.FieldSize(message, field); ++i) {
      RETURN_IF_ERROR(CheckValue(message, *field, i, absl::StrCat(name, "[", i, "]")));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckAllKnown(const google::protobuf::Message& message) {
  return CheckAt(message, "");
}

}  // namespace selaras::runtime
