// selaras-referral: the node of the competent body, today BKN.
#include <memory>
#include <vector>

#include "services/referral/decider.h"
#include "services/referral/service.h"
#include "services/wiring/program.h"

namespace {

selaras::serve::Role Role() {
  return {"referral", std::make_unique<selaras::referral::ReferralDecider>(),
          [](const selaras::serve::Parts& parts) {
            std::vector<std::unique_ptr<selaras::rpc::Service>> services;
            services.push_back(selaras::referral::MakeService(parts));
            return services;
          }};
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::wiring::NodeMain(argc, argv, selaras::reference::AuthorityRole::kReferral, Role);
}
