#include "tools/selaras/json.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include "services/runtime/text.h"
#include "tools/selaras/errors.h"

#include <nlohmann/json.hpp>

namespace selaras::cli {

absl::StatusOr<std::string> JsonLineOf(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  if (status.ok()) return line;
  return NoJsonForm(message.GetTypeName(), runtime::OneLine(status.ToString()));
}

std::string ToJsonLine(const google::protobuf::Message& message) {
  const auto line = JsonLineOf(message);
  if (line.ok()) return *line;
  using nlohmann::json;
  const json error = {{"error", std::string(line.status().message())}};
  return error.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
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
