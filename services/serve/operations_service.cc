#include "services/serve/operations_service.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "selaras/ledger/v1/operations.pb.h"

#include "services/domain/refusal.h"
#include "services/serve/errors.h"
#include "services/serve/exchange_streams.h"
#include "storage/base/status.h"
#include "storage/base/thread_name.h"

namespace selaras::serve {

namespace v1 = ledger::v1;

namespace {

constexpr std::size_t kReasonBytesMax = 500;

absl::Status CheckReason(const std::string& reason) {
  return !reason.empty() && reason.size() <= kReasonBytesMax
             ? absl::OkStatus()
             : domain::BadField("reason", "give one of at most 500 bytes, for the node's log");
}

constexpr std::size_t kBackupNameBytesMax = 64;

// Makes one backup at a time, on a thread of its own: it takes longer than a call may hold one of
// gRPC's.
class BackupMaker {
 public:
  explicit BackupMaker(log::Backups& backups) : backups_(backups) {}
  ~BackupMaker() {
    if (thread_.joinable()) thread_.join();
  }

  using Made = std::function<void(absl::StatusOr<log::BackupSizes>)>;

  absl::Status Make(std::string directory, absl::Time now, Made made) {
    const std::lock_guard lock(mutex_);
    if (running_) return BackupRuns();
    running_ = true;
    if (thread_.joinable()) thread_.join();  // the one before, which has ended
    thread_ = std::thread([this, directory = std::move(directory), now, made = std::move(made)] {
      base::NameThread("backup");
      auto sizes = backups_.Backup(directory, now);
      running_ = false;
      made(std::move(sizes));
    });
    return absl::OkStatus();
  }

 private:
  log::Backups& backups_;
  std::mutex mutex_;
  std::thread thread_;  // under mutex_
  std::atomic<bool> running_ = false;
};

absl::Status CheckBackupName(const std::string& name) {
  const auto plain = [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); };
  const bool good = !name.empty() && name.size() <= kBackupNameBytesMax && plain(name[0]) &&
                    std::all_of(name.begin(), name.end(), [&](char c) {
                      return plain(c) || c == '-' || c == '_' || c == '.';
                    });
  return good ? absl::OkStatus()
              : domain::BadField("name",
                                 "use 1 to 64 of a-z, A-Z, 0-9, -, _ and ., beginning with a "
                                 "letter or digit");
}

void AddBackups(rpc::Service& service, const OperationsParts& parts) {
  service.UnaryLater<v1::CreateBackupRequest, v1::CreateBackupResponse>(
      "CreateBackup",
      [parts, maker = std::make_shared<BackupMaker>(parts.backups)](
          const v1::CreateBackupRequest& request, v1::CreateBackupResponse* response,
          const rpc::CallInfo& call, const rpc::Done& done) {
        if (const absl::Status bad = CheckBackupName(request.name()); !bad.ok()) return done(bad);
        if (parts.backups_directory.empty()) return done(BackupsNotConfigured());
        const std::string directory = absl::StrCat(parts.backups_directory, "/", request.name());
        const absl::Status begun =
            maker->Make(directory, parts.clock.Now(),
                        [&log = parts.log, name = request.name(), by = call.caller.authority,
                         directory, response, done](const absl::StatusOr<log::BackupSizes>& sizes) {
                          if (absl::IsAlreadyExists(sizes.status()))
                            return done(BackupExists(name));
                          if (!sizes.ok()) return done(sizes.status());
                          response->set_directory(directory);
                          response->set_shared_size(sizes->shared.value);
                          response->set_private_size(sizes->private_.value);
                          log.Info("backup made", {{"name", name}, {"by", by}});
                          done(absl::OkStatus());
                        });
        if (!begun.ok()) done(begun);
      });
  service.Unary<v1::ConfirmRestoredRequest, v1::ConfirmRestoredResponse>(
      "ConfirmRestored",
      [parts](const v1::ConfirmRestoredRequest& request,
              const rpc::CallInfo& call) -> absl::StatusOr<v1::ConfirmRestoredResponse> {
        RETURN_IF_ERROR(CheckReason(request.reason()));
        RETURN_IF_ERROR(parts.restore_guard.Confirm());
        parts.log.Warning("restored store confirmed",
                          {{"by", call.caller.authority}, {"reason", request.reason()}});
        return v1::ConfirmRestoredResponse();
      });
}

}  // namespace

std::unique_ptr<rpc::Service> MakeOperationsService(OperationsParts parts) {
  auto service = std::make_unique<rpc::Service>("selaras.ledger.v1.OperationsService", parts.access,
                                                parts.log);
  AddExchange(*service, parts.hub, parts.restore_guard, parts.access.node(), parts.store);
  AddBackups(*service, parts);
  service->Unary<v1::ConfirmClockRequest, v1::ConfirmClockResponse>(
      "ConfirmClock",
      [parts](const v1::ConfirmClockRequest& request,
              const rpc::CallInfo& call) -> absl::StatusOr<v1::ConfirmClockResponse> {
        if (!request.has_time()) {
          return domain::BadField("time", "missing; state what time it is");
        }
        RETURN_IF_ERROR(parts.clock_guard.Confirm(absl::FromUnixSeconds(request.time().seconds())));
        parts.log.Info("clock confirmed", {{"by", call.caller.authority}});
        parts.clock_confirmed();
        return v1::ConfirmClockResponse();
      });
  service->UnaryLater<v1::ResumeLinkRequest, v1::ResumeLinkResponse>(
      "ResumeLink", [parts](const v1::ResumeLinkRequest& request, v1::ResumeLinkResponse*,
                            const rpc::CallInfo& call, const rpc::Done& done) {
        if (request.peer().empty()) return done(domain::BadField("peer", "missing"));
        if (const absl::Status bad = CheckReason(request.reason()); !bad.ok()) return done(bad);
        parts.hub.Resume(
            request.peer(), [&log = parts.log, peer = request.peer(), reason = request.reason(),
                             by = call.caller.authority, done](const absl::Status& resumed) {
              if (resumed.ok()) {
                log.Warning("link resumed", {{"peer", peer}, {"by", by}, {"reason", reason}});
              }
              done(resumed);
            });
      });
  return service;
}

}  // namespace selaras::serve
