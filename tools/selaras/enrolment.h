#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/config/v1/directory.pb.h"

#include "services/runtime/identity.h"
#include "storage/crypto/random.h"
#include "storage/log/note.h"

// How an office becomes a node (selaras/config/v1/directory.proto): it asks, the keeper of the
// directory admits it, it joins. Three files go between two people, who compare two fingerprints by
// another way. Texts only: nothing here touches a file.
namespace selaras::cli {

// What is issued is valid from so much earlier: clocks of two offices differ a little.
inline constexpr absl::Duration kClocksDiffer = absl::Hours(1);

// What an office wants.
struct NodeWish {
  std::string node;
  std::string service;  // intake, referral, sanction
  std::vector<std::string> authorities;
  std::string address;                     // host:port for others; empty: it dials
  std::vector<std::string> names;          // further hosts, for its own clients
  std::vector<runtime::Identity> clients;  // for whom certificates are asked, besides the node
  std::optional<log::NoteSigner> log_key;  // one that is there; nothing: one is made
};

// A private key of TLS, and the name of its files: `node`, `entry`, `backoffice-ppk-13.04`.
struct NamedTlsKey {
  std::string name;
  std::string pem;
};
// The name of the files of such a certificate. The first authority of the node needs no mention.
std::string FilesOf(const runtime::Identity& identity, const std::string& first_authority);

// What is made for it.
struct NewNode {
  std::string log_key;      // private, as in a file; empty: it was there
  std::string witness_key;  // likewise
  std::vector<NamedTlsKey> tls_keys;
  std::string request;  // a signed note
};
// INVALID_ARGUMENT names what no node can be.
absl::StatusOr<NewNode> MakeNode(const NodeWish& wish, crypto::RandomSource& random);

// A request. INVALID_ARGUMENT if it is none or asks for what no node can be; DATA_LOSS if the key
// of its log did not sign it. Whoever made it has that key and those of its certificates; who that
// is, is for people to ask.
absl::StatusOr<config::v1::EnrolmentRequest> OpenRequest(absl::string_view note);

// The days for which a node is admitted.
struct Days {
  std::string from;
  std::string until;
};

// The directory with the node in it, one version on; a node that was listed keeps its first day.
// FAILED_PRECONDITION if it is listed with another log key and `replace` is false; INVALID_ARGUMENT
// if it takes an authority, key, address or name of a host of another node.
absl::StatusOr<config::v1::NodeDirectory> Admit(const config::v1::NodeDirectory& directory,
                                                const config::v1::EnrolmentRequest& request,
                                                const Days& days, const std::string& today,
                                                bool replace);
// With the day before as its last one: what it wrote stays its own, so its name, authorities and
// keys do, too. With `forget` without it, for one that never wrote anything. NOT_FOUND if it is not
// listed.
absl::StatusOr<config::v1::NodeDirectory> Remove(const config::v1::NodeDirectory& directory,
                                                 const std::string& node, absl::Time now,
                                                 bool forget);

// An authority that signs certificates, PEM. Without a key: others sign them.
struct Signing {
  std::string certificates;
  std::string key;
};
// The invite of a node that `directory`, a note of that keeper, lists. Certificates are valid from
// `now` (and an hour before, for clocks) to the last day that is listed.
absl::StatusOr<std::string> MakeInvite(const config::v1::EnrolmentRequest& request,
                                       const std::string& directory, const log::NoteSigner& keeper,
                                       const Signing& signing, absl::Time now);

// An invite and what proves it.
struct OpenedInvite {
  config::v1::Invite invite;
  config::v1::NodeDirectory directory;
  config::v1::ListedNode listed;  // the node that is invited
};
// INVALID_ARGUMENT if it is none, DATA_LOSS if the key that it names did not sign it and the
// directory. Whether that key is the keeper's is for people to ask: FingerprintOfText(its text).
absl::StatusOr<OpenedInvite> OpenInvite(absl::string_view note);

// The configuration of a node that joins, as a person reads and goes on writing it.
struct JoinedNode {
  const OpenedInvite* invite;
  std::string listen;
  std::string store;
  std::string reference;
  std::vector<std::string> peers;  // those to link with; empty: all that exchange cases with it
  std::string log_key;             // as the configuration names it
};
absl::StatusOr<std::string> NodeConfigText(const JoinedNode& node);
// The same of one of its clients.
std::string ClientConfigText(const std::string& address, const std::string& files);

}  // namespace selaras::cli
