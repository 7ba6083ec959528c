#include "tools/selaras/errors.h"

#include <cerrno>
#include <cstring>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kUsageUrl = "selaras.cli/usage";

absl::Status Usage(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageUrl, absl::Cord());
  return status;
}

std::string Words(int error) { return std::strerror(error); }

}  // namespace

absl::Status NoNode() {
  return Usage(
      "no node was named\n"
      "give --node HOST:PORT, --client FILE or set SELARAS_NODE");
}

absl::Status NoPort(absl::string_view address) {
  // Where a file or folder may be named, too.
  if (absl::StrContains(address, '/')) {
    return Usage(absl::StrCat("there is no file or folder '", address,
                              "', and it is no address\nname one that is there, or give "
                              "HOST:PORT"));
  }
  return Usage(absl::StrCat("the address '", address, "' has no port\ngive it as HOST:PORT"));
}

absl::Status NoCertificates(absl::string_view missing) {
  return Usage(absl::StrCat("a node is reached over mutual TLS only, and ", missing,
                            " is missing\ngive the files, or --client FILE, or set SELARAS_CA, "
                            "SELARAS_CERT and SELARAS_KEY"));
}

absl::Status BadDuration(absl::string_view option, absl::string_view text) {
  return Usage(absl::StrCat(option, ": '", text, "' is no duration\ngive it as 500ms, 30s or 2m"));
}

absl::Status PersonalDataWithheld() {
  return absl::UnavailableError(
      "the node leaves out personal data, because it cannot record that they are read\nsee selaras "
      "status, and try again when it takes commands");
}

absl::Status WrappingKeysMissing() {
  return absl::FailedPreconditionError(
      "numbers and persons are looked up by keys that are wrapped in this store\ngive "
      "--wrapping-keys DIR, the folder of the keys that unwrap them");
}

absl::Status WrongSource(absl::string_view command, Source source) {
  if (source == Source::kStore) {
    return Usage(absl::StrCat(command, " works on a store on disk\ngive --store DIR"));
  }
  return Usage(absl::StrCat(command, " asks a node\ngive --node HOST:PORT instead of --store"));
}

absl::Status ExcludeEachOther(absl::string_view one, absl::string_view other) {
  return Usage(absl::StrCat(one, " and ", other, " exclude each other\ngive one of them"));
}

absl::Status BadValue(absl::string_view option, absl::string_view value, absl::string_view cure) {
  if (value.empty()) return Usage(absl::StrCat(option, ": nothing is given\n", cure));
  return Usage(absl::StrCat(option, ": '", value, "' is not known\n", cure));
}

bool IsUsage(const absl::Status& status) { return status.GetPayload(kUsageUrl).has_value(); }

absl::Status BadConfigText(absl::string_view file, int line, int column, absl::string_view why,
                           absl::string_view proto) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ":", column, ": ", why,
                                                 "\nits fields are those of proto/", proto));
}

absl::Status BadSetting(absl::string_view file, absl::string_view field, absl::string_view why,
                        absl::string_view cure) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", field, ": ", why, "\n", cure));
}

absl::Status NotAFile(absl::string_view file) {
  return Usage(absl::StrCat("FILE: ", file,
                            " is no regular file\nname one: if the line breaks, it is read again"));
}

absl::Status UnknownMediaType(absl::string_view file) {
  return Usage(absl::StrCat("--media-type: nothing tells what ", file,
                            " is: it is no PDF, JPEG, PNG, MP4, MP3 or text in UTF-8\nsay what it "
                            "is, e.g. --media-type audio/mpeg"));
}

absl::Status EmptyDocument(absl::string_view file) {
  return absl::InvalidArgumentError(absl::StrCat(file, " is empty\nname the file of the document"));
}

absl::Status NotBsreAnswer(absl::string_view file, absl::string_view field, absl::string_view why) {
  return Usage(absl::StrCat("--bsre: ", file, ": ", field, field.empty() ? "" : " ", why,
                            "\ngive the JSON of BSrE's verification as it was answered"));
}

absl::Status DocumentChanged(absl::string_view file) {
  return absl::FailedPreconditionError(
      absl::StrCat(file, " changed while it was sent\nsend it again when it is complete"));
}

absl::Status OtherPart(absl::string_view part) {
  return absl::FailedPreconditionError(absl::StrCat(
      part, " is not the beginning of this document\nremove it, and get it anew: rm '", part, "'"));
}

absl::Status NotYourPart(absl::string_view part) {
  return absl::FailedPreconditionError(
      absl::StrCat(part,
                   " is no regular file of yours alone\nmove it away, or name a file in a "
                   "folder where only you write"));
}

absl::Status PartInUse(absl::string_view part) {
  return absl::FailedPreconditionError(absl::StrCat(
      part, " is being written by another process\nlet it finish, or name another file"));
}

absl::Status PartChanged(absl::string_view part) {
  return absl::FailedPreconditionError(absl::StrCat(
      part, " was changed by another process\nremove it, and get it anew: rm '", part, "'"));
}

absl::Status BytesOnATerminal() {
  return Usage(
      "standard output is a terminal, and a document is not text\nname a file with -o FILE; with "
      "-o - it is written there all the same");
}

absl::Status FolderInPlaceOfAFile(absl::string_view folder) {
  return Usage(absl::StrCat("--out: ", folder, " is a folder\nname a file in it"));
}

absl::Status OutputBrokeOff() {
  return absl::FailedPreconditionError(
      "cannot write to standard output: not all of it was taken\nsend it to a place with room, "
      "and call again");
}

absl::Status NoJsonForm(absl::string_view what, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("a ", what, " has no form in JSON: ", why, "\nsee it without --json"));
}

absl::Status UploadBrokeOff(std::uint64_t taken, std::uint64_t bytes) {
  return absl::UnavailableError(
      absl::StrCat("the node has taken only ", taken, " of ", bytes, " bytes"));
}

absl::Status WrongSize(std::uint64_t found, std::uint64_t stated) {
  return absl::DataLossError(absl::StrCat("the document has ", found, " bytes, and the node says ",
                                          stated,
                                          "\nget it anew; selaras attachment list says "
                                          "whether the node holds it whole"));
}

absl::Status CannotRead(absl::string_view file, int error) {
  const std::string message = absl::StrCat("cannot read ", file, ": ", Words(error),
                                           "\nname a file that is there and that you may read");
  return error == EACCES ? absl::PermissionDeniedError(message) : absl::NotFoundError(message);
}

absl::Status CannotWrite(absl::string_view file, int error) {
  if (error == EEXIST) {
    return absl::AlreadyExistsError(
        absl::StrCat(file, " is there already\nmove it away first: a key is never overwritten"));
  }
  const std::string message =
      absl::StrCat("cannot write ", file, ": ", Words(error), "\nname a place where you may write");
  return error == EACCES ? absl::PermissionDeniedError(message) : absl::NotFoundError(message);
}

absl::Status NoSuchLog(absl::string_view log, absl::string_view there_are) {
  return absl::NotFoundError(
      absl::StrCat("there is no log ", log, " here\nthere are: ", there_are));
}

absl::Status NoSuchEntry(absl::string_view log, std::uint64_t sequence, std::uint64_t size) {
  return absl::OutOfRangeError(
      absl::StrCat(log, " has no entry ", sequence, "\n",
                   size == 0 ? "it is empty" : absl::StrCat("its entries are 0 to ", size - 1)));
}

absl::Status NotSignedHere(absl::string_view log, std::uint64_t size, std::uint64_t newest) {
  return absl::FailedPreconditionError(absl::StrCat("a store holds of ", log, " the checkpoint of ",
                                                    newest, " only, not of ", size,
                                                    "\nask the node that writes it"));
}

absl::Status NoEntryOf(absl::string_view author) {
  return absl::NotFoundError(
      absl::StrCat("no entry of ", author, " can be read here, so none was looked at\n",
                   "selaras reference show authorities lists how they are written"));
}

absl::Status NoCatalogue(absl::string_view digest) {
  return absl::NotFoundError(
      digest.empty() ? "the store keeps no reference data"
                     : absl::StrCat("no reference data with the digest ", digest, " is here"));
}

absl::Status DamagedMemory(absl::string_view file) {
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": what it says of trees that were verified earlier is damaged\n",
                   "find out who changed it; to begin anew, move it away"));
}

absl::Status WrongCatalogue(absl::string_view stated, absl::string_view found) {
  return absl::DataLossError(
      absl::StrCat("the reference data does not have the digest ", stated, "\nit has ", found));
}

absl::Status NotARegister(absl::string_view file) {
  return absl::InvalidArgumentError(
      absl::StrCat(file, " is a worklist: what it stated is corrected or taken back case by case",
                   "\nsend CorrectFact or VoidFact for the case"));
}

absl::Status WrongBatch(absl::string_view file, absl::string_view found, absl::string_view wanted) {
  return absl::FailedPreconditionError(
      absl::StrCat(file, " is the batch ", found, ", not ", wanted,
                   "\ngive the file as it was imported, and its --generation"));
}

absl::Status NotEmpty(absl::string_view folder) {
  return absl::AlreadyExistsError(
      absl::StrCat(folder, " is not empty\nname a new folder: evidence is never mixed"));
}

absl::Status FileExists(absl::string_view file) {
  return absl::AlreadyExistsError(
      absl::StrCat(file, " is there already\nname another file, or give --force to replace it"));
}

absl::Status StoreExists(absl::string_view folder) {
  return absl::AlreadyExistsError(
      absl::StrCat(folder, " is there already\nname a new folder: a store is never overwritten"));
}

absl::Status StatedOtherwise(absl::string_view file) {
  return absl::AlreadyExistsError(absl::StrCat(
      file,
      " closes the log otherwise, by the same key\ngive the same options again to complete "
      "it; only if nobody was given that file, move it and the key away"));
}

absl::Status BadRequest(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("the request cannot be met: ", field, ": ", why,
                                                 "\nmake another one with selaras node init"));
}

absl::Status BadInvite(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("this is no invite: ", field, ": ", why,
                                                 "\ngive the file that selaras directory admit "
                                                 "wrote for this node"));
}

absl::Status ListedWithAnotherKey(absl::string_view node) {
  return absl::FailedPreconditionError(
      absl::StrCat("the directory lists ", node,
                   " with another log key\nif its office asks for "
                   "that, and not somebody in its name, give --replace"));
}

absl::Status NotListed(absl::string_view node) {
  return absl::NotFoundError(absl::StrCat("the directory lists no node ", node,
                                          "\nselaras directory show lists those that there are"));
}

absl::Status CompareFirst(absl::string_view what, absl::string_view fingerprint) {
  return absl::FailedPreconditionError(
      absl::StrCat("nothing was done: who made this file is for you to find out\ncompare the "
                   "fingerprint of ",
                   what,
                   " with the other office by telephone, then give "
                   "--fingerprint ",
                   fingerprint));
}

absl::Status OtherFingerprint(absl::string_view what, absl::string_view fingerprint) {
  return absl::FailedPreconditionError(
      absl::StrCat("the fingerprint of ", what, " is ", fingerprint,
                   ", not the one that was given\nthis is not the file that the other office made: "
                   "ask for it again"));
}

absl::Status InviteOfAnother(absl::string_view folder, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("the invite does not fit ", folder, ": ", why,
                   "\nname the folder whose request was sent, or ask for another invite"));
}

absl::Status FolderInUse(absl::string_view folder) {
  return absl::FailedPreconditionError(
      absl::StrCat("another process is at work in ", folder, "\nwait until it has ended"));
}

absl::Status NotADirectoryFolder(absl::string_view folder) {
  return absl::InvalidArgumentError(
      absl::StrCat(folder,
                   " holds no directory of nodes (directory.note, directory.key)\n"
                   "name the folder that selaras directory create made"));
}

absl::Status NotANodeFolder(absl::string_view folder) {
  return absl::InvalidArgumentError(absl::StrCat(
      folder, " holds no keys of a node\nname the folder that selaras node init made"));
}

absl::Status NoReference(absl::string_view folder) {
  return Usage(
      absl::StrCat("there are no reference data in ", folder,
                   "\nname their folder with --reference: deploy/reference of a checkout"));
}

absl::Status NoTokenKey(absl::string_view uri, const absl::Status& why) {
  return absl::Status(
      why.code(), absl::StrCat(uri, ": ", why.message(),
                               "\ngive pkcs11:token=NAME?module-path=FILE&pin-source=file:FILE, "
                               "with the PIN of its user in that file"));
}

absl::Status NotAKeyChange(absl::string_view file, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(file, " is no receipt of a key change: ", why,
                                                 "\nselaras key history -o DIR writes them"));
}

absl::Status NoBundle(absl::string_view index, std::size_t line, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(index, " is no index of such a folder: line ", line, " ", why,
                   "\nFORMAT.md says what stands in it; ask whoever wrote it for a complete copy"));
}

absl::Status NothingToProve(absl::string_view case_id) {
  return absl::FailedPreconditionError(
      absl::StrCat("case ", case_id, " has no party yet: nothing of it may leave its office\n",
                   "refer it first; an entry of your own is proven by selaras receipt get"));
}

absl::Status SameNode(absl::string_view name, absl::string_view node) {
  return Usage(absl::StrCat(name, " is ", node, ", which was named before\nname each node once"));
}

absl::Status KeyOfALog(absl::string_view file) {
  return absl::FailedPreconditionError(
      absl::StrCat(file, " is the key of a log, which signs its checkpoints and nothing else\n",
                   "make a key of your own: selaras key generate NAME --statements"));
}

absl::Status NoInaction(absl::string_view case_id, absl::string_view deadline) {
  return absl::NotFoundError(
      absl::StrCat("no watcher has stated that a step ", deadline.empty() ? "" : "of ", deadline,
                   deadline.empty() ? "" : " ", "is missing in case ", case_id,
                   "\nselaras case deadlines shows what is owed, and who watches it"));
}

absl::Status SeveralLimits(absl::string_view limits) {
  return absl::FailedPreconditionError(
      absl::StrCat("there are statements about ", limits, "\nsay which: --deadline ROW"));
}

absl::Status NothingSeen(absl::string_view position) {
  return absl::FailedPreconditionError(
      absl::StrCat(position,
                   " names no log: the duty-holder had none at its watcher, so nothing "
                   "can be proven\nits receipt is what there is: selaras receipt get"));
}

absl::Status OtherLog(absl::string_view name, absl::string_view origin, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(name, " holds ", origin, ", not ", wanted,
                                                 "\nname two sources of one log; see --log"));
}

absl::Status NotAnExport(absl::string_view folder, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(folder, "/checkpoint is no checkpoint: ", why, "\nname another folder"));
}

absl::Status OtherExport(absl::string_view folder, absl::string_view held,
                         absl::string_view wanted) {
  return absl::FailedPreconditionError(absl::StrCat(folder, " holds an export of ", held,
                                                    ", not of ", wanted, "\nname another folder"));
}

absl::Status ExportIsAhead(absl::string_view folder, absl::string_view origin, std::uint64_t held,
                           std::uint64_t here) {
  return absl::FailedPreconditionError(
      absl::StrCat(folder, " holds ", held, " entries of ", origin, ", and here are only ", here,
                   "\nexport from a node or store that has them all; selaras log diff compares"));
}

absl::Status ExportContradicted(absl::string_view folder, absl::string_view origin,
                                std::uint64_t held) {
  return absl::DataLossError(
      absl::StrCat("the log here does not extend the ", held, " entries of ", origin, " that ",
                   folder, " holds\nkeep the folder: selaras log diff says where they fork"));
}

absl::Status NothingHere(absl::string_view log) {
  return absl::FailedPreconditionError(
      absl::StrCat("nothing of the log ", log, " has come here yet\nselaras link list says why"));
}

absl::Status NotDialled(absl::string_view peer) {
  return absl::FailedPreconditionError(absl::StrCat(
      peer, " dials this node, so its address is not known here\n",
      "let its operator export what it holds: selaras log export --format tlog-tiles"));
}

absl::Status NotWhatWasVerified(absl::string_view name, base::TreeSize size) {
  return absl::DataLossError(absl::StrCat(
      "the first ", size, " leaves of ", name, " are not those that were verified here before\n",
      "somebody with its key wrote its past anew: keep all, and look at it with "
      "selaras log verify"));
}

absl::Status NotWhatIsSigned(absl::string_view name) {
  return absl::DataLossError(absl::StrCat(name,
                                          " does not lead to the root of its own checkpoint\n"
                                          "selaras log verify says where a store is wrong"));
}

absl::Status NotUnderstood(absl::string_view position) {
  return absl::UnimplementedError(absl::StrCat(
      position, " is an event that this program does not understand\nuse a newer selaras"));
}

absl::Status LogGrows(absl::string_view log) {
  return absl::UnavailableError(absl::StrCat(
      "the log ", log, " grew while it was read, so its proofs are by several checkpoints\n",
      "try again, or ask the node that writes it"));
}

absl::Status WrongRole(absl::string_view file, absl::string_view register_kind,
                       absl::string_view wanted, absl::string_view node, absl::string_view role) {
  return absl::FailedPreconditionError(absl::StrCat(
      file, " is a register of ", register_kind, ", and ", node, " is a node of the role ", role,
      "\nname a node of the role ", wanted, " with --node"));
}

absl::Status LogWasRewritten(absl::string_view log, absl::string_view evidence) {
  return absl::DataLossError(
      absl::StrCat(log, " was rewritten or turned back; both signed statements are in ", evidence,
                   ". Give them to its owner and to the other witnesses; take the file away only "
                   "when the log is known to be sound"));
}

absl::Status SecretIsOpen(absl::string_view file) {
  return absl::FailedPreconditionError(
      absl::StrCat("others may read the key in ", file, "; chmod 600 ", file));
}

absl::Status StateInUse(absl::string_view folder) {
  return absl::FailedPreconditionError(
      absl::StrCat("another witness is running with the state in ", folder, "; end it first"));
}

absl::Status OnlyANodeKnows(absl::string_view option) {
  return absl::FailedPreconditionError(
      absl::StrCat(option, " needs the policy of a running node; ask one with --node"));
}

}  // namespace selaras::cli
