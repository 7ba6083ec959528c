#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "selaras/cli/v1/output.pb.h"

#include "services/node/rewrap.h"
#include "services/node/subject_keys.h"
#include "services/runtime/wrapping_key_files.h"
#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/node_file.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

struct RewrapOptions {
  std::string config;
};

absl::StatusOr<cli::v1::RewrappedStore> Rewrap(Context& context, const RewrapOptions& options) {
  ASSIGN_OR_RETURN(const NodeFile node, ReadNodeFile(options.config));
  ASSIGN_OR_RETURN(const WritableStore store, context.WriteStore(node));
  cli::v1::RewrappedStore told;
  told.set_node(node.node);
  told.set_wrapping_keys(context.StoreKeysFolder());
  // Before a key is made: with those of another store nothing must begin.
  ASSIGN_OR_RETURN(const vault::WrappingKeys before, context.StoreKeys());
  RETURN_IF_ERROR(node::SubjectKeys(*store.store, before).CheckFirst());
  ASSIGN_OR_RETURN(const vault::WrappingKeys keys,
                   runtime::MakeWrappingKey(told.wrapping_keys(), context.random()));
  ASSIGN_OR_RETURN(const node::Rewrapped done,
                   node::Rewrap(*store.store, keys, context.random(), [&](std::uint64_t secrets) {
                     context.output().Live(absl::StrCat("rewrapping ", secrets));
                   }));
  ASSIGN_OR_RETURN(const int destroyed, runtime::DestroyOlderWrappingKeys(told.wrapping_keys()));
  told.set_secrets(static_cast<int>(done.secrets));
  told.set_erased(static_cast<int>(done.erased));
  told.set_destroyed(destroyed);
  return told;
}

ExitCode Run(Context& context, const RewrapOptions& options) {
  Output& output = context.output();
  const auto told = Rewrap(context, options);
  output.EndLive();
  if (!told.ok()) return output.Fail(told.status());
  if (output.json()) {
    output.Json(*told);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add("node", told->node());
  fields.Add("secrets",
             absl::StrCat(told->secrets(), " under a new key in ", told->wrapping_keys()));
  fields.Add("erased",
             absl::StrCat(Count(told->erased(), "key"), " of cases and reports for ever"));
  fields.Add("destroyed", Count(told->destroyed(), "wrapping key"));
  output.Print(fields.Text(output));
  output.Note(
      "older backups of this store open nothing any more, and no node starts on them: make a "
      "new one now");
  output.Note("the next start derives look-ups and statistics anew");
  return ExitCode::kOk;
}

}  // namespace

Command KeyRewrapCommand() {
  const auto options = std::make_shared<RewrapOptions>();
  return {
      .name = "rewrap",
      .summary = "put a store's secrets under a new wrapping key, and destroy the old ones",
      .details =
          "The node must not run. EraseCase destroys the keys of a case in the store; older files "
          "and backups still hold them, wrapped. With the keys that wrapped them nobody can read "
          "them, wherever they lie: this ends an erasure. It is also what to do when somebody "
          "may have seen a wrapping key.\n\n"
          "It destroys older backups, too: what they seal cannot be opened, and of the private log "
          "nobody else has a copy. Make a backup as soon as it is done. May be broken off and run "
          "again. A disk that does not write in place may keep the bytes of a key file: keep "
          "that folder on one that can be destroyed.",
      .examples =
          "selaras key rewrap --store /var/lib/selaras/bkn --config /etc/selaras/bkn.textproto",
      .source = Source::kStore,
      .options = {{"--config", "FILE", &options->config, "configuration of the node", true}},
      .run = [options](Context& context) { return Run(context, *options); }};
}

}  // namespace selaras::cli
