# P11Kit::P11Kit: loads PKCS#11 modules and reads their URIs. Debian packages no configuration of it for CMake.
find_path(P11KIT_INCLUDE_DIR p11-kit/p11-kit.h PATH_SUFFIXES p11-kit-1)
find_library(P11KIT_LIBRARY p11-kit)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(P11Kit REQUIRED_VARS P11KIT_LIBRARY P11KIT_INCLUDE_DIR)
if(P11Kit_FOUND AND NOT TARGET P11Kit::P11Kit)
  add_library(P11Kit::P11Kit UNKNOWN IMPORTED)
  set_target_properties(P11Kit::P11Kit PROPERTIES
    IMPORTED_LOCATION ${P11KIT_LIBRARY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${P11KIT_INCLUDE_DIR}
    INTERFACE_INCLUDE_DIRECTORIES ${P11KIT_INCLUDE_DIR})
endif()
