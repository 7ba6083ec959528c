// Writes to a store until it is killed, and says on standard output what it was told.
//
// usage: crash_writer DIRECTORY [ENTRIES]
//
// Begins with what the opened store holds. With ENTRIES it writes that many in large batches, says
// so once, and waits. A write that is refused for want of room is said and tried again.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "storage/log/limits.h"
#include "tests/integration/storage/crash_script.h"

namespace selaras::test {
namespace {

constexpr int kExitCannotOpen = 1;

// One write(2) for a line: a reader never sees half of one.
void Say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::exit(0);  // nobody listens
}

void Fill(log::Store& store, std::uint64_t entries) {
  while (store.shared().size().value < entries) {
    log::AppendBatch batch;
    std::uint64_t next = store.shared().size().value;
    while (batch.shared.size() < log::kAppendEntriesMax && next < entries) {
      batch.shared.push_back(ScriptedEntry(kCrashNode, next++));
    }
    if (!store.Append(batch).ok()) std::exit(kExitCannotOpen);
  }
}

int Run(const std::string& directory, std::uint64_t entries) {
  const auto store = rocks::RocksStore::Open(CrashOptions(directory));
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return kExitCannotOpen;
  }
  if (entries > 0) {
    Fill(**store, entries);
    Say(Told::About(**store).Line());
    for (;;) ::pause();
  }
  Say(Told::About(**store).Line());
  for (;;) {
    const auto appended = WriteStep(**store);
    Say(appended.ok() ? Told::About(**store).Line() : "refused\n");
    if (!appended.ok()) ::usleep(20'000);
  }
}

}  // namespace
}  // namespace selaras::test

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  return selaras::test::Run(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0);
}
