#include "tools/selaras/reconcile/compare_case.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/fold.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using cli::v1::ReconciledFinding;
using query::v1::TimelineStep;

template <typename List>
bool Contains(const List& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Authorities of the node that are parties of the case, as any node shows it.
std::set<std::string> PartiesAt(const ledger::v1::GetNodeResponse& node,
                                const std::vector<SeenCase>& seen) {
  std::set<std::string> parties;
  for (const SeenCase& each : seen) {
    for (const std::string& party : each.the_case.parties()) {
      if (Contains(node.authorities(), party)) parties.insert(party);
    }
  }
  return parties;
}

// Whether the fact makes one of the authorities a party.
bool MakesParty(const event::v1::Fact& fact, const ledger::v1::GetNodeResponse& node) {
  const google::protobuf::Message* kind = domain::KindMessage(fact);
  if (kind == nullptr) return false;
  const auto* field = kind->GetDescriptor()->FindFieldByName("parties");
  if (field == nullptr) return false;
  const auto* reflection = kind->GetReflection();
  for (int i = 0; i < reflection->FieldSize(*kind, field); ++i) {
    if (Contains(node.authorities(), reflection->GetRepeatedString(*kind, field, i))) return true;
  }
  return false;
}

class Comparison {
 public:
  Comparison(const std::string& case_id, const std::vector<SeenCase>& seen, absl::Duration late)
      : case_id_(case_id), seen_(seen), late_(late) {
    for (const SeenCase& each : seen_) {
      auto& steps = steps_.emplace_back();
      for (const TimelineStep& step : each.timeline.steps()) {
        steps[PositionText(step.position())] = &step;
      }
    }
  }

  std::vector<ReconciledFinding> Run() {
    for (std::size_t at = 0; at < seen_.size(); ++at) {
      if (seen_[at].shown) {
        FindOwnContradictions(at);
        FindGaps(at);
      } else {
        FindWholeCase(at);
      }
    }
    for (std::size_t a = 0; a < seen_.size(); ++a) {
      for (std::size_t b = 0; b < seen_.size(); ++b) {
        if (a == b || !seen_[a].shown || !seen_[b].shown) continue;
        FindUndelivered(a, b);
        FindHeldElsewhere(a, b);
        FindDenied(a, b);
        FindLate(a, b);
        if (a < b) FindForks(a, b);
      }
    }
    for (std::size_t a = 0; a < seen_.size(); ++a) {
      for (std::size_t b = a + 1; b < seen_.size(); ++b) FindOtherConclusions(a, b);
    }
    return std::move(findings_);
  }

 private:
  const std::string& Name(std::size_t at) const { return seen_[at].node->node(); }

  ReconciledFinding& Add(absl::string_view result, std::size_t node, const std::string& other,
                         std::string why, std::string to_do) {
    ReconciledFinding& finding = findings_.emplace_back();
    finding.set_kind("finding");
    finding.set_result(std::string(result));
    finding.set_case_id(case_id_);
    finding.set_node(Name(node));
    finding.set_other(other);
    finding.set_why(std::move(why));
    finding.set_to_do(std::move(to_do));
    return finding;
  }

  // A party's node that shows nothing.
  void FindWholeCase(std::size_t at) {
    const std::set<std::string> parties = PartiesAt(*seen_[at].node, seen_);
    if (parties.empty()) return;
    const auto& looks_for = seen_[at].node->looks_for();
    const bool visible = std::any_of(parties.begin(), parties.end(), [&](const std::string& party) {
      return Contains(looks_for, party);
    });
    if (!visible) {
      Add("not_compared", at, "",
          absl::StrCat("you may not see there what is of ", absl::StrJoin(parties, ", ")),
          "ask with a certificate that may see it");
      return;
    }
    bool sent = false;
    for (std::size_t from = 0; from < seen_.size(); ++from) {
      sent = FindUndelivered(from, at) || sent;
    }
    if (!sent) {
      Add("missing", at, "", "holds nothing of a case to which it is a party",
          absl::StrCat("the authors of the case must deliver it to ", Name(at)));
    }
  }

  void FindOwnContradictions(std::size_t at) {
    for (const std::string& line : seen_[at].the_case.contradictions()) {
      Add("contradictory", at, "", line,
          "the agencies named must say which of their entries holds");
    }
  }

  void FindGaps(std::size_t at) {
    for (const query::v1::Section& section : seen_[at].the_case.sections()) {
      if (!section.incomplete()) continue;
      Add("missing", at, section.log(),
          absl::StrCat("entries of ", section.writer(), " are missing by their numbers"),
          absl::StrCat(section.log(), " must deliver them to ", Name(at)));
    }
  }

  // What `from` disclosed to `at`, and `at` does not hold. Whether there is any.
  bool FindUndelivered(std::size_t from, std::size_t at) {
    std::vector<std::string> lost;
    std::vector<std::string> on_the_way;
    for (const query::v1::Arrival& arrival : seen_[from].the_case.arrivals()) {
      const std::string position = PositionText(arrival.position());
      if (arrival.peer() != Name(at) || steps_[at].contains(position)) continue;
      (arrival.arrived() ? lost : on_the_way).push_back(position);
    }
    AddMissing(at, Name(from), on_the_way, "disclosed to it, and not arrived",
               absl::StrCat(Name(from), " and ", Name(at),
                            " must bring their link up: selaras link list"));
    AddMissing(at, Name(from), lost, "acknowledged as arrived, and not shown",
               absl::StrCat(Name(at), " must verify its store: selaras log verify"));
    return !lost.empty() || !on_the_way.empty();
  }

  // Entries of authors who were not asked, which `from` holds and `at` does not.
  void FindHeldElsewhere(std::size_t from, std::size_t at) {
    std::map<std::string, std::vector<std::string>> by_log;
    for (const auto& [position, step] : steps_[from]) {
      const std::string& log = step->position().log();
      const bool asked = std::any_of(seen_.begin(), seen_.end(), [&](const SeenCase& each) {
        return each.node->node() == log;
      });
      if (!asked && !steps_[at].contains(position)) by_log[log].push_back(position);
    }
    for (const auto& [log, positions] : by_log) {
      AddMissing(at, Name(from), positions, absl::StrCat(Name(from), " holds them"),
                 absl::StrCat(log, " must deliver them to ", Name(at)));
    }
  }

  void AddMissing(std::size_t at, const std::string& other,
                  const std::vector<std::string>& positions, std::string why, std::string to_do) {
    if (positions.empty()) return;
    ReconciledFinding& finding = Add("missing", at, other, std::move(why), std::move(to_do));
    *finding.mutable_positions() = {positions.begin(), positions.end()};
  }

  // Entries of `from` that `at` holds, and `from` itself does not show.
  void FindDenied(std::size_t from, std::size_t at) {
    std::vector<std::string> denied;
    for (const auto& [position, step] : steps_[at]) {
      if (step->position().log() == Name(from) && !steps_[from].contains(position)) {
        denied.push_back(position);
      }
    }
    if (denied.empty()) return;
    ReconciledFinding& finding =
        Add("contradictory", from, Name(at),
            absl::StrCat(Name(at), " holds entries of it that it does not show"),
            absl::StrCat(Name(from), " must verify its store: selaras log verify"));
    *finding.mutable_positions() = {denied.begin(), denied.end()};
  }

  void FindForks(std::size_t a, std::size_t b) {
    std::vector<std::string> forked;
    for (const auto& [position, step] : steps_[a]) {
      const auto other = steps_[b].find(position);
      if (other != steps_[b].end() && other->second->leaf_hash() != step->leaf_hash()) {
        forked.push_back(position);
      }
    }
    if (forked.empty()) return;
    ReconciledFinding& finding =
        Add("contradictory", a, Name(b), "both hold another entry at the same place",
            "whoever wrote that log must explain it: selaras log diff shows where it forks");
    *finding.mutable_positions() = {forked.begin(), forked.end()};
  }

  // Since when the node is to be told of the case.
  std::optional<absl::Time> PartySince(std::size_t at) const {
    std::optional<absl::Time> since;
    for (const auto& [position, step] : steps_[at]) {
      if (!MakesParty(step->fact(), *seen_[at].node)) continue;
      const absl::Time recorded = ToTime(step->recorded_at());
      if (!since || recorded < *since) since = recorded;
    }
    return since;
  }

  void FindLate(std::size_t from, std::size_t at) {
    const std::optional<absl::Time> since = PartySince(at);
    std::vector<std::string> late;
    absl::Duration longest;
    for (const auto& [position, step] : steps_[at]) {
      if (step->position().log() != Name(from) || !step->has_held_since()) continue;
      absl::Time recorded = ToTime(step->recorded_at());
      if (since) recorded = std::max(recorded, *since);
      const absl::Duration took = ToTime(step->held_since()) - recorded;
      if (took <= late_) continue;
      late.push_back(position);
      longest = std::max(longest, took);
    }
    if (late.empty()) return;
    ReconciledFinding& finding =
        Add("late", at, Name(from),
            absl::StrCat("held up to ",
                         absl::FormatDuration(absl::Trunc(longest, absl::Milliseconds(1))),
                         " after they were recorded, by the two clocks"),
            "");
    *finding.mutable_positions() = {late.begin(), late.end()};
  }

  // At equal knowledge all come to the same conclusions.
  void FindOtherConclusions(std::size_t a, std::size_t b) {
    const query::v1::Case& one = seen_[a].the_case;
    const query::v1::Case& two = seen_[b].the_case;
    if (!seen_[a].shown || !seen_[b].shown || KnowsLess(a) || KnowsLess(b)) return;
    std::vector<std::string> fields;
    const auto compare = [&](absl::string_view name, const std::string& x, const std::string& y) {
      if (x != y)
        fields.push_back(
            absl::StrCat(name, " ", x.empty() ? "nobody" : x, " / ", y.empty() ? "nobody" : y));
    };
    compare("state", StateWord(one.state()), StateWord(two.state()));
    compare("holder", one.holder(), two.holder());
    compare("waiting for", one.waiting_for(), two.waiting_for());
    compare("digest", one.party_digest().substr(0, 8), two.party_digest().substr(0, 8));
    if (fields.empty()) return;
    Add("contradictory", a, Name(b),
        absl::StrCat("at equal knowledge: ", absl::StrJoin(fields, ", ")),
        "both must run the same version of the program and of the reference data");
  }

  bool KnowsLess(std::size_t at) const {
    return std::any_of(findings_.begin(), findings_.end(), [&](const ReconciledFinding& finding) {
      return finding.result() == "missing" && finding.node() == Name(at);
    });
  }

  const std::string& case_id_;
  const std::vector<SeenCase>& seen_;
  const absl::Duration late_;
  std::vector<std::map<std::string, const TimelineStep*>> steps_;  // by position, for each node
  std::vector<ReconciledFinding> findings_;
};

}  // namespace

std::vector<ReconciledFinding> CompareCase(const std::string& case_id,
                                           const std::vector<SeenCase>& seen, absl::Duration late) {
  return Comparison(case_id, seen, late).Run();
}

bool IsShared(const std::vector<SeenCase>& seen) {
  return std::count_if(seen.begin(), seen.end(), [&](const SeenCase& each) {
           return each.shown || !PartiesAt(*each.node, seen).empty();
         }) > 1;
}

}  // namespace selaras::cli
