#include "services/runtime/access.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kCommand = "/selaras.intake.v1.IntakeService/ReceiveReport";
constexpr absl::string_view kRead = "/selaras.query.v1.QueryService/GetCase";
constexpr absl::string_view kReport = "/selaras.query.v1.QueryService/GetReport";
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

const Access& OfNode() {
  static const Access* const kAccess = new Access(Node());
  return *kAccess;
}

// What the caller may reach; it must be let through.
Grant Granted(const Identity& caller, absl::string_view method, const Access& access = OfNode()) {
  const auto grant = access.Admit(caller, method);
  EXPECT_TRUE(grant.ok()) << grant.status();
  return grant.ok() ? *grant : Grant();
}

// A call as rpc handles it: first the method, then, of a command, for whom it is sent.
absl::Status Call(const Identity& caller, absl::string_view method, absl::string_view authority) {
  const auto grant = OfNode().Admit(caller, method);
  if (!grant.ok()) return grant.status();
  return method == kCommand ? MayCommandFor(caller, *grant, authority) : absl::OkStatus();
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return {};
  return info.reason();
}

std::string Refused(const Identity& caller, absl::string_view method,
                    absl::string_view authority = "") {
  return ReasonOf(Call(caller, method, authority));
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
  EXPECT_EQ(ReasonOf(MayCommandFor(portal, Granted(portal, kReporter), "bawaslu/13")),
            "NOT_YOUR_AUTHORITY");
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
  const absl::Status status = Call({Role::kEntry, "bawaslu/13"}, kCommand, "");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "header.authority"));
}

TEST(Access, DoesNotTellWhatElseThereIs) {
  // The same words whether the authority is the node's, somebody else's or nobody's.
  const Identity office{Role::kBackoffice, "bawaslu/13"};
  const absl::Status status = Call(office, kCommand, "bawaslu/13.04");
  EXPECT_EQ(status, Call(office, kCommand, "bawaslu/99"));
  EXPECT_EQ(status, Call(office, kCommand, "bkn"));
  const absl::Status stranger = Call({Role::kOps, "ppk/13.04"}, kRead, "");
  EXPECT_FALSE(absl::StrContains(stranger.message(), "bawaslu"));
}

TEST(Access, LetsCallersLookForTheirOwnAuthorityAndTheNodesPeopleForAllOfThem) {
  const std::set<std::string> both = {"bawaslu/13", "bawaslu/13.04"};
  EXPECT_EQ(Granted({Role::kBackoffice, "bawaslu/13.04"}, kRead).looks_for,
            std::set<std::string>{"bawaslu/13.04"});
  EXPECT_FALSE(Granted({Role::kBackoffice, "bawaslu/13.04"}, kRead).whole_node);
  EXPECT_EQ(Granted({Role::kEntry, "bawaslu/13"}, kRead).looks_for, both);
  EXPECT_EQ(Granted({Role::kOps, "bawaslu/13"}, kRead).looks_for, both);
  EXPECT_TRUE(Granted({Role::kOps, "bawaslu/13"}, kRead).whole_node);
  EXPECT_FALSE(Granted({Role::kOps, "bawaslu/13"}, kRead).commands);
}

TEST(Access, LetsAnAuditorVerifyLogsAndReachNoCase) {
  const Identity auditor{Role::kAuditor, "bawaslu/13"};
  const Grant grant = Granted(auditor, kLedger);
  EXPECT_TRUE(grant.looks_for.empty());
  EXPECT_FALSE(grant.whole_node);
  EXPECT_FALSE(grant.reads_private_log());
  EXPECT_EQ(Refused(auditor, kHealth), "");
  for (const absl::string_view method :
       {kCommand, kRead, kOperate, kLink, kWitness, kReporter, kRecover}) {
    EXPECT_EQ(Refused(auditor, method, "bawaslu/13"), "NOT_YOUR_METHOD") << method;
  }
}

TEST(Access, ShowsReportersOnlyToTheirOffice) {
  const auto shown = [](const Identity& caller) { return Granted(caller, kReport).sees_reporters; };
  EXPECT_TRUE(shown({Role::kBackoffice, "bawaslu/13"}));
  EXPECT_TRUE(shown({Role::kEntry, "bawaslu/13"}));
  EXPECT_FALSE(shown({Role::kOps, "bawaslu/13"}));
}

TEST(Access, ShowsThePrivateLogOnlyToWhoMaySeeAllOfIt) {
  const Access alone({"bkn", {"bkn"}, {}});
  EXPECT_TRUE(Granted({Role::kEntry, "bawaslu/13"}, kLedger).reads_private_log());
  EXPECT_FALSE(Granted({Role::kBackoffice, "bawaslu/13"}, kLedger).reads_private_log());
  EXPECT_FALSE(Granted({Role::kOps, "bawaslu/13"}, kLedger).reads_private_log());
  EXPECT_TRUE(Granted({Role::kBackoffice, "bkn"}, kLedger, alone).reads_private_log());
  EXPECT_FALSE(Granted({Role::kOps, "bkn"}, kLedger, alone).reads_private_log());
}

TEST(Access, SaysWhichLineOfTheTableRefusesAndWhoMay) {
  const absl::Status status = Call({Role::kOps, "bawaslu/13"}, kCommand, "bawaslu/13");
  const std::string rule =
      absl::StrCat("line ", AccessTable::BuiltIn().Find(kCommand.substr(1))->line, ": ops no");
  EXPECT_TRUE(absl::StrContains(status.message(), "role ops")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), kCommand)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), rule)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "backoffice or entry")) << status;
}

TEST(Access, RefusesWhatAConfiguredTableTakesAway) {
  auto narrow = AccessTable::Parse(
      "own.tsv",
      "method\tbackoffice\tentry\tops\tauditor\tportal\tnode\tpeer\twitness\twhy\n"
      "selaras.query.v1.QueryService/GetCase\tno\town\tno\tno\tno\tno\tno\tno\tless\n");
  ASSERT_TRUE(narrow.ok()) << narrow.status();
  const Access access(Node(), *narrow);
  EXPECT_EQ(Granted({Role::kEntry, "bawaslu/13"}, kRead, access).looks_for,
            std::set<std::string>{"bawaslu/13"});
  EXPECT_EQ(ReasonOf(access.Admit({Role::kBackoffice, "bawaslu/13"}, kRead).status()),
            "NOT_YOUR_METHOD");
  EXPECT_EQ(ReasonOf(access.Admit({Role::kEntry, "bawaslu/13"}, kHealth).status()),
            "NOT_YOUR_METHOD")
      << "it does not name it";
}

TEST(Access, KnowsWhichPeerACertificateBelongsTo) {
  EXPECT_EQ(PeerOf({Role::kNode, "bkn"}, Node()), "bkn");
  EXPECT_EQ(PeerOf({Role::kNode, "bawaslu/13"}, Node()), std::nullopt);
  EXPECT_EQ(PeerOf({Role::kOps, "bkn"}, Node()), std::nullopt);
}

// A method that nobody may call was forgotten.
TEST(Access, LetsSomebodyCallEveryMethodOfTheTable) {
  for (const AccessRow& row : AccessTable::BuiltIn().rows()) {
    EXPECT_TRUE(std::any_of(row.reach.begin(), row.reach.end(), [](Reach reach) {
      return reach != Reach::kNo;
    })) << row.method;
  }
}

// The same node, which gave two mandates, at a moment.
Access WithMandates(const std::string& day) {
  NodeAuthorities node = Node();
  const auto of = [](absl::string_view text) { return *reference::LocalDate::ParseIso(text); };
  node.mandates = {
      {"inspektorat/13", "bawaslu/13", "mandat", "12/SP/2026", of("2026-03-01"), of("2026-03-31")},
      {"inspektorat/13", "bawaslu/13.04", "delegasi", "13/SP/2026", of("2026-03-31"),
       of("2026-06-30")}};
  absl::Time moment;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, day, &moment, &error)) << error;
  return Access(std::move(node), AccessTable::BuiltIn(), {[moment] { return moment; }, nullptr});
}

TEST(Access, ADelegateActsForThoseWhoGaveHimTheRightAndAsLongAsItHolds) {
  const Identity delegate{Role::kBackoffice, "inspektorat/13"};
  const auto looks_for = [&](const std::string& day) {
    return Granted(delegate, kRead, WithMandates(day)).looks_for;
  };
  // The days are of WIB: they begin at 17:00 UTC of the day before.
  EXPECT_EQ(looks_for("2026-02-28T17:00:00Z"), std::set<std::string>({"bawaslu/13"}));
  EXPECT_EQ(looks_for("2026-03-30T17:00:00Z"),
            std::set<std::string>({"bawaslu/13", "bawaslu/13.04"}));
  EXPECT_EQ(looks_for("2026-03-31T17:00:00Z"), std::set<std::string>({"bawaslu/13.04"}));
  for (const std::string day : {"2026-02-28T16:59:59Z", "2026-06-30T17:00:00Z"}) {
    const auto grant = WithMandates(day).Admit(delegate, kRead);
    EXPECT_EQ(ReasonOf(grant.status()), "MANDATE_NOT_IN_FORCE") << day;
    EXPECT_TRUE(absl::StrContains(grant.status().message(), "until 2026-06-30")) << grant.status();
  }
}

TEST(Access, ADelegateMayDoWhatTheBackOfficeMayAndSeesNoReporters) {
  const Identity delegate{Role::kBackoffice, "inspektorat/13"};
  const Access access = WithMandates("2026-03-15T00:00:00Z");
  const Grant reads = Granted(delegate, kReport, access);
  EXPECT_FALSE(reads.sees_reporters);
  EXPECT_FALSE(reads.whole_node);
  EXPECT_FALSE(reads.reads_private_log());
  const Grant commands = Granted(delegate, kCommand, access);
  EXPECT_TRUE(MayCommandFor(delegate, commands, "bawaslu/13").ok());
  EXPECT_EQ(ReasonOf(MayCommandFor(delegate, commands, "bawaslu/13.04")), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(ReasonOf(MayCommandFor(delegate, commands, "inspektorat/13")), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(commands.mandates.at("bawaslu/13").reference, "12/SP/2026");
  EXPECT_EQ(ReasonOf(access.Admit(delegate, kOperate).status()), "NOT_YOUR_METHOD");
}

TEST(Access, AMandateIsForBackOfficesOfThatAuthorityOnly) {
  const Access access = WithMandates("2026-03-15T00:00:00Z");
  for (const Identity& other :
       {Identity{Role::kEntry, "inspektorat/13"}, Identity{Role::kOps, "inspektorat/13"},
        Identity{Role::kNode, "inspektorat/13"}, Identity{Role::kAuditor, "inspektorat/13"},
        Identity{Role::kBackoffice, "inspektorat/14"}, Identity{Role::kBackoffice, "bkn"}}) {
    EXPECT_EQ(ReasonOf(access.Admit(other, kRead).status()), "NOT_YOUR_NODE") << other;
  }
}

TEST(Access, APeerThatIsListedNoMoreReachesNothing) {
  absl::Status listed = absl::OkStatus();
  const Access access(Node(), AccessTable::BuiltIn(), {nullptr, [&](const std::string& peer) {
                                                         EXPECT_EQ(peer, "bkn");
                                                         return listed;
                                                       }});
  const Identity bkn{Role::kNode, "bkn"};
  EXPECT_TRUE(access.Admit(bkn, kLink).ok());
  listed = absl::PermissionDeniedError("not listed");
  for (const auto method : kMethods) {
    EXPECT_EQ(access.Admit(bkn, method).status().code(), absl::StatusCode::kPermissionDenied)
        << method;
  }
  EXPECT_TRUE(access.Admit({Role::kNode, "bawaslu/13"}, kHealth).ok()) << "itself";
}

}  // namespace
}  // namespace selaras::runtime
