// What the fields of commands say: values of the catalogue, days and numbers.
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "selaras/referral/v1/referral.pb.h"

#include "paper_commands.h"
#include "storage/base/check.h"
#include "tests/support/commands.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

using F = event::v1::Fact;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The list of the catalogue from which a field takes its code; empty if it takes none.
absl::string_view ListOf(const std::string& command, const std::string& field) {
  struct Row {
    absl::string_view command, field, list;
  };
  static constexpr Row kRows[] = {
      {"ReturnCase", "reasons", "return_reason"},
      {"DismissCase", "reason", "dismissal_reason"},
      {"BlockServices", "scope", "block_scope"},
      {"BlockServices", "trigger", "block_trigger"},
      {"UnblockServices", "reason", "unblock_reason"},
      {"EscalateCase", "rung", "escalation_rung"},
      {"CloseCase", "reason", "closing_reason"},
      {"ReopenCase", "reason", "reopening_reason"},
      {"RecordBlocker", "blocker", "blocker"},
      {"DeclineSanction", "reason", "refusal_reason"},
      {"RevokeSanction", "reason", "revocation_reason"},
      {"RecordLeft", "reason", "leave_reason"},
      {"RecordMoved", "reason", "move_reason"},
      {"DecideObjection", "outcome", "appeal_outcome"},
      {"LinkCase", "link", "link_kind"},
      {"HandElsewhere", "body", "other_body"},
      {"DelegateCase", "kind", "handover_kind"},
      {"MakeRequest", "request", "request_kind"},
      {"AnswerRequest", "reason", "request_answer_reason"},
      {"RecordDeliveryStep", "step", "delivery_step"},
      {"RecordAppealStep", "step", "appeal_step"},
      {"FlagConflict", "reason", "conflict_reason"},
      {"PlaceLegalHold", "matter", "hold_matter"},
      {"OrderErasure", "ground", "erasure_ground"},
      {"AddAttachment", "kind", "attachment_kind"},
      {"RemoveAttachment", "reason", "removal_reason"},
  };
  for (const Row& row : kRows) {
    if (row.command == command && row.field == field) return row.list;
  }
  return {};
}

const std::string& OtherPpk(const std::string& authority) {
  static const auto* const kFirst = new std::string("ppk/13.04");
  static const auto* const kSecond = new std::string("ppk/13.05");
  return authority == *kFirst ? *kSecond : *kFirst;
}

}  // namespace

std::string CommandMaker::CodeOf(absl::string_view list, const PaperOffice& office) {
  const auto codes = office.catalogue().CodesOf(list);
  SELARAS_CHECK(!codes.empty()) << list;
  return codes[Between(random_, 0, codes.size() - 1)].code;
}

event::v1::When CommandMaker::Day() {
  event::v1::When when;
  if (dating_ == Dating::kLate) {
    if (Chance(4)) return when;  // not recorded
    // From the days of KASN on, and not in the order in which it is typed in.
    const std::uint64_t month = Between(random_, 7, 12);
    return On(absl::StrCat("2024-", month < 10 ? "0" : "", month, "-", Between(random_, 10, 28)));
  }
  when.mutable_instant()->set_seconds(1'740'000'000 + made_ * 3'600);
  when.set_zone("WIB");
  return when;
}

std::string CommandMaker::Text(const std::string& name, const std::string& field,
                               const PaperOffice& office) {
  if (field == "case_id") return office.case_id();
  if (absl::EndsWith(field, "_number")) return absl::StrCat(office.log().size(), "/UJI/2025");
  if (field == "summary" || field == "reason_text") return "Uraian untuk pengujian.";
  if (field == "nip") return std::string(kNip);
  if (field == "employment_status") return "PNS";
  if (field == "unit") return "Direktorat Uji";
  if (field == "other_case_id") return absl::StrCat("8a63fd54-", Between(random_, 1, 3));
  if (field == "authority") return Chance(2) ? "ppk/13.04" : "ppk/13.05";
  if (field == "sanction" && name != "DecideObjection") return Chance(2) ? "B-1" : "B-2";
  if (field == "departure") return Chance(8) ? "register" : "";
  if (field == "conflict_departure") return Chance(4) ? "tidak_berkepentingan" : "";
  if (field == "route") {
    const auto* filed =
        domain::LastFact(office.fold(), domain::Section::kSanction, F::kObjectionFiled);
    if (filed != nullptr && name == "DecideObjection") {
      return filed->fact().objection_filed().route();
    }
    return Chance(2) ? "banding" : "keberatan";
  }
  if (field != "to") return {};
  if (name == "DelegateCase")
    return office.authority() == "bawaslu/13" ? "bawaslu/ri" : "bawaslu/13";
  if (name == "RecommendSanction") return Chance(2) ? "" : OtherPpk(Chance(2) ? "ppk/13.04" : "");
  if (name == "RecordMoved") return Chance(2) ? "" : OtherPpk(office.authority());
  if (name == "ReferCase") return "";
  return "menpanrb";
}

void CommandMaker::FillText(const std::string& name, const FieldDescriptor& field,
                            const PaperOffice& office, Message* command) {
  const auto* reflection = command->GetReflection();
  const absl::string_view list = ListOf(name, field.name());
  std::string text = list.empty() ? Text(name, field.name(), office) : CodeOf(list, office);
  if (text.empty()) return;
  if (field.is_repeated()) {
    reflection->AddString(command, &field, std::move(text));
  } else {
    reflection->SetString(command, &field, std::move(text));
  }
}

Batch CommandMaker::Recommend(const PaperOffice& office, const std::string& to) {
  Batch batch = Make("RecommendSanction", office);
  auto& typed = static_cast<referral::v1::ExecuteBatchRequest&>(*batch);
  typed.mutable_commands(0)->mutable_recommend_sanction()->set_to(OtherPpk(to));
  return batch;
}

}  // namespace selaras::test
