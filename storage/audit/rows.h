#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "storage/audit/findings.h"
#include "storage/audit/inspector.h"
#include "storage/audit/notes.h"
#include "storage/crypto/random.h"
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
  // Once a log is through up to `size`: what CheckEntry() noted of it, and whether all that stands
  // in it is as it was signed. Checks that the reference data are kept of which an entry says that
  // it was decided with them.
  void AddLog(OwnLog log, const Notes& noted, bool sound, base::TreeSize size);
  // From every row to its entries.
  void CheckRequests(const AuditOptions& options, const Progress& progress);
  void CheckStates(const AuditOptions& options, const Progress& progress);

 private:
  // How the two tables are read and called.
  struct Kind;
  struct Checked;
  using CheckOne =
      std::function<void(const std::string& key, const std::string& row, Checked* checked)>;
  static const Kind kRequests;
  static const Kind kStates;

  // From every entry to its row.
  void CheckNamed(const Kind& kind, const AuditOptions& options, const Progress& progress);
  void CheckListed(const Kind& kind, OwnLog log, base::Sequence sequence, const std::string& key,
                   Notes* notes) const;
  void CheckCatalogues(OwnLog log, const std::map<std::string, base::Sequence>& named);
  // Calls `check` for each row, on any thread, and `take` in order with what came of some, until it
  // says no. Errors are those of the store.
  absl::Status GoThrough(const Kind& kind, const AuditOptions& options, const Progress& progress,
                         const CheckOne& check, const std::function<bool(Checked)>& take);
  void CheckTable(const Kind& kind, const AuditOptions& options, const Progress& progress);
  // Whether nothing is wrong with a table. Names nothing, and need not look at each place: the rows
  // must list, each once, the same places as name them.
  bool IsPlainlyGood(const Kind& kind, const AuditOptions& options, const Progress& progress);
  // What a row lists, if it is good as far as it tells by itself.
  std::optional<Places> GoodPlaces(const Kind& kind, const std::string& key,
                                   const std::string& row) const;
  bool CheckRow(const Kind& kind, const std::string& key, const std::string& row,
                Notes* notes) const;
  bool CheckPlace(const Kind& kind, const std::string& key, OwnLog log, base::Sequence sequence,
                  Notes* notes) const;
  using ReadOne = std::optional<StoredEntry> (RowAudit::*)(OwnLog log,
                                                           base::Sequence sequence) const;
  // An entry as it is stored; nothing if it cannot be read.
  std::optional<StoredEntry> EntryAt(OwnLog log, base::Sequence sequence) const;
  // One that matches its leaf hash; nothing for others, which are reported with the log.
  std::optional<StoredEntry> SoundEntryAt(OwnLog log, base::Sequence sequence) const;
  StateSource SourceBy(ReadOne read) const;
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
  struct Through {
    bool sound = false;
    base::TreeSize size;
  };
  std::map<OwnLog, Through> through_;  // the logs that are
  Notes noted_;                        // of them together
  const std::string salt_ = crypto::SystemRandom().Fill(PlaceSum::kSaltBytes);
};

}  // namespace selaras::audit
