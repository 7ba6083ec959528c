#include "services/serve/shown.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

namespace selaras::serve {
namespace {

namespace v1 = query::v1;

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kSecret[] = "canary";

v1::Case SomeCase() {
  v1::Case c;
  c.set_case_id("c-1");
  c.mutable_respondent()->set_name(kSecret);
  c.add_references()->set_raw(kSecret);
  c.add_earlier_nips(kSecret);
  c.set_register_number(kSecret);
  c.set_personal(v1::PERSONAL_STATE_OPEN);
  return c;
}

v1::TimelineStep SomeStep() {
  v1::TimelineStep step;
  step.mutable_personal()->set_summary(kSecret);
  step.set_entry_key(kSecret);
  step.set_personal_state(v1::PERSONAL_STATE_OPEN);
  step.set_fact_name("case_referred");
  return step;
}

v1::Report SomeReport() {
  v1::Report report;
  report.set_report_id("r-1");
  report.mutable_reporter()->set_name(kSecret);
  report.set_place(kSecret);
  report.set_chronology(kSecret);
  report.add_evidence()->set_sha256(kSecret);
  report.add_references()->set_raw(kSecret);
  report.set_register_number(kSecret);
  v1::ReportMessage* message = report.add_messages();
  message->set_text(kSecret);
  message->set_personal(v1::PERSONAL_STATE_OPEN);
  *report.add_steps() = SomeStep();
  v1::TimelineStep& kept = *report.add_steps();
  kept.mutable_position()->set_log("bawaslu-13/private");
  kept.mutable_fact()->mutable_report_details_recorded()->set_notice_case_id(kSecret);
  report.set_notice_case_id(kSecret);
  report.mutable_break_glass()->set_log("bawaslu-13/private");
  report.set_personal(v1::PERSONAL_STATE_OPEN);
  return report;
}

TEST(Shown, ACaseIsReadIfAnythingSealedOfItIsShown) {
  v1::GetCaseResponse answer;
  *answer.mutable_case_() = SomeCase();
  EXPECT_THAT(ShownIn({}, answer).cases, ElementsAre("c-1"));
  answer.mutable_case_()->clear_respondent();
  EXPECT_THAT(ShownIn({}, answer).cases, ElementsAre("c-1")) << "numbers are sealed, too";
  answer.mutable_case_()->clear_references();
  EXPECT_THAT(ShownIn({}, answer).cases, ElementsAre("c-1"));
  answer.mutable_case_()->clear_earlier_nips();
  EXPECT_THAT(ShownIn({}, answer).cases, ElementsAre("c-1"));
  answer.mutable_case_()->clear_register_number();
  answer.mutable_case_()->mutable_respondent();
  EXPECT_THAT(ShownIn({}, answer).cases, IsEmpty()) << "an erased case shows nobody";
}

TEST(Shown, OfAListThoseAreReadThatShowSomebody) {
  v1::ListCasesResponse cases;
  *cases.add_cases() = SomeCase();
  cases.add_cases()->set_case_id("c-2");
  EXPECT_THAT(ShownIn({}, cases).cases, ElementsAre("c-1"));
  v1::GetWorklistResponse work;
  work.add_items()->set_case_id("c-1");
  work.mutable_items(0)->mutable_respondent()->set_nip(kSecret);
  work.add_items()->set_case_id("c-2");
  EXPECT_THAT(ShownIn({}, work).cases, ElementsAre("c-1"));
  v1::ListReportsResponse reports;
  *reports.add_reports() = SomeReport();
  reports.add_reports()->set_report_id("r-2");
  EXPECT_THAT(ShownIn({}, reports).reports, ElementsAre("r-1"));
}

TEST(Shown, ATimelineIsReadIfAStepOfItIs) {
  v1::GetTimelineResponse answer;
  answer.set_case_id("c-1");
  answer.add_steps()->set_fact_name("case_referred");
  EXPECT_THAT(ShownIn({}, answer).cases, IsEmpty());
  *answer.add_steps() = SomeStep();
  EXPECT_THAT(ShownIn({}, answer).cases, ElementsAre("c-1"));
}

TEST(Shown, EveryPartOfAReportIsOne) {
  for (const char* field :
       {"reporter", "place", "chronology", "evidence", "references", "register_number", "messages",
        "steps", "notice_case_id", "break_glass"}) {
    const v1::Report whole = SomeReport();
    v1::GetReportResponse answer;
    answer.mutable_report()->set_report_id("r-1");
    const auto* descriptor = v1::Report::descriptor()->FindFieldByName(field);
    v1::Report part = whole;
    std::vector<const google::protobuf::FieldDescriptor*> others;
    part.GetReflection()->ListFields(part, &others);
    for (const auto* other : others) {
      if (other != descriptor) part.GetReflection()->ClearField(&part, other);
    }
    answer.mutable_report()->MergeFrom(part);
    EXPECT_THAT(ShownIn({}, answer).reports, ElementsAre("r-1")) << field;
  }
}

TEST(Shown, ThatAPersonHasCasesIsSaidOfThePerson) {
  v1::LookUpCasesResponse answer;
  answer.add_case_ids("c-1");
  v1::LookUpCasesRequest request;
  request.set_number("SK/1");
  EXPECT_THAT(ShownIn(request, answer).cases, IsEmpty()) << "a paper's number names nobody";
  EXPECT_FALSE(ShownIn(request, answer).of_person);
  request.set_nip("1");
  EXPECT_THAT(ShownIn(request, answer).cases, ElementsAre("c-1"));
  EXPECT_TRUE(ShownIn(request, {}).of_person) << "none is an answer, too";
  v1::ListReadsRequest reads;
  reads.set_case_id("c-1");
  EXPECT_TRUE(ShownIn(reads, {}).empty());
  reads.set_nip("1");
  EXPECT_FALSE(ShownIn(reads, {}).empty());
  request.clear_nip();
  request.set_nik("1");
  EXPECT_THAT(ShownIn(request, answer).cases, ElementsAre("c-1"));
}

// What is left of an answer, in one text.
template <typename Answer>
std::string Withheld(Answer answer) {
  EXPECT_NE(answer.DebugString().find(kSecret), std::string::npos);
  EXPECT_TRUE(Withhold(&answer));
  return answer.DebugString();
}

TEST(Shown, OfWhatIsWithheldNothingIsLeftAndItIsSaid) {
  v1::GetCaseResponse one;
  *one.mutable_case_() = SomeCase();
  v1::ListCasesResponse cases;
  *cases.add_cases() = SomeCase();
  v1::GetTimelineResponse timeline;
  *timeline.add_steps() = SomeStep();
  v1::GetReportResponse report;
  *report.mutable_report() = SomeReport();
  v1::ListReportsResponse reports;
  *reports.add_reports() = SomeReport();
  v1::GetWorklistResponse work;
  work.add_items()->mutable_respondent()->set_name(kSecret);
  for (const std::string& left : {Withheld(one), Withheld(cases), Withheld(timeline),
                                  Withheld(report), Withheld(reports), Withheld(work)}) {
    EXPECT_EQ(left.find(kSecret), std::string::npos) << left;
    EXPECT_NE(left.find("PERSONAL_STATE_WITHHELD"), std::string::npos) << left;
  }
  EXPECT_NE(Withheld(timeline).find("case_referred"), std::string::npos);
  EXPECT_NE(Withheld(one).find("c-1"), std::string::npos);
  EXPECT_EQ(Withheld(report).find("private"), std::string::npos) << "nor that there is more";
}

// Whoever adds a text to what is shown of a case or report says here whether it is of a person.
TEST(Shown, EveryTextOfACaseAndReportIsKnownToBePersonalOrNot) {
  const auto texts = [](const google::protobuf::Descriptor* message) {
    std::set<std::string> names;
    for (int i = 0; i < message->field_count(); ++i) {
      const auto* field = message->field(i);
      const bool text = field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING ||
                        field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
      if (text) names.insert(field->name());
    }
    return names;
  };
  EXPECT_THAT(
      texts(v1::Case::descriptor()),
      testing::UnorderedElementsAre(
          "case_id", "holder", "waiting_for", "since", "parties", "report_id", "register_number",
          "source", "motives", "election", "incident_on", "agency_region", "employment_status",
          "position_kind", "rank", "respondent", "violations_alleged", "violations_found",
          "sanction_recommended", "sanction_imposed", "blockers", "references", "sections",
          "allowed_commands", "party_digest", "arrivals", "contradictions", "contest", "stage",
          "phase_override", "marks", "signed_by", "public_status", "role", "conflicts",
          "earlier_nips", "violation_recommended", "awaits", "details", "erasure", "attachments"));
  EXPECT_THAT(texts(v1::Report::descriptor()),
              testing::UnorderedElementsAre("report_id", "author", "source", "election", "region",
                                            "register_number", "received_at", "known_on",
                                            "reporter", "place", "chronology", "evidence",
                                            "case_ids", "references", "messages", "notice_case_id",
                                            "steps", "break_glass", "attachments"));
  EXPECT_THAT(texts(v1::Attachment::descriptor()),
              testing::UnorderedElementsAre("position", "author", "kind", "media_type",
                                            "sealed_sha256", "of", "added_at", "title", "origin",
                                            "signature", "file_name", "sha256", "redacted_from"));
}

TEST(Shown, OfDocumentsStaysWhatTheirEntriesTellEverybody) {
  v1::GetCaseResponse answer;
  answer.mutable_case_()->set_case_id("c-1");
  v1::Attachment& party = *answer.mutable_case_()->add_attachments();
  party.set_personal(v1::PERSONAL_STATE_OPEN);
  party.set_kind("surat");
  party.set_title(kSecret);
  party.mutable_origin()->set_url(kSecret);
  party.mutable_signature()->add_signers()->set_name(kSecret);
  party.set_file_name(kSecret);
  party.set_sha256(kSecret);
  v1::Attachment& internal = *answer.mutable_case_()->add_attachments();
  internal.set_personal(v1::PERSONAL_STATE_OPEN);
  internal.set_internal(true);
  EXPECT_THAT(ShownIn({}, answer).cases, ElementsAre("c-1"));
  EXPECT_EQ(Withheld(answer).find(kSecret), std::string::npos);
  ASSERT_TRUE(Withhold(&answer));
  ASSERT_EQ(answer.case_().attachments_size(), 1) << "what stays in the office is left out";
  EXPECT_EQ(answer.case_().attachments(0).kind(), "surat");
  EXPECT_EQ(answer.case_().attachments(0).personal(), v1::PERSONAL_STATE_WITHHELD);
}

TEST(Shown, WhatShowsNobodyStaysAsItIs) {
  v1::GetCaseResponse answer;
  answer.mutable_case_()->set_personal(v1::PERSONAL_STATE_ERASED);
  EXPECT_TRUE(Withhold(&answer));
  EXPECT_EQ(answer.case_().personal(), v1::PERSONAL_STATE_ERASED);
}

TEST(Shown, AnAnswerThatIsAllAboutThePersonCannotBeGivenWithout) {
  v1::LookUpCasesResponse answer;
  EXPECT_FALSE(Withhold(&answer));
}

}  // namespace
}  // namespace selaras::serve
