#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "storage/audit/findings.h"
#include "storage/audit/inspector.h"
#include "storage/audit/notes.h"
#include "storage/log/store.h"

namespace selaras::audit {

// Compares request and state rows with the entries, both ways: what an entry names must list it,
// and what a row lists must name the row.
class RowAudit {
 public:
  RowAudit(const log::StoreReader& store, const Inspector& inspector, AuditReport* report,
           Findings* findings)
      : store_(store), inspector_(inspector), report_(*report), findings_(*findings) {}

  // From an entry to its rows. `bytes` match their leaf hash. Any thread.
  void CheckEntry(OwnLog log, base::Sequence sequence, absl::string_view bytes, Notes* notes) const;
  // That the reference data are kept of which an entry says that it was decided with them.
  void CheckCatalogues(OwnLog log, const std::map<std::string, base::Sequence>& named);
  // From every row to its entries.
  void CheckRequests(const AuditOptions& options, const Progress& progress);
  void CheckStates(const AuditOptions& options, const Progress& progress);

 private:
  // How the two tables are read and called.
  struct Kind;
  static const Kind kRequests;
  static const Kind kStates;

  void CheckListed(const Kind& kind, OwnLog log, base::Sequence sequence, const std::string& key,
                   Notes* notes) const;
  void CheckTable(const Kind& kind, const AuditOptions& options, const Progress& progress);
  bool CheckRow(const Kind& kind, const std::string& key, const std::string& row,
                Notes* notes) const;
  bool CheckPlace(const Kind& kind, const std::string& key, OwnLog log, base::Sequence sequence,
                  Notes* notes) const;
  // An entry that matches its leaf hash; nothing for others, which are reported with the log.
  std::optional<std::string> SoundEntryAt(OwnLog log, base::Sequence sequence) const;
  void CompareState(const std::string& key, const std::string& row, Notes* notes) const;
  void Report(const Kind& kind, const std::string& key, OwnLog log,
              std::optional<base::Sequence> sequence, std::string problem, std::string expected,
              std::string actual, Notes* notes) const;

  const log::LogReader& Log(OwnLog log) const {
    return log == OwnLog::kShared ? store_.shared() : store_.private_log();
  }

  const log::StoreReader& store_;
  const Inspector& inspector_;
  AuditReport& report_;
  Findings& findings_;
  std::set<std::string> seen_catalogues_;
};

}  // namespace selaras::audit
