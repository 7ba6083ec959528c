#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "paper_office.h"

// Commands as the desk of an office sends them: well formed, whether or not the rules allow them.
namespace selaras::test {

// Batches of one command of the office's service.
using Batch = std::unique_ptr<google::protobuf::Message>;

// When what is told happened: how registers are typed in.
enum class Dating {
  kAtOnce,  // on the days on which it is written
  kLate,    // months before, or not recorded
};

class CommandMaker {
 public:
  CommandMaker(Dating dating, std::mt19937_64& random) : dating_(dating), random_(random) {}

  // All commands about a case that is there, but corrections and takings-back.
  static std::vector<std::string> NamesOf(domain::Section section);

  // nullptr if there is nothing to which it could refer: no copy, no request.
  Batch Make(const std::string& name, const PaperOffice& office);
  // Another PPK than that one.
  Batch Recommend(const PaperOffice& office, const std::string& to);

  // The opening of the case, by Bawaslu or from a predecessor's file. The respondent's identity may
  // be open.
  Batch Open(const PaperOffice& office);

  // Of the office's newest fact; nullptr if there is none.
  Batch TakeBack(const PaperOffice& office);
  // Of some fact of the office; nullptr if there is none.
  Batch Correct(const PaperOffice& office);

 private:
  bool Chance(std::uint64_t one_in);
  std::string CodeOf(absl::string_view list, const PaperOffice& office);
  event::v1::When Day();
  void Fill(const std::string& name, const PaperOffice& office, google::protobuf::Message* command);
  void FillText(const std::string& name, const google::protobuf::FieldDescriptor& field,
                const PaperOffice& office, google::protobuf::Message* command);
  std::string Text(const std::string& name, const std::string& field, const PaperOffice& office);
  bool Refer(const std::string& name, const PaperOffice& office,
             google::protobuf::Message* command);
  const storage::v1::EffectiveFact* AnyFact(const PaperOffice& office, bool own,
                                            domain::FactKind kind);

  const Dating dating_;
  std::mt19937_64& random_;
  int made_ = 0;
};

}  // namespace selaras::test
