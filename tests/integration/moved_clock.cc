// Preloaded into a node it moves the wall clock by the seconds that stand in the file
// SELARAS_TEST_CLOCK, 8 bytes in the byte order of the machine; whoever writes them moves it at
// once. The monotonic clock stays. (Debian's libfaketime does not get along with AddressSanitizer.)
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

const std::atomic<std::int64_t>* ahead = nullptr;

__attribute__((constructor)) void OpenClock() {
  const char* path = std::getenv("SELARAS_TEST_CLOCK");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void* bytes = ::mmap(nullptr, sizeof(*ahead), PROT_READ, MAP_SHARED, file, 0);
  if (bytes != MAP_FAILED) ahead = static_cast<const std::atomic<std::int64_t>*>(bytes);
  ::close(file);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long failed = ::syscall(SYS_clock_gettime, clock, now);
  if (failed == 0 && clock == CLOCK_REALTIME && ahead != nullptr) now->tv_sec += *ahead;
  return static_cast<int>(failed);
}
