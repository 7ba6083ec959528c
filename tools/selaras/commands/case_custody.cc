// `case custody`: who had the file, hand-over by hand-over.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/base/status.h"
#include "tools/selaras/case_bundle.h"
#include "tools/selaras/case_file.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

struct CustodyOptions {
  std::string id;
  std::string receipts;
};

// What the node that was asked knows of the way of an entry that nobody acknowledged yet.
void FillDelivery(const query::v1::Case& shown, const ledger::v1::GetNodeResponse& node,
                  cli::v1::CustodyHop* hop) {
  if (hop->has_received()) return;
  const auto& own = node.authorities();
  if (std::find(own.begin(), own.end(), hop->to()) != own.end()) {
    hop->set_delivery("arrived");
    return;
  }
  bool sent = false;
  for (const query::v1::Arrival& arrival : shown.arrivals()) {
    if (PositionText(arrival.position()) != hop->sent().position()) continue;
    sent = true;
    if (!arrival.arrived()) hop->add_not_arrived_at(arrival.peer());
  }
  if (sent) hop->set_delivery(hop->not_arrived_at().empty() ? "arrived" : "not_arrived");
}

// A node holds its own entries since it wrote them: that says nothing of a delivery.
void ForgetOwn(const std::string& node, cli::v1::CaseEntry* entry) {
  if (absl::StartsWith(entry->position(), absl::StrCat(node, "@"))) entry->clear_held_since();
}

absl::Status WriteReceipt(const std::vector<ProvenEntry>& entries, const std::string& folder,
                          cli::v1::CaseEntry* shown) {
  for (const ProvenEntry& entry : entries) {
    if (PositionText(entry.position) != shown->position()) continue;
    shown->set_receipt(absl::StrCat(folder, "/", ReceiptFileName(entry.position)));
    return WriteFile(shown->receipt(), entry.receipt);
  }
  return absl::OkStatus();
}

absl::Status WriteReceipts(const std::vector<ProvenEntry>& entries, const std::string& folder,
                           cli::v1::CustodyReport* report) {
  RETURN_IF_ERROR(MakeFolder(folder));
  for (cli::v1::CustodyHop& hop : *report->mutable_hops()) {
    RETURN_IF_ERROR(WriteReceipt(entries, folder, hop.mutable_sent()));
    if (!hop.has_received()) continue;
    RETURN_IF_ERROR(WriteReceipt(entries, folder, hop.mutable_received()));
  }
  return absl::OkStatus();
}

absl::StatusOr<cli::v1::CustodyReport> ReadCustody(Context& context,
                                                   const CustodyOptions& options) {
  ASSIGN_OR_RETURN(const Place place, context.OpenPlace());
  ASSIGN_OR_RETURN(const CaseFile file, ReadCaseFile(*place.cases, *place.ledger, options.id));
  ASSIGN_OR_RETURN(const auto node, place.ledger->GetNode());
  const auto fold = FoldOf(file.as_shown.case_id(), file.entries);
  cli::v1::CustodyReport report = CustodyReportOf(fold, file.entries);
  // The node knows what stays in its office, too, and what contradicts.
  report.set_holder(file.as_shown.holder());
  report.set_waiting_for(file.as_shown.waiting_for());
  *report.mutable_contradictions() = file.as_shown.contradictions();
  for (cli::v1::CustodyHop& hop : *report.mutable_hops()) {
    FillDelivery(file.as_shown, node, &hop);
    ForgetOwn(node.node(), hop.mutable_sent());
    if (hop.has_received()) ForgetOwn(node.node(), hop.mutable_received());
  }
  if (!options.receipts.empty()) {
    RETURN_IF_ERROR(WriteReceipts(file.entries, options.receipts, &report));
  }
  return report;
}

std::string DeliveryText(const cli::v1::CustodyHop& hop) {
  if (hop.delivery() == "not_arrived") {
    return absl::StrCat("not arrived at ", absl::StrJoin(hop.not_arrived_at(), ", "));
  }
  if (hop.delivery() == "unknown") return "only its sender and its receiver can say";
  return hop.sent().held_since().empty()
             ? "arrived"
             : absl::StrCat("arrived, held here since ", hop.sent().held_since());
}

void AddEntry(const std::string& name, const cli::v1::CaseEntry& entry, Fields* fields) {
  fields->Add(name, {absl::StrCat(entry.fact(), " ", entry.position()), Tone::kStrong});
  fields->Add("  happened", entry.occurred_at());
  fields->Add("  recorded", entry.recorded_at());
  fields->Add("  receipt", entry.receipt());
}

void Print(Output& output, const cli::v1::CustodyReport& report) {
  Fields about;
  about.Add("opened by", report.opened_by());
  about.Add("held by", report.holder());
  about.Add("waiting for", {report.waiting_for(), Tone::kStrong});
  output.Print(absl::StrCat(output.Paint(Tone::kStrong, "case "), report.case_id(), "\n",
                            about.Text(output)));
  int number = 0;
  for (const cli::v1::CustodyHop& hop : report.hops()) {
    Fields fields;
    AddEntry("sent", hop.sent(), &fields);
    const bool calm = hop.has_received() || hop.delivery() == "arrived";
    fields.Add("delivery", {DeliveryText(hop), calm ? Tone::kPlain : Tone::kWarning});
    if (hop.has_received()) {
      AddEntry("received", hop.received(), &fields);
    } else {
      fields.Add("received",
                 {absl::StrCat("not yet: ", hop.to(), " must acknowledge it"), Tone::kWarning});
    }
    output.Print(
        absl::StrCat("\n", ++number, ". ", hop.from(), " → ", hop.to(), "\n", fields.Text(output)));
  }
  for (const std::string& line : report.contradictions()) {
    output.Print(
        absl::StrCat("\n", output.Paint(Tone::kBad, "contradiction: "), Printable(line), "\n"));
  }
}

ExitCode Custody(Context& context, const CustodyOptions& options) {
  Output& output = context.output();
  const auto report = ReadCustody(context, options);
  if (!report.ok()) return output.Fail(report.status());
  if (output.json()) {
    output.Json(*report);
  } else {
    Print(output, *report);
  }
  return ExitCode::kOk;
}

}  // namespace

Command CaseCustodyCommand() {
  const auto options = std::make_shared<CustodyOptions>();
  return {
      .name = "custody",
      .summary =
          "who had the file: each hand-over, its delivery, its acknowledgement, the receipts",
      .details =
          "The file changes hands when the receiver's own log acknowledges what the sender stated, "
          "citing it. Delivery is something else: that the entry reached the receiver's node, of "
          "which the sender's and the receiver's node know. Times are what each author says; "
          "'held here since' is by the clock of the node that was asked.",
      .examples =
          "selaras case custody 3f2a9c1e\n"
          "selaras case custody 3f2a9c1e --receipts ./letters --json",
      .source = Source::kNodeOrStore,
      .options =
          {{"CASE", "", &options->id, "id of the case, or its beginning", true},
           {"--receipts", "DIR", &options->receipts,
            "write the receipts of all hand-overs and acknowledgements there; a new folder"}},
      .run = [options](Context& context) { return Custody(context, *options); }};
}

}  // namespace selaras::cli
