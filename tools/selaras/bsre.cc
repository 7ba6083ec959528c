#include "tools/selaras/bsre.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/runtime/text.h"
#include "storage/base/status.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/text.h"

#include <nlohmann/json.hpp>

namespace selaras::cli {
namespace {

using nlohmann::json;

constexpr absl::string_view kService = "BSrE";
constexpr absl::string_view kNoSignature = "NO_SIGNATURE";
constexpr int kSignersMax = 16;
constexpr std::size_t kTextBytesMax = 200;
constexpr std::size_t kIssuerBytesMax = 400;

// One object of the answer. What is null counts as missing.
class Object {
 public:
  // `path` is where it stands, e.g. `details[0].`; empty: it is the answer.
  Object(absl::string_view file, std::string path, const json& object)
      : file_(file), path_(std::move(path)), object_(object) {}

  absl::StatusOr<std::string> Text(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_string()) return Wrong(name, "is not a text");
    return field->get<std::string>();
  }
  absl::StatusOr<std::string> TextIfAny(const char* name) const {
    if (!Has(name)) return std::string();
    return Text(name);
  }
  absl::StatusOr<bool> Flag(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_boolean()) return Wrong(name, "is neither true nor false");
    return field->get<bool>();
  }
  absl::StatusOr<bool> FlagIfAny(const char* name) const {
    if (!Has(name)) return false;
    return Flag(name);
  }
  absl::StatusOr<std::uint64_t> Number(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_number_unsigned()) return Wrong(name, "is not a number from 0 on");
    return field->get<std::uint64_t>();
  }
  absl::StatusOr<Object> Child(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_object()) return Wrong(name, "is not an object");
    return Object(file_, absl::StrCat(path_, name, "."), *field);
  }
  absl::StatusOr<std::vector<Object>> Children(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_array()) return Wrong(name, "is not a list");
    std::vector<Object> children;
    for (const json& item : *field) {
      const std::string path = absl::StrCat(name, "[", children.size(), "]");
      if (!item.is_object()) return Wrong(path, "is not an object");
      children.emplace_back(file_, absl::StrCat(path_, path, "."), item);
    }
    return children;
  }
  absl::StatusOr<std::vector<Object>> ChildrenIfAny(const char* name) const {
    if (!Has(name)) return std::vector<Object>();
    return Children(name);
  }

 private:
  bool Has(const char* name) const {
    const auto found = object_.find(name);
    return found != object_.end() && !found->is_null();
  }
  absl::StatusOr<const json*> Find(const char* name) const {
    if (!Has(name)) return Wrong(name, "is missing");
    return &*object_.find(name);
  }
  absl::Status Wrong(absl::string_view name, absl::string_view why) const {
    return NotBsreAnswer(file_, absl::StrCat(path_, name), why);
  }

  absl::string_view file_;
  std::string path_;
  const json& object_;
};

// One signature, and whether the document is as it was when it was signed.
absl::StatusOr<event::v1::Signer> ReadSigner(const Object& detail, bool* intact) {
  ASSIGN_OR_RETURN(const Object who, detail.Child("info_signer"));
  ASSIGN_OR_RETURN(const Object how, detail.Child("signature_document"));
  ASSIGN_OR_RETURN(*intact, how.Flag("document_integrity"));
  event::v1::Signer signer;
  ASSIGN_OR_RETURN(const std::string name, who.Text("signer_name"));
  ASSIGN_OR_RETURN(const std::string issuer, who.TextIfAny("issuer_dn"));
  ASSIGN_OR_RETURN(const std::string certificate, who.TextIfAny("signer_cert_validity"));
  ASSIGN_OR_RETURN(const std::string signed_in, how.TextIfAny("signed_in"));
  ASSIGN_OR_RETURN(const bool timestamped, how.FlagIfAny("signed_using_tsa"));
  signer.set_name(runtime::CleanUtf8(name, kTextBytesMax));
  signer.set_issuer(runtime::CleanUtf8(issuer, kIssuerBytesMax));
  signer.set_certificate(runtime::CleanUtf8(certificate, kTextBytesMax));
  signer.set_timestamped(timestamped);
  if (const auto moment = ParseMoment(signed_in))
    *signer.mutable_signed_at() = ToTimestamp(*moment);
  return signer;
}

// Codes of the catalogue list `signature_result`.
absl::string_view ResultOf(absl::string_view summary, std::uint64_t signatures) {
  if (signatures == 0) return "tanpa_ttd";
  if (summary == "VALID") return "sah";
  return summary == "INVALID" ? "tidak_sah" : "tidak_diketahui";
}

}  // namespace

absl::StatusOr<BsreAnswer> ReadBsreAnswer(absl::string_view file, absl::string_view json,
                                          absl::Time checked_at) {
  const auto parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return NotBsreAnswer(file, "", "is not a JSON object");
  const Object answer(file, "", parsed);
  ASSIGN_OR_RETURN(const std::string summary, answer.Text("summary"));
  ASSIGN_OR_RETURN(const std::uint64_t signatures, answer.Number("jumlah_signature"));
  BsreAnswer read;
  ASSIGN_OR_RETURN(read.document, answer.TextIfAny("nama_dokumen"));
  event::v1::SignatureCheck& check = read.check;
  check.set_result(std::string(ResultOf(summary, signatures)));
  *check.mutable_checked_at() = ToTimestamp(checked_at);
  check.set_service(std::string(kService));
  if (signatures > 0 && summary == kNoSignature) {
    return NotBsreAnswer(file, "summary", "contradicts jumlah_signature: there are signatures");
  }
  ASSIGN_OR_RETURN(const std::vector<Object> details,
                   signatures > 0 ? answer.Children("details") : answer.ChildrenIfAny("details"));
  if (details.size() != signatures) {
    return NotBsreAnswer(
        file, "details",
        absl::StrCat("has ", details.size(), " signatures, and jumlah_signature is ", signatures));
  }
  check.set_intact(!details.empty());
  for (const Object& detail : details) {
    bool intact = false;
    ASSIGN_OR_RETURN(event::v1::Signer signer, ReadSigner(detail, &intact));
    check.set_intact(check.intact() && intact);
    if (check.signers_size() < kSignersMax) *check.add_signers() = std::move(signer);
  }
  return read;
}

}  // namespace selaras::cli
