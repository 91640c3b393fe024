# Options of the build, and what our own targets are compiled with; nothing here is exported.
option(SLUICE_APPS "Build the programs under apps/" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_INSTALL "Install headers, library and package files" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_FUZZ "Build the fuzz targets (clang only)" OFF)
option(SLUICE_WARNINGS_AS_ERRORS "Let no warning pass" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_PRECOMPILE "Read the standard headers once for all sources; not every include is needed then" OFF)
set(SLUICE_SANITIZE "" CACHE STRING "Sanitizers to build everything with: address,undefined or thread")

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo" FORCE)
  endif()
endif()

if(SLUICE_FUZZ AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "SLUICE_FUZZ needs clang, not ${CMAKE_CXX_COMPILER_ID}: cmake --preset fuzz")
endif()

# Gives `target` our warnings and the instrumentation that was asked for.
function(sluice_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra
    $<$<BOOL:${SLUICE_WARNINGS_AS_ERRORS}>:-Werror>
    # g++ 12 warns of impossible lengths where it inlines std::string's operator+ and its moves
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread> $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>)
  if(SLUICE_SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
      # g++ 12 takes its own instrumentation of std::function for a use without a value
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(${target} PUBLIC $<BUILD_INTERFACE:-fsanitize=${SLUICE_SANITIZE}>)
  endif()
  if(SLUICE_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# Precompiles for `target`, if that was asked for, the headers most sources include, and `more`.
function(sluice_precompile target)
  if(SLUICE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <functional> <map> <memory> <mutex>
      <optional> <span> <string> <string_view> <tuple> <variant> <vector> ${ARGN})
  endif()
endfunction()
