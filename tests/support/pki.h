#pragma once

#include <string>
#include <vector>

#include "selaras/config/v1/config.pb.h"

#include "services/runtime/tls.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {

// A certificate authority of its own, made by deploy/pki/make-test-pki.sh.
class Pki {
 public:
  // `identities` as the script takes them: `backoffice:bawaslu/13:office` makes office.crt and
  // office.key.
  explicit Pki(const std::vector<std::string>& identities);

  // The files of a certificate and of the authority.
  config::v1::Tls Files(const std::string& name) const;

  // What is in them. The certificate is not checked.
  runtime::Tls Read(const std::string& name) const;

  // Has the authority sign the certificate anew, as one that ended yesterday.
  void Expire(const std::string& name) const;

  // Has the authority sign the certificate anew, with these as its names (`URI:…,URI:…`).
  void Rename(const std::string& name, const std::string& names) const;

  const TempDirectory& folder() const { return folder_; }

 private:
  TempDirectory folder_;
};

}  // namespace selaras::test
