#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/query/v1/query.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/node/opener.h"
#include "storage/log/store.h"

// What a report's office and its reporter wrote to each other. Only for those who may see the
// reporter, and for the reporter.
namespace selaras::node {

inline constexpr std::size_t kMessagesShownMax = 500;

// The newest of them, oldest first.
absl::StatusOr<std::vector<query::v1::ReportMessage>> MessagesOf(
    const log::StoreReader& store, const Opener& opener, const storage::v1::StoredSubject& report);

// How many messages the office wrote in all.
absl::StatusOr<int> CountFromOffice(const log::StoreReader& store,
                                    const storage::v1::StoredSubject& report);

// Digest of the code that opens the report now; empty if none was made.
absl::StatusOr<std::string> ReceiptTagOf(const log::StoreReader& store,
                                         const storage::v1::StoredSubject& report);

}  // namespace selaras::node
