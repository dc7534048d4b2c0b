# Refuses compilers that are known to build this program wrongly, and sets the flags every target shares.
#
# g++ before 14 silently miscompiles ordinary coroutine code (temporaries in a co_await expression are
# destroyed twice), so a build with it would run and then corrupt memory.

option(KAPOK_ALLOW_OLD_GCC "Build with g++ older than 14 although it miscompiles coroutines" OFF)
set(KAPOK_SANITIZE "" CACHE STRING "Sanitizers to build with: address;undefined or thread")
option(KAPOK_FUZZ "Build libFuzzer targets" OFF)
set(KAPOK_FUZZ_SECONDS "" CACHE STRING "How long each fuzz test runs; empty: as it says itself")
option(KAPOK_COVERAGE "Instrument for coverage" OFF)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14 AND NOT KAPOK_ALLOW_OLD_GCC)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines. Configure with -DCMAKE_CXX_COMPILER=clang++-19 "
    "(apt-get install clang-19), or set -DKAPOK_ALLOW_OLD_GCC=ON at your own risk.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror=return-type -fstack-protector-strong)
add_compile_definitions(_GLIBCXX_ASSERTIONS)

find_program(KAPOK_MOLD mold)
if(KAPOK_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_program(KAPOK_CCACHE ccache)
if(KAPOK_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KAPOK_CCACHE})
endif()

if(KAPOK_FUZZ)
  # Every library reports its branches to libFuzzer; kapok_fuzz() in KapokTargets.cmake adds the driver.
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "KAPOK_FUZZ needs clang: configure with -DCMAKE_CXX_COMPILER=clang++-19")
  endif()
  if(NOT KAPOK_SANITIZE)
    set(KAPOK_SANITIZE "address;undefined")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(KAPOK_SANITIZE)
  string(REPLACE ";" "," kapok_sanitizers "${KAPOK_SANITIZE}")
  add_compile_options(-fsanitize=${kapok_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${kapok_sanitizers})
else()
  # Fortified string functions and sanitizers look at the same calls and disturb each other.
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
add_link_options(LINKER:-z,relro,-z,now)

if(KAPOK_COVERAGE)
  # Profiles: LLVM_PROFILE_FILE=…/%p.profraw, then llvm-profdata-19 merge and llvm-cov-19 report.
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
