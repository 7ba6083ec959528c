#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/reference/local_date.h"
#include "services/runtime/address.h"
#include "services/runtime/config.h"
#include "services/runtime/errors.h"
#include "services/runtime/identity.h"
#include "services/runtime/text.h"
#include "storage/base/status.h"
#include "storage/log/cosignature.h"
#include "storage/log/limits.h"
#include "storage/log/names.h"
#include "storage/log/note.h"

namespace selaras::runtime {
namespace {

using config::v1::NodeConfig;
using config::v1::Peer;

constexpr std::size_t kNodeNameBytesMax = 48;

struct Range {
  std::uint32_t least;
  std::uint32_t most;
};
constexpr Range kQueueRequests{1, 65'536};
constexpr Range kMessageBytes{1u << 20, 64u << 20};
constexpr Range kDrainMs{1, 600'000};
constexpr Range kQuestionsPerMinute{1, 6'000};
constexpr Range kWrongCodes{1, 100'000};
constexpr Range kScrubBytesPerSecond{64u << 10, 1u << 30};
constexpr Range kScrubEverySeconds{1, 365 * 86'400};
constexpr Range kClientCalls{1, 65'536};
constexpr Range kClientStreams{1, 65'536};
constexpr Range kClientRequestsPerSecond{1, 1'000'000};
constexpr Range kReloadSeconds{1, 86'400};
constexpr Range kAttachmentBytes{64u << 10, 1u << 30};
constexpr Range kKeepHours{1, 8'760};

absl::Status CheckNode(absl::string_view field, absl::string_view name) {
  if (IsNodeName(name)) return absl::OkStatus();
  return BadSetting(field, absl::StrCat(Quoted(name), " is no name of a node"),
                    "use 1 to 48 of a-z, 0-9, - and ., beginning with a letter or digit, e.g. "
                    "bawaslu-13");
}

// Who serves which authority, and under which field it says so.
class Served {
 public:
  explicit Served(const reference::Catalogue& catalogue) : catalogue_(catalogue) {}

  absl::StatusOr<const reference::Authority*> Add(absl::string_view field,
                                                  const std::string& authority) {
    const reference::Authority* known = catalogue_.FindAuthority(authority);
    if (known == nullptr) {
      return BadSetting(field, absl::StrCat("the reference data know no ", Quoted(authority)),
                        "use an id of authorities.tsv, or add it there");
    }
    const auto [first, added] = fields_.emplace(authority, field);
    if (added) return known;
    return BadSetting(field, absl::StrCat(authority, " stands in ", first->second, " already"),
                      "name every authority once: one node acts for it");
  }

 private:
  const reference::Catalogue& catalogue_;
  std::map<std::string, std::string> fields_;
};

absl::Status CheckOwnAuthorities(const NodeConfig& config, reference::AuthorityRole role,
                                 Served* served) {
  if (config.authorities().empty()) {
    return BadSetting("authorities", "missing", "name the authorities that the node acts for");
  }
  for (int i = 0; i < config.authorities_size(); ++i) {
    const std::string field = absl::StrCat("authorities[", i, "]");
    ASSIGN_OR_RETURN(const reference::Authority* authority,
                     served->Add(field, config.authorities(i)));
    if (authority->role == role) continue;
    return BadSetting(
        field, absl::StrCat(authority->id, " has the role ", reference::NameOf(authority->role)),
        absl::StrCat("this program acts for authorities of the role ", reference::NameOf(role),
                     "; use the program of the other role"));
  }
  return absl::OkStatus();
}

absl::Status CheckVerifierKey(const std::string& field, const Peer& peer) {
  constexpr absl::string_view kCure =
      "copy it from the peer: selaras checkpoint show prints it there";
  const auto verifier = log::NoteVerifier::Parse(peer.verifier_key());
  if (!verifier.ok()) return BadSetting(field, OneLine(verifier.status().message()), kCure);
  const std::string origin = log::OriginOf(peer.node());
  if (log::LogOfOrigin(verifier->name()) == peer.node()) return absl::OkStatus();
  return BadSetting(
      field, absl::StrCat("is the key of ", Quoted(verifier->name()), ", not of ", origin), kCure);
}

// Whose cosignatures are taken: each key once, and never one that signs a log.
class Cosigners {
 public:
  absl::Status Add(const std::string& field, const std::string& key) {
    constexpr absl::string_view kCure =
        "copy the verifier key that selaras key generate --witness printed there";
    const auto verifier = log::CosignatureVerifier::Parse(key);
    if (!verifier.ok()) return BadSetting(field, OneLine(verifier.status().message()), kCure);
    const auto [first, added] = fields_.emplace(verifier->key().bytes(), field);
    if (!added) {
      return BadSetting(field, absl::StrCat("is the key of ", first->second),
                        "give every witness a key of its own");
    }
    if (fields_.size() <= log::kCosignersMax) return absl::OkStatus();
    return BadSetting(field, absl::StrCat("more than ", log::kCosignersMax, " witnesses"),
                      "take the cosignatures of fewer peers: readers of notes take 100 signatures");
  }

 private:
  std::map<std::string, std::string> fields_;
};

absl::Status CheckCosigners(const NodeConfig& config) {
  Cosigners cosigners;
  for (int i = 0; i < config.peers_size(); ++i) {
    const Peer& peer = config.peers(i);
    if (peer.witness_key().empty()) continue;
    const std::string field = absl::StrCat("peers[", i, "].witness_key");
    RETURN_IF_ERROR(cosigners.Add(field, peer.witness_key()));
    const auto witness = log::CosignatureVerifier::Parse(peer.witness_key());
    const auto verifier = log::NoteVerifier::Parse(peer.verifier_key());
    if (witness.ok() && verifier.ok() && witness->key().bytes() == verifier->key().bytes()) {
      return BadSetting(field, "is the key that signs the peer's log",
                        "a witness has a key of its own");
    }
  }
  std::map<std::string, int> seen;
  for (int i = 0; i < config.witnesses_size(); ++i) {
    const config::v1::Witness& witness = config.witnesses(i);
    const std::string field = absl::StrCat("witnesses[", i, "]");
    RETURN_IF_ERROR(cosigners.Add(absl::StrCat(field, ".verifier_key"), witness.verifier_key()));
    if (!MakeIdentity("witness", witness.authority()).ok()) {
      return BadSetting(absl::StrCat(field, ".authority"),
                        absl::StrCat(Quoted(witness.authority()), " cannot stand in a certificate"),
                        "write what stands in the witness's certificate, e.g. ombudsman");
    }
    if (const auto [first, added] = seen.emplace(witness.authority(), i); !added) {
      return BadSetting(absl::StrCat(field, ".authority"),
                        absl::StrCat(Quoted(witness.authority()), " stands in witnesses[",
                                     first->second, "] already"),
                        "name every witness once");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDial(const std::string& field, const std::string& dial) {
  if (dial.empty()) return absl::OkStatus();
  constexpr absl::string_view kCure = "write host:port, or leave it out if the peer dials";
  const auto address = ParseAddress(dial);
  if (!address.ok()) {
    return BadSetting(field, absl::StrCat(Quoted(dial), " ", address.status().message()), kCure);
  }
  if (address->port != 0) return absl::OkStatus();
  return BadSetting(field, "nobody listens on port 0", kCure);
}

absl::Status CheckPeers(const NodeConfig& config, Served* served) {
  if (config.peers_size() > kPeersMax) {
    return BadSetting("peers", absl::StrCat("more than ", kPeersMax), "name fewer");
  }
  std::map<std::string, int> seen;
  for (int i = 0; i < config.peers_size(); ++i) {
    const Peer& peer = config.peers(i);
    const std::string field = absl::StrCat("peers[", i, "]");
    const std::string node = absl::StrCat(field, ".node");
    RETURN_IF_ERROR(CheckNode(node, peer.node()));
    if (peer.node() == config.node()) {
      return BadSetting(node, absl::StrCat(peer.node(), " is this node"), "name the others only");
    }
    if (const auto [first, added] = seen.emplace(peer.node(), i); !added) {
      return BadSetting(node,
                        absl::StrCat(peer.node(), " stands in peers[", first->second, "] already"),
                        "name every peer once");
    }
    if (peer.authorities().empty()) {
      return BadSetting(absl::StrCat(field, ".authorities"), "missing",
                        "name the authorities that the peer acts for");
    }
    for (int j = 0; j < peer.authorities_size(); ++j) {
      RETURN_IF_ERROR(
          served->Add(absl::StrCat(field, ".authorities[", j, "]"), peer.authorities(j)).status());
    }
    RETURN_IF_ERROR(CheckVerifierKey(absl::StrCat(field, ".verifier_key"), peer));
    RETURN_IF_ERROR(CheckDial(absl::StrCat(field, ".dial"), peer.dial()));
  }
  return absl::OkStatus();
}

absl::Status CheckMetrics(const std::string& metrics) {
  if (metrics.empty()) return absl::OkStatus();
  const auto address = ParseAddress(metrics);
  if (address.ok()) return absl::OkStatus();
  return BadSetting("metrics", absl::StrCat(Quoted(metrics), " ", address.status().message()),
                    "write e.g. 127.0.0.1:9413, or leave it out");
}

// Whoever gets the store or a backup must not get the keys with it.
absl::Status CheckWrappingKeys(const NodeConfig& config) {
  for (const auto& [field, folder] :
       {std::pair("store", &config.store()), std::pair("backups", &config.backups())}) {
    if (folder->empty() ||
        !absl::StartsWith(absl::StrCat(config.wrapping_keys(), "/"), absl::StrCat(*folder, "/"))) {
      continue;
    }
    return BadSetting("wrapping_keys",
                      absl::StrCat(Quoted(config.wrapping_keys()), " lies in ", field),
                      "name a folder that is not copied with it");
  }
  return absl::OkStatus();
}

absl::Status CheckRange(absl::string_view field, std::uint64_t value, Range range) {
  if (value == 0 || (value >= range.least && value <= range.most)) return absl::OkStatus();
  return BadSetting(
      field, absl::StrCat(value, " is out of range"),
      absl::StrCat("use ", range.least, " to ", range.most, ", or leave it out for the default"));
}

absl::Status CheckClientLimits(const config::v1::Limits& limits) {
  RETURN_IF_ERROR(CheckRange("limits.client_calls", limits.client_calls(), kClientCalls));
  RETURN_IF_ERROR(CheckRange("limits.client_streams", limits.client_streams(), kClientStreams));
  return CheckRange("limits.client_requests_per_second", limits.client_requests_per_second(),
                    kClientRequestsPerSecond);
}

absl::Status CheckAttachments(const config::v1::Attachments& attachments) {
  RETURN_IF_ERROR(CheckRange("attachments.bytes_max", attachments.bytes_max(), kAttachmentBytes));
  RETURN_IF_ERROR(CheckRange("attachments.keep_hours", attachments.keep_hours(), kKeepHours));
  const std::uint64_t waiting = attachments.waiting_bytes_max();
  if (waiting == 0 || waiting >= attachments.bytes_max()) return absl::OkStatus();
  return BadSetting("attachments.waiting_bytes_max",
                    absl::StrCat(waiting, " is less than one document may have"),
                    "use at least attachments.bytes_max, or leave it out for the default");
}

constexpr int kMandatesMax = 1'024;
constexpr std::size_t kReferenceBytesMax = 64;

bool IsReference(absl::string_view text) {
  return !text.empty() && text.size() <= kReferenceBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '/' ||
                  c == '_' || c == '-';
         });
}

absl::Status CheckMandate(const std::string& field, const config::v1::Mandate& mandate,
                          const NodeConfig& config, const reference::Catalogue& catalogue) {
  const auto own = [&](absl::string_view authority) {
    return std::find(config.authorities().begin(), config.authorities().end(), authority) !=
           config.authorities().end();
  };
  if (!MakeIdentity("backoffice", mandate.to()).ok()) {
    return BadSetting(absl::StrCat(field, ".to"),
                      absl::StrCat(Quoted(mandate.to()), " cannot stand in a certificate"),
                      "write what stands in the certificate of who acts, e.g. inspektorat/13.04");
  }
  if (own(mandate.to())) {
    return BadSetting(absl::StrCat(field, ".to"),
                      absl::StrCat("this node acts for ", mandate.to(), " itself"),
                      "use a certificate of the role entry, which acts for all of them");
  }
  if (!own(mandate.on_behalf_of())) {
    return BadSetting(absl::StrCat(field, ".on_behalf_of"),
                      absl::StrCat("this node does not act for ", Quoted(mandate.on_behalf_of())),
                      "name one of its authorities");
  }
  if (catalogue.FindCode("delegation", mandate.type()) == nullptr) {
    return BadSetting(absl::StrCat(field, ".type"),
                      absl::StrCat("the reference data know no ", Quoted(mandate.type())),
                      "write mandat or delegasi: selaras reference show codes lists them");
  }
  if (!IsReference(mandate.reference())) {
    return BadSetting(
        absl::StrCat(field, ".reference"),
        absl::StrCat(Quoted(mandate.reference()), " is not 1 to 64 of A-Z a-z 0-9 . / _ -"),
        "write the number of the letter that gives it");
  }
  const auto from = reference::LocalDate::ParseIso(mandate.valid_from());
  const auto until = reference::LocalDate::ParseIso(mandate.valid_until());
  constexpr absl::string_view kDay = "write e.g. 2026-12-31";
  if (!from) return BadSetting(absl::StrCat(field, ".valid_from"), "is no day", kDay);
  if (!until) return BadSetting(absl::StrCat(field, ".valid_until"), "is no day", kDay);
  if (*until < *from) {
    return BadSetting(absl::StrCat(field, ".valid_until"), "lies before valid_from", kDay);
  }
  return absl::OkStatus();
}

absl::Status CheckMandates(const NodeConfig& config, const reference::Catalogue& catalogue) {
  if (config.mandates_size() > kMandatesMax) {
    return BadSetting("mandates", absl::StrCat("more than ", kMandatesMax), "name fewer");
  }
  for (int i = 0; i < config.mandates_size(); ++i) {
    RETURN_IF_ERROR(
        CheckMandate(absl::StrCat("mandates[", i, "]"), config.mandates(i), config, catalogue));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsNodeName(absl::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= kNodeNameBytesMax && name[0] != '-' && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), allowed);
}

absl::Status CheckConfig(const NodeConfig& config, reference::AuthorityRole role,
                         const reference::Catalogue& catalogue) {
  RETURN_IF_ERROR(CheckNode("node", config.node()));
  if (const auto listen = ParseAddress(config.listen()); !listen.ok()) {
    return BadSetting("listen",
                      absl::StrCat(Quoted(config.listen()), " ", listen.status().message()),
                      "write e.g. 127.0.0.1:7413; port 0 picks a free one");
  }
  Served served(catalogue);
  RETURN_IF_ERROR(CheckOwnAuthorities(config, role, &served));
  RETURN_IF_ERROR(CheckPeers(config, &served));
  RETURN_IF_ERROR(CheckCosigners(config));
  RETURN_IF_ERROR(CheckMandates(config, catalogue));
  RETURN_IF_ERROR(CheckMetrics(config.metrics()));
  RETURN_IF_ERROR(CheckWrappingKeys(config));
  RETURN_IF_ERROR(CheckRange("tls.reload_seconds", config.tls().reload_seconds(), kReloadSeconds));
  const config::v1::Scrub& scrub = config.scrub();
  RETURN_IF_ERROR(
      CheckRange("scrub.bytes_per_second", scrub.bytes_per_second(), kScrubBytesPerSecond));
  RETURN_IF_ERROR(CheckRange("scrub.every_seconds", scrub.every_seconds(), kScrubEverySeconds));
  const config::v1::Limits& limits = config.limits();
  RETURN_IF_ERROR(CheckRange("limits.queue_requests", limits.queue_requests(), kQueueRequests));
  RETURN_IF_ERROR(CheckRange("limits.message_bytes", limits.message_bytes(), kMessageBytes));
  RETURN_IF_ERROR(CheckRange("limits.questions_per_minute", limits.questions_per_minute(),
                             kQuestionsPerMinute));
  RETURN_IF_ERROR(CheckRange("limits.drain_ms", limits.drain_ms(), kDrainMs));
  RETURN_IF_ERROR(CheckClientLimits(limits));
  RETURN_IF_ERROR(CheckAttachments(config.attachments()));
  RETURN_IF_ERROR(CheckRange("limits.wrong_codes", limits.wrong_codes(), kWrongCodes));
  return CheckRange("limits.wrong_codes_per_hour", limits.wrong_codes_per_hour(), kWrongCodes);
}

NodeAuthorities AuthoritiesOf(const NodeConfig& config) {
  NodeAuthorities authorities;
  authorities.node = config.node();
  authorities.own.insert(config.authorities().begin(), config.authorities().end());
  for (const Peer& peer : config.peers()) {
    for (const std::string& authority : peer.authorities()) {
      authorities.peers.emplace(authority, peer.node());
    }
  }
  for (const config::v1::Witness& witness : config.witnesses()) {
    authorities.witnesses.insert(witness.authority());
  }
  // Days that are none were refused by CheckConfig.
  const auto day = [](absl::string_view text) {
    return reference::LocalDate::ParseIso(text).value_or(reference::LocalDate());
  };
  for (const config::v1::Mandate& mandate : config.mandates()) {
    authorities.mandates.push_back({mandate.to(), mandate.on_behalf_of(), mandate.type(),
                                    mandate.reference(), day(mandate.valid_from()),
                                    day(mandate.valid_until())});
  }
  return authorities;
}

}  // namespace selaras::runtime
