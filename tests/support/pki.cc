#include "tests/support/pki.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "storage/base/check.h"

namespace selaras::test {
namespace {

std::string Content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
std::unique_ptr<std::FILE, CloseFile> Open(const std::string& path, const char* mode) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), mode));
  SELARAS_CHECK(file != nullptr) << path;
  return file;
}

// Lets `change` edit the certificate, and the authority sign what comes out.
void SignAnew(const TempDirectory& folder, const std::string& name,
              const std::function<void(X509*)>& change) {
  const std::string path = folder / ("pki/" + name + ".crt");
  X509* certificate = PEM_read_X509(Open(path, "r").get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key =
      PEM_read_PrivateKey(Open(folder / "pki/ca.key", "r").get(), nullptr, nullptr, nullptr);
  SELARAS_CHECK(certificate != nullptr && key != nullptr) << name;
  change(certificate);
  SELARAS_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0) << name;
  PEM_write_X509(Open(path, "w").get(), certificate);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace

Pki::Pki(const std::vector<std::string>& identities) {
  std::string command = SELARAS_PKI_SCRIPT " --out '" + folder_ / "pki" + "'";
  for (const std::string& identity : identities) command += " --identity '" + identity + "'";
  SELARAS_CHECK(std::system(command.c_str()) == 0) << command;
}

config::v1::Tls Pki::Files(const std::string& name) const {
  config::v1::Tls files;
  files.set_certificate(folder_ / ("pki/" + name + ".crt"));
  files.set_key(folder_ / ("pki/" + name + ".key"));
  files.set_ca(folder_ / "pki/ca.crt");
  return files;
}

runtime::Tls Pki::Read(const std::string& name) const {
  const config::v1::Tls files = Files(name);
  return {Content(files.certificate()), Content(files.key()), Content(files.ca()), {}};
}

void Pki::Expire(const std::string& name) const {
  SignAnew(folder_, name, [](X509* certificate) {
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2L * 86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), -86'400L);
  });
}

void Pki::Rename(const std::string& name, const std::string& names) const {
  SignAnew(folder_, name, [&](X509* certificate) {
    X509_EXTENSION_free(
        X509_delete_ext(certificate, X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)));
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    SELARAS_CHECK(extension != nullptr) << names;
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  });
}

}  // namespace selaras::test
