# Which headers users see: sluice.hpp, the kit for sinks of their own, and every header these reach. Sets SLUICE_PUBLIC_HEADERS, relative to the source
# folder; they are installed, and held to compile alone and to include no third party.
set(SLUICE_PUBLIC_HEADERS)
set(headers_to_read sluice.hpp connectors/sink_conformance.hpp)
while(headers_to_read)
  list(POP_FRONT headers_to_read header)
  if(NOT header IN_LIST SLUICE_PUBLIC_HEADERS)
    list(APPEND SLUICE_PUBLIC_HEADERS ${header})
    file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/${header}" include_lines REGEX "^ *#include \"sluice/")
    list(TRANSFORM include_lines REPLACE "^ *#include \"sluice/([^\"]*)\".*" "\\1")
    list(APPEND headers_to_read ${include_lines})
  endif()
endwhile()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${SLUICE_PUBLIC_HEADERS})
