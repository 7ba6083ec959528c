// selaras-sanction: the node of a PPK, run by its BKPSDM.
#include <memory>
#include <vector>

#include "services/sanction/decider.h"
#include "services/sanction/service.h"
#include "services/wiring/program.h"

namespace {

selaras::serve::Role Role() {
  return {"sanction", std::make_unique<selaras::sanction::SanctionDecider>(),
          [](const selaras::serve::Parts& parts) {
            std::vector<std::unique_ptr<selaras::rpc::Service>> services;
            services.push_back(selaras::sanction::MakeService(parts));
            return services;
          }};
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::wiring::NodeMain(argc, argv, selaras::reference::AuthorityRole::kSanction, Role);
}
