# cmake --install build [--component auth] --prefix P
#
# Component `services`: the binaries. Component `auth`: common/auth for services of other projects, as the package
# `todo_jwt` with the target `todo_jwt::auth`. Component `gateway`, beside `auth`: the target `todo_jwt::http-gateway` (the
# binary), `todo_jwt::gateway` (what it is made of), and our options for protos. Headers keep their paths, under
# include/todo_jwt.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS token-verifier todo-service http-gateway RUNTIME COMPONENT services)

set(headers ${CMAKE_INSTALL_INCLUDEDIR}/todo_jwt)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/todo_jwt)
foreach(target auth_proto common_auth common_core common_grpc common_json googleapis_proto health_proto)
  string(REPLACE "common_" "" exported_name ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${exported_name})
  install(TARGETS ${target} EXPORT todo_jwt
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/todo_jwt COMPONENT auth
    INCLUDES DESTINATION ${headers})
endforeach()
install(EXPORT todo_jwt NAMESPACE todo_jwt:: FILE todo_jwt-targets.cmake DESTINATION ${package} COMPONENT auth)

foreach(folder auth core grpc)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/common/${folder} DESTINATION ${headers}/common COMPONENT auth
    FILES_MATCHING PATTERN *.h PATTERN pch.h EXCLUDE)
endforeach()
install(FILES ${CMAKE_SOURCE_DIR}/common/metrics/counter.h ${CMAKE_SOURCE_DIR}/common/metrics/histogram.h
  DESTINATION ${headers}/common/metrics COMPONENT auth)
install(DIRECTORY ${CMAKE_BINARY_DIR}/generated/auth DESTINATION ${headers} COMPONENT auth FILES_MATCHING PATTERN *.h)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/proto/auth DESTINATION ${CMAKE_INSTALL_DATADIR}/todo_jwt/proto COMPONENT auth)

foreach(target gateway common_http common_metrics gateway_proto http-gateway)
  string(REPLACE "common_" "" exported_name ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${exported_name})
  install(TARGETS ${target} EXPORT todo_jwt_gateway
    RUNTIME COMPONENT gateway
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/todo_jwt COMPONENT gateway
    INCLUDES DESTINATION ${headers})
endforeach()
install(EXPORT todo_jwt_gateway NAMESPACE todo_jwt:: FILE todo_jwt-gateway-targets.cmake DESTINATION ${package}
  COMPONENT gateway)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/todo_jwt-gateway.cmake DESTINATION ${package} COMPONENT gateway)
foreach(folder common/http common/json common/metrics gateway)
  get_filename_component(parent ${folder} DIRECTORY)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${folder} DESTINATION ${headers}/${parent} COMPONENT gateway
    FILES_MATCHING PATTERN *.h PATTERN pch.h EXCLUDE)
endforeach()
install(DIRECTORY ${CMAKE_BINARY_DIR}/generated/gateway ${CMAKE_BINARY_DIR}/generated/google DESTINATION ${headers}
  COMPONENT gateway FILES_MATCHING PATTERN *.h)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/proto/gateway DESTINATION ${CMAKE_INSTALL_DATADIR}/todo_jwt/proto COMPONENT gateway)
install(FILES ${GOOGLEAPIS_DIR}/google/api/annotations.proto ${GOOGLEAPIS_DIR}/google/api/http.proto
  DESTINATION ${CMAKE_INSTALL_DATADIR}/todo_jwt/proto/google/api COMPONENT gateway)

write_basic_package_version_file(${CMAKE_BINARY_DIR}/todo_jwt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/todo_jwt-config.cmake ${CMAKE_BINARY_DIR}/todo_jwt-config-version.cmake
  DESTINATION ${package} COMPONENT auth)
