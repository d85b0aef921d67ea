//===- Container.h - A checked .onnx file -----------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model file after its structure has been checked: one graph of the
// standard's operators, whose tensors each have one origin. Names things in
// messages the way the file does.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_CONTAINER_H
#define QOPT_LIB_TRANSLATION_ONNX_CONTAINER_H

#include "Proto.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <memory>
#include <optional>
#include <string>

namespace qopt::onnx_import {

/// The opsets whose operators are read. Newer ones are read as the last.
constexpr int64_t minOpset = 7, maxOpset = 21;

class Container {
public:
  /// Parses and checks `file`; emits an error and returns nothing when it is
  /// broken.
  static std::optional<Container> open(llvm::MemoryBufferRef file,
                                       mlir::MLIRContext *context);

  mlir::MLIRContext *getContext() const { return loc.getContext(); }
  /// The file, without a place in it.
  mlir::Location getLoc() const { return loc; }
  mlir::InFlightDiagnostic error() const { return mlir::emitError(loc); }
  mlir::InFlightDiagnostic warning() const { return mlir::emitWarning(loc); }

  const proto::GraphProto &getGraph() const { return model->graph(); }
  /// The version of the standard's operators.
  int64_t getOpset() const { return opset; }
  int getNumNodes() const { return getGraph().node_size(); }
  const proto::NodeProto &getNode(int index) const {
    return getGraph().node(index);
  }

  /// Whether a node or the graph's result reads the tensor.
  bool isRead(llvm::StringRef tensor) const { return read.contains(tensor); }

  /// `Conv`, or `com.microsoft.FusedConv` when it is none of the standard's.
  std::string getOperatorName(int node) const;
  /// `node 3 (Conv) 'name of the node or of its first output'`.
  std::string describeNode(int index) const;

private:
  Container(mlir::Location loc, std::unique_ptr<proto::ModelProto> model)
      : loc(loc), model(std::move(model)) {}

  mlir::LogicalResult checkModel();
  mlir::LogicalResult checkOpset();
  mlir::LogicalResult checkGraph();

  mlir::Location loc;
  std::unique_ptr<proto::ModelProto> model;
  int64_t opset = 0;
  llvm::StringSet<> read;
};

/// Text of the file as it may appear in a message: printable, and not long.
std::string printable(llvm::StringRef text);

/// The name of an element type, also when the number is not a known one.
std::string typeName(int32_t dataType);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_CONTAINER_H
