# Installs the build folder BUILD, moves what was installed, and lets SOURCE/examples/consumer find, link and run it;
# all in the folder SCRATCH.
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

execute_process(COMMAND ${CMAKE_COMMAND} -S "${SOURCE}/examples/consumer" -B "${SCRATCH}/build" -G ${GENERATOR}
  "-DCMAKE_PREFIX_PATH=${SCRATCH}/moved" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Release
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${SCRATCH}/build" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${SCRATCH}/build/consumer" run
  OUTPUT_VARIABLE said ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS "${SOURCE}/examples/consumer/expected_output.txt" expected)
string(STRIP "${said}" said)
string(REPLACE "\n" ";" said "${said}")
list(SORT said)  # keys come in no particular order
if(NOT said STREQUAL expected)
  message(FATAL_ERROR "the consumer printed: ${said} and not: ${expected}")
endif()
