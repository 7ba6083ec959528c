#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/runtime/identity.h"

// Errors of start and access. Those that an operator reads are `<what>: <why>; <cure>`.
namespace selaras::runtime {

// Callers: with a reason for programs. They name only what the caller brought.
absl::Status NoIdentity();                         // UNAUTHENTICATED, NO_IDENTITY
absl::Status NotYourNode(const Identity& caller);  // PERMISSION_DENIED, NOT_YOUR_NODE
// PERMISSION_DENIED, NOT_YOUR_METHOD: `rule` is what the table says, `may` who may instead.
absl::Status NotYourMethod(const Identity& caller, absl::string_view full_method,
                           absl::string_view rule, absl::string_view may);
absl::Status NotYourAuthority(const Identity& caller);  // PERMISSION_DENIED, NOT_YOUR_AUTHORITY
// PERMISSION_DENIED, MANDATE_NOT_IN_FORCE: the caller may act on behalf of somebody, but not today.
absl::Status MandateNotInForce(const Identity& caller, absl::string_view on_behalf_of,
                               absl::string_view from, absl::string_view until);
// PERMISSION_DENIED, NODE_NOT_LISTED: `how` continues "the directory of nodes …".
absl::Status NodeNotListed(absl::string_view node, std::uint64_t serial, absl::string_view how);

// The clock of the node jumped, so nothing can be dated: UNAVAILABLE, CLOCK_IN_DOUBT.
absl::Status ClockInDoubt();
// It says something else than who confirms it: FAILED_PRECONDITION, CLOCK_DIFFERS.
absl::Status ClockDiffers(absl::Time now, absl::Time stated);

// INVALID_ARGUMENT: the access table is wrong in a line; the second adds the cure to what its
// reader says, which names file, line and column.
absl::Status BadAccessRow(absl::string_view file, int line, absl::string_view why);
absl::Status BadAccessTable(const absl::Status& status);

// What is signed: INVALID_ARGUMENT, it is no such text, or the directory lists a node wrongly;
// FAILED_PRECONDITION, DIRECTORY_CONTRADICTS, its keeper signed two texts under one serial number.
absl::Status NotSignedText(absl::string_view why);
absl::Status BadListing(absl::string_view field, absl::string_view why);
absl::Status DirectoryContradicts(std::uint64_t serial);

// INVALID_ARGUMENT: no address. Without a `what`: whoever reads it knows the field.
absl::Status NoAddress();

// Files.
absl::Status CannotRead(absl::string_view path, absl::string_view why);    // NOT_FOUND
absl::Status CannotWrite(absl::string_view path, absl::string_view why);   // UNAVAILABLE
absl::Status FileTooLarge(absl::string_view path, std::size_t bytes_max);  // INVALID_ARGUMENT
absl::Status SecretIsOpen(absl::string_view path, unsigned mode);          // FAILED_PRECONDITION
absl::Status SecretOfOther(absl::string_view path, std::uint32_t owner);   // FAILED_PRECONDITION

// INVALID_ARGUMENT: the configuration is not readable at a place (counted from 1), or one of its
// settings makes no sense.
absl::Status BadConfigText(absl::string_view file, int line, int column, absl::string_view why);
absl::Status BadSetting(absl::string_view field, absl::string_view why, absl::string_view cure);

}  // namespace selaras::runtime
