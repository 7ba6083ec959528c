#include "storage/log/policy.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/note_parts.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kNone = "none";

using Words = std::vector<std::string>;

// Bytes from 0x80 on are opaque.
bool IsPolicyText(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || c == '\n' || !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
}

}  // namespace

class Policy::Parser {
 public:
  absl::StatusOr<Policy> Parse(absl::string_view text) {
    if (!IsPolicyText(text)) return NotAPolicy("it has control characters");
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      ++line_;
      const Words words = absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
      if (words.empty() || words[0][0] == '#') continue;
      RETURN_IF_ERROR(Take(words));
    }
    if (!quorum_) return NotAPolicy("it has no line quorum");
    if (*quorum_ != kNone) policy_.quorum_ = *quorum_;
    return std::move(policy_);
  }

 private:
  absl::Status Take(const Words& words) {
    if (words[0] == "log") return TakeLog(words);
    if (words[0] == "past-log") return TakePastLog(words);
    if (words[0] == "witness") return TakeWitness(words);
    if (words[0] == "group") return TakeGroup(words);
    if (words[0] == "quorum") return TakeQuorum(words);
    return Wrong(
        absl::StrCat("a line begins with log, past-log, witness, group or quorum, not ", words[0]));
  }

  absl::Status TakeLog(const Words& words) {
    if (words.size() < 2 || words.size() > 3) return Wrong("log <key> [<url>]");
    ASSIGN_OR_RETURN(NoteVerifier key, TakeLogKey(words[1]));
    policy_.logs_.emplace_back(std::move(key));
    return absl::OkStatus();
  }

  absl::Status TakePastLog(const Words& words) {
    std::uint64_t last = 0;
    if (words.size() != 3 || !IsDecimal(words[2]) || !absl::SimpleAtoi(words[2], &last)) {
      return Wrong("past-log <key> <size>");
    }
    ASSIGN_OR_RETURN(NoteVerifier key, TakeLogKey(words[1]));
    policy_.past_logs_.push_back({std::move(key), {last}});
    return absl::OkStatus();
  }

  absl::StatusOr<NoteVerifier> TakeLogKey(const std::string& text) {
    absl::StatusOr<NoteVerifier> key = NoteVerifier::Parse(text);
    if (!key.ok()) return Wrong(key.status().message());
    // Two texts of one key are the same key, whatever their names.
    if (!log_keys_.insert(key->key().bytes()).second) return Wrong("this log's key stands twice");
    return key;
  }

  absl::Status TakeWitness(const Words& words) {
    if (words.size() < 3 || words.size() > 4) return Wrong("witness <name> <key> [<url>]");
    RETURN_IF_ERROR(TakeName(words[1]));
    absl::StatusOr<CosignatureVerifier> witness = CosignatureVerifier::Parse(words[2]);
    if (!witness.ok()) return Wrong(witness.status().message());
    if (!witness_keys_.insert(witness->key().bytes()).second) {
      return Wrong("this witness's key stands twice");
    }
    policy_.witnesses_.emplace(words[1], *std::move(witness));
    return absl::OkStatus();
  }

  absl::Status TakeGroup(const Words& words) {
    if (words.size() < 4) return Wrong("group <name> all|any|<number> <member>…");
    RETURN_IF_ERROR(TakeName(words[1]));
    Group group{0, {words.begin() + 3, words.end()}};
    for (const std::string& member : group.members) {
      if (member == words[1] || !names_.contains(member)) {
        return Wrong(absl::StrCat("no earlier line defines ", member));
      }
      if (!members_.insert(member).second) {
        return Wrong(absl::StrCat(member, " is in a group already"));
      }
    }
    if (words[2] == "any") {
      group.needed = 1;
    } else if (words[2] == "all") {
      group.needed = group.members.size();
    } else if (!IsDecimal(words[2]) || !absl::SimpleAtoi(words[2], &group.needed) ||
               group.needed < 1 || group.needed > group.members.size()) {
      return Wrong(absl::StrCat("of ", group.members.size(), " members all, any or a number up to ",
                                "that many, not ", words[2]));
    }
    policy_.groups_.emplace(words[1], std::move(group));
    return absl::OkStatus();
  }

  absl::Status TakeQuorum(const Words& words) {
    if (words.size() != 2) return Wrong("quorum <name>");
    if (quorum_) return Wrong("the quorum stands twice");
    if (words[1] != kNone && !names_.contains(words[1])) {
      return Wrong(absl::StrCat("no earlier line defines ", words[1]));
    }
    quorum_ = words[1];
    return absl::OkStatus();
  }

  absl::Status TakeName(const std::string& name) {
    if (name == kNone) return Wrong("the name none is taken");
    if (!names_.insert(name).second) return Wrong(absl::StrCat(name, " is defined twice"));
    return absl::OkStatus();
  }

  absl::Status Wrong(absl::string_view why) const {
    return NotAPolicy(absl::StrCat("line ", line_, ": ", why));
  }

  Policy policy_;
  std::set<std::string> names_;
  std::set<std::string> members_;
  std::set<std::string> log_keys_;
  std::set<std::string> witness_keys_;
  std::optional<std::string> quorum_;
  int line_ = 0;
};

absl::StatusOr<Policy> Policy::Parse(absl::string_view text) { return Parser().Parse(text); }

Policy Policy::OfLog(NoteVerifier log) {
  Policy policy;
  policy.logs_.emplace_back(std::move(log));
  return policy;
}

void Policy::ReplaceKeys(const std::function<LogKeys(const LogKeys&)>& known) {
  for (LogKeys& log : logs_) log = known(log);
}

bool Policy::Knows(const NoteVerifier& log) const {
  return std::any_of(logs_.begin(), logs_.end(),
                     [&](const LogKeys& known) { return known.Has(log); });
}

bool Policy::IsPast(const NoteVerifier& key) const {
  return std::any_of(past_logs_.begin(), past_logs_.end(), [&](const PastLog& past) {
    return past.key.VerifierText() == key.VerifierText();
  });
}

absl::StatusOr<SignedCheckpoint> Policy::OpenByLog(absl::string_view note) const {
  std::vector<std::string> why;
  bool beyond = false;  // a key signed more than it is believed for
  for (const PastLog& past : past_logs_) {
    absl::StatusOr<SignedCheckpoint> opened = OpenCheckpoint(past.key, note);
    if (absl::IsInvalidArgument(opened.status())) return opened.status();
    if (opened.ok()) {
      const base::TreeSize size = opened->checkpoint.size;
      if (size <= past.last) return opened;
      beyond = true;
      opened = SignedByReplacedKey(past.key.name(), past.key.key_id(), size, past.last);
    }
    why.emplace_back(opened.status().message());
  }
  for (const LogKeys& log : logs_) {
    // The log may say more of its past keys than the policy does: then only its newest counts.
    if (beyond && IsPast(log.newest())) continue;
    absl::StatusOr<SignedCheckpoint> opened = (beyond ? LogKeys(log.newest()) : log).Open(note);
    if (opened.ok() || absl::IsInvalidArgument(opened.status())) return opened;
    why.emplace_back(opened.status().message());
  }
  return NoLogSigned(absl::StrJoin(why, "; "));
}

absl::StatusOr<Accepted> Policy::Open(absl::string_view note) const {
  ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenByLog(note));
  Accepted accepted{std::move(opened), {}};
  std::vector<std::string> missing;
  for (const auto& [name, witness] : witnesses_) {
    const absl::StatusOr<absl::Time> time = witness.Verify(note);
    if (time.ok()) {
      accepted.cosigned[name] = *time;
    } else {
      missing.push_back(absl::StrCat(name, " (", time.status().message(), ")"));
    }
  }
  if (!quorum_.empty() && !IsMet(quorum_, accepted.cosigned)) {
    return QuorumMissed(quorum_, absl::StrJoin(missing, "; "));
  }
  return accepted;
}

absl::StatusOr<std::map<std::string, CosignatureTimes>> Policy::Cosigned(
    absl::string_view note) const {
  RETURN_IF_ERROR(OpenByLog(note).status());
  std::map<std::string, CosignatureTimes> cosigned;
  for (const auto& [name, witness] : witnesses_) {
    if (const auto times = witness.Times(note); times.ok()) cosigned[name] = *times;
  }
  return cosigned;
}

bool Policy::IsMet(const std::string& name,
                   const std::map<std::string, absl::Time>& cosigned) const {
  const auto group = groups_.find(name);
  if (group == groups_.end()) return cosigned.contains(name);
  std::size_t met = 0;
  for (const std::string& member : group->second.members) met += IsMet(member, cosigned) ? 1 : 0;
  return met >= group->second.needed;
}

}  // namespace selaras::log
