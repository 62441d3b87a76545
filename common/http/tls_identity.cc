#include "common/http/tls_identity.h"

#include <openssl/ssl.h>
#include <unistd.h>

#include <boost/asio/ssl/context.hpp>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace http {
namespace {

namespace ssl = boost::asio::ssl;

// `wanted` is what the file should hold.
absl::Status CannotUse(const std::string& file, std::string_view wanted) {
  const char* reason = access(file.c_str(), R_OK) == 0 ? nullptr : std::strerror(errno);
  if (reason != nullptr) return absl::InvalidArgumentError(absl::StrCat(file, " cannot be used: ", reason));
  return absl::InvalidArgumentError(
      absl::StrCat(file, " cannot be used: it holds no ", absl::string_view(wanted.data(), wanted.size()), " as PEM"));
}

}  // namespace

bool TlsIdentity::Stamp::operator==(const Stamp& other) const {
  return modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec &&
         inode == other.inode && size == other.size;
}

TlsIdentity::TlsIdentity(std::string certificate_file, std::string key_file)
    : certificate_file_(std::move(certificate_file)),
      key_file_(std::move(key_file)),
      certificate_stamp_(StampOf(certificate_file_)),
      key_stamp_(StampOf(key_file_)) {}

absl::StatusOr<std::shared_ptr<TlsIdentity>> TlsIdentity::Create(std::string certificate_file, std::string key_file) {
  auto identity = std::shared_ptr<TlsIdentity>(new TlsIdentity(std::move(certificate_file), std::move(key_file)));
  absl::StatusOr<std::shared_ptr<ssl::context>> context = identity->Load();
  if (!context.ok()) return context.status();
  common::MutexLock lock(identity->mutex_);
  identity->context_ = *std::move(context);
  return identity;
}

std::shared_ptr<ssl::context> TlsIdentity::context() const {
  common::MutexLock lock(mutex_);
  return context_;
}

absl::StatusOr<bool> TlsIdentity::ReloadIfChanged() {
  const Stamp certificate = StampOf(certificate_file_);
  const Stamp key = StampOf(key_file_);
  {
    common::MutexLock lock(mutex_);
    if (certificate == certificate_stamp_ && key == key_stamp_) return false;
    certificate_stamp_ = certificate;
    key_stamp_ = key;
  }
  absl::StatusOr<std::shared_ptr<ssl::context>> context = Load();
  if (!context.ok()) return context.status();
  common::MutexLock lock(mutex_);
  context_ = *std::move(context);
  return true;
}

TlsIdentity::Stamp TlsIdentity::StampOf(const std::string& path) {
  struct stat status = {};
  stat(path.c_str(), &status);
  return {status.st_mtim, status.st_ino, status.st_size};
}

absl::StatusOr<std::shared_ptr<ssl::context>> TlsIdentity::Load() const {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::single_dh_use, error);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  // A renegotiation is work that a client can ask for without end; a compressed stream leaks what is in it.
  SSL_CTX_set_options(context->native_handle(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  context->use_certificate_chain_file(certificate_file_, error);
  if (error) return CannotUse(certificate_file_, "certificate");
  context->use_private_key_file(key_file_, ssl::context::pem, error);
  if (error) return CannotUse(key_file_, "private key");
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return absl::InvalidArgumentError(absl::StrCat(key_file_, " is not the key of ", certificate_file_));
  }
  return context;
}

}  // namespace http
