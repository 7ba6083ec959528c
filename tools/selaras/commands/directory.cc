#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "selaras/cli/v1/output.pb.h"

#include "services/runtime/days.h"
#include "services/runtime/directory_version.h"
#include "services/runtime/signed_text.h"
#include "storage/base/status.h"
#include "storage/crypto/ed25519.h"
#include "storage/crypto/issue.h"
#include "storage/log/fingerprint.h"
#include "storage/log/note.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/enrolment.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

constexpr int kDaysDefault = 365;
constexpr int kAuthorityDaysDefault = 3'650;
constexpr int kDaysMax = 36'500;
constexpr std::size_t kNameMax = 64;  // RFC 5280 of a common name

absl::Status CheckDays(int days) {
  if (days <= kDaysMax) return absl::OkStatus();
  return BadValue("--days", absl::StrCat(days), absl::StrCat("give at most ", kDaysMax));
}

std::string DayAfter(absl::Time now, int days) {
  return runtime::UtcDay(now + absl::Hours(24) * days).ToIso();
}

// What the keeper has: the folder that `directory create` made.
struct Kept {
  std::string folder;
  log::NoteSigner keeper;
  config::v1::NodeDirectory directory;
  Signing signing;

  std::string note_file() const { return folder + "/directory.note"; }
};

absl::StatusOr<Kept> ReadKept(const std::string& folder) {
  const auto key = ReadFile(folder + "/directory.key");
  const auto note = ReadFile(folder + "/directory.note");
  if (!key.ok() || !note.ok()) return NotADirectoryFolder(folder);
  ASSIGN_OR_RETURN(log::NoteSigner keeper, log::NoteSigner::Parse(absl::StripSuffix(*key, "\n")));
  ASSIGN_OR_RETURN(const auto version, runtime::DirectoryVersion::Open(*note, keeper.verifier()));
  Kept kept{folder, std::move(keeper), version.list(), {}};
  // Without an authority of the keeper's, offices bring certificates of their own.
  for (const auto& [name, text] : {std::pair("/ca.crt", &kept.signing.certificates),
                                   std::pair("/ca.key", &kept.signing.key)}) {
    absl::StatusOr<std::string> read = ReadFile(folder + name);
    if (read.ok()) {
      *text = *std::move(read);
    } else if (!absl::IsNotFound(read.status())) {
      return read.status();
    }
  }
  return kept;
}

cli::v1::EnrolmentStep StepOf(const Kept& kept, const config::v1::NodeDirectory& next,
                              absl::string_view done, const std::string& node) {
  cli::v1::EnrolmentStep step;
  step.set_done(std::string(done));
  step.set_node(node);
  step.add_files(kept.note_file());
  step.set_directory_key(kept.keeper.VerifierText());
  step.set_fingerprint(log::FingerprintOfText(step.directory_key()));
  step.set_serial(next.serial());
  return step;
}

ExitCode Show(Output& output, const cli::v1::EnrolmentStep& step, const std::string& text) {
  if (output.json()) {
    output.Json(step);
  } else {
    output.Print(text);
  }
  return ExitCode::kOk;
}

struct CreateOptions {
  std::string folder;
  std::string name;
  bool no_authority = false;
  int days = kAuthorityDaysDefault;
};

absl::StatusOr<cli::v1::EnrolmentStep> Create(Context& context, const CreateOptions& options) {
  if (options.name.size() > kNameMax) {
    return BadValue("NAME", options.name, "give one of at most 64 characters");
  }
  RETURN_IF_ERROR(CheckDays(options.days));
  auto keeper = log::NoteSigner::Make(options.name, crypto::SigningKey::Generate(context.random()));
  if (!keeper.ok()) return BadValue("NAME", options.name, "give a name without spaces and pluses");
  const absl::Time now = context.clock().Now();
  config::v1::NodeDirectory directory;
  directory.set_serial(1);
  directory.set_issued(runtime::UtcDay(now).ToIso());
  ASSIGN_OR_RETURN(NewFolder folder, NewFolder::Make(options.folder));
  RETURN_IF_ERROR(WriteSecretFile(folder.draft() + "/directory.key", keeper->PrivateText() + "\n"));
  if (!options.no_authority) {
    const crypto::MadeAuthority made = crypto::MakeAuthority(options.name, now - kClocksDiffer,
                                                             now + absl::Hours(24) * options.days);
    RETURN_IF_ERROR(WriteSecretFile(folder.draft() + "/ca.key", made.key));
    RETURN_IF_ERROR(WriteFile(folder.draft() + "/ca.crt", made.certificate));
  }
  RETURN_IF_ERROR(
      WriteFile(folder.draft() + "/directory.note", runtime::SignText(directory, *keeper)));
  RETURN_IF_ERROR(folder.Commit());
  return StepOf({options.folder, *std::move(keeper), {}, {}}, directory, "created", "");
}

ExitCode RunCreate(Context& context, const CreateOptions& options) {
  const auto step = Create(context, options);
  if (!step.ok()) return context.output().Fail(step.status());
  return Show(context.output(), *step,
              absl::StrCat("key          ", step->directory_key(), "\nfingerprint  ",
                           step->fingerprint(), "   read this to every office that you invite\n"));
}

struct AdmitOptions {
  std::string folder;
  std::string request;
  std::string fingerprint;
  std::string invite;
  int days = kDaysDefault;
  bool replace = false;
};

std::string Asked(const config::v1::EnrolmentRequest& request) {
  std::vector<std::string> certificates;
  for (const auto& asked : request.certificates()) {
    certificates.push_back(absl::StrCat(asked.role(), " ", asked.authority()));
  }
  return absl::StrCat(
      "node          ", request.node(), "\nservice       ", request.service(), "\nauthorities   ",
      absl::StrJoin(request.authorities(), ", "), "\naddress       ",
      request.address().empty() ? "none, it dials" : request.address(), "\nalso named    ",
      request.names().empty() ? "no other" : absl::StrJoin(request.names(), ", "),
      "\ncertificates  ", absl::StrJoin(certificates, ", "), "\n");
}

absl::StatusOr<cli::v1::EnrolmentStep> Admitted(Context& context, const AdmitOptions& options) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(options.request));
  ASSIGN_OR_RETURN(const config::v1::EnrolmentRequest request, OpenRequest(note));
  const std::string fingerprint = log::FingerprintOfText(note);
  constexpr absl::string_view kWhat = "the request";
  if (options.fingerprint.empty()) {
    context.output().Note(Asked(request));
    return CompareFirst(kWhat, fingerprint);
  }
  if (options.fingerprint != fingerprint) return OtherFingerprint(kWhat, fingerprint);
  RETURN_IF_ERROR(CheckDays(options.days));
  ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(options.folder));
  ASSIGN_OR_RETURN(const Kept kept, ReadKept(options.folder));
  const absl::Time now = context.clock().Now();
  const std::string today = runtime::UtcDay(now).ToIso();
  ASSIGN_OR_RETURN(
      const config::v1::NodeDirectory next,
      Admit(kept.directory, request, {today, DayAfter(now, options.days)}, today, options.replace));
  const std::string directory = runtime::SignText(next, kept.keeper);
  ASSIGN_OR_RETURN(const std::string invite,
                   MakeInvite(request, directory, kept.keeper, kept.signing, now));
  // First: who holds an invite is listed.
  RETURN_IF_ERROR(WriteFileAtomically(kept.note_file(), directory));
  const std::string file =
      options.invite.empty() ? absl::StrCat(request.node(), ".invite") : options.invite;
  RETURN_IF_ERROR(WriteFileAtomically(file, invite));
  cli::v1::EnrolmentStep step = StepOf(kept, next, "admitted", request.node());
  step.set_service(request.service());
  step.add_files(file);
  return step;
}

ExitCode RunAdmit(Context& context, const AdmitOptions& options) {
  const auto step = Admitted(context, options);
  if (!step.ok()) return context.output().Fail(step.status());
  return Show(context.output(), *step,
              absl::StrCat("send         ", step->files(1), "   to the office of ", step->node(),
                           "\nread it      ", step->fingerprint(),
                           "   the fingerprint of the directory's key\nserial       ",
                           step->serial(), "   put ", step->files(0),
                           " where a node of yours reads it: nodes pass it on\n"));
}

struct RemoveOptions {
  std::string folder;
  std::string node;
  bool forget = false;
};

absl::StatusOr<cli::v1::EnrolmentStep> Removed(Context& context, const RemoveOptions& options) {
  ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(options.folder));
  ASSIGN_OR_RETURN(const Kept kept, ReadKept(options.folder));
  ASSIGN_OR_RETURN(const config::v1::NodeDirectory next,
                   Remove(kept.directory, options.node, context.clock().Now(), options.forget));
  RETURN_IF_ERROR(WriteFileAtomically(kept.note_file(), runtime::SignText(next, kept.keeper)));
  return StepOf(kept, next, "removed", options.node);
}

ExitCode RunRemove(Context& context, const RemoveOptions& options) {
  const auto step = Removed(context, options);
  if (!step.ok()) return context.output().Fail(step.status());
  return Show(context.output(), *step,
              absl::StrCat("serial       ", step->serial(), "   put ", step->files(0),
                           " where a node of yours reads it: nodes pass it on\n"));
}

struct ShowOptions {
  std::string file;
  std::string key;
};

absl::StatusOr<cli::v1::ShownDirectory> Read(Context& context, const ShowOptions& options) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(options.file));
  config::v1::NodeDirectory list;
  cli::v1::ShownDirectory shown;
  if (options.key.empty()) {
    RETURN_IF_ERROR(runtime::PeekText(note, &list));
    RETURN_IF_ERROR(runtime::CheckDirectory(list));
  } else {
    const auto keeper = log::NoteVerifier::Parse(options.key);
    if (!keeper.ok()) {
      return BadValue("--key", options.key, "give the key that selaras directory create printed");
    }
    ASSIGN_OR_RETURN(const auto version, runtime::DirectoryVersion::Open(note, *keeper));
    list = version.list();
    shown.set_verified(true);
    shown.set_fingerprint(log::FingerprintOfText(options.key));
  }
  shown.set_serial(list.serial());
  shown.set_issued(list.issued());
  for (const config::v1::ListedNode& listed : list.nodes()) {
    cli::v1::ShownNode& node = *shown.add_nodes();
    node.set_node(listed.node());
    node.set_service(listed.service());
    *node.mutable_authorities() = listed.authorities();
    node.set_address(listed.address());
    node.set_log_key(listed.log_key());
    node.set_witness_key(listed.witness_key());
    node.set_valid_from(listed.valid_from());
    node.set_valid_until(listed.valid_until());
    node.set_listed_now(runtime::IsListedAt(listed, context.clock().Now()));
  }
  return shown;
}

ExitCode RunShow(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  const auto shown = Read(context, options);
  if (!shown.ok()) return output.Fail(shown.status());
  if (output.json()) {
    output.Json(*shown);
    return ExitCode::kOk;
  }
  output.Print(absl::StrCat(
      "directory of nodes, version ", shown->serial(), " of ", shown->issued(), ": ",
      shown->verified() ? output.Paint(Tone::kGood, "signed by that key")
                        : output.Paint(Tone::kWarning, "not verified, no --key was given"),
      "\n"));
  Table table({"NODE", "SERVICE", "ACTS FOR", "ADDRESS", "UNTIL"});
  for (const cli::v1::ShownNode& node : shown->nodes()) {
    table.Add({{node.node()},
               {node.service()},
               {absl::StrJoin(node.authorities(), ", ")},
               {node.address().empty() ? "dials" : node.address()},
               {node.valid_until(), node.listed_now() ? Tone::kPlain : Tone::kBad}});
  }
  output.Print(table.Text(output));
  return ExitCode::kOk;
}

}  // namespace

Command DirectoryCommands() {
  const auto create = std::make_shared<CreateOptions>();
  const auto admit = std::make_shared<AdmitOptions>();
  const auto remove = std::make_shared<RemoveOptions>();
  const auto show = std::make_shared<ShowOptions>();
  Command create_command = {
      .name = "create",
      .summary = "begin a directory of nodes, with the key that signs it",
      .details =
          "With it an authority is made that signs the certificates of nodes, unless the network "
          "has another one: then offices bring their own.",
      .examples = "selaras directory create direktori direktori.example.go.id/selaras",
      .options = {{"DIR", "", &create->folder, "the keeper's folder", true},
                  {"NAME", "", &create->name, "name of the key that signs the directory", true},
                  {"--no-authority", "", &create->no_authority,
                   "make no authority that signs certificates"},
                  FromOne({"--days", "N", &create->days,
                           absl::StrCat("for which that authority is valid; default: ",
                                        kAuthorityDaysDefault)})},
      .run = [create](Context& context) { return RunCreate(context, *create); }};
  Command admit_command = {
      .name = "admit",
      .summary = "list a node that asks for it, and write its invite",
      .details =
          "Without --fingerprint it says what is asked for and does nothing. Admitting a listed "
          "node again lists it for longer and makes new certificates.",
      .examples =
          "selaras directory admit direktori bawaslu-13.request\n"
          "selaras directory admit direktori bawaslu-13.request --fingerprint 0a1b-2c3d-…",
      .options = {{"DIR", "", &admit->folder, "the keeper's folder", true},
                  {"REQUEST", "", &admit->request, "the file that the office sent", true},
                  {"--fingerprint", "FINGERPRINT", &admit->fingerprint,
                   "of the request, as the office read it to you"},
                  FromOne({"--days", "N", &admit->days,
                           absl::StrCat("for which it is listed; default: ", kDaysDefault)}),
                  {"--replace", "", &admit->replace, "also if it is listed with another log key"},
                  {"-o,--out", "FILE", &admit->invite, "the invite; default: NODE.invite"}},
      .run = [admit](Context& context) { return RunAdmit(context, *admit); }};
  Command remove_command = {
      .name = "remove",
      .summary = "list a node no more: its peers end their links with it",
      .details =
          "It stays in the directory with yesterday as its last day: what it wrote is known to be "
          "its own, and nobody takes its place.",
      .examples = "selaras directory remove direktori bawaslu-13",
      .options = {{"DIR", "", &remove->folder, "the keeper's folder", true},
                  {"NODE", "", &remove->node, "the node", true},
                  {"--forget", "", &remove->forget,
                   "drop it altogether: for one that never wrote anything"}},
      .run = [remove](Context& context) { return RunRemove(context, *remove); }};
  Command show_command = {
      .name = "show",
      .summary = "the nodes of a directory",
      .examples =
          "selaras directory show /etc/selaras/directory.note\n"
          "selaras directory show directory.note --key direktori.example.go.id/selaras+0a1b2c3d+…",
      .options = {{"FILE", "", &show->file, "the directory, as it was signed", true},
                  {"--key", "KEY", &show->key, "verify that this key signed it"}},
      .run = [show](Context& context) { return RunShow(context, *show); }};
  return {.name = "directory",
          .summary = "the signed directory of nodes: who is a node, where, with which keys",
          .commands = {std::move(create_command), std::move(admit_command),
                       std::move(remove_command), std::move(show_command)}};
}

}  // namespace selaras::cli
