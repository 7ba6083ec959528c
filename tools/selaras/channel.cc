#include "tools/selaras/channel.h"

#include <cstdlib>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "storage/base/status.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

constexpr int kMessageBytesMax = 64 << 20;  // a page of 1,000 cases

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const NodeAddress& address) {
  // While no call is under way nobody looks whether an attempt to connect has ended, but gRPC now
  // and then; its 5 seconds are long for a node that is being restarted. Read when gRPC starts.
  ::setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "100", /*overwrite=*/0);
  grpc::SslCredentialsOptions tls;
  ASSIGN_OR_RETURN(tls.pem_root_certs, ReadFile(address.ca));
  ASSIGN_OR_RETURN(tls.pem_cert_chain, ReadFile(address.certificate));
  ASSIGN_OR_RETURN(tls.pem_private_key, ReadFile(address.key));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A node that is being restarted is found again at once. The third is not a pause, but how long
  // an attempt to connect may take.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  return grpc::CreateCustomChannel(address.address, grpc::SslCredentials(tls), arguments);
}

// gRPC says `failed to connect to all addresses; …`; a person wants the address and the cause.
absl::Status StatusOf(const grpc::Status& from, const std::string& address) {
  if (from.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(from.error_code());
  const bool silent = from.error_details().empty() && (code == absl::StatusCode::kUnavailable ||
                                                       code == absl::StatusCode::kDeadlineExceeded);
  absl::Status status(code, silent ? absl::StrCat("the node at ", address,
                                                  " does not answer: ", from.error_message())
                                   : from.error_message());
  // Not from a temporary: clang 19 names that constructor otherwise than the packaged library.
  const std::string details = from.error_details();
  if (!details.empty()) status.SetPayload(kDetailsUrl, absl::Cord(details));
  return status;
}

}  // namespace selaras::cli
