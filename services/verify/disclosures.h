#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/node/directory.h"
#include "storage/audit/findings.h"
#include "storage/log/store.h"

namespace selaras::verify {

// Looks at the disclosure lists as what they mean, because their order tells when things came:
// each list is without gaps, is the same both ways round and as long as its row says; it holds
// every entry that its peer must see by what is known now, and none that the peer never could.
class DisclosureAudit {
 public:
  // All must outlive it. `store` shows the views to be looked at.
  DisclosureAudit(const log::StoreReader& store, const node::Directory& directory,
                  audit::Findings* findings)
      : store_(store), directory_(directory), findings_(*findings) {}

  // An error: the rest cannot be looked at.
  absl::Status Run();

 private:
  absl::Status CheckLists();
  absl::Status CheckRights();
  absl::Status CheckRight(absl::string_view key, absl::string_view value);
  absl::Status CheckCases();
  absl::Status CheckCase(const std::string& case_id, const storage::v1::StoredSubject& subject);
  // Whether the peer serves a party that the case has now, or that it ever had.
  bool Concerns(const node::PeerNode& peer, const std::vector<std::string>& parties) const;
  void Report(absl::string_view key, std::string problem, std::string expected, std::string actual);

  const log::StoreReader& store_;
  const node::Directory& directory_;
  audit::Findings& findings_;
};

}  // namespace selaras::verify
