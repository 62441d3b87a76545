#include "common/core/memory_file.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace common {
namespace {

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(MemoryFile, HoldsWhatItWasGivenLast) {
  MemoryFile file;
  EXPECT_EQ(file.path(), "");
  ASSERT_TRUE(file.Replace("one").ok());
  const std::string path = file.path();
  EXPECT_EQ(ContentOf(path), "one");
  ASSERT_TRUE(file.Replace("two, longer").ok());
  EXPECT_EQ(file.path(), path);
  EXPECT_EQ(ContentOf(path), "two, longer");
  ASSERT_TRUE(file.Replace("").ok());
  EXPECT_EQ(ContentOf(path), "");
}

TEST(MemoryFile, OutlivesTheObject) {
  std::string path;
  {
    MemoryFile file;
    ASSERT_TRUE(file.Replace("one").ok());
    path = file.path();
  }
  EXPECT_EQ(ContentOf(path), "one");
}

TEST(MemoryFile, IsReplacedAsAWhole) {
  MemoryFile file;
  const std::string contents[] = {std::string(100'000, 'a'), std::string(70'000, 'b')};
  ASSERT_TRUE(file.Replace(contents[0]).ok());
  std::atomic<bool> is_over = false;
  std::thread reader([&] {
    while (!is_over) {
      const std::string content = ContentOf(file.path());
      EXPECT_TRUE(content == contents[0] || content == contents[1]) << content.size();
    }
  });
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(file.Replace(contents[i % 2]).ok());
  is_over = true;
  reader.join();
}

}  // namespace
}  // namespace common
