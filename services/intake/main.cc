// selaras-intake: Bawaslu's node.
#include <memory>

#include "services/intake/decider.h"
#include "services/intake/service.h"
#include "services/wiring/program.h"

namespace {

selaras::serve::Role Role() {
  return {"intake", std::make_unique<selaras::intake::IntakeDecider>(),
          selaras::intake::MakeService};
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::wiring::NodeMain(argc, argv, selaras::reference::AuthorityRole::kIntake, Role);
}
