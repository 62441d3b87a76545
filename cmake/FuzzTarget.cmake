# fuzz_target(NAME SOURCES a.cc... LIBRARIES target... CORPUS DIR [DICTIONARY FILE])
#
# SOURCES define LLVMFuzzerTestOneInput(). In the preset `fuzz` it becomes build-fuzz/bin/fuzz/NAME, which libFuzzer
# drives: scripts/fuzz runs it, and puts what crashes it into CORPUS. In every other build, whatever the compiler, it is
# linked with tests/fuzz/replay_corpus.cc, and CTest runs it on each file of CORPUS as the test `Fuzz.NAME`.
#
# CORPUS and DICTIONARY are relative to this folder.
function(fuzz_target name)
  cmake_parse_arguments(ARG "" "CORPUS;DICTIONARY" "SOURCES;LIBRARIES" ${ARGN})
  cmake_path(ABSOLUTE_PATH ARG_CORPUS)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/fuzz)
  if(SANITIZE MATCHES "fuzzer")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(dictionary)
    if(ARG_DICTIONARY)
      cmake_path(ABSOLUTE_PATH ARG_DICTIONARY OUTPUT_VARIABLE dictionary)
    endif()
    # What scripts/fuzz needs to know of a target.
    file(WRITE ${CMAKE_BINARY_DIR}/fuzz-targets/${name} "corpus='${ARG_CORPUS}'\ndictionary='${dictionary}'\n")
  else()
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_corpus.cc)
    add_test(NAME Fuzz.${name} COMMAND ${name} ${ARG_CORPUS})
    set_tests_properties(Fuzz.${name} PROPERTIES TIMEOUT 120)
  endif()
endfunction()
