#include "services/verify/disclosures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/facts.h"
#include "services/domain/fold.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/verify/row_stream.h"
#include "services/verify/view_findings.h"
#include "storage/base/status.h"

namespace selaras::verify {
namespace {

namespace rows = node::rows;
using log::Table;

constexpr std::size_t kNumberBytes = 8;

// `<prefix><peer>/<u64>`
struct PeerKey {
  std::string peer;
  std::uint64_t number;
};

std::optional<PeerKey> ParseKey(absl::string_view key, absl::string_view prefix) {
  key.remove_prefix(prefix.size());
  if (key.size() < kNumberBytes + 1 || key[key.size() - kNumberBytes - 1] != '/') {
    return std::nullopt;
  }
  return PeerKey{std::string(key.substr(0, key.size() - kNumberBytes - 1)),
                 rows::DecodeNumber(key.substr(key.size() - kNumberBytes))};
}

// Every party that a segment ever named, whether or not it stands now: who could have been one when
// a list grew.
std::vector<std::string> EverParties(const domain::CaseFold& fold) {
  std::vector<std::string> parties;
  for (const auto& segment : fold.segments()) {
    parties.insert(parties.end(), segment.parties().begin(), segment.parties().end());
  }
  return parties;
}

}  // namespace

void DisclosureAudit::Report(absl::string_view key, std::string problem, std::string expected,
                             std::string actual) {
  ReportView(key, std::move(problem), std::move(expected), std::move(actual), &findings_);
}

bool DisclosureAudit::Concerns(const node::PeerNode& peer,
                               const std::vector<std::string>& parties) const {
  return std::any_of(parties.begin(), parties.end(),
                     [&](const std::string& party) { return directory_.Serves(peer, party); });
}

absl::Status DisclosureAudit::Run() {
  RETURN_IF_ERROR(CheckLists());
  RETURN_IF_ERROR(CheckRights());
  return CheckCases();
}

absl::Status DisclosureAudit::CheckLists() {
  std::map<std::string, std::uint64_t> lengths;  // by peer
  RowStream list(store_, Table::kView, "disclosed/");
  for (; list.Valid(); list.Next()) {
    const auto key = ParseKey(list.key(), "disclosed/");
    if (!key || list.value().size() != kNumberBytes) {
      Report(list.key(), "the row cannot be understood", "a peer, a number", "something else");
      continue;
    }
    std::uint64_t& length = lengths[key->peer];
    if (key->number != length) {
      Report(list.key(), "the list has a gap before this row", absl::StrCat("row ", length),
             absl::StrCat("row ", key->number));
    }
    length = key->number + 1;
    const base::Sequence sequence{rows::DecodeNumber(list.value())};
    ASSIGN_OR_RETURN(const auto back, store_.Get(Table::kView, rows::MaySee(key->peer, sequence)));
    if (back && rows::DecodeNumber(*back) == key->number) continue;
    Report(list.key(), "the list names an entry that does not name its row",
           absl::StrCat("row ", key->number, " for entry ", sequence.value),
           back ? absl::StrCat("row ", rows::DecodeNumber(*back)) : "no row");
  }
  RETURN_IF_ERROR(list.status());
  RowStream counts(store_, Table::kView, "disclosures/");
  for (; counts.Valid(); counts.Next()) {
    const std::string peer = counts.key().substr(rows::DisclosureCount("").size());
    const std::uint64_t listed = lengths[peer];
    lengths.erase(peer);
    const std::uint64_t stated = rows::DecodeNumber(counts.value());
    if (stated == listed) continue;
    Report(counts.key(), "the list has another length", absl::StrCat(listed), absl::StrCat(stated));
  }
  for (const auto& [peer, length] : lengths) {
    if (length == 0) continue;
    Report(rows::DisclosureCount(peer), "the length of the list is missing", absl::StrCat(length),
           "no row");
  }
  return counts.status();
}

absl::Status DisclosureAudit::CheckRights() {
  RowStream rights(store_, Table::kView, "may-see/");
  for (; rights.Valid(); rights.Next()) {
    RETURN_IF_ERROR(CheckRight(rights.key(), rights.value()));
  }
  return rights.status();
}

absl::Status DisclosureAudit::CheckRight(absl::string_view key, absl::string_view value) {
  const auto parsed = ParseKey(key, "may-see/");
  if (!parsed || value.size() != kNumberBytes) {
    Report(key, "the row cannot be understood", "a peer, a number", "something else");
    return absl::OkStatus();
  }
  const std::uint64_t index = rows::DecodeNumber(value);
  ASSIGN_OR_RETURN(const auto back,
                   store_.Get(Table::kView, rows::Disclosure(parsed->peer, index)));
  if (!back || rows::DecodeNumber(*back) != parsed->number) {
    Report(key, "the row names a place in the list that does not name the entry",
           absl::StrCat("entry ", parsed->number, " at ", index),
           back ? absl::StrCat("entry ", rows::DecodeNumber(*back)) : "nothing");
    return absl::OkStatus();
  }
  const base::Sequence sequence{parsed->number};
  if (!base::Covers(store_.shared().size(), sequence)) {
    Report(key, "the row names an entry beyond the end of the log",
           absl::StrCat("below ", store_.shared().size().value), absl::StrCat(sequence.value));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const event::v1::Event event, node::ReadEvent(store_.shared(), sequence));
  const auto kind = event.fact().kind_case();
  if (domain::VisibilityOf(kind) == domain::Visibility::kPeers) return absl::OkStatus();
  const auto& peers = directory_.peers();
  const auto peer = std::find_if(peers.begin(), peers.end(),
                                 [&](const auto& node) { return node.node == parsed->peer; });
  bool right = event.party_number() > 0;
  // Of a peer of earlier days nobody knows whom it served.
  if (right && peer != peers.end()) {
    ASSIGN_OR_RETURN(const auto subject,
                     node::LoadSubject(store_, rows::CaseState(event.case_id())));
    ASSIGN_OR_RETURN(const auto view, node::LoadCaseView(store_, event.case_id()));
    right = Concerns(
        *peer, EverParties(node::Combine(event.case_id(), subject ? &*subject : nullptr, view)));
  }
  if (!right) {
    Report(key, "the peer never could see this entry", "no row",
           absl::StrCat(store_.shared().name(), "@", sequence.value));
  }
  return absl::OkStatus();
}

absl::Status DisclosureAudit::CheckCases() {
  RowStream cases(store_, Table::kState, std::string(rows::kCaseStates));
  for (; cases.Valid(); cases.Next()) {
    ASSIGN_OR_RETURN(const auto subject, node::LoadSubject(store_, cases.key()));
    if (!subject) continue;
    RETURN_IF_ERROR(CheckCase(cases.key().substr(rows::kCaseStates.size()), *subject));
  }
  return cases.status();
}

absl::Status DisclosureAudit::CheckCase(const std::string& case_id,
                                        const storage::v1::StoredSubject& subject) {
  ASSIGN_OR_RETURN(const auto view, node::LoadCaseView(store_, case_id));
  const std::vector<std::string> parties =
      domain::PartiesOf(node::Combine(case_id, &subject, view));
  if (parties.empty()) return absl::OkStatus();
  for (const std::uint64_t sequence : subject.shared()) {
    ASSIGN_OR_RETURN(const event::v1::Event event, node::ReadEvent(store_.shared(), {sequence}));
    if (event.party_number() == 0) continue;
    for (const node::PeerNode& peer : directory_.peers()) {
      if (!Concerns(peer, parties)) continue;
      const std::string key = rows::MaySee(peer.node, {sequence});
      ASSIGN_OR_RETURN(const auto row, store_.Get(Table::kView, key));
      if (row) continue;
      Report(key, "an entry that goes to the parties is not listed for the peer of one",
             absl::StrCat(store_.shared().name(), "@", sequence), "no row");
    }
  }
  return absl::OkStatus();
}

}  // namespace selaras::verify
