# Warnings and sanitizers, as targets that our own code links by name: generated
# and system code is left alone.
set(SELARAS_SANITIZE "" CACHE STRING "sanitizers, e.g. address,undefined or thread")
option(SELARAS_WERROR "treat warnings as errors" OFF)
option(SELARAS_COVERAGE "instrument for coverage" OFF)

add_library(selaras_warnings INTERFACE)
add_library(selaras::warnings ALIAS selaras_warnings)
target_compile_options(selaras_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${SELARAS_WERROR}>:-Werror>)

# Everywhere, as gRPC's targets ask for it: precompiled headers are for one way of compiling.
add_compile_options(-pthread)

# Messages name files by their path from the root, wherever the tree was built.
add_compile_options(-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)

# What makes an error in memory, ours or a library's, end a program rather than be used. Debian's compilers
# make position-independent programs by themselves; what they call is bound before they begin.
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
if(NOT SELARAS_SANITIZE)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -D_GLIBCXX_ASSERTIONS)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")  # it needs optimisation
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection)
  endif()
endif()

if(SELARAS_SANITIZE)
  add_compile_options(-fsanitize=${SELARAS_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SELARAS_SANITIZE})
endif()

# For programs. A message of protobuf is many small pieces of memory; the sanitizers bring their own.
add_library(selaras_allocator INTERFACE)
add_library(selaras::allocator ALIAS selaras_allocator)
if(NOT SELARAS_SANITIZE)
  target_link_libraries(selaras_allocator INTERFACE Jemalloc::Jemalloc)
endif()

# For generated code, which is protobuf's: it makes half of what the compiler has to do there.
set(SELARAS_GENERATED_OPTIONS "")
if(SELARAS_SANITIZE MATCHES "undefined")
  set(SELARAS_GENERATED_OPTIONS -fno-sanitize=undefined)
endif()
if(SELARAS_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(LLD NAMES ld.lld-19 ld.lld)
if(LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(--ld-path=${LLD})
endif()
