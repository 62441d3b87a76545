# cmake --install build [--component auth] --prefix P
#
# Component `services`: the binaries. Component `auth`: common/auth for services of other projects, as the package
# `todo_jwt` with the target `todo_jwt::auth`. Its headers keep their paths, under include/todo_jwt.
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
install(DIRECTORY ${CMAKE_BINARY_DIR}/generated/auth DESTINATION ${headers} COMPONENT auth FILES_MATCHING PATTERN *.h)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/proto/auth DESTINATION ${CMAKE_INSTALL_DATADIR}/todo_jwt/proto COMPONENT auth)

write_basic_package_version_file(${CMAKE_BINARY_DIR}/todo_jwt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/todo_jwt-config.cmake ${CMAKE_BINARY_DIR}/todo_jwt-config-version.cmake
  DESTINATION ${package} COMPONENT auth)
