#include "services/node/statistics.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_split.h"

#include "selaras/storage/v1/statistics.pb.h"

#include "services/node/link_rows.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/statistics/answer.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

namespace v1 = query::v1;
using domain::Section;

// Links say that they are alive every minute; after so long somebody should ask why not.
constexpr absl::Duration kLost = absl::Hours(24);

v1::StatisticsContact ContactOf(const log::Mirror* mirror, const storage::v1::StoredLink& link,
                                absl::Time now) {
  if (link.has_verified_at()) {
    const bool lately = now - absl::FromUnixSeconds(link.verified_at().seconds()) <= kLost;
    return lately ? v1::STATISTICS_CONTACT_HEARD : v1::STATISTICS_CONTACT_LOST;
  }
  return mirror != nullptr && mirror->size().value > 0 ? v1::STATISTICS_CONTACT_LOST
                                                       : v1::STATISTICS_CONTACT_NEVER;
}

// Of several that could say something.
v1::StatisticsContact Together(const std::set<v1::StatisticsContact>& contacts) {
  if (contacts.size() == 1) return *contacts.begin();
  if (contacts.empty()) return v1::STATISTICS_CONTACT_NO_LINK;
  const bool silent = !contacts.contains(v1::STATISTICS_CONTACT_HEARD) &&
                      !contacts.contains(v1::STATISTICS_CONTACT_PARTLY);
  return silent ? v1::STATISTICS_CONTACT_LOST : v1::STATISTICS_CONTACT_PARTLY;
}

// Whether the row is, by its key, of an election and region that belong to the answer, or of
// persons who stand in one among others.
bool Wants(const statistics::Answer& answer, absl::string_view key, absl::string_view prefix) {
  const std::vector<absl::string_view> parts = absl::StrSplit(key.substr(prefix.size()), '\n');
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    if (answer.Wants(parts[i], parts[i + 1])) return true;
  }
  return false;
}

// Who states facts about cases of a region, and whether they were heard.
class Heard {
 public:
  Heard(const Directory& directory, const std::vector<v1::StatisticsLog>& logs)
      : known_(!directory.own().authorities.empty()) {
    for (const v1::StatisticsLog& log : logs) {
      for (const std::string& id : log.authorities()) {
        const auto* authority = directory.catalogue()->FindAuthority(id);
        if (authority == nullptr) continue;
        voices_.push_back({directory.SectionOfAuthority(id), authority->region, log.contact()});
      }
    }
  }

  v1::StatisticsContact Of(std::span<const Section> sections, absl::string_view region) const {
    if (!known_) return v1::STATISTICS_CONTACT_UNSPECIFIED;
    std::set<v1::StatisticsContact> contacts;
    for (const Section section : sections) contacts.insert(OfSection(section, region));
    return Together(contacts);
  }

 private:
  struct Voice {
    Section section;
    std::string region;
    v1::StatisticsContact contact;
  };

  v1::StatisticsContact OfSection(Section section, absl::string_view region) const {
    std::set<v1::StatisticsContact> contacts;
    for (const Voice& voice : voices_) {
      // An office speaks for the regions below its own; a PPK for its own agency, whose region may
      // be that of the question or below.
      const bool concerned =
          statistics::IsIn(voice.region, region) ||
          (section != Section::kSanction && statistics::IsIn(region, voice.region));
      if (voice.section == section && concerned) contacts.insert(voice.contact);
    }
    return Together(contacts);
  }

  const bool known_;
  std::vector<Voice> voices_;
};

}  // namespace

StatisticsReader::StatisticsReader(const log::StoreReader& store, const Directory& directory,
                                   Section section)
    : store_(store), directory_(directory), section_(section) {}

absl::StatusOr<std::string> StatisticsReader::ScopeOf(const Viewer& viewer) const {
  const auto& own = directory_.own().authorities;
  const bool all = std::all_of(own.begin(), own.end(), [&](const std::string& authority) {
    return viewer.authorities.contains(authority);
  });
  if (viewer.everything || viewer.whole_node || all) return std::string();
  if (viewer.authorities.size() == 1) return *viewer.authorities.begin();
  return absl::UnimplementedError("ask for one authority, or for all of the node");
}

std::vector<std::string> StatisticsReader::JurisdictionOf(const Viewer& viewer) const {
  if (viewer.everything) return {""};
  std::vector<std::string> regions;
  for (const std::string& id : viewer.authorities) {
    const auto* authority = directory_.catalogue()->FindAuthority(id);
    if (authority != nullptr) regions.push_back(authority->region);
  }
  return regions;
}

v1::StatisticsLog StatisticsReader::Describe(const PeerNode& node) const {
  v1::StatisticsLog log;
  log.set_log(node.node);
  std::set<Section> sections;
  for (const std::string& authority : node.authorities) {
    log.add_authorities(authority);
    sections.insert(directory_.SectionOfAuthority(authority));
  }
  for (const Section section : sections) {
    if (section != Section::kNone) log.add_sections(std::string(domain::SectionName(section)));
  }
  return log;
}

absl::StatusOr<std::vector<v1::StatisticsLog>> StatisticsReader::Logs(absl::Time now) const {
  std::vector<v1::StatisticsLog> logs;
  v1::StatisticsLog& own = logs.emplace_back(Describe(directory_.own()));
  own.set_own(true);
  own.set_contact(v1::STATISTICS_CONTACT_HEARD);
  own.set_size(store_.shared().size().value);
  ASSIGN_OR_RETURN(const std::uint64_t counted, LoadNumber(store_, rows::CountedTo(own.log())));
  own.set_entries(counted);
  std::map<std::string, PeerNode> peers;
  std::map<std::string, const log::Mirror*> mirrors;
  for (const PeerNode& peer : directory_.peers()) peers[peer.node] = peer;
  for (const log::Mirror* mirror : store_.mirrors()) {
    mirrors[mirror->name()] = mirror;
    peers.emplace(mirror->name(), PeerNode{mirror->name(), {}});
  }
  for (const auto& [name, peer] : peers) {
    v1::StatisticsLog& log = logs.emplace_back(Describe(peer));
    const auto mirror = mirrors.find(name);
    ASSIGN_OR_RETURN(const auto link, LoadLink(store_, name));
    if (link.has_verified_at()) *log.mutable_verified_at() = link.verified_at();
    if (mirror != mirrors.end()) log.set_size(mirror->second->size().value);
    log.set_contact(ContactOf(mirror == mirrors.end() ? nullptr : mirror->second, link, now));
    ASSIGN_OR_RETURN(const std::uint64_t entries, LoadNumber(store_, rows::CountedTo(name)));
    log.set_entries(entries);
  }
  return logs;
}

absl::StatusOr<v1::GetStatisticsResponse> StatisticsReader::GetStatistics(
    const v1::GetStatisticsRequest& request, const Viewer& viewer, absl::Time now) const {
  const reference::Catalogue& catalogue = *directory_.catalogue();
  const bool office = section_ == Section::kIntake;
  RETURN_IF_ERROR(statistics::Answer::Check(request, office, catalogue));
  v1::GetStatisticsResponse response;
  response.set_publisher(directory_.own().node);
  for (const std::string& authority : viewer.authorities) response.add_authorities(authority);
  response.mutable_as_of()->set_seconds(absl::ToUnixSeconds(now));
  response.set_catalogue(base::HexEncode(catalogue.digest().view()));
  // Before the numbers: they are of these entries, at least.
  ASSIGN_OR_RETURN(const auto logs, Logs(now));
  for (const v1::StatisticsLog& log : logs) *response.add_logs() = log;

  statistics::Answer answer(request, office, JurisdictionOf(viewer), now, catalogue);
  ASSIGN_OR_RETURN(const std::string scope, ScopeOf(viewer));
  const std::string prefix = rows::NumbersPrefix(scope);
  absl::Status damaged;
  storage::v1::StoredCounts counts;
  RETURN_IF_ERROR(store_.Scan(
      log::Table::kView, prefix, prefix, [&](absl::string_view key, absl::string_view value) {
        if (!Wants(answer, key, prefix)) return true;
        if (!counts.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
          damaged = absl::DataLossError("a row of numbers is damaged");
          return false;
        }
        answer.Take(counts);
        return true;
      }));
  RETURN_IF_ERROR(damaged);
  const Heard heard(directory_, logs);
  answer.Fill([&](auto sections, auto region) { return heard.Of(sections, region); }, &response);
  return response;
}

}  // namespace selaras::node
