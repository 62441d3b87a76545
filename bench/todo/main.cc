// The todo service's figures. Prints Markdown to standard output; an argument names the one part to measure.
#include <array>
#include <cstdio>
#include <string>
#include <utility>

#include "bench/todo/sections.h"

int main(int argc, char** argv) {
  using namespace todo::bench;
  const std::string only = argc > 1 ? argv[1] : "";
  const todo::testing::FakeVerifier verifier;
  const std::array<std::pair<const char*, void (*)(const todo::testing::FakeVerifier&)>, 4> parts = {
      {{"pages", MeasurePages},
       {"create", MeasureCreates},
       {"streams", MeasureStreams},
       {"footprint", MeasureFootprint}}};
  if (only.empty()) std::printf("## The todo service\n");
  for (const auto& [name, measure] : parts) {
    if (!only.empty() && only != name) continue;
    std::printf("\n");
    measure(verifier);
  }
  return 0;
}
