#include "services/runtime/access.h"

#include <array>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "selaras/intake/v1/intake.pb.h"
#include "selaras/intake/v1/reporter.pb.h"
#include "selaras/ledger/v1/ledger.pb.h"
#include "selaras/ledger/v1/link.pb.h"
#include "selaras/ledger/v1/operations.pb.h"
#include "selaras/ledger/v1/recovery.pb.h"
#include "selaras/ledger/v1/witness.pb.h"
#include "selaras/query/v1/query.pb.h"
#include "selaras/query/v1/statistics.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "google/rpc/error_details.pb.h"
#include "grpc/health/v1/health.pb.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kCommand = "/selaras.intake.v1.IntakeService/ReceiveReport";
constexpr absl::string_view kRead = "/selaras.query.v1.QueryService/GetCase";
constexpr absl::string_view kLedger = "/selaras.ledger.v1.LedgerService/ListEntries";
constexpr absl::string_view kOperate = "/selaras.ledger.v1.OperationsService/ConfirmClock";
constexpr absl::string_view kWitness = "/selaras.ledger.v1.WitnessService/AddCosignature";
constexpr absl::string_view kLink = "/selaras.ledger.v1.LinkService/Link";
constexpr absl::string_view kRecover = "/selaras.ledger.v1.RecoveryService/GetHeld";
constexpr absl::string_view kReporter = "/selaras.intake.v1.ReporterService/GetReportStatus";
constexpr absl::string_view kHealth = "/grpc.health.v1.Health/Check";

constexpr std::array kMethods = {kCommand, kRead,     kLedger, kOperate, kLink,
                                 kWitness, kReporter, kHealth, kRecover};

// A node of two offices with one peer and one witness.
NodeAuthorities Node() {
  return {"bawaslu-13", {"bawaslu/13", "bawaslu/13.04"}, {{"bkn", "bkn"}}, {"ombudsman"}};
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return {};
  return info.reason();
}

std::string Refused(const Identity& caller, absl::string_view method,
                    absl::string_view authority = "") {
  return ReasonOf(Authorize(caller, method, authority, Node()));
}

TEST(Access, LetsABackOfficeReadAndCommandForItsOwnAuthority) {
  const Identity office{Role::kBackoffice, "bawaslu/13"};
  EXPECT_EQ(Refused(office, kCommand, "bawaslu/13"), "");
  EXPECT_EQ(Refused(office, kRead), "");
  EXPECT_EQ(Refused(office, kLedger), "");
  EXPECT_EQ(Refused(office, kHealth), "");
  EXPECT_EQ(Refused(office, kLink), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(office, kOperate), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(office, kCommand, "bawaslu/13.04"), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(Refused(office, kCommand, "bawaslu/12"), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(Refused(office, kCommand, "no such"), "NOT_YOUR_AUTHORITY");
}

TEST(Access, LetsDataEntryCommandForEveryAuthorityOfTheNode) {
  const Identity entry{Role::kEntry, "bawaslu/13"};
  EXPECT_EQ(Refused(entry, kCommand, "bawaslu/13"), "");
  EXPECT_EQ(Refused(entry, kCommand, "bawaslu/13.04"), "");
  EXPECT_EQ(Refused(entry, kRead), "");
  EXPECT_EQ(Refused(entry, kCommand, "bawaslu/12"), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(Refused(entry, kCommand, "bkn"), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(Refused(entry, kLink), "NOT_YOUR_METHOD");
}

TEST(Access, LetsOperationsReadOnly) {
  const Identity ops{Role::kOps, "bawaslu/13"};
  EXPECT_EQ(Refused(ops, kRead), "");
  EXPECT_EQ(Refused(ops, kLedger), "");
  EXPECT_EQ(Refused(ops, kOperate), "");
  EXPECT_EQ(Refused(ops, kHealth), "");
  EXPECT_EQ(Refused(ops, kCommand, "bawaslu/13"), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(ops, kLink), "NOT_YOUR_METHOD");
}

TEST(Access, LetsThePortalSpeakForReportersAndNothingElse) {
  const Identity portal{Role::kPortal, "bawaslu/13"};
  EXPECT_EQ(Refused(portal, kReporter), "");
  EXPECT_EQ(Refused(portal, kHealth), "");
  EXPECT_EQ(Refused(portal, kRead), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(portal, kLedger), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(portal, kLink), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(portal, kCommand, "bawaslu/13"), "NOT_YOUR_METHOD");
  EXPECT_EQ(MayCommandFor(portal, "bawaslu/13", Node()).code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(Access, LetsNobodyButThePortalSpeakForReporters) {
  for (const Role role : {Role::kNode, Role::kEntry, Role::kBackoffice, Role::kOps}) {
    EXPECT_EQ(Refused({role, "bawaslu/13"}, kReporter), "NOT_YOUR_METHOD") << NameOf(role);
  }
  EXPECT_EQ(Refused({Role::kNode, "bkn"}, kReporter), "NOT_YOUR_METHOD");
}

TEST(Access, LetsAWitnessThatIsNamedCosignAndNothingElse) {
  const Identity witness{Role::kWitness, "ombudsman"};
  EXPECT_EQ(Refused(witness, kWitness), "");
  EXPECT_EQ(Refused(witness, kHealth), "");
  for (const absl::string_view method : {kCommand, kRead, kLedger, kOperate, kLink, kReporter}) {
    EXPECT_EQ(Refused(witness, method, "bawaslu/13"), "NOT_YOUR_METHOD") << method;
  }
  for (const absl::string_view method : kMethods) {
    for (const std::string stranger : {"bpk", "bkn", "bawaslu/13"}) {
      EXPECT_EQ(Refused({Role::kWitness, stranger}, method, "bawaslu/13"), "NOT_YOUR_NODE")
          << "whoever it is elsewhere";
    }
  }
  for (const Role role : {Role::kNode, Role::kEntry, Role::kOps}) {
    EXPECT_EQ(Refused({role, "ombudsman"}, kWitness), "NOT_YOUR_NODE");
    EXPECT_EQ(Refused({role, "bawaslu/13"}, kWitness), "NOT_YOUR_METHOD");
  }
}

TEST(Access, LetsAPeerLinkAndReadItsOwnLogBackAndNothingElse) {
  const Identity peer{Role::kNode, "bkn"};
  EXPECT_EQ(Refused(peer, kLink), "");
  EXPECT_EQ(Refused(peer, kRecover), "");
  EXPECT_EQ(Refused(peer, kHealth), "");
  EXPECT_EQ(Refused(peer, kRead), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(peer, kLedger), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(peer, kOperate), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(peer, kCommand, "bkn"), "NOT_YOUR_METHOD");
}

TEST(Access, LetsTheNodesOwnCertificateOnlyProbe) {
  const Identity self{Role::kNode, "bawaslu/13"};
  EXPECT_EQ(Refused(self, kHealth), "");
  EXPECT_EQ(Refused(self, kLink), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(self, kRecover), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(self, kRead), "NOT_YOUR_METHOD");
  EXPECT_EQ(Refused(self, kCommand, "bawaslu/13"), "NOT_YOUR_METHOD");
}

TEST(Access, LetsTheAuthorityOfNobodyReachNothing) {
  for (const Role role :
       {Role::kNode, Role::kEntry, Role::kBackoffice, Role::kOps, Role::kPortal}) {
    for (const absl::string_view method : kMethods) {
      EXPECT_EQ(Refused({role, "ppk/13.04"}, method, "bawaslu/13"), "NOT_YOUR_NODE");
    }
  }
}

TEST(Access, LetsPeopleOfAPeersAuthorityReachNothing) {
  for (const Role role : {Role::kEntry, Role::kBackoffice, Role::kOps, Role::kPortal}) {
    for (const absl::string_view method : kMethods) {
      EXPECT_EQ(Refused({role, "bkn"}, method, "bkn"), "NOT_YOUR_NODE");
    }
  }
}

TEST(Access, RefusesMethodsThatTheTableDoesNotName) {
  for (const absl::string_view method :
       {"", "/", "selaras.query.v1.QueryService/GetCase", "/selaras.query.v1.QueryService",
        "/selaras.query.v1.QueryService/", "/selaras.query.v2.QueryService/GetCase",
        "/grpc.channelz.v1.Channelz/GetServers"}) {
    EXPECT_EQ(Refused({Role::kEntry, "bawaslu/13"}, method, "bawaslu/13"), "NOT_YOUR_METHOD")
        << method;
  }
}

TEST(Access, AsksForTheAuthorityOfACommand) {
  const absl::Status status = Authorize({Role::kEntry, "bawaslu/13"}, kCommand, "", Node());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "header.authority"));
}

TEST(Access, DoesNotTellWhatElseThereIs) {
  // The same words whether the authority is the node's, somebody else's or nobody's.
  const Identity office{Role::kBackoffice, "bawaslu/13"};
  const absl::Status status = Authorize(office, kCommand, "bawaslu/13.04", Node());
  EXPECT_EQ(status, Authorize(office, kCommand, "bawaslu/99", Node()));
  EXPECT_EQ(status, Authorize(office, kCommand, "bkn", Node()));
  const absl::Status stranger = Authorize({Role::kOps, "ppk/13.04"}, kRead, "", Node());
  EXPECT_FALSE(absl::StrContains(stranger.message(), "bawaslu"));
}

TEST(Access, ShowsReportersOnlyToTheirOffice) {
  const NodeAuthorities node = Node();
  EXPECT_TRUE(MaySeeReporter({Role::kBackoffice, "bawaslu/13"}, "bawaslu/13", node));
  EXPECT_TRUE(MaySeeReporter({Role::kEntry, "bawaslu/13"}, "bawaslu/13.04", node));
  EXPECT_FALSE(MaySeeReporter({Role::kBackoffice, "bawaslu/13"}, "bawaslu/13.04", node));
  EXPECT_FALSE(MaySeeReporter({Role::kOps, "bawaslu/13"}, "bawaslu/13", node));
  EXPECT_FALSE(MaySeeReporter({Role::kNode, "bkn"}, "bawaslu/13", node));
  EXPECT_FALSE(MaySeeReporter({Role::kPortal, "bawaslu/13"}, "bawaslu/13", node));
  EXPECT_FALSE(MaySeeReporter({Role::kBackoffice, "bkn"}, "bkn", node));
}

TEST(Access, ShowsThePrivateLogOnlyToWhoMaySeeAllOfIt) {
  EXPECT_TRUE(MayReadPrivateLog({Role::kEntry, "bawaslu/13"}, Node()));
  EXPECT_FALSE(MayReadPrivateLog({Role::kBackoffice, "bawaslu/13"}, Node()));
  EXPECT_FALSE(MayReadPrivateLog({Role::kOps, "bawaslu/13"}, Node()));
  EXPECT_TRUE(MayReadPrivateLog({Role::kBackoffice, "bkn"}, {"bkn", {"bkn"}, {}}));
}

TEST(Access, KnowsWhichPeerACertificateBelongsTo) {
  EXPECT_EQ(PeerOf({Role::kNode, "bkn"}, Node()), "bkn");
  EXPECT_EQ(PeerOf({Role::kNode, "bawaslu/13"}, Node()), std::nullopt);
  EXPECT_EQ(PeerOf({Role::kOps, "bkn"}, Node()), std::nullopt);
}

// The table must not fall behind the contract: a method that nobody may call was forgotten.
TEST(Access, HasARowForEveryMethodOfTheContract) {
  const std::vector<const google::protobuf::FileDescriptor*> files = {
      intake::v1::ReceiveReport::descriptor()->file(),
      intake::v1::GetReportStatusRequest::descriptor()->file(),
      referral::v1::ExecuteBatchRequest::descriptor()->file(),
      sanction::v1::ExecuteBatchRequest::descriptor()->file(),
      query::v1::GetCaseRequest::descriptor()->file(),
      query::v1::GetStatisticsRequest::descriptor()->file(),
      ledger::v1::GetNodeRequest::descriptor()->file(),
      ledger::v1::LinkRequest::descriptor()->file(),
      ledger::v1::ConfirmClockRequest::descriptor()->file(),
      ledger::v1::AddCosignatureRequest::descriptor()->file(),
      ledger::v1::GetHeldRequest::descriptor()->file(),
      grpc::health::v1::HealthCheckRequest::descriptor()->file()};
  int methods = 0;
  for (const auto* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        const std::string method = absl::StrCat("/", file->service(i)->full_name(), "/",
                                                file->service(i)->method(j)->name());
        const bool takes_header =
            file->service(i)->method(j)->input_type()->FindFieldByName("header") != nullptr;
        EXPECT_EQ(IsCommand(method), takes_header) << method;
        EXPECT_TRUE(MayCall({Role::kEntry, "bawaslu/13"}, method, Node()).ok() ||
                    MayCall({Role::kPortal, "bawaslu/13"}, method, Node()).ok() ||
                    MayCall({Role::kOps, "bawaslu/13"}, method, Node()).ok() ||
                    MayCall({Role::kWitness, "ombudsman"}, method, Node()).ok() ||
                    MayCall({Role::kNode, "bkn"}, method, Node()).ok())
            << method;
        ++methods;
      }
    }
  }
  EXPECT_GT(methods, 30);
}

}  // namespace
}  // namespace selaras::runtime
