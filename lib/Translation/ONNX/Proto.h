//===- Proto.h - The reader of the protobuf format --------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's own message classes, under a name that does not collide with ours.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_PROTO_H
#define QOPT_LIB_TRANSLATION_ONNX_PROTO_H

#include "onnx/onnx_pb.h"

namespace qopt::onnx_import {
namespace proto = ::ONNX_NAMESPACE;
} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_PROTO_H
