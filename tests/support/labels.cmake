# Writes FILE, which labels the ctest tests of the Catch2 program PROGRAM, called PREFIX<name>, with LABELS and each
# test's own tags.
execute_process(COMMAND "${PROGRAM}" --list-tests OUTPUT_VARIABLE listed)
string(REGEX MATCHALL "\n  [^ ][^\n]*\n      \\[[^\n]*" tests_and_tags "${listed}")
set(text)
foreach(test ${tests_and_tags})
  string(REGEX MATCH "\n  ([^\n]*)\n      ([^\n]*)" all "${test}")
  set(name "${CMAKE_MATCH_1}")
  string(REGEX MATCHALL "[^][ ]+" tags "${CMAKE_MATCH_2}")
  string(APPEND text
    "set_tests_properties([==[${PREFIX}${name}]==] PROPERTIES LABELS [==[${LABELS};${tags}]==])\n")
endforeach()
file(WRITE "${FILE}" "${text}")
