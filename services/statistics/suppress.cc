#include "services/statistics/suppress.h"

#include <optional>

namespace selaras::statistics {
namespace {

struct HiddenPart {
  std::uint64_t cells = 0;
  std::uint64_t sum = 0;
  std::optional<std::size_t> next;  // the smallest number that is not hidden
};

HiddenPart HiddenIn(const Line& line, const std::vector<std::uint64_t>& counts,
                    const std::vector<bool>& hidden) {
  HiddenPart part;
  for (const std::size_t cell : line) {
    if (counts[cell] == 0) continue;
    if (hidden[cell]) {
      ++part.cells;
      part.sum += counts[cell];
    } else if (!part.next || counts[cell] < counts[*part.next]) {
      part.next = cell;
    }
  }
  return part;
}

// All but one of the hidden numbers could be ones.
bool IsSafe(const HiddenPart& part) {
  return part.cells == 0 || (part.cells > 1 && part.sum - part.cells + 1 >= kPublicMin);
}

bool IsDetermined(const HiddenPart& part) {
  return part.cells == 1 || (part.cells > 1 && part.sum == part.cells);
}

}  // namespace

std::vector<std::size_t> Suppress(const std::vector<std::uint64_t>& counts,
                                  const std::vector<Line>& lines, std::vector<bool>* hidden) {
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    if (counts[cell] > 0 && counts[cell] < kPublicMin) (*hidden)[cell] = true;
  }
  bool more = true;
  while (more) {
    more = false;
    for (const Line& line : lines) {
      const HiddenPart part = HiddenIn(line, counts, *hidden);
      if (IsSafe(part) || !part.next) continue;
      (*hidden)[*part.next] = true;
      more = true;
    }
  }
  std::vector<std::size_t> determined;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (IsDetermined(HiddenIn(lines[i], counts, *hidden))) determined.push_back(i);
  }
  return determined;
}

}  // namespace selaras::statistics
