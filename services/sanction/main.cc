// selaras-sanction: the node of a PPK, run by its BKPSDM.
#include <memory>

#include "services/sanction/decider.h"
#include "services/sanction/service.h"
#include "services/wiring/program.h"

namespace {

selaras::serve::Role Role() {
  return {"sanction", std::make_unique<selaras::sanction::SanctionDecider>(),
          selaras::sanction::MakeService};
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::wiring::NodeMain(argc, argv, selaras::reference::AuthorityRole::kSanction, Role);
}
