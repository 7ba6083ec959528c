#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/reference/catalogue.h"
#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kFileNames[] = {
    "agencies.tsv",        "alternates.tsv",     "authorities.tsv",  "authority.tsv",
    "bawaslu_offices.tsv", "calendar_years.tsv", "codes.tsv",        "conflicts.tsv",
    "deadlines.tsv",       "elections.tsv",      "follow_up.tsv",    "golongan.tsv",
    "holidays.tsv",        "mandates.tsv",       "pp94_pasal5n.tsv", "pppk_sanctions.tsv",
    "regions.tsv",         "retention.tsv",      "rules.tsv",        "sanctions.tsv",
    "sbt_states.tsv",      "stats.tsv",          "time_zones.tsv",   "violation_pairs.tsv",
    "violations.tsv",
};
static_assert(std::is_sorted(std::begin(kFileNames), std::end(kFileNames)));

// Far above what any table needs: a wrong file is refused before it is read into rows.
constexpr std::size_t kTableBytesMax = 4u << 20;

absl::Status CheckFiles(const Catalogue::Files& files) {
  for (const auto& [name, content] : files) {
    if (!std::binary_search(std::begin(kFileNames), std::end(kFileNames),
                            absl::string_view(name))) {
      return BadTable(name, absl::StrCat("not a table of the catalogue; these are: ",
                                         absl::StrJoin(kFileNames, " ")));
    }
    if (content.size() > kTableBytesMax) {
      return BadTable(name, absl::StrCat("larger than ", kTableBytesMax, " bytes"));
    }
  }
  for (const absl::string_view name : kFileNames) {
    if (files.find(std::string(name)) == files.end()) {
      return BadTable(name, "missing; a catalogue is complete or refused");
    }
  }
  return absl::OkStatus();
}

base::Digest DigestOf(const Catalogue::Files& files) {
  std::string text = "selaras catalogue 1\n";
  for (const auto& [name, content] : files) {
    text.append(name);
    text.push_back('\0');
    base::AppendU64(&text, content.size());
    text.append(content);
  }
  return crypto::Sha256(text);
}

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string content;
  std::array<char, 16 << 10> piece{};
  // Not much more than is allowed is enough to refuse it.
  do {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    content.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  } while (in && content.size() <= kTableBytesMax);
  if (!in.eof() && in.fail())
    return UnreadableTable(path.string(), "no such file, or not readable");
  return content;
}

}  // namespace

std::span<const absl::string_view> CatalogueFileNames() { return kFileNames; }

absl::StatusOr<std::shared_ptr<const Catalogue>> Catalogue::FromFiles(Files files) {
  RETURN_IF_ERROR(CheckFiles(files));
  std::shared_ptr<Catalogue> made(new Catalogue());
  made->files_ = std::move(files);
  const Files& text = made->files_;
  ASSIGN_OR_RETURN(made->regions_, ParseRegions(text.at("regions.tsv")));
  ASSIGN_OR_RETURN(made->authorities_,
                   ParseAuthorities(text.at("authorities.tsv"), made->regions_));
  ASSIGN_OR_RETURN(made->sanctions_, ParseSanctions(text.at("sanctions.tsv")));
  ASSIGN_OR_RETURN(made->violations_, ParseViolations(text.at("violations.tsv"), made->sanctions_));
  ASSIGN_OR_RETURN(made->clauses_, ParseClauses(text.at("pp94_pasal5n.tsv"), made->sanctions_));
  ASSIGN_OR_RETURN(made->codes_, ParseCodes(text.at("codes.tsv")));
  ASSIGN_OR_RETURN(made->imposer_rules_,
                   ParseImposerRules(text.at("authority.tsv"), made->codes_, made->sanctions_));
  ASSIGN_OR_RETURN(made->mandates_, ParseMandates(text.at("mandates.tsv"), made->codes_));
  ASSIGN_OR_RETURN(made->pppk_sanctions_, ParsePppkSanctions(text.at("pppk_sanctions.tsv"),
                                                             made->authorities_, made->sanctions_));
  ASSIGN_OR_RETURN(made->sbt_states_, ParseSbtStates(text.at("sbt_states.tsv"), made->codes_));
  ASSIGN_OR_RETURN(made->retentions_, ParseRetentions(text.at("retention.tsv")));
  ASSIGN_OR_RETURN(made->rules_, ParseRules(text.at("rules.tsv")));
  ASSIGN_OR_RETURN(made->violation_pairs_,
                   ParseViolationPairs(text.at("violation_pairs.tsv"), made->violations_));
  ASSIGN_OR_RETURN(made->conflicts_, ParseConflicts(text.at("conflicts.tsv"), text));
  ASSIGN_OR_RETURN(made->bawaslu_offices_,
                   ParseBawasluOffices(text.at("bawaslu_offices.tsv"), made->regions_));
  ASSIGN_OR_RETURN(made->agencies_,
                   ParseAgencies(text.at("agencies.tsv"), made->regions_, made->authorities_));
  ASSIGN_OR_RETURN(made->alternates_,
                   ParseAlternates(text.at("alternates.tsv"), made->regions_, made->authorities_));
  ASSIGN_OR_RETURN(made->golongan_, ParseGolongan(text.at("golongan.tsv")));
  ASSIGN_OR_RETURN(made->elections_,
                   ParseElections(text.at("elections.tsv"), made->regions_, made->codes_));
  ASSIGN_OR_RETURN(made->holidays_, ParseHolidays(text.at("holidays.tsv")));
  ASSIGN_OR_RETURN(made->calendar_years_, ParseCalendarYears(text.at("calendar_years.tsv")));
  ASSIGN_OR_RETURN(made->time_zones_, ParseTimeZones(text.at("time_zones.tsv"), made->regions_));
  ASSIGN_OR_RETURN(made->deadlines_, ParseDeadlines(text.at("deadlines.tsv")));
  ASSIGN_OR_RETURN(made->follow_ups_, ParseFollowUps(text.at("follow_up.tsv"), made->authorities_));
  ASSIGN_OR_RETURN(made->published_,
                   ParsePublished(text.at("stats.tsv"), made->regions_, made->elections_));
  made->digest_ = DigestOf(made->files_);
  return made;
}

absl::StatusOr<std::shared_ptr<const Catalogue>> LoadCatalogue(const std::string& directory) {
  std::error_code error;
  std::filesystem::directory_iterator entries(directory, error);
  if (error) return UnreadableTable(directory, error.message());
  Catalogue::Files files;
  for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->path().extension() != ".tsv") continue;
    ASSIGN_OR_RETURN(files[entries->path().filename().string()], ReadFile(entries->path()));
    if (files.size() > std::size(kFileNames)) break;  // one too many is enough to refuse it
  }
  if (error) return UnreadableTable(directory, error.message());

  auto catalogue = Catalogue::FromFiles(std::move(files));
  if (catalogue.ok()) return catalogue;
  // With the directory in front, an editor can jump to file:line.
  const std::string path = (std::filesystem::path(directory) / "").string();
  return absl::Status(catalogue.status().code(), absl::StrCat(path, catalogue.status().message()));
}

}  // namespace selaras::reference
