#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/case_node.h"
#include "tests/support/requests.h"

// What the offices want: cases with an end in mind, and the requests by which each office takes
// its part of them there. An office knows only what its own node shows it.
namespace selaras::test {

// Numbers of a case as people write them on paper.
struct Papers {
  std::string nip;
  std::string referral_letter;
  std::string recommendation_letter;
  std::string region;  // of the respondent's agency
};

// How the requests of one office about one case go on.
class Desk {
 public:
  // Makes the next request, or nothing if what it needs is not here yet.
  using Step = std::function<std::optional<node::Request>(const Desk&)>;

  Desk(CaseNode& node, std::string name, Papers papers)
      : node_(node), name_(std::move(name)), papers_(std::move(papers)) {}

  // What the node shows of the case.
  absl::StatusOr<query::v1::Case> Shown() const { return node_.Case(case_id_); }

  void Then(Step step) { steps_.push_back({std::move(step), Forbidden::kWrong}); }
  // As Then, but the rules may forbid it by then, and that is well too.
  void MayThen(Step step) { steps_.push_back({std::move(step), Forbidden::kDone}); }
  // As Then, but the rules may forbid it as long as something has not come here.
  void InTimeThen(Step step) { steps_.push_back({std::move(step), Forbidden::kWait}); }

  bool done() const { return next_ == steps_.size(); }
  bool waiting() const { return waiting_; }
  // The request that is due; the same one again until it is answered.
  std::optional<node::Request> Next();
  void Lost() { waiting_ = false; }
  // What is wrong with the answer; empty if nothing is.
  std::string Answered(const node::Outcome& outcome);

  CaseNode& node() const { return node_; }
  const Papers& papers() const { return papers_; }
  std::string request_id() const;
  const std::vector<command::v1::CommandOutcome>& outcomes() const { return outcomes_; }
  // The case as the office knows it: opened here, or found by a number and the NIP.
  const std::string& case_id() const { return case_id_; }
  std::optional<std::string> Find(event::v1::ReferenceKind kind, const std::string& number) const;

 private:
  // What a refusal by a rule means.
  enum class Forbidden { kWrong, kDone, kWait };
  struct Planned {
    Step step;
    Forbidden forbidden;
  };

  CaseNode& node_;
  const std::string name_;
  const Papers papers_;
  std::vector<Planned> steps_;
  std::size_t next_ = 0;
  bool waiting_ = false;
  std::optional<node::Request> request_;
  std::string case_id_;
  std::vector<command::v1::CommandOutcome> outcomes_;
};

// One case and the desks that work on it.
struct PlannedCase {
  std::deque<Desk> desks;  // the first one opens it
  bool race = false;       // two offices may contradict each other, which must show everywhere
};

// The nodes by role.
struct Offices {
  CaseNode& bawaslu;
  CaseNode& other_office;  // of Bawaslu
  CaseNode& bkn;
  CaseNode& tanah_datar;
  CaseNode& padang;
};

// A case with a random course.
PlannedCase PlanCase(const Offices& offices, int number, std::mt19937_64& random);

}  // namespace selaras::test
