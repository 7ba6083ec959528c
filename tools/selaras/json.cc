#include "tools/selaras/json.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include "storage/base/check.h"

namespace selaras::cli {

std::string ToJsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  SELARAS_CHECK(status.ok()) << "messages without Any always have a JSON form: "
                             << status.ToString();
  return line;
}

std::string ToJsonLine(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string line;
  google::protobuf::StringValue text;  // its JSON form is the text, quoted
  for (const auto& [name, value] : fields) {
    text.set_value(name);
    absl::StrAppend(&line, line.empty() ? "{" : ",", ToJsonLine(text), ":");
    text.set_value(value);
    absl::StrAppend(&line, ToJsonLine(text));
  }
  return line.empty() ? "{}" : line + "}";
}

}  // namespace selaras::cli
