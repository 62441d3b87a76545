# The part of the package todo_jwt that the component `gateway` brings: `todo_jwt::http-gateway`, `todo_jwt::gateway`, and a
# function for what the gateway is fed with.
find_dependency(Boost)
find_dependency(prometheus-cpp CONFIG)
include(${CMAKE_CURRENT_LIST_DIR}/todo_jwt-gateway-targets.cmake)

# Where google/api/annotations.proto and gateway/v1/annotations.proto are.
get_filename_component(todo_jwt_PROTO_DIR ${CMAKE_CURRENT_LIST_DIR}/../../../share/todo_jwt/proto REALPATH)
if(NOT EXISTS ${todo_jwt_PROTO_DIR})  # a libdir of more than one level, as Debian has it
  get_filename_component(todo_jwt_PROTO_DIR ${CMAKE_CURRENT_LIST_DIR}/../../../../share/todo_jwt/proto REALPATH)
endif()

# todo_jwt_descriptor_set(OUTPUT FILE PROTOS a.proto... [ROOT DIR])
#
# Writes what `http-gateway --descriptor_set=FILE` serves: the descriptors of the protos and of all that they import, with
# their comments, which become the words of /openapi.json and /docs.
function(todo_jwt_descriptor_set)
  cmake_parse_arguments(ARG "" "OUTPUT;ROOT" "PROTOS" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  find_program(PROTOC protoc REQUIRED)
  list(TRANSFORM ARG_PROTOS PREPEND ${ARG_ROOT}/ OUTPUT_VARIABLE paths)
  add_custom_command(OUTPUT ${ARG_OUTPUT}
    COMMAND ${PROTOC} -I${ARG_ROOT} -I${todo_jwt_PROTO_DIR} --include_imports --include_source_info
      --descriptor_set_out=${ARG_OUTPUT} ${paths}
    DEPENDS ${paths} VERBATIM)
endfunction()
