# Finds LLVM and MLIR 22.1 through llvm-config, sets compiler flags that match
# the way LLVM was built, and the one dylib that everything links.

find_program(QOPT_LLVM_CONFIG NAMES llvm-config-22 llvm-config)
if(QOPT_LLVM_CONFIG AND NOT MLIR_DIR)
  execute_process(COMMAND ${QOPT_LLVM_CONFIG} --cmakedir
    OUTPUT_VARIABLE llvm_cmake_dir OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(MLIR_DIR ${llvm_cmake_dir}/../mlir)
endif()
find_package(MLIR 22.1 REQUIRED CONFIG)
message(STATUS "Using MLIR ${MLIR_PACKAGE_VERSION} in ${MLIR_DIR}")
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND ${LLVM_DEFINITIONS})
add_definitions(${LLVM_DEFINITIONS_LIST})

find_program(QOPT_CCACHE ccache)
if(QOPT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${QOPT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${QOPT_CCACHE})
endif()

# -fPIC everywhere, executables too: one precompiled header serves all.
add_compile_options(-fPIC -fno-exceptions -Wall -Wextra -Wno-unused-parameter
  -fvisibility-inlines-hidden)
# The numerics of qopt itself may not depend on how the compiler contracts.
add_compile_options(-ffp-contract=off)
if(QOPT_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_link_options(-fuse-ld=lld)
endif()
if(QOPT_SANITIZE)
  add_compile_options(-fsanitize=${QOPT_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${QOPT_SANITIZE})
endif()

# MLIR's headers cost three seconds a file: one precompiled header serves every
# library and tool (ccache needs to be told that this is safe).
option(QOPT_PCH "Precompile MLIR's headers" ON)
if(QOPT_PCH AND QOPT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros ${QOPT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endif()
