#include "storage/crypto/random.h"

#include <openssl/rand.h>

#include "storage/base/check.h"

namespace selaras::crypto {

std::string SystemRandom::Fill(std::size_t count) {
  std::string bytes(count, '\0');
  SELARAS_CHECK(RAND_bytes_ex(nullptr, reinterpret_cast<unsigned char*>(bytes.data()), count, 0) ==
                1)
      << "no random bytes: the operating system's source is not available";
  return bytes;
}

}  // namespace selaras::crypto
