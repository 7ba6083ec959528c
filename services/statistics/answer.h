#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/query/v1/statistics.pb.h"
#include "selaras/storage/v1/statistics.pb.h"

#include "services/domain/facts.h"
#include "services/reference/catalogue.h"
#include "services/statistics/days.h"
#include "services/statistics/dimension.h"

namespace selaras::statistics {

// Adds up numbers by election and region to the answer to one question. Memory grows with the
// answer, not with what is added.
class Answer {
 public:
  // INVALID_ARGUMENT if the question cannot be answered, saying why. `office`: whether this is the
  // node of an office that receives reports, so that what is private can be counted.
  static absl::Status Check(const query::v1::GetStatisticsRequest& request, bool office,
                            const reference::Catalogue& catalogue);

  // The request was checked; the catalogue must outlive the answer. Zeros are given for regions in
  // one of `jurisdiction`; an empty one is the country.
  Answer(query::v1::GetStatisticsRequest request, bool office,
         std::vector<std::string> jurisdiction, absl::Time as_of,
         const reference::Catalogue& catalogue);

  // Whether numbers of that election and region belong to the answer.
  bool Wants(absl::string_view election, absl::string_view region) const;
  // Also numbers of persons who stand in several elections and regions, of which one is enough.
  void Take(const storage::v1::StoredCounts& counts);

  // Whether those were heard who state facts of these sections in a region or below.
  using ContactOf = std::function<query::v1::StatisticsContact(std::span<const domain::Section>,
                                                               absl::string_view region)>;
  // Fills figures, tables, durations, rates, published figures and `suppressed_below`.
  void Fill(const ContactOf& contact_of, query::v1::GetStatisticsResponse* response);

 private:
  using Values = std::map<std::string, std::uint64_t>;
  // By group.
  using Table = std::map<std::string, Values>;
  struct Days {
    DayCounts counts;
    std::uint64_t out_of_order = 0;
  };
  // A value of a table in its group.
  using CellKey = std::pair<std::string, std::string>;

  std::string GroupOf(const std::string& election, const std::string& region) const;
  bool CountsPersons() const { return request_.unit() == query::v1::STATISTICS_UNIT_PERSON; }
  void TakePersons(const storage::v1::StoredCounts& counts);
  void TakeDue(const storage::v1::StoredCounts& counts, const std::string& group);
  void AddZeros();
  bool InJurisdiction(absl::string_view region) const;
  bool Hidden(const std::string& group) const { return hidden_groups_.count(group) > 0; }
  // The cells to be withheld; hides groups of which nothing can be shown.
  std::set<CellKey> Suppressed(const Table& table);
  void HideSmallGroups();
  void Suppress();
  // What the numbers of a cell are about: a region, or that of the request.
  std::string RegionOf(Dimension dimension, const std::string& value,
                       const std::string& group) const;
  std::uint64_t CountAt(Dimension dimension, const std::string& group,
                        bool (*in)(absl::string_view value)) const;
  // Of those of whom persons are counted: whether one of the numbers that follow from what is
  // published beside them would be small.
  bool PersonsGiveAway(const std::string& group, bool open_hidden) const;
  void FillFigures(const ContactOf& contact_of, query::v1::GetStatisticsResponse* response) const;
  void FillTable(Dimension dimension, const ContactOf& contact_of,
                 query::v1::StatisticsTable* out) const;
  void FillDurations(query::v1::GetStatisticsResponse* response) const;
  void FillRates(query::v1::GetStatisticsResponse* response) const;
  void FillPublished(query::v1::GetStatisticsResponse* response) const;

  const query::v1::GetStatisticsRequest request_;
  const bool office_;
  const std::vector<std::string> jurisdiction_;
  const std::int64_t as_of_;
  const reference::Catalogue& catalogue_;

  std::set<Dimension> dimensions_;  // those asked for, and those of the overview
  std::map<Dimension, Table> tables_;
  Values cases_;  // by group, as the next three
  Values reports_;
  Values recommendations_;
  Values overdue_;
  Values persons_;
  Values identity_open_;
  std::uint64_t all_persons_ = 0;
  Values by_election_;
  std::map<std::pair<std::string, std::uint32_t>, Days> days_;

  std::set<std::string> hidden_groups_;
  std::map<Dimension, std::set<CellKey>> hidden_;
};

}  // namespace selaras::statistics
