# kapok_library(NAME SOURCES … LINKS …): one static library per folder of server/, included by its folder name.
function(kapok_library name)
  cmake_parse_arguments(arg "PURE" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(kapok_${name} STATIC ${arg_SOURCES})
  target_include_directories(kapok_${name} PUBLIC ${CMAKE_SOURCE_DIR}/server)
  target_link_libraries(kapok_${name} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

# kapok_test(FOLDER LABELS … SOURCES … LINKS …): one GoogleTest executable per folder of tests/.
function(kapok_test name)
  if(NOT KAPOK_TESTS)
    return()  # a program of tests/ may be wanted without its tests
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name}_test ${arg_SOURCES})
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/server)
  target_link_libraries(${name}_test PRIVATE ${arg_LINKS} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT})
endfunction()

# kapok_fuzz(NAME SOURCES … LINKS … [CORPUS dir] [SECONDS n]): one libFuzzer target per parser, built with
# KAPOK_FUZZ=ON only. As a test it runs for SECONDS (20; KAPOK_FUZZ_SECONDS wins) from the corpus; finds are kept in the
# build folder.
function(kapok_fuzz name)
  cmake_parse_arguments(arg "" "SECONDS;CORPUS" "SOURCES;LINKS" ${ARGN})
  if(NOT KAPOK_FUZZ)
    return()
  endif()
  if(KAPOK_FUZZ_SECONDS)
    set(arg_SECONDS ${KAPOK_FUZZ_SECONDS})
  elseif(NOT arg_SECONDS)
    set(arg_SECONDS 20)
  endif()
  set(found ${CMAKE_CURRENT_BINARY_DIR}/${name}_found)
  file(MAKE_DIRECTORY ${found})
  add_executable(${name}_fuzz ${arg_SOURCES})
  target_include_directories(${name}_fuzz PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/server)
  target_link_libraries(${name}_fuzz PRIVATE ${arg_LINKS})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET fuzz_targets)
    add_custom_target(fuzz_targets)
  endif()
  add_dependencies(fuzz_targets ${name}_fuzz)
  add_test(NAME fuzz.${name} COMMAND ${name}_fuzz -max_total_time=${arg_SECONDS} -timeout=10 -rss_limit_mb=2048
    -print_final_stats=1 ${found} ${arg_CORPUS})
  math(EXPR limit "${arg_SECONDS} + 60")
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT ${limit})
endfunction()

# kapok_python_tests(LABEL [TIMEOUT seconds]): every test method of the *_test.py of this folder is a ctest of its own,
# LABEL.Class.test_method, against the real programs and with what tests/system has for all of them. Debian's
# interpreter, because python3-protobuf belongs to it.
function(kapok_python_tests label)
  cmake_parse_arguments(arg "" "TIMEOUT" "" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set(path ${CMAKE_CURRENT_SOURCE_DIR}:${CMAKE_SOURCE_DIR}/tests/system:${CMAKE_SOURCE_DIR}/tests/crash:${KAPOK_PROTO_PYTHON})
  file(GLOB suites RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *_test.py)
  foreach(suite ${suites})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${suite})
    get_filename_component(name ${suite} NAME_WE)
    file(STRINGS ${suite} lines REGEX "^(class [A-Za-z]+\\(|    def test_[a-z0-9_]+\\()")
    foreach(line ${lines})
      if(line MATCHES "^class ([A-Za-z]+)")
        set(class ${CMAKE_MATCH_1})
      elseif(line MATCHES "def (test_[a-z0-9_]+)")
        add_test(NAME ${label}.${class}.${CMAKE_MATCH_1}
          COMMAND /usr/bin/python3 -m unittest ${name}.${class}.${CMAKE_MATCH_1}
          WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        set_tests_properties(${label}.${class}.${CMAKE_MATCH_1} PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT}
          ENVIRONMENT "PYTHONPATH=${path};PYTHONDONTWRITEBYTECODE=1;KAPOK_BUILD=${CMAKE_BINARY_DIR}")
      endif()
    endforeach()
  endforeach()
endfunction()
