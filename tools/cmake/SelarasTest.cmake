# selaras_test(<name> SOURCES … USES … [LABELS …] [TIMEOUT s] [COST s] [OPTIMIZED])
#
# One GoogleTest program whose cases ctest knows by name. USES lists modules; the
# repository root is not on the include path except for tests/support. With SELARAS_PCH the test
# itself, not what it tests, is built without optimisation, in two thirds of the time; OPTIMIZED is
# for tests that compute much themselves. What has a high COST, about the seconds that it takes, is
# begun first, so that nothing long is left for the end.
include(GoogleTest)

function(selaras_test name)
  cmake_parse_arguments(ARG "OPTIMIZED" "TIMEOUT;COST" "SOURCES;USES;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(NOT ARG_COST)
    set(ARG_COST 0)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_USES} selaras::warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    SELARAS_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SELARAS_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(ARG_OPTIMIZED)
    selaras_precompile(${name} code ${ARG_USES})
  elseif(SELARAS_PCH)
    target_compile_options(${name} PRIVATE -O0)
    selaras_precompile(${name} tests ${ARG_USES})
  endif()
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_COST} LABELS "${ARG_LABELS}")
endfunction()
