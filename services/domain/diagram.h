#pragma once

#include <string>

// The table of transitions as a picture.
namespace selaras::domain {

// A Mermaid state diagram: one box per section, one arrow per move that leads to another state.
// What ARCHITECTURE.md shows; a test compares them.
std::string StateDiagram();

}  // namespace selaras::domain
