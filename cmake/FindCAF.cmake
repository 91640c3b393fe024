# Finds CAF's core library: by CAF's own CMake package or, as Debian's libcaf-dev ships none, by header and library.
# Defines CAF::core; sets CAF_FOUND and CAF_VERSION.
find_package(CAF CONFIG QUIET COMPONENTS core)
if(TARGET CAF::core)
  return()
endif()

find_path(CAF_INCLUDE_DIR caf/all.hpp)
find_library(CAF_CORE_LIBRARY caf_core)
mark_as_advanced(CAF_INCLUDE_DIR CAF_CORE_LIBRARY)

if(EXISTS "${CAF_INCLUDE_DIR}/caf/config.hpp")
  # "#define CAF_VERSION 1706" is 0.17.6
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" caf_number REGEX "#define CAF_VERSION [0-9]+")
  string(REGEX REPLACE "[^0-9]" "" caf_number "0${caf_number}")
  math(EXPR CAF_VERSION_MAJOR "${caf_number} / 10000")
  math(EXPR CAF_VERSION_MINOR "${caf_number} / 100 % 100")
  math(EXPR CAF_VERSION_PATCH "${caf_number} % 100")
  set(CAF_VERSION "${CAF_VERSION_MAJOR}.${CAF_VERSION_MINOR}.${CAF_VERSION_PATCH}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_CORE_LIBRARY CAF_INCLUDE_DIR VERSION_VAR CAF_VERSION
  REASON_FAILURE_MESSAGE "Debian and Ubuntu: apt-get install libcaf-dev")
if(CAF_FOUND)
  add_library(CAF::core UNKNOWN IMPORTED)
  set_target_properties(CAF::core PROPERTIES
    IMPORTED_LOCATION "${CAF_CORE_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
endif()
