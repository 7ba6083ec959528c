#include "services/domain/diagram.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/transitions.h"

namespace selaras::domain {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(StateDiagram, ShowsEveryStateThatTheTableLeadsTo) {
  const std::string diagram = StateDiagram();
  for (const Transition& row : Transitions()) {
    if (row.to == State::kNone) continue;
    EXPECT_THAT(diagram,
                testing::HasSubstr(std::string("\"") + std::string(StateName(row.to)) + "\""));
  }
}

TEST(StateDiagram, IsTheOneInTheArchitecture) {
  EXPECT_THAT(Read(SELARAS_SOURCE_DIR "/ARCHITECTURE.md"),
              testing::HasSubstr("```mermaid\n" + StateDiagram() + "```\n"))
      << "put there what `selaras reference show diagram` prints";
}

}  // namespace
}  // namespace selaras::domain
