#include "services/node/closing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "selaras/command/v1/command.pb.h"

#include "services/node/link_rows.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/published.h"

namespace selaras::node {
namespace {

using log::Table;
using storage::v1::StoredLink;
using storage::v1::StoredRequest;
using storage::v1::StoredSubject;

std::string SubjectKey(const event::v1::Event& event) {
  if (event.has_case_id()) return rows::CaseState(event.case_id());
  return event.has_report_id() ? rows::ReportState(event.report_id()) : std::string();
}

template <typename Places>
bool AllBelow(const Places& places, base::TreeSize size) {
  return std::all_of(places.begin(), places.end(),
                     [&](std::uint64_t place) { return place < size.value; });
}

// The places below `size`; they stand in order.
template <typename Places>
void KeepBelow(base::TreeSize size, Places* places) {
  const auto end = std::find_if(places->begin(), places->end(),
                                [&](std::uint64_t place) { return place >= size.value; });
  places->erase(end, places->end());
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the row of ", what, " is damaged"));
}

class Closer {
 public:
  Closer(const log::StoreReader& store, base::TreeSize size) : store_(store) {
    closing_.shared = size;
  }

  absl::StatusOr<Closing> Run() {
    const base::TreeSize here = store_.shared().size();
    if (here < closing_.shared) {
      return log::PastTheEnd(store_.shared().name(), {closing_.shared.value - 1}, here);
    }
    RETURN_IF_ERROR(CheckIsBetweenRequests());
    RETURN_IF_ERROR(ReadStates());
    RETURN_IF_ERROR(ReadCutTags());
    RETURN_IF_ERROR(FindPrivateEnd());
    RETURN_IF_ERROR(CloseStates());
    RETURN_IF_ERROR(CloseRequests());
    RETURN_IF_ERROR(ForgetViews());
    RETURN_IF_ERROR(ForgetPublished());
    return std::move(closing_);
  }

 private:
  absl::Status CheckIsBetweenRequests() const {
    const log::LogReader& log = store_.shared();
    const base::Sequence next = base::NextAfter(closing_.shared);
    if (next.value == 0 || !base::Covers(log.size(), next)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string cut, TagAt(next));
    std::uint64_t first = next.value;
    for (; first > 0 && !cut.empty(); --first) {
      ASSIGN_OR_RETURN(const std::string before, TagAt({first - 1}));
      if (before != cut) break;
    }
    if (first == next.value) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat(closing_.shared, " entries of ", log.name(),
                     " end within what one request wrote; close it at ", first));
  }

  // Of the request that wrote the entry; empty if none did, or a restore lost it.
  absl::StatusOr<std::string> TagAt(base::Sequence place) const {
    ASSIGN_OR_RETURN(const auto bytes, store_.shared().Entry(place));
    if (!bytes) return std::string();
    ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
    return event.request_tag();
  }

  // Which cases and reports were opened below, and which beyond.
  absl::Status ReadStates() {
    absl::Status damaged;
    RETURN_IF_ERROR(
        store_.Scan(Table::kState, "", "", [&](absl::string_view key, absl::string_view value) {
          StoredSubject subject;
          if (!subject.ParseFromString(std::string(value))) damaged = Damaged(key);
          if (!subject.shared().empty() && subject.shared(0) >= closing_.shared.value) {
            gone_.insert(std::string(key));
          }
          subjects_.emplace_back(std::string(key), std::move(subject));
          return damaged.ok();
        }));
    return damaged;
  }

  absl::Status ReadCutTags() {
    const base::TreeSize here = store_.shared().size();
    for (base::Sequence place = base::NextAfter(closing_.shared); base::Covers(here, place);
         ++place.value) {
      ASSIGN_OR_RETURN(std::string tag, TagAt(place));
      if (!tag.empty()) cut_tags_.insert(std::move(tag));
    }
    return absl::OkStatus();
  }

  // The first private entry that belongs to what is cut off ends what is kept.
  absl::Status FindPrivateEnd() {
    const base::TreeSize here = store_.private_log().size();
    base::Sequence place;
    for (; base::Covers(here, place); ++place.value) {
      ASSIGN_OR_RETURN(const event::v1::Event event, ReadEvent(store_.private_log(), place));
      if (cut_tags_.contains(event.request_tag()) || gone_.contains(SubjectKey(event))) break;
    }
    closing_.private_ = {place.value};
    return absl::OkStatus();
  }

  absl::Status CloseStates() {
    for (auto& [key, subject] : subjects_) {
      if (gone_.contains(key)) {
        closing_.rows.push_back({Table::kState, key, std::nullopt});
        continue;
      }
      StoredSubject kept = subject;
      KeepBelow(closing_.shared, kept.mutable_shared());
      KeepBelow(closing_.private_, kept.mutable_private_());
      auto* cases = kept.mutable_case_ids();
      cases->erase(std::remove_if(cases->begin(), cases->end(),
                                  [this](const std::string& case_id) {
                                    return gone_.contains(rows::CaseState(case_id));
                                  }),
                   cases->end());
      if (kept.shared_size() == subject.shared_size() &&
          kept.private__size() == subject.private__size() &&
          kept.case_ids_size() == subject.case_ids_size()) {
        continue;
      }
      ASSIGN_OR_RETURN(kept, Refold(store_, kept));
      closing_.rows.push_back({Table::kState, key, kept.SerializeAsString()});
    }
    return absl::OkStatus();
  }

  absl::Status CloseRequests() {
    absl::Status damaged;
    RETURN_IF_ERROR(
        store_.Scan(Table::kRequest, "", "", [&](absl::string_view key, absl::string_view value) {
          StoredRequest request;
          command::v1::CommandOutcome outcome;
          if (!request.ParseFromString(std::string(value)) ||
              !outcome.ParseFromString(request.outcome())) {
            damaged = Damaged("a request");
          } else if (!AllBelow(request.shared(), closing_.shared) ||
                     !AllBelow(request.private_(), closing_.private_) || IsGone(outcome)) {
            closing_.rows.push_back({Table::kRequest, std::string(key), std::nullopt});
          }
          return damaged.ok();
        }));
    return damaged;
  }

  // Whether an answer, e.g. that nothing had to be written, is about what is cut off.
  bool IsGone(const command::v1::CommandOutcome& outcome) const {
    const auto is_gone = [this](const auto& named) {
      return gone_.contains(rows::CaseState(named.case_id())) ||
             gone_.contains(rows::ReportState(named.report_id()));
    };
    return is_gone(outcome) || std::any_of(outcome.steps().begin(), outcome.steps().end(), is_gone);
  }

  absl::Status ForgetViews() {
    absl::Status damaged;
    RETURN_IF_ERROR(
        store_.Scan(Table::kView, "", "", [&](absl::string_view key, absl::string_view value) {
          const bool stays = absl::StartsWith(key, rows::kChanges) || key == rows::kChangeCount ||
                             key == rows::kViewBasis || absl::StartsWith(key, rows::kFollows);
          if (stays) return true;
          std::optional<std::string> left;
          if (absl::StartsWith(key, rows::kLinks)) {
            StoredLink link;
            if (!link.ParseFromString(std::string(value))) damaged = Damaged(key);
            left = WhatIsLeft(std::move(link)).SerializeAsString();
          }
          closing_.rows.push_back({Table::kView, std::string(key), std::move(left)});
          return damaged.ok();
        }));
    return damaged;
  }

  // What a peer acknowledged of this log may be cut off; what was heard of its own stays.
  StoredLink WhatIsLeft(StoredLink link) const {
    link.clear_arrived_size();
    link.clear_arrived_epoch();
    link.clear_arrived_disclosed();
    SettleClosed(store_.shared().name(), &link);
    return link;
  }

  absl::Status ForgetPublished() {
    const std::string& log = store_.shared().name();
    return log::ScanPublished(
        store_, log, {closing_.shared.value + 1}, [&](const log::PublishedCheckpoint& published) {
          closing_.rows.push_back(
              {Table::kPublished, log::PublishedKey(log, published.size), std::nullopt});
          return true;
        });
  }

  const log::StoreReader& store_;
  Closing closing_;
  std::vector<std::pair<std::string, StoredSubject>> subjects_;
  std::set<std::string> gone_;      // keys of state rows: opened beyond the closing
  std::set<std::string> cut_tags_;  // of requests whose shared entries are cut off
};

}  // namespace

absl::StatusOr<Closing> CloseAt(const log::StoreReader& store, base::TreeSize size) {
  return Closer(store, size).Run();
}

}  // namespace selaras::node
