// selaras-intake: Bawaslu's node.
#include <memory>
#include <vector>

#include "services/intake/decider.h"
#include "services/intake/emergency_service.h"
#include "services/intake/reporter_service.h"
#include "services/intake/service.h"
#include "services/wiring/program.h"

namespace {

selaras::serve::Role Role() {
  return {"intake", std::make_unique<selaras::intake::IntakeDecider>(),
          [](const selaras::serve::Parts& parts) {
            std::vector<std::unique_ptr<selaras::rpc::Service>> services;
            services.push_back(selaras::intake::MakeService(parts));
            services.push_back(selaras::intake::MakeReporterService(parts));
            services.push_back(selaras::intake::MakeEmergencyService(parts));
            return services;
          }};
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::wiring::NodeMain(argc, argv, selaras::reference::AuthorityRole::kIntake, Role);
}
