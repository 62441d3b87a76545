#include "common/metrics/certificate_metrics.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <optional>
#include <utility>

namespace metrics {
namespace {

// When the first certificate of a file ends, in seconds since the epoch.
std::optional<double> EndOf(const std::string& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_file(file.c_str(), "r"), BIO_free);
  if (bio == nullptr) return std::nullopt;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                                X509_free);
  tm time;
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time) != 1) return std::nullopt;
  return static_cast<double>(timegm(&time));
}

}  // namespace

void AddCertificates(Registry& registry, std::vector<ShownCertificate> certificates) {
  registry.Add(Type::kGauge, "tls_certificate_not_after_timestamp_seconds",
               "When a certificate that the process shows ends, in seconds since the epoch.",
               [certificates = std::move(certificates)](Samples& samples) {
                 for (const ShownCertificate& shown : certificates) {
                   if (shown.file.empty()) continue;
                   if (const std::optional<double> end = EndOf(shown.file)) samples.Add({{"use", shown.use}}, *end);
                 }
               });
}

}  // namespace metrics
