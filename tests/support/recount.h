#pragma once

#include <string>

#include "tests/support/case_node.h"

namespace selaras::test {

// In what the numbers that a node keeps differ from those of a count of the cases that it shows,
// one by one, for the whole node and for each of its authorities. Empty: in nothing.
std::string DifferenceFromRecount(const CaseNode& node);

}  // namespace selaras::test
