#include "paper_commands.h"

#include <utility>

#include "selaras/command/v1/command.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "services/domain/decide.h"
#include "storage/base/check.h"
#include "tests/support/commands.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

using F = event::v1::Fact;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using storage::v1::EffectiveFact;

Batch NewBatch(domain::Section section) {
  switch (section) {
    case domain::Section::kIntake:
      return std::make_unique<intake::v1::ExecuteBatchRequest>();
    case domain::Section::kReferral:
      return std::make_unique<referral::v1::ExecuteBatchRequest>();
    default:
      return std::make_unique<sanction::v1::ExecuteBatchRequest>();
  }
}

// The alternatives of the role's command.
const google::protobuf::OneofDescriptor& Alternatives(const Message& batch) {
  return *batch.GetDescriptor()->FindFieldByName("commands")->message_type()->oneof_decl(0);
}

// The command of that name in a new batch, to be filled.
Message* Add(const std::string& name, Message& batch) {
  const auto& oneof = Alternatives(batch);
  Message* command =
      batch.GetReflection()->AddMessage(&batch, batch.GetDescriptor()->FindFieldByName("commands"));
  for (int i = 0; i < oneof.field_count(); ++i) {
    if (oneof.field(i)->message_type()->name() != name) continue;
    return command->GetReflection()->MutableMessage(command, oneof.field(i));
  }
  SELARAS_CHECK(false) << "no command " << name;
  return nullptr;
}

template <typename Command>
Batch BatchOf(const PaperOffice& office, const std::string& name, const Command& command) {
  Batch batch = NewBatch(office.section());
  Add(name, *batch)->CopyFrom(command);
  return batch;
}

}  // namespace

bool CommandMaker::Chance(std::uint64_t one_in) { return Between(random_, 1, one_in) == 1; }

std::vector<std::string> CommandMaker::NamesOf(domain::Section section) {
  std::vector<std::string> names;
  const Batch batch = NewBatch(section);
  const auto& oneof = Alternatives(*batch);
  for (int i = 0; i < oneof.field_count(); ++i) {
    const auto* command = oneof.field(i)->message_type();
    const bool about_case = command->FindFieldByName("case_id") != nullptr ||
                            command->FindFieldByName("case_ref") != nullptr;
    if (about_case && command->name() != "CorrectFact" && command->name() != "VoidFact") {
      names.push_back(command->name());
    }
  }
  return names;
}

const EffectiveFact* CommandMaker::AnyFact(const PaperOffice& office, bool own,
                                           domain::FactKind kind) {
  std::vector<const EffectiveFact*> found;
  for (const auto& segment : office.fold().segments()) {
    const bool is_own = segment.writer() == office.authority();
    if (own != is_own && kind != F::kCopySent) continue;
    for (const EffectiveFact& fact : segment.facts()) {
      if (kind == F::KIND_NOT_SET || fact.fact().kind_case() == kind) found.push_back(&fact);
    }
  }
  return found.empty() ? nullptr : found[Between(random_, 0, found.size() - 1)];
}

// Fills the position that the command must name; false if there is nothing to name.
bool CommandMaker::Refer(const std::string& name, const PaperOffice& office, Message* command) {
  const EffectiveFact* named = nullptr;
  std::string field;
  if (name == "SendCopy") std::tie(named, field) = std::pair(AnyFact(office, true, {}), "of");
  if (name == "RecordCopyReceived") {
    std::tie(named, field) = std::pair(AnyFact(office, false, F::kCopySent), "copy");
  }
  if (name == "AnswerRequest") {
    std::tie(named, field) = std::pair(AnyFact(office, false, F::kRequestMade), "request");
  }
  if (name == "LiftLegalHold") {
    std::tie(named, field) = std::pair(AnyFact(office, true, F::kLegalHoldPlaced), "hold");
  }
  if (name == "RemoveAttachment") {
    std::tie(named, field) = std::pair(AnyFact(office, true, F::kAttachmentAdded), "attachment");
  }
  if (name == "AnswerErasure") {
    std::tie(named, field) = std::pair(AnyFact(office, false, F::kErasureOrdered), "order");
  }
  if (field.empty()) return true;
  if (named == nullptr) return false;
  const auto* descriptor = command->GetDescriptor()->FindFieldByName(field);
  command->GetReflection()->MutableMessage(command, descriptor)->CopyFrom(named->position());
  return true;
}

void CommandMaker::Fill(const std::string& name, const PaperOffice& office, Message* command) {
  const auto* descriptor = command->GetDescriptor();
  const auto* reflection = command->GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    if (field.type() == FieldDescriptor::TYPE_STRING) FillText(name, field, office, command);
    if (field.name() == "occurred_at") {
      reflection->MutableMessage(command, &field)->CopyFrom(Day());
    }
    if (field.name() == "case_ref") {
      command::v1::CaseReference reference;
      reference.set_case_id(office.case_id());
      reflection->MutableMessage(command, &field)->CopyFrom(reference);
    }
    if (field.type() == FieldDescriptor::TYPE_BOOL) {
      reflection->SetBool(command, &field, !Chance(8));
    }
  }
}

Batch CommandMaker::Make(const std::string& name, const PaperOffice& office) {
  ++made_;
  Batch batch = NewBatch(office.section());
  Message* command = Add(name, *batch);
  Fill(name, office, command);
  if (!Refer(name, office, command)) return nullptr;
  if (auto* concluded = dynamic_cast<intake::v1::ConcludeCase*>(command)) {
    if (Chance(6)) {
      concluded->set_outcome(CodeOf("conclusion", office));
    } else {
      concluded->add_violations_found("HD-06");
    }
  }
  if (auto* step = dynamic_cast<sanction::v1::RecordDeliveryStep*>(command)) {
    if (step->step() == "dijadwalkan") step->set_scheduled_on("2024-12-02");
  }
  if (auto* decided = dynamic_cast<sanction::v1::DecideObjection*>(command)) {
    if (decided->outcome() == "memperingan") decided->set_sanction("R-2");
    if (decided->outcome() == "memperberat") decided->set_sanction("B-3");
    if (decided->outcome() == "mengubah") decided->set_sanction(Chance(2) ? "B-3" : "S-T1");
  }
  if (auto* referred = dynamic_cast<intake::v1::ReferCase*>(command)) {
    if (domain::DayOf(referred->occurred_at()).empty()) referred->set_to("bkn");
  }
  return batch;
}

Batch CommandMaker::Open(const PaperOffice& office) {
  ++made_;
  if (office.section() == domain::Section::kReferral) {
    referral::v1::OpenLegacyCase opened;
    *opened.mutable_respondent() = SomeRespondent().respondent();
    opened.set_election("PILKADA-2024");
    opened.set_incident_on("2024-06-01");
    opened.set_agency_region("13.04");
    opened.set_employment_status("PNS");
    opened.add_violations_found("HD-06");
    if (Chance(2)) opened.set_reported_by("bawaslu/13");
    opened.set_agenda_number("KASN-7/2024");
    *opened.mutable_occurred_at() = Day();
    return BatchOf(office, "OpenLegacyCase", opened);
  }
  auto named = SomeRespondent(Chance(3) ? absl::string_view() : kNip);
  named.mutable_report()->set_report_id(office.NewReportId("", 0));
  named.set_agency_region(Chance(2) ? "13.04" : "13.05");
  *named.mutable_occurred_at() = Day();
  return BatchOf(office, "NameRespondent", named);
}

Batch CommandMaker::TakeBack(const PaperOffice& office) {
  if (office.own() == nullptr || office.own()->facts().empty()) return nullptr;
  const auto& facts = office.own()->facts();
  command::v1::VoidFact command;
  command.set_case_id(office.case_id());
  *command.mutable_position() = facts.Get(facts.size() - 1).position();
  command.set_reason("keliru");
  return BatchOf(office, "VoidFact", command);
}

Batch CommandMaker::Correct(const PaperOffice& office) {
  const EffectiveFact* fact = AnyFact(office, true, {});
  if (fact == nullptr) return nullptr;
  command::v1::CorrectFact command;
  command.set_case_id(office.case_id());
  *command.mutable_position() = fact->position();
  command.set_reason("salah ketik");
  *command.mutable_new_fact() = fact->fact();
  auto* paths = command.mutable_fields();
  if (fact->fact().has_case_referred() && Chance(2)) {
    paths->add_paths("incident_on");
    command.mutable_new_fact()->mutable_case_referred()->set_incident_on("2024-09-01");
  } else if (fact->fact().has_respondent_named() && Chance(2)) {
    paths->add_paths("personal.respondent");
    auto* respondent = command.mutable_new_personal()->mutable_respondent();
    *respondent = SomeRespondent(kOtherNip).respondent();
  } else if (fact->fact().has_sanction_decided() && Chance(2)) {
    paths->add_paths("sanction");
    command.mutable_new_fact()->mutable_sanction_decided()->set_sanction("B-1");
  } else {
    command.clear_new_fact();
    paths->add_paths("occurred_at");
    *command.mutable_new_occurred_at() = On("2024-12-24");
  }
  return BatchOf(office, "CorrectFact", command);
}

}  // namespace selaras::test
