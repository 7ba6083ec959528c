#include "services/serve/node_service.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/link/published_log.h"
#include "services/node/case_reader.h"
#include "services/node/directory.h"
#include "services/node/engine.h"
#include "services/node/opener.h"
#include "services/node/projector.h"
#include "services/node/statistics.h"
#include "services/node/uploads.h"
#include "services/node/watcher.h"
#include "services/rpc/call_counts.h"
#include "services/rpc/server.h"
#include "services/runtime/certificate_ends.h"
#include "services/runtime/directory_in_force.h"
#include "services/runtime/directory_version.h"
#include "services/runtime/version.h"
#include "services/runtime/wrapping_key_files.h"
#include "services/serve/accept_succession.h"
#include "services/serve/attachment_service.h"
#include "services/serve/case_streams.h"
#include "services/serve/directory_news.h"
#include "services/serve/errors.h"
#include "services/serve/ledger_service.h"
#include "services/serve/link_hub.h"
#include "services/serve/link_service.h"
#include "services/serve/metrics.h"
#include "services/serve/operations_service.h"
#include "services/serve/projector_thread.h"
#include "services/serve/publisher_thread.h"
#include "services/serve/query_service.h"
#include "services/serve/read_recorder.h"
#include "services/serve/recovery_service.h"
#include "services/serve/repeating_thread.h"
#include "services/serve/restore_guard.h"
#include "services/serve/scrubber.h"
#include "services/serve/statistics_service.h"
#include "services/serve/tails.h"
#include "services/serve/watcher_thread.h"
#include "services/serve/witness_service.h"
#include "services/verify/event_inspector.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/log/published.h"

namespace selaras::serve {
namespace {

constexpr std::size_t kQueueDefault = 4'096;
constexpr int kQuestionsDefault = 60;
constexpr std::uint32_t kMessageBytesDefault = 4 << 20;
constexpr absl::Duration kScrubRest = absl::Minutes(1);
constexpr absl::Duration kTidyEvery = absl::Hours(1);

node::Directory DirectoryOf(const runtime::Environment& environment) {
  node::PeerNode own{
      environment.config.node(),
      {environment.config.authorities().begin(), environment.config.authorities().end()}};
  std::vector<node::PeerNode> peers;
  for (const auto& peer : environment.config.peers()) {
    peers.push_back({peer.node(), {peer.authorities().begin(), peer.authorities().end()}});
  }
  return node::Directory(environment.catalogue, std::move(own), std::move(peers));
}

std::optional<DirectoryNews> NewsOf(const runtime::Environment& environment) {
  if (environment.directory == nullptr) return std::nullopt;
  return std::optional<DirectoryNews>(std::in_place, *environment.directory, environment.log);
}

std::optional<runtime::DirectoryReload> ReloadOf(const runtime::Environment& environment) {
  if (environment.directory == nullptr) return std::nullopt;
  return runtime::DirectoryReload(environment.config.directory().file(), *environment.directory,
                                  environment.log);
}

std::vector<std::string> PeersOf(const config::v1::NodeConfig& config) {
  std::vector<std::string> peers;
  for (const auto& peer : config.peers()) peers.push_back(peer.node());
  return peers;
}

// Of a configuration that was checked.
Witnesses WitnessesOf(const config::v1::NodeConfig& config) {
  Witnesses witnesses;
  for (const auto& witness : config.witnesses()) {
    auto verifier = log::CosignatureVerifier::Parse(witness.verifier_key());
    if (verifier.ok()) witnesses.emplace(witness.authority(), *std::move(verifier));
  }
  return witnesses;
}

// Everything that runs, in the order in which it depends on each other.
class NodeService final : public runtime::RunningService {
 public:
  NodeService(runtime::Environment environment, std::unique_ptr<log::Store> store,
              log::Backups& backups, Scrubbing scrubbing, Role role, log::NoteSigner private_signer)
      : environment_(std::move(environment)),
        store_(std::move(store)),
        backups_(backups),
        scrubbing_(std::move(scrubbing)),
        role_(std::move(role)),
        private_signer_(std::move(private_signer)),
        directory_(DirectoryOf(environment_)),
        policy_(environment_.policy),
        wrapping_keys_(environment_.wrapping_keys),
        subject_keys_(*store_, wrapping_keys_),
        opener_(subject_keys_),
        directory_news_(NewsOf(environment_)),
        directory_reload_(ReloadOf(environment_)),
        tls_reload_(environment_.config.tls(), environment_.access.node(), *environment_.tls,
                    environment_.log),
        certificate_ends_(environment_.tls),
        end_notices_(environment_.log),
        certificates_([this] { LookAtCertificates(); },
                      absl::Seconds(environment_.config.tls().reload_seconds())),
        clock_guard_(environment_.clock),
        restore_guard_(backups_, store_->shared(), PeersOf(environment_.config), environment_.log,
                       [this] {
                         ShowHealth();
                         watching_->Wake();
                       }) {}
  ~NodeService() override { Stop(); }

  absl::Status Start();
  std::string address() const override { return server_->address(); }
  void Stop() override;

 private:
  absl::Status OpenWrappingKeys();
  absl::Status AcceptSuccessions();
  absl::Status StateSuccession();
  absl::Status ReplaceKey();
  absl::Status CatchUp();
  absl::Status StartLinks();
  absl::Status MakeScrubber();
  void StartServices();
  absl::Status StartMetrics();
  NodeFigures Figures() const;
  void Grew();
  void ShowHealth();
  void LookAtCertificates();
  void LookAtDirectory(absl::Time now);
  absl::Status OwnListing(const runtime::DirectoryVersion& directory, absl::Time now) const;
  std::optional<ledger::v1::DirectoryState> ShownDirectory() const;
  void TidyUploads();
  CertificateShown Shown();

  const runtime::Environment environment_;
  const std::unique_ptr<log::Store> store_;
  log::Backups& backups_;
  const Scrubbing scrubbing_;
  const Role role_;
  const log::NoteSigner private_signer_;
  const node::Directory directory_;
  std::optional<log::Policy> policy_;  // of the shared log, whatever its keys were
  vault::WrappingKeys wrapping_keys_;
  const node::SubjectKeys subject_keys_;
  const node::SealedOpener opener_;
  std::optional<DirectoryNews> directory_news_;
  std::optional<runtime::DirectoryReload> directory_reload_;
  runtime::TlsReload tls_reload_;
  runtime::CertificateEnds certificate_ends_;
  runtime::EndNotices end_notices_;
  RepeatingThread certificates_;
  runtime::ClockGuard clock_guard_;
  std::atomic<bool> clock_trusted_ = true;
  RestoreGuard restore_guard_;
  Tails tails_;
  std::unique_ptr<node::Engine> engine_;
  std::unique_ptr<node::Projector> projector_;
  std::unique_ptr<node::CaseReader> reader_;
  std::unique_ptr<CaseStreams> case_streams_;
  std::unique_ptr<node::StatisticsReader> statistics_;
  std::unique_ptr<log::PublishedCheckpoints> published_rows_;
  std::unique_ptr<link::PublishedLog> published_;
  std::unique_ptr<LinkHub> hub_;
  std::unique_ptr<PublisherThread> publishing_;
  std::unique_ptr<ProjectorThread> projecting_;
  std::unique_ptr<node::Sequencer> sequencer_;
  std::unique_ptr<node::Watcher> watcher_;
  std::unique_ptr<WatcherThread> watching_;
  std::unique_ptr<ReadRecorder> recorder_;
  std::unique_ptr<node::Uploads> uploads_;
  std::unique_ptr<RepeatingThread> tidying_;
  std::vector<std::unique_ptr<rpc::Service>> services_;
  std::unique_ptr<rpc::Server> server_;
  verify::EventInspector inspector_;
  std::unique_ptr<Scrubber> scrubber_;
  std::unique_ptr<MetricsEndpoint> metrics_;
  std::optional<std::string> told_of_listing_;  // as it was logged; empty: it is listed
  bool stopped_ = false;
};

absl::Status NodeService::Start() {
  const domain::Section section = role_.decider->section();
  const auto& config = environment_.config;
  const int questions = static_cast<int>(config.limits().questions_per_minute());
  RETURN_IF_ERROR(OpenWrappingKeys());
  ASSIGN_OR_RETURN(
      engine_,
      node::Engine::Make(*store_, *role_.decider, opener_, subject_keys_, environment_.random,
                         {.authorities = {config.authorities().begin(), config.authorities().end()},
                          .catalogue = environment_.catalogue,
                          .questions_per_minute = questions == 0 ? kQuestionsDefault : questions}));
  RETURN_IF_ERROR(AcceptSuccessions());
  RETURN_IF_ERROR(StateSuccession());
  RETURN_IF_ERROR(ReplaceKey());
  if (environment_.directory != nullptr) {
    RETURN_IF_ERROR(
        CheckOwnKeyListed(*environment_.directory->get(), config.node(), *store_->shared().keys()));
  }
  if (policy_) {
    const log::LogKeys own = *store_->shared().keys();
    policy_->ReplaceKeys(
        [&own](const log::LogKeys& named) { return own.Has(named.newest()) ? own : named; });
  }
  projector_ = std::make_unique<node::Projector>(*store_, directory_, engine_->keys(), opener_,
                                                 &subject_keys_);
  RETURN_IF_ERROR(projector_->Open(environment_.random));
  RETURN_IF_ERROR(CatchUp());
  reader_ =
      std::make_unique<node::CaseReader>(*store_, directory_, engine_->keys(), opener_, section);
  case_streams_ = std::make_unique<CaseStreams>(*reader_);
  statistics_ = std::make_unique<node::StatisticsReader>(*store_, directory_, section);
  RETURN_IF_ERROR(StartLinks());
  const std::size_t queue = environment_.config.limits().queue_requests();
  sequencer_ = std::make_unique<node::Sequencer>(
      *engine_,
      [this]() -> absl::StatusOr<absl::Time> {
        RETURN_IF_ERROR(restore_guard_.MayWrite());
        return clock_guard_.Now();
      },
      queue == 0 ? kQueueDefault : queue,
      [this] {
        projecting_->Wake();
        Grew();
      });
  watcher_ = std::make_unique<node::Watcher>(*store_, directory_, engine_->deadlines());
  watching_ = std::make_unique<WatcherThread>(
      *watcher_, *sequencer_, environment_.clock, clock_guard_, environment_.log,
      [this](bool trusted) {
        clock_trusted_ = trusted;
        ShowHealth();
      },
      [this] { return restore_guard_.MayWrite().ok(); });
  projecting_ = std::make_unique<ProjectorThread>(*projector_, environment_.clock,
                                                  [this](const std::set<std::string>& links_due) {
                                                    hub_->LookAtOnce(links_due);
                                                    Grew();
                                                    watching_->Wake();
                                                    case_streams_->Wake();
                                                  });
  RETURN_IF_ERROR(MakeScrubber());
  StartServices();
  std::vector<rpc::Service*> services;
  services.reserve(services_.size());
  for (const auto& service : services_) services.push_back(service.get());
  ASSIGN_OR_RETURN(server_,
                   rpc::Server::Start(environment_.config, environment_.tls, services,
                                      environment_.access, environment_.clock, environment_.log));
  ShowHealth();
  hub_->Start();
  watching_->Start();
  publishing_->Start();
  certificates_.Start();
  tidying_->Start();
  if (scrubber_) scrubber_->Start();
  return StartMetrics();
}

absl::Status NodeService::MakeScrubber() {
  const auto& config = environment_.config;
  if (config.scrub().off()) return absl::OkStatus();
  RETURN_IF_ERROR(inspector_.TrustPeers(config));
  for (const auto& [peer, succession] : environment_.successions) {
    RETURN_IF_ERROR(inspector_.Trust(succession.next.VerifierText()));
  }
  RETURN_IF_ERROR(inspector_.Trust(environment_.signer.VerifierText()));
  if (environment_.cosigner) {
    RETURN_IF_ERROR(inspector_.TrustWitness(environment_.cosigner->VerifierText()));
  }
  const absl::Duration every = absl::Seconds(config.scrub().every_seconds());
  scrubber_ = std::make_unique<Scrubber>(
      Scrubber::Parts{*store_, scrubbing_, inspector_, subject_keys_, environment_.clock,
                      environment_.log, [this] { return sequencer_->waiting() > 0; },
                      [this](bool good) { server_->SetServing("scrub", good); }},
      Scrubber::Options{config.scrub().bytes_per_second(), every, std::min(every, kScrubRest)});
  return absl::OkStatus();
}

absl::Status NodeService::StartMetrics() {
  const std::string& address = environment_.config.metrics();
  if (address.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(metrics_, MetricsEndpoint::Start(address, [this] { return Figures(); }));
  environment_.log.Info("metrics are answered", {{"address", metrics_->address()}});
  return absl::OkStatus();
}

// A missing folder must not be taken for a first start: what was sealed would be gone without a
// word.
absl::Status NodeService::OpenWrappingKeys() {
  const std::string& folder = environment_.config.wrapping_keys();
  if (const absl::Status held = subject_keys_.CheckFirst(); !held.ok()) {
    return WrappingKeysOfOtherStore(folder, held.message());
  }
  if (!wrapping_keys_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(wrapping_keys_, runtime::MakeWrappingKey(folder, environment_.random));
  environment_.log.Info("wrapping-key-made", {{"folder", folder}});
  return absl::OkStatus();
}

// Before anything is derived from what the peers' logs were.
absl::Status NodeService::AcceptSuccessions() {
  for (const auto& peer : environment_.config.peers()) {
    const auto accepted = environment_.successions.find(peer.node());
    if (accepted == environment_.successions.end()) continue;
    ASSIGN_OR_RETURN(const log::NoteVerifier verifier,
                     log::NoteVerifier::Parse(peer.verifier_key()));
    RETURN_IF_ERROR(
        base::Annotate(AcceptSuccession(*store_, peer.node(), verifier, accepted->second,
                                        environment_.config.store(), environment_.log),
                       absl::StrCat("the succession of the peer ", peer.node())));
  }
  return absl::OkStatus();
}

// The first entry of a successor says what it succeeds.
absl::Status NodeService::StateSuccession() {
  const log::LogKeys keys = *store_->shared().keys();
  const bool succeeds =
      std::any_of(keys.past().begin(), keys.past().end(),
                  [](const log::LogKeys::Past& past) { return !past.succession.empty(); });
  // In doubt it has been stated already, and is missing with what else is.
  if (!succeeds || !restore_guard_.MayWrite().ok()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::Time now, clock_guard_.Now());
  return engine_->StateSuccession(environment_.config.authorities(0), now);
}

NodeFigures NodeService::Figures() const {
  NodeFigures figures{.node = environment_.config.node(),
                      .role = role_.name,
                      .version = std::string(runtime::Version()),
                      .logs = {},
                      .links = hub_->status(),
                      .queued = sequencer_->waiting(),
                      .serving = clock_trusted_ && restore_guard_.MayWrite().ok(),
                      .scrub = {},
                      .certificates = certificate_ends_.all(),
                      .calls = rpc::CallCounts::OfProcess().all(),
                      .refused = rpc::RefusedConnections::OfProcess().all()};
  const auto add = [&](const log::LogReader& log, const log::Mirror* mirror) {
    const std::uint64_t size = log.size().value;
    const auto published = log::NewestPublished(*store_, log.name());
    figures.logs.push_back({log.name(), mirror != nullptr, size,
                            mirror != nullptr ? mirror->entries_held() : size,
                            published.ok() && *published ? (*published)->size.value : 0});
  };
  add(store_->shared(), nullptr);
  add(store_->private_log(), nullptr);
  for (const log::Mirror* mirror : store_->mirrors()) add(*mirror, mirror);
  if (scrubber_) figures.scrub = scrubber_->shown();
  return figures;
}

// The configuration may name another key than the one that signs the logs.
absl::Status NodeService::ReplaceKey() {
  const log::NoteSigner& next = environment_.signer;
  if (store_->shared().keys()->newest().VerifierText() == next.VerifierText()) {
    return absl::OkStatus();
  }
  if (next.name() != store_->shared().origin()) {
    return LogKeyOfAnotherOrigin(next.name(), store_->shared().origin());
  }
  // What states the change is an entry like any other.
  RETURN_IF_ERROR(base::Annotate(restore_guard_.MayWrite(), "previous_log_key"));
  ASSIGN_OR_RETURN(const absl::Time now, clock_guard_.Now());
  return engine_->ReplaceLogKey(next, environment_.config.authorities(0), now);
}

// Decisions read what is projected of others: nothing is decided on less than what is here.
absl::Status NodeService::CatchUp() {
  while (true) {
    const auto step = projector_->Step();
    if (absl::IsUnavailable(step.status())) {
      environment_.log.Warning("views wait", {{"reason", step.status().message()}});
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(step);
    if (!*step) return absl::OkStatus();
  }
}

// The own log grew, or something was derived.
void NodeService::Grew() {
  hub_->OwnLogGrew();
  tails_.Wake();
}

void NodeService::ShowHealth() {
  server_->SetServing(clock_trusted_ && restore_guard_.MayWrite().ok());
}

void NodeService::LookAtCertificates() {
  const absl::Time now = environment_.clock.Now();
  tls_reload_.Look(now);
  LookAtDirectory(now);
  const std::vector<runtime::CertificateEnd> all = certificate_ends_.all();
  end_notices_.Look(all, now);
  server_->SetServing("certificates", std::none_of(all.begin(), all.end(), [now](const auto& each) {
                        return runtime::EndsVerySoon(each, now);
                      }));
}

void NodeService::LookAtDirectory(absl::Time now) {
  if (!directory_reload_) return;
  directory_reload_->Look();
  const std::string& node = environment_.config.node();
  const auto directory = environment_.directory->get();
  const config::v1::ListedNode* const listed = directory->Find(node);
  if (listed != nullptr) {
    certificate_ends_.Listed(node, runtime::EndOfListing(*listed));
  } else {
    certificate_ends_.Listed(node, std::nullopt);
  }
  const absl::Status why = OwnListing(*directory, now);
  server_->SetServing("directory", why.ok());
  std::string told(why.message());
  if (told == std::exchange(told_of_listing_, told)) return;
  if (why.ok()) {
    environment_.log.Info("this node is listed", {{"serial", directory->serial()}});
  } else {
    environment_.log.Error("peers do not link with this node",
                           {{"serial", directory->serial()}, {"reason", told}});
  }
}

// Whether peers find this node listed as it is.
absl::Status NodeService::OwnListing(const runtime::DirectoryVersion& directory,
                                     absl::Time now) const {
  const config::v1::NodeConfig& config = environment_.config;
  config::v1::Peer own;
  own.set_node(config.node());
  *own.mutable_authorities() = config.authorities();
  own.set_verifier_key(environment_.signer.VerifierText());
  const log::LogKeys keys = *store_->shared().keys();
  return runtime::CheckPeerListed(directory, own, now,
                                  [&keys](const log::NoteVerifier& key) { return keys.Has(key); });
}

std::optional<ledger::v1::DirectoryState> NodeService::ShownDirectory() const {
  if (environment_.directory == nullptr) return std::nullopt;
  const auto directory = environment_.directory->get();
  ledger::v1::DirectoryState shown;
  shown.set_serial(directory->serial());
  shown.set_issued(directory->list().issued());
  shown.set_keeper(directory->keeper());
  shown.set_nodes(static_cast<std::uint32_t>(directory->list().nodes_size()));
  for (const runtime::LeftOut& peer : environment_.applied.left_out) {
    ledger::v1::UnlistedPeer& unlisted = *shown.add_unlisted();
    unlisted.set_node(peer.node);
    unlisted.set_reason(peer.why);
  }
  for (const log::Mirror* mirror : store_->mirrors()) {
    const absl::Status listed = CheckLinkListed(*directory, environment_.config, mirror->name(),
                                                mirror->keys(), environment_.clock.Now());
    if (listed.ok()) continue;
    ledger::v1::UnlistedPeer& unlisted = *shown.add_unlisted();
    unlisted.set_node(mirror->name());
    unlisted.set_reason(std::string(listed.message()));
  }
  return shown;
}

void NodeService::TidyUploads() {
  // By a clock in doubt nothing is over.
  const absl::StatusOr<absl::Time> now = clock_guard_.Now();
  const absl::Status tidied = now.ok() ? uploads_->Tidy(
                                             opener_,
                                             [this](const event::v1::Position& position) {
                                               return reader_->WasRemoved(position);
                                             },
                                             *now)
                                       : now.status();
  if (!tidied.ok()) {
    environment_.log.Warning("documents were not tidied", {{"reason", tidied.message()}});
  }
}

CertificateShown NodeService::Shown() {
  return [this](const std::string& peer, absl::Time ends) { certificate_ends_.Shown(peer, ends); };
}

absl::Status NodeService::StartLinks() {
  published_rows_ = std::make_unique<log::PublishedCheckpoints>(*store_);
  published_ = std::make_unique<link::PublishedLog>(*store_, *published_rows_);
  RETURN_IF_ERROR(published_->Open(environment_.clock.Monotonic()));
  publishing_ = std::make_unique<PublisherThread>(*published_, environment_.clock, environment_.log,
                                                  [this] { hub_->OwnLogGrew(); });
  LinkHub::Options options{
      .node = environment_.config.node(),
      .signer = &environment_.signer,
      .peers = {},
      .received =
          [this] {
            projecting_->Wake();
            tails_.Wake();
          },
      .held = [this](const std::string& peer,
                     base::TreeSize size) { restore_guard_.Heard(peer, size); },
      .standing = [this](
                      const std::string& peer,
                      bool stopped) { server_->SetServing(absl::StrCat("link/", peer), !stopped); },
      .published = published_.get(),
      .rows = published_rows_.get(),
      .cosigner = environment_.cosigner ? &*environment_.cosigner : nullptr,
      .now = [this] { return clock_guard_.Now(); },
      .subject_keys = &subject_keys_,
      .directory = &directory_,
      .opener = &opener_,
      .folder = environment_.config.store(),
      .listed = {},
      .directories = directory_news_ ? &*directory_news_ : nullptr};
  if (environment_.directory != nullptr) {
    options.listed = [this](const std::string& peer, const std::optional<log::LogKeys>& keys) {
      return CheckLinkListed(*environment_.directory->get(), environment_.config, peer, keys,
                             environment_.clock.Now());
    };
  }
  const std::uint32_t limit = environment_.config.limits().message_bytes();
  for (const auto& peer : environment_.config.peers()) {
    ASSIGN_OR_RETURN(log::NoteVerifier verifier, log::NoteVerifier::Parse(peer.verifier_key()));
    LinkPeer link{peer.node(), std::move(verifier), std::nullopt, nullptr};
    if (!peer.witness_key().empty()) {
      ASSIGN_OR_RETURN(link.witness, log::CosignatureVerifier::Parse(peer.witness_key()));
    }
    if (!peer.dial().empty()) {
      link.dial =
          MakeDialler(peer.node(), peer.dial(), environment_.tls, environment_.access.node(),
                      limit == 0 ? kMessageBytesDefault : limit, Shown());
    }
    options.peers.push_back(std::move(link));
  }
  ASSIGN_OR_RETURN(hub_, LinkHub::Make(*store_, environment_.clock, environment_.random,
                                       environment_.log, std::move(options)));
  return absl::OkStatus();
}

void NodeService::StartServices() {
  const runtime::Access& access = environment_.access;
  runtime::Logger& log = environment_.log;
  services_ = role_.make_services({*sequencer_, *engine_, *store_, *projector_, *reader_, opener_,
                                   environment_.clock, environment_.config.limits(), access, log});
  recorder_ = std::make_unique<ReadRecorder>(
      [this](node::Request request, node::Sequencer::Done done) {
        sequencer_->Submit(std::move(request), std::move(done));
      },
      *environment_.catalogue, environment_.clock, environment_.config.read_purpose_required());
  services_.push_back(MakeQueryService({*reader_, *projector_, *recorder_, environment_.catalogue,
                                        environment_.clock, *case_streams_, access},
                                       log));
  const auto& attachments = environment_.config.attachments();
  uploads_ = std::make_unique<node::Uploads>(
      *store_, engine_->keys(), subject_keys_, environment_.random,
      node::Uploads::Options{attachments.bytes_max(), attachments.waiting_bytes_max(),
                             absl::Hours(attachments.keep_hours())});
  tidying_ = std::make_unique<RepeatingThread>([this] { TidyUploads(); }, kTidyEvery);
  services_.push_back(MakeAttachmentService(
      {*store_, *uploads_, *reader_, *recorder_, [this] { return clock_guard_.Now(); }, access},
      log));
  services_.push_back(
      MakeStatisticsService(*statistics_, *projector_, environment_.clock, access, log));
  services_.push_back(MakeLedgerService(
      {*store_, *projector_, *reader_, *hub_, *environment_.catalogue, access, environment_.signer,
       private_signer_, role_.name, tails_, environment_.clock, clock_guard_, restore_guard_,
       policy_, scrubber_.get(), certificate_ends_, [this] { return ShownDirectory(); }},
      log));
  services_.push_back(MakeOperationsService(
      {clock_guard_, [this] { watching_->Wake(); }, *hub_, environment_.config.store(), backups_,
       environment_.config.backups(), restore_guard_, environment_.clock, access, log}));
  services_.push_back(
      MakeWitnessService(*store_, *published_, WitnessesOf(environment_.config), access, log));
  services_.push_back(MakeLinkService(*hub_, Shown(), access, log));
  services_.push_back(MakeRecoveryService(*store_, subject_keys_, access, log));
}

// Links and tails first, because they last, and who asks by itself; then calls under way, then what
// waits for the sequencer, then what follows from it.
void NodeService::Stop() {
  if (std::exchange(stopped_, true)) return;
  metrics_.reset();
  certificates_.Stop();
  if (tidying_) tidying_->Stop();
  if (scrubber_) scrubber_->Stop();
  if (publishing_) publishing_->Stop();
  if (hub_) hub_->Stop();
  tails_.Stop();
  if (case_streams_) case_streams_->Stop();
  if (watching_) watching_->Stop();
  if (server_) server_->Stop();
  if (sequencer_) sequencer_->Drain();
  if (recorder_) recorder_->Stop();
  if (projecting_) projecting_->Stop();
}

}  // namespace

absl::StatusOr<std::unique_ptr<runtime::RunningService>> StartNode(
    runtime::Environment environment, std::unique_ptr<log::Store> store, log::Backups& backups,
    Scrubbing scrubbing, Role role) {
  const std::string private_name = log::PrivateLogName(environment.config.node());
  ASSIGN_OR_RETURN(log::NoteSigner private_signer,
                   log::NoteSigner::Make(
                       log::OriginOf(private_name, log::GenerationOf(environment.signer.name())),
                       environment.signer.key()));
  if (environment.directory != nullptr) {
    RETURN_IF_ERROR(environment.directory->Keep());
    KeepKeysOfMirrors(environment.applied, *store, &environment.config);
    for (const runtime::LeftOut& peer : environment.applied.left_out) {
      environment.log.Warning("a peer is left out", {{"peer", peer.node}, {"reason", peer.why}});
    }
  }
  auto service = std::make_unique<NodeService>(std::move(environment), std::move(store), backups,
                                               std::move(scrubbing), std::move(role),
                                               std::move(private_signer));
  RETURN_IF_ERROR(service->Start());
  return service;
}

}  // namespace selaras::serve
