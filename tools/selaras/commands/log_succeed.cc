#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "selaras/cli/v1/succession.pb.h"

#include "services/node/closing.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/checkpoint.h"
#include "storage/log/names.h"
#include "storage/log/succession.h"
#include "storage/merkle/prove.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/held.h"
#include "tools/selaras/json.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/stored_ledger.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;
constexpr std::size_t kEvidenceMax = 32;

struct SucceedOptions {
  std::string to;
  std::uint64_t at = 0;
  std::string reason;
  std::vector<std::string> held;
  std::vector<std::string> evidence;
  std::string past_key;
  std::string directory = ".";
  bool force = false;
};

absl::StatusOr<log::NoteSigner> ReadSigner(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  return log::NoteSigner::Parse(absl::StripSuffix(text, "\n"));
}

// The key of a successor. One that a run which was broken off has made is used again.
absl::StatusOr<log::NoteSigner> MakeKey(Context& context, const std::string& file,
                                        const std::string& origin) {
  std::error_code none;
  if (std::filesystem::exists(file, none)) {
    ASSIGN_OR_RETURN(log::NoteSigner known, ReadSigner(file));
    if (known.name() == origin) return known;
    return BadValue("--out", file, absl::StrCat("it is a key of ", known.name()));
  }
  ASSIGN_OR_RETURN(log::NoteSigner made,
                   log::NoteSigner::Make(origin, crypto::SigningKey::Generate(context.random())));
  RETURN_IF_ERROR(WriteSecretFile(file, made.PrivateText() + "\n"));
  return made;
}

// Closes the logs of a store, which stays as it is, and makes another one of their successors.
class Succeeding {
 public:
  Succeeding(Context& context, const SucceedOptions& options)
      : context_(context), options_(options) {}

  absl::StatusOr<cli::v1::ClosedLog> Run();

 private:
  absl::Status Prepare();
  absl::StatusOr<log::Succession> StatementOf(const log::LogReader& log, base::TreeSize size,
                                              const std::optional<log::NoteSigner>& past) const;
  // Whether an earlier run stated something else by the same key, which may have been given away.
  absl::Status CheckNothingElseWasStated(const std::string& text) const;
  absl::Status WriteCut(Ledger& ledger) const;
  absl::Status AppendCut(Ledger& ledger, const std::string& log, std::uint64_t from,
                         AtomicFile* file) const;

  Context& context_;
  const SucceedOptions& options_;
  std::shared_ptr<log::StoreReader> store_;
  log::SuccessionReason reason_ = log::SuccessionReason::kFork;
  std::vector<base::Digest> evidence_;
  node::Closing closing_;
  std::optional<log::NoteSigner> past_;
  std::optional<log::NoteSigner> next_;
  cli::v1::ClosedLog closed_;
};

// What is wrong shows before anything is written.
absl::Status Succeeding::Prepare() {
  const auto reason = log::SuccessionReasonOf(options_.reason);
  if (!reason) {
    return BadValue("--reason", options_.reason, "write fork, lost-tail or key-compromise");
  }
  reason_ = *reason;
  std::error_code none;
  if (std::filesystem::exists(options_.to, none)) return StoreExists(options_.to);
  if (options_.evidence.size() > kEvidenceMax) {
    return BadValue("--evidence", absl::StrJoin(options_.evidence, " "),
                    absl::StrCat("name at most ", kEvidenceMax, " files"));
  }
  for (const std::string& file : options_.evidence) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file));
    evidence_.push_back(crypto::Sha256(bytes));
  }
  ASSIGN_OR_RETURN(store_, context_.OpenStore());
  const log::LogReader& shared = store_->shared();
  if (!options_.past_key.empty()) {
    ASSIGN_OR_RETURN(past_, ReadSigner(options_.past_key));
    if (past_->VerifierText() != shared.keys()->newest().VerifierText()) {
      return BadValue("--past-key", options_.past_key, "name the key that signed the log so far");
    }
  }
  ASSIGN_OR_RETURN(const std::vector<HeldByFollower> held, ReadHeld(shared, options_.held));
  return CheckClosing(shared, {options_.at}, held, options_.force);
}

absl::StatusOr<log::Succession> Succeeding::StatementOf(
    const log::LogReader& log, base::TreeSize size,
    const std::optional<log::NoteSigner>& past) const {
  const log::LogKeys keys = *log.keys();
  ASSIGN_OR_RETURN(
      const log::NoteSigner next,
      log::NoteSigner::Make(log::OriginOf(log.name(), log::GenerationOf(keys.origin()) + 1),
                            next_->key()));
  ASSIGN_OR_RETURN(const base::Digest root, merkle::RootAt(log, size));
  std::vector<log::Succession::Past> signed_by;
  for (const log::LogKeys::Past& key : keys.past()) {
    signed_by.push_back({key.verifier, std::min(key.last, size)});
  }
  signed_by.push_back({keys.newest(), size});
  log::Succession statement{log.name(),
                            std::move(signed_by),
                            next.verifier(),
                            reason_,
                            evidence_,
                            log::SignCheckpoint(next, {next.name(), size, root}),
                            ""};
  if (past) {
    statement.last_words = log::SignCheckpoint(*past, {past->name(), size, root}).note;
  }
  // What would be refused elsewhere is never written.
  return log::ParseSuccession(log::SuccessionText(statement));
}

absl::Status Succeeding::CheckNothingElseWasStated(const std::string& text) const {
  std::error_code none;
  if (!std::filesystem::exists(closed_.statement(), none)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string stated, ReadFile(closed_.statement()));
  return stated == text ? absl::OkStatus() : StatedOtherwise(closed_.statement());
}

absl::Status Succeeding::AppendCut(Ledger& ledger, const std::string& log, std::uint64_t from,
                                   AtomicFile* file) const {
  ledger::v1::ListEntriesRequest request;
  request.set_log(log);
  request.set_start(from);
  request.set_page_size(kPage);
  while (true) {
    ASSIGN_OR_RETURN(const auto page, ledger.ListEntries(request));
    for (const ledger::v1::EntryRecord& record : page.entries()) {
      RETURN_IF_ERROR(file->Append(EntryLine(record) + "\n"));
    }
    if (page.next_start() == 0) return absl::OkStatus();
    request.set_start(page.next_start());
  }
}

absl::Status Succeeding::WriteCut(Ledger& ledger) const {
  ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(closed_.cut_file()));
  RETURN_IF_ERROR(AppendCut(ledger, store_->shared().name(), closing_.shared.value, &file));
  RETURN_IF_ERROR(AppendCut(ledger, store_->private_log().name(), closing_.private_.value, &file));
  return file.Commit();
}

absl::StatusOr<cli::v1::ClosedLog> Succeeding::Run() {
  RETURN_IF_ERROR(Prepare());
  const log::LogReader& shared = store_->shared();
  const log::LogReader& private_log = store_->private_log();
  ASSIGN_OR_RETURN(closing_, node::CloseAt(*store_, {options_.at}));

  const std::uint32_t generation = log::GenerationOf(shared.origin()) + 1;
  const std::string path =
      absl::StrCat(options_.directory, "/", shared.name(), "-successor-", generation);
  closed_.set_log(shared.name());
  closed_.set_store(options_.to);
  closed_.set_statement(path + ".succession");
  closed_.set_log_key(path + ".logkey");
  closed_.set_cut_file(path + ".cut.jsonl");
  closed_.set_wrapping_keys(context_.StoreKeysFolder());
  ASSIGN_OR_RETURN(next_,
                   MakeKey(context_, closed_.log_key(), log::OriginOf(shared.name(), generation)));
  std::optional<log::NoteSigner> past_private;
  if (past_) {
    ASSIGN_OR_RETURN(past_private, log::NoteSigner::Make(private_log.origin(), past_->key()));
  }
  ASSIGN_OR_RETURN(const log::Succession statement, StatementOf(shared, closing_.shared, past_));
  ASSIGN_OR_RETURN(const log::Succession of_private,
                   StatementOf(private_log, closing_.private_, past_private));
  const std::string text = log::SuccessionText(statement);
  RETURN_IF_ERROR(CheckNothingElseWasStated(text));
  ASSIGN_OR_RETURN(vault::WrappingKeys keys, context_.StoreKeys());
  StoredLedger ledger(store_, std::move(keys));
  RETURN_IF_ERROR(WriteCut(ledger));
  ASSIGN_OR_RETURN(AtomicFile statement_file, AtomicFile::Create(closed_.statement()));
  RETURN_IF_ERROR(statement_file.Append(text));
  RETURN_IF_ERROR(statement_file.Commit());
  RETURN_IF_ERROR(context_.MakeSuccessor(options_.to, statement, of_private, closing_.rows));

  closed_.set_size(closing_.shared.value);
  closed_.set_root(base::HexEncode(statement.closing.checkpoint.root.view()));
  closed_.set_private_size(closing_.private_.value);
  closed_.set_cut(shared.size().value - closing_.shared.value);
  closed_.set_private_cut(private_log.size().value - closing_.private_.value);
  closed_.set_origin(statement.next.name());
  closed_.set_verifier_key(statement.next.VerifierText());
  closed_.set_fingerprint(log::FingerprintOf(statement));
  return closed_;
}

void Print(Output& output, const cli::v1::ClosedLog& closed) {
  Fields fields;
  fields.Add("log", absl::StrCat(closed.log(), ", closed at ", Count(closed.size(), "entry")));
  fields.Add("goes on as", closed.origin());
  fields.Add("cut off", absl::StrCat(Count(closed.cut(), "entry"), ", and ", closed.private_cut(),
                                     " private; all are in ", closed.cut_file()));
  fields.Add("verifier key", closed.verifier_key());
  fields.Add("fingerprint", {closed.fingerprint(), Tone::kStrong});
  output.Print(fields.Text(output));
  output.Note(absl::StrCat(
      "what to do: keep the old store, which is evidence. In the node's configuration name ",
      closed.store(), " as store, ", closed.log_key(), " as log_key and ", closed.wrapping_keys(),
      " as wrapping_keys, and start it. Give ", closed.statement(),
      " to every follower and read the fingerprint to its operator by telephone: it names the file "
      "as the succession of this peer and starts again. What was cut off is entered again by the "
      "officers concerned; that file holds personal data."));
}

ExitCode Succeed(Context& context, const SucceedOptions& options) {
  Output& output = context.output();
  const auto closed = Succeeding(context, options).Run();
  if (!closed.ok()) return output.Fail(closed.status());
  if (output.json()) {
    output.Json(*closed);
  } else {
    Print(output, *closed);
  }
  return ExitCode::kOk;
}

}  // namespace

Command LogSucceedCommand() {
  const auto options = std::make_shared<SucceedOptions>();
  return {
      .name = "succeed",
      .summary = "close a log that is forked, cut or stolen, and go on in a successor",
      .details =
          "A fork cannot be healed: the log is closed at the last size on which its followers "
          "agree. "
          "Makes another store in which it goes on under the same name, with another origin and "
          "key. "
          "The old store is not changed. What was written beyond the closing is cut off, and "
          "written to a file, so that officers can enter it again; answers to those requests are "
          "forgotten. Receipts of what stays are good for ever.\n\n"
          "Ask each follower for what selaras checkpoint show --log NODE prints there, and name "
          "the "
          "files with --held: a size that one of them would refuse is refused here. selaras log "
          "diff shows from where on two histories differ.\n\n"
          "Followers stand still until their operators accept the successor: peers[].succession in "
          "their configuration. Broken off, it can be begun again.",
      .examples =
          "selaras log succeed --store OLD --to NEW --at 812 --reason fork --held bkn.note "
          "--held ppk.note --evidence split-view-bkn-9-0a1b2c3d.txt -o /srv/succession\n"
          "selaras log succeed --store OLD --to NEW --at 812 --reason key-compromise --past-key "
          "bkn.logkey --held ppk.note",
      .source = Source::kStore,
      .options = {{"--to", "DIR", &options->to, "the new store; must not exist", true},
                  {"--at", "SIZE", &options->at, "how many entries are kept", true},
                  {"--reason", "REASON", &options->reason, "fork, lost-tail or key-compromise",
                   true},
                  {"--held", "FILE", &options->held,
                   "checkpoint of the log that a follower holds; may be repeated"},
                  {"--evidence", "FILE", &options->evidence,
                   "evidence, whose SHA-256 the successor names; may be repeated"},
                  {"--past-key", "FILE", &options->past_key,
                   "the key so far, if you still have it: it signs the closing, too"},
                  {"-o,--out", "DIR", &options->directory,
                   "existing folder for the statement, the new key and what was cut off; default: "
                   "this one"},
                  {"--force", "", &options->force,
                   "close it there although followers hold less or more, or none was asked"}},
      .run = [options](Context& context) { return Succeed(context, *options); }};
}

}  // namespace selaras::cli
