#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace common {

// The DNS names (subjectAltName, RFC 5280 section 4.2.1.6) of the first certificate in a PEM file, in lower case. Fails
// with INVALID_ARGUMENT that says what the file lacks: it cannot be read, holds no certificate, or the certificate has
// no DNS name.
absl::StatusOr<std::vector<std::string>> DnsNamesOf(const std::string& certificate_file);

// Whether `key_file` holds the private key of the first certificate in `certificate_file`, both PEM.
absl::Status CheckKey(const std::string& key_file, const std::string& certificate_file);

// Whether one of the certificates in `ca_file` vouches, now, for the first one in `certificate_file`, with the others
// there in between.
absl::Status CheckIssuer(const std::string& ca_file, const std::string& certificate_file);

}  // namespace common
