#include "services/runtime/notify.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace selaras::runtime {

void NotifySystemd(absl::string_view state) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr) return;
  const std::size_t size = std::strlen(name);
  ::sockaddr_un address{};
  if (size < 2 || size >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name, size);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // Linux's abstract names
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const ::sockaddr*>(&address),
           static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) + size));
  ::close(descriptor);
}

}  // namespace selaras::runtime
