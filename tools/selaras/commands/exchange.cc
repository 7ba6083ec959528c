#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kChunkBytes = 256 << 10;

struct PackOptions {
  std::string to;
  std::string out;
  bool everything = false;
};

void AddSummary(const ledger::v1::ExchangeSummary& summary, Fields* fields) {
  fields->Add("from", summary.from());
  fields->Add("to", summary.to());
  fields->Add("packed at", TimeText(summary.packed_at()));
  fields->Add("log",
              absl::StrCat("from ", summary.from_size(), " to ", summary.size(), " entries"));
  fields->Add("disclosed", absl::StrCat("from ", summary.from_disclosed(), " to ",
                                        summary.disclosed(), " entries"));
  fields->Add("acknowledges", absl::StrCat(summary.acknowledged(), " entries of the receiver"));
}

absl::StatusOr<ledger::v1::ExchangeSummary> PackInto(Node& node, const PackOptions& options) {
  ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(options.out));
  ledger::v1::PackExchangeRequest request;
  request.set_to(options.to);
  request.set_everything(options.everything);
  ASSIGN_OR_RETURN(
      ledger::v1::ExchangeSummary summary,
      node.PackExchange(request, [&](absl::string_view bytes) { return file.Append(bytes); }));
  RETURN_IF_ERROR(file.Commit());
  return summary;
}

ExitCode Pack(Context& context, const PackOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto summary = PackInto(**node, options);
  if (!summary.ok()) return output.Fail(summary.status());
  if (output.json()) {
    output.Json(*summary);
    return ExitCode::kOk;
  }
  Fields fields;
  AddSummary(*summary, &fields);
  output.Print(fields.Text(output));
  output.Note("wrote " + options.out + ": personal data, not encrypted");
  return ExitCode::kOk;
}

std::string WhatCame(const ledger::v1::UnpackExchangeResponse& response) {
  const std::string came =
      response.new_leaves() + response.new_entries() == 0
          ? std::string("nothing new: all of it was here already")
          : absl::StrCat(response.new_leaves(), " entries of the log, ", response.new_entries(),
                         " of them disclosed or "
                         "disclosed later");
  return response.older() ? came +
                                "; a later file was unpacked before, so what this one "
                                "acknowledges is passed over"
                          : came;
}

ExitCode Unpack(Context& context, const std::string& path) {
  Output& output = context.output();
  auto file = FileReader::Open(path);
  if (!file.ok()) return output.Fail(file.status());
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto response = (*node)->UnpackExchange([&] { return file->Read(kChunkBytes); });
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(*response);
    return ExitCode::kOk;
  }
  Fields fields;
  AddSummary(response->summary(), &fields);
  fields.Add("new here", WhatCame(*response));
  fields.Add("held now",
             absl::StrCat(response->received_size(), " entries of ", response->summary().from()));
  fields.Add("arrived there",
             absl::StrCat(response->arrived_size(), " entries of ", response->summary().to()));
  output.Print(fields.Text(output));
  return ExitCode::kOk;
}

}  // namespace

Command ExchangeCommands() {
  auto options = std::make_shared<PackOptions>();
  Command pack = {
      .name = "pack",
      .summary = "write what another node may see and has not acknowledged into a file",
      .details =
          "The file holds what a link would carry: hashes and signed checkpoints of the log, the "
          "entries that were disclosed to the receiver, and what is held of the receiver's log. "
          "It goes on from what the receiver acknowledged in the last file of its own that was "
          "unpacked here, or begins at the beginning. It bears this node's signature but is "
          "not encrypted: carry it like the letters that it stands for. Needs a certificate of the "
          "role ops.",
      .examples =
          "selaras exchange pack --for ppk/13.04 -o to-datar.selaras\n"
          "selaras exchange pack --for bkn -o all.selaras --everything",
      .source = Source::kNode,
      .options = {{"--for", "NODE", &options->to,
                   "the node that it is for, or an authority that it acts for", true},
                  {"-o,--out", "FILE", &options->out, "where to write it", true},
                  {"--everything", "", &options->everything,
                   "from the beginning, whatever was acknowledged"}},
      .run = [options](Context& context) { return Pack(context, *options); }};
  auto path = std::make_shared<std::string>();
  Command unpack = {
      .name = "unpack",
      .summary = "take a file that another node packed for this one",
      .details =
          "Verifies all of it before anything is kept: that it is for this node, is whole, and "
          "bears the sender's signature; then every hash, checkpoint and entry as on a link. A "
          "contradiction stops the link and is kept as evidence. To unpack a file again, or an "
          "older one, changes nothing. Needs a certificate of the role ops.",
      .examples = "selaras exchange unpack to-datar.selaras",
      .source = Source::kNode,
      .options = {{"FILE", "", path.get(), "the file; - reads the standard input", true}},
      .run = [path](Context& context) { return Unpack(context, *path); }};
  return {.name = "exchange",
          .summary = "carry a link in files, for offices without a line",
          .commands = {std::move(pack), std::move(unpack)}};
}

}  // namespace selaras::cli
