#include "common/grpc/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace common {
namespace {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using FilePtr = std::unique_ptr<FILE, Freed<fclose>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using VerificationPtr = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;

void FreeChain(STACK_OF(X509) * chain) { sk_X509_pop_free(chain, X509_free); }
using ChainPtr = std::unique_ptr<STACK_OF(X509), Freed<FreeChain>>;

absl::Status CannotUse(const std::string& file, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(file, " cannot be used: ", reason));
}

absl::StatusOr<FilePtr> Open(const std::string& path) {
  FilePtr file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return CannotUse(path, std::strerror(errno));
  return file;
}

// All certificates of a file; at least one.
absl::StatusOr<ChainPtr> ReadCertificates(const std::string& path) {
  const absl::StatusOr<FilePtr> file = Open(path);
  if (!file.ok()) return file.status();
  ChainPtr chain(sk_X509_new_null());
  while (X509* certificate = PEM_read_X509(file->get(), nullptr, nullptr, nullptr)) {
    sk_X509_push(chain.get(), certificate);
  }
  if (sk_X509_num(chain.get()) == 0) return CannotUse(path, "it holds no certificate as PEM");
  return chain;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> DnsNamesOf(const std::string& certificate_file) {
  const absl::StatusOr<ChainPtr> chain = ReadCertificates(certificate_file);
  if (!chain.ok()) return chain.status();
  const X509* leaf = sk_X509_value(chain->get(), 0);
  const NamesPtr alternatives(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type != GEN_DNS) continue;
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    const absl::string_view view(text, static_cast<size_t>(ASN1_STRING_length(name->d.dNSName)));
    names.push_back(absl::AsciiStrToLower(view));
  }
  if (names.empty()) return CannotUse(certificate_file, "its certificate has no DNS name among its subjectAltNames");
  return names;
}

absl::Status CheckKey(const std::string& key_file, const std::string& certificate_file) {
  const absl::StatusOr<ChainPtr> chain = ReadCertificates(certificate_file);
  if (!chain.ok()) return chain.status();
  const absl::StatusOr<FilePtr> file = Open(key_file);
  if (!file.ok()) return file.status();
  // An empty passphrase, so that nobody is asked for one on the terminal.
  const KeyPtr key(PEM_read_PrivateKey(file->get(), nullptr, nullptr, const_cast<char*>("")));
  if (key == nullptr) return CannotUse(key_file, "it holds no private key as PEM without a passphrase");
  if (X509_check_private_key(sk_X509_value(chain->get(), 0), key.get()) != 1) {
    return absl::InvalidArgumentError(absl::StrCat(key_file, " is not the key of ", certificate_file));
  }
  return absl::OkStatus();
}

absl::Status CheckIssuer(const std::string& ca_file, const std::string& certificate_file) {
  const absl::StatusOr<ChainPtr> authorities = ReadCertificates(ca_file);
  if (!authorities.ok()) return authorities.status();
  const absl::StatusOr<ChainPtr> chain = ReadCertificates(certificate_file);
  if (!chain.ok()) return chain.status();
  const StorePtr store(X509_STORE_new());
  for (int i = 0; i < sk_X509_num(authorities->get()); ++i) {
    X509_STORE_add_cert(store.get(), sk_X509_value(authorities->get(), i));
  }
  const VerificationPtr verification(X509_STORE_CTX_new());
  X509_STORE_CTX_init(verification.get(), store.get(), sk_X509_value(chain->get(), 0), chain->get());
  if (X509_verify_cert(verification.get()) == 1) return absl::OkStatus();
  const char* reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(verification.get()));
  return absl::InvalidArgumentError(absl::StrCat(certificate_file, " is not vouched for by ", ca_file, ": ", reason));
}

}  // namespace common
