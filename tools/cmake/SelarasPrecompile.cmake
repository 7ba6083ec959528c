# selaras_precompile(<target> code|tests)
#
# With SELARAS_PCH, the target's files begin with headers of libraries that most of them include:
# reading these is a good part of a build. What a file needs it includes all the same: presets without
# precompiled headers, e.g. release, build the same files.
option(SELARAS_PCH "precompile headers of libraries" OFF)

function(selaras_make_precompiled kind)
  set(source ${PROJECT_BINARY_DIR}/precompiled/${kind}.cc)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "")
  endif()
  add_library(selaras_precompiled_${kind} OBJECT ${source})
  target_link_libraries(selaras_precompiled_${kind} PRIVATE
    protobuf::libprotobuf absl::statusor absl::strings absl::time)
  target_precompile_headers(selaras_precompiled_${kind} PRIVATE
    <algorithm> <functional> <map> <memory> <optional> <set> <string> <utility> <vector>
    <google/protobuf/generated_message_reflection.h> <google/protobuf/generated_message_util.h>
    <google/protobuf/map.h> <google/protobuf/message.h> <google/protobuf/repeated_field.h>
    <google/protobuf/unknown_field_set.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
    <absl/time/time.h>)
  # ccache tells precompiled headers apart by what they hold, not by when they were written.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(selaras_precompiled_${kind} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

if(SELARAS_PCH)
  selaras_make_precompiled(code)
  selaras_make_precompiled(tests)
  target_link_libraries(selaras_precompiled_tests PRIVATE GTest::gmock)
  target_compile_options(selaras_precompiled_tests PRIVATE -O0)
  target_precompile_headers(selaras_precompiled_tests PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
endif()

function(selaras_precompile target kind)
  if(SELARAS_PCH)
    target_precompile_headers(${target} REUSE_FROM selaras_precompiled_${kind})
  endif()
endfunction()
