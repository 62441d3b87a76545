#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace todo::testing {

// What a failed call says about itself.

// The ErrorInfo as `domain/REASON`; empty where there is none.
std::string ReasonOf(const absl::Status& status);
std::string ReasonOf(const grpc::Status& status);

// The fields that the BadRequest names, in order; empty where there is none.
std::vector<std::string> ViolationsOf(const absl::Status& status);
std::vector<std::string> ViolationsOf(const grpc::Status& status);

}  // namespace todo::testing
