#pragma once

#include <string>
#include <vector>

#include "services/node/decider.h"

namespace selaras::intake {

// Bawaslu's commands. The body is a selaras.intake.v1.ExecuteBatchRequest; or, of what the node
// sends itself for a reporter, a ReceiveReporterMessage.
class IntakeDecider final : public node::Decider {
 public:
  domain::Section section() const override { return domain::Section::kIntake; }
  int CommandCount(const google::protobuf::Message& body) const override;
  absl::StatusOr<domain::Decision> Decide(const google::protobuf::Message& body, int index,
                                          const std::vector<command::v1::CommandStep>& earlier,
                                          node::Desk& desk,
                                          const domain::Call& call) const override;
};

}  // namespace selaras::intake
