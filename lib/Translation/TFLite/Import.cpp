//===- Import.cpp - TensorFlow Lite models as nn IR -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a checked file to a module: the function's inputs, its operators in file
// order, its results. An op that the dialects' verifiers refuse is reported as
// the operator of the file that it came from.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "Registry.h"
#include "ShapeFolding.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Support/ImportChecks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

namespace {
class GraphImporter {
public:
  explicit GraphImporter(const Container &model)
      : model(model), tensors(model), folded(foldShapes(tensors)),
        builder(model.getContext()) {}

  mlir::OwningOpRef<mlir::ModuleOp> import();

private:
  LogicalResult checkOperatorsAreKnown() const;
  /// Makes the function, whose arguments are the inputs of the graph.
  FailureOr<mlir::func::FuncOp> importInputs();
  LogicalResult importOperator(unsigned index);
  LogicalResult importOutputs(mlir::func::FuncOp function);
  mlir::DictionaryAttr nameAttr(unsigned tensor);

  const Container &model;
  Tensors tensors;
  /// The operators that are gone because their results are known.
  llvm::BitVector folded;
  ValueMap values;
  mlir::OpBuilder builder;
};
} // namespace

mlir::DictionaryAttr GraphImporter::nameAttr(unsigned tensor) {
  return builder.getDictionaryAttr(builder.getNamedAttr(
      "nn.name", builder.getStringAttr(model.getTensorName(tensor))));
}

LogicalResult GraphImporter::checkOperatorsAreKnown() const {
  UnknownOperators unknown;
  for (unsigned i = 0, e = model.getNumOperators(); i != e; ++i)
    if (!folded[i] && !getRegistry().count(model.getCode(i)))
      unknown.add(model.getOperatorName(i), i);
  if (!unknown.empty()) {
    auto error = model.error();
    unknown.describe(error, "operator");
    return error;
  }
  if (model.getNumGraphs() > 1)
    return model.error() << "expected one graph, found " << model.getNumGraphs()
                         << "; convert the model with a single signature";
  return success();
}

FailureOr<mlir::func::FuncOp> GraphImporter::importInputs() {
  llvm::SmallVector<mlir::Type> types;
  for (auto [i, index] : llvm::enumerate(model.getInputs())) {
    if (tensors.isConstant(index))
      return model.error() << "input " << i << " of the graph is "
                           << model.describeTensor(index)
                           << ", which has constant data";
    auto type = tensors.getType(index);
    if (failed(type))
      return failure();
    types.push_back(*type);
  }
  auto function = mlir::func::FuncOp::create(
      builder, model.getLoc(), "main", builder.getFunctionType(types, {}));
  mlir::Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  for (auto [i, index] : llvm::enumerate(model.getInputs())) {
    function.setArgAttrs(i, nameAttr(index));
    body->getArgument(i).setLoc(getNameLoc(model, index));
    if (!values.try_emplace(index, body->getArgument(i)).second)
      return model.error() << "input " << i << " of the graph is "
                           << model.describeTensor(index)
                           << ", which is an input already";
  }
  return function;
}

LogicalResult GraphImporter::importOperator(unsigned index) {
  OperatorImporter importer(builder, tensors, values, index);
  mlir::Block *body = builder.getInsertionBlock();
  mlir::Operation *last = body->empty() ? nullptr : &body->back();
  if (failed(getRegistry().at(model.getCode(index))(importer)))
    return failure();

  std::string reason = findBrokenOp(
      last ? std::next(last->getIterator()) : body->begin(), body->end());
  if (!reason.empty())
    return importer.error() << reason;
  return success();
}

LogicalResult GraphImporter::importOutputs(mlir::func::FuncOp function) {
  llvm::SmallVector<mlir::Value> results;
  for (auto [i, index] : llvm::enumerate(model.getOutputs())) {
    mlir::Value value = values.lookup(index);
    if (!value)
      return model.error() << "output " << i << " of the graph is "
                           << model.describeTensor(index)
                           << ", which no operator makes";
    results.push_back(value);
  }
  mlir::func::ReturnOp::create(builder, model.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), mlir::ValueRange(results).getTypes()));
  for (auto [i, index] : llvm::enumerate(model.getOutputs()))
    function.setResultAttrs(i, nameAttr(index));
  return success();
}

mlir::OwningOpRef<mlir::ModuleOp> GraphImporter::import() {
  if (failed(checkOperatorsAreKnown()))
    return nullptr;
  mlir::OwningOpRef<mlir::ModuleOp> module(
      mlir::ModuleOp::create(model.getLoc()));
  builder.setInsertionPointToStart(module->getBody());
  auto function = importInputs();
  if (failed(function))
    return nullptr;
  for (unsigned i = 0, e = model.getNumOperators(); i != e; ++i)
    if (!folded[i] && failed(importOperator(i)))
      return nullptr;
  if (failed(importOutputs(*function)))
    return nullptr;
  return module;
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

void qopt::registerTFLiteImportDialects(mlir::DialectRegistry &registry) {
  registry
      .insert<mlir::func::FuncDialect, nn::NNDialect, quant::QuantDialect>();
}

bool qopt::isTFLite(llvm::MemoryBufferRef buffer) {
  return buffer.getBufferSize() >= 8 &&
         schema::ModelBufferHasIdentifier(buffer.getBufferStart());
}

mlir::OwningOpRef<mlir::ModuleOp>
qopt::importTFLite(llvm::MemoryBufferRef buffer, mlir::MLIRContext *context) {
  mlir::DialectRegistry registry;
  registerTFLiteImportDialects(registry);
  context->appendDialectRegistry(registry);
  context->loadDialect<mlir::func::FuncDialect, nn::NNDialect,
                       quant::QuantDialect>();
  std::optional<Container> model = Container::open(buffer, context);
  if (!model)
    return nullptr;
  return GraphImporter(*model).import();
}
