#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/log/names.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/log_entry.h"

namespace selaras::cli {
namespace {

using Hashes = google::protobuf::RepeatedPtrField<std::string>;

struct ProveOptions {
  std::string position;
  std::string log;
  std::uint64_t size = 0;
  std::string since;
};

std::string Quoted(absl::string_view bytes) {
  return absl::StrCat("\"", base::Base64Encode(bytes), "\"");
}

std::string Quoted(const Hashes& hashes) {
  return absl::StrCat("[",
                      absl::StrJoin(hashes, ",",
                                    [](std::string* out, const std::string& hash) {
                                      absl::StrAppend(out, Quoted(hash));
                                    }),
                      "]");
}

// Written by hand: protobuf's JSON makes texts of 64-bit numbers, and other verifiers want numbers.
absl::StatusOr<std::string> Inclusion(Ledger& ledger, const ProveOptions& options) {
  ASSIGN_OR_RETURN(const auto position, ParsePosition(options.position, options.log));
  ledger::v1::ProveInclusionRequest request;
  request.set_log(position.log());
  request.set_sequence(position.sequence());
  request.set_tree_size(options.size);
  ASSIGN_OR_RETURN(const auto proven, ledger.ProveInclusion(request));
  ASSIGN_OR_RETURN(const log::Checkpoint checkpoint, log::ReadUnverified(proven.checkpoint()));
  return absl::StrCat("{\"leafIdx\":", position.sequence(), ",\"treeSize\":", proven.tree_size(),
                      ",\"root\":", Quoted(checkpoint.root.view()),
                      ",\"leafHash\":", Quoted(proven.entry().leaf_hash()),
                      ",\"proof\":", Quoted(proven.hashes()), "}\n");
}

absl::StatusOr<std::string> Consistency(Ledger& ledger, const ProveOptions& options) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(options.since));
  const auto read = log::ReadUnverified(note);
  RETURN_IF_ERROR(base::Annotate(read.status(), options.since));
  const log::Checkpoint& since = *read;
  ledger::v1::ProveConsistencyRequest request;
  request.set_log(options.log);
  request.set_from_size(since.size.value);
  request.set_to_size(options.size);
  ASSIGN_OR_RETURN(const auto proven, ledger.ProveConsistency(request));
  ASSIGN_OR_RETURN(const log::Checkpoint checkpoint, log::ReadUnverified(proven.checkpoint()));
  // The proof would fail, and look like evidence of a fork. A successor is the same log.
  if (log::LogOfOrigin(since.origin) != log::LogOfOrigin(checkpoint.origin)) {
    return OtherLog(options.since, since.origin, checkpoint.origin);
  }
  return absl::StrCat("{\"size1\":", since.size.value, ",\"size2\":", proven.to_size(),
                      ",\"root1\":", Quoted(since.root.view()),
                      ",\"root2\":", Quoted(checkpoint.root.view()),
                      ",\"proof\":", Quoted(proven.hashes()), "}\n");
}

ExitCode Prove(Context& context, const ProveOptions& options) {
  Output& output = context.output();
  if (options.position.empty() && options.since.empty()) {
    return output.Fail(BadValue("POSITION", "", "give a position, or --since CHECKPOINT"));
  }
  if (!options.position.empty() && !options.since.empty()) {
    return output.Fail(ExcludeEachOther("POSITION", "--since"));
  }
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  const auto line =
      options.since.empty() ? Inclusion(**ledger, options) : Consistency(**ledger, options);
  if (!line.ok()) return output.Fail(line.status());
  output.Print(*line);
  return ExitCode::kOk;
}

}  // namespace

Command LogProveCommand() {
  const auto options = std::make_shared<ProveOptions>();
  return {
      .name = "prove",
      .summary = "a Merkle proof as JSON: that an entry stands in a log, or that a log only grew",
      .details =
          "What selaras proof verify reads, and verifiers of others. A receipt holds more: the "
          "entry, and the signature that the root is taken from here.",
      .examples =
          "selaras log prove bkn@7 | selaras proof verify --inclusion\n"
          "selaras log prove --since yesterday.note | selaras proof verify --consistency",
      .source = Source::kNodeOrStore,
      .options = {{"POSITION", "", &options->position, "log@number, or a number"},
                  {"--log", "NAME", &options->log,
                   "name of the log; default: the node's shared log"},
                  FromOne({"--size", "N", &options->size,
                           "in the tree of so many entries; default: the newest checkpoint's"}),
                  {"--since", "FILE", &options->since,
                   "an older checkpoint of the log, as selaras checkpoint show prints it"}},
      .run = [options](Context& context) { return Prove(context, *options); }};
}

}  // namespace selaras::cli
