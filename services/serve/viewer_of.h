#pragma once

#include "services/node/viewer.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"

namespace selaras::serve {

// For whom a call reads: a back office for its own authority, the others for all of the node's.
inline node::Viewer ViewerOf(const rpc::CallInfo& call, const runtime::NodeAuthorities& node) {
  node::Viewer viewer;
  if (call.caller.role == runtime::Role::kBackoffice) {
    viewer.authorities.insert(call.caller.authority);
  } else {
    viewer.authorities.insert(node.own.begin(), node.own.end());
  }
  viewer.whole_node = viewer.authorities.size() == node.own.size();
  viewer.sees_reporters = runtime::MaySeeReporter(call.caller, call.caller.authority, node);
  return viewer;
}

}  // namespace selaras::serve
