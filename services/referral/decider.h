#pragma once

#include <vector>

#include "services/node/decider.h"

namespace selaras::referral {

// The competent body's commands. The body is a selaras.referral.v1.ExecuteBatchRequest.
class ReferralDecider final : public node::Decider {
 public:
  domain::Section section() const override { return domain::Section::kReferral; }
  int CommandCount(const google::protobuf::Message& body) const override;
  absl::StatusOr<domain::Decision> Decide(const google::protobuf::Message& body, int index,
                                          const std::vector<command::v1::CommandStep>& earlier,
                                          node::Desk& desk,
                                          const domain::Call& call) const override;
};

}  // namespace selaras::referral
