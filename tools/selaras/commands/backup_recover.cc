// `backup recover`: what came after a backup comes back from those who hold it.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "selaras/cli/v1/output.pb.h"

#include "services/node/link_keys.h"
#include "services/node/recovered_rows.h"
#include "services/runtime/wrapping_key_files.h"
#include "services/verify/event_inspector.h"
#include "storage/base/status.h"
#include "storage/log/recovery.h"
#include "storage/log/split_view.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/node_file.h"
#include "tools/selaras/node_log.h"
#include "tools/selaras/peer_ledger.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/remembered.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/tiles_log.h"

namespace selaras::cli {
namespace {

struct RecoverOptions {
  std::string config;
  std::vector<std::string> from;
  bool dry_run = false;
};

constexpr absl::Duration kPatience = absl::Seconds(30);  // with one call to a peer

absl::Status In(const std::string& source, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(source, ": ", status.message()));
}

// The sources, for as long as they are read.
class Sources {
 public:
  // A peer by its name, with the node's own certificate; or what else holds the log.
  absl::Status Open(Context& context, const NodeFile& node, const std::string& name) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(name, absl::MaxSplits('=', 1));
    const auto peer = std::find_if(node.peers.begin(), node.peers.end(),
                                   [&](const PeerInFile& one) { return one.node == parts.first; });
    if (peer != node.peers.end()) {
      PeerInFile reached = *peer;
      if (!parts.second.empty()) reached.dial = parts.second;
      return In(name, OpenPeer(context, node, reached));
    }
    if (Context::IsTiles(name)) {
      auto tiles = TilesLog::Open(name);
      if (!tiles.ok()) return In(name, tiles.status());
      logs_.push_back(*std::move(tiles));
      named_.push_back({name, logs_.back().get()});
      return absl::OkStatus();
    }
    std::error_code none;
    if (std::filesystem::is_directory(name, none)) {
      return In(name, AddStore(context, name, node.node));
    }
    auto ledger = context.OpenLedger(name);
    if (!ledger.ok()) return In(name, ledger.status());
    return In(name, Add(name, *std::move(ledger), node.node));
  }

  const std::vector<log::RecoverySource>& named() const { return named_; }

  // The key of a row, of whoever has it.
  absl::StatusOr<std::optional<std::string>> KeyOf(const std::string& row) const {
    for (const PeerLedger* peer : peers_) {
      const auto found = peer->keys().find(row);
      if (found != peer->keys().end()) return found->second;
    }
    for (const OpenedStore& opened : stores_) {
      ASSIGN_OR_RETURN(auto key, opened.keys->Find(row, nullptr));
      if (key) return key;
    }
    return std::nullopt;
  }

 private:
  // With the keys that lie beside it.
  struct OpenedStore {
    std::unique_ptr<log::StoreReader> store;
    std::unique_ptr<vault::WrappingKeys> wrapping_keys;
    std::unique_ptr<node::SubjectKeys> keys;
  };

  absl::Status OpenPeer(Context& context, const NodeFile& node, const PeerInFile& peer) {
    if (peer.dial.empty()) return NotDialled(peer.node);
    ASSIGN_OR_RETURN(auto reached, context.Connect({.address = peer.dial,
                                                    .ca = node.ca,
                                                    .certificate = node.certificate,
                                                    .key = node.key,
                                                    .timeout = kPatience}));
    auto ledger = std::make_unique<PeerLedger>(std::move(reached));
    peers_.push_back(ledger.get());
    return Add(peer.node, std::move(ledger), node.node);
  }

  // The node's own one of another day, or a follower's.
  absl::Status AddStore(Context& context, const std::string& directory, const std::string& log) {
    ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> store, context.OpenStore(directory));
    const log::LogReader* held = store->shared().name() == log ? &store->shared() : nullptr;
    for (const log::Mirror* mirror : store->mirrors()) {
      if (mirror->name() == log) held = mirror;
    }
    if (held == nullptr || held->checkpoint().note.empty()) return NothingHere(log);
    ASSIGN_OR_RETURN(auto wrapping_keys,
                     runtime::LoadWrappingKeys(runtime::WrappingKeysBeside(directory)));
    OpenedStore& opened = stores_.emplace_back();
    opened.wrapping_keys = std::make_unique<vault::WrappingKeys>(std::move(wrapping_keys));
    opened.keys = std::make_unique<node::SubjectKeys>(*store, *opened.wrapping_keys);
    opened.store = std::move(store);
    named_.push_back({directory, held});
    return absl::OkStatus();
  }

  absl::Status Add(const std::string& name, std::unique_ptr<Ledger> ledger,
                   const std::string& log) {
    ASSIGN_OR_RETURN(auto opened, NodeLog::Open(*ledger, log));
    ledgers_.push_back(std::move(ledger));
    logs_.push_back(std::move(opened));
    named_.push_back({name, logs_.back().get()});
    return absl::OkStatus();
  }

  std::vector<OpenedStore> stores_;
  std::vector<const PeerLedger*> peers_;
  std::vector<std::unique_ptr<Ledger>> ledgers_;
  std::vector<std::unique_ptr<log::LogReader>> logs_;
  std::vector<log::RecoverySource> named_;
};

// One run.
class Recovering {
 public:
  Recovering(Context& context, const RecoverOptions& options)
      : context_(context), options_(options) {}

  absl::StatusOr<cli::v1::RecoveredLog> Run();

 private:
  absl::StatusOr<log::Recovery> Plan(const NodeFile& node);
  absl::Status KeepEvidence(const log::SplitView& view, const absl::Status& why) const;
  // Against the trees that were verified on this machine before.
  absl::Status CompareRemembered(const NodeFile& node, const log::Recovery& recovery);
  // The keys of entries that came back, where this store has none.
  absl::Status BringKeysBack();
  absl::Status NoteLost();
  log::Recovery::Progress Shown(std::string what) {
    return [this, what = std::move(what)](std::uint64_t done, std::uint64_t of) {
      context_.output().Live(ProgressText(what, done, of));
    };
  }

  Context& context_;
  const RecoverOptions& options_;
  WritableStore store_;
  Sources sources_;
  cli::v1::RecoveredLog told_;
};

absl::StatusOr<cli::v1::RecoveredLog> Recovering::Run() {
  ASSIGN_OR_RETURN(const NodeFile node, ReadNodeFile(options_.config));
  ASSIGN_OR_RETURN(store_, context_.WriteStore(node));
  const log::LogReader& shared = store_.store->shared();
  told_.set_log(shared.name());
  told_.set_size_before(static_cast<int>(shared.size().value));
  told_.set_dry_run(options_.dry_run);
  if (const auto doubt = store_.backups->doubt(); doubt && doubt->made_at > absl::UnixEpoch()) {
    told_.set_backup_made_at(Rfc3339(doubt->made_at));
  }
  ASSIGN_OR_RETURN(const auto lost_before, shared.Lost({0}, shared.size().value));
  ASSIGN_OR_RETURN(log::Recovery recovery, Plan(node));
  RETURN_IF_ERROR(CompareRemembered(node, recovery));
  told_.set_size(told_.size_before() + static_cast<int>(recovery.missing()));
  told_.set_entries(static_cast<int>(recovery.missing() - recovery.lost()));
  told_.set_found(static_cast<int>(recovery.found()));
  told_.set_lost_entries(static_cast<int>(lost_before.size() - recovery.found() + recovery.lost()));
  if (options_.dry_run) return told_;
  // In doubt until all peers were heard, also if this is broken off.
  if (recovery.missing() + recovery.found() > 0) RETURN_IF_ERROR(store_.backups->SetDoubt());
  RETURN_IF_ERROR(node::BringBack(*store_.store, recovery, context_.random(), Shown("recovering")));
  RETURN_IF_ERROR(BringKeysBack());
  RETURN_IF_ERROR(NoteLost());
  return told_;
}

absl::StatusOr<log::Recovery> Recovering::Plan(const NodeFile& node) {
  const log::LogReader& shared = store_.store->shared();
  for (const std::string& name : options_.from) {
    RETURN_IF_ERROR(sources_.Open(context_, node, name));
    cli::v1::RecoverySource* source = told_.add_sources();
    source->set_source(name);
    source->set_size(static_cast<int>(sources_.named().back().log->size().value));
  }
  std::optional<log::SplitView> contradiction;
  auto plan = log::Recovery::Plan(shared, sources_.named(), Shown("verifying"), &contradiction);
  if (contradiction) return KeepEvidence(*contradiction, plan.status());
  return plan;
}

absl::Status Recovering::KeepEvidence(const log::SplitView& view, const absl::Status& why) const {
  const std::string path =
      absl::StrCat(context_.store_directory(), "/", log::SplitViewFileName(view));
  RETURN_IF_ERROR(WriteFileAtomically(path, log::SplitViewText(view)));
  return absl::Status(why.code(), absl::StrCat(why.message(), "\nboth statements are in ", path));
}

absl::Status Recovering::BringKeysBack() {
  ASSIGN_OR_RETURN(const vault::WrappingKeys wrapping_keys, context_.StoreKeys());
  const node::SubjectKeys keys(*store_.store, wrapping_keys);
  std::vector<log::RowWrite> rows;
  std::set<std::string> seen;
  const log::LogReader& shared = store_.store->shared();
  // What was there before has its keys with it.
  const bool found = told_.found() > 0;
  for (std::uint64_t i = found ? 0 : told_.size_before(); i < shared.size().value; ++i) {
    ASSIGN_OR_RETURN(const auto entry, shared.Entry({i}));
    if (!entry) continue;
    const std::string row = node::KeyRowOf(*entry);
    if (row.empty() || !seen.insert(row).second) continue;
    ASSIGN_OR_RETURN(const node::FoundKey held, keys.Look(row, nullptr));
    if (held.key || held.erased) continue;
    ASSIGN_OR_RETURN(const auto key, sources_.KeyOf(row));
    if (!key || wrapping_keys.empty()) {
      told_.set_sealed(told_.sealed() + 1);
      continue;
    }
    rows.push_back({log::Table::kSecret, row, keys.Wrap(row, *key, context_.random())});
  }
  return store_.store->Write(rows, log::Durability::kSynced);
}

absl::Status Recovering::NoteLost() {
  const log::LogReader& shared = store_.store->shared();
  ASSIGN_OR_RETURN(const auto lost, shared.Lost({0}, shared.size().value));
  told_.set_lost_entries(static_cast<int>(lost.size()));
  const std::vector<std::string> ranges = RangesOf(shared.name(), lost);
  told_.mutable_lost()->Assign(ranges.begin(), ranges.end());
  return absl::OkStatus();
}

absl::Status Recovering::CompareRemembered(const NodeFile& node, const log::Recovery& recovery) {
  const log::LogReader& private_log = store_.store->private_log();
  told_.set_private_size(static_cast<int>(private_log.size().value));
  const std::string file = context_.StateFile("verified");
  if (file.empty()) return absl::OkStatus();
  verify::EventInspector inspector;
  RETURN_IF_ERROR(inspector.Trust(node.signer.VerifierText()));
  ASSIGN_OR_RETURN(const RememberedTrees remembered, RememberedTrees::Read(file));
  const std::vector<audit::RememberedTree> trees = remembered.TreesOf(inspector);
  const auto trees_of = [&](const log::LogReader& log) {
    return audit::TreesOf(log, inspector.VerifierOf(log.name()), trees);
  };
  const log::LogReader& shared = store_.store->shared();
  const base::TreeSize end = recovery.head().checkpoint.size;
  base::TreeSize newest = end;
  for (const audit::RememberedTree& tree : trees_of(shared)) {
    newest = std::max(newest, tree.size);
    if (tree.size > end) continue;
    ASSIGN_OR_RETURN(const base::Digest root, recovery.RootAt(tree.size));
    if (root != tree.root) return NotWhatWasVerified(shared.name(), tree.size);
  }
  told_.set_missing(static_cast<int>(newest.value - end.value));
  // Of the private log nobody else has even hashes.
  newest = private_log.size();
  for (const audit::RememberedTree& tree : trees_of(private_log)) {
    newest = std::max(newest, tree.size);
  }
  told_.set_private_missing(static_cast<int>(newest.value - private_log.size().value));
  return absl::OkStatus();
}

void Print(Output& output, const cli::v1::RecoveredLog& told) {
  Table sources({"SOURCE", ">LEAVES"});
  for (const cli::v1::RecoverySource& source : told.sources()) {
    sources.Add({source.source(), absl::StrCat(source.size())});
  }
  output.Print(absl::StrCat(sources.Text(output), "\n"));
  Fields fields;
  fields.Add("log", told.log());
  fields.Add("leaves",
             absl::StrCat(told.size(), told.size() == told.size_before()
                                           ? ""
                                           : absl::StrCat(", were ", told.size_before())));
  fields.Add("entries", absl::StrCat(told.entries(), " came back"));
  if (told.found() > 0) fields.Add("found", Count(told.found(), "entry") + " that had been lost");
  if (told.lost_entries() > 0) {
    const std::string places = PlacesText({told.lost().begin(), told.lost().end()});
    fields.Add("lost", {absl::StrCat(told.lost_entries(), places.empty() ? "" : "  ", places),
                        Tone::kWarning});
  }
  if (told.missing() > 0) {
    fields.Add("missing", {absl::StrCat("at least ", Count(told.missing(), "leaf"),
                                        ", by what was verified here before: find who holds them"),
                           Tone::kWarning});
  }
  output.Print(fields.Text(output));
  if (told.dry_run()) return output.Note("nothing was written");
  const std::string since =
      told.backup_made_at().empty() ? "" : absl::StrCat(" since ", told.backup_made_at());
  output.Note(absl::StrCat("the private log has ", Count(told.private_size(), "entry"),
                           told.private_missing() > 0
                               ? absl::StrCat(", at least ", told.private_missing(), " are missing")
                               : "",
                           ": nobody else holds any of it; what was typed in", since,
                           " must be entered again"));
  if (told.sealed() > 0) {
    output.Note(absl::StrCat("the personal data of ", Count(told.sealed(), "case"),
                             " stay sealed: no source has the key, or the wrapping keys of this "
                             "store are not beside it (--wrapping-keys)"));
  }
  if (told.lost_entries() > 0) {
    output.Note(
        "lost entries are held by none of these sources; run this again with others, if there are "
        "any, before what they said is entered again");
  }
  output.Note("the node takes commands again when all its peers have shown that they hold no more");
}

ExitCode Recover(Context& context, const RecoverOptions& options) {
  Output& output = context.output();
  const auto told = Recovering(context, options).Run();
  output.EndLive();
  if (!told.ok()) return output.Fail(told.status());
  if (output.json()) {
    output.Json(*told);
  } else {
    Print(output, *told);
  }
  return ExitCode::kOk;
}

}  // namespace

Command BackupRecoverCommand() {
  const auto options = std::make_shared<RecoverOptions>();
  return {
      .name = "recover",
      .summary = "give a restored store back what came after its backup, from those who hold it",
      .details =
          "The node must not run. Every follower of its log holds all leaf hashes of it, and the "
          "entries that went to it. A source is the name of a peer that the configuration dials, "
          "or "
          "NAME=HOST:PORT of another one, which is asked with the node's own certificate and also "
          "gives the keys back that open what is sealed; the client file or the address of a "
          "running follower whose ledger you may read; the folder of a store or of a backup, of a "
          "follower or of another day of this node; or a folder that log export --format "
          "tlog-tiles "
          "wrote there.\n\n"
          "All is verified before anything is written: signatures with this node's key, the trees, "
          "each entry against its hash, and what log verify verified on this machine before. The "
          "longest log wins; entries come from all sources. What a killed node had not signed yet "
          "comes back from its store only if another source has its hash.\n\n"
          "An entry that no source holds is lost: its hash stays in the log, and log verify names "
          "it. Entries of the office and the whole private log are held by nobody else: only a "
          "newer backup has them.\n\n"
          "May be broken off and run again, also later with further sources. If sources contradict "
          "each other or the store, nothing is written but the evidence, beside the store: such a "
          "log cannot be continued. A backup of before a change of the log's key cannot be "
          "completed: restore one that was made since.",
      .examples =
          "selaras backup recover --store /var/lib/selaras/bkn --config /etc/selaras/bkn.textproto "
          "--from bawaslu-13 --from /media/usb/ppk-export\n"
          "selaras backup recover --store DIR --config FILE --from EXPORT --dry-run --json",
      .source = Source::kStore,
      .options = {{"--config", "FILE", &options->config, "configuration of the node, for its keys",
                   true},
                  {"--from", "SOURCE", &options->from, "who holds the log; may be repeated", true},
                  {"--dry-run", "", &options->dry_run, "verify and count, and write nothing"}},
      .run = [options](Context& context) { return Recover(context, *options); }};
}

}  // namespace selaras::cli
