#include "tools/selaras/remembered.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kHeading = "selaras verified 1\n";
constexpr std::ptrdiff_t kTreesPerLog = 32;

std::string DigestLine(absl::string_view body) {
  return absl::StrCat(base::HexEncode(crypto::Sha256(body).view()), "\n");
}

absl::Status Malformed() { return absl::DataLossError("malformed"); }

}  // namespace

absl::StatusOr<RememberedTrees::Line> RememberedTrees::ParseLine(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits(' ', 3));
  Line line;
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[1], &line.size.value)) return Malformed();
  ASSIGN_OR_RETURN(const std::string root, base::HexDecode(parts[2]));
  ASSIGN_OR_RETURN(line.root, base::Digest::FromBytes(root));
  line.key = std::string(parts[0]);
  line.rest = std::string(parts[3]);
  return line;
}

absl::StatusOr<RememberedTrees> RememberedTrees::Read(const std::string& path) {
  RememberedTrees trees;
  trees.path_ = path;
  const auto bytes = ReadFile(path);
  if (absl::IsNotFound(bytes.status())) return trees;
  RETURN_IF_ERROR(bytes);
  absl::string_view body = *bytes;
  const auto digest_end = bytes->find('\n', kHeading.size());
  if (!absl::ConsumePrefix(&body, kHeading) || digest_end == std::string::npos) {
    return DamagedMemory(path);
  }
  body = absl::string_view(*bytes).substr(digest_end + 1);
  if (*bytes != absl::StrCat(kHeading, DigestLine(body), body)) return DamagedMemory(path);
  for (const absl::string_view text : absl::StrSplit(body, '\n', absl::SkipEmpty())) {
    auto line = ParseLine(text);
    if (!line.ok()) return DamagedMemory(path);
    trees.lines_.push_back(*std::move(line));
  }
  return trees;
}

std::vector<audit::RememberedTree> RememberedTrees::TreesOf(
    const verify::EventInspector& inspector) const {
  std::vector<audit::RememberedTree> trees;
  for (const Line& line : lines_) {
    if (!inspector.KnowsOrigin(line.key.substr(0, line.key.find('+')))) continue;
    trees.push_back({line.key, line.size, line.root});
  }
  return trees;
}

bool RememberedTrees::Knows(absl::string_view key, const log::Checkpoint& head) const {
  return std::any_of(lines_.begin(), lines_.end(),
                     [&](const Line& line) { return line.key == key && line.size == head.size; });
}

void RememberedTrees::DropOldest(absl::string_view key) {
  const auto same = [&](const Line& line) { return line.key == key; };
  if (std::count_if(lines_.begin(), lines_.end(), same) <= kTreesPerLog) return;
  lines_.erase(std::find_if(lines_.begin(), lines_.end(), same));
}

absl::Status RememberedTrees::Add(const audit::AuditReport& report,
                                  const verify::EventInspector& inspector, absl::Time now) {
  bool added = false;
  for (const audit::LogSummary& log : report.logs) {
    const auto verifier = inspector.VerifierOf(log.log);
    const log::Checkpoint& head = log.head.checkpoint;
    if (!verifier || head.size.value == 0) continue;
    const std::string key = verifier->VerifierText();
    if (Knows(key, head)) continue;
    lines_.push_back({key, head.size, head.root,
                      absl::StrCat(absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone()),
                                   " ", base::Base64Encode(log.head.note))});
    DropOldest(key);
    added = true;
  }
  return added ? Write() : absl::OkStatus();
}

absl::Status RememberedTrees::Write() const {
  std::string body;
  for (const Line& line : lines_) {
    absl::StrAppend(&body, line.key, " ", line.size.value, " ", base::HexEncode(line.root.view()),
                    " ", line.rest, "\n");
  }
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return CannotWrite(folder.string(), error.value());
  return WriteFileAtomically(path_, absl::StrCat(kHeading, DigestLine(body), body));
}

}  // namespace selaras::cli
