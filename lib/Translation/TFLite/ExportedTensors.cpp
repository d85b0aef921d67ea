//===- ExportedTensors.cpp - Values as tensors of a file ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportedTensors.h"

#include "ExportedTypes.h"
#include "Reinterpretation.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;

mlir::InFlightDiagnostic tflite::exportError(mlir::Operation *op) {
  return op->emitOpError("cannot be exported to .tflite: ");
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// The first name in a location; ops that were made of several have several.
static mlir::StringAttr findName(mlir::Location loc) {
  return llvm::TypeSwitch<mlir::LocationAttr, mlir::StringAttr>(loc)
      .Case([](mlir::NameLoc name) { return name.getName(); })
      .Case([](mlir::FusedLoc fused) {
        for (mlir::Location part : fused.getLocations())
          if (auto name = findName(part))
            return name;
        return mlir::StringAttr();
      })
      .Default([](auto) { return mlir::StringAttr(); });
}

std::string ExportedTensors::getName(mlir::Value value) {
  std::string &name = names[value];
  if (!name.empty())
    return name;
  // What the caller of the model sees comes first.
  for (mlir::OpOperand &use : value.getUses())
    if (mlir::isa<mlir::func::ReturnOp>(use.getOwner()))
      if (auto attr = function.getResultAttrOfType<mlir::StringAttr>(
              use.getOperandNumber(), "nn.name"))
        name = attr.str();
  if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(value)) {
    if (auto attr = function.getArgAttrOfType<mlir::StringAttr>(
            argument.getArgNumber(), "nn.name"))
      name = attr.str();
    else if (name.empty())
      name = "input_" + std::to_string(argument.getArgNumber());
  }
  if (name.empty())
    if (mlir::StringAttr attr = findName(value.getLoc()))
      name = attr.str();
  if (name.empty())
    name = (value.getDefiningOp()->getName().stripDialect() + "_" +
            llvm::Twine(names.size()))
               .str();
  return name;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// The bytes of a constant, one a byte where elements are narrower; a splat has
/// one element.
static std::optional<llvm::ArrayRef<char>>
getRawBytes(mlir::ElementsAttr value) {
  if (auto dense = mlir::dyn_cast<mlir::DenseElementsAttr>(value))
    return dense.getRawData();
  if (auto resource = mlir::dyn_cast<mlir::DenseResourceElementsAttr>(value))
    if (const mlir::AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      return blob->getData();
  return std::nullopt;
}

/// Two elements a byte, the first in the low half.
static std::vector<uint8_t> packInt4(llvm::ArrayRef<uint8_t> elements) {
  std::vector<uint8_t> packed(llvm::divideCeil(elements.size(), 2));
  for (auto [i, element] : llvm::enumerate(elements))
    packed[i / 2] |= (element & 15) << (i % 2 * 4);
  return packed;
}

FailureOr<uint32_t> ExportedTensors::getBuffer(mlir::ElementsAttr value,
                                               mlir::Operation *user) {
  auto known = bufferOf.find(value);
  if (known != bufferOf.end())
    return known->second;
  unsigned bits = value.getElementType().getIntOrFloatBitWidth();
  uint64_t bytes = llvm::divideCeil(bits, 8);
  uint64_t elements = value.getNumElements();
  if (elements > UINT64_MAX / bytes || !writer.hasRoomFor(elements * bytes))
    return exportError(user) << "the constants take more than the 2 GiB that "
                                "a file can hold";
  auto raw = getRawBytes(value);
  auto dense = mlir::dyn_cast<mlir::DenseElementsAttr>(value);
  uint64_t expected = (dense && dense.isSplat() ? 1 : elements) * bytes;
  if (!raw || raw->size() != expected)
    return exportError(user)
           << "the elements of a constant are not at hand: " << value.getType();
  std::vector<uint8_t> data(elements * bytes);
  for (size_t i = 0; i < data.size() && expected; i += expected)
    std::copy(raw->begin(), raw->end(), data.begin() + i);
  if (bits == 4)
    data = packInt4(data);
  return bufferOf[value] = writer.addBuffer(data);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

FailureOr<int32_t> ExportedTensors::add(mlir::RankedTensorType type,
                                        llvm::StringRef name,
                                        mlir::Operation *user,
                                        mlir::ElementsAttr constant,
                                        const TensorParameters *parameters) {
  std::string reason;
  auto element =
      exportElementType(type.getElementType(), bool(constant), reason);
  if (failed(element))
    return exportError(user) << "tensor '" << name << "': " << reason;
  llvm::SmallVector<int32_t> shape;
  for (int64_t size : type.getShape()) {
    if (!llvm::isInt<32>(size))
      return exportError(user) << "tensor '" << name << "': a dimension of "
                               << size << " does not fit 32 bits";
    shape.push_back(size);
  }
  uint32_t buffer = 0;
  if (constant) {
    auto index = getBuffer(constant, user);
    if (failed(index))
      return failure();
    buffer = *index;
  }
  return writer.addTensor(shape, element->type, name,
                          parameters ? *parameters : element->parameters,
                          buffer);
}

static mlir::RankedTensorType getTensorType(mlir::Value value) {
  return mlir::dyn_cast<mlir::RankedTensorType>(value.getType());
}

FailureOr<int32_t> ExportedTensors::get(mlir::Value value,
                                        mlir::Operation *user) {
  auto known = indices.find(value);
  if (known != indices.end())
    return known->second;
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  if (!constant)
    return exportError(user)
           << "an operand is made by '" << value.getDefiningOp()->getName()
           << "', which makes no tensor of the file";
  auto index =
      add(constant.getType(), getName(value), user, constant.getValue());
  if (succeeded(index))
    indices[value] = *index;
  return index;
}

FailureOr<int32_t> ExportedTensors::define(mlir::Value value,
                                           mlir::Operation *user) {
  mlir::Value final = getReinterpreted(value);
  auto type = getTensorType(final);
  if (!type || !type.hasStaticShape())
    return exportError(user)
           << "expected tensors of static shape, found " << final.getType();
  auto index = add(type, getName(final), user);
  if (failed(index))
    return failure();
  indices[value] = indices[final] = *index;
  return *index;
}

FailureOr<int32_t>
ExportedTensors::addConstant(mlir::Value constant,
                             const TensorParameters &parameters,
                             mlir::Operation *user) {
  auto op = constant.getDefiningOp<nn::ConstantOp>();
  if (!op)
    return get(constant, user);
  return add(op.getType(), getName(constant), user, op.getValue(), &parameters);
}

int32_t ExportedTensors::addIntegers(llvm::ArrayRef<int32_t> values,
                                     llvm::ArrayRef<int32_t> shape,
                                     llvm::StringRef name) {
  std::vector<uint8_t> bytes(values.size() * sizeof(int32_t));
  for (auto [i, value] : llvm::enumerate(values))
    llvm::support::endian::write32le(&bytes[i * sizeof(int32_t)], value);
  return writer.addTensor(shape, schema::TensorType::INT32, name, {},
                          writer.addBuffer(bytes));
}

int32_t ExportedTensors::addZeros(schema::TensorType type, int64_t count,
                                  const TensorParameters &parameters,
                                  llvm::StringRef name) {
  size_t width = type == schema::TensorType::INT64 ? 8 : 4;
  std::vector<uint8_t> bytes(count * width);
  return writer.addTensor({int32_t(count)}, type, name, parameters,
                          writer.addBuffer(bytes));
}

FailureOr<int32_t> ExportedTensors::addScalar(mlir::Type element, double real,
                                              int64_t stored,
                                              llvm::StringRef name,
                                              mlir::Operation *user) {
  auto type = mlir::RankedTensorType::get({}, element);
  mlir::Attribute value;
  mlir::Type storage = element;
  if (auto quantized = mlir::dyn_cast<quant::QuantizedType>(element))
    storage = quantized.getStorageType();
  if (mlir::isa<mlir::FloatType>(storage))
    value = mlir::FloatAttr::get(storage, real);
  else
    value = mlir::IntegerAttr::get(storage,
                                   llvm::APInt(64, stored, /*isSigned=*/true)
                                       .trunc(storage.getIntOrFloatBitWidth()));
  return add(type, name, user,
             mlir::DenseElementsAttr::get(type.clone(storage), value));
}

FailureOr<int32_t> ExportedTensors::addIntermediate(mlir::RankedTensorType type,
                                                    llvm::StringRef name,
                                                    mlir::Operation *user) {
  return add(type, name, user);
}
