// How fast a store is verified, beside the least that it could cost, measured in the same run.
//
//   verify_benchmark FOLDER [CASES] [ROUNDS]      2,000 cases, 5 rounds if not given
//
// FOLDER must not exist; it gets a store of a node of BKN's with CASES cases of four shared entries
// and one private one each, and goes again. The limits:
//
//   tree   scanning the entries, SHA-256 of each, and one tree over the hashes; with two threads
//          each does half of it
//   deep   the same, parsing each entry, and folding each case once, on one thread; with two the
//          limit is half of that
//
// Prints medians of the limits, and as ratios, limit by measured: 1 is the limit. Build it with
// `ninja verify_benchmark` in build/release.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <malloc.h>

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/verify/event_inspector.h"
#include "storage/audit/audit.h"
#include "storage/base/check.h"
#include "storage/crypto/ed25519.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"
#include "storage/rocks/rocks_store.h"
#include "tests/support/case_node.h"
#include "tests/support/requests.h"

namespace selaras {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatchCases = 100;

double Seconds(const std::function<void()>& work) {
  ::malloc_trim(0);  // nobody tidies up after the one before
  const auto began = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - began).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

crypto::SigningKey Key() { return *crypto::SigningKey::FromSeed(std::string(32, 's')); }

// The entries of a node of Bawaslu's in memory, written to disk as often as is wanted under other
// ids of cases and reports.
void Fill(const std::string& folder, std::uint64_t cases) {
  const auto store =
      rocks::RocksStore::Open({.directory = folder, .node = "bawaslu-13", .key = Key()});
  SELARAS_CHECK(store.ok()) << store.status();
  test::CaseNode node(test::BawasluNode(), {test::BknNode()});
  for (std::uint64_t done = 0; done < cases; done += kBatchCases) {
    for (std::uint64_t i = done; i < done + kBatchCases; ++i) {
      node.Must(test::IntakeRequest(absl::StrCat("b-", i), test::SomeReport(),
                                    test::SomeRespondent(), test::SomeReview(),
                                    test::SomeConclusion(), test::SomeReferral()));
    }
  }
  const auto copy = [](const log::LogReader& log, std::uint64_t from, std::uint64_t to,
                       std::vector<std::string>* entries) {
    for (std::uint64_t i = from; i < to; ++i) entries->push_back(**log.Entry({i}));
  };
  // Rows first to last with the last batch: nobody reads the store before.
  const std::uint64_t shared = node.store().shared().size().value;
  const std::uint64_t private_ = node.store().private_log().size().value;
  constexpr std::uint64_t kStep = 500;
  for (std::uint64_t at = 0; at < std::max(shared, private_); at += kStep) {
    log::AppendBatch batch;
    copy(node.store().shared(), std::min(at, shared), std::min(at + kStep, shared), &batch.shared);
    copy(node.store().private_log(), std::min(at, private_), std::min(at + kStep, private_),
         &batch.private_);
    if (at + kStep >= std::max(shared, private_)) {
      for (const log::Table table : {log::Table::kRequest, log::Table::kState}) {
        const absl::Status scanned =
            node.store().Scan(table, "", "", [&](absl::string_view key, absl::string_view value) {
              batch.rows.push_back({table, std::string(key), std::string(value)});
              return true;
            });
        SELARAS_CHECK(scanned.ok()) << scanned;
      }
    }
    const auto appended = (*store)->Append(batch);
    SELARAS_CHECK(appended.ok()) << appended.status();
  }
  std::vector<log::RowWrite> catalogue;
  const absl::Status scanned = node.store().Scan(
      log::Table::kCatalogue, "", "", [&](absl::string_view key, absl::string_view value) {
        catalogue.push_back({log::Table::kCatalogue, std::string(key), std::string(value)});
        return true;
      });
  SELARAS_CHECK(scanned.ok() && (*store)->Write(catalogue, log::Durability::kSynced).ok());
}

using Each = std::function<void(const log::LogReader&, base::Sequence, absl::string_view)>;

// The part-th of so many equal parts of both logs.
base::Digest LimitOfTree(const log::StoreReader& store, const Each& each, std::size_t part = 0,
                         std::size_t parts = 1) {
  base::Digest last;
  for (const log::LogReader* log : {&store.shared(), &store.private_log()}) {
    const std::uint64_t first = log->size().value * part / parts;
    const std::uint64_t end = log->size().value * (part + 1) / parts;
    merkle::Frontier tree;
    const absl::Status read =
        log->Entries({first}, end - first, [&](base::Sequence sequence, absl::string_view bytes) {
          tree.Append(merkle::HashLeaf(bytes));
          if (each) each(*log, sequence, bytes);
        });
    SELARAS_CHECK(read.ok()) << read;
    last = tree.Root();
  }
  return last;
}

void LimitOfTreeOn(std::size_t threads, const log::StoreReader& store) {
  std::vector<std::thread> running;
  for (std::size_t part = 0; part < threads; ++part) {
    running.emplace_back([&store, part, threads] { LimitOfTree(store, nullptr, part, threads); });
  }
  for (std::thread& thread : running) thread.join();
}

void LimitOfDeep(const log::StoreReader& store) {
  std::map<std::string, storage::v1::StoredSubject> subjects;
  LimitOfTree(store, [&](const log::LogReader& log, base::Sequence sequence,
                         absl::string_view bytes) {
    const auto event = node::ParseEvent(bytes);
    SELARAS_CHECK(event.ok()) << event.status();
    if (&log != &store.shared()) return;
    event::v1::Position position;
    position.set_log(log.name());
    position.set_sequence(sequence.value);
    const std::string key = event->case_id().empty() ? node::rows::ReportState(event->report_id())
                                                     : node::rows::CaseState(event->case_id());
    node::Fold(position, merkle::HashLeaf(bytes), *event, domain::Section::kNone, &subjects[key]);
  });
}

struct Measured {
  std::vector<double> deep_limit;
  std::map<std::size_t, std::vector<double>> tree_limit, tree, deep;  // by threads
};

void Measure(const log::StoreReader& store, const verify::EventInspector& inspector,
             Measured* measured) {
  measured->deep_limit.push_back(Seconds([&] { LimitOfDeep(store); }));
  for (const std::size_t threads : {1, 2}) {
    measured->tree_limit[threads].push_back(Seconds([&] { LimitOfTreeOn(threads, store); }));
    for (const bool tree_only : {true, false}) {
      const audit::AuditOptions options{.tree_only = tree_only, .threads = threads};
      const double seconds = Seconds([&] {
        const auto report = audit::Audit(store, inspector, options, nullptr);
        SELARAS_CHECK(report.clean()) << report.findings[0].problem << report.findings[0].subject;
      });
      (tree_only ? measured->tree : measured->deep)[threads].push_back(seconds);
    }
  }
}

int Run(const std::string& folder, std::uint64_t cases, int rounds) {
  std::filesystem::create_directory(folder);
  Fill(folder, cases);
  verify::EventInspector inspector;
  Measured measured;
  {
    const auto store = rocks::OpenReadOnly(folder);
    SELARAS_CHECK(store.ok()) << store.status();
    std::printf("%llu shared and %llu private entries, %u cores\n",
                static_cast<unsigned long long>((*store)->shared().size().value),
                static_cast<unsigned long long>((*store)->private_log().size().value),
                std::thread::hardware_concurrency());
    LimitOfTree(**store, nullptr);  // so that the first round reads from memory, too
    for (int round = 0; round < rounds; ++round) Measure(**store, inspector, &measured);
  }
  std::filesystem::remove_all(folder);
  const double deep = Median(measured.deep_limit);
  for (const std::size_t threads : {1, 2}) {
    const double tree = Median(measured.tree_limit[threads]);
    std::printf("%zu thread%s: limit of tree %.3f s, reached %.2f; of deep %.3f s, reached %.2f\n",
                threads, threads == 1 ? "" : "s", tree, tree / Median(measured.tree[threads]),
                deep / static_cast<double>(threads),
                deep / static_cast<double>(threads) / Median(measured.deep[threads]));
  }
  return 0;
}

}  // namespace
}  // namespace selaras

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: verify_benchmark FOLDER [CASES] [ROUNDS]\n", stderr);
    return 2;
  }
  const std::uint64_t cases = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  return selaras::Run(argv[1], cases, std::max(rounds, 1));
}
