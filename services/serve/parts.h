#pragma once

#include "services/node/case_reader.h"
#include "services/node/engine.h"
#include "services/node/opener.h"
#include "services/node/projector.h"
#include "services/node/sequencer.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/config.h"
#include "services/runtime/log.h"
#include "storage/log/store.h"

namespace selaras::serve {

// What the services of a role are made of. All of it outlives them.
struct Parts {
  node::Sequencer& sequencer;
  const node::Engine& engine;  // for its keys and reference data, which never change
  const log::StoreReader& store;
  const node::Projector& projector;
  const node::CaseReader& reader;
  const node::Opener& opener;
  runtime::Clock& clock;
  const config::v1::Limits& limits;
  const runtime::Access& access;
  runtime::Logger& log;
};

}  // namespace selaras::serve
