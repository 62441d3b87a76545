#include "tests/support/gateway/descriptors.h"

#include <fstream>
#include <iterator>

namespace gateway_testing {

std::string DescriptorSetPath() { return TEST_DESCRIPTORS; }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::string DescriptorSet() { return ReadFile(DescriptorSetPath()); }

}  // namespace gateway_testing
