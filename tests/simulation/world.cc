#include "world.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/verify/event_inspector.h"
#include "services/verify/views.h"
#include "storage/audit/audit.h"
#include "storage/base/check.h"
#include "storage/merkle/prove.h"
#include "tests/support/memory_scratch.h"
#include "tests/support/random.h"
#include "tests/support/recount.h"

namespace selaras::test {
namespace {

link::Flow RandomFlow(std::mt19937_64& random) {
  link::Flow flow;
  flow.frame_leaves = test::Between(random, 4, 60);
  flow.frame_entries = test::Between(random, 1, 5);
  flow.frame_entry_bytes = test::Between(random, 1, 3'000);
  flow.window_bytes = test::Between(random, 1, 8'000);
  flow.silence = absl::Seconds(test::Between(random, 1, 5));
  flow.silence_max = flow.silence * 4;
  flow.heartbeat = absl::Seconds(test::Between(random, 2, 30));
  return flow;
}

Trouble RandomTrouble(std::mt19937_64& random) {
  return {test::Between(random, 0, 3) * 10, test::Between(random, 0, 2) * 15,
          test::Between(random, 1, 6)};
}

// An outcome without what may differ between an answer and its repetition.
std::string Effect(command::v1::CommandOutcome outcome) {
  outcome.clear_repeated_request();
  outcome.clear_checkpoint();
  outcome.clear_receipts();
  return outcome.SerializeAsString();
}

}  // namespace

World::World(int cases, std::mt19937_64& random) : random_(random) {
  const link::Flow flow = RandomFlow(random);
  trouble_ = RandomTrouble(random);
  silence_ = flow.silence;
  const auto bawaslu = BawasluNode(), bkn = BknNode(), datar = TanahDatar(), padang = Padang();
  const auto other = OtherOffice();
  const auto add = [&](const node::PeerNode& own, std::vector<node::PeerNode> peers) {
    Node& at = nodes_.emplace_back();
    at.node = std::make_unique<CaseNode>(own, std::move(peers), random());
    at.clock_error = static_cast<std::int64_t>(Between(0, 600)) - 300;
  };
  add(bawaslu, {other, bkn, datar, padang});
  add(bkn, {bawaslu, other, datar, padang});
  add(datar, {bawaslu, other, bkn});
  add(padang, {bawaslu, other, bkn});
  add(other, {bawaslu, bkn, datar, padang});
  for (const auto& [a, b] :
       {std::pair(0, 1), {0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}, {2, 4}, {3, 4}}) {
    lines_.emplace_back(*nodes_[static_cast<std::size_t>(a)].node,
                        *nodes_[static_cast<std::size_t>(b)].node, flow, random);
  }
  // In some worlds lines are down for long, so that news overtake each other by way of others.
  for (Line& line : lines_) line.down_for = Between(0, 7) == 0 ? Between(1, 20) : 0;
  const Offices offices{*nodes_[0].node, *nodes_[4].node, *nodes_[1].node, *nodes_[2].node,
                        *nodes_[3].node};
  for (int i = 0; i < cases; ++i) cases_.push_back(PlanCase(offices, i + 1, random));
}

std::uint64_t World::Between(std::uint64_t low, std::uint64_t high) {
  return test::Between(random_, low, high);
}

void World::Step() {
  switch (Between(0, 16)) {
    case 0:
    case 1:
    case 2: {
      auto& desks = cases_[Between(0, cases_.size() - 1)].desks;
      return Ask(desks[Between(0, desks.size() - 1)]);
    }
    case 3:
    case 4:
    case 5:
      return Commit(Any(), Between(1, 4), Between(0, 9) > 0);
    case 6:
    case 7:
    case 8: {
      CaseNode& node = *Any().node;
      node.ProjectSome();
      if (Between(0, 3) == 0) node.Count();
      return Grew(node);
    }
    case 9:
      return Advance(Between(0, 7) == 0 ? absl::Hours(Between(1, 100))
                                        : absl::Milliseconds(Between(1, 2'000)));
    case 10:
      if (Between(0, 2) > 0) return;
      return Between(0, 1) == 0 ? PowerCut(Any()) : AnyLine().Connect();
    case 11:
      return Repeat();
    case 12:
      return Speak(Any());
    default:
      return Move(AnyLine());
  }
}

void World::Move(Line& line) {
  if (line.down_for > 0) return;
  for (std::uint64_t frames = Between(1, 12); frames > 0; --frames) {
    const std::uint64_t end = Between(0, 1);
    if (Between(0, 1) == 0) {
      line.SendNext(end, trouble_);
    } else {
      line.DeliverNext(end, trouble_, now_);
    }
  }
  if (const absl::Status fault = line.fault(); !fault.ok()) Broken(fault.ToString());
}

void World::Ask(Desk& desk) {
  auto request = desk.Next();
  if (!request) return;
  for (Node& at : nodes_) {
    if (at.node.get() == &desk.node()) at.queue.push_back({*std::move(request), &desk});
  }
}

void World::Commit(Node& at, std::size_t most, bool answers_arrive) {
  std::vector<Asked> batch;
  while (!at.queue.empty() && batch.size() < most) {
    batch.push_back(std::move(at.queue.front()));
    at.queue.pop_front();
  }
  std::vector<node::Request> requests;
  for (const Asked& asked : batch) requests.push_back(asked.request);
  at.node->now = now_ + absl::Seconds(at.clock_error);
  const auto outcomes = at.node->ExecuteTogether(requests);
  if (answers_arrive) {
    for (std::size_t i = 0; i < batch.size(); ++i) Answer(batch[i], outcomes[i]);
  } else {
    for (const Asked& asked : batch) asked.desk->Lost();
  }
  Grew(*at.node);
}

void World::Answer(const Asked& asked, const node::Outcome& outcome) {
  const std::pair key(&asked.desk->node(), asked.request.header.request_id());
  if (outcome.ok()) {
    const auto [first, fresh] = answered_.emplace(key, *outcome);
    if (fresh) {
      accepted_.push_back(asked);
    } else if (Effect(first->second) != Effect(*outcome)) {
      Broken(absl::StrCat(key.second, " was answered twice and differently"));
    }
  }
  if (key.second != asked.desk->request_id()) return;  // a repetition of something done
  if (const std::string wrong = asked.desk->Answered(outcome); !wrong.empty()) Broken(wrong);
}

void World::Repeat() {
  if (accepted_.empty()) return;
  const Asked asked = accepted_[Between(0, accepted_.size() - 1)];
  for (Node& owner : nodes_) {
    if (owner.node.get() != &asked.desk->node()) continue;
    const node::Outcome again = owner.node->Execute(asked.request);
    if (!again.ok() || !again->repeated_request()) {
      Broken(absl::StrCat(asked.request.header.request_id(), " was not known again"));
    }
    Answer(asked, again);
  }
}

// What a watcher hands out may be lost before it is committed: then it comes again.
void World::Speak(Node& at) {
  at.node->now = now_ + absl::Seconds(at.clock_error);
  const auto learnt = at.node->watcher().Learn();
  SELARAS_CHECK(learnt.ok()) << learnt.status();
  const auto due = at.node->watcher().Due(at.node->now);
  SELARAS_CHECK(due.ok()) << due.status();
  if (due->empty() || Between(0, 3) == 0) return;
  for (const node::Outcome& outcome : at.node->ExecuteTogether(*due)) {
    if (outcome.ok() || domain::ReasonOf(outcome.status()) == "RULE") continue;
    Broken(absl::StrCat("a watcher was refused: ", outcome.status().ToString()));
  }
  Grew(*at.node);
}

void World::PowerCut(Node& at) {
  // Some of what waits was committed and never answered.
  if (Between(0, 1) == 0) Commit(at, Between(0, 4), false);
  for (const Asked& asked : at.queue) asked.desk->Lost();
  at.queue.clear();
  at.node->Crash();
  for (Line& line : lines_) {
    if (line.Joins(*at.node)) line.Connect();
  }
}

void World::Grew(const CaseNode& node) {
  for (Line& line : lines_) line.OwnLogGrew(node);
}

void World::Advance(absl::Duration by) {
  now_ += by;
  for (Line& line : lines_) line.Tick(now_);
}

bool World::Settled() {
  for (const Node& at : nodes_) {
    if (!at.queue.empty() || !*at.node->projector().CaughtUp()) return false;
  }
  return std::all_of(lines_.begin(), lines_.end(), [](const Line& line) { return line.Settled(); });
}

bool World::Settle() {
  if (!FinishWork()) return false;
  // Whatever still runs out does so now.
  Advance(absl::Hours(24 * 90));
  for (Node& at : nodes_) {
    at.node->now = now_ + absl::Seconds(at.clock_error);
    at.node->Watch();
    Grew(*at.node);
  }
  return FinishWork();
}

bool World::FinishWork() {
  for (int round = 0; round < 200; ++round) {
    bool done = true;
    for (PlannedCase& planned : cases_) {
      for (Desk& desk : planned.desks) {
        Ask(desk);
        // Whoever lost the race waits for ever.
        done = done && (desk.done() || planned.race);
      }
    }
    for (Node& at : nodes_) {
      Commit(at, at.queue.size(), true);
      at.node->Project();
      Grew(*at.node);
    }
    for (Line& line : lines_) {
      if (line.down_for > 0) --line.down_for;
      if (line.down_for == 0) line.Drain(now_);
    }
    for (Node& at : nodes_) {
      at.node->Project();
      Grew(*at.node);
    }
    if (done && round > 1 && Settled()) {
      for (Line& line : lines_) line.SaveProgress();
      return true;
    }
    Advance(silence_);
  }
  return false;
}

void World::CheckEffects() {
  for (Node& at : nodes_) {
    std::map<std::string, int> entries;  // by request tag
    for (const auto& event : at.node->Events()) {
      if (!event.fact().has_deadline_rung_reached()) ++entries[event.request_tag()];
    }
    std::size_t known = 0;
    for (const auto& [key, outcome] : answered_) {
      if (key.first != at.node.get()) continue;
      const auto authority = at.node->directory().own().authorities[0];
      const std::string tag(at.node->engine().keys().RequestTag(authority, key.second).view());
      if (entries[tag] != outcome.positions_size()) {
        Broken(absl::StrCat(key.second, " has ", entries[tag], " entries, not ",
                            outcome.positions_size()));
      }
      ++known;
    }
    if (entries.size() != known) Broken("an entry is of no request");
  }
}

void World::CheckRungs() {
  std::map<std::string, int> stated;
  for (const Node& at : nodes_) {
    for (const auto& event : at.node->Events()) {
      if (!event.fact().has_deadline_rung_reached()) continue;
      const auto& rung = event.fact().deadline_rung_reached();
      const std::string subject = event.case_id().empty() ? event.report_id() : event.case_id();
      const std::string name =
          absl::StrCat(rung.deadline(), " from ", rung.anchor().log(), "@",
                       rung.anchor().sequence(), " at ", rung.rung(), " in ", subject);
      if (++stated[name] == 2) Broken(absl::StrCat(name, " was stated twice"));
      ++rungs_;
    }
    const auto due = at.node->watcher().Due(at.node->now);
    SELARAS_CHECK(due.ok()) << due.status();
    if (!due->empty()) Broken(absl::StrCat(at.node->name(), " owes ", due->size(), " rungs"));
  }
}

void World::CheckMirrors() {
  for (const Node& at : nodes_) {
    for (const log::Mirror* mirror : at.node->store().mirrors()) CheckMirror(*at.node, *mirror);
  }
}

void World::CheckMirror(const CaseNode& node, const log::Mirror& mirror) {
  const auto source = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& other) {
    return other.node->name() == mirror.name();
  });
  SELARAS_CHECK(source != nodes_.end());
  const log::LogReader& log = source->node->store().shared();
  if (mirror.size() != log.size()) return Broken("a mirror is not complete");
  const auto root = merkle::RootAt(log, log.size());
  const auto held = merkle::RootAt(mirror, mirror.size());
  if (!root.ok() || !held.ok() || *root != *held) return Broken("a mirror is no prefix of its log");
  for (std::uint64_t i = 0; i < mirror.size().value; ++i) {
    const auto entry = mirror.Entry({i});
    SELARAS_CHECK(entry.ok()) << entry.status();
    if (!*entry) continue;
    event::v1::Event event;
    if (!event.ParseFromString(**entry) || event.party_number() == 0) {
      Broken(absl::StrCat("an office entry reached ", node.name()));
    } else if (!IsParty(node, event.case_id())) {
      Broken(absl::StrCat(node.name(), " holds an entry of a case of others"));
    }
    if (absl::StrContains(**entry, "Budi Penyampai")) Broken("the reporter left the office");
  }
}

domain::CaseFold World::FoldAt(const CaseNode& node, const std::string& id) const {
  const auto subject = node::LoadSubject(node.store(), node::rows::CaseState(id));
  const auto view = node::LoadCaseView(node.store(), id);
  SELARAS_CHECK(subject.ok() && view.ok());
  return node::Combine(id, *subject ? &**subject : nullptr, *view);
}

// As the office that opened it knows it: everything reaches a party.
bool World::IsParty(const CaseNode& node, const std::string& id) const {
  const auto parties = domain::PartiesOf(FoldAt(*nodes_[0].node, id));
  return std::any_of(parties.begin(), parties.end(), [&](const std::string& party) {
    return node.directory().Serves(node.directory().own(), party);
  });
}

void World::CheckCases() {
  for (const PlannedCase& planned : cases_) CheckCase(planned);
}

void World::CheckCase(const PlannedCase& planned) {
  const std::string id = planned.desks[0].case_id();
  const auto at_bawaslu = nodes_[0].node->Case(id);
  if (!at_bawaslu.ok()) return Broken("Bawaslu lost a case");
  for (const Node& at : nodes_) {
    const CaseNode& node = *at.node;
    const bool party = &node == nodes_[0].node.get() || IsParty(node, id);
    if (party) {
      CheckParty(planned, id, node);
      continue;
    }
    if (!absl::IsNotFound(node.Case(id).status())) {
      Broken(absl::StrCat(node.name(), " knows a case of others"));
    }
    if (node.store().Get(log::Table::kView, node::rows::CaseView(id))->has_value()) {
      Broken(absl::StrCat(node.name(), " keeps a row of a case of others"));
    }
  }
}

namespace {

void KeepOnlySanctionOf(const std::string& writer, domain::CaseFold& fold) {
  auto* segments = fold.mutable_segments();
  segments->erase(std::remove_if(segments->begin(), segments->end(),
                                 [&](const auto& segment) {
                                   return segment.section() == static_cast<std::uint32_t>(
                                                                   domain::Section::kSanction) &&
                                          segment.writer() != writer;
                                 }),
                  segments->end());
}

}  // namespace

void World::CheckParty(const PlannedCase& planned, const std::string& id, const CaseNode& node) {
  const auto seen = node.Case(id);
  if (!seen.ok()) return Broken(absl::StrCat(node.name(), " misses a case of its own"));
  domain::CaseFold here = FoldAt(node, id);
  domain::CaseFold there = FoldAt(*nodes_[1].node, id);
  if (there.segments().empty()) there = FoldAt(*nodes_[0].node, id);
  // A PPK from which the case was taken away has no line to the one that got it.
  if (node.decider().section() == domain::Section::kSanction) {
    const std::string& own = node.directory().own().authorities[0];
    KeepOnlySanctionOf(own, here);
    KeepOnlySanctionOf(own, there);
  }
  if (domain::PartyDigest(here) != domain::PartyDigest(there)) {
    Broken(absl::StrCat("the parties of a case disagree at ", node.name()));
  }
  if (!planned.race && seen->contradictions_size() > 0) {
    Broken(absl::StrCat(node.name(), ": ", seen->contradictions(0)));
  }
  for (const auto& section : seen->sections()) {
    if (section.incomplete()) Broken(absl::StrCat(node.name(), " misses entries"));
  }
  for (const auto& arrival : seen->arrivals()) {
    if (!arrival.arrived()) Broken(absl::StrCat(node.name(), " does not show what arrived"));
  }
  for (const Desk& desk : planned.desks) {
    if (desk.done() && desk.case_id() != id && !planned.race)
      Broken("a look-up found another case");
  }
}

void World::CheckRows() {
  for (const Node& at : nodes_) {
    const auto& store = at.node->store();
    SELARAS_CHECK(
        store
            .Scan(log::Table::kState, "", "",
                  [&](auto key, auto value) {
                    storage::v1::StoredSubject row;
                    SELARAS_CHECK(row.ParseFromArray(value.data(), static_cast<int>(value.size())));
                    const auto fresh = node::Refold(store, row);
                    if (!fresh.ok() || fresh->SerializeAsString() != value) {
                      Broken(absl::StrCat("the row ", key, " does not follow from its entries"));
                    }
                    return true;
                  })
            .ok());
  }
}

void World::CheckAudits() {
  verify::EventInspector inspector;
  for (const Node& at : nodes_) {
    const absl::Status trusted = inspector.Trust(at.node->signer().VerifierText());
    if (!trusted.ok()) Broken(std::string(trusted.message()));
  }
  for (const Node& at : nodes_) {
    audit::AuditReport report = audit::Audit(at.node->store(), inspector, {}, nullptr);
    // Clocks may be wrong by as much as these.
    const absl::Time now = std::max(now_, at.node->now) + absl::Hours(24 * 30);
    verify::AuditRows(
        at.node->store(), MemoryScratch::Make, at.node->subject_keys(), [now] { return now; }, {},
        nullptr, &report);
    for (const audit::Finding& finding : report.findings) {
      Broken(absl::StrCat(at.node->name(), ": an audit finds ", audit::NameOf(finding.part), " ",
                          finding.subject, ": ", finding.problem, "; expected ", finding.expected,
                          ", is ", finding.actual));
    }
  }
}

void World::CheckNumbers() {
  for (const Node& at : nodes_) {
    if (const std::string found = DifferenceFromRecount(*at.node); !found.empty()) Broken(found);
  }
}

}  // namespace selaras::test
