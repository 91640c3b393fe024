# Runs the compiler COMMAND, which must refuse with a message matching EXPECT.
set(ENV{LC_ALL} C)
execute_process(COMMAND ${COMMAND} RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(code EQUAL 0)
  message(FATAL_ERROR "compiles, and should be refused with: ${EXPECT}")
elseif(NOT said MATCHES "${EXPECT}")
  message(FATAL_ERROR "refused, but not with: ${EXPECT}\n${said}")
endif()
