#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"

#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/log.h"
#include "services/runtime/tls_in_force.h"
#include "services/serve/link_hub.h"

// Links over gRPC: the thin adapter around services/link.
namespace selaras::serve {

// Called with what a peer's certificate says of its end, from any thread. Quick.
using CertificateShown = std::function<void(const std::string& peer, absl::Time ends)>;

// selaras.ledger.v1.LinkService: hands the streams that peers open to the hub. Everything handed
// in must outlive the service.
std::unique_ptr<rpc::Service> MakeLinkService(LinkHub& hub, CertificateShown shown,
                                              const runtime::Access& access, runtime::Logger& log);

// Opens a stream to a peer whenever it is called. The stream is given up unless the server at the
// other end shows a node's certificate for one of the peer's authorities. Certificates that were
// replaced are used from the next stream on.
std::function<std::shared_ptr<Wire>()> MakeDialler(std::string peer, std::string address,
                                                   std::shared_ptr<const runtime::TlsInForce> tls,
                                                   const runtime::NodeAuthorities& node,
                                                   std::uint32_t message_bytes_max,
                                                   CertificateShown shown);

}  // namespace selaras::serve
