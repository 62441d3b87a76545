# Everything that comes from Debian; scripts/install-dependencies holds the package names.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(Protobuf REQUIRED MODULE)
find_package(gRPC CONFIG REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(simdjson CONFIG REQUIRED)
find_package(CURL REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)

# The google.api and google.rpc protos, which no -dev package of C++ ships.
find_path(GOOGLEAPIS_DIR google/api/annotations.proto
  HINTS /usr/share/gocode/src/github.com/gogo/googleapis /usr/share/googleapis
  DOC "Folder that holds google/api/annotations.proto")
if(NOT GOOGLEAPIS_DIR)
  message(FATAL_ERROR "google/api/annotations.proto was not found: run scripts/install-dependencies, "
    "or set GOOGLEAPIS_DIR to a folder that holds it")
endif()
find_path(GRPC_PROTO_DIR grpc/health/v1/health.proto
  HINTS /usr/share/grpc-proto /usr/share/proto
  DOC "Folder that holds grpc/health/v1/health.proto")
if(NOT GRPC_PROTO_DIR)
  message(FATAL_ERROR "grpc/health/v1/health.proto was not found: run scripts/install-dependencies, "
    "or set GRPC_PROTO_DIR to a folder that holds it")
endif()

find_program(PROTOC protoc REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
