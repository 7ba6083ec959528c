#include "services/rpc/server_credentials.h"

#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>

#include "services/rpc/grpc_status.h"
#include "services/rpc/peer.h"
#include "storage/base/status.h"

namespace selaras::rpc {
namespace {

absl::string_view TextOf(const grpc_slice& slice) {
  return {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

absl::string_view PathOf(const grpc_metadata* metadata, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (TextOf(metadata[i].key) == ":path") return TextOf(metadata[i].value);
  }
  return {};
}

// What gRPC calls back. It belongs to the credentials in gRPC, which live as long as any handshake.
class Callbacks {
 public:
  Callbacks(std::shared_ptr<const runtime::TlsInForce> tls, std::shared_ptr<ClientLimits> limits,
            const runtime::Access& access)
      : tls_(std::move(tls)), limits_(std::move(limits)), access_(access) {}

  // At the beginning of each handshake. gRPC keeps what it has if it cannot use what is new.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<Callbacks*>(self)->Fetch(config);
  }

  // At the beginning of each call.
  static void Process(void* self, grpc_auth_context* context, const grpc_metadata* metadata,
                      std::size_t count, grpc_process_auth_metadata_done_cb done, void* user_data) {
    const grpc::Status status =
        ToGrpc(static_cast<const Callbacks*>(self)->Admit(context, PathOf(metadata, count)));
    done(user_data, nullptr, 0, nullptr, 0, static_cast<grpc_status_code>(status.error_code()),
         status.ok() ? nullptr : status.error_message().c_str());
  }

  static void Destroy(void* self) { delete static_cast<Callbacks*>(self); }

 private:
  grpc_ssl_certificate_config_reload_status Fetch(grpc_ssl_server_certificate_config** config) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<const runtime::Tls> tls = tls_->get();
    if (tls == fetched_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{tls->key.c_str(), tls->certificate.c_str()};
    *config = grpc_ssl_server_certificate_config_create(tls->ca.c_str(), &pair, 1);
    fetched_ = std::move(tls);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  absl::Status Admit(const grpc_auth_context* context, absl::string_view path) const {
    if (absl::StartsWith(path, "/selaras.")) return absl::OkStatus();
    ASSIGN_OR_RETURN(const runtime::Identity caller, IdentityOf(context));
    RETURN_IF_ERROR(limits_->Pass(caller));
    return access_.Admit(caller, path).status();
  }

  const std::shared_ptr<const runtime::TlsInForce> tls_;
  const std::shared_ptr<ClientLimits> limits_;
  const runtime::Access& access_;
  std::mutex mutex_;
  std::shared_ptr<const runtime::Tls> fetched_;  // under mutex_
};

// gRPC 1.51 takes certificates that change from files only in C++, and then stops serving while a
// key and its certificate do not match. Its C interface asks for them.
class Credentials final : public grpc::ServerCredentials {
 public:
  Credentials(std::shared_ptr<const runtime::TlsInForce> tls, std::shared_ptr<ClientLimits> limits,
              const runtime::Access& access)
      : tls_(std::move(tls)), limits_(std::move(limits)), access_(access) {}

  // There is one already.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    auto* callbacks = new Callbacks(tls_, limits_, access_);
    grpc_server_credentials* credentials = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, &Callbacks::Fetch,
            callbacks));
    grpc_server_credentials_set_auth_metadata_processor(
        credentials, {&Callbacks::Process, &Callbacks::Destroy, callbacks});
    const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return port;
  }

  const std::shared_ptr<const runtime::TlsInForce> tls_;
  const std::shared_ptr<ClientLimits> limits_;
  const runtime::Access& access_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(
    std::shared_ptr<const runtime::TlsInForce> tls, std::shared_ptr<ClientLimits> limits,
    const runtime::Access& access) {
  return std::make_shared<Credentials>(std::move(tls), std::move(limits), access);
}

}  // namespace selaras::rpc
