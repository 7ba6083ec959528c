#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"
#include "tools/selaras/command.h"

// Messages have one or two lines: what is wrong, and what to do about it.
namespace selaras::cli {

// INVALID_ARGUMENT, and IsUsage(): the command line is wrong.
absl::Status NoNode();
absl::Status NoPort(absl::string_view address);
absl::Status NoCertificates(absl::string_view missing);
absl::Status BadDuration(absl::string_view option, absl::string_view text);
// UNAVAILABLE: the node left out what it cannot record as read.
absl::Status PersonalDataWithheld();
// FAILED_PRECONDITION: what was asked needs the keys that wrap those of the store.
absl::Status WrappingKeysMissing();
absl::Status WrongSource(absl::string_view command, Source source);
absl::Status ExcludeEachOther(absl::string_view one, absl::string_view other);
// `value` empty: nothing was given.
absl::Status BadValue(absl::string_view option, absl::string_view value, absl::string_view cure);

// Whether the command line is to blame.
bool IsUsage(const absl::Status& status);

// INVALID_ARGUMENT: a file is not what it should be.
absl::Status BadConfigText(absl::string_view file, int line, int column, absl::string_view why,
                           absl::string_view proto);  // `proto` describes the fields
absl::Status BadSetting(absl::string_view file, absl::string_view field, absl::string_view why,
                        absl::string_view cure);
absl::Status DamagedMemory(absl::string_view file);  // of trees that were verified

// INVALID_ARGUMENT, and IsUsage(): a document cannot be sent from there; nothing tells what it is.
absl::Status NotAFile(absl::string_view file);
absl::Status UnknownMediaType(absl::string_view file);
// INVALID_ARGUMENT: a document without a byte.
absl::Status EmptyDocument(absl::string_view file);
// INVALID_ARGUMENT, and IsUsage(): a file does not hold what BSrE answers.
absl::Status NotBsreAnswer(absl::string_view file, absl::string_view field, absl::string_view why);

// FAILED_PRECONDITION: a document became another one while it was sent.
absl::Status DocumentChanged(absl::string_view file);
// FAILED_PRECONDITION: what is there of a document is not its beginning; is no regular file of this
// user alone; is written by another process; was changed by one.
absl::Status OtherPart(absl::string_view part);
absl::Status NotYourPart(absl::string_view part);
absl::Status PartInUse(absl::string_view part);
absl::Status PartChanged(absl::string_view part);
// INVALID_ARGUMENT, and IsUsage(): a document would go to a terminal; in the place of a folder.
absl::Status BytesOnATerminal();
absl::Status FolderInPlaceOfAFile(absl::string_view folder);
// FAILED_PRECONDITION: standard output took not all.
absl::Status OutputBrokeOff();
// FAILED_PRECONDITION: what others wrote cannot be said in JSON.
absl::Status NoJsonForm(absl::string_view what, absl::string_view why);
// UNAVAILABLE: the node ended an upload early.
absl::Status UploadBrokeOff(std::uint64_t taken, std::uint64_t bytes);
// DATA_LOSS: a document has another size than the node said.
absl::Status WrongSize(std::uint64_t found, std::uint64_t stated);

// NOT_FOUND or PERMISSION_DENIED, as `error` (an errno) says.
absl::Status CannotRead(absl::string_view file, int error);
absl::Status CannotWrite(absl::string_view file, int error);

// FAILED_PRECONDITION: a file that others may read; a state that another witness uses.
absl::Status SecretIsOpen(absl::string_view file);
absl::Status StateInUse(absl::string_view folder);

// DATA_LOSS: a witness keeps both statements of a log in this file.
absl::Status LogWasRewritten(absl::string_view log, absl::string_view evidence);
// FAILED_PRECONDITION: what takes the policy of a running node.
absl::Status OnlyANodeKnows(absl::string_view option);

// NOT_FOUND: a log, entry or reference table that is not there.
absl::Status NoSuchLog(absl::string_view log, absl::string_view there_are);
absl::Status NoSuchEntry(absl::string_view log, std::uint64_t sequence, std::uint64_t size);
absl::Status NotSignedHere(absl::string_view log, std::uint64_t size, std::uint64_t newest);
absl::Status NoCatalogue(absl::string_view digest);
absl::Status NoEntryOf(absl::string_view author);

// DATA_LOSS: what was sent is not what it says it is.
absl::Status WrongCatalogue(absl::string_view stated, absl::string_view found);

// INVALID_ARGUMENT: a worklist has no rows that could be amended or undone.
absl::Status NotARegister(absl::string_view file);
// FAILED_PRECONDITION: the file is not the one that was imported as that batch.
absl::Status WrongBatch(absl::string_view file, absl::string_view found, absl::string_view wanted);

// ALREADY_EXISTS: the folder holds something.
absl::Status NotEmpty(absl::string_view folder);
// ALREADY_EXISTS: the file that is to be written.
absl::Status FileExists(absl::string_view file);
// ALREADY_EXISTS: the store that is to be made.
absl::Status StoreExists(absl::string_view folder);
// ALREADY_EXISTS: a log was closed in another way.
absl::Status StatedOtherwise(absl::string_view file);
// INVALID_ARGUMENT: a file by which a node is enrolled asks for, or gives, what nobody can have.
absl::Status BadRequest(absl::string_view field, absl::string_view why);
absl::Status BadInvite(absl::string_view field, absl::string_view why);
// FAILED_PRECONDITION: what the directory lists is another one; NOT_FOUND: it does not list it.
absl::Status ListedWithAnotherKey(absl::string_view node);
absl::Status NotListed(absl::string_view node);
// FAILED_PRECONDITION: two people have to compare a fingerprint first; what they compared is
// another one.
absl::Status CompareFirst(absl::string_view what, absl::string_view fingerprint);
absl::Status OtherFingerprint(absl::string_view what, absl::string_view fingerprint);
// FAILED_PRECONDITION: an invite is for another node than this folder's; a file that it needs is
// not there.
absl::Status InviteOfAnother(absl::string_view folder, absl::string_view why);
// FAILED_PRECONDITION: another process writes in the folder.
absl::Status FolderInUse(absl::string_view folder);
// INVALID_ARGUMENT: the folder holds no directory of nodes; no node that was made by `node init`.
absl::Status NotADirectoryFolder(absl::string_view folder);
absl::Status NotANodeFolder(absl::string_view folder);
// INVALID_ARGUMENT: the folder that a configuration is to name is not there.
absl::Status NoReference(absl::string_view folder);
// The error of a token, with what to give.
absl::Status NoTokenKey(absl::string_view uri, const absl::Status& why);
// INVALID_ARGUMENT: the file is no receipt by which a key was replaced.
absl::Status NotAKeyChange(absl::string_view file, absl::string_view why);
// INVALID_ARGUMENT: a folder is not what it should be, because of that line of its index.
absl::Status NoBundle(absl::string_view index, std::size_t line, absl::string_view why);
// FAILED_PRECONDITION: nothing of a case goes to parties yet.
absl::Status NothingToProve(absl::string_view case_id);
// INVALID_ARGUMENT, and IsUsage(): a node is named twice.
absl::Status SameNode(absl::string_view name, absl::string_view node);
// FAILED_PRECONDITION: the key of a log signs nothing but checkpoints.
absl::Status KeyOfALog(absl::string_view file);
// NOT_FOUND: no watcher stated anything about the limit (any, if it is empty) in the case.
absl::Status NoInaction(absl::string_view case_id, absl::string_view deadline);
// FAILED_PRECONDITION: it cannot be told which of these limits is meant.
absl::Status SeveralLimits(absl::string_view limits);
// FAILED_PRECONDITION: the statement names no log of the duty-holder.
absl::Status NothingSeen(absl::string_view position);
// INVALID_ARGUMENT: a source holds another log than the one with which it is compared.
absl::Status OtherLog(absl::string_view name, absl::string_view origin, absl::string_view wanted);
// INVALID_ARGUMENT: what stands in a folder in the place of an export's checkpoint is none.
absl::Status NotAnExport(absl::string_view folder, absl::string_view why);
// FAILED_PRECONDITION: the folder of an export is of another log; is of more entries than there
// are.
absl::Status OtherExport(absl::string_view folder, absl::string_view held,
                         absl::string_view wanted);
absl::Status ExportIsAhead(absl::string_view folder, absl::string_view origin, std::uint64_t held,
                           std::uint64_t here);
// DATA_LOSS: the log is not the one that was exported.
absl::Status ExportContradicted(absl::string_view folder, absl::string_view origin,
                                std::uint64_t held);
// FAILED_PRECONDITION: nothing of the log has come yet.
absl::Status NothingHere(absl::string_view log);
// FAILED_PRECONDITION: a peer whose address the node does not know.
absl::Status NotDialled(absl::string_view peer);
// DATA_LOSS: the log does not extend a tree that was verified on this machine before.
absl::Status NotWhatWasVerified(absl::string_view name, base::TreeSize size);
// DATA_LOSS: the tree of a source does not lead to its checkpoint.
absl::Status NotWhatIsSigned(absl::string_view name);
// UNIMPLEMENTED: an entry that this program does not understand.
absl::Status NotUnderstood(absl::string_view position);
// UNAVAILABLE: a log grew while it was read.
absl::Status LogGrows(absl::string_view log);

// FAILED_PRECONDITION: the node is not the one for this register.
absl::Status WrongRole(absl::string_view file, absl::string_view register_kind,
                       absl::string_view wanted, absl::string_view node, absl::string_view role);

}  // namespace selaras::cli
