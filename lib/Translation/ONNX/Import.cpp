//===- Import.cpp - ONNX models as nn IR ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a checked file to a module: initializers, the function's inputs, its
// nodes in file order, its results. A node whose result follows from constants
// and shapes becomes a constant. An op that the dialects' verifiers refuse is
// reported as the node of the file that it came from.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/ONNX/ONNXImport.h"

#include "ConstantFolding.h"
#include "Inputs.h"
#include "Registry.h"

#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Support/ImportChecks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

namespace {
class GraphImporter {
public:
  GraphImporter(const Container &model, const ONNXImportOptions &options)
      : model(model), options(options), builder(model.getContext()) {}

  mlir::OwningOpRef<mlir::ModuleOp> import();

private:
  LogicalResult checkOperatorsAreKnown() const;
  LogicalResult importInitializers();
  /// Makes the function, whose arguments are the inputs of the graph.
  FailureOr<mlir::func::FuncOp> importInputs();
  LogicalResult importNode(int index);
  LogicalResult importOutputs(mlir::func::FuncOp function);
  mlir::DictionaryAttr nameAttr(llvm::StringRef tensor);

  const Container &model;
  const ONNXImportOptions &options;
  TensorMap tensors;
  mlir::OpBuilder builder;
};
} // namespace

mlir::DictionaryAttr GraphImporter::nameAttr(llvm::StringRef tensor) {
  return builder.getDictionaryAttr(
      builder.getNamedAttr("nn.name", builder.getStringAttr(tensor)));
}

LogicalResult GraphImporter::checkOperatorsAreKnown() const {
  UnknownOperators unknown;
  for (int i = 0, e = model.getNumNodes(); i != e; ++i)
    if (std::string name = model.getOperatorName(i);
        !getRegistry().count(name) && !isFoldable(name))
      unknown.add(name, i);
  if (unknown.empty())
    return success();
  auto error = model.error();
  unknown.describe(error, "node");
  return error;
}

LogicalResult GraphImporter::importInitializers() {
  for (const proto::TensorProto &tensor : model.getGraph().initializer()) {
    auto error = [&] {
      return model.error() << "initializer '" << printable(tensor.name())
                           << "' ";
    };
    auto constant = importTensor(model.getContext(), tensor, error);
    if (failed(constant))
      return failure();
    if (tensor.name().empty())
      return model.error() << "an initializer has no name";
    if (!tensors.try_emplace(tensor.name(), KnownTensor{*constant, {}}).second)
      return error() << "is there twice";
  }
  return success();
}

FailureOr<mlir::func::FuncOp> GraphImporter::importInputs() {
  llvm::SmallVector<mlir::Type> types;
  llvm::SmallVector<llvm::StringRef> names;
  if (failed(checkOptions(model, options)))
    return failure();
  for (const proto::ValueInfoProto &input : model.getGraph().input()) {
    // Old files list initializers as inputs too.
    if (tensors.contains(input.name()) &&
        !llvm::is_contained(names, input.name()))
      continue;
    auto type = getInputType(model, input, options);
    if (failed(type))
      return failure();
    if (auto bound = options.constants.find(input.name());
        bound != options.constants.end()) {
      auto constant = bindInput(model, input, *type, bound->second);
      if (failed(constant))
        return failure();
      tensors[input.name()] = {*constant, {}};
      continue;
    }
    if (failed(checkInputElements(model, input, *type)))
      return failure();
    types.push_back(*type);
    names.push_back(input.name());
  }
  auto function = mlir::func::FuncOp::create(
      builder, model.getLoc(), "main", builder.getFunctionType(types, {}));
  mlir::Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  for (auto [i, name] : llvm::enumerate(names)) {
    function.setArgAttrs(i, nameAttr(name));
    body->getArgument(i).setLoc(getNameLoc(model, name));
    if (!tensors.try_emplace(name, KnownTensor{{}, body->getArgument(i)})
             .second)
      return model.error() << "input '" << printable(name)
                           << "' is there twice";
  }
  return function;
}

LogicalResult GraphImporter::importNode(int index) {
  std::string name = model.getOperatorName(index);
  NodeImporter importer(builder, model, tensors, index);
  if (isFoldable(name)) {
    auto folded = foldNode(importer);
    if (failed(folded))
      return failure();
    if (*folded)
      return success();
  }
  auto function = getRegistry().find(name);
  if (function == getRegistry().end())
    return importer.error()
           << "is supported only where its result follows from constants and "
              "shapes; simplify the model (onnxsim) so that it does";
  mlir::Block *body = builder.getInsertionBlock();
  mlir::Operation *last = body->empty() ? nullptr : &body->back();
  if (failed(function->second(importer)) ||
      failed(importer.checkAllAttributesRead()))
    return failure();

  std::string reason = findBrokenOp(
      last ? std::next(last->getIterator()) : body->begin(), body->end());
  if (!reason.empty())
    return importer.error() << reason;
  return success();
}

LogicalResult GraphImporter::importOutputs(mlir::func::FuncOp function) {
  llvm::SmallVector<mlir::Value> results;
  for (const proto::ValueInfoProto &output : model.getGraph().output()) {
    auto entry = tensors.find(output.name());
    if (entry == tensors.end())
      return model.error() << "output '" << printable(output.name())
                           << "' of the graph is a tensor that no node makes";
    KnownTensor &tensor = entry->second;
    if (!tensor.value) {
      mlir::Type element = tensor.constant.getElementType();
      if (!element.isF32() && !element.isSignlessInteger())
        return model.error() << "output '" << printable(output.name())
                             << "' of the graph is a constant with elements of "
                             << element << ", expected f32 or signed integers";
      tensor.value =
          nn::ConstantOp::create(builder, getNameLoc(model, output.name()),
                                 tensor.constant.getType(), tensor.constant);
    }
    results.push_back(tensor.value);
  }
  mlir::func::ReturnOp::create(builder, model.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), mlir::ValueRange(results).getTypes()));
  for (auto [i, output] : llvm::enumerate(model.getGraph().output()))
    function.setResultAttrs(i, nameAttr(output.name()));
  return success();
}

mlir::OwningOpRef<mlir::ModuleOp> GraphImporter::import() {
  if (failed(checkOperatorsAreKnown()) || failed(importInitializers()))
    return nullptr;
  mlir::OwningOpRef<mlir::ModuleOp> module(
      mlir::ModuleOp::create(model.getLoc()));
  builder.setInsertionPointToStart(module->getBody());
  auto function = importInputs();
  if (failed(function))
    return nullptr;
  for (int i = 0, e = model.getNumNodes(); i != e; ++i)
    if (failed(importNode(i)))
      return nullptr;
  if (failed(importOutputs(*function)))
    return nullptr;
  return module;
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

void qopt::registerONNXImportDialects(mlir::DialectRegistry &registry) {
  registry
      .insert<mlir::func::FuncDialect, nn::NNDialect, quant::QuantDialect>();
}

bool qopt::isONNX(llvm::MemoryBufferRef buffer) {
  // Field 1 as a variable-length integer, and a version below 128. No text and
  // no other format that is read here begins with this byte.
  llvm::StringRef bytes = buffer.getBuffer();
  return bytes.size() > 2 && bytes[0] == 0x08 && bytes[1] > 0;
}

mlir::OwningOpRef<mlir::ModuleOp>
qopt::importONNX(llvm::MemoryBufferRef buffer, mlir::MLIRContext *context,
                 const ONNXImportOptions &options) {
  mlir::DialectRegistry registry;
  registerONNXImportDialects(registry);
  context->appendDialectRegistry(registry);
  context->loadDialect<mlir::func::FuncDialect, nn::NNDialect,
                       quant::QuantDialect>();
  std::optional<Container> model = Container::open(buffer, context);
  if (!model)
    return nullptr;
  return GraphImporter(*model, options).import();
}
