# What `cmake --install` lays down, and what find_package(sluice) finds there.
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/sluice")

install(TARGETS sluice EXPORT sluice-targets)
foreach(header ${SLUICE_PUBLIC_HEADERS})
  cmake_path(GET header PARENT_PATH folder)
  install(FILES ${header} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/sluice/${folder}")
endforeach()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/sluice-config.cmake.in" sluice-config.cmake
  INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file(sluice-config-version.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT sluice-targets NAMESPACE sluice:: DESTINATION "${package_folder}")
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/sluice-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/sluice-config-version.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${package_folder}")
install(FILES LICENSE NOTICE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
