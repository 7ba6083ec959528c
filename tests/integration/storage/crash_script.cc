#include "tests/integration/storage/crash_script.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "gtest/gtest.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"

namespace selaras::test {
namespace {

constexpr char kStepKey[] = "step";
constexpr char kViewsKey[] = "views";
constexpr std::uint64_t kViewsPerStep = 30;

crypto::SigningKey Key(char seed) {
  return *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, seed));
}

log::NoteSigner PeerSigner() { return *log::NoteSigner::Make(log::OriginOf(kCrashPeer), Key('p')); }

// A number that looks like chance, the same for the same input.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

std::vector<std::string> Entries(absl::string_view log, base::TreeSize from, std::uint64_t count) {
  std::vector<std::string> entries;
  for (std::uint64_t i = 0; i < count; ++i) entries.push_back(ScriptedEntry(log, from.value + i));
  return entries;
}

std::string StepRow(std::uint64_t step, std::uint64_t shared, std::uint64_t private_) {
  return absl::StrCat(step, " ", shared, " ", private_);
}

absl::StatusOr<std::uint64_t> LastStep(const log::StoreReader& store) {
  ASSIGN_OR_RETURN(const std::optional<std::string> row, store.Get(log::Table::kState, kStepKey));
  if (!row) return 0;
  const std::vector<std::string> parts = absl::StrSplit(*row, ' ');
  std::uint64_t step = 0;
  return absl::SimpleAtoi(parts[0], &step) ? step : 0;
}

std::uint64_t Views(const log::StoreReader& store) {
  std::uint64_t views = 0;
  const auto row = store.Get(log::Table::kView, kViewsKey);
  return row.ok() && *row && absl::SimpleAtoi(**row, &views) ? views : 0;
}

absl::Status FollowPeer(log::Store& store, std::uint64_t step) {
  const log::NoteSigner signer = PeerSigner();
  ASSIGN_OR_RETURN(log::Mirror* const mirror, store.OpenMirror(kCrashPeer, signer.verifier()));
  ASSIGN_OR_RETURN(merkle::Frontier edge, merkle::FrontierAt(*mirror, mirror->size()));
  const base::TreeSize from = edge.size();
  std::vector<base::Digest> leaves;
  std::vector<log::DisclosedEntry> disclosed;
  for (std::uint64_t i = 0; i < 1 + Mix(step) % 300; ++i) {
    const std::uint64_t place = from.value + i;
    const std::string entry = ScriptedEntry(kCrashPeer, place);
    leaves.push_back(merkle::HashLeaf(entry));
    edge.Append(leaves.back());
    if (place % 3 == 0) disclosed.push_back({{place}, entry});
  }
  const log::SignedCheckpoint checkpoint =
      log::SignCheckpoint(signer, {signer.name(), edge.size(), edge.Root()});
  RETURN_IF_ERROR(mirror->Extend(from, leaves, checkpoint.note));
  return mirror->Keep(disclosed, absl::InfinitePast()).status();
}

// Reads what is new in `log`, which must be scripted, and compares trees and checkpoint.
void CheckLog(const log::LogReader& log, std::uint64_t told, merkle::Frontier& seen) {
  const base::TreeSize size = log.size();
  ASSERT_GE(size.value, told) << log.name() << " lost what was acknowledged";
  ASSERT_GE(size, seen.size()) << log.name() << " lost what an earlier look had seen";
  while (seen.size() < size) {
    const base::Sequence next = base::NextAfter(seen.size());
    const absl::StatusOr<std::optional<std::string>> entry = log.Entry(next);
    ASSERT_TRUE(entry.ok()) << entry.status();
    const std::string scripted = ScriptedEntry(log.name(), next.value);
    if (*entry) {
      ASSERT_EQ(**entry, scripted) << log.name() << "@" << next;
    }
    ASSERT_EQ(*log::LeafHash(log, next), merkle::HashLeaf(scripted)) << log.name() << "@" << next;
    seen.Append(merkle::HashLeaf(scripted));
  }
  EXPECT_EQ(*merkle::FrontierAt(log, size), seen) << log.name();
  const log::Checkpoint checkpoint = log.checkpoint().checkpoint;
  if (size.value > 0) {
    EXPECT_EQ(*merkle::RootAt(log, checkpoint.size), checkpoint.root) << log.name();
  }
}

}  // namespace

rocks::OpenOptions CrashOptions(const std::string& directory) {
  return {.directory = directory,
          .node = kCrashNode,
          .key = Key('k'),
          .reserve_bytes = 8 << 20,
          .ballast_bytes = 24 << 20};
}

std::string ScriptedEntry(absl::string_view log, std::uint64_t sequence) {
  std::string entry = absl::StrCat(log, "@", sequence, " ");
  std::uint64_t chance = Mix(sequence * 3 + log.size());
  const std::size_t length = entry.size() + chance % 1'000;
  while (entry.size() < length) base::AppendU64(&entry, chance = Mix(chance));
  return entry;
}

absl::StatusOr<log::Appended> WriteStep(log::Store& store) {
  ASSIGN_OR_RETURN(const std::uint64_t last, LastStep(store));
  const std::uint64_t step = last + 1;
  if (step % 7 == 0) RETURN_IF_ERROR(FollowPeer(store, step));
  for (std::uint64_t views = Views(store), end = views + kViewsPerStep; views < end;) {
    RETURN_IF_ERROR(store.Write({{log::Table::kView, kViewsKey, absl::StrCat(++views)}},
                                log::Durability::kUnsynced));
  }
  const base::TreeSize shared = store.shared().size();
  const base::TreeSize private_ = store.private_log().size();
  const std::uint64_t chance = Mix(step);
  log::AppendBatch batch;
  batch.shared = Entries(kCrashNode, shared, chance % 16 == 0 ? chance % 500 : chance % 20);
  batch.private_ = Entries(log::PrivateLogName(kCrashNode), private_, chance / 32 % 4);
  const std::string row =
      StepRow(step, shared.value + batch.shared.size(), private_.value + batch.private_.size());
  batch.rows = {{log::Table::kState, kStepKey, row},
                {log::Table::kRequest, absl::StrCat("request ", step), row}};
  return store.Append(batch);
}

Told Told::About(const log::Store& store) {
  const log::Checkpoint shared = store.shared().checkpoint().checkpoint;
  Told told{.shared = shared.size.value,
            .private_ = store.private_log().size().value,
            .views = Views(store),
            .root = base::HexEncode(shared.root.view())};
  for (const log::Mirror* mirror : store.mirrors()) {
    told.mirrored = mirror->size().value;
    told.kept = mirror->entries_held();
  }
  return told;
}

std::string Told::Line() const {
  return absl::StrCat("told ", shared, " ", private_, " ", mirrored, " ", kept, " ", views, " ",
                      root, "\n");
}

void Told::Take(absl::string_view line) {
  const std::vector<std::string> parts = absl::StrSplit(line, ' ');
  Told told;
  if (parts.size() == 7 && parts[0] == "told" && absl::SimpleAtoi(parts[1], &told.shared) &&
      absl::SimpleAtoi(parts[2], &told.private_) && absl::SimpleAtoi(parts[3], &told.mirrored) &&
      absl::SimpleAtoi(parts[4], &told.kept) && absl::SimpleAtoi(parts[5], &told.views)) {
    told.root = parts[6];
    *this = told;
  }
}

void CrashAuditor::Check(const log::StoreReader& store, const Told& told) {
  CheckLog(store.shared(), told.shared, shared_);
  CheckLog(store.private_log(), told.private_, private_);
  if (testing::Test::HasFatalFailure()) return;
  if (!told.root.empty()) {
    EXPECT_EQ(base::HexEncode(merkle::RootAt(store.shared(), {told.shared})->view()), told.root)
        << "another history than the one that was signed";
  }

  // Of a batch everything is there, or nothing.
  const std::uint64_t step = *LastStep(store);
  if (step > 0) {
    const std::string row =
        StepRow(step, store.shared().size().value, store.private_log().size().value);
    EXPECT_EQ(*store.Get(log::Table::kState, kStepKey), row);
    EXPECT_EQ(*store.Get(log::Table::kRequest, absl::StrCat("request ", step)), row);
  }
  // What was written unsynced before a synced write is as durable as that, and so is what a start
  // found.
  EXPECT_GE(Views(store), std::max(told.views, step * kViewsPerStep));
  EXPECT_EQ(*store.Get(log::Table::kRequest, absl::StrCat("request ", step + 1)), std::nullopt);

  ASSERT_TRUE(told.mirrored == 0 || !store.mirrors().empty());
  for (const log::Mirror* mirror : store.mirrors()) {
    CheckLog(*mirror, told.mirrored, mirrored_);
    EXPECT_GE(mirror->entries_held(), told.kept);
    EXPECT_EQ(mirror->Kept(0, mirror->size().value)->size(), mirror->entries_held());
  }
  EXPECT_TRUE(store.evidence()->empty());
}

}  // namespace selaras::test
