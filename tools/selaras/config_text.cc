#include "tools/selaras/config_text.h"

#include <algorithm>

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

// Keeps the first error; the later ones follow from it.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  FirstError(const std::string& file, const std::string& proto) : file_(file), proto_(proto) {}

  // Counts from 0, and says -1 of the whole text.
  void AddError(int line, int column, const std::string& message) override {
    if (error_.ok()) {
      error_ =
          BadConfigText(file_, std::max(line, 0) + 1, std::max(column, 0) + 1, message, proto_);
    }
  }

  const absl::Status& error() const { return error_; }

 private:
  const std::string& file_;
  const std::string& proto_;
  absl::Status error_;
};

}  // namespace

absl::Status ParseConfig(const std::string& file, const std::string& text,
                         google::protobuf::Message* config) {
  const std::string& proto = config->GetDescriptor()->file()->name();
  FirstError error(file, proto);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (parser.ParseFromString(text, config)) return absl::OkStatus();
  return error.error().ok() ? BadConfigText(file, 1, 1, "not a configuration", proto)
                            : error.error();
}

}  // namespace selaras::cli
