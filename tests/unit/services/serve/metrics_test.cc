#include "services/serve/metrics.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::serve {
namespace {

using testing::HasSubstr;
using testing::Not;

NodeFigures Figures() {
  NodeFigures figures;
  figures.node = "bkn";
  figures.role = "referral";
  figures.version = "1.2.3";
  figures.logs = {{"bkn", false, 12, 12, 11}, {"bawaslu-13", true, 40, 5, 0}};
  LinkStatus link;
  link.peer = "bawaslu-13";
  link.session.connected = true;
  link.session.received_size = {40};
  link.session.arrived_size = {9};
  link.fault = "a fault that somebody wrote";
  figures.links.push_back(link);
  figures.queued = 3;
  const auto peer = runtime::CertificateEnd::Kind::kPeer;
  figures.certificates = {{peer, "bawaslu-13", absl::FromUnixSeconds(1'900'000'000)},
                          {peer, "bawaslu-13", absl::FromUnixSeconds(1'800'000'000)}};
  figures.calls[{"/selaras.query.v1.QueryService/GetCase", absl::StatusCode::kNotFound}] = 7;
  figures.refused["NO_CERTIFICATE"] = 2;
  return figures;
}

TEST(Metrics, ShowLogsLinksQueueAndCalls) {
  const std::string text = MetricsText(Figures());
  for (
      const char* line :
      {R"(selaras_build_info{node="bkn",role="referral",version="1.2.3"} 1)",
       R"(selaras_log_leaves{log="bkn"} 12)", R"(selaras_log_leaves{log="bawaslu-13"} 40)",
       R"(selaras_log_entries{log="bawaslu-13"} 5)",
       R"(selaras_log_published_leaves{log="bkn"} 11)", R"(selaras_log_mirror{log="bawaslu-13"} 1)",
       R"(selaras_link_connected{peer="bawaslu-13"} 1)",
       R"(selaras_link_stopped{peer="bawaslu-13"} 0)",
       R"(selaras_link_received_leaves{peer="bawaslu-13"} 40)",
       R"(selaras_link_arrived_leaves{peer="bawaslu-13"} 9)", "selaras_sequencer_queued_requests 3",
       R"(selaras_certificate_ends_timestamp_seconds{kind="peer",name="bawaslu-13"} 1800000000)",
       R"(selaras_refused_connections_total{reason="NO_CERTIFICATE"} 2)",
       "selaras_accepts_commands 1", "# TYPE selaras_calls_total counter",
       R"(selaras_calls_total{method="/selaras.query.v1.QueryService/GetCase",code="NOT_FOUND"} 7)"}) {
    EXPECT_THAT(text, HasSubstr(absl::StrCat(line, "\n")));
  }
}

TEST(Metrics, ShowNothingThatSomebodyWrote) {
  EXPECT_THAT(MetricsText(Figures()), Not(HasSubstr("somebody wrote")));
}

TEST(Metrics, ANodeWithoutAScrubberSaysNothingOfOne) {
  EXPECT_THAT(MetricsText(Figures()), Not(HasSubstr("scrub")));
}

TEST(Metrics, ShowTheLastFullPassOnceThereWasOne) {
  NodeFigures figures = Figures();
  figures.scrub.emplace();
  figures.scrub->stage = "log/bkn";
  figures.scrub->findings = 2;
  figures.scrub->good = false;
  std::string text = MetricsText(figures);
  EXPECT_THAT(text, HasSubstr("selaras_scrub_good 0\n"));
  EXPECT_THAT(text, HasSubstr("selaras_scrub_running 1\n"));
  EXPECT_THAT(text, HasSubstr("selaras_scrub_running_findings 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("last_full_pass")));

  storage::v1::ScrubTally& last = *figures.scrub->remembered.mutable_last();
  last.mutable_began()->set_seconds(1'700'000'000);
  last.mutable_finished()->set_seconds(1'700'000'090);
  last.set_entries(52);
  last.set_bytes(4'096);
  last.set_findings(1);
  last.set_first("state case/x");
  text = MetricsText(figures);
  for (const char* line : {"timestamp_seconds 1700000090", "duration_seconds 90", "entries 52",
                           "bytes 4096", "findings 1"}) {
    EXPECT_THAT(text, HasSubstr(absl::StrCat("selaras_scrub_last_full_pass_", line, "\n")));
  }
  EXPECT_THAT(text, Not(HasSubstr("case/x")));
}

TEST(Metrics, AnAddressThatIsTakenIsAnErrorThatNamesIt) {
  const auto first = MetricsEndpoint::Start("127.0.0.1:0", Figures);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT((*first)->address(), Not(HasSubstr(":0")));
  const auto second = MetricsEndpoint::Start((*first)->address(), Figures);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(absl::StrCat("metrics ", (*first)->address(), ": cannot listen there; ")));
}

}  // namespace
}  // namespace selaras::serve
