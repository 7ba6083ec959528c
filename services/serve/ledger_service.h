#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "selaras/ledger/v1/ledger.pb.h"

#include "services/node/case_reader.h"
#include "services/node/projector.h"
#include "services/reference/catalogue.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/certificate_ends.h"
#include "services/runtime/clock.h"
#include "services/runtime/clock_guard.h"
#include "services/runtime/log.h"
#include "services/serve/link_hub.h"
#include "services/serve/restore_guard.h"
#include "services/serve/scrubber.h"
#include "services/serve/tails.h"
#include "storage/log/note.h"
#include "storage/log/policy.h"
#include "storage/log/store.h"

namespace selaras::serve {

// What the ledger service reads. Everything must outlive the service.
struct LedgerParts {
  const log::Store& store;
  const node::Projector& projector;
  const node::CaseReader& reader;
  const LinkHub& hub;
  const reference::Catalogue& catalogue;
  const runtime::Access& access;
  const log::NoteSigner& signer;          // of the shared log
  const log::NoteSigner& private_signer;  // of the private log
  std::string role;
  Tails& tails;
  runtime::Clock& clock;
  runtime::ClockGuard& clock_guard;
  const RestoreGuard& restore_guard;
  const std::optional<log::Policy>& policy;  // of the shared log
  const Scrubber* scrubber;                  // nullptr: there is none
  const runtime::CertificateEnds& certificates;
  // The directory of nodes; nothing: there is none.
  std::function<std::optional<ledger::v1::DirectoryState>()> directory;
};

// selaras.ledger.v1.LedgerService: reads the logs of a node, proves them, shows the links.
std::unique_ptr<rpc::Service> MakeLedgerService(LedgerParts parts, runtime::Logger& log);

}  // namespace selaras::serve
