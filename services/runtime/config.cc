#include "services/runtime/config.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "services/runtime/errors.h"
#include "services/runtime/files.h"
#include "services/runtime/text.h"
#include "services/runtime/wrapping_key_files.h"
#include "storage/base/status.h"
#include "storage/crypto/token.h"

namespace selaras::runtime {
namespace {

using config::v1::NodeConfig;

constexpr std::uint32_t kQueueRequestsDefault = 4'096;
constexpr std::uint32_t kMessageBytesDefault = 4u << 20;
constexpr std::uint32_t kDrainMsDefault = 10'000;
constexpr std::uint32_t kQuestionsPerMinuteDefault = 60;
constexpr std::uint32_t kWrongCodesDefault = 20;
constexpr std::uint32_t kWrongCodesPerHourDefault = 60;
constexpr std::uint32_t kClientCallsDefault = 4'000;
constexpr std::uint32_t kClientStreamsDefault = 256;
constexpr std::uint32_t kClientRequestsPerSecondDefault = 20'000;
constexpr std::uint64_t kScrubBytesPerSecondDefault = 1u << 20;
constexpr std::uint32_t kScrubEverySecondsDefault = 86'400;
constexpr std::uint32_t kReloadSecondsDefault = 60;
constexpr std::uint64_t kAttachmentBytesDefault = std::uint64_t{32} << 20;
constexpr std::uint64_t kWaitingBytesDefault = std::uint64_t{1} << 30;
constexpr std::uint32_t kKeepHoursDefault = 72;

// Keeps the first error; the later ones follow from it.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(absl::string_view file) : file_(file) {}

  // Counts from 0, and says -1 of the whole text.
  void AddError(int line, int column, const std::string& message) override {
    if (error_.ok()) {
      error_ = BadConfigText(file_, std::max(line, 0) + 1, std::max(column, 0) + 1,
                             OneLine(CleanUtf8(message, 512)));
    }
  }

  const absl::Status& error() const { return error_; }

 private:
  const absl::string_view file_;
  absl::Status error_;
};

absl::Status CheckText(absl::string_view text, absl::string_view file) {
  const std::size_t at = FindNoUtf8(text);
  if (at == absl::string_view::npos) return absl::OkStatus();
  const absl::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return BadConfigText(file, static_cast<int>(line), static_cast<int>(at - start + 1),
                       "not text: these bytes are no UTF-8");
}

constexpr absl::string_view kCredentials = "$CREDENTIALS_DIRECTORY/";

absl::StatusOr<std::string> WithCredentials(absl::string_view field, absl::string_view path) {
  if (!absl::ConsumePrefix(&path, kCredentials)) return std::string(path);
  const std::string folder = CredentialsFolder();
  if (!folder.empty()) return absl::StrCat(folder, "/", path);
  return BadSetting(field, "systemd handed no credentials to this program",
                    "start it by a unit with LoadCredential=, or name a file");
}

absl::Status MakeAbsolute(absl::string_view field, const std::filesystem::path& folder,
                          std::string* path) {
  if (path->empty()) return BadSetting(field, "missing", "name it in the configuration file");
  if (path->find('\0') != std::string::npos) {
    return BadSetting(field, "holds a zero byte", "name a file");
  }
  ASSIGN_OR_RETURN(const std::string named, WithCredentials(field, *path));
  *path = (folder / named).lexically_normal().string();
  return absl::OkStatus();
}

// A key in a token has no path.
absl::Status MakeKeyAbsolute(absl::string_view field, const std::filesystem::path& folder,
                             std::string* place) {
  return crypto::IsTokenUri(*place) ? absl::OkStatus() : MakeAbsolute(field, folder, place);
}

absl::Status MakePathsAbsolute(const std::filesystem::path& folder, NodeConfig* config) {
  RETURN_IF_ERROR(MakeAbsolute("store", folder, config->mutable_store()));
  RETURN_IF_ERROR(MakeAbsolute("reference", folder, config->mutable_reference()));
  RETURN_IF_ERROR(MakeKeyAbsolute("log_key", folder, config->mutable_log_key()));
  config::v1::Tls* tls = config->mutable_tls();
  RETURN_IF_ERROR(MakeAbsolute("tls.certificate", folder, tls->mutable_certificate()));
  RETURN_IF_ERROR(MakeAbsolute("tls.key", folder, tls->mutable_key()));
  RETURN_IF_ERROR(MakeAbsolute("tls.ca", folder, tls->mutable_ca()));
  const auto if_set = [&](absl::string_view field, std::string* path) {
    return path->empty() ? absl::OkStatus() : MakeAbsolute(field, folder, path);
  };
  RETURN_IF_ERROR(if_set("tls.key_passphrase", tls->mutable_key_passphrase()));
  if (std::string* previous = config->mutable_previous_log_key(); !previous->empty()) {
    RETURN_IF_ERROR(MakeKeyAbsolute("previous_log_key", folder, previous));
  }
  RETURN_IF_ERROR(if_set("backups", config->mutable_backups()));
  RETURN_IF_ERROR(if_set("address_file", config->mutable_address_file()));
  RETURN_IF_ERROR(if_set("witness_key", config->mutable_witness_key()));
  for (config::v1::Peer& peer : *config->mutable_peers()) {
    RETURN_IF_ERROR(if_set("peers[].succession", peer.mutable_succession()));
  }
  RETURN_IF_ERROR(if_set("access", config->mutable_access()));
  if (config->has_directory()) {
    RETURN_IF_ERROR(
        MakeAbsolute("directory.file", folder, config->mutable_directory()->mutable_file()));
  }
  if (config->wrapping_keys().empty()) {
    config->set_wrapping_keys(WrappingKeysBeside(config->store()));
  }
  RETURN_IF_ERROR(MakeAbsolute("wrapping_keys", folder, config->mutable_wrapping_keys()));
  return if_set("policy", config->mutable_policy());
}

void SetDefaults(config::v1::Scrub* scrub) {
  if (scrub->bytes_per_second() == 0) scrub->set_bytes_per_second(kScrubBytesPerSecondDefault);
  if (scrub->every_seconds() == 0) scrub->set_every_seconds(kScrubEverySecondsDefault);
}

void SetDefaults(config::v1::Attachments* attachments) {
  if (attachments->bytes_max() == 0) attachments->set_bytes_max(kAttachmentBytesDefault);
  if (attachments->waiting_bytes_max() == 0) {
    attachments->set_waiting_bytes_max(std::max(kWaitingBytesDefault, attachments->bytes_max()));
  }
  if (attachments->keep_hours() == 0) attachments->set_keep_hours(kKeepHoursDefault);
}

}  // namespace

void SetDefaults(config::v1::Limits* limits) {
  if (limits->queue_requests() == 0) limits->set_queue_requests(kQueueRequestsDefault);
  if (limits->message_bytes() == 0) limits->set_message_bytes(kMessageBytesDefault);
  if (limits->drain_ms() == 0) limits->set_drain_ms(kDrainMsDefault);
  if (limits->questions_per_minute() == 0) {
    limits->set_questions_per_minute(kQuestionsPerMinuteDefault);
  }
  if (limits->wrong_codes() == 0) limits->set_wrong_codes(kWrongCodesDefault);
  if (limits->wrong_codes_per_hour() == 0) {
    limits->set_wrong_codes_per_hour(kWrongCodesPerHourDefault);
  }
  if (limits->client_calls() == 0) limits->set_client_calls(kClientCallsDefault);
  if (limits->client_streams() == 0) limits->set_client_streams(kClientStreamsDefault);
  if (limits->client_requests_per_second() == 0) {
    limits->set_client_requests_per_second(kClientRequestsPerSecondDefault);
  }
}

absl::StatusOr<NodeConfig> LoadConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kConfigBytesMax));
  std::error_code error;
  const std::filesystem::path file = std::filesystem::absolute(path, error);
  if (error) return CannotRead(path, error.message());
  return ParseConfig(text, path, file.parent_path().string());
}

absl::StatusOr<NodeConfig> ParseConfig(absl::string_view text, absl::string_view file,
                                       absl::string_view folder) {
  if (text.size() > kConfigBytesMax) return FileTooLarge(file, kConfigBytesMax);
  RETURN_IF_ERROR(CheckText(text, file));
  NodeConfig config;
  FirstError first(file);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&first);
  const bool parsed = parser.ParseFromString(std::string(text), &config);
  RETURN_IF_ERROR(first.error());
  if (!parsed) return BadConfigText(file, 1, 1, "not a configuration");
  RETURN_IF_ERROR(
      base::Annotate(MakePathsAbsolute(std::filesystem::path(std::string(folder)), &config), file));
  SetDefaults(config.mutable_limits());
  SetDefaults(config.mutable_scrub());
  SetDefaults(config.mutable_attachments());
  config::v1::Tls& tls = *config.mutable_tls();
  if (tls.reload_seconds() == 0) tls.set_reload_seconds(kReloadSecondsDefault);
  return config;
}

}  // namespace selaras::runtime
