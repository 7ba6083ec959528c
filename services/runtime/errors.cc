#include "services/runtime/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/runtime/refusal.h"

namespace selaras::runtime {

absl::Status NoIdentity() {
  return Refusal(absl::StatusCode::kUnauthenticated, "NO_IDENTITY",
                 "the certificate names no caller; use one with exactly one URI, "
                 "spiffe://selaras/<role>/<authority>");
}

absl::Status NotYourNode(const Identity& caller) {
  return Refusal(
      absl::StatusCode::kPermissionDenied, "NOT_YOUR_NODE",
      absl::StrCat("this node does not act for ", caller.authority, "; ask the node that does"));
}

absl::Status NotYourMethod(const Identity& caller, absl::string_view full_method,
                           absl::string_view rule, absl::string_view may) {
  return Refusal(
      absl::StatusCode::kPermissionDenied, "NOT_YOUR_METHOD",
      absl::StrCat("certificates of the role ", NameOf(caller.role), " may not call ", full_method,
                   " (access table: ", rule, "); ",
                   may.empty() ? "nobody may" : absl::StrCat("use a certificate of ", may)),
      {{"method", std::string(full_method)},
       {"role", std::string(NameOf(caller.role))},
       {"rule", std::string(rule)}});
}

absl::Status NotYourAuthority(const Identity& caller) {
  return Refusal(absl::StatusCode::kPermissionDenied, "NOT_YOUR_AUTHORITY",
                 absl::StrCat("the certificate of ", caller.authority,
                              " may not send commands for that authority; send them for its own"),
                 {{"field", "header.authority"}});
}

absl::Status MandateNotInForce(const Identity& caller, absl::string_view on_behalf_of,
                               absl::string_view from, absl::string_view until) {
  return Refusal(
      absl::StatusCode::kPermissionDenied, "MANDATE_NOT_IN_FORCE",
      absl::StrCat("the mandate of ", caller.authority, " for ", on_behalf_of, " holds from ", from,
                   " until ", until, "; the node's operator enters a new one"));
}

absl::Status NodeNotListed(absl::string_view node, std::uint64_t serial, absl::string_view how) {
  return Refusal(absl::StatusCode::kPermissionDenied, "NODE_NOT_LISTED",
                 absl::StrCat(node, " is not linked: the directory of nodes (serial ", serial, ") ",
                              how, "; ask its keeper"));
}

absl::Status NotSignedText(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("malformed: ", why));
}

absl::Status BadListing(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", why));
}

absl::Status DirectoryContradicts(std::uint64_t serial) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "DIRECTORY_CONTRADICTS",
                 absl::StrCat("another directory of nodes with the serial number ", serial,
                              " was signed than the one in force; keep both, and ask its keeper"));
}

absl::Status ClockInDoubt() {
  return Refusal(absl::StatusCode::kUnavailable, "CLOCK_IN_DOUBT",
                 "the node's clock jumped by more than 10 minutes, so nothing can be dated; its "
                 "operator sets the clock right, or confirms it with selaras clock confirm");
}

absl::Status ClockDiffers(absl::Time now, absl::Time stated) {
  const auto text = [](absl::Time time) {
    return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
  };
  return Refusal(absl::StatusCode::kFailedPrecondition, "CLOCK_DIFFERS",
                 absl::StrCat("the node's clock says ", text(now), ", yours ", text(stated),
                              "; set right the one that is wrong, then confirm"));
}

absl::Status BadAccessRow(absl::string_view file, int line, absl::string_view why) {
  return BadAccessTable(absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", why)));
}

absl::Status BadAccessTable(const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(
      status.message(), "; correct it, beginning with what selaras access show prints"));
}

absl::Status NoAddress() {
  return absl::InvalidArgumentError("is not host:port with a port up to 65535");
}

absl::Status CannotRead(absl::string_view path, absl::string_view why) {
  return absl::NotFoundError(
      absl::StrCat(path, ": cannot be read: ", why, "; name a file that this user can read"));
}

absl::Status CannotWrite(absl::string_view path, absl::string_view why) {
  return absl::UnavailableError(
      absl::StrCat(path, ": cannot be written: ", why, "; name a place where this user can write"));
}

absl::Status FileTooLarge(absl::string_view path, std::size_t bytes_max) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": larger than ", bytes_max, " bytes; name the right file"));
}

absl::Status SecretIsOpen(absl::string_view path, unsigned mode) {
  return absl::FailedPreconditionError(
      absl::StrFormat("%s: others can use this secret (mode %04o); chmod 600 %s, and make a new "
                      "one if somebody may have read it",
                      path, mode, path));
}

absl::Status SecretOfOther(absl::string_view path, std::uint32_t owner) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": this secret belongs to another user (",
                                                    owner,
                                                    "); chown it to the user that runs the node"));
}

absl::Status BadConfigText(absl::string_view file, int line, int column, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ":", column, ": ", why,
                                                 "; the fields are described in "
                                                 "selaras/config/v1/config.proto"));
}

absl::Status BadSetting(absl::string_view field, absl::string_view why, absl::string_view cure) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", why, "; ", cure));
}

}  // namespace selaras::runtime
