# find_package(todo_jwt CONFIG REQUIRED) and target_link_libraries(... todo_jwt::auth). What it needs must be installed
# too, as CMake finds it on Debian.
include(CMakeFindDependencyMacro)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)
find_dependency(OpenSSL)
find_dependency(absl CONFIG)
find_dependency(Protobuf MODULE)
find_dependency(gRPC CONFIG)
find_dependency(simdjson CONFIG)
include(${CMAKE_CURRENT_LIST_DIR}/todo_jwt-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/todo_jwt-gateway.cmake OPTIONAL)
