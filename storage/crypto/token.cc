#include "storage/crypto/token.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::crypto {
namespace {

constexpr absl::string_view kScheme = "pkcs11:";
constexpr absl::string_view kFile = "file:";
// The curve, as tokens want it: the OID of RFC 8410, or the name that PKCS#11 v3 writes.
constexpr std::array<absl::string_view, 2> kCurves = {"\x06\x03\x2b\x65\x70",
                                                      "\x13\x0c"
                                                      "edwards25519"};
// DER of an octet string of 32 bytes, in which tokens wrap the point.
constexpr absl::string_view kOctets = "\x04\x20";

struct FreeUri {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using Uri = std::unique_ptr<P11KitUri, FreeUri>;

std::string CodeText(CK_RV code) { return p11_kit_strerror(code); }

absl::Status NotNow(absl::string_view what, CK_RV code) {
  return absl::FailedPreconditionError(absl::StrCat("the token ", what, ": ", CodeText(code)));
}

struct Place {
  std::string module;
  std::string token;
  std::string label;
};

absl::StatusOr<Uri> ParseUri(absl::string_view text) {
  Uri uri(p11_kit_uri_new());
  SELARAS_CHECK(uri != nullptr) << "out of memory";
  const std::string copy(text);
  const int code = p11_kit_uri_parse(copy.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (code != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized(uri.get()) != 0) {
    return absl::InvalidArgumentError("is no URI of RFC 7512");
  }
  if (p11_kit_uri_get_pin_value(uri.get()) != nullptr) {
    return absl::InvalidArgumentError("holds the PIN itself: name a file of it, pin-source=file:…");
  }
  return uri;
}

// Labels of tokens are padded with blanks.
std::string Trimmed(const unsigned char* label, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(label), size);
  text.resize(text.find_last_not_of(' ') + 1);
  return text;
}

absl::StatusOr<Place> PlaceOf(absl::string_view text) {
  ASSIGN_OR_RETURN(const Uri uri, ParseUri(text));
  Place place;
  const char* const module = p11_kit_uri_get_module_path(uri.get());
  if (module != nullptr) place.module = module;
  const CK_TOKEN_INFO* const token = p11_kit_uri_get_token_info(uri.get());
  if (token->label[0] != 0) place.token = Trimmed(token->label, sizeof token->label);  // set
  const CK_ATTRIBUTE* const label = p11_kit_uri_get_attribute(uri.get(), CKA_LABEL);
  if (label != nullptr) {
    place.label.assign(static_cast<const char*>(label->pValue), label->ulValueLen);
  }
  if (place.module.empty() || place.token.empty() || place.label.empty()) {
    return absl::InvalidArgumentError("names no token, object or module-path");
  }
  return place;
}

// A module that is initialized as long as somebody has it.
using Module = std::shared_ptr<CK_FUNCTION_LIST>;

absl::StatusOr<Module> LoadModule(const std::string& path) {
  CK_FUNCTION_LIST* const functions = p11_kit_module_load(path.c_str(), 0);
  if (functions == nullptr) {
    return absl::NotFoundError(absl::StrCat(path, " is no PKCS#11 module that can be loaded"));
  }
  if (const CK_RV code = p11_kit_module_initialize(functions); code != CKR_OK) {
    p11_kit_module_release(functions);
    return NotNow("does not start", code);
  }
  return Module(functions, [](CK_FUNCTION_LIST* module) {
    p11_kit_module_finalize(module);
    p11_kit_module_release(module);
  });
}

absl::StatusOr<CK_SLOT_ID> FindToken(const Module& module, const std::string& label) {
  CK_ULONG count = 0;
  CK_RV code = module->C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (code == CKR_OK && count > 0) code = module->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (code != CKR_OK) return NotNow("cannot be listed", code);
  for (std::size_t i = 0; i < count; ++i) {
    CK_TOKEN_INFO info;
    if (module->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    if (Trimmed(info.label, sizeof info.label) == label) return slots[i];
  }
  return absl::NotFoundError(absl::StrCat("there is no token ", label));
}

// One session, in which somebody is logged in.
class Session {
 public:
  static absl::StatusOr<std::unique_ptr<Session>> Open(Module module, const std::string& token,
                                                       absl::string_view pin) {
    ASSIGN_OR_RETURN(const CK_SLOT_ID slot, FindToken(module, token));
    CK_SESSION_HANDLE handle = 0;
    if (const CK_RV code = module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr,
                                                 nullptr, &handle);
        code != CKR_OK) {
      return NotNow("opens no session", code);
    }
    std::unique_ptr<Session> session(new Session(std::move(module), handle));
    std::string secret(pin);
    const CK_RV code = session->module_->C_Login(
        handle, CKU_USER, reinterpret_cast<unsigned char*>(secret.data()), secret.size());
    if (code == CKR_OK || code == CKR_USER_ALREADY_LOGGED_IN) return session;
    return NotNow("does not take the PIN", code);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { module_->C_CloseSession(handle_); }

  // Handles of the objects of a class that have the label.
  absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> Find(CK_OBJECT_CLASS kind,
                                                     const std::string& label) {
    std::string text = label;
    std::array<CK_ATTRIBUTE, 2> wanted = {CK_ATTRIBUTE{CKA_CLASS, &kind, sizeof kind},
                                          CK_ATTRIBUTE{CKA_LABEL, text.data(), text.size()}};
    CK_RV code = module_->C_FindObjectsInit(handle_, wanted.data(), wanted.size());
    std::array<CK_OBJECT_HANDLE, 2> found{};
    CK_ULONG count = 0;
    if (code == CKR_OK) code = module_->C_FindObjects(handle_, found.data(), found.size(), &count);
    if (code != CKR_OK) return NotNow("cannot be searched", code);
    module_->C_FindObjectsFinal(handle_);
    return std::vector<CK_OBJECT_HANDLE>(found.begin(), found.begin() + count);
  }

  // The point of a public key of Ed25519.
  absl::StatusOr<VerifyKey> PublicKey(CK_OBJECT_HANDLE object) {
    std::array<unsigned char, 64> bytes{};
    CK_ATTRIBUTE point{CKA_EC_POINT, bytes.data(), bytes.size()};
    if (const CK_RV code = module_->C_GetAttributeValue(handle_, object, &point, 1);
        code != CKR_OK) {
      return NotNow("does not show the public key", code);
    }
    absl::string_view raw(reinterpret_cast<const char*>(bytes.data()), point.ulValueLen);
    // Some tokens give the point alone.
    if (raw.size() == kOctets.size() + kEd25519PublicKeySize) absl::ConsumePrefix(&raw, kOctets);
    auto key = VerifyKey::FromBytes(raw);
    return key.ok() ? key : absl::FailedPreconditionError("the key is none of Ed25519");
  }

  absl::Status MakePair(const std::string& label) {
    absl::Status made;
    for (const absl::string_view curve : kCurves) {
      made = MakePair(label, std::string(curve));
      if (made.ok()) break;
    }
    return made;
  }

  absl::StatusOr<std::string> Sign(CK_OBJECT_HANDLE key, absl::string_view message) {
    CK_MECHANISM mechanism{CKM_EDDSA, nullptr, 0};
    std::string text(message);
    std::string signature(kEd25519SignatureSize, '\0');
    CK_ULONG size = signature.size();
    CK_RV code = module_->C_SignInit(handle_, &mechanism, key);
    if (code == CKR_OK) {
      code = module_->C_Sign(handle_, reinterpret_cast<unsigned char*>(text.data()), text.size(),
                             reinterpret_cast<unsigned char*>(signature.data()), &size);
    }
    if (code != CKR_OK) return NotNow("does not sign", code);
    signature.resize(size);
    return signature;
  }

 private:
  Session(Module module, CK_SESSION_HANDLE handle) : module_(std::move(module)), handle_(handle) {}

  absl::Status MakePair(const std::string& label, std::string curve) {
    CK_BBOOL yes = CK_TRUE;
    CK_BBOOL no = CK_FALSE;
    std::string text = label;
    CK_MECHANISM mechanism{CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
    std::array<CK_ATTRIBUTE, 4> open = {CK_ATTRIBUTE{CKA_TOKEN, &yes, sizeof yes},
                                        CK_ATTRIBUTE{CKA_VERIFY, &yes, sizeof yes},
                                        CK_ATTRIBUTE{CKA_EC_PARAMS, curve.data(), curve.size()},
                                        CK_ATTRIBUTE{CKA_LABEL, text.data(), text.size()}};
    std::array<CK_ATTRIBUTE, 6> secret = {CK_ATTRIBUTE{CKA_TOKEN, &yes, sizeof yes},
                                          CK_ATTRIBUTE{CKA_PRIVATE, &yes, sizeof yes},
                                          CK_ATTRIBUTE{CKA_SENSITIVE, &yes, sizeof yes},
                                          CK_ATTRIBUTE{CKA_EXTRACTABLE, &no, sizeof no},
                                          CK_ATTRIBUTE{CKA_SIGN, &yes, sizeof yes},
                                          CK_ATTRIBUTE{CKA_LABEL, text.data(), text.size()}};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    const CK_RV code =
        module_->C_GenerateKeyPair(handle_, &mechanism, open.data(), open.size(), secret.data(),
                                   secret.size(), &public_key, &private_key);
    return code == CKR_OK ? absl::OkStatus() : NotNow("makes no key of Ed25519", code);
  }

  const Module module_;
  const CK_SESSION_HANDLE handle_;
};

absl::StatusOr<CK_OBJECT_HANDLE> TheOne(Session& session, CK_OBJECT_CLASS kind,
                                        const std::string& label) {
  ASSIGN_OR_RETURN(const std::vector<CK_OBJECT_HANDLE> found, session.Find(kind, label));
  if (found.empty()) return absl::NotFoundError(absl::StrCat("the token has no key ", label));
  if (found.size() > 1) {
    return absl::FailedPreconditionError(absl::StrCat("the token has several keys ", label));
  }
  return found.front();
}

// A key in a token. A session that broke, as that of a token that was away, is opened anew once.
class TokenDevice final : public SigningDevice {
 public:
  TokenDevice(Module module, Place place, std::string pin, std::unique_ptr<Session> session,
              CK_OBJECT_HANDLE key, VerifyKey verify_key)
      : module_(std::move(module)),
        place_(std::move(place)),
        pin_(std::move(pin)),
        verify_key_(std::move(verify_key)),
        session_(std::move(session)),
        key_(key) {}

  const VerifyKey& verify_key() const override { return verify_key_; }

  absl::StatusOr<std::string> Sign(absl::string_view message) override {
    const std::lock_guard lock(mutex_);
    if (session_ != nullptr) {
      if (auto signature = session_->Sign(key_, message); signature.ok()) return signature;
      session_.reset();
    }
    ASSIGN_OR_RETURN(session_, Session::Open(module_, place_.token, pin_));
    ASSIGN_OR_RETURN(key_, TheOne(*session_, CKO_PRIVATE_KEY, place_.label));
    return session_->Sign(key_, message);
  }

 private:
  const Module module_;
  const Place place_;
  const std::string pin_;
  const VerifyKey verify_key_;
  std::mutex mutex_;
  std::unique_ptr<Session> session_;  // under mutex_
  CK_OBJECT_HANDLE key_;              // under mutex_
};

absl::StatusOr<TokenKey> OpenKey(Module module, Place place, absl::string_view pin,
                                 std::unique_ptr<Session> session) {
  ASSIGN_OR_RETURN(const CK_OBJECT_HANDLE key, TheOne(*session, CKO_PRIVATE_KEY, place.label));
  ASSIGN_OR_RETURN(const CK_OBJECT_HANDLE open, TheOne(*session, CKO_PUBLIC_KEY, place.label));
  ASSIGN_OR_RETURN(VerifyKey verify_key, session->PublicKey(open));
  // Both objects have one label, which says nothing of their belonging together.
  constexpr absl::string_view kProbe = "selaras: does this key belong to that one?";
  ASSIGN_OR_RETURN(const std::string signature, session->Sign(key, kProbe));
  if (!verify_key.Verify(kProbe, signature)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the private and the public key ", place.label, " do not belong together"));
  }
  const std::string label = place.label;
  return TokenKey{label, SigningKey::In(std::make_shared<TokenDevice>(
                             std::move(module), std::move(place), std::string(pin),
                             std::move(session), key, std::move(verify_key)))};
}

}  // namespace

bool IsTokenUri(absl::string_view text) { return absl::StartsWith(text, kScheme); }

absl::StatusOr<std::string> PinFileOf(absl::string_view uri) {
  ASSIGN_OR_RETURN(const Uri parsed, ParseUri(uri));
  const char* const source = p11_kit_uri_get_pin_source(parsed.get());
  absl::string_view file = source == nullptr ? "" : source;
  absl::ConsumePrefix(&file, kFile);
  if (file.empty())
    return absl::InvalidArgumentError("names no file of the PIN: pin-source=file:…");
  return std::string(file);
}

absl::StatusOr<TokenKey> OpenTokenKey(absl::string_view uri, absl::string_view pin) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(uri));
  ASSIGN_OR_RETURN(Module module, LoadModule(place.module));
  ASSIGN_OR_RETURN(auto session, Session::Open(module, place.token, pin));
  return OpenKey(std::move(module), std::move(place), pin, std::move(session));
}

absl::StatusOr<TokenKey> MakeTokenKey(absl::string_view uri, absl::string_view pin) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(uri));
  ASSIGN_OR_RETURN(Module module, LoadModule(place.module));
  ASSIGN_OR_RETURN(auto session, Session::Open(module, place.token, pin));
  for (const CK_OBJECT_CLASS kind : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    ASSIGN_OR_RETURN(const auto there, session->Find(kind, place.label));
    if (there.empty()) continue;
    return absl::AlreadyExistsError(absl::StrCat("the token has a key ", place.label, " already"));
  }
  RETURN_IF_ERROR(session->MakePair(place.label));
  return OpenKey(std::move(module), std::move(place), pin, std::move(session));
}

}  // namespace selaras::crypto
