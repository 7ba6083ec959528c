#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/rpc/server.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"

namespace selaras::load {

// A node with nothing behind it: the server, the access table and the contract of a real one, whose
// intake service answers every command at once with so many bytes. What the line costs, and
// nothing else.
class EchoingNode {
 public:
  // Listens on `listen` with a node's certificate: ca, certificate and key are files.
  static absl::StatusOr<std::unique_ptr<EchoingNode>> Start(const std::string& listen,
                                                            const std::string& ca,
                                                            const std::string& certificate,
                                                            const std::string& key,
                                                            std::size_t answer_bytes);

  std::string address() const { return server_->address(); }
  const std::string& authority() const { return *access_.node().own.begin(); }
  void Stop() { server_->Stop(); }

 private:
  EchoingNode(runtime::NodeAuthorities node, std::size_t answer_bytes);

  runtime::SystemClock clock_;
  runtime::Logger log_;
  const runtime::Access access_;
  const std::string filler_;
  rpc::Service intake_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace selaras::load
