#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <string>

namespace gateway_testing {

// Where the descriptor set of the test protos lies, and its bytes.
std::string DescriptorSetPath();
std::string DescriptorSet();
std::string ReadFile(const std::string& path);

}  // namespace gateway_testing
