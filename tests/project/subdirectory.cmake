# Takes SOURCE into another project by add_subdirectory, in the folder SCRATCH, and compiles a user of it there.
# The link is proven by consumer.cmake.
file(REMOVE_RECURSE "${SCRATCH}")
execute_process(COMMAND ${CMAKE_COMMAND} -S "${SOURCE}/tests/project/parent" -B "${SCRATCH}" -G ${GENERATOR}
  "-DSLUICE_SOURCE=${SOURCE}" "-DCMAKE_CXX_COMPILER=${COMPILER}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${SCRATCH}" --target user COMMAND_ERROR_IS_FATAL ANY)
