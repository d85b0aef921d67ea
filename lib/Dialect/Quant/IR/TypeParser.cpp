// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses the text of the quantized types. One word, `uniform`, starts three of
// them, which what follows the expressed type tells apart:
//
//   type        ::= any | uniform | calibrated
//   any         ::= `any` `<` storage (`:` float-type)? `>`
//   uniform     ::= `uniform` `<` storage `:` float-type
//                   ( `,` parameter                      // per tensor
//                   | `:` axis `,` nested                // per axis
//                   | `:` blocks `,` nested ) `>`        // sub-channel
//   calibrated  ::= `calibrated` `<` float-type `<` float `:` float `>` `>`
//   storage     ::= storage-type (`<` integer `:` integer `>`)?
//   storage-type::= (`i` | `si` | `u` | `ui`) width
//   parameter   ::= scale (`:` zero-point)?
//   blocks      ::= `{` (axis `:` size (`,` axis `:` size)*)? `}`
//   nested      ::= `{` (nested | parameter) (`,` (nested | parameter))* `}`

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "qopt/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace qopt::quant;

namespace {
struct Storage {
  unsigned flags = 0;
  IntegerType type;
  int64_t min = 0, max = 0;
};

/// Scales and zero points in row-major order, with the shape of their braces.
struct Parameters {
  SmallVector<double, 1> scales;
  SmallVector<int64_t, 1> zeroPoints;
  SmallVector<int64_t, 4> shape;
};
} // namespace

/// No tensor has that many axes; it bounds the parser's recursion.
static constexpr unsigned maxNesting = 32;

static ParseResult parseStorage(DialectAsmParser &parser, Storage &storage) {
  SMLoc loc = parser.getCurrentLocation();
  unsigned width = 0;
  Type type;
  OptionalParseResult builtin = parser.parseOptionalType(type);
  if (builtin.has_value()) {
    if (failed(*builtin))
      return failure();
    auto integer = dyn_cast<IntegerType>(type);
    if (!integer)
      return parser.emitError(loc, "illegal storage type ")
             << type << "; expected i or u and a width";
    width = integer.getWidth();
    storage.flags = integer.isUnsigned() ? 0 : QuantizationFlags::Signed;
  } else {
    StringRef word;
    if (parser.parseKeyword(&word))
      return failure();
    StringRef digits = word;
    if (!digits.consume_front("u") || digits.getAsInteger(10, width))
      return parser.emitError(loc, "illegal storage type prefix in '")
             << word << "'; expected i or u and a width";
    storage.flags = 0;
  }
  if (width == 0 || width > maxStorageBits)
    return parser.emitError(loc, "illegal storage type size: ")
           << width << "; expected 1 to " << maxStorageBits << " bits";
  storage.type = parser.getBuilder().getIntegerType(width);
  bool isSigned = storage.flags & QuantizationFlags::Signed;
  storage.min = getDefaultStorageMin(isSigned, width);
  storage.max = getDefaultStorageMax(isSigned, width);
  if (failed(parser.parseOptionalLess()))
    return success();
  return failure(parser.parseInteger(storage.min) || parser.parseColon() ||
                 parser.parseInteger(storage.max) || parser.parseGreater());
}

static ParseResult parseParameter(DialectAsmParser &parser,
                                  Parameters &parameters) {
  double scale;
  int64_t zeroPoint = 0;
  if (parser.parseFloat(scale))
    return failure();
  if (succeeded(parser.parseOptionalColon()) && parser.parseInteger(zeroPoint))
    return failure();
  parameters.scales.push_back(scale);
  parameters.zeroPoints.push_back(zeroPoint);
  return success();
}

/// Parses `nested`; `shape` becomes the shape of its braces.
static ParseResult parseNested(DialectAsmParser &parser, unsigned depth,
                               Parameters &parameters,
                               SmallVectorImpl<int64_t> &shape) {
  SMLoc loc = parser.getCurrentLocation();
  if (depth > maxNesting)
    return parser.emitError(loc, "more than ")
           << maxNesting << " levels of nested parameters";
  int64_t size = 0;
  SmallVector<int64_t, 4> inner;
  auto parseElement = [&]() -> ParseResult {
    SMLoc elementLoc = parser.getCurrentLocation();
    SmallVector<int64_t, 4> elementShape;
    if (succeeded(parser.parseOptionalLBrace())) {
      if (parseNested(parser, depth + 1, parameters, elementShape))
        return failure();
    } else if (parseParameter(parser, parameters)) {
      return failure();
    }
    if (size++ == 0)
      inner = elementShape;
    else if (inner != elementShape)
      return parser.emitError(elementLoc,
                              "nested parameters differ in shape; expected "
                              "the shape of the first");
    return success();
  };
  if (parser.parseCommaSeparatedList(parseElement) || parser.parseRBrace())
    return failure();
  shape.assign(1, size);
  shape.append(inner);
  return success();
}

static ParseResult parseBlocks(DialectAsmParser &parser,
                               SmallVectorImpl<int32_t> &axes,
                               SmallVectorImpl<int64_t> &sizes) {
  if (succeeded(parser.parseOptionalRBrace()))
    return success();
  auto parseBlock = [&]() -> ParseResult {
    return failure(parser.parseInteger(axes.emplace_back()) ||
                   parser.parseColon() ||
                   parser.parseInteger(sizes.emplace_back()));
  };
  return failure(parser.parseCommaSeparatedList(parseBlock) ||
                 parser.parseRBrace());
}

static Type parseAny(DialectAsmParser &parser) {
  Storage storage;
  FloatType expressed;
  if (parser.parseLess() || parseStorage(parser, storage))
    return {};
  if (succeeded(parser.parseOptionalColon()) && parser.parseType(expressed))
    return {};
  if (parser.parseGreater())
    return {};
  return parser.getChecked<AnyQuantizedType>(
      storage.flags, storage.type, expressed, storage.min, storage.max);
}

/// Scales rounded to `type`. Values that do not survive as a positive number
/// are left for the type's verifier to refuse.
static DenseElementsAttr getScales(FloatType type, ArrayRef<double> scales,
                                   ArrayRef<int64_t> shape) {
  SmallVector<APFloat> values;
  for (double scale : scales) {
    bool losesInfo;
    values.emplace_back(scale);
    values.back().convert(type.getFloatSemantics(),
                          APFloat::rmNearestTiesToEven, &losesInfo);
  }
  return DenseElementsAttr::get(RankedTensorType::get(shape, type), values);
}

static Type parseUniform(DialectAsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  Storage storage;
  FloatType expressed;
  if (parser.parseLess() || parseStorage(parser, storage) ||
      parser.parseColon() || parser.parseType(expressed))
    return {};

  bool isPerAxis = false, isSubChannel = false;
  SmallVector<int32_t> axes;
  SmallVector<int64_t> blockSizes;
  if (succeeded(parser.parseOptionalColon())) {
    if (succeeded(parser.parseOptionalLBrace())) {
      isSubChannel = true;
      if (parseBlocks(parser, axes, blockSizes))
        return {};
    } else {
      isPerAxis = true;
      if (parser.parseInteger(axes.emplace_back()))
        return {};
    }
  }

  Parameters parameters;
  if (parser.parseComma())
    return {};
  if (isPerAxis || isSubChannel) {
    if (parser.parseLBrace() ||
        parseNested(parser, 1, parameters, parameters.shape))
      return {};
  } else if (parseParameter(parser, parameters)) {
    return {};
  }
  if (parser.parseGreater())
    return {};

  if (isPerAxis)
    return parser.getChecked<UniformQuantizedPerAxisType>(
        loc, storage.flags, storage.type, expressed,
        ArrayRef<double>(parameters.scales),
        ArrayRef<int64_t>(parameters.zeroPoints), axes.front(), storage.min,
        storage.max);
  if (!isSubChannel)
    return parser.getChecked<UniformQuantizedType>(
        loc, storage.flags, storage.type, expressed, parameters.scales.front(),
        parameters.zeroPoints.front(), storage.min, storage.max);

  // Zero points are about to be cut to the storage's width, and scales to the
  // expressed type's: refuse what would not survive while it can be named.
  for (int64_t zeroPoint : parameters.zeroPoints)
    if (zeroPoint < storage.min || zeroPoint > storage.max) {
      parser.emitError(loc, "zero point ")
          << zeroPoint << " outside the storage range [" << storage.min << ", "
          << storage.max << "]";
      return {};
    }
  SmallVector<APInt> zeroPoints;
  for (int64_t zeroPoint : parameters.zeroPoints)
    zeroPoints.emplace_back(storage.type.getWidth(), zeroPoint,
                            /*isSigned=*/true, /*implicitTrunc=*/true);
  return parser.getChecked<UniformQuantizedSubChannelType>(
      loc, storage.flags, storage.type, expressed,
      getScales(expressed, parameters.scales, parameters.shape),
      DenseElementsAttr::get(
          RankedTensorType::get(parameters.shape, storage.type), zeroPoints),
      ArrayRef<int32_t>(axes), ArrayRef<int64_t>(blockSizes), storage.min,
      storage.max);
}

static Type parseCalibrated(DialectAsmParser &parser) {
  FloatType expressed;
  double min, max;
  if (parser.parseLess() || parser.parseType(expressed) || parser.parseLess() ||
      parser.parseFloat(min) || parser.parseColon() || parser.parseFloat(max) ||
      parser.parseGreater() || parser.parseGreater())
    return {};
  return parser.getChecked<CalibratedQuantizedType>(expressed, min, max);
}

Type QuantDialect::parseType(DialectAsmParser &parser) const {
  SMLoc loc = parser.getCurrentLocation();
  StringRef word;
  if (parser.parseKeyword(&word))
    return {};
  if (word == "uniform")
    return parseUniform(parser);
  if (word == "any")
    return parseAny(parser);
  if (word == "calibrated")
    return parseCalibrated(parser);
  parser.emitError(loc, "unknown quantized type ")
      << word << "; expected uniform, any or calibrated";
  return {};
}
