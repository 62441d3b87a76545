#pragma once

#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/core/mutex.h"

namespace boost::asio::ssl {
class context;
}

namespace http {

// The certificate that a server shows, with its key: TLS 1.2 and newer. Read again when the files change, so that a
// renewed certificate needs no restart; connections that are open keep the one that they began with. Thread-safe.
class TlsIdentity {
 public:
  // `certificate_file` holds the chain, leaf first, and `key_file` its private key, both as PEM. Fails with
  // INVALID_ARGUMENT that names the file at fault.
  static absl::StatusOr<std::shared_ptr<TlsIdentity>> Create(std::string certificate_file, std::string key_file);

  // For new connections.
  std::shared_ptr<boost::asio::ssl::context> context() const;

  // Reads the files again where they have changed since. Files that cannot be used leave everything as it is, and are
  // tried again once they change. Blocks for as long as reading two files takes.
  absl::StatusOr<bool> ReloadIfChanged();

 private:
  struct Stamp {
    timespec modified;
    ino_t inode;
    off_t size;
    bool operator==(const Stamp& other) const;
  };

  TlsIdentity(std::string certificate_file, std::string key_file);
  static Stamp StampOf(const std::string& path);
  absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> Load() const;

  const std::string certificate_file_;
  const std::string key_file_;
  mutable common::Mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_ GUARDED_BY(mutex_);
  Stamp certificate_stamp_ GUARDED_BY(mutex_);
  Stamp key_stamp_ GUARDED_BY(mutex_);
};

}  // namespace http
