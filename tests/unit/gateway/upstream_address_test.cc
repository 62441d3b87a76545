#include "gateway/upstream_address.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

class GoodAddress : public testing::TestWithParam<const char*> {};
class BadAddress : public testing::TestWithParam<const char*> {};

TEST_P(GoodAddress, IsTaken) { EXPECT_TRUE(CheckUpstreamAddress(GetParam()).ok()) << GetParam(); }
TEST_P(BadAddress, IsRefused) { EXPECT_FALSE(CheckUpstreamAddress(GetParam()).ok()) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(All, GoodAddress,
                         testing::Values("localhost:50051", "127.0.0.1:1", "[::1]:65535", "todo_1.example:50051",
                                         "10.0.0.1:1,10.0.0.2:1", "[::1]:1,[fe80::1]:2", "dns:todo:50051",
                                         "dns:///todo:50051", "dns://10.0.0.53/todo:50051",
                                         "ipv4:10.0.0.1:1,10.0.0.2:2", "ipv6:[::1]:1", "unix:/run/todo.sock",
                                         "unix:todo.sock", "unix:///run/todo.sock", "unix-abstract:todo"));

INSTANTIATE_TEST_SUITE_P(All, BadAddress,
                         testing::Values("", "localhost", "localhost:", ":50051", "localhost:0", "localhost:65536",
                                         "localhost:port", "localhost:+1", "local host:1", "http://localhost:50051",
                                         "localhost:50051/", "::1:50051", "[::1]", "[::1:1", "[nope]:1", "a:1,b:1",
                                         "10.0.0.1:1,", "10.0.0.1:1, 10.0.0.2:1", "dns:///todo", "dns://todo:50051",
                                         "unix:", "unix-abstract:", "ipv4:todo:1"));

}  // namespace
}  // namespace gateway
