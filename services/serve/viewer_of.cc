#include "services/serve/viewer_of.h"

namespace selaras::serve {

std::optional<event::v1::Delegation> DelegationOf(const rpc::CallInfo& call,
                                                  absl::string_view authority) {
  const auto mandate = call.grant.mandates.find(authority);
  if (mandate == call.grant.mandates.end()) return std::nullopt;
  event::v1::Delegation delegation;
  delegation.set_to(mandate->second.to);
  delegation.set_type(mandate->second.type);
  delegation.set_reference(mandate->second.reference);
  delegation.set_valid_from(mandate->second.first.ToIso());
  delegation.set_valid_until(mandate->second.last.ToIso());
  return delegation;
}

}  // namespace selaras::serve
