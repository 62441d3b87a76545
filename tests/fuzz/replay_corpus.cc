// Runs a fuzz target once on each file of the folders that are named as arguments: what libFuzzer does with a corpus,
// without libFuzzer, so that every build replays it. Exits with 1 where a folder holds no file.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

int Replay(const std::filesystem::path& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    std::cout << entry.path().filename().string() << std::endl;  // so that the last line names what crashed
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0] << " FOLDER...\n";
    return 1;
  }
  for (int i = 1; i < argc; ++i) {
    const int count = std::filesystem::is_directory(argv[i]) ? Replay(argv[i]) : 0;
    if (count == 0) {
      std::cerr << argv[i] << " holds no input to replay\n";
      return 1;
    }
    std::cout << count << " inputs replayed from " << argv[i] << "\n";
  }
  return 0;
}
