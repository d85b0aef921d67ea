//===- Export.cpp - nn IR as ONNX models ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The function's arguments, its ops in program order, its results. Ops without
// a counterpart are all reported: a user wants to know whether one or ten stand
// in the way.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/ONNX/ONNXExport.h"

#include "ExportRegistry.h"

#include "qopt/Dialect/NN/IR/ModelFunction.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

//===----------------------------------------------------------------------===//
// What exporters share
//===----------------------------------------------------------------------===//

const ExportRegistry &onnx_export::getExportRegistry() {
  static const ExportRegistry registry = [] {
    ExportRegistry result;
    populateArithmeticExporters(result);
    populateCastExporters(result);
    populateFunctionExporters(result);
    populateLinearExporters(result);
    populateMovementExporters(result);
    populateReductionExporters(result);
    return result;
  }();
  return registry;
}

void onnx_export::checkFloatRounding(GraphWriter &writer, mlir::Operation *op,
                                     quant::RoundingMode rounding) {
  if (rounding != quant::RoundingMode::Float)
    writer.noteInexact(op, "its rounding is 'float', the op's is '" +
                               quant::stringifyRoundingMode(rounding) +
                               "'; quantize with --profile=onnxruntime");
}

bool onnx_export::isQuantizedTo8Bits(mlir::Value value) {
  auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(
      getType(value).getElementType());
  return quantized && quantized.getStorageTypeIntegralWidth() == 8;
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

static void setType(proto::ValueInfoProto *info, mlir::Type type) {
  auto tensor = mlir::cast<mlir::RankedTensorType>(type);
  auto *to = info->mutable_type()->mutable_tensor_type();
  to->set_elem_type(getDataType(tensor.getElementType()));
  auto *shape = to->mutable_shape();
  for (int64_t size : tensor.getShape())
    shape->add_dim()->set_dim_value(size);
}

/// Dequantized constants are written where they are read: as weights, mostly.
static bool isWrittenWhereRead(mlir::Operation &op) {
  if (mlir::isa<nn::ConstantOp>(op))
    return true;
  auto cast = mlir::dyn_cast<quant::DequantizeCastOp>(op);
  return cast && cast.getInput().getDefiningOp<nn::ConstantOp>();
}

/// Quantized types that the format can express: one scale, or one a channel.
static LogicalResult checkTypes(mlir::Operation &op) {
  for (mlir::Type type : op.getResultTypes()) {
    auto quantized = nn::getQuantizedElementType(type);
    if (quantized && !mlir::isa<quant::UniformQuantizedType,
                                quant::UniformQuantizedPerAxisType>(quantized))
      return op.emitOpError("cannot be exported to .onnx: expected one scale "
                            "for a tensor or a channel, found ")
             << type;
  }
  auto linear = mlir::dyn_cast<LinearOpInterface>(op);
  if (linear && linear.hasDynamicInput())
    return op.emitOpError("cannot be exported to .onnx: its input is quantized "
                          "by the range that it has at run time");
  if (linear &&
      mlir::getElementTypeOrSelf(linear.getInputOperand().get().getType())
          .isF32() &&
      nn::getQuantizedElementType(linear.getWeightOperand().get().getType()))
    return op.emitOpError("cannot be exported to .onnx: it multiplies floats "
                          "by stored weights; export before phase 'cleanup', "
                          "where these are dequantized");
  return success();
}

static LogicalResult exportBody(GraphWriter &writer,
                                mlir::func::FuncOp function) {
  bool isKnown = true;
  auto body = function.getBody().front().without_terminator();
  for (mlir::Operation &op : body) {
    isKnown &= succeeded(checkTypes(op));
    if (!isWrittenWhereRead(op) &&
        !getExportRegistry().count(op.getName().getStringRef().str())) {
      op.emitOpError("cannot be exported to .onnx: it has no counterpart; "
                     "quantize with --profile=onnxruntime, or export before "
                     "phase 'integer'");
      isKnown = false;
    }
  }
  if (!isKnown)
    return failure();
  for (mlir::Operation &op : body)
    if (!isWrittenWhereRead(op) &&
        failed(getExportRegistry().at(op.getName().getStringRef().str())(writer,
                                                                         &op)))
      return failure();
  return success();
}

/// Results are tensors of their own, with the function's names for them.
static void exportResults(GraphWriter &writer, mlir::func::FuncOp function) {
  mlir::Operation *terminator = function.getBody().front().getTerminator();
  proto::GraphProto *graph = writer.getModel().mutable_graph();
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    std::string tensor = writer.getTensor(value);
    auto attribute =
        function.getResultAttrOfType<mlir::StringAttr>(i, "nn.name");
    std::string wanted = writer.getName(value);
    bool isMadeByNode = llvm::any_of(graph->node(), [&](const auto &node) {
      return llvm::is_contained(node.output(), tensor);
    });
    bool isReturnedTwice =
        llvm::any_of(graph->output(),
                     [&](const auto &other) { return other.name() == tensor; });
    if (!isMadeByNode || isReturnedTwice) {
      wanted =
          writer.fresh(attribute ? attribute.getValue() : llvm::StringRef("y"));
      writer.addNode("Identity", {tensor}, wanted);
    } else if (tensor != wanted) {
      writer.rename(tensor, wanted);
    }
    proto::ValueInfoProto *output = graph->add_output();
    output->set_name(wanted);
    setType(output, value.getType());
  }
}

LogicalResult qopt::exportONNX(mlir::ModuleOp module,
                               const ONNXExportOptions &options,
                               llvm::raw_ostream &os) {
  auto function = nn::findExportedFunction(module);
  if (failed(function))
    return failure();
  GraphWriter writer(options, *function);
  proto::GraphProto *graph = writer.getModel().mutable_graph();
  for (mlir::Value argument : function->getArguments()) {
    if (!mlir::isa<mlir::RankedTensorType>(argument.getType()))
      return function->emitError("expected arguments that are tensors, found ")
             << argument.getType();
    proto::ValueInfoProto *input = graph->add_input();
    input->set_name(writer.define(argument));
    setType(input, argument.getType());
  }
  if (failed(exportBody(writer, *function)))
    return failure();
  exportResults(writer, *function);
  writer.reportInexact();
  // The same graph gives the same bytes.
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    if (!writer.getModel().SerializeToCodedStream(&coded))
      return function->emitError("the model is larger than the format allows");
  }
  os << bytes;
  return success();
}
