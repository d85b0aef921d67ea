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

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/MapVector.h"

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

/// Names all the missing operators at once: a user wants to know whether one
/// or ten stand in the way.
LogicalResult GraphImporter::checkOperatorsAreKnown() const {
  struct Use {
    unsigned first, count;
  };
  llvm::MapVector<std::string, Use, std::map<std::string, unsigned>> unknown;
  for (unsigned i = 0, e = model.getNumOperators(); i != e; ++i) {
    if (folded[i] || getRegistry().count(model.getCode(i)))
      continue;
    ++unknown.try_emplace(model.getOperatorName(i), Use{i, 0})
          .first->second.count;
  }
  if (!unknown.empty()) {
    auto diagnostic = model.error();
    diagnostic << "the model has operators that are not supported: ";
    constexpr size_t maxListed = 32;
    auto listed = llvm::make_range(
        unknown.begin(), unknown.begin() + std::min(unknown.size(), maxListed));
    llvm::interleaveComma(listed, diagnostic, [&](const auto &entry) {
      diagnostic << entry.first << " (" << entry.second.count
                 << " times, first as operator " << entry.second.first << ")";
    });
    if (unknown.size() > maxListed)
      diagnostic << " and " << unknown.size() - maxListed << " more";
    return diagnostic;
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

/// What the verifiers say against the first invalid op of a range; nothing when
/// all are valid.
static std::string findBrokenOp(mlir::Block::iterator begin,
                                mlir::Block::iterator end) {
  std::string reason;
  for (auto it = begin; it != end && reason.empty(); ++it) {
    mlir::ScopedDiagnosticHandler handler(it->getContext(),
                                          [&](mlir::Diagnostic &diagnostic) {
                                            if (reason.empty())
                                              reason = diagnostic.str();
                                          });
    if (failed(mlir::verify(&*it)) && reason.empty())
      reason = "invalid operation";
  }
  return reason;
}

LogicalResult GraphImporter::importOperator(unsigned index) {
  OperatorImporter importer(builder, tensors, values, index);
  mlir::Block *body = builder.getInsertionBlock();
  mlir::Operation *last = body->empty() ? nullptr : &body->back();
  if (failed(getRegistry().at(model.getCode(index))(importer)))
    return failure();

  // The ops that the operator became are verified at once, so that a broken one
  // is reported by its place in the file.
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
