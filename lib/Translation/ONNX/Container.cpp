//===- Container.cpp - A checked .onnx file -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing is protobuf's, which bounds every length by the file. Whether a
// tensor exists before a node reads it is checked when the node is imported.
//
//===----------------------------------------------------------------------===//

#include "Container.h"

#include "llvm/ADT/StringExtras.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

std::string onnx_import::printable(llvm::StringRef text) {
  constexpr size_t maxLength = 128;
  std::string result;
  for (char c : text.take_front(maxLength))
    result += llvm::isPrint(c) ? c : '?';
  if (text.size() > maxLength)
    result += "...";
  return result;
}

std::string onnx_import::typeName(int32_t dataType) {
  // The names of types that came after the reader's own list.
  switch (dataType) {
  case 17:
    return "FLOAT8E4M3FN";
  case 18:
    return "FLOAT8E4M3FNUZ";
  case 19:
    return "FLOAT8E5M2";
  case 20:
    return "FLOAT8E5M2FNUZ";
  case 21:
    return "UINT4";
  case 22:
    return "INT4";
  case 23:
    return "FLOAT4E2M1";
  default:
    break;
  }
  if (proto::TensorProto::DataType_IsValid(dataType))
    return proto::TensorProto::DataType_Name(
        proto::TensorProto::DataType(dataType));
  return "type " + std::to_string(dataType);
}

std::optional<Container> Container::open(llvm::MemoryBufferRef file,
                                         mlir::MLIRContext *context) {
  mlir::Location loc =
      mlir::FileLineColLoc::get(context, file.getBufferIdentifier(), 0, 0);
  constexpr size_t maxSize = std::numeric_limits<int>::max();
  if (file.getBufferSize() > maxSize) {
    mlir::emitError(loc) << "the file has " << file.getBufferSize()
                         << " bytes, which is more than the format's limit of "
                         << maxSize;
    return std::nullopt;
  }
  auto model = std::make_unique<proto::ModelProto>();
  google::protobuf::io::ArrayInputStream stream(file.getBufferStart(),
                                                int(file.getBufferSize()));
  if (!model->ParseFromZeroCopyStream(&stream)) {
    mlir::emitError(loc) << "not an ONNX model: the file is no protobuf "
                            "message of ONNX, or it is cut off";
    return std::nullopt;
  }
  Container container(loc, std::move(model));
  if (failed(container.checkModel()) || failed(container.checkOpset()) ||
      failed(container.checkGraph()))
    return std::nullopt;
  return container;
}

LogicalResult Container::checkModel() {
  if (!model->has_graph())
    return error() << "not an ONNX model: the file has no graph";
  if (model->functions_size() != 0)
    return error() << "the model has " << model->functions_size()
                   << " local functions, first '"
                   << printable(model->functions(0).name())
                   << "'; inline them (onnx.inliner) before the import";
  return success();
}

LogicalResult Container::checkOpset() {
  for (const proto::OperatorSetIdProto &entry : model->opset_import())
    if (entry.domain().empty() || entry.domain() == "ai.onnx")
      opset = entry.version();
  if (opset < minOpset)
    return error() << "the model uses opset " << opset << ", expected "
                   << minOpset << " to " << maxOpset
                   << "; convert it with onnx.version_converter";
  if (opset > maxOpset)
    warning() << "the model uses opset " << opset << ", which is newer than "
              << maxOpset << ": its operators are read as those of "
              << maxOpset;
  return success();
}

LogicalResult Container::checkGraph() {
  if (getGraph().sparse_initializer_size() != 0)
    return error() << "sparse initializers are not supported; save the model "
                      "with dense ones";
  if (getGraph().output_size() == 0)
    return error() << "the graph has no outputs";
  for (const proto::NodeProto &node : getGraph().node())
    for (const std::string &input : node.input())
      read.insert(input);
  for (const proto::ValueInfoProto &output : getGraph().output())
    read.insert(output.name());
  return success();
}

std::string Container::getOperatorName(int node) const {
  const proto::NodeProto &op = getNode(node);
  std::string name = printable(op.op_type());
  if (op.domain().empty() || op.domain() == "ai.onnx")
    return name;
  return printable(op.domain()) + "." + name;
}

std::string Container::describeNode(int index) const {
  const proto::NodeProto &node = getNode(index);
  std::string text =
      "node " + std::to_string(index) + " (" + getOperatorName(index) + ")";
  if (!node.name().empty())
    return text + " '" + printable(node.name()) + "'";
  if (node.output_size() != 0)
    return text + " '" + printable(node.output(0)) + "'";
  return text;
}
