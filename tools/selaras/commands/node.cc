#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "selaras/cli/v1/output.pb.h"
#include "selaras/config/v1/config.pb.h"

#include "services/runtime/address.h"
#include "services/runtime/signing_keys.h"
#include "storage/base/status.h"
#include "storage/crypto/certificate.h"
#include "storage/crypto/token.h"
#include "storage/log/fingerprint.h"
#include "storage/log/note.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/config_text.h"
#include "tools/selaras/context.h"
#include "tools/selaras/enrolment.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kReference = "/usr/share/selaras/reference";
constexpr absl::string_view kLocal = "127.0.0.1:7413";
constexpr absl::string_view kAll = "0.0.0.0";

struct InitOptions {
  std::string node;
  std::string folder;
  std::string service;
  std::vector<std::string> authorities;
  std::string address;
  std::vector<std::string> names;
  std::vector<std::string> clients;
  std::string log_key;
};

// `ROLE` or `ROLE:AUTHORITY`.
absl::StatusOr<runtime::Identity> ReadClient(const std::string& text, const std::string& first) {
  const std::size_t colon = text.find(':');
  const std::string authority = colon == std::string::npos ? first : text.substr(colon + 1);
  auto identity = runtime::MakeIdentity(text.substr(0, colon), authority);
  if (identity.ok() && identity->role != runtime::Role::kNode) return identity;
  return BadValue(
      "--client", text,
      "give entry, backoffice, ops or auditor, and after a colon one of the authorities "
      "if it is not the first");
}

absl::StatusOr<cli::v1::EnrolmentStep> Init(Context& context, const InitOptions& options) {
  NodeWish wish{
      options.node, options.service, options.authorities, options.address, options.names, {}, {}};
  const std::string first = options.authorities.empty() ? "" : options.authorities.front();
  const std::vector<std::string> usual = {"entry", "ops"};
  for (const std::string& client : options.clients.empty() ? usual : options.clients) {
    ASSIGN_OR_RETURN(runtime::Identity identity, ReadClient(client, first));
    wish.clients.push_back(std::move(identity));
  }
  if (!options.log_key.empty()) {
    ASSIGN_OR_RETURN(wish.log_key, runtime::ReadNoteSigner("--log-key", options.log_key));
  }
  ASSIGN_OR_RETURN(const NewNode made, MakeNode(wish, context.random()));
  const std::string folder = options.folder.empty() ? options.node : options.folder;
  ASSIGN_OR_RETURN(NewFolder draft, NewFolder::Make(folder));
  const std::string request = absl::StrCat(options.node, ".request");
  std::error_code error;
  if (!std::filesystem::create_directory(draft.draft() + "/tls", error)) {
    return CannotWrite(folder, error.value());
  }
  if (!made.log_key.empty()) {
    RETURN_IF_ERROR(WriteSecretFile(draft.draft() + "/log.key", made.log_key));
  }
  RETURN_IF_ERROR(WriteSecretFile(draft.draft() + "/witness.key", made.witness_key));
  for (const NamedTlsKey& key : made.tls_keys) {
    RETURN_IF_ERROR(
        WriteSecretFile(absl::StrCat(draft.draft(), "/tls/", key.name, ".key"), key.pem));
  }
  RETURN_IF_ERROR(WriteFile(absl::StrCat(draft.draft(), "/", request), made.request));
  RETURN_IF_ERROR(draft.Commit());
  cli::v1::EnrolmentStep step;
  step.set_done("requested");
  step.set_node(options.node);
  step.set_service(options.service);
  step.add_files(absl::StrCat(folder, "/", request));
  step.set_fingerprint(log::FingerprintOfText(made.request));
  return step;
}

ExitCode RunInit(Context& context, const InitOptions& options) {
  Output& output = context.output();
  const auto step = Init(context, options);
  if (!step.ok()) return output.Fail(step.status());
  if (output.json()) {
    output.Json(*step);
    return ExitCode::kOk;
  }
  output.Note(options.log_key.empty()
                  ? "made the keys of the node; keep a copy of log.key where nobody else reads it"
                  : "made the other keys of the node");
  output.Print(absl::StrCat(
      "send     ", step->files(0), "   to the keeper of the directory of nodes\n", "compare  ",
      step->fingerprint(), "   by telephone\n",
      "then     selaras node join --invite FILE, with the file that the keeper sends back\n"));
  return ExitCode::kOk;
}

struct JoinOptions {
  std::string folder = ".";
  std::string invite;
  std::string fingerprint;
  std::string listen;
  std::string store;
  std::string reference;
  std::vector<std::string> peers;
  std::string log_key;
};

std::string ConfigOf(const std::string& folder) { return folder + "/node.textproto"; }

// The folder is the one whose keys the invite is for. Once the node has a configuration its log's
// key may be another one, or lie elsewhere, and the node looks itself whether it is listed.
absl::Status CheckFits(const std::string& folder, const JoinOptions& options,
                       const OpenedInvite& invite) {
  if (const auto text = ReadFile(ConfigOf(folder)); text.ok()) {
    config::v1::NodeConfig config;
    RETURN_IF_ERROR(ParseConfig(ConfigOf(folder), *text, &config));
    if (config.has_directory() &&
        config.directory().verifier_key() != invite.invite.directory_key()) {
      return InviteOfAnother(folder, absl::StrCat("it is of another keeper than the one that ",
                                                  ConfigOf(folder), " believes"));
    }
    if (config.node() == invite.listed.node()) return absl::OkStatus();
    return InviteOfAnother(folder, absl::StrCat("it is for ", invite.listed.node(), ", not for ",
                                                Printable(config.node())));
  }
  std::error_code error;
  if (options.log_key.empty() && !std::filesystem::exists(folder + "/log.key", error)) {
    return NotANodeFolder(folder);
  }
  ASSIGN_OR_RETURN(
      const log::NoteSigner signer,
      runtime::ReadNoteSigner(
          "log_key", options.log_key.empty() ? absl::StrCat(folder, "/log.key") : options.log_key));
  if (signer.VerifierText() == invite.listed.log_key()) return absl::OkStatus();
  return InviteOfAnother(folder, absl::StrCat("it lists ", invite.listed.log_key(),
                                              ", and the key there is ", signer.VerifierText()));
}

struct Certificate {
  std::string name;  // of its files
  std::string pem;
};

absl::StatusOr<std::vector<Certificate>> CheckedCertificates(const std::string& folder,
                                                             const OpenedInvite& opened,
                                                             absl::Time now) {
  std::vector<Certificate> certificates;
  for (const config::v1::IssuedCertificate& issued : opened.invite.certificates()) {
    ASSIGN_OR_RETURN(const runtime::Identity identity,
                     runtime::MakeIdentity(issued.role(), issued.authority()));
    const std::string name = FilesOf(identity, opened.listed.authorities(0));
    ASSIGN_OR_RETURN(const std::string key, ReadFile(absl::StrCat(folder, "/tls/", name, ".key")));
    const auto check = [&]() -> absl::Status {
      RETURN_IF_ERROR(crypto::CheckKeyFits(issued.pem(), key));
      RETURN_IF_ERROR(crypto::CheckChain(issued.pem(), opened.invite.ca(), now));
      ASSIGN_OR_RETURN(const auto read, crypto::ParseCertificates(issued.pem()));
      const std::vector<std::string> uris = {
          runtime::IdentityUri(issued.role(), issued.authority())};
      return read.front().uris == uris ? absl::OkStatus()
                                       : absl::InvalidArgumentError("says something else");
    };
    if (const absl::Status wrong = check(); !wrong.ok()) {
      return InviteOfAnother(
          folder, absl::StrCat("the certificate for tls/", name, ".key ", wrong.message()));
    }
    certificates.push_back({name, issued.pem()});
  }
  return certificates;
}

// The keeper has no authority that signs: others sent the certificates.
absl::Status CheckBrought(const std::string& folder, const std::string& invited_ca,
                          absl::Time now) {
  const auto check = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string certificate, ReadFile(folder + "/tls/node.crt"));
    ASSIGN_OR_RETURN(const std::string key, ReadFile(folder + "/tls/node.key"));
    RETURN_IF_ERROR(crypto::CheckKeyFits(certificate, key));
    if (!invited_ca.empty()) return crypto::CheckChain(certificate, invited_ca, now);
    ASSIGN_OR_RETURN(const std::string ca, ReadFile(folder + "/tls/ca.crt"));
    return crypto::CheckChain(certificate, ca, now);
  };
  if (check().ok()) return absl::OkStatus();
  return InviteOfAnother(folder,
                         "it brings no certificates, and tls/node.crt is not one for tls/node.key "
                         "that tls/ca.crt leads to; put those there that your authority signed");
}

std::string AbsoluteOf(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

// Where to listen: on the port of its address, on all interfaces; on this machine alone if nobody
// else reaches it.
absl::StatusOr<runtime::Address> ListenOf(const JoinOptions& options, const std::string& address) {
  const std::string text = !options.listen.empty() ? options.listen
                           : address.empty()       ? std::string(kLocal)
                                                   : address;
  auto listen = runtime::ParseAddress(text);
  if (!listen.ok() || (options.listen.empty() && listen->port == 0)) {
    return BadValue("--listen", text, "give HOST:PORT");
  }
  if (options.listen.empty() && !address.empty()) listen->host = std::string(kAll);
  return listen;
}

// Where clients on this machine find it.
std::string LocalOf(const runtime::Address& listen) {
  const bool all = listen.host == kAll || listen.host == "::";
  return runtime::Address{all ? "127.0.0.1" : listen.host, listen.port}.ToString();
}

// Files that a person goes on writing are not written again.
absl::Status WriteOnce(const std::string& path, const std::string& text, Output& output) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    output.Note(absl::StrCat("left ", path, " as it is"));
    return absl::OkStatus();
  }
  return WriteFileAtomically(path, text);
}

absl::StatusOr<cli::v1::EnrolmentStep> Join(Context& context, const JoinOptions& options) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(options.invite));
  ASSIGN_OR_RETURN(const OpenedInvite opened, OpenInvite(note));
  const std::string& keeper = opened.invite.directory_key();
  const std::string fingerprint = log::FingerprintOfText(keeper);
  constexpr absl::string_view kWhat = "the directory's key";
  if (options.fingerprint.empty()) return CompareFirst(kWhat, fingerprint);
  if (options.fingerprint != fingerprint) return OtherFingerprint(kWhat, fingerprint);
  const std::string& folder = options.folder;
  RETURN_IF_ERROR(CheckFits(folder, options, opened));
  ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(folder));
  const absl::Time now = context.clock().Now();
  ASSIGN_OR_RETURN(const auto certificates, CheckedCertificates(folder, opened, now));
  if (certificates.empty()) RETURN_IF_ERROR(CheckBrought(folder, opened.invite.ca(), now));
  const std::string reference =
      options.reference.empty() ? std::string(kReference) : AbsoluteOf(options.reference);
  std::error_code error;
  if (!std::filesystem::exists(reference + "/authorities.tsv", error))
    return NoReference(reference);
  ASSIGN_OR_RETURN(const runtime::Address listen, ListenOf(options, opened.listed.address()));
  const std::string store = options.store.empty() ? "store" : AbsoluteOf(options.store);
  const std::string log_key = options.log_key.empty()               ? "log.key"
                              : crypto::IsTokenUri(options.log_key) ? options.log_key
                                                                    : AbsoluteOf(options.log_key);
  ASSIGN_OR_RETURN(const std::string config, NodeConfigText({&opened, listen.ToString(), store,
                                                             reference, options.peers, log_key}));

  // What was checked is written, the configuration last: it names the rest.
  cli::v1::EnrolmentStep step;
  const auto write = [&folder](const std::string& name, const std::string& text) {
    return WriteFileAtomically(absl::StrCat(folder, "/", name), text);
  };
  if (!opened.invite.ca().empty()) RETURN_IF_ERROR(write("tls/ca.crt", opened.invite.ca()));
  for (const Certificate& certificate : certificates) {
    RETURN_IF_ERROR(write(absl::StrCat("tls/", certificate.name, ".crt"), certificate.pem));
  }
  RETURN_IF_ERROR(write("directory.note", opened.invite.directory()));
  for (const Certificate& certificate : certificates) {
    if (certificate.name == "node") continue;
    const std::string file = absl::StrCat(folder, "/", certificate.name, ".textproto");
    RETURN_IF_ERROR(
        WriteOnce(file, ClientConfigText(LocalOf(listen), certificate.name), context.output()));
    step.add_files(file);
  }
  const std::string file = ConfigOf(folder);
  RETURN_IF_ERROR(WriteOnce(file, config, context.output()));
  step.add_files(file);
  step.set_done("joined");
  step.set_node(opened.listed.node());
  step.set_service(opened.listed.service());
  step.set_fingerprint(fingerprint);
  step.set_directory_key(keeper);
  step.set_serial(opened.directory.serial());
  return step;
}

ExitCode RunJoin(Context& context, const JoinOptions& options) {
  Output& output = context.output();
  const auto step = Join(context, options);
  if (!step.ok()) return output.Fail(step.status());
  if (output.json()) {
    output.Json(*step);
    return ExitCode::kOk;
  }
  const auto& files = step->files();
  output.Note(absl::StrCat(step->node(), " is a node of the directory, version ", step->serial()));
  output.Print(
      absl::StrCat("start    selaras-", step->service(), " --config ", *files.rbegin(), "\n"));
  if (files.size() > 1) {
    output.Print(absl::StrCat("ask it   selaras status --client ", files[files.size() - 2], "\n"));
  }
  return ExitCode::kOk;
}

}  // namespace

Command NodeCommands() {
  const auto init = std::make_shared<InitOptions>();
  Command init_command = {
      .name = "init",
      .summary = "make the keys of a new node, and a request to the keeper of the directory",
      .details =
          "Everything is made in a folder of its own, readable by its owner only. No private key "
          "leaves it: the request holds what others verify with.",
      .examples =
          "selaras node init bawaslu-13 --service intake --authority bawaslu/13 "
          "--address selaras.bawaslu13.example:7413\n"
          "selaras node init ppk-13.04 --service sanction --authority ppk/13.04 --client entry "
          "--client backoffice --client ops",
      .options =
          {{"NODE", "", &init->node, "name of the node; names its logs for ever", true},
           {"--service", "SERVICE", &init->service, "intake, referral or sanction", true},
           {"--authority", "AUTHORITY", &init->authorities,
            "for which the node acts; several times for several", true},
           {"--address", "HOST:PORT", &init->address,
            "where other nodes reach it; default: nowhere, it dials them"},
           {"--name", "HOST", &init->names, "a further name by which its own clients reach it"},
           {"--client", "ROLE", &init->clients,
            "a certificate to ask for: entry, backoffice, ops or auditor, with :AUTHORITY if it is "
            "not for the first; default: entry and ops"},
           {"--log-key", "PLACE", &init->log_key,
            "a log key that is there, a file or one in a token; default: a new one is made"},
           {"--folder", "DIR", &init->folder, "where to make it; default: named like the node"}},
      .run = [init](Context& context) { return RunInit(context, *init); }};
  const auto join = std::make_shared<JoinOptions>();
  Command join_command = {
      .name = "join",
      .summary = "take an invite: certificates, the directory of nodes, a configuration",
      .details =
          "Everything in the invite is verified first. What is there of an earlier invite is "
          "replaced; configurations are left as they are.",
      .examples =
          "selaras node join --folder bawaslu-13 --invite bawaslu-13.invite\n"
          "selaras node join --folder bawaslu-13 --invite bawaslu-13.invite --fingerprint "
          "0a1b-2c3d-…",
      .options = {{"--invite", "FILE", &join->invite, "the file that the keeper sent", true},
                  {"--folder", "DIR", &join->folder,
                   "the folder that node init made; default: this one"},
                  {"--fingerprint", "FINGERPRINT", &join->fingerprint,
                   "of the directory's key, as the keeper read it to you"},
                  {"--peer", "NODE", &join->peers,
                   "link with these nodes only; default: all that exchange cases with it, also "
                   "later ones"},
                  {"--listen", "HOST:PORT", &join->listen,
                   "where the node listens; default: the port of its address, on all interfaces; "
                   "127.0.0.1:7413 if it has none"},
                  {"--log-key", "PLACE", &join->log_key, "as it was given to node init"},
                  {"--store", "DIR", &join->store, "of the node; default: store, in the folder"},
                  {"--reference", "DIR", &join->reference,
                   absl::StrCat("reference data; default: ", kReference)}},
      .run = [join](Context& context) { return RunJoin(context, *join); }};
  return {.name = "node",
          .summary = "how an office becomes a node",
          .commands = {std::move(init_command), std::move(join_command)}};
}

}  // namespace selaras::cli
