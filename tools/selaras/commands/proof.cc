#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/merkle/prove.h"
#include "storage/merkle/verify.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

#include <nlohmann/json.hpp>

namespace selaras::cli {
namespace {

using nlohmann::json;

struct ProofOptions {
  bool inclusion = false;
  bool consistency = false;
  std::string file = "-";
};

absl::Status Invalid(absl::string_view why) { return absl::InvalidArgumentError(why); }

// An object whose fields are read strictly: what is meant must be written as it is meant.
class JsonFields {
 public:
  static absl::StatusOr<JsonFields> Parse(absl::string_view line) {
    json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object()) return Invalid("not a JSON object");
    return JsonFields(std::move(object));
  }

  absl::StatusOr<std::uint64_t> Number(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_number_unsigned()) {
      return Invalid(absl::StrCat(name, " is not an unsigned 64-bit integer"));
    }
    return field->get<std::uint64_t>();
  }
  absl::StatusOr<std::string> Text(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    if (!field->is_string()) return Invalid(absl::StrCat(name, " is not a text"));
    return field->get<std::string>();
  }
  absl::StatusOr<base::Digest> Hash(const char* name) const {
    ASSIGN_OR_RETURN(const json* field, Find(name));
    return HashIn(*field, name);
  }
  absl::StatusOr<merkle::Proof> Proof() const {
    ASSIGN_OR_RETURN(const json* field, Find("proof"));
    merkle::Proof proof;
    if (field->is_null()) return proof;
    if (!field->is_array()) return Invalid("proof is not a list or null");
    for (const json& item : *field) {
      ASSIGN_OR_RETURN(const base::Digest hash,
                       HashIn(item, absl::StrCat("proof[", proof.size(), "]")));
      proof.push_back(hash);
    }
    return proof;
  }

 private:
  explicit JsonFields(json object) : object_(std::move(object)) {}

  absl::StatusOr<const json*> Find(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end()) return Invalid(absl::StrCat(name, " is missing"));
    return &*found;
  }
  static absl::StatusOr<base::Digest> HashIn(const json& field, absl::string_view name) {
    if (field.is_string()) {
      const auto bytes = base::Base64Decode(field.get_ref<const std::string&>());
      if (bytes.ok() && bytes->size() == base::Digest::kSize) {
        return base::Digest::FromBytes(*bytes);
      }
    }
    return Invalid(absl::StrCat(name, " is not the base64 of 32 bytes"));
  }

  json object_;
};

absl::Status VerifyInclusionLine(absl::string_view line) {
  ASSIGN_OR_RETURN(const JsonFields fields, JsonFields::Parse(line));
  ASSIGN_OR_RETURN(const std::uint64_t index, fields.Number("leafIdx"));
  ASSIGN_OR_RETURN(const std::uint64_t size, fields.Number("treeSize"));
  ASSIGN_OR_RETURN(const base::Digest root, fields.Hash("root"));
  ASSIGN_OR_RETURN(const base::Digest leaf, fields.Hash("leafHash"));
  ASSIGN_OR_RETURN(const merkle::Proof proof, fields.Proof());
  return merkle::VerifyInclusion(leaf, {index}, {size}, proof, root);
}

// Roots of trees of one size are compared as they are given. From the empty tree every tree
// follows, so a proof of that says nothing: like other verifiers this one does not call it valid.
absl::Status VerifyConsistencyLine(absl::string_view line) {
  ASSIGN_OR_RETURN(const JsonFields fields, JsonFields::Parse(line));
  ASSIGN_OR_RETURN(const std::uint64_t size1, fields.Number("size1"));
  ASSIGN_OR_RETURN(const std::uint64_t size2, fields.Number("size2"));
  ASSIGN_OR_RETURN(const merkle::Proof proof, fields.Proof());
  if (size1 == size2) {
    ASSIGN_OR_RETURN(const std::string root1, fields.Text("root1"));
    ASSIGN_OR_RETURN(const std::string root2, fields.Text("root2"));
    if (!proof.empty()) return Invalid("between equal sizes there is nothing to prove");
    return root1 == root2 ? absl::OkStatus() : Invalid("two roots of one size differ");
  }
  if (size1 == 0) return Invalid("a proof from the empty tree says nothing");
  ASSIGN_OR_RETURN(const base::Digest root1, fields.Hash("root1"));
  ASSIGN_OR_RETURN(const base::Digest root2, fields.Hash("root2"));
  return merkle::VerifyConsistency({size1}, root1, {size2}, root2, proof);
}

void Tell(Output& output, const absl::Status& verdict) {
  if (output.json()) {
    cli::v1::ProofVerdict line;
    line.set_valid(verdict.ok());
    line.set_reason(std::string(verdict.message()));
    output.Json(line);
  } else {
    output.Print(verdict.ok() ? "valid\n"
                              : absl::StrCat("invalid: ", Printable(verdict.message()), "\n"));
  }
}

ExitCode Verify(Context& context, const ProofOptions& options) {
  Output& output = context.output();
  if (options.inclusion && options.consistency) {
    return output.Fail(ExcludeEachOther("--inclusion", "--consistency"));
  }
  if (!options.inclusion && !options.consistency) {
    return output.Fail(BadValue("kind of proof", "", "give --inclusion or --consistency"));
  }
  const auto text = ReadFile(options.file);
  if (!text.ok()) return output.Fail(text.status());
  std::uint64_t lines = 0, invalid = 0;
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(*text, "\n"), '\n')) {
    const absl::Status verdict =
        options.inclusion ? VerifyInclusionLine(line) : VerifyConsistencyLine(line);
    Tell(output, verdict);
    ++lines;
    invalid += verdict.ok() ? 0 : 1;
  }
  output.Note(absl::StrCat(lines - invalid, " of ", Count(lines, "proof"), " valid"));
  return invalid == 0 ? ExitCode::kOk : ExitCode::kError;
}

}  // namespace

Command ProofCommands() {
  const auto options = std::make_shared<ProofOptions>();
  Command verify = {
      .name = "verify",
      .summary = "verify Merkle proofs (RFC 6962) that are given as JSON, one a line",
      .details =
          "Reads objects with the fields leafIdx, treeSize, root, leafHash, proof, or size1, "
          "size2, "
          "root1, root2, proof; hashes in base64; other fields are ignored. Answers each line with "
          "one: valid, or invalid with the reason. Ends with 1 if any is invalid. Needs no network "
          "and no store.",
      .examples =
          "selaras log prove 7 --json | selaras proof verify --inclusion\n"
          "selaras proof verify --consistency vectors.jsonl",
      .options = {{"--inclusion", "", &options->inclusion, "that a leaf is in a tree"},
                  {"--consistency", "", &options->consistency, "that a tree extends another"},
                  {"FILE", "", &options->file, "the proofs; default: standard input"}},
      .run = [options](Context& context) { return Verify(context, *options); }};
  return {
      .name = "proof", .summary = "Merkle proofs by themselves", .commands = {std::move(verify)}};
}

}  // namespace selaras::cli
