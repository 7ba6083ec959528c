#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/bridges/table.h"

// What each system's file gives to table.cc.
namespace selaras::bridges {

std::span<const Column> HukdisColumns();
std::vector<std::string> HukdisRow(const Shown& shown, const reference::Catalogue& catalogue);

std::span<const Column> SbtColumns();
std::vector<std::string> SbtRow(const Shown& shown, const reference::Catalogue& catalogue);

}  // namespace selaras::bridges
