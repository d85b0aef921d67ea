// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checks and the registration of the attributes.

#include "qopt/Dialect/Quant/IR/QuantAttributes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace qopt::quant;

LogicalResult FixedPointMultiplierAttr::verify(
    function_ref<InFlightDiagnostic()> emitError, ArrayRef<int32_t> multipliers,
    ArrayRef<int32_t> shifts, std::optional<int32_t> axis) {
  constexpr int32_t leastMultiplier = 1 << 30, leastShift = -31,
                    greatestShift = 30;
  if (multipliers.empty())
    return emitError() << "expected at least one multiplier";
  if (multipliers.size() != shifts.size())
    return emitError() << "illegal number of multipliers and shifts: "
                       << multipliers.size() << " and " << shifts.size()
                       << "; expected as many of each";
  if (!axis && multipliers.size() != 1)
    return emitError() << "expected one multiplier without axis, found "
                       << multipliers.size();
  if (axis && *axis < 0)
    return emitError() << "illegal axis: " << *axis << "; expected 0 or more";
  for (auto [index, pair] : llvm::enumerate(llvm::zip(multipliers, shifts))) {
    auto [multiplier, shift] = pair;
    if (multiplier == 0 && shift != 0)
      return emitError() << "shift " << shift << " of multiplier " << index
                         << ", which is 0; expected 0";
    if (multiplier != 0 && multiplier < leastMultiplier)
      return emitError() << "multiplier " << index << " is " << multiplier
                         << "; expected 0 or a value in [" << leastMultiplier
                         << ", 2147483647]";
    if (shift < leastShift || shift > greatestShift)
      return emitError() << "shift " << shift << " of multiplier " << index
                         << " outside [" << leastShift << ", " << greatestShift
                         << "]";
  }
  return success();
}

LogicalResult
RealMultiplierAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           DenseF64ArrayAttr multipliers,
                           std::optional<int32_t> axis) {
  if (multipliers.empty())
    return emitError() << "expected at least one multiplier";
  if (!axis && multipliers.size() != 1)
    return emitError() << "expected one multiplier without axis, found "
                       << multipliers.size();
  if (axis && *axis < 0)
    return emitError() << "illegal axis: " << *axis << "; expected 0 or more";
  for (auto [index, multiplier] : llvm::enumerate(multipliers.asArrayRef()))
    if (!std::isfinite(multiplier) || multiplier < 0)
      return emitError() << "multiplier " << index << " is " << multiplier
                         << "; expected a finite one of at least 0";
  return success();
}

Attribute RealMultiplierAttr::parse(AsmParser &parser, Type) {
  llvm::SMLoc loc = parser.getCurrentLocation();
  SmallVector<double> multipliers;
  std::optional<int32_t> axis;
  auto parseMultiplier = [&] {
    return parser.parseFloat(multipliers.emplace_back());
  };
  if (parser.parseLess() || parser.parseCommaSeparatedList(
                                AsmParser::Delimiter::Square, parseMultiplier))
    return {};
  if (succeeded(parser.parseOptionalComma())) {
    int32_t value;
    if (parser.parseKeyword("axis") || parser.parseEqual() ||
        parser.parseInteger(value))
      return {};
    axis = value;
  }
  if (parser.parseGreater())
    return {};
  MLIRContext *context = parser.getContext();
  return parser.getChecked<RealMultiplierAttr>(
      loc, context, DenseF64ArrayAttr::get(context, multipliers), axis);
}

void RealMultiplierAttr::print(AsmPrinter &printer) const {
  printer << "<[";
  llvm::interleaveComma(
      getMultipliers().asArrayRef(), printer,
      [&](double multiplier) { printer.printFloat(APFloat(multiplier)); });
  printer << "]";
  if (getAxis())
    printer << ", axis = " << *getAxis();
  printer << ">";
}

LogicalResult RangeAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                APFloat min, APFloat max) {
  if (!min.isFinite() || !max.isFinite() || min > max)
    return emitError() << "range [" << min.convertToDouble() << ", "
                       << max.convertToDouble()
                       << "] is not finite and ordered";
  return success();
}

Attribute RangeAttr::parse(AsmParser &parser, Type) {
  llvm::SMLoc loc = parser.getCurrentLocation();
  double min, max;
  if (parser.parseLess() || parser.parseFloat(min) || parser.parseComma() ||
      parser.parseFloat(max) || parser.parseGreater())
    return {};
  return parser.getChecked<RangeAttr>(loc, parser.getContext(), APFloat(min),
                                      APFloat(max));
}

void RangeAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printFloat(getMinValue());
  printer << ", ";
  printer.printFloat(getMaxValue());
  printer << ">";
}

#include "qopt/Dialect/Quant/IR/QuantEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "qopt/Dialect/Quant/IR/QuantAttributes.cpp.inc"

void QuantDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "qopt/Dialect/Quant/IR/QuantAttributes.cpp.inc"
      >();
}
