#include "tools/selaras/enrolment.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "services/reference/local_date.h"
#include "services/runtime/address.h"
#include "services/runtime/config.h"
#include "services/runtime/days.h"
#include "services/runtime/directory_version.h"
#include "services/runtime/signed_text.h"
#include "storage/base/status.h"
#include "storage/crypto/ed25519.h"
#include "storage/crypto/issue.h"
#include "storage/log/cosignature.h"
#include "storage/log/names.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

using config::v1::CertificateRequest;
using config::v1::EnrolmentRequest;
using config::v1::ListedNode;
using config::v1::NodeDirectory;
using runtime::Identity;
using runtime::Role;

constexpr int kCertificatesMax = 64;
constexpr int kNamesMax = 32;

// Who may be enrolled with a node. Portals and witnesses are no part of an office's node.
bool MayBeAsked(Role role) {
  return role == Role::kNode || role == Role::kEntry || role == Role::kBackoffice ||
         role == Role::kOps || role == Role::kAuditor;
}

ListedNode Listing(const EnrolmentRequest& request, const Days& days) {
  ListedNode listed;
  listed.set_node(request.node());
  listed.set_service(request.service());
  *listed.mutable_authorities() = request.authorities();
  listed.set_address(request.address());
  listed.set_log_key(request.log_key());
  listed.set_witness_key(request.witness_key());
  listed.set_valid_from(days.from);
  listed.set_valid_until(days.until);
  return listed;
}

bool IsHost(absl::string_view name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
  });
}

// A host as a certificate says it: addresses of IP in one form.
std::string Normalized(std::string host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, host.c_str(), bytes.data()) == 1 &&
        ::inet_ntop(family, bytes.data(), text.data(), text.size()) != nullptr) {
      return text.data();
    }
  }
  while (absl::EndsWith(host, ".")) host.pop_back();
  return host;
}

// The host of host:port, without the brackets of an IPv6 address.
std::string HostOf(absl::string_view address) {
  const std::size_t colon = address.rfind(':');
  absl::string_view host = address.substr(0, colon);
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) {
    host = host.substr(1, host.size() - 2);
  }
  return Normalized(std::string(host));
}

bool IsAddressOfIp(absl::string_view host) {
  return absl::StrContains(host, ':') || std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= '0' && c <= '9') || c == '.';
         });
}

// On one machine there may be several nodes, in tests and trials.
bool IsLocal(absl::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

// Under which it asks to serve.
std::set<std::string> HostsOf(const EnrolmentRequest& request) {
  std::set<std::string> hosts;
  for (const std::string& name : request.names()) hosts.insert(Normalized(name));
  if (!request.address().empty()) hosts.insert(HostOf(request.address()));
  return hosts;
}

absl::Status CheckCertificates(const EnrolmentRequest& request) {
  if (request.certificates_size() > kCertificatesMax) {
    return BadRequest("certificates", absl::StrCat("more than ", kCertificatesMax));
  }
  int nodes = 0;
  for (int i = 0; i < request.certificates_size(); ++i) {
    const CertificateRequest& asked = request.certificates(i);
    const std::string field = absl::StrCat("certificates[", i, "]");
    const auto identity = runtime::MakeIdentity(asked.role(), asked.authority());
    if (!identity.ok() || !MayBeAsked(identity->role)) {
      return BadRequest(
          field, absl::StrCat("nobody is enrolled as ", asked.role(), " of ", asked.authority()));
    }
    const auto& own = request.authorities();
    if (std::find(own.begin(), own.end(), asked.authority()) == own.end()) {
      return BadRequest(field, absl::StrCat("the node does not act for ", asked.authority()));
    }
    if (const absl::Status pem = crypto::CheckCertificateRequest(asked.pem()); !pem.ok()) {
      return BadRequest(field, pem.message());
    }
    nodes += identity->role == Role::kNode ? 1 : 0;
  }
  if (nodes == 1) return absl::OkStatus();
  return BadRequest("certificates", "exactly one is of the role node");
}

absl::Status CheckRequest(const EnrolmentRequest& request) {
  // As it would be listed; the days are the keeper's.
  RETURN_IF_ERROR(runtime::CheckListedNode(Listing(request, {"2000-01-01", "2000-01-01"})));
  if (request.names_size() > kNamesMax) {
    return BadRequest("names", absl::StrCat("more than ", kNamesMax));
  }
  for (const std::string& name : request.names()) {
    if (!IsHost(name)) return BadRequest("names", absl::StrCat(name, " is no name of a host"));
  }
  if (!request.address().empty() && !IsHost(HostOf(request.address()))) {
    return BadRequest("address", absl::StrCat(request.address(), " is no name of a host"));
  }
  return CheckCertificates(request);
}

absl::StatusOr<NodeDirectory> NextVersion(NodeDirectory directory, const std::string& today) {
  directory.set_serial(directory.serial() + 1);
  directory.set_issued(today);
  std::sort(
      directory.mutable_nodes()->pointer_begin(), directory.mutable_nodes()->pointer_end(),
      [](const ListedNode* one, const ListedNode* other) { return one->node() < other->node(); });
  RETURN_IF_ERROR(runtime::CheckDirectory(directory));
  return directory;
}

crypto::CertificateTerms TermsOf(const EnrolmentRequest& request, const CertificateRequest& asked,
                                 absl::Time from, absl::Time until) {
  crypto::CertificateTerms terms;
  terms.common_name = absl::StrCat(request.node(), " ", asked.role());
  terms.uri = runtime::IdentityUri(asked.role(), asked.authority());
  terms.not_before = from;
  terms.not_after = until;
  terms.server = asked.role() == runtime::NameOf(Role::kNode);
  if (!terms.server) return terms;
  // Clients on the same machine reach every node so; a link checks whose certificate it is.
  terms.dns_names = {"localhost"};
  terms.addresses = {"127.0.0.1", "::1"};
  for (const std::string& host : HostsOf(request)) {
    if (!IsLocal(host)) (IsAddressOfIp(host) ? terms.addresses : terms.dns_names).push_back(host);
  }
  return terms;
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\"");
}

}  // namespace

std::string FilesOf(const Identity& identity, const std::string& first_authority) {
  std::string name(runtime::NameOf(identity.role));
  if (identity.role == Role::kNode || identity.authority == first_authority) return name;
  return absl::StrCat(name, "-", absl::StrReplaceAll(identity.authority, {{"/", "-"}}));
}

absl::StatusOr<NewNode> MakeNode(const NodeWish& wish, crypto::RandomSource& random) {
  if (!runtime::IsNodeName(wish.node)) {
    return BadRequest("node", absl::StrCat(wish.node, " is no name of a node"));
  }
  NewNode made;
  std::optional<log::NoteSigner> signer = wish.log_key;
  if (!signer) {
    ASSIGN_OR_RETURN(signer, log::NoteSigner::Make(log::OriginOf(wish.node),
                                                   crypto::SigningKey::Generate(random)));
    made.log_key = signer->PrivateText() + "\n";
  }
  ASSIGN_OR_RETURN(
      const log::Cosigner cosigner,
      log::Cosigner::Make(log::WitnessKeyNameOf(wish.node), crypto::SigningKey::Generate(random)));
  made.witness_key = cosigner.PrivateText() + "\n";

  EnrolmentRequest request;
  request.set_node(wish.node);
  request.set_service(wish.service);
  for (const std::string& authority : wish.authorities) request.add_authorities(authority);
  request.set_address(wish.address);
  for (const std::string& name : wish.names) request.add_names(name);
  request.set_log_key(signer->VerifierText());
  request.set_witness_key(cosigner.VerifierText());
  const std::string first = wish.authorities.empty() ? "" : wish.authorities.front();
  std::vector<Identity> asked = {{Role::kNode, first}};
  asked.insert(asked.end(), wish.clients.begin(), wish.clients.end());
  for (const Identity& identity : asked) {
    NamedTlsKey key{FilesOf(identity, first), crypto::MakeTlsKey()};
    CertificateRequest& certificate = *request.add_certificates();
    certificate.set_role(std::string(runtime::NameOf(identity.role)));
    certificate.set_authority(identity.authority);
    ASSIGN_OR_RETURN(*certificate.mutable_pem(),
                     crypto::MakeCertificateRequest(key.pem, wish.node));
    const auto twice = [&](const NamedTlsKey& other) { return other.name == key.name; };
    if (std::any_of(made.tls_keys.begin(), made.tls_keys.end(), twice)) {
      return BadValue("--client", key.name, "ask for every certificate once");
    }
    made.tls_keys.push_back(std::move(key));
  }
  RETURN_IF_ERROR(CheckRequest(request));
  made.request = runtime::SignText(request, *signer);
  return made;
}

absl::StatusOr<EnrolmentRequest> OpenRequest(absl::string_view note) {
  if (note.size() > runtime::kDirectoryBytesMax) return BadRequest("the file", "too large");
  EnrolmentRequest request;
  RETURN_IF_ERROR(runtime::PeekText(note, &request));
  const auto verifier = log::NoteVerifier::Parse(request.log_key());
  if (!verifier.ok()) return BadRequest("log_key", verifier.status().message());
  request.Clear();
  RETURN_IF_ERROR(runtime::OpenText(note, *verifier, &request));
  RETURN_IF_ERROR(CheckRequest(request));
  return request;
}

absl::StatusOr<NodeDirectory> Admit(const NodeDirectory& directory, const EnrolmentRequest& request,
                                    const Days& days, const std::string& today, bool replace) {
  NodeDirectory next = directory;
  next.clear_nodes();
  ListedNode admitted = Listing(request, days);
  const std::set<std::string> hosts = HostsOf(request);
  for (const ListedNode& node : directory.nodes()) {
    if (node.node() != request.node()) {
      // Certificates name hosts: one of another node would let its clients be deceived.
      const std::string host = HostOf(node.address());
      if (!node.address().empty() && hosts.contains(host) && !IsLocal(host)) {
        return BadRequest("address", absl::StrCat(host, " is that of ", node.node()));
      }
      *next.add_nodes() = node;
    } else if (node.log_key() != request.log_key() && !replace) {
      return ListedWithAnotherKey(node.node());
    } else {
      admitted.set_valid_from(std::min(node.valid_from(), admitted.valid_from()));
    }
  }
  *next.add_nodes() = std::move(admitted);
  return NextVersion(std::move(next), today);
}

absl::StatusOr<NodeDirectory> Remove(const NodeDirectory& directory, const std::string& node,
                                     absl::Time now, bool forget) {
  const std::string yesterday = runtime::UtcDay(now - absl::Hours(24)).ToIso();
  NodeDirectory next = directory;
  next.clear_nodes();
  bool found = false;
  for (ListedNode each : directory.nodes()) {
    if (each.node() == node) {
      found = true;
      if (forget) continue;
      each.set_valid_from(std::min(each.valid_from(), yesterday));
      each.set_valid_until(std::min(each.valid_until(), yesterday));
    }
    *next.add_nodes() = std::move(each);
  }
  if (!found) return NotListed(node);
  return NextVersion(std::move(next), runtime::UtcDay(now).ToIso());
}

absl::StatusOr<std::string> MakeInvite(const EnrolmentRequest& request,
                                       const std::string& directory, const log::NoteSigner& keeper,
                                       const Signing& signing, absl::Time now) {
  ASSIGN_OR_RETURN(const runtime::DirectoryVersion version,
                   runtime::DirectoryVersion::Open(directory, keeper.verifier()));
  const ListedNode* const listed = version.Find(request.node());
  if (listed == nullptr) return NotListed(request.node());
  config::v1::Invite invite;
  invite.set_node(request.node());
  invite.set_directory_key(keeper.verifier().VerifierText());
  invite.set_directory(directory);
  invite.set_ca(signing.certificates);
  if (!signing.key.empty()) {
    for (const CertificateRequest& asked : request.certificates()) {
      const crypto::CertificateTerms terms =
          TermsOf(request, asked, now - kClocksDiffer, runtime::EndOfListing(*listed));
      config::v1::IssuedCertificate& issued = *invite.add_certificates();
      issued.set_role(asked.role());
      issued.set_authority(asked.authority());
      ASSIGN_OR_RETURN(
          *issued.mutable_pem(),
          crypto::IssueCertificate(asked.pem(), terms, signing.certificates, signing.key));
    }
  }
  return runtime::SignText(invite, keeper);
}

absl::StatusOr<OpenedInvite> OpenInvite(absl::string_view note) {
  OpenedInvite opened;
  if (note.size() > 4 * runtime::kDirectoryBytesMax) return BadInvite("the file", "too large");
  RETURN_IF_ERROR(runtime::PeekText(note, &opened.invite));
  const auto keeper = log::NoteVerifier::Parse(opened.invite.directory_key());
  if (!keeper.ok()) return BadInvite("directory_key", keeper.status().message());
  opened.invite.Clear();
  RETURN_IF_ERROR(runtime::OpenText(note, *keeper, &opened.invite));
  ASSIGN_OR_RETURN(const runtime::DirectoryVersion version,
                   runtime::DirectoryVersion::Open(opened.invite.directory(), *keeper));
  opened.directory = version.list();
  const ListedNode* const listed = version.Find(opened.invite.node());
  if (listed == nullptr) return NotListed(opened.invite.node());
  opened.listed = *listed;
  for (const config::v1::IssuedCertificate& issued : opened.invite.certificates()) {
    const auto identity = runtime::MakeIdentity(issued.role(), issued.authority());
    if (!identity.ok() || !MayBeAsked(identity->role)) {
      return BadInvite("certificates", absl::StrCat("nobody is enrolled as ", issued.role()));
    }
  }
  return opened;
}

absl::StatusOr<std::string> NodeConfigText(const JoinedNode& node) {
  const ListedNode& own = node.invite->listed;
  for (const std::string& peer : node.peers) {
    const auto& all = node.invite->directory.nodes();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ListedNode& each) {
      return each.node() == peer && each.node() != own.node();
    });
    if (found == all.end()) return BadValue("--peer", peer, "name other nodes of the directory");
    if (!runtime::ExchangeCases(own.service(), found->service())) {
      return BadValue("--peer", peer, "two nodes of the kind " + own.service() + " have no link");
    }
  }
  std::string text = absl::StrCat(
      "# Written by selaras node join. What may stand here: selaras/config/v1/config.proto\n",
      "node: ", Quoted(own.node()), "\n");
  for (const std::string& authority : own.authorities()) {
    absl::StrAppend(&text, "authorities: ", Quoted(authority), "\n");
  }
  absl::StrAppend(
      &text, "listen: ", Quoted(node.listen), "\nstore: ", Quoted(node.store),
      "\nreference: ", Quoted(node.reference), "\nlog_key: ", Quoted(node.log_key),
      "\nwitness_key: \"witness.key\"\n",
      "tls { certificate: \"tls/node.crt\" key: \"tls/node.key\" ca: \"tls/ca.crt\" }\n",
      "directory {\n  file: \"directory.note\"\n  verifier_key: ",
      Quoted(node.invite->invite.directory_key()), "\n");
  // Whoever joins later dials: its operator does not wait for others to restart their nodes.
  absl::StrAppend(&text, "  link_listed: ", node.peers.empty() ? "true" : "false", "\n}\n");
  for (const ListedNode& listed : node.invite->directory.nodes()) {
    const bool named =
        std::find(node.peers.begin(), node.peers.end(), listed.node()) != node.peers.end();
    const bool wanted = node.peers.empty()
                            ? listed.node() != own.node() && !listed.address().empty() &&
                                  runtime::ExchangeCases(own.service(), listed.service())
                            : named;
    if (!wanted) continue;
    absl::StrAppend(&text, "peers { node: ", Quoted(listed.node()), " dial: \"listed\" }\n");
  }
  return text;
}

std::string ClientConfigText(const std::string& address, const std::string& files) {
  return absl::StrCat("# Written by selaras node join: selaras --client FILE\n",
                      "node: ", Quoted(address), "\ntls { certificate: \"tls/", files,
                      ".crt\" key: \"tls/", files, ".key\" ca: \"tls/ca.crt\" }\n");
}

}  // namespace selaras::cli
