// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and sizes of element types, and C identifiers.

#include "qopt/CodeGen/ModelInterface.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace {
struct KindInfo {
  qopt::ElementKind kind;
  const char *name;
  const char *cName;
  unsigned byteSize;
};
} // namespace

static const KindInfo kinds[] = {
    {qopt::ElementKind::Bool, "bool", "uint8_t", 1},
    {qopt::ElementKind::Int8, "int8", "int8_t", 1},
    {qopt::ElementKind::UInt8, "uint8", "uint8_t", 1},
    {qopt::ElementKind::Int16, "int16", "int16_t", 2},
    {qopt::ElementKind::UInt16, "uint16", "uint16_t", 2},
    {qopt::ElementKind::Int32, "int32", "int32_t", 4},
    {qopt::ElementKind::UInt32, "uint32", "uint32_t", 4},
    {qopt::ElementKind::Int64, "int64", "int64_t", 8},
    {qopt::ElementKind::Float32, "float32", "float", 4},
    {qopt::ElementKind::Float64, "float64", "double", 8},
};

static const KindInfo &lookup(qopt::ElementKind kind) {
  return kinds[static_cast<unsigned>(kind)];
}

StringRef qopt::getName(ElementKind kind) { return lookup(kind).name; }
StringRef qopt::getCName(ElementKind kind) { return lookup(kind).cName; }
unsigned qopt::getByteSize(ElementKind kind) { return lookup(kind).byteSize; }

bool qopt::parseElementKind(StringRef name, ElementKind &kind) {
  for (const KindInfo &info : kinds)
    if (name == info.name) {
      kind = info.kind;
      return true;
    }
  return false;
}

int64_t qopt::TensorInterface::getNumElements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

int64_t qopt::TensorInterface::getByteSize() const {
  return getNumElements() * qopt::getByteSize(kind);
}

std::string qopt::makeIdentifier(StringRef text) {
  std::string name;
  for (char c : text)
    name += isAlnum(c) ? c : '_';
  if (name.empty() || isDigit(name.front()))
    name = "m" + name;
  return name;
}
