#include "services/node/seal.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/vault/sealed.h"

namespace selaras::node {
namespace {

// What a sealed part belongs to. Parts with their lengths, so that no two entries give the same.
std::string ContextOf(const event::v1::Event& event) {
  std::string context = "selaras personal part v1";
  for (const absl::string_view part :
       {absl::string_view(event.author()), SubjectOf(event), absl::string_view(event.salt())}) {
    base::AppendU32(&context, static_cast<std::uint32_t>(part.size()));
    absl::StrAppend(&context, part);
  }
  base::AppendU32(&context, static_cast<std::uint32_t>(event.fact().kind_case()));
  return context;
}

}  // namespace

absl::string_view SubjectOf(const event::v1::Event& event) {
  return event.has_case_id() ? event.case_id() : event.report_id();
}

void SealPart(absl::string_view subject_key, const event::v1::PersonalPart& part,
              event::v1::Event* event) {
  vault::Sealed sealed = vault::Seal(vault::EntryKey(subject_key, event->salt()), ContextOf(*event),
                                     part.SerializeAsString());
  event->mutable_sealed()->set_key_commitment(std::move(sealed.commitment));
  event->mutable_sealed()->set_ciphertext(std::move(sealed.ciphertext));
}

absl::StatusOr<event::v1::PersonalPart> OpenPart(const event::v1::Event& event,
                                                 absl::string_view subject_key) {
  if (event.salt().size() < vault::kSaltBytesMin) {
    return absl::DataLossError("an entry with so short a salt seals nothing");
  }
  return OpenPartAlone(event, vault::EntryKey(subject_key, event.salt()));
}

absl::StatusOr<event::v1::PersonalPart> OpenPartAlone(const event::v1::Event& event,
                                                      absl::string_view entry_key) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   vault::Open(entry_key, ContextOf(event),
                               {event.sealed().key_commitment(), event.sealed().ciphertext()}));
  event::v1::PersonalPart part;
  if (!part.ParseFromString(bytes))
    return absl::DataLossError("what is sealed is no personal part");
  return part;
}

}  // namespace selaras::node
