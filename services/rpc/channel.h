#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "services/runtime/tls.h"

namespace selaras::rpc {

// A connection to another node over mutual TLS, with keepalive. Dials when first used and redials
// with back-off. Whom it reaches must still be asked: IdentityOf(*context.auth_context()).
std::shared_ptr<grpc::Channel> Dial(const std::string& address, const runtime::Tls& tls,
                                    std::uint32_t message_bytes_max);

}  // namespace selaras::rpc
