# selaras_module(<name> HEADERS … SOURCES … USES … HIDES …)
#
#   USES   modules and packages that this module's headers mention.
#   HIDES  modules and packages that only its .cc files mention.
#
# A module sees its own headers and those it declares, nothing else: its include
# root holds one link, to its own folder. A module may declare only modules that
# stand before it in the root CMakeLists.txt, so dependencies point one way.
# modules.txt records the declarations for tools/check/tidy.py, which closes the
# holes that a compiler cannot see.
file(WRITE ${PROJECT_BINARY_DIR}/modules.txt "")

# Builds each header alone when all_verify_interface_header_sets is asked for.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

# A line of modules.txt: <folder> <target> | <uses> | <hides> | <generated headers>
function(selaras_record target uses hides headers)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  list(JOIN uses " " uses)
  list(JOIN hides " " hides)
  list(JOIN headers " " headers)
  file(APPEND ${PROJECT_BINARY_DIR}/modules.txt
       "${folder} ${target} | ${uses} | ${hides} | ${headers}\n")
endfunction()

function(selaras_module name)
  cmake_parse_arguments(ARG "" "" "HEADERS;SOURCES;USES;HIDES" ${ARGN})
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})

  foreach(other IN LISTS ARG_USES ARG_HIDES)
    if(other MATCHES "^selaras::" AND NOT TARGET ${other})
      message(FATAL_ERROR "${folder} may not use ${other}: it is listed later, or not at all")
    endif()
  endforeach()
  selaras_record(selaras::${name} "${ARG_USES}" "${ARG_HIDES}" "")

  set(view ${PROJECT_BINARY_DIR}/view/${name})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${view}/${parent})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${view}/${folder} SYMBOLIC)

  add_library(selaras_${name} STATIC ${ARG_SOURCES})
  add_library(selaras::${name} ALIAS selaras_${name})
  list(TRANSFORM ARG_HEADERS PREPEND ${view}/${folder}/)
  target_sources(selaras_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${view} FILES ${ARG_HEADERS})
  target_link_libraries(selaras_${name}
    PUBLIC ${ARG_USES}
    PRIVATE ${ARG_HIDES} selaras::warnings)
  selaras_precompile(selaras_${name} code ${ARG_USES} ${ARG_HIDES})
endfunction()

# selaras_program(<file name> SOURCES … USES …): a program in bin/.
function(selaras_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  selaras_record(${name} "${ARG_USES}" "" "")
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_USES} selaras::warnings selaras::allocator)
  selaras_precompile(${name} code ${ARG_USES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
