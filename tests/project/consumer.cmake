# Installs the build folder BUILD, moves what was installed, and lets the examples of SOURCE find, link and run it; all
# in the folder SCRATCH.
file(REMOVE_RECURSE "${SCRATCH}")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${SCRATCH}/installed"
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(RENAME "${SCRATCH}/installed" "${SCRATCH}/moved")

file(GLOB_RECURSE package_files "${SCRATCH}/moved/*.cmake")
foreach(file ${package_files})
  file(READ "${file}" text)
  # A folder right below the root, /sluice say, may be part of any path.
  foreach(place "${SOURCE}" "${BUILD}" "${SCRATCH}")
    if(place MATCHES "^/[^/]*$")
      continue()
    endif()
    string(FIND "${text}" "${place}" position)
    if(NOT position EQUAL -1)
      message(FATAL_ERROR "${file} knows where it was built: ${place}")
    endif()
  endforeach()
endforeach()

# Builds SOURCE/examples/EXAMPLE against what was installed, runs it with the arguments that follow, and compares what it
# prints, in any order and whatever the time, with its expected_output.txt.
function(try_example example)
  set(folder "${SOURCE}/examples/${example}")
  set(build "${SCRATCH}/build-${example}")
  execute_process(COMMAND ${CMAKE_COMMAND} -S "${folder}" -B "${build}" -G ${GENERATOR}
    "-DCMAKE_PREFIX_PATH=${SCRATCH}/moved" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Release
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build "${build}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND "${build}/${example}" ${ARGN} WORKING_DIRECTORY "${folder}"
    OUTPUT_VARIABLE said ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
  file(STRINGS "${folder}/expected_output.txt" expected)
  string(STRIP "${said}" said)
  string(REGEX REPLACE "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]" "hh:mm:ss" said "${said}")
  string(REPLACE "\n" ";" said "${said}")
  list(SORT said)  # keys come in no particular order
  if(NOT said STREQUAL expected)
    message(FATAL_ERROR "${example} printed: ${said} and not: ${expected}")
  endif()
endfunction()

try_example(consumer run)
try_example(dashboard run --config dashboard.toml --count 1000)
execute_process(COMMAND "${SCRATCH}/build-dashboard/dashboard" explain --config dashboard.toml
  WORKING_DIRECTORY "${SOURCE}/examples/dashboard" OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
if(NOT said MATCHES "5000 ms[^\n]*dashboard.toml")
  message(FATAL_ERROR "the dashboard does not take its interval from its file: ${said}")
endif()
