#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/channel.h>
#include <gtest/gtest.h>

#include "selaras/config/v1/config.pb.h"
#include "selaras/intake/v1/intake.pb.h"

#include "services/rpc/server.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/runtime/tls_in_force.h"
#include "tests/support/pki.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {

inline constexpr char kReceiveReport[] = "/selaras.intake.v1.IntakeService/ReceiveReport";
inline constexpr char kExecuteBatch[] = "/selaras.intake.v1.IntakeService/ExecuteBatch";
inline constexpr char kGetCase[] = "/selaras.query.v1.QueryService/GetCase";
inline constexpr char kTailEntries[] = "/selaras.ledger.v1.LedgerService/TailEntries";
inline constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";
inline constexpr char kReflection[] =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

// So many requests of one ExecuteStream are under way at most.
inline constexpr std::size_t kStreamRequests = 4;

// A node of bawaslu/13 without anything behind it, served over mutual TLS.
//
// GetCase answers with the id that it is asked for; ReceiveReport answers from another thread when
// `answer_report_` says so, by itself at once; TailEntries says two messages; `answer_stream_`
// answers each request of an ExecuteStream. ExecuteBatch is not added.
class Serving : public testing::Test {
 protected:
  using Report = std::function<void(const intake::v1::ReceiveReportRequest&,
                                    intake::v1::ReceiveReportResponse*, rpc::Done)>;
  using Streamed = std::function<void(const intake::v1::ExecuteStreamRequest&,
                                      intake::v1::ExecuteStreamResponse*, rpc::Done)>;

  Serving();
  ~Serving() override;

  // Made once for all tests of the program: node intake; entry, office, ops of the authority;
  // stranger of another one; peer; expired; and two, whose certificate names two identities.
  static const Pki& pki();

  absl::StatusOr<std::unique_ptr<rpc::Server>> Start();
  // With what `config_` says now.
  void Restart();
  std::shared_ptr<grpc::Channel> As(const std::string& name) const;

  // A complete command for an authority.
  static intake::v1::ReceiveReportRequest Command(const std::string& authority);

  std::string Logged() const;

  TempDirectory folder_;
  config::v1::NodeConfig config_;
  runtime::Access access_;
  const std::shared_ptr<runtime::TlsInForce> tls_;
  Report answer_report_;
  Streamed answer_stream_;
  std::unique_ptr<rpc::Server> server_;

 private:
  void AddMethods();

  mutable std::mutex log_mutex_;
  std::string logged_;
  runtime::SystemClock clock_;
  runtime::Logger log_;
  rpc::Service intake_;
  rpc::Service query_;
  rpc::Service ledger_;
  std::mutex threads_mutex_;
  std::vector<std::thread> threads_;  // under threads_mutex_
};

}  // namespace selaras::test
