// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts about element kinds and access to single elements.

#include "qopt/Support/Tensor.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace qopt;

namespace {
struct Kind {
  const char *name;
  size_t size;
};
} // namespace

/// In the order of the enum.
static const Kind kinds[] = {
    {"bool", 1},  {"int8", 1},   {"uint8", 1}, {"int16", 2},   {"uint16", 2},
    {"int32", 4}, {"uint32", 4}, {"int64", 8}, {"float32", 4}, {"float64", 8}};

size_t qopt::getElementSize(ElementKind kind) {
  return kinds[static_cast<size_t>(kind)].size;
}

llvm::StringRef qopt::getElementName(ElementKind kind) {
  return kinds[static_cast<size_t>(kind)].name;
}

bool qopt::isFloat(ElementKind kind) {
  return kind == ElementKind::Float32 || kind == ElementKind::Float64;
}

Tensor::Tensor(ElementKind kind, llvm::ArrayRef<int64_t> shape)
    : kind(kind), shape(shape) {
  bytes.resize(getNumElements() * getElementSize(kind));
}

int64_t Tensor::getNumElements() const {
  // A zero first: hostile dimensions beside it must not overflow.
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t n = 1;
  for (int64_t dim : shape)
    n *= dim;
  return n;
}

int64_t Tensor::getInteger(int64_t index) const {
  switch (kind) {
  case ElementKind::Bool:
    return bytes[index] != 0;
  case ElementKind::Int8:
    return get<int8_t>()[index];
  case ElementKind::UInt8:
    return get<uint8_t>()[index];
  case ElementKind::Int16:
    return get<int16_t>()[index];
  case ElementKind::UInt16:
    return get<uint16_t>()[index];
  case ElementKind::Int32:
    return get<int32_t>()[index];
  case ElementKind::UInt32:
    return get<uint32_t>()[index];
  case ElementKind::Int64:
    return get<int64_t>()[index];
  case ElementKind::Float32:
  case ElementKind::Float64:
    break;
  }
  llvm_unreachable("a float is not an integer");
}

double Tensor::getReal(int64_t index) const {
  if (kind == ElementKind::Float32)
    return get<float>()[index];
  if (kind == ElementKind::Float64)
    return get<double>()[index];
  return static_cast<double>(getInteger(index));
}

bool Tensor::operator==(const Tensor &other) const {
  return kind == other.kind && shape == other.shape && bytes == other.bytes;
}

std::string Tensor::describeType() const {
  return getElementName(kind).str() + " " + printShape(shape);
}

std::string qopt::printShape(llvm::ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  return llvm::join(
      llvm::map_range(shape, [](int64_t dim) { return std::to_string(dim); }),
      "x");
}
