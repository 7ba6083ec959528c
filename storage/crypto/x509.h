#pragma once

#include <string>
#include <vector>

#include <openssl/x509.h>

// What files of this folder share about certificates of OpenSSL.
namespace selaras::crypto {

// The subject alternative names of the kind URI.
std::vector<std::string> UrisOf(const X509* certificate);

}  // namespace selaras::crypto
