#include "services/serve/read_recorder.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/domain/decide.h"
#include "services/domain/refusal.h"
#include "services/serve/viewer_of.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

// Beyond it a read is recorded again: memory stays bounded whatever callers ask for.
constexpr std::size_t kRememberedMax = 100'000;

absl::Status AnswersWait() {
  return domain::Refusal(absl::StatusCode::kResourceExhausted, "ANSWERS_WAIT",
                         "too many answers wait until it is recorded that they are given; try "
                         "again");
}

std::string KeyOf(const std::string& reader, absl::string_view id) {
  return absl::StrCat(reader, "\n", id);
}

void DropKnown(const std::set<std::string>& known, const std::string& reader,
               std::set<std::string>* ids) {
  std::erase_if(*ids, [&](const std::string& id) { return known.contains(KeyOf(reader, id)); });
}

}  // namespace

ReadRecorder::ReadRecorder(Submit submit, const reference::Catalogue& catalogue,
                           runtime::Clock& clock, bool purpose_required)
    : submit_(std::move(submit)),
      catalogue_(catalogue),
      clock_(clock),
      purpose_required_(purpose_required) {
  thread_.Start([this] { Run(); });
}

ReadRecorder::~ReadRecorder() { Stop(); }

void ReadRecorder::Answer(std::function<void()> done) {
  {
    const std::lock_guard lock(answers_mutex_);
    answers_.push_back(std::move(done));
  }
  thread_.Wake();
}

void ReadRecorder::Run() {
  while (thread_.Await() != WorkerThread::Woken::kToEnd) AnswerAll();
  AnswerAll();
}

void ReadRecorder::AnswerAll() {
  while (true) {
    std::vector<std::function<void()>> answers;
    {
      const std::lock_guard lock(answers_mutex_);
      answers.swap(answers_);
    }
    if (answers.empty()) return;
    for (std::function<void()>& answer : answers) std::exchange(answer, nullptr)();
  }
}

absl::Status ReadRecorder::Check(const query::v1::Reading& reading) const {
  const auto check = [&]() -> absl::Status {
    RETURN_IF_ERROR(domain::CheckOfficer(reading.officer(), catalogue_));
    if (reading.purpose().empty() && !purpose_required_) return absl::OkStatus();
    return domain::CheckCode("purpose", "read_purpose", reading.purpose(), catalogue_);
  };
  return domain::InField("reading", check());
}

std::int64_t ReadRecorder::Span() const {
  return absl::ToUnixSeconds(clock_.Now()) / absl::ToInt64Seconds(kSpan);
}

void ReadRecorder::DropRecorded(const std::string& reader, Shown* shown) {
  const std::int64_t span = Span();
  const std::lock_guard lock(mutex_);
  if (span != span_) return;
  DropKnown(recorded_, reader, &shown->cases);
  DropKnown(recorded_, reader, &shown->reports);
}

void ReadRecorder::Remember(const std::string& reader, std::int64_t span, const Shown& shown) {
  const std::lock_guard lock(mutex_);
  if (span != span_ || recorded_.size() > kRememberedMax) {
    recorded_.clear();
    span_ = span;
  }
  for (const auto* ids : {&shown.cases, &shown.reports}) {
    for (const std::string& id : *ids) recorded_.insert(KeyOf(reader, id));
  }
}

void ReadRecorder::Record(const rpc::CallInfo& call, const query::v1::Reading& reading, Shown shown,
                          std::size_t answer_bytes, std::function<void(const absl::Status&)> done) {
  absl::string_view method(call.method);
  for (const absl::string_view package : {"/selaras.query.v1.", "/selaras.attachment.v1."}) {
    absl::ConsumePrefix(&method, package);
  }
  const std::string how =
      shown.besides.empty() ? std::string(method) : absl::StrCat(method, " with ", shown.besides);
  const std::string reader = absl::StrCat(
      call.caller.authority, "\n", runtime::NameOf(call.caller.role), "\n", how, "\n",
      reading.purpose(), "\n", reading.officer().mandate(), "\n", reading.officer().officer_id(),
      "\n", shown.break_glass ? shown.break_glass->sequence() + 1 : 0);
  if (!shown.of_person) DropRecorded(reader, &shown);
  if (shown.empty()) return done(absl::OkStatus());
  if (waiting_bytes_.fetch_add(answer_bytes) + answer_bytes > kWaitingBytesMax) {
    waiting_bytes_ -= answer_bytes;
    return done(AnswersWait());
  }

  auto fact = std::make_shared<event::v1::PersonalDataRead>();
  fact->set_method(how);
  fact->set_purpose(reading.purpose());
  fact->set_role(std::string(runtime::NameOf(call.caller.role)));
  for (const std::string& id : shown.cases) fact->add_case_ids(id);
  for (const std::string& id : shown.reports) fact->add_report_ids(id);
  if (shown.break_glass) *fact->mutable_break_glass() = *shown.break_glass;
  node::Request request;
  request.header.set_authority(call.caller.authority);
  if (!call.grant.mandates.empty()) {
    // The log is of the authorities of this node: who acts for them stands beside.
    const std::string& on_behalf_of = call.grant.mandates.begin()->first;
    request.header.set_authority(on_behalf_of);
    request.delegation = DelegationOf(call, on_behalf_of);
  }
  if (reading.has_officer()) *request.header.mutable_officer() = reading.officer();
  request.body = std::move(fact);
  // That of before: a record of the moment at which a span ends is not one of the next.
  const std::int64_t span = Span();
  submit_(std::move(request), [this, reader, span, answer_bytes, shown = std::move(shown),
                               done = std::move(done)](const node::Outcome& outcome) {
    if (outcome.ok()) Remember(reader, span, shown);
    Answer([this, answer_bytes, done, status = outcome.status()] {
      done(status);
      waiting_bytes_ -= answer_bytes;
    });
  });
}

}  // namespace selaras::serve
