#include "tools/selaras/case_file.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "services/domain/custody.h"
#include "services/domain/fold.h"
#include "services/node/seal.h"
#include "storage/base/status.h"
#include "storage/log/receipt.h"
#include "storage/merkle/hash.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kAttempts = 5;

bool Same(const event::v1::Position& a, const event::v1::Position& b) {
  return a.log() == b.log() && a.sequence() == b.sequence();
}

absl::StatusOr<ProvenEntry> ReadEntry(Ledger& ledger, const query::v1::TimelineStep& step,
                                      std::uint64_t tree_size, CaseFile* file,
                                      std::string* checkpoint) {
  ledger::v1::GetReceiptRequest request;
  request.set_log(step.position().log());
  request.set_sequence(step.position().sequence());
  request.set_tree_size(tree_size);
  ASSIGN_OR_RETURN(const auto got, ledger.GetReceipt(request));
  ASSIGN_OR_RETURN(log::Receipt receipt, log::ParseReceipt(got.receipt()));
  ProvenEntry entry;
  entry.position = step.position();
  entry.leaf_hash = merkle::HashLeaf(receipt.extra);
  if (!entry.event.ParseFromString(receipt.extra))
    return NotUnderstood(PositionText(entry.position));
  entry.receipt = got.receipt();
  entry.entry_key = step.entry_key();
  if (!entry.entry_key.empty()) RETURN_IF_ERROR(Unseal(&entry));
  if (step.has_held_since()) entry.held_since = Rfc3339(step.held_since());
  file->keys[entry.position.log()] = got.verifier_key();
  *checkpoint = std::move(receipt.checkpoint);
  return entry;
}

// Of a mirror only the newest checkpoint can be had: if the log grew meanwhile, begin again.
absl::Status ReadLog(Ledger& ledger, const std::vector<query::v1::TimelineStep>& steps,
                     CaseFile* file) {
  absl::Status last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::vector<ProvenEntry> entries;
    std::string first;
    std::uint64_t size = 0;
    last = absl::OkStatus();
    for (const query::v1::TimelineStep& step : steps) {
      std::string checkpoint;
      auto entry = ReadEntry(ledger, step, size, file, &checkpoint);
      if (!entry.ok() || (!first.empty() && checkpoint != first)) {
        last = entry.ok() ? LogGrows(step.position().log()) : entry.status();
        break;
      }
      if (first.empty()) {
        ASSIGN_OR_RETURN(const log::Checkpoint read, log::ReadUnverified(checkpoint));
        size = read.size.value;
        first = std::move(checkpoint);
      }
      // What stays in its office belongs to no bundle.
      if (entry->event.party_number() > 0) entries.push_back(*std::move(entry));
    }
    if (last.ok()) {
      std::move(entries.begin(), entries.end(), std::back_inserter(file->entries));
      return last;
    }
    // Asked for the size that was the newest: it is not any more.
    if (size == 0 || (!absl::IsInvalidArgument(last) && !absl::IsUnavailable(last) &&
                      !absl::IsFailedPrecondition(last))) {
      return last;
    }
  }
  return last;
}

const ProvenEntry* Find(const std::vector<ProvenEntry>& entries,
                        const event::v1::Position& position) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const ProvenEntry& entry) {
    return Same(entry.position, position);
  });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

absl::StatusOr<CaseFile> ReadCaseFile(CaseSource& cases, Ledger& ledger,
                                      const std::string& id_or_prefix) {
  CaseFile file;
  query::v1::GetCaseRequest asked;
  asked.set_case_id(id_or_prefix);
  ASSIGN_OR_RETURN(auto shown, cases.GetCase(asked));
  file.as_shown = std::move(*shown.mutable_case_());
  query::v1::GetTimelineRequest request;
  request.set_case_id(file.as_shown.case_id());
  request.set_with_entry_keys(true);
  ASSIGN_OR_RETURN(const auto timeline, cases.GetTimeline(request));
  std::map<std::string, std::vector<query::v1::TimelineStep>> by_log;
  for (const query::v1::TimelineStep& step : timeline.steps()) {
    by_log[step.position().log()].push_back(step);
  }
  for (auto& [log, steps] : by_log) {
    std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) {
      return a.position().sequence() < b.position().sequence();
    });
    RETURN_IF_ERROR(ReadLog(ledger, steps, &file));
  }
  return file;
}

storage::v1::CaseFold FoldOf(const std::string& case_id, const std::vector<ProvenEntry>& entries) {
  // A section is written by authorities of one kind, so any fact of its own tells which it is.
  std::map<std::string, domain::Section> sections;
  for (const ProvenEntry& entry : entries) {
    const domain::Section section = domain::SectionOf(entry.event.fact().kind_case());
    if (section != domain::Section::kNone) sections.emplace(entry.event.author(), section);
  }
  storage::v1::CaseFold fold;
  fold.set_fold_version(domain::kFoldVersion);
  fold.set_case_id(case_id);
  for (const ProvenEntry& entry : entries) {
    const auto section = sections.find(entry.event.author());
    if (section == sections.end() ||
        !domain::CanFold(fold.segments(), section->second, entry.event)) {
      continue;
    }
    domain::Evolve(*fold.mutable_segments(), section->second, entry.position, entry.leaf_hash,
                   entry.event);
  }
  return fold;
}

absl::Status Unseal(ProvenEntry* entry) {
  ASSIGN_OR_RETURN(event::v1::PersonalPart part,
                   node::OpenPartAlone(entry->event, entry->entry_key));
  *entry->event.mutable_plain() = std::move(part);
  return absl::OkStatus();
}

std::vector<std::string> PersonalFields(const event::v1::Event& event) {
  if (!event.has_plain()) return {};
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  event.plain().GetReflection()->ListFields(event.plain(), &fields);
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const auto* field : fields) names.emplace_back(field->name());
  return names;
}

cli::v1::CaseEntry ToOutput(const ProvenEntry& entry) {
  cli::v1::CaseEntry output;
  output.set_position(PositionText(entry.position));
  output.set_leaf_hash(base::HexEncode(entry.leaf_hash.view()));
  output.set_fact(FactName(entry.event.fact()));
  output.set_author(entry.event.author());
  output.set_party_number(entry.event.party_number());
  output.set_occurred_at(WhenText(entry.event.occurred_at()));
  output.set_recorded_at(Rfc3339(entry.event.recorded_at()));
  output.set_held_since(entry.held_since);
  for (std::string& field : PersonalFields(entry.event)) output.add_personal(std::move(field));
  return output;
}

cli::v1::CustodyReport CustodyReportOf(const storage::v1::CaseFold& fold,
                                       const std::vector<ProvenEntry>& entries) {
  cli::v1::CustodyReport report;
  report.set_case_id(fold.case_id());
  const domain::Custody custody = domain::CustodyOf(fold);
  const auto fill = [&](const event::v1::Position& position, cli::v1::CaseEntry* output) {
    if (const ProvenEntry* entry = Find(entries, position)) *output = ToOutput(*entry);
  };
  const auto add = [&](const domain::Stint& sender, const storage::v1::EffectiveFact& sent) {
    cli::v1::CustodyHop* hop = report.add_hops();
    hop->set_from(sender.segment->writer());
    hop->set_to(domain::AddresseeOf(sent.fact()));
    fill(sent.position(), hop->mutable_sent());
    hop->set_delivery("unknown");
    return hop;
  };
  for (std::size_t i = 0; i < custody.stints.size(); ++i) {
    const domain::Stint& stint = custody.stints[i];
    if (i == 0) {
      report.set_opened_by(stint.segment->writer());
      continue;
    }
    cli::v1::CustodyHop* hop = add(custody.stints[i - 1], *stint.received);
    fill(stint.segment->facts(stint.begin).position(), hop->mutable_received());
    hop->set_delivery("answered");
  }
  if (custody.under_way != nullptr) add(custody.stints.back(), *custody.under_way);
  const domain::Status status = domain::StatusOf(fold);
  report.set_holder(status.holder);
  report.set_waiting_for(status.waiting_for);
  for (std::string& line : domain::ContradictionsOf(fold))
    report.add_contradictions(std::move(line));
  return report;
}

}  // namespace selaras::cli
