#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/client_context.h>

#include "tools/selaras/channel.h"
#include "tools/selaras/options.h"

namespace selaras::load {

// Starts a call to the node at `address`, with its time limit. `method` hands it to the stub:
// (stub, context, request, response, callback). `ended` is called once, from any thread, when the
// call holds the channel no more: (status, request, response), of which the last is filled if the
// status is OK. `address` must outlive the call.
template <typename Response, typename Stub, typename Request, typename Method, typename Ended>
void StartCall(Stub& stub, const cli::NodeAddress& address, Request request, Method method,
               Ended ended) {
  struct State {
    std::optional<grpc::ClientContext> context{std::in_place};
    Request request;
    Response response;
  };
  auto state = std::make_shared<State>();
  state->request = std::move(request);
  state->context->set_deadline(std::chrono::system_clock::now() +
                               absl::ToChronoNanoseconds(address.timeout));
  State& of = *state;
  method(stub.async(), &*of.context, &of.request, &of.response,
         [&address, state = std::move(state),
          ended = std::move(ended)](const grpc::Status& status) mutable {
           // It holds the channel. With the last channel of a process gRPC joins its threads, and
           // this is one of them: whoever hears of the end must be the one who lets go of it.
           state->context.reset();
           ended(cli::StatusOf(status, address.address), state->request, state->response);
         });
}

}  // namespace selaras::load
