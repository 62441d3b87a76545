#pragma once

#include <string>
#include <vector>

#include "common/metrics/registry.h"

namespace metrics {

// A certificate that the process shows.
struct ShownCertificate {
  // `grpc` or `https`.
  std::string use;
  // PEM, leaf first; empty where there is none.
  std::string file;
};

// Adds `tls_certificate_not_after_timestamp_seconds`: what the files say at each scrape, since they are replaced while
// the process runs. A file that cannot be read has no value.
void AddCertificates(Registry& registry, std::vector<ShownCertificate> certificates);

}  // namespace metrics
