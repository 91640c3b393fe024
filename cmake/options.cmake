# Options of the build and the warnings our own targets live with; nothing here is exported.
option(SLUICE_APPS "Build the programs under apps/" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(SLUICE_SANITIZE "Build everything with ASan and UBSan" OFF)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo" FORCE)
  endif()
endif()

# Gives `target` our warnings, as errors, and the sanitizers if they were asked for.
function(sluice_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Werror)
  if(SLUICE_SANITIZE)
    target_compile_options(${target} PUBLIC
      $<BUILD_INTERFACE:-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer>)
    target_link_options(${target} PUBLIC $<BUILD_INTERFACE:-fsanitize=address,undefined>)
  endif()
endfunction()
