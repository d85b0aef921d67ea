// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints the quantized types; TypeParser.cpp has the grammar. Defaults are left
// out: a storage range that is the whole range, a zero point of 0.

#include "mlir/IR/DialectImplementation.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt::quant;

static void printStorage(DialectAsmPrinter &os, QuantizedType type) {
  os << (type.isSigned() ? "i" : "u") << type.getStorageTypeIntegralWidth();
  if (type.hasStorageTypeBounds())
    os << "<" << type.getStorageTypeMin() << ":" << type.getStorageTypeMax()
       << ">";
}

static void printZeroPoint(DialectAsmPrinter &os, int64_t zeroPoint) {
  if (zeroPoint != 0)
    os << ":" << zeroPoint;
}

static void print(DialectAsmPrinter &os, AnyQuantizedType type) {
  os << "any<";
  printStorage(os, type);
  if (FloatType expressed = type.getExpressedType())
    os << ":" << expressed;
  os << ">";
}

static void print(DialectAsmPrinter &os, UniformQuantizedType type) {
  os << "uniform<";
  printStorage(os, type);
  os << ":" << type.getExpressedType() << ", " << type.getScale();
  printZeroPoint(os, type.getZeroPoint());
  os << ">";
}

static void print(DialectAsmPrinter &os, UniformQuantizedPerAxisType type) {
  os << "uniform<";
  printStorage(os, type);
  os << ":" << type.getExpressedType() << ":" << type.getQuantizedDimension()
     << ", {";
  llvm::interleave(
      llvm::zip_equal(type.getScales(), type.getZeroPoints()),
      [&](auto pair) {
        os << std::get<0>(pair);
        printZeroPoint(os, std::get<1>(pair));
      },
      [&] { os << ","; });
  os << "}>";
}

/// Prints the braces of `shape` from the parameter `index` on, and advances it.
static void printNested(DialectAsmPrinter &os,
                        UniformQuantizedSubChannelType type,
                        ArrayRef<int64_t> shape, int64_t &index) {
  if (shape.empty()) {
    os << type.getScales().getValues<APFloat>()[index];
    printZeroPoint(os, type.getZeroPoint(index));
    ++index;
    return;
  }
  os << "{";
  for (int64_t i = 0; i != shape.front(); ++i) {
    if (i)
      os << ", ";
    printNested(os, type, shape.drop_front(), index);
  }
  os << "}";
}

static void print(DialectAsmPrinter &os, UniformQuantizedSubChannelType type) {
  os << "uniform<";
  printStorage(os, type);
  os << ":" << type.getExpressedType() << ":{";
  llvm::interleaveComma(type.getBlockSizeInfo(), os, [&](auto block) {
    os << block.first << ":" << block.second;
  });
  os << "}, ";
  int64_t index = 0;
  printNested(os, type, type.getScales().getType().getShape(), index);
  os << ">";
}

static void print(DialectAsmPrinter &os, CalibratedQuantizedType type) {
  os << "calibrated<" << type.getExpressedType() << "<" << type.getMin() << ":"
     << type.getMax() << ">>";
}

void QuantDialect::printType(Type type, DialectAsmPrinter &os) const {
  llvm::TypeSwitch<Type>(type)
      .Case<AnyQuantizedType, UniformQuantizedType, UniformQuantizedPerAxisType,
            UniformQuantizedSubChannelType, CalibratedQuantizedType>(
          [&](auto concrete) { print(os, concrete); })
      .Default([](Type) { llvm_unreachable("not a quant type"); });
}
