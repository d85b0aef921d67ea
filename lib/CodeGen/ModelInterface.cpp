// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and sizes of element types, and C identifiers.

#include "qopt/CodeGen/ModelInterface.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

using qopt::ElementKind;

StringRef qopt::getCName(ElementKind kind) {
  switch (kind) {
  case ElementKind::Bool:
  case ElementKind::UInt8:
    return "uint8_t";
  case ElementKind::Int8:
    return "int8_t";
  case ElementKind::Int16:
    return "int16_t";
  case ElementKind::UInt16:
    return "uint16_t";
  case ElementKind::Int32:
    return "int32_t";
  case ElementKind::UInt32:
    return "uint32_t";
  case ElementKind::Int64:
    return "int64_t";
  case ElementKind::Float32:
    return "float";
  case ElementKind::Float64:
    return "double";
  }
  llvm_unreachable("all kinds have names");
}

bool qopt::parseElementKind(StringRef name, ElementKind &kind) {
  for (ElementKind candidate :
       {ElementKind::Bool, ElementKind::Int8, ElementKind::UInt8,
        ElementKind::Int16, ElementKind::UInt16, ElementKind::Int32,
        ElementKind::UInt32, ElementKind::Int64, ElementKind::Float32,
        ElementKind::Float64})
    if (name == getElementName(candidate)) {
      kind = candidate;
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
  return getNumElements() * getElementSize(kind);
}

std::string qopt::makeIdentifier(StringRef text) {
  std::string name;
  for (char c : text)
    name += isAlnum(c) ? c : '_';
  if (name.empty() || isDigit(name.front()))
    name = "m" + name;
  return name;
}
