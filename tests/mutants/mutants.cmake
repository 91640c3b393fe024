# Bugs put into copies of single sources, and the proof that something notices each: what nobody has seen fail checks
# nothing.
#
#   sluice_mutant(NAME FILE FROM TO [FILE FROM TO …])
#
# adds a test that a sluice is caught in which source FILE says TO in place of FROM, which must stand in it once. Around
# the calls stand: mutant_area, the folder the tests are named after; mutant_catcher, the library with the `main` that
# runs seeds until one is noticed (notices.hpp); mutant_labels; mutant_target, which builds them all.
function(sluice_mutant name)
  set(mutated)
  set(at 1)
  while(at LESS ARGC)  # not a list: what is changed may hold semicolons
    math(EXPR from_at "${at} + 1")
    math(EXPR to_at "${at} + 2")
    set(file "${ARGV${at}}")
    set(from "${ARGV${from_at}}")
    set(to "${ARGV${to_at}}")
    math(EXPR at "${at} + 3")
    set(source "${PROJECT_SOURCE_DIR}/${file}")
    cmake_path(GET file FILENAME short)
    set(copy "${CMAKE_CURRENT_BINARY_DIR}/${name}/${short}")
    if(copy IN_LIST mutated)  # changed once already
      file(READ "${copy}" text)
    else()
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
      file(READ "${source}" text)
      list(APPEND mutated "${copy}")
    endif()
    string(FIND "${text}" "${from}" first)
    string(FIND "${text}" "${from}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
      message(FATAL_ERROR "mutant ${name}: ${file} does not say this exactly once: ${from}")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
    file(CONFIGURE OUTPUT "${copy}" CONTENT "${text}" @ONLY)
  endwhile()
  # The executable's own objects come before those in the library.
  add_executable(mutant_${name} ${mutated})
  target_link_libraries(mutant_${name} PRIVATE ${mutant_catcher})
  target_compile_options(mutant_${name} PRIVATE -w)
  add_dependencies(${mutant_target} mutant_${name})
  set(test "${mutant_area}: the mutant ${name} is caught")
  add_test(NAME "${test}" COMMAND mutant_${name})
  set_tests_properties("${test}" PROPERTIES LABELS "${mutant_labels}" TIMEOUT 120)
endfunction()
