// How sums are shown: the parts of Answer that fill the response.
#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/statistics/answer.h"
#include "services/statistics/suppress.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using domain::Section;

constexpr Section kIntake[] = {Section::kIntake};
constexpr Section kReferral[] = {Section::kReferral};
constexpr Section kAll[] = {Section::kIntake, Section::kReferral, Section::kSanction};

// How published figures call the number of regions that voted.
constexpr absl::string_view kVotingRegions = "daerah pemilihan";

template <typename Message>
void AddSections(std::span<const Section> sections, Message* out) {
  for (const Section section : sections) {
    out->add_sections(std::string(domain::SectionName(section)));
  }
}

bool IsSmall(std::uint64_t count) { return count > 0 && count < kPublicMin; }

// What is left of a number; nothing where a case was counted between two looks.
std::uint64_t Less(std::uint64_t from, std::uint64_t less) { return from - std::min(from, less); }

// The region that a published figure covers, as requests name it.
bool Covers(const reference::PublishedFigure& figure, const std::string& region) {
  return figure.region == region;
}

}  // namespace

std::string Answer::RegionOf(Dimension dimension, const std::string& value,
                             const std::string& group) const {
  if (dimension == v1::STATISTICS_DIMENSION_REGION ||
      dimension == v1::STATISTICS_DIMENSION_PROVINCE) {
    return value;
  }
  if (request_.across() == v1::STATISTICS_DIMENSION_REGION ||
      request_.across() == v1::STATISTICS_DIMENSION_PROVINCE) {
    return group;
  }
  return request_.region();
}

std::uint64_t Answer::CountAt(Dimension dimension, const std::string& group,
                              bool (*in)(absl::string_view)) const {
  std::uint64_t sum = 0;
  const Table& table = tables_.at(dimension);
  const auto values = table.find(group);
  if (values == table.end()) return 0;
  for (const auto& [value, count] : values->second) sum += in(value) ? count : 0;
  return sum;
}

// What follows from the numbers beside it: cases that are not the first of their person, alone or
// with those of nobody known, and persons who stand in several groups or cells.
bool Answer::PersonsGiveAway(const std::string& group, bool open_hidden) const {
  const std::uint64_t persons = persons_.at(group);
  const std::uint64_t others = Less(cases_.at(group), persons);
  if (IsSmall(others)) return true;
  if (!open_hidden && IsSmall(Less(others, identity_open_.at(group)))) return true;
  std::uint64_t sum = 0;
  for (const auto& [name, count] : persons_) sum += count;
  if (IsSmall(Less(sum, all_persons_))) return true;
  if (!CountsPersons()) return false;
  return std::any_of(request_.by().begin(), request_.by().end(), [&](int dimension) {
    const Table& table = tables_.at(static_cast<Dimension>(dimension));
    std::uint64_t cells = 0;
    for (const auto& [value, count] : table.at(group)) cells += count;
    return IsSmall(Less(cells, persons));
  });
}

void Answer::FillFigures(const ContactOf& contact_of, v1::GetStatisticsResponse* response) const {
  for (const auto& [group, cases] : cases_) {
    const auto& of_place = hidden_.find(v1::STATISTICS_DIMENSION_PLACE);
    const bool place_hidden = of_place != hidden_.end() &&
                              std::any_of(of_place->second.begin(), of_place->second.end(),
                                          [&](const CellKey& cell) { return cell.first == group; });
    const auto add = [&](absl::string_view name, v1::StatisticsUnit unit, std::uint64_t count,
                         std::span<const Section> sections, bool hidden) {
      auto* figure = response->add_figures();
      figure->set_name(std::string(name));
      figure->set_unit(unit);
      figure->set_group(group);
      const bool small = request_.public_() && IsSmall(count);
      figure->set_suppressed(count > 0 && (hidden || small));
      figure->set_count(figure->suppressed() ? 0 : count);
      figure->set_contact(
          contact_of(sections, RegionOf(v1::STATISTICS_DIMENSION_UNSPECIFIED, "", group)));
      AddSections(sections, figure);
    };
    const bool hidden = Hidden(group);
    add("cases", v1::STATISTICS_UNIT_CASE, cases, kIntake, hidden);
    if (office_) add("reports", v1::STATISTICS_UNIT_DOCUMENT, reports_.at(group), kIntake, hidden);
    add("forwarded", v1::STATISTICS_UNIT_CASE,
        CountAt(v1::STATISTICS_DIMENSION_PLACE, group, IsForwarded), kAll, place_hidden);
    add("recommended", v1::STATISTICS_UNIT_CASE,
        CountAt(v1::STATISTICS_DIMENSION_PLACE, group, IsRecommended), kAll, place_hidden);
    add("recommendations", v1::STATISTICS_UNIT_RECOMMENDATION, recommendations_.at(group),
        kReferral, place_hidden);
    add("overdue", v1::STATISTICS_UNIT_CASE, overdue_.at(group), kAll, hidden);
    // Beside all cases one number tells the other.
    const std::uint64_t open = identity_open_.at(group);
    const bool open_hidden =
        hidden || (request_.public_() && (IsSmall(open) || IsSmall(Less(cases, open))));
    add("persons", v1::STATISTICS_UNIT_PERSON, persons_.at(group), kIntake,
        hidden || (request_.public_() && PersonsGiveAway(group, open_hidden)));
    response->mutable_figures()->rbegin()->set_several(true);
    add("identity_open", v1::STATISTICS_UNIT_CASE, open, kIntake, open_hidden);
  }
}

void Answer::FillTable(Dimension dimension, const ContactOf& contact_of,
                       v1::StatisticsTable* out) const {
  out->set_dimension(dimension);
  out->set_unit(CountsPersons() ? v1::STATISTICS_UNIT_PERSON : UnitOf(dimension));
  out->set_several(CountsPersons() || IsSeveral(dimension));
  AddSections(SectionsOf(dimension), out);
  const auto hidden = hidden_.find(dimension);
  for (const auto& [group, values] : tables_.at(dimension)) {
    for (const auto& [value, count] : values) {
      auto* cell = out->add_cells();
      cell->set_value(value);
      cell->set_group(group);
      cell->set_suppressed(hidden != hidden_.end() && hidden->second.count({group, value}) > 0);
      cell->set_count(cell->suppressed() ? 0 : count);
      cell->set_contact(contact_of(SectionsOf(dimension), RegionOf(dimension, value, group)));
    }
  }
}

void Answer::FillDurations(v1::GetStatisticsResponse* response) const {
  for (const auto& [key, days] : days_) {
    const std::uint64_t cases = days.counts.cases();
    auto* out = response->add_durations();
    out->set_group(key.first);
    out->set_stage(static_cast<v1::DurationStage>(key.second));
    out->set_suppressed(request_.public_() && (cases < kPublicMin || Hidden(key.first)));
    if (!out->suppressed()) {
      out->set_median_days(days.counts.WithinDays(50));
      out->set_p90_days(days.counts.WithinDays(90));
    }
    // How many are measured would tell how many have gone so far.
    if (request_.public_()) continue;
    out->set_cases(cases);
    out->set_out_of_order(days.out_of_order);
  }
}

void Answer::FillRates(v1::GetStatisticsResponse* response) const {
  const bool across_elections = request_.across() == v1::STATISTICS_DIMENSION_ELECTION;
  // Several elections whose sum is published would give each other away.
  const bool whole = request_.across() == v1::STATISTICS_DIMENSION_UNSPECIFIED &&
                     std::count_if(by_election_.begin(), by_election_.end(),
                                   [](const auto& row) { return row.second > 0; }) <= 1;
  for (const reference::PublishedFigure& figure : catalogue_.published_figures()) {
    if (figure.metric != kVotingRegions || !Covers(figure, request_.region())) continue;
    std::uint32_t regions = 0;
    if (figure.elections.size() != 1 || !absl::SimpleAtoi(figure.value, &regions)) continue;
    const std::string& election = figure.elections.front();
    const auto counted = by_election_.find(election);
    if (counted == by_election_.end()) continue;
    auto* rate = response->add_rates();
    rate->set_election(election);
    rate->set_voting_regions(regions);
    rate->set_figure_id(figure.id);
    rate->set_mark(std::string(reference::NameOf(figure.provenance.mark)));
    const bool shown =
        !request_.public_() || (across_elections && !Hidden(election)) || (whole && !Hidden(""));
    if (!shown) continue;
    rate->set_cases(counted->second);
    rate->set_rate(absl::StrFormat("%.2f", static_cast<double>(counted->second) / regions));
  }
}

void Answer::FillPublished(v1::GetStatisticsResponse* response) const {
  if (!request_.published()) return;
  for (const reference::PublishedFigure& figure : catalogue_.published_figures()) {
    const bool wanted =
        request_.elections().empty() ||
        std::any_of(figure.elections.begin(), figure.elections.end(), [&](const auto& election) {
          return std::find(request_.elections().begin(), request_.elections().end(), election) !=
                 request_.elections().end();
        });
    if (!wanted || !IsIn(figure.region, request_.region())) continue;
    auto* out = response->add_published();
    out->set_figure_id(figure.id);
    for (const std::string& election : figure.elections) out->add_elections(election);
    out->set_region(figure.region);
    out->set_as_of(figure.as_of);
    out->set_publisher(figure.publisher);
    out->set_unit(figure.unit);
    out->set_metric(figure.metric);
    out->set_value(figure.value);
    out->set_mark(std::string(reference::NameOf(figure.provenance.mark)));
    out->set_source(figure.provenance.source);
    out->set_note(figure.note);
  }
}

void Answer::Fill(const ContactOf& contact_of, v1::GetStatisticsResponse* response) {
  AddZeros();
  if (request_.public_()) {
    Suppress();
    response->set_suppressed_below(kPublicMin);
  }
  FillFigures(contact_of, response);
  for (const int number : request_.by()) {
    FillTable(static_cast<Dimension>(number), contact_of, response->add_tables());
  }
  FillDurations(response);
  FillRates(response);
  FillPublished(response);
}

}  // namespace selaras::statistics
