# proto_library(NAME PROTOS a.proto... [GRPC b.proto...] [ROOT DIR] [DEPS target...])
#
# Compiles protos to one static library. PROTOS and GRPC are relative to ROOT (default: this folder); those in GRPC get
# service stubs too. Generated headers are SYSTEM, so that they are not held to our warnings.
function(proto_library name)
  cmake_parse_arguments(ARG "" "ROOT" "PROTOS;GRPC;DEPS" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  set(out ${CMAKE_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  foreach(proto IN LISTS ARG_PROTOS ARG_GRPC)
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(produced ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(grpc_arguments)
    if(proto IN_LIST ARG_GRPC)
      list(APPEND produced ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      set(grpc_arguments --grpc_out=${out} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
    endif()
    add_custom_command(OUTPUT ${produced}
      COMMAND ${PROTOC} -I${ARG_ROOT} -I${CMAKE_SOURCE_DIR}/proto -I${GOOGLEAPIS_DIR}
        --cpp_out=${out} ${grpc_arguments} ${ARG_ROOT}/${proto}
      DEPENDS ${ARG_ROOT}/${proto} VERBATIM)
    list(APPEND sources ${produced})
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC $<BUILD_INTERFACE:${out}>)
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf $<$<BOOL:${ARG_GRPC}>:gRPC::grpc++> ${ARG_DEPS})
endfunction()

# descriptor_set(OUTPUT FILE PROTOS a.proto... [ROOT DIR])
#
# Writes the descriptors of the protos and of all that they import, comments included, to FILE.
function(descriptor_set)
  cmake_parse_arguments(ARG "" "OUTPUT;ROOT" "PROTOS" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  list(TRANSFORM ARG_PROTOS PREPEND ${ARG_ROOT}/ OUTPUT_VARIABLE paths)
  add_custom_command(OUTPUT ${ARG_OUTPUT}
    COMMAND ${PROTOC} -I${ARG_ROOT} -I${CMAKE_SOURCE_DIR}/proto -I${GOOGLEAPIS_DIR}
      --include_imports --include_source_info --descriptor_set_out=${ARG_OUTPUT} ${paths}
    DEPENDS ${paths} VERBATIM)
endfunction()
