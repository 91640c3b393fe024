cmake_minimum_required(VERSION 3.22)
# Writes HEADER with the commit SOURCE stands at, "-dirty" if files differ from it; only if it changed.
execute_process(COMMAND git -C "${SOURCE}" describe --always --dirty --abbrev=7 --exclude=*
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT revision)
  set(revision unknown)
endif()
file(CONFIGURE OUTPUT "${HEADER}" CONTENT "#define SLUICE_BENCH_REVISION \"@revision@\"\n" @ONLY)
