#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "storage/crypto/ed25519.h"
#include "storage/log/store.h"

namespace selaras::test {

// A store under the contract, and what may happen to it.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;

  virtual log::Store& store() = 0;
  // Stops and starts again. Everything that was written stays.
  virtual void Reopen() = 0;
  // From now on it is started with this key.
  virtual void Configure(const crypto::SigningKey& key) = 0;
  // Closes both own logs, which go on in their successors, and starts again on these by that key.
  virtual absl::Status Succeed(const log::Succession& shared, const log::Succession& private_log,
                               const std::vector<log::RowWrite>& rows,
                               const crypto::SigningKey& next) = 0;
  // Goes down without notice, and starts again. What was not synced may be gone.
  virtual void Crash() = 0;
};

struct StoreMaker {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;

  // What lists of tests show of it.
  friend void PrintTo(const StoreMaker& maker, std::ostream* out) { *out << maker.name; }
};

inline constexpr char kNodeName[] = "bawaslu-13";

// Every implementation.
std::vector<StoreMaker> StoreMakers();

// What verifies the checkpoints of a log of kNodeName.
log::NoteVerifier VerifierOf(const log::LogReader& log);

}  // namespace selaras::test
