#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/case_node.h"
#include "tests/support/refusals.h"
#include "tests/support/requests.h"

namespace selaras::node {

// Four nodes that know each other; the two PPKs do not. Nothing moves by itself.
class NodeTest : public testing::Test {
 protected:
  // A request that opens a report and a case and takes it up to the referral.
  static Request Referring(absl::string_view id, absl::string_view nip = test::kNip) {
    return test::IntakeRequest(id, test::SomeReport(), test::SomeRespondent(nip),
                               test::SomeReview(), test::SomeConclusion(), test::SomeReferral());
  }
  // A request that opens a report and a case and leaves it there.
  static Request Naming(absl::string_view id, absl::string_view nip = test::kNip) {
    return test::IntakeRequest(id, test::SomeReport(), test::SomeRespondent(nip));
  }
  // A case that was referred, received and recommended to the PPK, and is everywhere.
  std::string RecommendedCase() {
    const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
    Exchange();
    bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id)));
    bkn_.Must(test::ReferralRequest("k-2", test::SomeRecommendation(id)));
    Exchange();
    return id;
  }
  // Whatever is to be derived and disclosed is everywhere afterwards.
  void Exchange() {
    for (int round = 0; round < 3; ++round) {
      for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) node->Project();
      Pair(bawaslu_, bkn_);
      Pair(bawaslu_, ppk_);
      Pair(bawaslu_, padang_);
      Pair(bkn_, ppk_);
      Pair(bkn_, padang_);
    }
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) node->Project();
  }
  static void Pair(test::CaseNode& a, test::CaseNode& b) {
    a.Copy(b);
    b.Copy(a);
  }

  command::v1::VoidFact VoidOf(absl::string_view case_id, const event::v1::Position& position) {
    command::v1::VoidFact command;
    command.set_case_id(std::string(case_id));
    *command.mutable_position() = position;
    command.set_reason("keliru");
    return command;
  }

  test::CaseNode bawaslu_{
      test::BawasluNode(), {test::BknNode(), test::TanahDatar(), test::Padang()}, 1};
  test::CaseNode bkn_{
      test::BknNode(), {test::BawasluNode(), test::TanahDatar(), test::Padang()}, 2};
  test::CaseNode ppk_{test::TanahDatar(), {test::BawasluNode(), test::BknNode()}, 3};
  test::CaseNode padang_{test::Padang(), {test::BawasluNode(), test::BknNode()}, 4};
};

}  // namespace selaras::node
