// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytecode of the quantized types, field for field that of MLIR's own quant
// dialect, so that files cross over in both directions. A type is a kind (the
// enum below) and then its fields in the order of the readers here. These bytes
// are not trusted: every type is built through getChecked. (MLIR's own part of
// the reader is no such thing: damaged bytecode can crash it.)
//
// Attributes and operations have no encoding of their own: attributes travel as
// text, operations in MLIR's generic form.

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/TypeSwitch.h"
#include <limits>

using namespace mlir;
using namespace qopt::quant;

namespace {
/// The kinds; their numbers are part of the format.
enum Kind : uint64_t {
  Any = 1,
  AnyWithExpressed = 2,
  Calibrated = 3,
  Uniform = 4,
  PerAxis = 5,
  SubChannel = 6,
};

/// What all but the calibrated type begin with.
struct Header {
  uint64_t flags = 0;
  IntegerType storage;
  FloatType expressed;
};
} // namespace

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static LogicalResult readDouble(DialectBytecodeReader &reader, double &value) {
  FailureOr<APFloat> read =
      reader.readAPFloatWithKnownSemantics(APFloat::IEEEdouble());
  if (failed(read))
    return failure();
  value = read->convertToDouble();
  return success();
}

static LogicalResult readHeader(DialectBytecodeReader &reader, Header &header,
                                bool hasExpressed = true) {
  if (failed(reader.readVarInt(header.flags)) ||
      failed(reader.readType(header.storage)) ||
      (hasExpressed && failed(reader.readType(header.expressed))))
    return failure();
  if (header.flags > std::numeric_limits<unsigned>::max())
    return reader.emitError() << "unknown flags " << header.flags;
  // The other dialect keeps the signedness of `ui8`, whose flags say it too.
  header.storage =
      IntegerType::get(header.storage.getContext(), header.storage.getWidth());
  return success();
}

static Type readAny(DialectBytecodeReader &reader, bool hasExpressed) {
  Header header;
  int64_t min, max;
  if (failed(readHeader(reader, header, hasExpressed)) ||
      failed(reader.readSignedVarInt(min)) ||
      failed(reader.readSignedVarInt(max)))
    return {};
  return AnyQuantizedType::getChecked([&] { return reader.emitError(); },
                                      header.flags, header.storage,
                                      header.expressed, min, max);
}

static Type readCalibrated(DialectBytecodeReader &reader) {
  FloatType expressed;
  double min, max;
  if (failed(reader.readType(expressed)) || failed(readDouble(reader, min)) ||
      failed(readDouble(reader, max)))
    return {};
  return CalibratedQuantizedType::getChecked([&] { return reader.emitError(); },
                                             expressed, min, max);
}

static Type readUniform(DialectBytecodeReader &reader) {
  Header header;
  double scale;
  int64_t zeroPoint, min, max;
  if (failed(readHeader(reader, header)) || failed(readDouble(reader, scale)) ||
      failed(reader.readSignedVarInt(zeroPoint)) ||
      failed(reader.readSignedVarInt(min)) ||
      failed(reader.readSignedVarInt(max)))
    return {};
  return UniformQuantizedType::getChecked(
      [&] { return reader.emitError(); }, header.flags, header.storage,
      header.expressed, scale, zeroPoint, min, max);
}

/// Reads as many elements as the bytes claim. MLIR's own readList first makes
/// room for all of them, and a damaged count is a large one.
template <typename T>
static LogicalResult readElements(DialectBytecodeReader &reader,
                                  SmallVectorImpl<T> &values,
                                  function_ref<LogicalResult(T &)> readOne) {
  uint64_t count;
  if (failed(reader.readVarInt(count)))
    return failure();
  for (uint64_t i = 0; i != count; ++i) {
    T value;
    if (failed(readOne(value)))
      return failure();
    values.push_back(value);
  }
  return success();
}

static LogicalResult readIntegers(DialectBytecodeReader &reader,
                                  SmallVectorImpl<int64_t> &values) {
  return readElements<int64_t>(reader, values, [&](int64_t &value) {
    return reader.readSignedVarInt(value);
  });
}

static Type readPerAxis(DialectBytecodeReader &reader) {
  Header header;
  uint64_t axis;
  int64_t min, max;
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  if (failed(readHeader(reader, header)) || failed(reader.readVarInt(axis)) ||
      failed(reader.readSignedVarInt(min)) ||
      failed(reader.readSignedVarInt(max)) ||
      failed(readElements<double>(
          reader, scales,
          [&](double &scale) { return readDouble(reader, scale); })) ||
      failed(readIntegers(reader, zeroPoints)))
    return {};
  if (axis > uint64_t(std::numeric_limits<int32_t>::max()))
    return reader.emitError() << "illegal quantized dimension: " << axis,
           Type();
  return UniformQuantizedPerAxisType::getChecked(
      [&] { return reader.emitError(); }, header.flags, header.storage,
      header.expressed, ArrayRef<double>(scales), ArrayRef<int64_t>(zeroPoints),
      int32_t(axis), min, max);
}

static Type readSubChannel(DialectBytecodeReader &reader) {
  Header header;
  int64_t min, max;
  SmallVector<int64_t> axes, blockSizes;
  DenseElementsAttr scales, zeroPoints;
  if (failed(readHeader(reader, header)) ||
      failed(reader.readSignedVarInt(min)) ||
      failed(reader.readSignedVarInt(max)) ||
      failed(readIntegers(reader, axes)) ||
      failed(readIntegers(reader, blockSizes)) ||
      failed(reader.readAttribute(scales)) ||
      failed(reader.readAttribute(zeroPoints)))
    return {};
  SmallVector<int32_t> narrowAxes;
  for (int64_t axis : axes) {
    if (!llvm::isInt<32>(axis))
      return reader.emitError() << "illegal quantized dimension: " << axis,
             Type();
    narrowAxes.push_back(axis);
  }
  if (isa<IntegerType>(zeroPoints.getElementType()) &&
      zeroPoints.getElementType() != header.storage &&
      zeroPoints.getElementType().getIntOrFloatBitWidth() ==
          header.storage.getWidth())
    zeroPoints = zeroPoints.bitcast(header.storage);
  return UniformQuantizedSubChannelType::getChecked(
      [&] { return reader.emitError(); }, header.flags, header.storage,
      header.expressed, scales, zeroPoints, ArrayRef<int32_t>(narrowAxes),
      ArrayRef<int64_t>(blockSizes), min, max);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void writeHeader(DialectBytecodeWriter &writer, Kind kind,
                        QuantizedType type) {
  writer.writeVarInt(kind);
  writer.writeVarInt(type.getFlags());
  writer.writeType(type.getStorageType());
  if (FloatType expressed = type.getExpressedType())
    writer.writeType(expressed);
}

static void writeRange(DialectBytecodeWriter &writer, QuantizedType type) {
  writer.writeSignedVarInt(type.getStorageTypeMin());
  writer.writeSignedVarInt(type.getStorageTypeMax());
}

static void writeDouble(DialectBytecodeWriter &writer, double value) {
  writer.writeAPFloatWithKnownSemantics(APFloat(value));
}

static void write(DialectBytecodeWriter &writer, AnyQuantizedType type) {
  writeHeader(writer, type.getExpressedType() ? AnyWithExpressed : Any, type);
  writeRange(writer, type);
}

static void write(DialectBytecodeWriter &writer, CalibratedQuantizedType type) {
  writer.writeVarInt(Calibrated);
  writer.writeType(type.getExpressedType());
  writeDouble(writer, type.getMin());
  writeDouble(writer, type.getMax());
}

static void write(DialectBytecodeWriter &writer, UniformQuantizedType type) {
  writeHeader(writer, Uniform, type);
  writeDouble(writer, type.getScale());
  writer.writeSignedVarInt(type.getZeroPoint());
  writeRange(writer, type);
}

static void write(DialectBytecodeWriter &writer,
                  UniformQuantizedPerAxisType type) {
  writeHeader(writer, PerAxis, type);
  writer.writeVarInt(type.getQuantizedDimension());
  writeRange(writer, type);
  writer.writeList(type.getScales(),
                   [&](double scale) { writeDouble(writer, scale); });
  writer.writeList(type.getZeroPoints(), [&](int64_t zeroPoint) {
    writer.writeSignedVarInt(zeroPoint);
  });
}

static void write(DialectBytecodeWriter &writer,
                  UniformQuantizedSubChannelType type) {
  writeHeader(writer, SubChannel, type);
  writeRange(writer, type);
  writer.writeList(type.getQuantizedDimensions(),
                   [&](int32_t axis) { writer.writeSignedVarInt(axis); });
  writer.writeList(type.getBlockSizes(),
                   [&](int64_t size) { writer.writeSignedVarInt(size); });
  writer.writeAttribute(type.getScales());
  writer.writeAttribute(type.getZeroPoints());
}

//===----------------------------------------------------------------------===//
// The interface
//===----------------------------------------------------------------------===//

namespace {
struct QuantBytecodeInterface : BytecodeDialectInterface {
  QuantBytecodeInterface(Dialect *dialect)
      : BytecodeDialectInterface(dialect) {}

  Type readType(DialectBytecodeReader &reader) const override {
    uint64_t kind;
    if (failed(reader.readVarInt(kind)))
      return {};
    switch (kind) {
    case Any:
      return readAny(reader, /*hasExpressed=*/false);
    case AnyWithExpressed:
      return readAny(reader, /*hasExpressed=*/true);
    case Calibrated:
      return readCalibrated(reader);
    case Uniform:
      return readUniform(reader);
    case PerAxis:
      return readPerAxis(reader);
    case SubChannel:
      return readSubChannel(reader);
    default:
      reader.emitError() << "unknown kind of quantized type: " << kind;
      return {};
    }
  }

  LogicalResult writeType(Type type,
                          DialectBytecodeWriter &writer) const override {
    return llvm::TypeSwitch<Type, LogicalResult>(type)
        .Case<AnyQuantizedType, CalibratedQuantizedType, UniformQuantizedType,
              UniformQuantizedPerAxisType, UniformQuantizedSubChannelType>(
            [&](auto concrete) {
              write(writer, concrete);
              return success();
            })
        .Default([](Type) { return failure(); });
  }
};
} // namespace

void QuantDialect::registerBytecodeInterface() {
  addInterfaces<QuantBytecodeInterface>();
}
