#pragma once

#include <optional>
#include <string>

#include "storage/audit/findings.h"
#include "storage/audit/inspector.h"
#include "storage/log/store.h"

namespace selaras::audit {

// Compares request and state rows with the entries, both ways: what an entry names must list it,
// and what a row lists must name the row.
class RowAudit {
 public:
  RowAudit(const log::StoreReader& store, const Inspector& inspector, AuditReport* report,
           Findings* findings)
      : store_(store), inspector_(inspector), report_(*report), findings_(*findings) {}

  // From an entry to its rows. `bytes` match their leaf hash.
  void CheckEntry(OwnLog log, base::Sequence sequence, absl::string_view bytes,
                  LogSummary* summary);
  // From every row to its entries.
  void CheckRequests(const Progress& progress);
  void CheckStates(const Progress& progress);

 private:
  // How the two tables are read and called.
  struct Kind;
  static const Kind kRequests;
  static const Kind kStates;

  // The last row that CheckEntry looked up: the entries of one request stand together.
  struct Seen {
    std::string key;
    std::optional<Places> places;
  };

  void CheckListed(const Kind& kind, OwnLog log, base::Sequence sequence, const std::string& key,
                   Seen* seen);
  void CheckTable(const Kind& kind, const Progress& progress);
  bool CheckRow(const Kind& kind, const std::string& key, const std::string& row);
  bool CheckPlace(const Kind& kind, const std::string& key, OwnLog log, base::Sequence sequence);
  // An entry that matches its leaf hash; nothing for others, which are reported with the log.
  std::optional<std::string> SoundEntryAt(OwnLog log, base::Sequence sequence) const;
  void CompareState(const std::string& key, const std::string& row);
  void Report(const Kind& kind, const std::string& key, OwnLog log,
              std::optional<base::Sequence> sequence, std::string problem, std::string expected,
              std::string actual);

  const log::LogReader& Log(OwnLog log) const {
    return log == OwnLog::kShared ? store_.shared() : store_.private_log();
  }

  const log::StoreReader& store_;
  const Inspector& inspector_;
  AuditReport& report_;
  Findings& findings_;
  Seen seen_request_;
  Seen seen_state_;
};

}  // namespace selaras::audit
