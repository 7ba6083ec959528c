# selaras_precompile(<target> code|tests USES …)
#
# With SELARAS_PCH, the target's files begin with headers that most of them include: reading these is
# half of what a compiler does. If the target uses the large messages, generated headers are among
# them; others would only take longer. What a file needs it includes all the same: presets without
# precompiled headers, e.g. release, build the same files.
option(SELARAS_PCH "precompile headers that many files include" OFF)

set(SELARAS_PCH_LIBRARIES
  <algorithm> <functional> <map> <memory> <optional> <set> <string> <utility> <vector>
  <google/protobuf/generated_message_reflection.h> <google/protobuf/generated_message_util.h>
  <google/protobuf/map.h> <google/protobuf/message.h> <google/protobuf/repeated_field.h>
  <google/protobuf/unknown_field_set.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
  <absl/time/time.h>)
set(SELARAS_PCH_MESSAGES
  <filesystem> <absl/container/flat_hash_map.h> <absl/strings/str_join.h>
  <selaras/event/v1/event.pb.h> <selaras/command/v1/command.pb.h> <selaras/storage/v1/storage.pb.h>
  <selaras/query/v1/query.pb.h> <selaras/query/v1/statistics.pb.h>
  <selaras/attachment/v1/attachment.pb.h> <selaras/intake/v1/intake.pb.h>
  <selaras/referral/v1/referral.pb.h> <selaras/sanction/v1/sanction.pb.h>
  <selaras/ledger/v1/ledger.pb.h> <selaras/config/v1/config.pb.h> <selaras/cli/v1/output.pb.h>)

function(selaras_make_precompiled kind)
  set(source ${PROJECT_BINARY_DIR}/precompiled/${kind}.cc)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "")
  endif()
  set(target selaras_precompiled_${kind})
  add_library(${target} OBJECT ${source})
  target_link_libraries(${target} PRIVATE
    protobuf::libprotobuf absl::statusor absl::strings absl::time)
  target_precompile_headers(${target} PRIVATE ${SELARAS_PCH_LIBRARIES})
  # ccache tells precompiled headers apart by what they hold, not by when they were written.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  if(kind MATCHES "^tests")
    target_link_libraries(${target} PRIVATE GTest::gmock)
    target_compile_options(${target} PRIVATE -O0)
    target_precompile_headers(${target} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  if(kind MATCHES "_with_messages$")
    target_link_libraries(${target} PRIVATE
      selaras::event_proto selaras::command_proto selaras::storage_proto selaras::query_proto
      selaras::attachment_proto selaras::intake_proto selaras::referral_proto
      selaras::sanction_proto selaras::ledger_proto selaras::config_proto selaras::cli_proto
      absl::flat_hash_map)
    target_precompile_headers(${target} PRIVATE ${SELARAS_PCH_MESSAGES})
  endif()
endfunction()

if(SELARAS_PCH)
  foreach(kind code code_with_messages tests tests_with_messages)
    selaras_make_precompiled(${kind})
  endforeach()
endif()

function(selaras_precompile target kind)
  if(NOT SELARAS_PCH)
    return()
  endif()
  list(FILTER ARGN INCLUDE REGEX "^selaras::(event|query|cli)_proto$")
  if(ARGN)
    string(APPEND kind _with_messages)
  endif()
  target_precompile_headers(${target} REUSE_FROM selaras_precompiled_${kind})
endfunction()
