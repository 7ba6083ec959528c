#pragma once

#include <string>
#include <vector>

#include "selaras/query/v1/query.pb.h"

#include "tools/registers/rows.h"

namespace selaras::registers {

// One column in which a row and what a node shows differ.
struct Difference {
  std::string column;
  std::string recorded;  // by the node; empty: nothing
  std::string in_file;
};

// Compares a row with a case, in the order of the register's columns. Columns that the
// node does not show are left out: those of the report without `report`; most dates and
// the agenda, decree and route without `timeline`; everything personal while it is sealed.
// Dates are written as 2024-09-06, whatever the file writes. Personal data: do not log.
std::vector<Difference> Differences(const Row& row, const query::v1::Case& recorded,
                                    const query::v1::Report* report,
                                    const query::v1::GetTimelineResponse* timeline = nullptr);

}  // namespace selaras::registers
