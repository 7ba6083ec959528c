// What one command costs, piece by piece, without the line and the disk.
//
//   hot_path_benchmark [--benchmark_filter=REGEX]
//
// Pieces that stand in each other: Execute holds Decide, Seal, Encode, LeafHash, Frontier, Sign and
// Receipt; Project follows each entry on a thread of its own, Follow each case at a node that gets
// it, which has so many peers. Build it with `ninja
// hot_path_benchmark` in build/release; it is there if Google Benchmark is installed.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <benchmark/benchmark.h>

#include "services/domain/fold.h"
#include "services/node/seal.h"
#include "storage/base/check.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/receipt.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"
#include "tests/support/case_node.h"
#include "tests/support/requests.h"

namespace selaras {
namespace {

constexpr std::size_t kEntryBytes = 512;
constexpr int kBatch = 64;  // commands that wait together

std::unique_ptr<test::CaseNode> NewNode() {
  return std::make_unique<test::CaseNode>(test::BawasluNode(),
                                          std::vector<node::PeerNode>{test::BknNode()});
}

// What opens a report with a case, another one each time.
class Requests {
 public:
  node::Request Next() {
    return test::IntakeRequest(absl::StrCat("bench-", ++number_), test::SomeReport(),
                               test::SomeRespondent());
  }
  std::vector<node::Request> Next(int count) {
    std::vector<node::Request> requests;
    for (int i = 0; i < count; ++i) requests.push_back(Next());
    return requests;
  }
  // The same, sent on to BKN.
  std::vector<node::Request> Referred(int count) {
    std::vector<node::Request> requests;
    for (int i = 0; i < count; ++i) {
      requests.push_back(test::IntakeRequest(absl::StrCat("bench-", ++number_), test::SomeReport(),
                                             test::SomeRespondent(), test::SomeReview(),
                                             test::SomeConclusion(), test::SomeReferral()));
    }
    return requests;
  }
  node::Request Receipt(absl::string_view case_id) {
    return test::ReferralRequest(absl::StrCat("bench-", ++number_), test::SomeReceipt(case_id));
  }

 private:
  int number_ = 0;
};

// A node for so many more requests. Another one now and then, so that its store in memory stays
// small.
class Supply {
 public:
  test::CaseNode& For(int requests) {
    if (node_ == nullptr || done_ >= kOfOneNode) node_ = NewNode(), done_ = 0;
    done_ += requests;
    return *node_;
  }

 private:
  static constexpr int kOfOneNode = 4'096;
  std::unique_ptr<test::CaseNode> node_;
  int done_ = 0;
};

void BM_Decide(benchmark::State& state) {
  const auto node = NewNode();
  Requests requests;
  for (auto _ : state) {
    state.PauseTiming();
    node::Request request = requests.Next();
    request.header.set_validate_only(true);
    state.ResumeTiming();
    benchmark::DoNotOptimize(node->Execute(request));
  }
}
BENCHMARK(BM_Decide);

void BM_Execute(benchmark::State& state) {
  const auto together = static_cast<int>(state.range(0));
  Supply nodes;
  Requests requests;
  for (auto _ : state) {
    state.PauseTiming();
    test::CaseNode& node = nodes.For(together);
    const std::vector<node::Request> next = requests.Next(together);
    state.ResumeTiming();
    for (const node::Outcome& outcome : node.ExecuteTogether(next)) SELARAS_CHECK(outcome.ok());
  }
  state.SetItemsProcessed(state.iterations() * together);
}
BENCHMARK(BM_Execute)->Arg(1)->Arg(kBatch);

void BM_Project(benchmark::State& state) {
  Supply nodes;
  Requests requests;
  for (auto _ : state) {
    state.PauseTiming();
    test::CaseNode& node = nodes.For(kBatch);
    node.ExecuteTogether(requests.Next(kBatch));
    state.ResumeTiming();
    node.Project();
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BM_Project);

// A node of BKN, with one of Bawaslu's and so many of regions.
std::unique_ptr<test::CaseNode> NodeOfBkn(std::size_t regions) {
  std::vector<node::PeerNode> peers = {test::BawasluNode()};
  for (const reference::Authority& authority : test::ShippedCatalogue()->authorities()) {
    if (peers.size() > regions) break;
    if (authority.role != reference::AuthorityRole::kSanction || authority.region.empty()) continue;
    peers.push_back({absl::StrCat("ppk-", authority.region), {std::string(authority.id)}});
  }
  SELARAS_CHECK(peers.size() > regions);
  return std::make_unique<test::CaseNode>(test::BknNode(), std::move(peers));
}

// What follows at BKN's node for a case that is sent to it and that it receives.
void BM_Follow(benchmark::State& state) {
  Supply nodes;
  Requests requests;
  std::unique_ptr<test::CaseNode> bkn;
  for (auto _ : state) {
    state.PauseTiming();
    test::CaseNode& node = nodes.For(kBatch);
    if (node.store().shared().size().value == 0) {
      bkn = NodeOfBkn(static_cast<std::size_t>(state.range(0)));
    }
    std::vector<node::Request> receipts;
    for (const node::Outcome& sent : node.ExecuteTogether(requests.Referred(kBatch))) {
      receipts.push_back(requests.Receipt(sent->case_id()));
    }
    node.Project();
    bkn->Copy(node);
    state.ResumeTiming();
    bkn->Project();
    state.PauseTiming();
    for (const node::Outcome& received : bkn->ExecuteTogether(receipts)) {
      SELARAS_CHECK(received.ok()) << received.status();
    }
    state.ResumeTiming();
    bkn->Project();
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BM_Follow)->Arg(1)->Arg(500);

// A case that BKN has received is shown there, and a page of a hundred such cases.
void BM_Show(benchmark::State& state) {
  const auto node = NewNode();
  Requests requests;
  const auto bkn = NodeOfBkn(static_cast<std::size_t>(state.range(0)));
  std::vector<std::string> cases;
  for (const node::Outcome& sent : node->ExecuteTogether(requests.Referred(100))) {
    cases.push_back(sent->case_id());
  }
  node->Project();
  bkn->Copy(*node);
  bkn->Project();
  std::vector<node::Request> receipts;
  for (const std::string& id : cases) receipts.push_back(requests.Receipt(id));
  bkn->ExecuteTogether(receipts);
  bkn->Project();
  for (auto _ : state) {
    if (state.range(1) == 1) {
      SELARAS_CHECK(bkn->Case(cases[0]).ok());
    } else {
      query::v1::ListCasesRequest request;
      request.set_page_size(100);
      const auto page = bkn->reader().ListCases(request, bkn->viewer(), bkn->now);
      SELARAS_CHECK(page.ok() && page->cases_size() == 100);
    }
  }
}
BENCHMARK(BM_Show)->Args({1, 1})->Args({500, 1})->Args({1, 100})->Args({500, 100});

// A case that has come to BKN, as entries of its parties.
std::vector<event::v1::Event> SomeEvents() {
  const auto node = NewNode();
  node->Must(test::IntakeRequest("r", test::SomeReport(), test::SomeRespondent(),
                                 test::SomeReview(), test::SomeConclusion(), test::SomeReferral()));
  return node->Events();
}

void BM_Evolve(benchmark::State& state) {
  const std::vector<event::v1::Event> events = SomeEvents();
  event::v1::Position position;
  position.set_log("bawaslu-13");
  for (auto _ : state) {
    domain::Segments segments;
    std::uint64_t sequence = 0;
    for (const event::v1::Event& event : events) {
      if (event.case_id().empty()) continue;
      position.set_sequence(sequence++);
      domain::Evolve(segments, domain::Section::kIntake, position, base::Digest(), event);
    }
    benchmark::DoNotOptimize(segments);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(BM_Evolve);

event::v1::Event SealedEvent(const event::v1::PersonalPart& part) {
  event::v1::Event event = SomeEvents().back();
  event.clear_personal();
  node::SealPart(std::string(32, 'k'), part, &event);
  return event;
}

event::v1::PersonalPart SomePart() {
  for (const event::v1::Event& event : SomeEvents()) {
    if (event.has_plain()) return event.plain();
  }
  return {};
}

void BM_Seal(benchmark::State& state) {
  const event::v1::PersonalPart part = SomePart();
  event::v1::Event event = SomeEvents().back();
  const std::string key(32, 'k');
  for (auto _ : state) node::SealPart(key, part, &event);
}
BENCHMARK(BM_Seal);

void BM_Open(benchmark::State& state) {
  const event::v1::Event event = SealedEvent(SomePart());
  const std::string key(32, 'k');
  for (auto _ : state) benchmark::DoNotOptimize(node::OpenPart(event, key));
}
BENCHMARK(BM_Open);

void BM_Encode(benchmark::State& state) {
  const event::v1::Event event = SealedEvent(SomePart());
  for (auto _ : state) benchmark::DoNotOptimize(event.SerializeAsString());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(event.ByteSizeLong()));
}
BENCHMARK(BM_Encode);

void BM_LeafHash(benchmark::State& state) {
  const std::string entry(kEntryBytes, 'e');
  for (auto _ : state) benchmark::DoNotOptimize(merkle::HashLeaf(entry));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(entry.size()));
}
BENCHMARK(BM_LeafHash);

void BM_FrontierAppend(benchmark::State& state) {
  merkle::Frontier frontier;
  const base::Digest leaf = merkle::HashLeaf("e");
  for (auto _ : state) frontier.Append(leaf);
  benchmark::DoNotOptimize(frontier.Root());
}
BENCHMARK(BM_FrontierAppend);

void BM_FrontierRoot(benchmark::State& state) {
  merkle::Frontier frontier;
  for (int i = 0; i < (1 << 20) - 1; ++i) frontier.Append(merkle::HashLeaf("e"));
  for (auto _ : state) benchmark::DoNotOptimize(frontier.Root());
}
BENCHMARK(BM_FrontierRoot);

void BM_Sign(benchmark::State& state) {
  const auto key = crypto::SigningKey::FromSeed(std::string(32, 's'));
  const std::string checkpoint(128, 'c');
  for (auto _ : state) benchmark::DoNotOptimize(key->Sign(checkpoint));
}
BENCHMARK(BM_Sign);

void BM_Verify(benchmark::State& state) {
  const auto key = crypto::SigningKey::FromSeed(std::string(32, 's'));
  const std::string checkpoint(128, 'c');
  const std::string signature = key->Sign(checkpoint);
  const crypto::VerifyKey verifier = key->verify_key();
  for (auto _ : state) benchmark::DoNotOptimize(verifier.Verify(checkpoint, signature));
}
BENCHMARK(BM_Verify);

void BM_Receipt(benchmark::State& state) {
  const auto node = NewNode();
  Requests requests;
  for (int i = 0; i < 32; ++i) node->ExecuteTogether(requests.Next(kBatch));
  const log::LogReader& shared = node->store().shared();
  const log::SignedCheckpoint checkpoint = shared.checkpoint();
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    const auto receipt = log::MakeReceipt(shared, {sequence++ % shared.size().value}, checkpoint);
    SELARAS_CHECK(receipt.ok());
    benchmark::DoNotOptimize(log::ReceiptText(*receipt));
  }
}
BENCHMARK(BM_Receipt);

}  // namespace
}  // namespace selaras

BENCHMARK_MAIN();
