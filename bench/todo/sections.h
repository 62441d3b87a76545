#pragma once

#include "tests/support/todo/fake_verifier.h"

namespace todo::bench {

// The parts of the benchmark: each prints a section of Markdown to standard output and its progress to standard error.
// Each makes a database of its own on the server of TEST_DATABASE_URL.
void MeasurePages(const testing::FakeVerifier& verifier);
void MeasureCreates(const testing::FakeVerifier& verifier);
void MeasureStreams(const testing::FakeVerifier& verifier);
void MeasureFootprint(const testing::FakeVerifier& verifier);

}  // namespace todo::bench
