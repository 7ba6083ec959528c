#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/command/v1/command.pb.h"

#include "services/domain/decide.h"
#include "services/domain/decide_intake.h"
#include "services/domain/facts.h"

// Documents (lampiran): letters, decrees, evidence, and what was made of these without what others
// may not see. An entry adds a document to a case or report and says how its bytes are found and
// opened; the bytes stand beside the logs. They move no file.
//
// A document goes to all parties of a case, or stays in the office, in the private log. Of a
// report, and of a case without parties, it stays. What an office of Bawaslu sends on cannot be
// read by a machine (rule 8), so an officer looks at it and says so.
namespace selaras::domain {

inline constexpr std::size_t kFileNameBytesMax = 200;

// What was uploaded: whole, and with the digest that was announced.
struct Upload {
  std::string upload_id;
  std::uint64_t bytes = 0;
  std::string sha256;      // of the document
  std::string media_type;  // as announced; its first bytes agree
  std::string file_name;
  std::string sealed_sha256;
  std::uint64_t sealed_bytes = 0;
  std::string key;  // under which it is sealed
};

// INVALID_ARGUMENT for what cannot be uploaded. `path` is that of the header in the request.
absl::Status CheckMediaType(absl::string_view field, absl::string_view media_type);
// Whether a document of that type may begin like this; of texts also whether it is text.
bool BeginsLike(absl::string_view media_type, absl::string_view first_bytes);

// `kept` are the facts of the private log about the case, and those about its report, which may be
// none.
absl::StatusOr<Decision> DecideAddAttachment(const command::v1::AddAttachment& command,
                                             const CaseFold& fold,
                                             const std::vector<storage::v1::SectionFold>& kept,
                                             const Upload& upload, Section section,
                                             const Call& call);
absl::StatusOr<Decision> DecideAddReportAttachment(const command::v1::AddAttachment& command,
                                                   const ReportState& report,
                                                   const storage::v1::SectionFold& kept,
                                                   const Upload& upload, const Call& call);

// FAILED_PRECONDITION while a legal hold keeps the case.
absl::StatusOr<Decision> DecideRemoveAttachment(const command::v1::RemoveAttachment& command,
                                                const CaseFold& fold,
                                                const storage::v1::SectionFold& kept,
                                                Section section, const Call& call);
// The same while one keeps any of `cases`, which are those of the report.
absl::StatusOr<Decision> DecideRemoveReportAttachment(const command::v1::RemoveAttachment& command,
                                                      const ReportState& report,
                                                      const storage::v1::SectionFold& kept,
                                                      const std::vector<CaseFold>& cases,
                                                      const Call& call);

// The fact that added the document at that place; nullptr if there is none. `removed` tells whether
// it was taken back.
struct AddedAttachment {
  const storage::v1::EffectiveFact* added = nullptr;
  bool removed = false;
};
AddedAttachment FindAttachment(const storage::v1::SectionFold& segment,
                               const event::v1::Position& position);

}  // namespace selaras::domain
