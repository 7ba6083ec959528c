#include "services/node/watcher.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/domain/custody.h"
#include "services/domain/deadline_facts.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/node/watched.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"

namespace selaras::node {
namespace {

using domain::OwedLimit;
using storage::v1::StoredWatch;
using storage::v1::WatchedLimit;

// Subjects after which one step looks no further: bounds memory and how long a stop waits.
constexpr std::size_t kStepMax = 64;

// What was handed out and not stated is handed out again after this.
constexpr absl::Duration kAgain = absl::Minutes(1);

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(absl::ToUnixSeconds(time));
  return stamp;
}

bool SameAnchor(const event::v1::Position& a, const event::v1::Position& b) {
  return a.log() == b.log() && a.sequence() == b.sequence();
}

const WatchedLimit* FindLimit(const StoredWatch& row, const std::string& deadline,
                              const event::v1::Position& anchor) {
  for (const WatchedLimit& limit : row.limits()) {
    if (limit.deadline() == deadline && SameAnchor(limit.anchor(), anchor)) return &limit;
  }
  return nullptr;
}

std::string PlaceOf(const event::v1::Position& position) {
  return absl::StrCat(position.log(), "@", position.sequence());
}

// Whether it was stated that the day moved away from the one of that version.
bool WasStated(const domain::WatchedSubject& watched, const WatchedLimit& limit) {
  const auto states = [&](const storage::v1::EffectiveFact& fact) {
    const auto& moved = fact.fact().deadline_recomputed();
    return fact.fact().has_deadline_recomputed() && moved.deadline() == limit.deadline() &&
           SameAnchor(moved.anchor(), limit.anchor()) &&
           moved.previous_catalogue() == limit.previous_catalogue() &&
           moved.due_on() == limit.due_on();
  };
  if (std::any_of(watched.report.begin(), watched.report.end(), states)) return true;
  return std::any_of(watched.fold.segments().begin(), watched.fold.segments().end(),
                     [&](const auto& segment) {
                       return std::any_of(segment.facts().begin(), segment.facts().end(), states);
                     });
}

std::string PastAllMoments() { return absl::StrCat(rows::kWatchAt, std::string(9, '\xff')); }

template <typename Body>
void Name(const domain::WatchedSubject& watched, const domain::DeadlineStatus& status, Body* body) {
  if (watched.case_id.empty()) {
    body->set_report_id(watched.report_id);
  } else {
    body->set_case_id(watched.case_id);
  }
  body->set_deadline(status.rule->id);
  *body->mutable_anchor() = status.anchor;
}

// Short, however long the names in it are.
std::string IdOf(const std::string& what) { return base::HexEncode(crypto::Sha256(what).view()); }

std::string LimitOf(absl::string_view subject, absl::string_view deadline,
                    const event::v1::Position& anchor) {
  return absl::StrCat(subject, "/", deadline, "/", PlaceOf(anchor), "/");
}

template <typename Body>
Request NewRequest(std::string id, const std::string& watcher, Body body) {
  Request request;
  request.header.set_request_id(std::move(id));
  request.header.set_authority(watcher);
  request.body = std::make_shared<const Body>(std::move(body));
  request.single = true;
  return request;
}

}  // namespace

std::string RungId(absl::string_view subject, absl::string_view deadline,
                   const event::v1::Position& anchor, int rung) {
  return IdOf(absl::StrCat("rung/", LimitOf(subject, deadline, anchor), rung));
}

std::string MovedId(absl::string_view subject, absl::string_view deadline,
                    const event::v1::Position& anchor, absl::string_view catalogue,
                    absl::string_view previous_catalogue) {
  return IdOf(absl::StrCat("moved/", LimitOf(subject, deadline, anchor), catalogue, "/",
                           previous_catalogue));
}

Watcher::Watcher(log::Store& store, const Directory& directory, const domain::DeadlineRules& rules)
    : store_(store),
      directory_(directory),
      rules_(rules),
      catalogue_(base::HexEncode(rules.catalogue().digest().view())),
      first_to_watch_(rows::kToWatch),
      first_moment_(rows::kWatchAt) {}

bool Watcher::IsOurs(const domain::WatchedSubject& watched,
                     const domain::DeadlineStatus& status) const {
  const auto& own = directory_.own().authorities;
  return std::find(own.begin(), own.end(), status.watcher) != own.end() &&
         domain::WritesIn(watched, status.watcher);
}

absl::StatusOr<Watcher::Look> Watcher::LookAt(const RoundReader& reader,
                                              const std::string& subject) const {
  Look look;
  look.subject = subject;
  ASSIGN_OR_RETURN(look.watched, LoadWatched(reader, subject, [&reader](const std::string& key) {
                     return reader.Subject(key);
                   }));
  look.owed = domain::OwedLimitsOf(look.watched, rules_);
  ASSIGN_OR_RETURN(look.held, LoadWatch(reader, subject));
  return look;
}

StoredWatch Watcher::RowOf(const Look& look) const {
  StoredWatch row;
  row.set_catalogue(catalogue_);
  row.set_waiting_for(domain::StatusOf(look.watched.fold).waiting_for);
  for (const auto& stint : domain::CustodyOf(look.watched.fold).set_aside) {
    if (stint.handed_over == nullptr) continue;
    row.add_handed_to(domain::AddresseeOf(stint.handed_over->fact()));
  }
  std::optional<absl::Time> next;
  std::optional<absl::Time> first_due;
  std::optional<absl::Time> first_end;
  const auto earliest = [](std::optional<absl::Time>& first, absl::Time time) {
    first = first ? std::min(*first, time) : time;
  };
  for (const OwedLimit& owed : look.owed) {
    const domain::DeadlineStatus& status = owed.status;
    // Other readings of a row that is in conflict have no rungs: nobody speaks by them.
    if (status.rule->rungs.empty()) continue;
    WatchedLimit& limit = *row.add_limits();
    limit.set_deadline(status.rule->id);
    *limit.mutable_anchor() = status.anchor;
    limit.set_due_on(status.due->day.ToIso());
    limit.set_watched(IsOurs(look.watched, status) && !status.past_when_recorded);
    *limit.mutable_end() = ToTimestamp(status.due->end);
    if (limit.watched() && !owed.unstated.empty()) earliest(next, owed.unstated.front().at);
    if (status.duty.empty()) continue;
    earliest(first_end, status.due->end);
    if (status.duty == row.waiting_for()) earliest(first_due, status.due->end);
  }
  CarryOver(look, &row);
  for (const WatchedLimit& limit : row.limits()) {
    if (!limit.previous_due_on().empty()) next = absl::UnixEpoch();
  }
  if (next) *row.mutable_next() = ToTimestamp(*next);
  if (first_due) *row.mutable_first_due() = ToTimestamp(*first_due);
  if (first_end) *row.mutable_first_end() = ToTimestamp(*first_end);
  return row;
}

// What other reference data moved is to be stated, until it was.
void Watcher::CarryOver(const Look& look, StoredWatch* row) const {
  if (!look.held) return;
  for (WatchedLimit& limit : *row->mutable_limits()) {
    const WatchedLimit* before = FindLimit(*look.held, limit.deadline(), limit.anchor());
    if (before == nullptr || !limit.watched()) continue;
    if (!before->previous_due_on().empty()) {
      limit.set_previous_due_on(before->previous_due_on());
      limit.set_previous_catalogue(before->previous_catalogue());
    } else if (look.held->catalogue() != catalogue_ && before->watched()) {
      limit.set_previous_due_on(before->due_on());
      limit.set_previous_catalogue(look.held->catalogue());
    }
    if (limit.previous_due_on() == limit.due_on() || WasStated(look.watched, limit)) {
      limit.clear_previous_due_on();
      limit.clear_previous_catalogue();
    }
  }
}

std::vector<std::string> Watcher::WorkRows(const std::string& subject,
                                           const StoredWatch& row) const {
  std::vector<std::string> keys;
  if (!absl::StartsWith(subject, rows::kCaseSubject)) return keys;
  const std::string case_id = subject.substr(rows::kCaseSubject.size());
  const std::uint64_t due =
      row.has_first_due() ? static_cast<std::uint64_t>(row.first_due().seconds()) : rows::kNoDueDay;
  for (const std::string& authority : directory_.own().authorities) {
    const auto acts_for = [&](const std::string& other) {
      return directory_.Serves({"", {authority}}, other);
    };
    if (!row.waiting_for().empty() && acts_for(row.waiting_for())) {
      keys.push_back(rows::Work(authority, due, case_id));
    } else if (std::any_of(row.handed_to().begin(), row.handed_to().end(), acts_for)) {
      keys.push_back(rows::Work(authority, rows::kNoDueDay, case_id));
    }
  }
  return keys;
}

void Watcher::Put(const Look& look, const StoredWatch& row, std::vector<log::RowWrite>* writes) {
  const auto write = [writes](std::string key, std::optional<std::string> value) {
    writes->push_back({log::Table::kView, std::move(key), std::move(value)});
  };
  const auto moment = [&](const StoredWatch& of) {
    return rows::WatchAt(static_cast<std::uint64_t>(of.next().seconds()), look.subject);
  };
  // What goes goes first: it may be what comes again.
  if (look.held) {
    if (look.held->has_next()) write(moment(*look.held), std::nullopt);
    for (std::string& key : WorkRows(look.subject, *look.held)) {
      write(std::move(key), std::nullopt);
    }
  }
  // Of a case that the end of a log took with it when the log was closed, nothing is owed or known;
  // of a report with cases nothing is owed.
  const bool nothing = row.limits().empty() && row.waiting_for().empty() && row.handed_to().empty();
  if (!nothing) {
    write(rows::Watch(look.subject), row.SerializeAsString());
  } else if (look.held) {
    write(rows::Watch(look.subject), std::nullopt);
  }
  if (row.has_next()) {
    std::string key = moment(row);
    first_moment_ = std::min(first_moment_, key);
    write(std::move(key), std::string());
  }
  for (std::string& key : WorkRows(look.subject, row)) write(std::move(key), std::string());
}

absl::StatusOr<bool> Watcher::Learn() {
  std::vector<log::RowWrite> writes;
  std::set<std::string> subjects;
  RETURN_IF_ERROR(
      store_.Scan(log::Table::kView, rows::kToWatch, first_to_watch_,
                  [&](absl::string_view key, absl::string_view changed) {
                    writes.push_back({log::Table::kView, std::string(key), std::nullopt});
                    for (const absl::string_view subject : absl::StrSplit(changed, '\n')) {
                      subjects.emplace(subject);
                    }
                    return subjects.size() < kStepMax;
                  }));
  if (writes.empty()) return false;
  std::string last = writes.back().key;
  const RoundReader reader(store_);  // cases and their reports come together
  for (const std::string& subject : subjects) {
    ASSIGN_OR_RETURN(const Look look, LookAt(reader, subject));
    Put(look, RowOf(look), &writes);
  }
  RETURN_IF_ERROR(store_.Write(writes, log::Durability::kUnsynced));
  first_to_watch_ = std::move(last);  // their numbers only grow
  return true;
}

std::vector<Request> Watcher::RequestsOf(const Look& look, const StoredWatch& row,
                                         absl::Time now) const {
  std::vector<Request> requests;
  for (const OwedLimit& owed : look.owed) {
    const domain::DeadlineStatus& status = owed.status;
    if (!IsOurs(look.watched, status)) continue;
    const WatchedLimit* limit = FindLimit(row, status.rule->id, status.anchor);
    if (limit != nullptr && !limit->previous_due_on().empty()) {
      command::v1::RecordRecomputation body;
      Name(look.watched, status, &body);
      body.set_previous_due_on(limit->previous_due_on());
      body.set_previous_catalogue(limit->previous_catalogue());
      requests.push_back(NewRequest(MovedId(look.subject, status.rule->id, status.anchor,
                                            catalogue_, limit->previous_catalogue()),
                                    status.watcher, std::move(body)));
    }
    for (const domain::Rung& rung : owed.unstated) {
      if (rung.at > now) break;
      command::v1::RecordRung body;
      Name(look.watched, status, &body);
      body.set_rung(rung.offset);
      requests.push_back(
          NewRequest(RungId(look.subject, status.rule->id, status.anchor, rung.offset),
                     status.watcher, std::move(body)));
    }
  }
  return requests;
}

absl::StatusOr<std::vector<Request>> Watcher::Due(absl::Time now) {
  std::vector<std::string> subjects;
  RETURN_IF_ERROR(store_.Scan(log::Table::kView, rows::kWatchAt, first_moment_,
                              [&](absl::string_view key, absl::string_view) {
                                const auto [seconds, subject] = rows::DecodeWatchAt(key);
                                if (absl::FromUnixSeconds(static_cast<std::int64_t>(seconds)) >
                                    now) {
                                  return false;
                                }
                                subjects.emplace_back(subject);
                                return subjects.size() < kStepMax;
                              }));
  std::vector<Request> requests;
  std::vector<log::RowWrite> writes;
  const RoundReader reader(store_);
  for (const std::string& subject : subjects) {
    ASSIGN_OR_RETURN(const Look look, LookAt(reader, subject));
    StoredWatch row = RowOf(look);
    std::vector<Request> due = RequestsOf(look, row, now);
    if (!due.empty()) *row.mutable_next() = ToTimestamp(now + kAgain);
    Put(look, row, &writes);
    std::move(due.begin(), due.end(), std::back_inserter(requests));
  }
  if (!writes.empty()) RETURN_IF_ERROR(store_.Write(writes, log::Durability::kUnsynced));
  return requests;
}

absl::StatusOr<std::optional<absl::Time>> Watcher::Next() {
  std::optional<absl::Time> next;
  std::string first = PastAllMoments();
  RETURN_IF_ERROR(store_.Scan(log::Table::kView, rows::kWatchAt, first_moment_,
                              [&](absl::string_view key, absl::string_view) {
                                first = std::string(key);
                                next = absl::FromUnixSeconds(
                                    static_cast<std::int64_t>(rows::DecodeWatchAt(key).first));
                                return false;
                              }));
  first_moment_ = std::move(first);
  return next;
}

absl::StatusOr<std::optional<StoredWatch>> LoadWatch(const log::StoreReader& store,
                                                     const std::string& subject) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kView, rows::Watch(subject)));
  if (!row) return std::nullopt;
  StoredWatch watch;
  if (!watch.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the watch of ", subject, " is damaged"));
  }
  return watch;
}

bool IsOfWatcher(const google::protobuf::Message& body) {
  return body.GetDescriptor() == command::v1::RecordRung::descriptor() ||
         body.GetDescriptor() == command::v1::RecordRecomputation::descriptor();
}

}  // namespace selaras::node
