#include "services/runtime/notify.h"

#include <cstdlib>
#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/temp_directory.h"

namespace selaras::runtime {
namespace {

// Stands in for systemd at a socket with that name.
class Supervisor {
 public:
  explicit Supervisor(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    ::sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const ::sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Supervisor() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }

  std::string Heard() const {
    char buffer[100];
    const ssize_t size = ::recv(socket_, buffer, sizeof(buffer), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  int socket_;
};

TEST(Notify, TellsTheSocketThatAsks) {
  const test::TempDirectory folder;
  const Supervisor systemd(folder / "notify");
  NotifySystemd("READY=1");
  EXPECT_EQ(systemd.Heard(), "READY=1");
}

TEST(Notify, KnowsAbstractNames) {
  const Supervisor systemd("@selaras-notify-" + std::to_string(::getpid()));
  NotifySystemd("STOPPING=1");
  EXPECT_EQ(systemd.Heard(), "STOPPING=1");
}

TEST(Notify, LeavesItAloneIfNobodyAsks) {
  ::unsetenv("NOTIFY_SOCKET");
  NotifySystemd("READY=1");
  ::setenv("NOTIFY_SOCKET", std::string(500, 'x').c_str(), 1);
  NotifySystemd("READY=1");
  ::setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  NotifySystemd("READY=1");
  ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace selaras::runtime
