#include "storage/crypto/random.h"

#include <algorithm>
#include <array>
#include <atomic>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include "storage/base/check.h"

namespace selaras::crypto {
namespace {

void FillFromSystem(unsigned char* bytes, std::size_t count) {
  SELARAS_CHECK(RAND_bytes_ex(nullptr, bytes, count, 0) == 1)
      << "no random bytes: the operating system's source is not available";
}

// How often this process became another one: it must not give what its parent gives, too.
std::atomic<int> forks = 0;

bool WatchForks() {
  return pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); }) ==
         0;
}

// A thread's supply: OpenSSL needs three microseconds to be asked, whatever is asked for, and an
// entry needs a salt. What was given is wiped out.
class Supply {
 public:
  Supply() {
    static const bool watched = WatchForks();
    SELARAS_CHECK(watched) << "no room to remember what is to be done after a fork";
  }
  Supply(const Supply&) = delete;
  Supply& operator=(const Supply&) = delete;
  ~Supply() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  static constexpr std::size_t kTakenMax = 64;

  void Take(unsigned char* to, std::size_t count) {
    const int now = forks.load(std::memory_order_relaxed);
    if (left_ < count || filled_in_ != now) {
      FillFromSystem(bytes_.data(), bytes_.size());
      left_ = bytes_.size();
      filled_in_ = now;
    }
    unsigned char* from = bytes_.data() + bytes_.size() - left_;
    std::copy(from, from + count, to);
    OPENSSL_cleanse(from, count);
    left_ -= count;
  }

 private:
  std::array<unsigned char, 1'024> bytes_ = {};
  std::size_t left_ = 0;
  int filled_in_ = 0;
};

}  // namespace

std::string SystemRandom::Fill(std::size_t count) {
  std::string bytes(count, '\0');
  auto* to = reinterpret_cast<unsigned char*>(bytes.data());
  if (count > Supply::kTakenMax) {
    FillFromSystem(to, count);
    return bytes;
  }
  thread_local Supply supply;
  supply.Take(to, count);
  return bytes;
}

}  // namespace selaras::crypto
