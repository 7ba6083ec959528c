#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "selaras/cli/v1/output.pb.h"

#include "services/runtime/signing_keys.h"
#include "storage/base/status.h"
#include "storage/crypto/ed25519.h"
#include "storage/crypto/token.h"
#include "storage/log/cosignature.h"
#include "storage/log/names.h"
#include "storage/log/note.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

struct GenerateOptions {
  std::string node;
  std::string file;
  bool statements = false;
  bool witness = false;
  std::uint64_t successor = 0;
  std::string token;
};

// The URI of a token, with the name of the key as the label of the object.
std::string InToken(const std::string& uri, absl::string_view origin) {
  const std::size_t query = uri.find('?');
  const std::string label = absl::StrReplaceAll(origin, {{"/", "%2F"}});
  const absl::string_view path = absl::string_view(uri).substr(0, query);
  return absl::StrCat(path, absl::EndsWith(path, ":") ? "" : ";", "object=", label,
                      query == std::string::npos ? "" : uri.substr(query));
}

absl::StatusOr<cli::v1::GeneratedKey> MakeInToken(const std::string& uri,
                                                  const std::string& origin) {
  cli::v1::GeneratedKey made;
  made.set_origin(origin);
  made.set_file(InToken(uri, origin));
  const auto make = [&]() -> absl::StatusOr<crypto::TokenKey> {
    ASSIGN_OR_RETURN(const std::string pin, runtime::ReadPin(made.file()));
    return crypto::MakeTokenKey(made.file(), pin);
  };
  absl::StatusOr<crypto::TokenKey> key = make();
  if (!key.ok()) return NoTokenKey(uri, key.status());
  ASSIGN_OR_RETURN(const log::NoteSigner signer,
                   log::NoteSigner::Make(origin, std::move(key->key)));
  made.set_verifier_key(signer.VerifierText());
  return made;
}

absl::StatusOr<cli::v1::GeneratedKey> MakeKey(Context& context, const GenerateOptions& options) {
  RETURN_IF_ERROR(log::CheckNodeName(options.node));
  if (!options.token.empty() && options.witness) return ExcludeEachOther("--token", "--witness");
  if (!options.token.empty() && !options.file.empty()) return ExcludeEachOther("--token", "--out");
  cli::v1::GeneratedKey made;
  const absl::string_view ending = options.witness      ? ".witnesskey"
                                   : options.statements ? ".key"
                                                        : ".logkey";
  made.set_file(options.file.empty() ? absl::StrCat(options.node, ending) : options.file);
  if (options.witness) {
    made.set_origin(log::WitnessKeyNameOf(options.node));
    ASSIGN_OR_RETURN(
        const log::Cosigner cosigner,
        log::Cosigner::Make(made.origin(), crypto::SigningKey::Generate(context.random())));
    RETURN_IF_ERROR(WriteSecretFile(made.file(), cosigner.PrivateText() + "\n"));
    made.set_verifier_key(cosigner.VerifierText());
    return made;
  }
  if (options.successor > std::numeric_limits<std::uint32_t>::max()) {
    return BadValue("--successor", absl::StrCat(options.successor), "no log has so many");
  }
  made.set_origin(options.statements
                      ? options.node
                      : log::OriginOf(options.node, static_cast<std::uint32_t>(options.successor)));
  if (!options.token.empty()) return MakeInToken(options.token, made.origin());
  ASSIGN_OR_RETURN(
      const log::NoteSigner signer,
      log::NoteSigner::Make(made.origin(), crypto::SigningKey::Generate(context.random())));
  RETURN_IF_ERROR(WriteSecretFile(made.file(), signer.PrivateText() + "\n"));
  made.set_verifier_key(signer.VerifierText());
  return made;
}

ExitCode Generate(Context& context, const GenerateOptions& options) {
  Output& output = context.output();
  const auto made = MakeKey(context, options);
  if (!made.ok()) return output.Fail(made.status());
  if (output.json()) {
    output.Json(*made);
    return ExitCode::kOk;
  }
  if (!options.token.empty()) {
    output.Note(
        absl::StrCat("made a key that nobody reads out; name it in the configuration:\n"
                     "log_key: \"",
                     made->file(), "\"\nother nodes need the verifier key:"));
    output.Print(made->verifier_key() + "\n");
    return ExitCode::kOk;
  }
  const absl::string_view about =
      options.witness ? ", which cosigns what others publish: keep it to this machine\nthose whose "
                        "logs it cosigns need the verifier key:"
      : options.statements
          ? ", which signs in your name: nobody else may read it\nothers need the verifier key:"
          : ", which signs the log until it is replaced: keep a copy where nobody else reads it\n"
            "other nodes need the verifier key:";
  output.Note(absl::StrCat("wrote ", made->file(), about));
  output.Print(made->verifier_key() + "\n");
  return ExitCode::kOk;
}

}  // namespace

Command KeyCommands() {
  const auto options = std::make_shared<GenerateOptions>();
  Command generate = {
      .name = "generate",
      .summary = "make the signing key of a node's log, and print what others verify with",
      .details =
          "With --witness a key that cosigns what others publish: a node's witness_key, or "
          "that of a witness outside.",
      .examples =
          "selaras key generate bawaslu-13\n"
          "selaras key generate ombudsman --witness\n"
          "selaras key generate bkn --out /etc/selaras/bkn.logkey\n"
          "selaras key generate sekretariat --statements\n"
          "selaras key generate bkn --token "
          "'pkcs11:token=selaras?module-path=/usr/lib/softhsm/libsofthsm2.so&"
          "pin-source=file:/etc/selaras/pin'",
      .options = {{"NAME", "", &options->node, "name of the node; names its logs for ever", true},
                  {"--statements", "", &options->statements,
                   "a key of an office or officer, for selaras reconcile --sign: NAME is its name"},
                  {"-o,--out", "FILE", &options->file,
                   "where to write it, readable by its owner only; default: NAME.logkey, "
                   "NAME.witnesskey"},
                  {"--witness", "", &options->witness, "a key that cosigns"},
                  {"--token", "URI", &options->token,
                   "make the key in a token (PKCS#11), from which nobody reads it: "
                   "pkcs11:token=NAME?module-path=FILE&pin-source=file:FILE"},
                  FromOne({"--successor", "N", &options->successor,
                           "another key of the N-th log of that name: its origin says which it "
                           "is; default: the first one's"})},
      .run = [options](Context& context) { return Generate(context, *options); }};
  return {.name = "key",
          .summary = "keys that sign logs, cosign checkpoints and wrap a store's secrets",
          .commands = {std::move(generate), KeyHistoryCommand(), KeyRewrapCommand()}};
}

}  // namespace selaras::cli
