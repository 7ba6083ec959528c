#pragma once

#include <functional>

#include "absl/time/time.h"

#include "services/node/subject_keys.h"
#include "storage/audit/audit.h"
#include "storage/log/scratch.h"
#include "storage/log/store.h"

namespace selaras::verify {

// Derives the views of a node anew from its logs, as its projector and watcher do, and adds to
// `report` what differs; looks at rows that cannot be derived for sense (row_kinds.h), at the
// reference data, at the secrets, and at the documents. Where projector or watcher were behind when
// the node stopped, their rows are first brought up to date on the side.
//
// Not compared, which the report says: views of a store whose entries or states differ already,
// because these findings would only be repeated.
//
// `now` tells the moment before which the watcher must have looked. Memory does not grow with the
// store; `scratch` holds the views once or twice.
//
// `subject_keys` open what they can. Where they cannot, what is derived from personal data
// (look-ups, numbers, persons) is not compared either, which the report says.
//
// The store may show a later state after each call of `progress` with the step `views`, while they
// are derived, but not between others, when they are compared.
void AuditRows(const log::StoreReader& store, const log::ScratchMaker& scratch,
               const node::SubjectKeys& subject_keys, const std::function<absl::Time()>& now,
               const audit::AuditOptions& options, const audit::Progress& progress,
               audit::AuditReport* report);

}  // namespace selaras::verify
