// Holds keep-alive connections that have had one answer each and want nothing more.
//
//   idle_connections PORT COUNT TARGET: prints `ready COUNT` once all have had it; ends with its input.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/gateway/raw_http_client.h"

int main(int, char** arguments) {
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto port = static_cast<uint16_t>(std::atoi(arguments[1]));
  const std::string request = "GET " + std::string(arguments[3]) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::vector<std::unique_ptr<gateway_testing::RawHttpClient>> clients;
  int answered = 0;
  for (int i = 0; i < std::atoi(arguments[2]); ++i) {
    clients.push_back(std::make_unique<gateway_testing::RawHttpClient>(port));
    clients.back()->Send(request);
    const auto answer = clients.back()->Read();
    if (answer && answer->status == 200) ++answered;
  }
  std::printf("ready %d\n", answered);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}
