# selaras_proto(<pkg> FILES … USES …)   messages: target selaras::<pkg>_proto
# selaras_grpc(<pkg> FILES … USES …)    stubs and services: target selaras::<pkg>_grpc
#
# Each package has its own include root, so a module cannot include a package
# that it has not declared. Generated code is compiled without our warnings.
function(selaras_proto pkg)
  cmake_parse_arguments(ARG "" "" "FILES;USES" ${ARGN})
  set(out ${PROJECT_BINARY_DIR}/gen/${pkg})
  file(MAKE_DIRECTORY ${out})
  set(made)
  set(headers)
  foreach(file IN LISTS ARG_FILES)
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    add_custom_command(
      OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR}/proto --cpp_out=${out}
              --dependency_out=${out}/${stem}.d ${file}
      DEPENDS ${PROJECT_SOURCE_DIR}/proto/${file}
      DEPFILE ${out}/${stem}.d
      VERBATIM)
    list(APPEND made ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    list(APPEND headers ${stem}.pb.h)
  endforeach()
  selaras_record(selaras::${pkg}_proto "${ARG_USES}" "" "${headers}")
  add_library(selaras_${pkg}_proto STATIC ${made})
  add_library(selaras::${pkg}_proto ALIAS selaras_${pkg}_proto)
  target_include_directories(selaras_${pkg}_proto SYSTEM PUBLIC ${out})
  target_compile_options(selaras_${pkg}_proto PRIVATE ${SELARAS_GENERATED_OPTIONS})
  target_link_libraries(selaras_${pkg}_proto PUBLIC protobuf::libprotobuf ${ARG_USES})
endfunction()

function(selaras_grpc pkg)
  cmake_parse_arguments(ARG "" "" "FILES;USES" ${ARGN})
  set(out ${PROJECT_BINARY_DIR}/gen/${pkg}_grpc)
  file(MAKE_DIRECTORY ${out})
  set(made)
  set(headers)
  foreach(file IN LISTS ARG_FILES)
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    add_custom_command(
      OUTPUT ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR}/proto --grpc_out=${out}
              --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>
              --dependency_out=${out}/${stem}.d ${file}
      DEPENDS ${PROJECT_SOURCE_DIR}/proto/${file}
      DEPFILE ${out}/${stem}.d
      VERBATIM)
    list(APPEND made ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
    list(APPEND headers ${stem}.grpc.pb.h)
  endforeach()
  selaras_record(selaras::${pkg}_grpc "${ARG_USES}" "" "${headers}")
  add_library(selaras_${pkg}_grpc STATIC ${made})
  add_library(selaras::${pkg}_grpc ALIAS selaras_${pkg}_grpc)
  target_include_directories(selaras_${pkg}_grpc SYSTEM PUBLIC ${out})
  target_compile_options(selaras_${pkg}_grpc PRIVATE ${SELARAS_GENERATED_OPTIONS})
  target_link_libraries(selaras_${pkg}_grpc PUBLIC selaras::${pkg}_proto gRPC::grpc++ ${ARG_USES})
endfunction()
