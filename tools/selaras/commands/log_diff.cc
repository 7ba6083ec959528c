// `log diff`: two sources of one log, compared by their trees.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/tree_source.h"

namespace selaras::cli {
namespace {

constexpr std::uint64_t kPage = 1'000;

struct DiffOptions {
  std::string a;
  std::string b;
  std::string log;
  bool entries = false;
};

absl::StatusOr<std::unique_ptr<TreeSource>> Open(Context& context, const std::string& name,
                                                 const std::string& log) {
  if (Context::IsTiles(name)) return OpenTiles(name);
  ASSIGN_OR_RETURN(std::shared_ptr<Ledger> ledger, context.OpenLedger(name));
  return OpenLedgerTree(std::move(ledger), log);
}

// What is compared must be what the source has signed.
absl::Status CheckRoot(TreeSource& tree, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Digest root, RootOf(tree));
  return root == tree.head().root ? absl::OkStatus() : NotWhatIsSigned(name);
}

// Tells of each entry that only one side holds, and counts them.
absl::Status CompareEntries(Output& output, TreeSource& a, TreeSource& b, const std::string& log,
                            std::uint64_t end, cli::v1::LogDifference* difference) {
  for (std::uint64_t first = 0; first < end; first += kPage) {
    const std::uint64_t count = std::min(kPage, end - first);
    ASSIGN_OR_RETURN(const std::vector<bool> in_a, a.Held(first, count));
    ASSIGN_OR_RETURN(const std::vector<bool> in_b, b.Held(first, count));
    for (std::uint64_t i = 0; i < count; ++i) {
      if (in_a[i] == in_b[i]) continue;
      cli::v1::OneSidedEntry entry;
      entry.set_kind("entry");
      entry.set_position(absl::StrCat(log, "@", first + i));
      entry.set_held_in(in_a[i] ? "a" : "b");
      if (output.json()) {
        output.Json(entry);
      } else {
        output.Print(absl::StrCat(entry.position(), " is held in ", entry.held_in(), " only\n"));
      }
      if (in_a[i]) {
        difference->set_only_in_a(difference->only_in_a() + 1);
      } else {
        difference->set_only_in_b(difference->only_in_b() + 1);
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<cli::v1::LogDifference> Compare(Context& context, const DiffOptions& options) {
  ASSIGN_OR_RETURN(const auto a, Open(context, options.a, options.log));
  // The same log on the other side, whatever its own is.
  const std::string log = log::LogOfOrigin(a->head().origin);
  ASSIGN_OR_RETURN(const auto b, Open(context, options.b, log));
  if (log::LogOfOrigin(b->head().origin) != log) {
    return OtherLog(options.b, b->head().origin, a->head().origin);
  }
  RETURN_IF_ERROR(CheckRoot(*a, options.a));
  RETURN_IF_ERROR(CheckRoot(*b, options.b));
  ASSIGN_OR_RETURN(const TreeDifference found, CompareTrees(*a, *b));
  cli::v1::LogDifference difference;
  difference.set_origin(a->head().origin);
  difference.set_size_a(a->head().size.value);
  difference.set_size_b(b->head().size.value);
  difference.set_result(found.forked                                 ? "fork"
                        : difference.size_a() == difference.size_b() ? "same"
                                                                     : "prefix");
  std::uint64_t common = std::min(difference.size_a(), difference.size_b());
  if (found.forked) {
    difference.set_first_difference(found.first);
    difference.set_leaf_a(base::HexEncode(found.leaf_a.view()));
    difference.set_leaf_b(base::HexEncode(found.leaf_b.view()));
    common = found.first;
  }
  if (options.entries) {
    RETURN_IF_ERROR(CompareEntries(context.output(), *a, *b, log, common, &difference));
  }
  return difference;
}

void Print(Output& output, const DiffOptions& options, const cli::v1::LogDifference& difference) {
  Fields fields;
  fields.Add("log", difference.origin());
  fields.Add("a", absl::StrCat(Count(difference.size_a(), "leaf"), " in ", options.a));
  fields.Add("b", absl::StrCat(Count(difference.size_b(), "leaf"), " in ", options.b));
  std::string heading = "the same log";
  if (difference.result() == "prefix") {
    const bool a = difference.size_a() < difference.size_b();
    heading = absl::StrCat(a ? "a" : "b", " is the beginning of ", a ? "b" : "a");
  } else if (difference.result() == "fork") {
    heading = absl::StrCat("they fork at ", difference.first_difference());
    fields.Add("there in a", {difference.leaf_a(), Tone::kDim});
    fields.Add("there in b", {difference.leaf_b(), Tone::kDim});
  }
  if (options.entries) {
    fields.Add("held in a only", absl::StrCat(difference.only_in_a()));
    fields.Add("held in b only", absl::StrCat(difference.only_in_b()));
  }
  const bool fork = difference.result() == "fork";
  output.Print(absl::StrCat(output.Paint(fork ? Tone::kBad : Tone::kGood, heading), "\n",
                            fields.Text(output)));
}

ExitCode Diff(Context& context, const DiffOptions& options) {
  Output& output = context.output();
  const auto difference = Compare(context, options);
  if (!difference.ok()) return output.Fail(difference.status());
  if (output.json()) {
    output.Json(*difference);
  } else {
    Print(output, options, *difference);
  }
  if (difference->result() == "fork") return ExitCode::kDifference;
  return difference->result() == "same" ? ExitCode::kOk : ExitCode::kUnequal;
}

}  // namespace

Command LogDiffCommand() {
  const auto options = std::make_shared<DiffOptions>();
  return {
      .name = "diff",
      .summary = "two sources of one log: the same, one the beginning of the other, or a fork",
      .details =
          "A source is the folder of a store, a folder that log export --format tlog-tiles wrote, "
          "a client file, or an address HOST:PORT. Compared are the trees, from the top down: the "
          "first place at which they differ is found without reading the log. Each source must "
          "lead to the root that it has signed; whether the signature is good says selaras "
          "checkpoint verify. Ends with 0 if they are the same, with 7 if one is the beginning of "
          "the other, with 5 if they fork.",
      .examples =
          "selaras log diff bkn.textproto bawaslu.textproto --log bkn\n"
          "selaras log diff /var/lib/selaras/bkn /mnt/backup/bkn\n"
          "selaras log diff /srv/log bkn.textproto --entries",
      .source = Source::kNode,
      .options = {{"A", "", &options->a, "one source", true},
                  {"B", "", &options->b, "the other", true},
                  {"--log", "NAME", &options->log, "name of the log; default: the own one of A"},
                  {"--entries", "", &options->entries,
                   "tell which entries only one side holds, up to the fork"}},
      .run = [options](Context& context) { return Diff(context, *options); }};
}

}  // namespace selaras::cli
