#include "services/rpc/listen.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/rpc/errors.h"
#include "storage/base/status.h"

namespace selaras::rpc {
namespace {

struct FreeAddresses {
  void operator()(::addrinfo* found) const { ::freeaddrinfo(found); }
};

absl::Status TryBind(const ::addrinfo& found, const std::string& address) {
  const int descriptor = ::socket(found.ai_family, found.ai_socktype | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return CannotListen(address, std::strerror(errno));
  const int yes = 1;  // as gRPC does: connections that are winding down do not count
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  const int error = ::bind(descriptor, found.ai_addr, found.ai_addrlen) == 0 ? 0 : errno;
  ::close(descriptor);
  if (error == 0) return absl::OkStatus();
  return error == EADDRINUSE ? AddressInUse(address) : CannotListen(address, std::strerror(error));
}

}  // namespace

absl::Status CheckListen(const runtime::Address& address) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  ::addrinfo* raw = nullptr;
  const int error =
      ::getaddrinfo(address.host.c_str(), absl::StrCat(address.port).c_str(), &hints, &raw);
  if (error != 0) return CannotListen(address.ToString(), ::gai_strerror(error));
  const std::unique_ptr<::addrinfo, FreeAddresses> all(raw);
  for (const ::addrinfo* found = raw; found != nullptr; found = found->ai_next) {
    RETURN_IF_ERROR(TryBind(*found, address.ToString()));
  }
  return absl::OkStatus();
}

}  // namespace selaras::rpc
