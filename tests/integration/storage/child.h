#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace selaras::test {

// A process whose standard output we read line by line.
class Child {
 public:
  // Its standard error goes to `errors`, a file.
  Child(const std::vector<std::string>& arguments, const std::string& errors);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next whole line without its end, or nothing if the process closed its output.
  std::optional<std::string> ReadLine();

  // The whole lines that it has written by now and that were not read.
  std::vector<std::string> ReadAvailable();

  // Ends it without notice if it still runs. Gives its exit code, or minus the signal.
  int Kill();
  // Waits until it has ended by itself.
  int Wait();

 private:
  std::optional<std::string> TakeLine();
  bool Fill();

  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
};

}  // namespace selaras::test
