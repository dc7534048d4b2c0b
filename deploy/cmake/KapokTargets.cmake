# kapok_library(NAME SOURCES … LINKS …): one static library per folder of server/, included by its folder name.
function(kapok_library name)
  cmake_parse_arguments(arg "PURE" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(kapok_${name} STATIC ${arg_SOURCES})
  target_include_directories(kapok_${name} PUBLIC ${CMAKE_SOURCE_DIR}/server)
  target_link_libraries(kapok_${name} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

# kapok_test(FOLDER LABELS … SOURCES … LINKS …): one GoogleTest executable per folder of tests/.
function(kapok_test name)
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
