#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "services/domain/local_date.h"
#include "services/node/directory.h"

namespace selaras::node {

// What ListCases asks for, as far as the facts of a case answer it: who carries a number and what
// is overdue is found in indexes.
class CaseFilter {
 public:
  // INVALID_ARGUMENT if no case can ever be what is asked for, because it is no day, no status,
  // no code of a region or no number. The filter looks at the request and the directory for as long
  // as it lives.
  static absl::StatusOr<CaseFilter> Of(const query::v1::ListCasesRequest& request,
                                       const Directory& directory);

  bool Matches(const query::v1::Case& from_facts) const;

 private:
  CaseFilter(const query::v1::ListCasesRequest& request, const Directory& directory)
      : request_(request), directory_(directory) {}

  bool WaitsLongEnough(const query::v1::Case& from_facts) const;

  const query::v1::ListCasesRequest& request_;
  const Directory& directory_;
  std::string region_;  // as cases have it
  std::optional<domain::LocalDate> waiting_since_;
};

// The kinds of number that are meant: every one if none is named.
std::vector<event::v1::ReferenceKind> KindsOf(const event::v1::ExternalReference& reference);

// The day that an office wrote down; nothing if it is not recorded.
std::optional<domain::LocalDate> DayOf(const event::v1::When& when);

}  // namespace selaras::node
