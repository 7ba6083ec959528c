#include "tools/selaras/options.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/config/v1/client.pb.h"

#include "storage/base/status.h"
#include "tools/selaras/config_text.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

constexpr absl::Duration kTimeoutDefault = absl::Seconds(15);

std::string Beside(const std::string& file, const std::string& path) {
  const auto slash = file.rfind('/');
  if (path.empty() || path.front() == '/' || slash == std::string::npos) return path;
  return absl::StrCat(file.substr(0, slash + 1), path);
}

absl::StatusOr<config::v1::ClientConfig> ParseClient(const std::string& file,
                                                     const std::string& text) {
  config::v1::ClientConfig client;
  RETURN_IF_ERROR(ParseConfig(file, text, &client));
  client.mutable_tls()->set_ca(Beside(file, client.tls().ca()));
  client.mutable_tls()->set_certificate(Beside(file, client.tls().certificate()));
  client.mutable_tls()->set_key(Beside(file, client.tls().key()));
  return client;
}

}  // namespace

std::vector<Option> NodeOptions(GlobalOptions* options) {
  return {{"--node", "HOST:PORT", &options->node, "the node; or SELARAS_NODE"},
          {"--ca", "FILE", &options->ca, "certificates that are trusted; or SELARAS_CA"},
          {"--cert", "FILE", &options->certificate, "your certificate; or SELARAS_CERT"},
          {"--key", "FILE", &options->key, "its private key; or SELARAS_KEY"},
          {"--client", "FILE", &options->client,
           "all of these in one file, see proto/selaras/config/v1/client.proto"},
          {"--purpose", "CODE", &options->purpose,
           "why you read personal data, of the list read_purpose; recorded with the read"},
          {"--officer", "ID", &options->officer, "for whom you read them; recorded with the read"},
          {"--timeout", "DURATION", &options->timeout, "of one call; default: 15s"}};
}

std::vector<Option> StoreOptions(GlobalOptions* options) {
  return {{"--store", "DIR", &options->store, "read a store on disk instead of asking a node"},
          {"--wrapping-keys", "DIR", &options->wrapping_keys,
           "keys that open what is sealed in it; default: DIR.wrapping-keys"}};
}

std::vector<Option> OutputOptions(GlobalOptions* options) {
  return {
      {"--json", "", &options->json, "one JSON object a line on stdout"},
      {"--colour,--color", "WHEN", &options->colour,
       "auto, always or never; NO_COLOR is respected"},
  };
}

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view option, absl::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration()) {
    return BadDuration(option, text);
  }
  return duration;
}

absl::StatusOr<NodeAddress> ResolveNode(
    const GlobalOptions& options, const Environment& environment,
    const std::function<absl::StatusOr<std::string>(const std::string& path)>& read_file) {
  config::v1::ClientConfig client;
  if (!options.client.empty()) {
    ASSIGN_OR_RETURN(const std::string text, read_file(options.client));
    ASSIGN_OR_RETURN(client, ParseClient(options.client, text));
  }
  const auto first = [&](const std::string& given, const std::string& in_file, const char* name) {
    if (!given.empty()) return given;
    if (!in_file.empty()) return in_file;
    return environment(name).value_or("");
  };
  NodeAddress node;
  node.address = first(options.node, client.node(), "SELARAS_NODE");
  if (node.address.empty()) return NoNode();
  if (!absl::StrContains(node.address, ':')) return NoPort(node.address);
  node.ca = first(options.ca, client.tls().ca(), "SELARAS_CA");
  node.certificate = first(options.certificate, client.tls().certificate(), "SELARAS_CERT");
  node.key = first(options.key, client.tls().key(), "SELARAS_KEY");
  std::vector<absl::string_view> missing;
  if (node.ca.empty()) missing.push_back("--ca");
  if (node.certificate.empty()) missing.push_back("--cert");
  if (node.key.empty()) missing.push_back("--key");
  if (!missing.empty()) return NoCertificates(absl::StrJoin(missing, ", "));
  node.timeout = kTimeoutDefault;
  if (!options.timeout.empty()) {
    ASSIGN_OR_RETURN(node.timeout, ParseDuration("--timeout", options.timeout));
  }
  const std::string& purpose = options.purpose.empty() ? client.purpose() : options.purpose;
  const std::string& officer = options.officer.empty() ? client.officer() : options.officer;
  if (!purpose.empty()) node.reading.set_purpose(purpose);
  if (!officer.empty()) node.reading.mutable_officer()->set_officer_id(officer);
  return node;
}

}  // namespace selaras::cli
