// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the types and attributes of `main` to the interface that a caller sees.

#include "qopt/Dialect/Quant/IR/QuantTypes.h"
#include "qopt/Pipelines/Compiler.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;

static std::string print(mlir::Type type) {
  std::string text;
  raw_string_ostream(text) << type;
  return text;
}

/// Sets the type of the elements in memory.
static Error readStorage(mlir::Type element, bool isUnsigned,
                         TensorInterface &tensor) {
  std::string name;
  if (element.isInteger(1))
    name = "bool";
  else if (auto integer = dyn_cast<mlir::IntegerType>(element))
    name = (isUnsigned || integer.isUnsigned() ? "uint" : "int") +
           std::to_string(integer.getWidth());
  else if (auto real = dyn_cast<mlir::FloatType>(element))
    name = "float" + std::to_string(real.getWidth());
  if (!parseElementKind(name, tensor.kind))
    return createStringError("no C type for elements of type " +
                             print(element));
  return Error::success();
}

static Error readElement(mlir::Type element, TensorInterface &tensor) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  if (!quantized)
    return readStorage(element, /*isUnsigned=*/false, tensor);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    tensor.scales = {uniform.getScale()};
    tensor.zeroPoints = {uniform.getZeroPoint()};
  } else if (auto perAxis =
                 dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    append_range(tensor.scales, perAxis.getScales());
    append_range(tensor.zeroPoints, perAxis.getZeroPoints());
    tensor.axis = perAxis.getQuantizedDimension();
  }
  return readStorage(quantized.getStorageType(), !quantized.isSigned(), tensor);
}

static Expected<TensorInterface> describe(mlir::Type type,
                                          mlir::DictionaryAttr attributes,
                                          const Twine &fallback) {
  TensorInterface tensor;
  tensor.name = fallback.str();
  if (attributes) {
    if (auto name = attributes.getAs<mlir::StringAttr>("nn.name"))
      tensor.name = name.str();
    if (auto original = attributes.getAs<mlir::TypeAttr>("nn.type"))
      type = original.getValue();
  }
  auto shaped = dyn_cast<mlir::ShapedType>(type);
  if (!shaped || !shaped.hasStaticShape())
    return createStringError("'" + tensor.name + "' has type " + print(type) +
                             ", expected a tensor of static shape");
  tensor.shape.assign(shaped.getShape().begin(), shaped.getShape().end());
  if (Error error = readElement(shaped.getElementType(), tensor))
    return std::move(error);
  return std::move(tensor);
}

/// Once results are buffers they are arguments that carry this attribute.
static bool isResult(mlir::DictionaryAttr attributes) {
  return attributes && attributes.contains("kernel.output");
}

/// The arena and the threads are no tensors of the model.
static bool isTensor(mlir::DictionaryAttr attributes) {
  return !attributes || (!attributes.contains("kernel.arena") &&
                         !attributes.contains("kernel.threads"));
}

Expected<ModelInterface> qopt::describeModel(mlir::ModuleOp module) {
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!main || main.isExternal())
    return createStringError("the module has no function 'main'");
  ModelInterface interface;
  auto add = [](std::vector<TensorInterface> &list, mlir::Type type,
                mlir::DictionaryAttr attributes, StringRef role) -> Error {
    auto tensor = describe(type, attributes, role + Twine(list.size()));
    if (!tensor)
      return tensor.takeError();
    list.push_back(std::move(*tensor));
    return Error::success();
  };
  for (auto [index, type] : enumerate(main.getArgumentTypes())) {
    mlir::DictionaryAttr attributes = main.getArgAttrDict(index);
    if (!isTensor(attributes))
      continue;
    bool result = isResult(attributes);
    if (Error error = add(result ? interface.outputs : interface.inputs, type,
                          attributes, result ? "output" : "input"))
      return std::move(error);
  }
  for (auto [index, type] : enumerate(main.getResultTypes()))
    if (Error error = add(interface.outputs, type,
                          main.getResultAttrDict(index), "output"))
      return std::move(error);
  return std::move(interface);
}
