#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>

#include "selaras/command/v1/command.pb.h"

#include "services/domain/deadline.h"
#include "services/node/decider.h"
#include "services/node/keys.h"
#include "services/node/open_case_check.h"
#include "services/node/opener.h"
#include "services/node/transaction.h"
#include "services/reference/catalogue.h"
#include "storage/log/note.h"
#include "storage/log/store.h"
#include "storage/merkle/prove.h"

namespace selaras::node {

// A command or a batch of them, as it came in.
struct Request {
  command::v1::CommandHeader header;
  // An ExecuteBatchRequest of the role's service without header; a single command is a batch of
  // one. Or a command that stands alone: a watcher's, or CheckOpenCases. Or an
  // event.v1.PersonalDataRead: something to be recorded, of which there is nothing to decide. It
  // has no request id, and its outcome says that it is durable and nothing else.
  std::shared_ptr<const google::protobuf::Message> body;
  // Whether it came as a single command: refusals then name its fields as the caller sent them, and
  // the answer carries receipts.
  bool single = false;
  // Before the request id, for what the node sends itself on behalf of somebody whose ids are a
  // space of their own. Begins with a line feed: no id of a caller does.
  std::string id_space = {};
  // Of a single command: the field in which the caller sent it. Empty: its fields stand in the
  // caller's request itself.
  std::string field = "command";
  // Who acts on behalf of header.authority, and by what right. Unset: its own people do.
  std::optional<event::v1::Delegation> delegation = {};
};

using Outcome = absl::StatusOr<command::v1::CommandOutcome>;

// Decides requests in order and commits what they lead to: the write path of a node without its
// thread. Given the same store, requests, times and random bytes it writes the same entries.
//
// One caller at a time: the sequencer.
class Engine {
 public:
  struct Options {
    std::set<std::string> authorities;
    std::shared_ptr<const reference::Catalogue> catalogue;
    // How often an authority may ask about persons.
    int questions_per_minute = 60;
  };

  // Makes the node's keys if the store is new, and keeps the catalogue in it for ever. Everything
  // handed in must outlive the engine.
  static absl::StatusOr<std::unique_ptr<Engine>> Make(log::Store& store, const Decider& decider,
                                                      const Opener& opener,
                                                      const SubjectKeys& subject_keys,
                                                      crypto::RandomSource& random,
                                                      Options options);

  // Decides `requests` and commits everything that they write as one unit (as several if there
  // are very many). An outcome that is given is durable, also a refusal that rests on an earlier
  // request of the same call. `now` is the wall clock; entries are never dated before their
  // predecessors. A watcher's requests are judged by the wall clock itself, whatever was written
  // while it was ahead.
  std::vector<Outcome> Execute(std::span<const Request* const> requests, absl::Time now);

  // Replaces the key that signs the logs: states it in the shared log, then has both keys sign what
  // is there. Once it is begun it can be begun again with the same key, whatever happened
  // meanwhile; nothing happens if the key signs already. `authority` is one of the node. Errors are
  // those of Store::ReplaceKey.
  absl::Status ReplaceLogKey(const log::NoteSigner& next, const std::string& authority,
                             absl::Time now);

  // Writes what a successor begins with, if it has no entry of its own yet: where, why and by which
  // statement the log before it was closed. Nothing happens to a log that succeeds none. Errors are
  // those of Store::Append.
  absl::Status StateSuccession(const std::string& authority, absl::Time now);

  const NodeKeys& keys() const { return keys_; }
  const reference::Catalogue& catalogue() const { return *options_.catalogue; }
  // Time limits by that catalogue.
  const domain::DeadlineRules& deadlines() const { return deadlines_; }

 private:
  struct Batch;

  Engine(log::Store& store, const Decider& decider, const Opener& opener,
         const SubjectKeys& subject_keys, crypto::RandomSource& random, Options options,
         NodeKeys keys, absl::Time last_recorded);

  // How many commands a body holds: one if it is no batch of the role's service.
  int CommandCount(const google::protobuf::Message& body) const;
  Outcome Run(const Request& request, absl::Time now, std::size_t index, Batch& batch);
  Outcome RecordRead(const Request& request, std::size_t index, Batch& batch);
  absl::StatusOr<command::v1::CommandOutcome> Decide(const Request& request, absl::Time now,
                                                     Transaction& transaction);
  absl::StatusOr<domain::Decision> DecideOne(const Request& request, int index,
                                             const std::vector<command::v1::CommandStep>& earlier,
                                             absl::Time now, Transaction& transaction);
  absl::Status CheckRevisions(const command::v1::CommandHeader& header,
                              const Transaction& transaction) const;
  // Ends a batch whose last request stands before `end`.
  void Commit(Batch& batch, std::size_t end, std::vector<Outcome>& outcomes);
  void AddReceipts(const Batch& batch, const log::SignedCheckpoint& checkpoint,
                   std::vector<Outcome>& outcomes);

  log::Store& store_;
  const Decider& decider_;
  const Options options_;
  const domain::DeadlineRules deadlines_;
  const NodeKeys keys_;
  const Writer writer_;
  absl::Time last_recorded_;
  merkle::Prover prover_;  // of the shared log
  QuestionLimit questions_;
};

// The bytes by which a repeated request is compared: scheme 1. Known fields in number order without
// request id, trace, revisions and validate_only.
std::string CanonicalRequest(const Request& request);
inline constexpr std::uint32_t kDigestScheme = 1;

}  // namespace selaras::node
