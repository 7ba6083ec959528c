#include "services/serve/read_recorder.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/domain/refusal.h"
#include "tests/support/commands.h"

namespace selaras::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class FakeClock final : public runtime::Clock {
 public:
  absl::Time Now() override { return now; }
  absl::Duration Monotonic() override { return absl::ZeroDuration(); }

  absl::Time now = absl::FromUnixSeconds(1'740'000'000);
};

// A sequencer that answers when it is told to.
class ReadRecorderTest : public testing::Test {
 protected:
  std::unique_ptr<ReadRecorder> Make(bool purpose_required = false) {
    return std::make_unique<ReadRecorder>(
        [this](node::Request request, node::Sequencer::Done done) {
          requests_.push_back(std::move(request));
          waiting_.push_back(std::move(done));
        },
        *catalogue_, clock_, purpose_required);
  }

  static rpc::CallInfo By(runtime::Role role, std::string authority,
                          std::string method = "GetCase") {
    return {.caller = {role, std::move(authority)},
            .method = "/selaras.query.v1.QueryService/" + method,
            .from = "",
            .grant = {}};
  }
  static query::v1::Reading For(std::string purpose, std::string officer = "") {
    query::v1::Reading reading;
    reading.set_purpose(std::move(purpose));
    if (!officer.empty()) reading.mutable_officer()->set_officer_id(std::move(officer));
    return reading;
  }
  void Read(ReadRecorder& recorder, const Shown& shown,
            const query::v1::Reading& reading = For("penanganan"),
            const rpc::CallInfo& call = By(runtime::Role::kBackoffice, "bkn")) {
    recorder.Record(call, reading, shown, answer_bytes_, [this](const absl::Status& status) {
      const std::lock_guard lock(mutex_);
      answers_.push_back(status);
      answered_.notify_all();
    });
  }
  // Answers those who wait, and waits until they have heard it.
  void Answer(const node::Outcome& outcome = command::v1::CommandOutcome()) {
    std::unique_lock lock(mutex_);
    const std::size_t all = answers_.size() + waiting_.size();
    lock.unlock();
    for (auto& done : std::exchange(waiting_, {})) done(outcome);
    lock.lock();
    answered_.wait(lock, [&] { return answers_.size() == all; });
  }
  const event::v1::PersonalDataRead& fact(std::size_t at) const {
    return static_cast<const event::v1::PersonalDataRead&>(*requests_[at].body);
  }

  const std::shared_ptr<const reference::Catalogue> catalogue_ = test::ShippedCatalogue();
  FakeClock clock_;
  std::size_t answer_bytes_ = 1'000;
  std::vector<node::Request> requests_;
  std::vector<node::Sequencer::Done> waiting_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::vector<absl::Status> answers_;  // under mutex_, while a recorder lives
};

TEST_F(ReadRecorderTest, NobodyIsAnsweredBeforeTheReadIsDurable) {
  const auto made = Make();
  ReadRecorder& recorder = *made;
  Read(recorder, {.cases = {"c-2", "c-1"}, .reports = {"r-1"}}, For("hukum", "p-17"));
  EXPECT_THAT(answers_, IsEmpty());
  ASSERT_THAT(requests_, SizeIs(1));
  EXPECT_EQ(requests_[0].header.authority(), "bkn");
  EXPECT_EQ(requests_[0].header.officer().officer_id(), "p-17");
  EXPECT_EQ(fact(0).method(), "QueryService/GetCase");
  EXPECT_EQ(fact(0).purpose(), "hukum");
  EXPECT_EQ(fact(0).role(), "backoffice");
  EXPECT_THAT(fact(0).case_ids(), ElementsAre("c-1", "c-2"));
  EXPECT_THAT(fact(0).report_ids(), ElementsAre("r-1"));
  Answer();
  EXPECT_THAT(answers_, ElementsAre(absl::OkStatus()));
}

TEST_F(ReadRecorderTest, AQuestionAboutAPersonIsRecordedWhateverTheAnswerAndEachTime) {
  const auto made = Make();
  for (int i = 0; i < 2; ++i) {
    Read(*made, {.of_person = true});
    Read(*made, {.cases = {"c-1"}, .of_person = true});
    ASSERT_THAT(waiting_, SizeIs(2));
    Answer();
  }
  EXPECT_THAT(fact(2).case_ids(), IsEmpty());
  EXPECT_THAT(fact(3).case_ids(), ElementsAre("c-1"));
}

TEST_F(ReadRecorderTest, WhatIsHandedOutBesidesIsAnotherRead) {
  const auto made = Make();
  Read(*made, {.cases = {"c-1"}});
  Answer();
  Read(*made, {.cases = {"c-1"}, .besides = "entry keys"});
  ASSERT_THAT(requests_, SizeIs(2));
  EXPECT_EQ(fact(1).method(), "QueryService/GetCase with entry keys");
}

TEST_F(ReadRecorderTest, AnswersThatWaitAreBoundedByWhatTheyHold) {
  const auto made = Make();
  answer_bytes_ = ReadRecorder::kWaitingBytesMax / 2;
  Read(*made, {.cases = {"c-1"}});
  Read(*made, {.cases = {"c-2"}});
  Read(*made, {.cases = {"c-3"}});
  EXPECT_THAT(requests_, SizeIs(2));
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(domain::ReasonOf(answers_[0]), "ANSWERS_WAIT");
  Answer();
  made->Stop();  // so that they are counted off
  Read(*made, {.cases = {"c-3"}});
  EXPECT_THAT(requests_, SizeIs(3));
}

TEST_F(ReadRecorderTest, WhoIsShownNothingOfPersonsIsNotRecorded) {
  const auto made = Make();
  ReadRecorder& recorder = *made;
  Read(recorder, {});
  EXPECT_THAT(requests_, IsEmpty());
  EXPECT_THAT(answers_, SizeIs(1));
}

TEST_F(ReadRecorderTest, TheSameReadIsRecordedOnceInTenMinutesOfTheClock) {
  const auto made = Make();
  ReadRecorder& recorder = *made;
  clock_.now = absl::FromUnixSeconds(1'740'000'000);  // when ten minutes begin
  Read(recorder, {.cases = {"c-1"}, .reports = {}});
  Answer();
  Read(recorder, {.cases = {"c-1"}, .reports = {}});
  EXPECT_THAT(requests_, SizeIs(1));
  EXPECT_THAT(answers_, SizeIs(2));
  Read(recorder, {.cases = {"c-1", "c-2"}, .reports = {}});
  ASSERT_THAT(requests_, SizeIs(2));
  EXPECT_THAT(fact(1).case_ids(), ElementsAre("c-2")) << "only what is new";
  Answer();
  clock_.now += absl::Seconds(599);
  Read(recorder, {.cases = {"c-1", "c-2"}, .reports = {}});
  EXPECT_THAT(requests_, SizeIs(2));
  clock_.now += absl::Seconds(1);
  Read(recorder, {.cases = {"c-1"}, .reports = {}});
  EXPECT_THAT(requests_, SizeIs(3));
}

TEST_F(ReadRecorderTest, AnotherReaderMethodPurposeOrOfficerIsAnotherRead) {
  const auto made = Make();
  ReadRecorder& recorder = *made;
  const Shown shown{.cases = {"c-1"}, .reports = {}};
  Read(recorder, shown);
  Answer();
  Read(recorder, shown, For("hukum"));
  Read(recorder, shown, For("penanganan", "p-17"));
  Read(recorder, shown, For("penanganan"), By(runtime::Role::kOps, "bkn"));
  Read(recorder, shown, For("penanganan"), By(runtime::Role::kBackoffice, "kasn"));
  Read(recorder, shown, For("penanganan"), By(runtime::Role::kBackoffice, "bkn", "GetTimeline"));
  Read(recorder, {.cases = {}, .reports = {"r-1"}});
  EXPECT_THAT(requests_, SizeIs(7));
}

TEST_F(ReadRecorderTest, WhatCouldNotBeRecordedIsAnErrorAndIsNotTakenForRecorded) {
  const auto made = Make();
  ReadRecorder& recorder = *made;
  Read(recorder, {.cases = {"c-1"}, .reports = {}});
  Answer(absl::UnavailableError("the disk is full"));
  EXPECT_THAT(answers_, ElementsAre(absl::UnavailableError("the disk is full")));
  Read(recorder, {.cases = {"c-1"}, .reports = {}});
  EXPECT_THAT(requests_, SizeIs(2));
}

TEST_F(ReadRecorderTest, APurposeIsACodeOfTheListAndMayBeRequired) {
  const auto of_lenient = Make();
  const ReadRecorder& lenient = *of_lenient;
  EXPECT_TRUE(lenient.Check({}).ok());
  EXPECT_TRUE(lenient.Check(For("subjek_data")).ok());
  EXPECT_THAT(lenient.Check(For("iseng")).message(), HasSubstr("reading.purpose"));
  EXPECT_THAT(lenient.Check(For("hukum", std::string(65, 'x'))).message(),
              HasSubstr("reading.officer.officer_id"));
  const auto of_strict = Make(/*purpose_required=*/true);
  const ReadRecorder& strict = *of_strict;
  EXPECT_THAT(strict.Check({}).message(), HasSubstr("reading.purpose"));
  EXPECT_TRUE(strict.Check(For("hukum")).ok());
}

}  // namespace
}  // namespace selaras::serve
