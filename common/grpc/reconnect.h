#pragma once

#include <grpcpp/support/channel_arguments.h>

namespace common {

// How every channel of ours comes back: it tries again 100 ms after the first failure and at least once a second.
//
// Where names are looked up, that is done as soon again, since a container that was restarted can have another address.
// While a name is not there at all gRPC waits ever longer between two lookups, up to two minutes, and offers no way to
// shorten that; the addresses known last are tried each second all the same.
//
// gRPC's "minimum backoff" is no pause but the least time that one attempt may take, TLS and HTTP/2 handshakes
// included: shorter than a busy or distant server needs, it would never be reached. A refused connection fails at once
// all the same.
inline void SetReconnect(grpc::ChannelArguments& arguments) {
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1000);
}

}  // namespace common
