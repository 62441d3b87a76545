# Flags for our own code, as one target that every library of ours links: headers of other projects are SYSTEM and not
# held to them.
add_library(compiler_options INTERFACE)
target_compile_options(compiler_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wthread-safety-beta>
  $<$<BOOL:${WARNINGS_AS_ERRORS}>:-Werror>)
target_include_directories(compiler_options INTERFACE ${CMAKE_SOURCE_DIR})

# Hardening costs a few percent at most and is for every binary; the sanitizers bring their own checks and dislike it.
if(SANITIZE)
  add_compile_options(-fsanitize=${SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SANITIZE})
  if(SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees its own <regex> read what was not written.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
  if(SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ warns of every fence, of which Boost.Asio has some.
    add_compile_options(-Wno-tsan)
  endif()
else()
  add_compile_options(-fstack-protector-strong -fPIE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What precompiled headers need to be cached, as ccache's manual says.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()
