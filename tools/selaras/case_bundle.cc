#include "tools/selaras/case_bundle.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/log/receipt.h"
#include "storage/merkle/hash.h"
#include "storage/vault/sealed.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kFirstLine = "selaras case bundle 1";
constexpr char kIndex[] = "index";

struct Listed {
  event::v1::Position position;
  std::string leaf_hash;  // hex
};

struct Index {
  std::string case_id;
  std::vector<Listed> entries;
  std::map<std::string, std::string> keys;  // of entries, by position
};

// Names of files follow from positions, so a position must be one.
absl::StatusOr<event::v1::Position> ReadPosition(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('@', 1));
  event::v1::Position position;
  std::uint64_t sequence = 0;
  RETURN_IF_ERROR(log::CheckNodeName(parts.first));
  if (!absl::SimpleAtoi(parts.second, &sequence) || absl::StrCat(sequence) != parts.second) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is no position"));
  }
  position.set_log(std::string(parts.first));
  position.set_sequence(sequence);
  return position;
}

absl::StatusOr<Index> ParseIndex(const std::string& path, absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.front() != kFirstLine)
    return NoBundle(path, 1, absl::StrCat("is not '", kFirstLine, "'"));
  Index index;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<absl::string_view> words = absl::StrSplit(lines[i], ' ');
    if (i + 1 == lines.size() && lines[i].empty()) break;
    if (words.size() == 2 && words[0] == "case" && i == 1) {
      index.case_id = std::string(words[1]);
    } else if (words.size() == 3 && words[0] == "entry" && i > 1) {
      const auto position = ReadPosition(words[1]);
      if (!position.ok()) return NoBundle(path, i + 1, position.status().message());
      index.entries.push_back({*position, std::string(words[2])});
    } else if (words.size() == 3 && words[0] == "opens" && i > 1) {
      const auto key = base::HexDecode(words[2]);
      if (!key.ok() || key->size() != vault::kKeyBytes) {
        return NoBundle(path, i + 1, "holds no key of an entry");
      }
      index.keys[std::string(words[1])] = *key;
    } else if (words.size() != 2 || words[0] != "key" || i == 1) {
      return NoBundle(path, i + 1, "is none of case, key, entry, opens");
    }
  }
  if (index.entries.empty()) return NoBundle(path, lines.size(), "there is no entry");
  return index;
}

class Verification {
 public:
  Verification(std::string folder, const log::Policy& policy)
      : folder_(std::move(folder)), policy_(policy) {
    verified_.set_bundle(folder_);
  }

  absl::StatusOr<cli::v1::VerifiedCase> Run() {
    const std::string path = absl::StrCat(folder_, "/", kIndex);
    ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    ASSIGN_OR_RETURN(const Index index, ParseIndex(path, text));
    verified_.set_case_id(index.case_id);
    keys_ = index.keys;
    for (const Listed& listed : index.entries) {
      const absl::Status proven = Prove(listed);
      if (!proven.ok()) Problem(PositionText(listed.position), proven.message());
    }
    for (const auto& [log, checkpoint] : checkpoints_) *verified_.add_logs() = checkpoint.second;
    CheckOrder();
    CheckNumbering();
    CheckCitations();
    if (verified_.problems().empty()) ReadCustody();
    verified_.set_valid(verified_.problems().empty());
    return verified_;
  }

 private:
  void Problem(absl::string_view where, absl::string_view what) {
    verified_.add_problems(absl::StrCat(where, ": ", what));
  }

  absl::Status Prove(const Listed& listed) {
    ASSIGN_OR_RETURN(const std::string text,
                     ReadFile(absl::StrCat(folder_, "/", ReceiptFileName(listed.position))));
    ASSIGN_OR_RETURN(const log::Receipt receipt, log::ParseReceipt(text));
    if (receipt.extra.empty()) return absl::DataLossError("the receipt does not carry the entry");
    ASSIGN_OR_RETURN(const log::Accepted accepted, policy_.Open(receipt.checkpoint));
    const log::Checkpoint& checkpoint = accepted.checkpoint.checkpoint;
    if (log::LogOfOrigin(checkpoint.origin) != listed.position.log()) {
      return absl::DataLossError(absl::StrCat("the receipt is of the log ", checkpoint.origin));
    }
    if (receipt.index.value != listed.position.sequence()) {
      return absl::DataLossError(absl::StrCat("the receipt is of the place ", receipt.index.value));
    }
    RETURN_IF_ERROR(log::VerifyReceipt(receipt, receipt.extra, checkpoint));
    RETURN_IF_ERROR(OneCheckpoint(listed.position.log(), accepted));
    ProvenEntry entry;
    entry.position = listed.position;
    entry.leaf_hash = merkle::HashLeaf(receipt.extra);
    if (base::HexEncode(entry.leaf_hash.view()) != listed.leaf_hash) {
      return absl::DataLossError("the index has another leaf hash");
    }
    if (!entry.event.ParseFromString(receipt.extra)) return absl::DataLossError("is no event");
    if (entry.event.case_id() != verified_.case_id()) {
      return absl::DataLossError("is about another case");
    }
    if (entry.event.party_number() == 0) return absl::DataLossError("is no party entry");
    if (const auto key = keys_.find(PositionText(listed.position)); key != keys_.end()) {
      entry.entry_key = key->second;
      if (!Unseal(&entry).ok()) {
        return absl::DataLossError("the index has the key of another entry");
      }
    }
    cli::v1::CaseEntry* shown = verified_.add_entries();
    *shown = ToOutput(entry);
    shown->set_receipt(ReceiptFileName(listed.position));
    for (const std::string& field : shown->personal()) {
      if (personal_.insert(field).second) verified_.add_personal(field);
    }
    entries_.push_back(std::move(entry));
    return absl::OkStatus();
  }

  // A log that shows two trees in one bundle might have two.
  absl::Status OneCheckpoint(const std::string& log, const log::Accepted& accepted) {
    const log::Checkpoint& checkpoint = accepted.checkpoint.checkpoint;
    cli::v1::BundleLog about;
    about.set_origin(checkpoint.origin);
    about.set_tree_size(checkpoint.size.value);
    about.set_root(base::HexEncode(checkpoint.root.view()));
    for (const auto& [name, time] : accepted.cosigned) *about.add_cosigned() = ToOutput(name, time);
    const auto [found, first] = checkpoints_.emplace(log, std::pair(checkpoint, std::move(about)));
    if (first || found->second.first == checkpoint) return absl::OkStatus();
    return absl::DataLossError("is proven by another checkpoint than others of its log");
  }

  void CheckOrder() {
    for (std::size_t i = 1; i < entries_.size(); ++i) {
      const event::v1::Position& a = entries_[i - 1].position;
      const event::v1::Position& b = entries_[i].position;
      if (a.log() > b.log() || (a.log() == b.log() && a.sequence() >= b.sequence())) {
        Problem(PositionText(b), "stands in the index before an earlier one");
      }
    }
  }

  // Each author numbers what it tells the parties 1, 2, 3 …, in one log.
  void CheckNumbering() {
    std::map<std::string, std::pair<std::string, std::uint32_t>> last;
    for (const ProvenEntry& entry : entries_) {
      const auto [at, first] =
          last.emplace(entry.event.author(), std::pair(entry.position.log(), 0U));
      auto& [log, number] = at->second;
      if (log != entry.position.log()) {
        Problem(PositionText(entry.position),
                absl::StrCat(entry.event.author(), " writes in the log ", log, ", too"));
        continue;
      }
      if (entry.event.party_number() != number + 1) {
        Problem(PositionText(entry.position),
                absl::StrCat("is number ", entry.event.party_number(), " of ", entry.event.author(),
                             ", after number ", number));
      }
      number = entry.event.party_number();
    }
  }

  void CheckCitations() {
    std::map<std::string, const ProvenEntry*> here;
    for (const ProvenEntry& entry : entries_) here[PositionText(entry.position)] = &entry;
    std::set<std::string> elsewhere;
    for (const ProvenEntry& entry : entries_) {
      for (const event::v1::Citation& citation : entry.event.citations()) {
        const std::string cited = PositionText(citation.position());
        const auto found = here.find(cited);
        if (found == here.end()) {
          if (elsewhere.insert(cited).second) verified_.add_cited_elsewhere(cited);
        } else if (citation.leaf_hash() != found->second->leaf_hash.view()) {
          Problem(PositionText(entry.position),
                  absl::StrCat("cites ", cited, " with another leaf hash"));
        }
      }
    }
  }

  void ReadCustody() {
    const storage::v1::CaseFold fold = FoldOf(verified_.case_id(), entries_);
    const cli::v1::CustodyReport report = CustodyReportOf(fold, entries_);
    *verified_.mutable_hops() = report.hops();
    verified_.set_waiting_for(report.waiting_for());
    for (const std::string& line : report.contradictions()) verified_.add_problems(line);
    if (report.opened_by().empty()) {
      verified_.add_problems("nobody opens the case: its first entries are not in the bundle");
      return;
    }
    cli::v1::HeldFile* held = verified_.add_held();
    held->set_holder(report.opened_by());
    for (const ProvenEntry& entry : entries_) {
      if (entry.event.author() != report.opened_by() || !held->from().empty()) continue;
      held->set_from(Rfc3339(entry.event.recorded_at()));
    }
    for (const cli::v1::CustodyHop& hop : report.hops()) {
      if (!hop.has_received()) continue;
      held->set_until(hop.received().recorded_at());
      held = verified_.add_held();
      held->set_holder(hop.received().author());
      held->set_from(hop.received().recorded_at());
    }
  }

  const std::string folder_;
  const log::Policy& policy_;
  cli::v1::VerifiedCase verified_;
  std::map<std::string, std::string> keys_;
  std::vector<ProvenEntry> entries_;
  std::map<std::string, std::pair<log::Checkpoint, cli::v1::BundleLog>> checkpoints_;
  std::set<std::string> personal_;
};

}  // namespace

std::string ReceiptFileName(const event::v1::Position& position) {
  return PositionText(position) + ".tlog-proof";
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    return NotEmpty(folder);
  }
  std::filesystem::create_directories(folder, error);
  if (!error) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  return error ? CannotWrite(folder, error.value()) : absl::OkStatus();
}

absl::Status WriteBundle(const CaseFile& file, const std::string& folder) {
  RETURN_IF_ERROR(MakeFolder(folder));
  std::string index = absl::StrCat(kFirstLine, "\ncase ", file.as_shown.case_id(), "\n");
  for (const auto& [log, key] : file.keys) {
    if (!key.empty()) absl::StrAppend(&index, "key ", key, "\n");
  }
  for (const ProvenEntry& entry : file.entries) {
    absl::StrAppend(&index, "entry ", PositionText(entry.position), " ",
                    base::HexEncode(entry.leaf_hash.view()), "\n");
    if (!entry.entry_key.empty()) {
      absl::StrAppend(&index, "opens ", PositionText(entry.position), " ",
                      base::HexEncode(entry.entry_key), "\n");
    }
    RETURN_IF_ERROR(
        WriteFile(absl::StrCat(folder, "/", ReceiptFileName(entry.position)), entry.receipt));
  }
  return WriteFile(absl::StrCat(folder, "/", kIndex), index);
}

absl::StatusOr<cli::v1::VerifiedCase> VerifyBundle(const std::string& folder,
                                                   const log::Policy& policy) {
  return Verification(folder, policy).Run();
}

}  // namespace selaras::cli
