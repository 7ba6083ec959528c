#include "services/verify/difference.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/message_differencer.h>

namespace selaras::verify {

std::optional<audit::Difference> DifferenceOf(const google::protobuf::Message& expected,
                                              const google::protobuf::Message& actual) {
  std::string text;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&text);
  if (differencer.Compare(expected, actual)) return std::nullopt;
  return audit::Difference{std::string("as its entries say"),
                           absl::StrCat("differs: ", text.substr(0, text.find('\n')))};
}

}  // namespace selaras::verify
