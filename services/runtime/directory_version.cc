#include "services/runtime/directory_version.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/reference/local_date.h"
#include "services/runtime/address.h"
#include "services/runtime/config.h"
#include "services/runtime/days.h"
#include "services/runtime/errors.h"
#include "services/runtime/identity.h"
#include "services/runtime/signed_text.h"
#include "services/runtime/text.h"
#include "storage/base/status.h"
#include "storage/log/cosignature.h"
#include "storage/log/limits.h"
#include "storage/log/names.h"

namespace selaras::runtime {
namespace {

using config::v1::ListedNode;
using config::v1::NodeConfig;
using config::v1::Peer;
using reference::LocalDate;

constexpr std::array<absl::string_view, 3> kServices = {"intake", "referral", "sanction"};
constexpr absl::string_view kListed = "listed";  // Peer.dial
constexpr absl::string_view kKey = "key";

absl::Status CheckKeys(const ListedNode& node) {
  const auto log_key = log::NoteVerifier::Parse(node.log_key());
  if (!log_key.ok()) return BadListing("log_key", OneLine(log_key.status().message()));
  if (log::LogOfOrigin(log_key->name()) != node.node()) {
    return BadListing("log_key", absl::StrCat("is the key of ", Quoted(log_key->name())));
  }
  if (node.witness_key().empty()) return absl::OkStatus();
  const auto witness = log::CosignatureVerifier::Parse(node.witness_key());
  if (!witness.ok()) return BadListing("witness_key", OneLine(witness.status().message()));
  if (witness->key().bytes() == log_key->key().bytes()) {
    return BadListing("witness_key", "is the key that signs the log");
  }
  if (witness->name() != log::WitnessKeyNameOf(node.node())) {
    return BadListing("witness_key", absl::StrCat("is the key of ", Quoted(witness->name())));
  }
  return absl::OkStatus();
}

absl::Status CheckDays(const ListedNode& node) {
  const auto from = LocalDate::ParseIso(node.valid_from());
  const auto until = LocalDate::ParseIso(node.valid_until());
  if (!from) return BadListing("valid_from", absl::StrCat(Quoted(node.valid_from()), " is no day"));
  if (!until) {
    return BadListing("valid_until", absl::StrCat(Quoted(node.valid_until()), " is no day"));
  }
  if (*until < *from) return BadListing("valid_until", "lies before valid_from");
  return absl::OkStatus();
}

// What may stand once in a directory.
class Once {
 public:
  absl::Status Add(absl::string_view field, const std::string& value) {
    if (value.empty() || seen_.insert(absl::StrCat(field, "\n", value)).second) {
      return absl::OkStatus();
    }
    return BadListing(field, field == kKey ? "one stands there twice"
                                           : absl::StrCat(Quoted(value), " stands there twice"));
  }

 private:
  std::set<std::string> seen_;
};

bool Has(const google::protobuf::RepeatedPtrField<std::string>& all, absl::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::optional<std::string> NotListedAuthority(
    const google::protobuf::RepeatedPtrField<std::string>& configured, const ListedNode& listed) {
  for (const std::string& authority : configured) {
    if (!Has(listed.authorities(), authority)) return authority;
  }
  return std::nullopt;
}

// Which authority is whose by the configuration, which the directory does not overrule.
class Claims {
 public:
  Claims(const NodeConfig& config, const reference::Catalogue* catalogue) : catalogue_(catalogue) {
    for (const std::string& authority : config.authorities()) taken_.insert(authority);
    for (const Peer& peer : config.peers()) {
      for (const std::string& authority : peer.authorities()) taken_.insert(authority);
    }
  }

  // Takes all of them, or says why it cannot.
  std::string Take(const google::protobuf::RepeatedPtrField<std::string>& authorities) {
    for (const std::string& authority : authorities) {
      if (catalogue_ != nullptr && catalogue_->FindAuthority(authority) == nullptr) {
        return absl::StrCat("the reference data here know no ", authority);
      }
      if (taken_.contains(authority)) {
        return absl::StrCat("the configuration gives ", authority, " to another node");
      }
    }
    taken_.insert(authorities.begin(), authorities.end());
    return "";
  }

 private:
  const reference::Catalogue* const catalogue_;
  std::set<std::string> taken_;
};

// Who the peer acts for. Says why if there can be no such peer.
std::string FillIn(const ListedNode* listed, Claims& claims, Peer* peer) {
  if (listed == nullptr) {
    return peer->authorities().empty() || peer->verifier_key().empty()
               ? "the directory does not list it, and the configuration leaves it to the directory"
               : "";
  }
  if (!peer->authorities().empty()) return "";
  *peer->mutable_authorities() = listed->authorities();
  return claims.Take(listed->authorities());
}

// Whose cosignatures are taken is bounded, and each key counts once: those that the configuration
// names come first.
void FillInWitnesses(const DirectoryVersion& directory, NodeConfig* config) {
  std::set<std::string> keys;
  std::set<std::string> keys_of_logs;
  const auto take = [&](absl::string_view text) {
    const auto key = log::CosignatureVerifier::Parse(text);
    return key.ok() && !keys_of_logs.contains(key->key().bytes()) &&
           keys.insert(key->key().bytes()).second;
  };
  for (const auto& witness : config->witnesses()) take(witness.verifier_key());
  for (const Peer& peer : config->peers()) {
    take(peer.witness_key());
    const auto log_key = log::NoteVerifier::Parse(peer.verifier_key());
    if (log_key.ok()) keys_of_logs.insert(log_key->key().bytes());
  }
  for (Peer& peer : *config->mutable_peers()) {
    if (!peer.witness_key().empty()) continue;
    const ListedNode* const listed = directory.Find(peer.node());
    if (listed == nullptr || keys.size() >= log::kCosignersMax) continue;
    if (take(listed->witness_key())) peer.set_witness_key(listed->witness_key());
  }
}

}  // namespace

bool IsServiceName(absl::string_view service) {
  return std::find(kServices.begin(), kServices.end(), service) != kServices.end();
}

bool ExchangeCases(absl::string_view one, absl::string_view other) {
  return one != other || one == kServices[0];
}

absl::Status CheckListedNode(const ListedNode& node) {
  if (!IsNodeName(node.node())) {
    return BadListing("node", absl::StrCat(Quoted(node.node()), " is no name of a node"));
  }
  const auto check = [&]() -> absl::Status {
    if (!IsServiceName(node.service())) {
      return BadListing("service", absl::StrCat(Quoted(node.service()),
                                                " is none of intake, referral and sanction"));
    }
    if (node.authorities().empty()) return BadListing("authorities", "missing");
    for (const std::string& authority : node.authorities()) {
      if (!MakeIdentity("node", authority).ok()) {
        return BadListing("authorities",
                          absl::StrCat(Quoted(authority), " cannot stand in a certificate"));
      }
    }
    if (!node.address().empty()) {
      const auto address = ParseAddress(node.address());
      if (!address.ok() || address->port == 0) {
        return BadListing("address", absl::StrCat(Quoted(node.address()),
                                                  " is not host:port with a port from 1 to 65535"));
      }
    }
    RETURN_IF_ERROR(CheckKeys(node));
    return CheckDays(node);
  };
  return base::Annotate(check(), node.node());
}

absl::Status CheckDirectory(const config::v1::NodeDirectory& list) {
  if (list.serial() == 0) return BadListing("serial", "missing");
  if (!LocalDate::ParseIso(list.issued())) {
    return BadListing("issued", absl::StrCat(Quoted(list.issued()), " is no day"));
  }
  Once once;
  for (const ListedNode& node : list.nodes()) {
    RETURN_IF_ERROR(CheckListedNode(node));
    RETURN_IF_ERROR(once.Add("node", node.node()));
    for (const std::string& authority : node.authorities()) {
      RETURN_IF_ERROR(once.Add("authorities", authority));
    }
    RETURN_IF_ERROR(once.Add(kKey, log::NoteVerifier::Parse(node.log_key())->key().bytes()));
    if (!node.witness_key().empty()) {
      RETURN_IF_ERROR(
          once.Add(kKey, log::CosignatureVerifier::Parse(node.witness_key())->key().bytes()));
    }
    RETURN_IF_ERROR(once.Add("address", node.address()));
  }
  return absl::OkStatus();
}

absl::StatusOr<DirectoryVersion> DirectoryVersion::Open(absl::string_view note,
                                                        const log::NoteVerifier& keeper) {
  if (note.size() > kDirectoryBytesMax) {
    return NotSignedText(absl::StrCat("it is larger than ", kDirectoryBytesMax, " bytes"));
  }
  config::v1::NodeDirectory list;
  RETURN_IF_ERROR(OpenText(note, keeper, &list));
  RETURN_IF_ERROR(CheckDirectory(list));
  ASSIGN_OR_RETURN(std::string signed_alone, OnlySignedBy(note, keeper));
  return DirectoryVersion(std::move(signed_alone), keeper.name(), std::move(list));
}

const ListedNode* DirectoryVersion::Find(absl::string_view node) const {
  const auto found = std::find_if(list_.nodes().begin(), list_.nodes().end(),
                                  [&](const ListedNode& each) { return each.node() == node; });
  return found == list_.nodes().end() ? nullptr : &*found;
}

bool IsListedAt(const ListedNode& node, absl::Time now) {
  const LocalDate today = UtcDay(now);
  return LocalDate::ParseIso(node.valid_from()) <= today &&
         today <= LocalDate::ParseIso(node.valid_until());
}

absl::Time EndOfListing(const ListedNode& node) {
  const auto last = LocalDate::ParseIso(node.valid_until());
  return last ? EndOfUtcDay(*last) : absl::InfinitePast();
}

absl::Status CheckPeerListed(const DirectoryVersion& directory, const Peer& peer, absl::Time now,
                             const std::function<bool(const log::NoteVerifier&)>& same_log) {
  const ListedNode* const listed = directory.Find(peer.node());
  if (listed == nullptr) return NodeNotListed(peer.node(), directory.serial(), "does not list it");
  if (!IsListedAt(*listed, now)) {
    return NodeNotListed(
        peer.node(), directory.serial(),
        absl::StrCat("lists it from ", listed->valid_from(), " until ", listed->valid_until()));
  }
  if (const auto authority = NotListedAuthority(peer.authorities(), *listed)) {
    return NodeNotListed(peer.node(), directory.serial(),
                         absl::StrCat("lists it without ", *authority));
  }
  if (listed->log_key() != peer.verifier_key()) {
    const auto key = log::NoteVerifier::Parse(listed->log_key());
    if (!key.ok() || !same_log(*key)) {
      return NodeNotListed(peer.node(), directory.serial(),
                           "lists it with another log_key than the one it is known by here");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOwnListing(const DirectoryVersion& directory, absl::string_view service,
                             const NodeConfig& config) {
  constexpr absl::string_view kCure =
      "ask its keeper to list what is meant, or correct the setting";
  const ListedNode* const listed = directory.Find(config.node());
  if (listed == nullptr) return absl::OkStatus();
  if (listed->service() != service) {
    return BadSetting("directory",
                      absl::StrCat("lists ", config.node(), " as a node for ", listed->service(),
                                   ", and this is ", service),
                      kCure);
  }
  if (const auto authority = NotListedAuthority(config.authorities(), *listed)) {
    return BadSetting("authorities",
                      absl::StrCat("the directory lists ", config.node(), " without ", *authority),
                      kCure);
  }
  return absl::OkStatus();
}

Applied ApplyDirectory(const DirectoryVersion& directory, absl::string_view service,
                       const reference::Catalogue* catalogue, NodeConfig* config) {
  Applied applied;
  Claims claims(*config, catalogue);
  google::protobuf::RepeatedPtrField<Peer> peers;
  std::set<std::string> named = {config->node()};
  for (Peer peer : config->peers()) {
    named.insert(peer.node());
    const ListedNode* const listed = directory.Find(peer.node());
    if (const std::string why = FillIn(listed, claims, &peer); !why.empty()) {
      applied.left_out.push_back({peer.node(), why});
      continue;
    }
    if (listed != nullptr && peer.verifier_key().empty()) {
      peer.set_verifier_key(listed->log_key());
      applied.keyed.insert(peer.node());
    }
    // Without an address the peer dials, when it is listed again.
    if (peer.dial() == kListed) peer.set_dial(listed == nullptr ? "" : listed->address());
    *peers.Add() = std::move(peer);
  }
  const bool link_listed = config->directory().link_listed() && !service.empty();
  for (const ListedNode& listed : directory.list().nodes()) {
    if (!link_listed || named.contains(listed.node()) ||
        !ExchangeCases(service, listed.service())) {
      continue;
    }
    if (peers.size() >= kPeersMax) {
      applied.left_out.push_back({listed.node(), absl::StrCat("more than ", kPeersMax, " peers")});
      continue;
    }
    Peer peer;
    peer.set_node(listed.node());
    if (const std::string why = FillIn(&listed, claims, &peer); !why.empty()) {
      applied.left_out.push_back({peer.node(), why});
      continue;
    }
    peer.set_verifier_key(listed.log_key());
    applied.keyed.insert(peer.node());
    *peers.Add() = std::move(peer);
  }
  *config->mutable_peers() = std::move(peers);
  FillInWitnesses(directory, config);
  return applied;
}

}  // namespace selaras::runtime
