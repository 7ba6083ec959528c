#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/node/case_reader.h"
#include "services/node/uploads.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/log.h"
#include "services/serve/read_recorder.h"
#include "storage/log/store.h"

namespace selaras::serve {

// What the service is made of. All of it outlives it.
struct AttachmentParts {
  const log::StoreReader& store;
  node::Uploads& uploads;
  const node::CaseReader& reader;
  ReadRecorder& recorder;
  // What time it is; fails while the clock is in doubt.
  std::function<absl::StatusOr<absl::Time>()> now;
  const runtime::Access& access;
};

// The AttachmentService: bytes of documents, in and out.
std::unique_ptr<rpc::Service> MakeAttachmentService(const AttachmentParts& parts,
                                                    runtime::Logger& log);

}  // namespace selaras::serve
