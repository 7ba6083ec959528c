#include "tools/selaras/cloud_event.h"

#include "selaras/cli/v1/output.pb.h"

#include "io/cloudevents/v1/cloudevents.pb.h"
#include "services/domain/fold.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/note.h"
#include "tools/selaras/json.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr char kSpecVersion[] = "1.0";
constexpr char kDataSchema[] = "proto:selaras.event.v1.Event";
constexpr char kTypeUrl[] = "type.googleapis.com/selaras.event.v1.Event";

// The name of the fact's message, e.g. selaras.event.v1.CaseReferred.
std::string TypeOf(const event::v1::Event& event) {
  const auto* kind = domain::KindMessage(event.fact());
  return kind == nullptr ? "selaras.event.v1.Event" : kind->GetDescriptor()->full_name();
}

// What the event is about: never empty, which CloudEvents forbids.
std::string SubjectIn(const ledger::v1::EntryRecord& record, const event::v1::Event& event) {
  std::string subject = SubjectOf(event);
  return subject.empty() ? record.position().log() : subject;
}

}  // namespace

absl::StatusOr<Origins> Origins::Of(const ledger::v1::GetCheckpointResponse& head) {
  Origins origins;
  for (const ledger::v1::PastKey& past : head.past_keys()) {
    ASSIGN_OR_RETURN(const log::NoteVerifier key, log::NoteVerifier::Parse(past.verifier_key()));
    origins.closed_.emplace_back(past.last_size(), key.name());
  }
  ASSIGN_OR_RETURN(const log::NoteVerifier key, log::NoteVerifier::Parse(head.verifier_key()));
  origins.newest_ = key.name();
  return origins;
}

const std::string& Origins::At(std::uint64_t sequence) const {
  for (const auto& [size, origin] : closed_) {
    if (sequence < size) return origin;
  }
  return newest_;
}

std::string CloudEventLine(const ledger::v1::EntryRecord& record, const Origins& origins) {
  auto event = EventOf(record);
  if (!event) return {};
  cli::v1::CloudEvent cloud;
  cloud.set_specversion(kSpecVersion);
  cloud.set_id(PositionText(record.position()));
  cloud.set_source(origins.At(record.position().sequence()));
  cloud.set_type(TypeOf(*event));
  cloud.set_subject(SubjectIn(record, *event));
  cloud.set_time(Rfc3339(event->recorded_at()));
  cloud.set_datacontenttype("application/json");
  cloud.set_dataschema(kDataSchema);
  cloud.set_leafhash(base::HexEncode(record.leaf_hash()));
  *cloud.mutable_data() = *std::move(event);
  const auto line = JsonLineOf(cloud);
  return line.ok() ? *line + "\n" : std::string();
}

std::string CloudEventBatch(const ledger::v1::EntryRecord& record, const Origins& origins) {
  const auto event = EventOf(record);
  if (!event) return {};
  io::cloudevents::v1::CloudEventBatch batch;
  io::cloudevents::v1::CloudEvent& cloud = *batch.add_events();
  cloud.set_id(PositionText(record.position()));
  cloud.set_source(origins.At(record.position().sequence()));
  cloud.set_spec_version(kSpecVersion);
  cloud.set_type(TypeOf(*event));
  auto& attributes = *cloud.mutable_attributes();
  attributes["subject"].set_ce_string(SubjectIn(record, *event));
  *attributes["time"].mutable_ce_timestamp() = event->recorded_at();
  attributes["datacontenttype"].set_ce_string("application/protobuf");
  attributes["dataschema"].set_ce_uri(kDataSchema);
  attributes["leafhash"].set_ce_string(base::HexEncode(record.leaf_hash()));
  // The entry byte for byte: its leaf hash can be computed from the event.
  cloud.mutable_proto_data()->set_type_url(kTypeUrl);
  cloud.mutable_proto_data()->set_value(record.entry());
  return batch.SerializeAsString();
}

}  // namespace selaras::cli
