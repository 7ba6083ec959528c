#pragma once

#include <cstdint>
#include <string>

#include "selaras/command/v1/command.pb.h"
#include "selaras/intake/v1/intake.pb.h"

// What a load sends: reports with one respondent each, from receipt to conclusion or until the case
// is sent on. Nobody in them exists, and their numbers are well formed.
namespace selaras::load {

// What all requests of a run have in common.
struct RunOfLoad {
  std::string id;         // stands in request ids and, as the trace, in each entry that it makes
  std::string authority;  // for which the commands are sent
  bool refers = false;    // each case is sent on in the end, so that followers see its entries
};

// Commands of the life of a report: receive, name, review, conclude, and refer if the run does.
int StepsPerReport(bool refers);

// How many whole lives fit a request, which holds at most 64 commands.
int ReportsPerRequestMax(bool refers);

// A run of its own: nobody has used its request ids before.
RunOfLoad NewRun(const std::string& random_bytes, std::string authority);

// The requests of one caller, each made when the one before is answered.
class Course {
 public:
  // `reports_per_request` whole lives in each request, at most ReportsPerRequestMax; 0: each
  // request is one command, about what the answers before it opened.
  Course(RunOfLoad run, int caller, int reports_per_request);

  // The next request. `previous` is the answer to the last one; ignored at first.
  intake::v1::ExecuteBatchRequest Next(const command::v1::CommandOutcome& previous);

 private:
  RunOfLoad run_;
  int caller_;
  int reports_per_request_;
  std::uint64_t requests_ = 0;
  std::uint64_t reports_ = 0;
  int step_ = 0;
  std::string report_id_;
  std::string case_id_;
};

// A NIP of nobody, other ones for other numbers (some 15 million).
std::string SyntheticNip(std::uint64_t number);

}  // namespace selaras::load
