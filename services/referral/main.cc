// selaras-referral: the node of the competent body, today BKN.
#include <memory>

#include "services/referral/decider.h"
#include "services/referral/service.h"
#include "services/wiring/program.h"

namespace {

selaras::serve::Role Role() {
  return {"referral", std::make_unique<selaras::referral::ReferralDecider>(),
          selaras::referral::MakeService};
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::wiring::NodeMain(argc, argv, selaras::reference::AuthorityRole::kReferral, Role);
}
