#pragma once

#include <string>
#include <vector>

#include "services/reference/rows.h"

namespace selaras::reference {

// A figure that an agency or the press has published. It stands beside what is counted and is never
// added to it: units, dates and publishers differ.
struct PublishedFigure {
  std::string id;                      // `ST-017`
  std::vector<std::string> elections;  // that it covers
  std::string region;                  // code; empty: the country
  std::string as_of;                   // as published: a day, a month, `final`; may be empty
  std::string publisher;
  std::string unit;    // what it counts: orang, kasus, …
  std::string metric;  // in the words of the publisher
  std::string value;   // `1010`, `30.4` or `<1000`
  Provenance provenance;
  std::string note;
};

}  // namespace selaras::reference
