#pragma once

#include <thread>

#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "common/grpc/transport_config.h"

namespace common {

// Says in the log when the certificate that a Transport shows was replaced, and when the new one cannot be used: gRPC
// reads the files again by itself, and says neither. Does nothing where there is no TLS. Looks each second, on a thread
// of its own; what was still being written when it looked is looked at again. Thread-safe.
class CertificateWatch {
 public:
  CertificateWatch(TransportConfig config, Logger logger);
  ~CertificateWatch();

 private:
  void Run();
  bool IsStopping();
  void Report() const;

  const TransportConfig config_;
  const Logger logger_;
  Mutex mutex_;
  CondVar stopping_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace common
