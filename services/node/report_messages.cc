#include "services/node/report_messages.h"

#include <algorithm>

#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {

using query::v1::ReportMessage;
using storage::v1::StoredSubject;

absl::StatusOr<std::vector<ReportMessage>> MessagesOf(const log::StoreReader& store,
                                                      const Opener& opener,
                                                      const StoredSubject& report) {
  std::vector<ReportMessage> messages;
  for (int i = report.private__size(); i > 0 && messages.size() < kMessagesShownMax; --i) {
    const std::uint64_t sequence = report.private_(i - 1);
    ASSIGN_OR_RETURN(const auto event, ReadEvent(store.private_log(), {sequence}));
    const bool sent = event.fact().has_reporter_message_sent();
    if (!sent && !event.fact().has_reporter_message_received()) continue;
    ASSIGN_OR_RETURN(const Opened opened, opener.Open(event));
    ReportMessage& message = messages.emplace_back();
    message.set_from_office(sent);
    if (opened.part) message.set_text(opened.part->message());
    message.set_personal(opened.pending ? query::v1::PERSONAL_STATE_PENDING
                                        : query::v1::PERSONAL_STATE_OPEN);
    if (event.has_occurred_at()) {
      *message.mutable_written_at() = event.occurred_at();
    } else {
      *message.mutable_written_at()->mutable_instant() = event.recorded_at();
    }
    message.mutable_position()->set_log(store.private_log().name());
    message.mutable_position()->set_sequence(sequence);
  }
  std::reverse(messages.begin(), messages.end());
  return messages;
}

absl::StatusOr<int> CountFromOffice(const log::StoreReader& store, const StoredSubject& report) {
  int count = 0;
  for (const std::uint64_t sequence : report.private_()) {
    ASSIGN_OR_RETURN(const auto event, ReadEvent(store.private_log(), {sequence}));
    if (event.fact().has_reporter_message_sent()) ++count;
  }
  return count;
}

absl::StatusOr<std::string> ReceiptTagOf(const log::StoreReader& store,
                                         const StoredSubject& report) {
  for (int i = report.private__size(); i > 0; --i) {
    ASSIGN_OR_RETURN(const auto event, ReadEvent(store.private_log(), {report.private_(i - 1)}));
    if (event.fact().has_receipt_code_issued()) {
      return event.fact().receipt_code_issued().code_tag();
    }
  }
  return std::string();
}

}  // namespace selaras::node
