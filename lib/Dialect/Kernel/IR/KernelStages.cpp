// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types of the running value along a list of stages.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;
using namespace qopt::kernel;
using qopt::quant::RoundingMode;
using EmitError = llvm::function_ref<InFlightDiagnostic()>;

static FailureOr<Type> expectValue(EmitError emitError, Attribute stage,
                                   Type value, bool allowed,
                                   StringRef expected) {
  if (allowed)
    return value;
  emitError() << "stage " << stage << " expects a running value of type "
              << expected << ", found " << value;
  return failure();
}

/// A stage on i32 whose operand is a quantized value.
static FailureOr<Type> verifyIntegerStage(EmitError emitError, Attribute stage,
                                          Type value, ArrayRef<Type> operands) {
  if (failed(expectValue(emitError, stage, value, value.isInteger(32), "i32")))
    return failure();
  for (Type operand : operands)
    if (!operand.isInteger(8) && !operand.isInteger(16) &&
        !operand.isInteger(32)) {
      emitError() << "stage " << stage
                  << " expects a stage operand of i8, i16 or i32, found "
                  << operand;
      return failure();
    }
  return value;
}

static FailureOr<Type> verifyFloatStage(EmitError emitError, Attribute stage,
                                        Type value, ArrayRef<Type> operands) {
  if (failed(expectValue(emitError, stage, value, value.isF32(), "f32")))
    return failure();
  for (Type operand : operands)
    if (!operand.isF32()) {
      emitError() << "stage " << stage
                  << " expects a stage operand of f32, found " << operand;
      return failure();
    }
  return value;
}

//===----------------------------------------------------------------------===//
// Each stage
//===----------------------------------------------------------------------===//

bool RequantizeFMAAttr::usesChannelScale() const { return !getScale(); }

LogicalResult RequantizeFMAAttr::verify(EmitError emitError, FloatAttr scale,
                                        FloatAttr offset, int32_t zeroPoint,
                                        bool isSigned, FloatAttr rest,
                                        bool isSplit, bool toNearest) {
  if (!scale != !offset)
    return emitError() << "expected scale and offset together or neither";
  if (rest && !scale)
    return emitError() << "expected no rest without a scale; the rests of "
                          "channels belong to is_split";
  if (isSplit && scale)
    return emitError() << "expected is_split only without a scale";
  for (auto [name, value, most] :
       {std::tuple("scale", scale, 0.5), std::tuple("offset", offset, 1.0),
        std::tuple("rest", rest, 0.5)}) {
    if (!value)
      continue;
    double number = value.getValueAsDouble();
    if (!value.getType().isF32() || !(number >= 0) || number > most)
      return emitError() << "expected an f32 " << name << " in [0, " << most
                         << "], found " << value;
  }
  return success();
}

FailureOr<Type> RequantizeFMAAttr::verifyStage(Type value,
                                               ArrayRef<Type> operands,
                                               EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

LogicalResult ScaledSumAttr::verify(EmitError emitError, int32_t value,
                                    int32_t operand, int32_t offset,
                                    int32_t shift, bool isUnsigned) {
  if (shift < 1 || shift > 30)
    return emitError() << "expected a shift in 1...30, found " << shift;
  return success();
}

FailureOr<Type> ScaledSumAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                           EmitError emitError) const {
  if (!operands.empty() && !operands.front().isInteger(8)) {
    emitError() << "stage " << *this << " expects a stage operand of i8, found "
                << operands.front();
    return failure();
  }
  return verifyIntegerStage(emitError, *this, value, operands);
}

bool RequantizeAttr::usesChannelScale() const { return !getMultiplier(); }

FailureOr<Type> RequantizeAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                            EmitError emitError) const {
  bool wide = getRounding() == RoundingMode::Wide;
  if (failed(expectValue(emitError, *this, value,
                         value.isInteger(32) || (wide && value.isInteger(64)),
                         wide ? "i32 or i64" : "i32")))
    return failure();
  return Type(IntegerType::get(getContext(), 32));
}

bool RequantizeRealAttr::usesChannelScale() const { return !getMultiplier(); }

FailureOr<Type> RequantizeRealAttr::verifyStage(Type value,
                                                ArrayRef<Type> operands,
                                                EmitError emitError) const {
  if (failed(expectValue(emitError, *this, value,
                         value.isInteger(32) || value.isInteger(64),
                         "i32 or i64")))
    return failure();
  return Type(IntegerType::get(getContext(), 32));
}

FailureOr<Type> ClampAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                       EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> AddAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                     EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> ResidualAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                          EmitError emitError) const {
  if (!operands.empty() && operands.front().isInteger(32)) {
    emitError() << "stage " << *this
                << " expects a stage operand of i8 or i16, found i32";
    return failure();
  }
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> SubAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                     EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> AddPotAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                        EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> MulAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                     EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> TableAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                       EmitError emitError) const {
  return verifyIntegerStage(emitError, *this, value, operands);
}

FailureOr<Type> QuantizeAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                          EmitError emitError) const {
  if (failed(verifyFloatStage(emitError, *this, value, operands)))
    return failure();
  return Type(IntegerType::get(getContext(), 32));
}

FailureOr<Type> DequantizeAttr::verifyStage(Type value, ArrayRef<Type> operands,
                                            EmitError emitError) const {
  if (failed(verifyIntegerStage(emitError, *this, value, operands)))
    return failure();
  return Type(Float32Type::get(getContext()));
}

FailureOr<Type> AddF32Attr::verifyStage(Type value, ArrayRef<Type> operands,
                                        EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> SubF32Attr::verifyStage(Type value, ArrayRef<Type> operands,
                                        EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> MulF32Attr::verifyStage(Type value, ArrayRef<Type> operands,
                                        EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> ClampF32Attr::verifyStage(Type value, ArrayRef<Type> operands,
                                          EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> LogisticF32Attr::verifyStage(Type value,
                                             ArrayRef<Type> operands,
                                             EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> TanhF32Attr::verifyStage(Type value, ArrayRef<Type> operands,
                                         EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> HardSwishF32Attr::verifyStage(Type value,
                                              ArrayRef<Type> operands,
                                              EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

FailureOr<Type> LeakyReluF32Attr::verifyStage(Type value,
                                              ArrayRef<Type> operands,
                                              EmitError emitError) const {
  return verifyFloatStage(emitError, *this, value, operands);
}

//===----------------------------------------------------------------------===//
// What is known of the value afterwards
//===----------------------------------------------------------------------===//

std::optional<StageRange> ClampAttr::getValueRange() const {
  return StageRange{getMin(), getMax()};
}

std::optional<StageRange> RequantizeRealAttr::getValueRange() const {
  return StageRange{getMin(), getMax()};
}

std::optional<StageRange> QuantizeAttr::getValueRange() const {
  return StageRange{getMin(), getMax()};
}

std::optional<StageRange> AddPotAttr::getValueRange() const {
  return StageRange{INT16_MIN, INT16_MAX};
}

std::optional<StageRange> TableAttr::getValueRange() const {
  unsigned bits = getEntries().getElementType().getIntOrFloatBitWidth();
  if (getIsUnsigned())
    return StageRange{0, (int64_t(1) << bits) - 1};
  return StageRange{-(int64_t(1) << (bits - 1)),
                    (int64_t(1) << (bits - 1)) - 1};
}

//===----------------------------------------------------------------------===//
// Exchange of value and operand
//===----------------------------------------------------------------------===//

bool AddAttr::isOperandUnsigned() const { return getIsUnsigned(); }
bool SubAttr::isOperandUnsigned() const { return getIsUnsigned(); }
bool MulAttr::isOperandUnsigned() const { return getIsUnsigned(); }

StageAttrInterface AddAttr::getSwapped(bool isUnsigned) const {
  return AddAttr::get(getContext(), getRounding(), getLeftShift(), getOperand(),
                      getValue(), getOutput(), isUnsigned);
}

StageAttrInterface SubAttr::getSwapped(bool isUnsigned) const {
  return SubAttr::get(getContext(), getRounding(), getLeftShift(), getOperand(),
                      getValue(), getOutput(), isUnsigned, !getReversed());
}

StageAttrInterface AddPotAttr::getSwapped(bool isUnsigned) const {
  if (isUnsigned)
    return {};
  return AddPotAttr::get(getContext(), getOperandShift(), getValueShift(),
                         getSubtract(), getSubtract() && !getReversed());
}

StageAttrInterface MulAttr::getSwapped(bool isUnsigned) const {
  return MulAttr::get(getContext(), getRounding(), getOperandOffset(),
                      getValueOffset(), getOutput(), isUnsigned);
}

StageAttrInterface AddF32Attr::getSwapped(bool) const { return *this; }
StageAttrInterface MulF32Attr::getSwapped(bool) const { return *this; }
StageAttrInterface SubF32Attr::getSwapped(bool) const {
  return SubF32Attr::get(getContext(), !getReversed());
}

//===----------------------------------------------------------------------===//
// The list
//===----------------------------------------------------------------------===//

/// Per-channel multipliers and shifts are both there exactly when a stage reads
/// them, with an element for each channel. A packed op pads them.
static LogicalResult verifyChannelScale(StagedOpInterface op, int64_t channels,
                                        bool used) {
  Value multiplier = op.getChannelMultiplier(), shift = op.getChannelShift();
  if (used != static_cast<bool>(multiplier) || used != static_cast<bool>(shift))
    return op->emitOpError(used ? "has a per-channel requantize stage, which "
                                  "needs multiplier and shift operands"
                                : "has multiplier and shift operands, but no "
                                  "stage that reads them");
  if (!used)
    return success();
  bool isSplit = llvm::any_of(op.getStageList(), [](Attribute stage) {
    auto requantize = dyn_cast<RequantizeFMAAttr>(stage);
    return requantize && requantize.getIsSplit();
  });
  for (auto [name, value, expected] :
       {std::tuple("multiplier", multiplier, isSplit ? 2 * channels : channels),
        std::tuple("shift", shift, channels)}) {
    int64_t size = cast<ShapedType>(value.getType()).getNumElements();
    if (size < expected || (size != expected && !op->hasAttr("packed")))
      return op->emitOpError("expected ")
             << name << " with " << expected << " elements, found " << size;
  }
  return success();
}

LogicalResult qopt::kernel::detail::verifyStages(Operation *operation) {
  auto op = cast<StagedOpInterface>(operation);
  auto output = cast<ShapedType>(
      cast<DestinationStyleOpInterface>(operation).getDpsInits()[0].getType());
  Type value = op.getInitialValueType();
  OperandRange operands = op.getStageOperands();
  bool usesChannelScale = false;
  auto emitError = [&] { return operation->emitOpError(); };
  for (StageAttrInterface stage : op.getStageList()) {
    unsigned count = stage.getNumStageOperands();
    if (count > operands.size())
      return operation->emitOpError("has too few stage operands: stage ")
             << Attribute(stage) << " needs another one";
    SmallVector<Type> types;
    for (Value operand : operands.take_front(count))
      types.push_back(cast<ShapedType>(operand.getType()).getElementType());
    FailureOr<Type> next = stage.verifyStage(value, types, emitError);
    if (failed(next))
      return failure();
    value = *next;
    operands = operands.drop_front(count);
    usesChannelScale |= stage.usesChannelScale();
  }
  if (!operands.empty())
    return operation->emitOpError("has ")
           << operands.size() << " stage operands that no stage consumes";
  for (Value operand : op.getStageOperands()) {
    auto type = cast<ShapedType>(operand.getType());
    if (!isBroadcastable(type.getShape(), output.getShape()))
      return operation->emitOpError("has a stage operand of type ")
             << type << ", which does not broadcast to the output " << output;
  }
  Type element = output.getElementType();
  bool fits = value == element || (value.isInteger() && element.isInteger() &&
                                   element.getIntOrFloatBitWidth() <=
                                       value.getIntOrFloatBitWidth());
  if (!fits)
    return operation->emitOpError("ends with a running value of type ")
           << value << ", which cannot be stored as " << element;
  int64_t channels = output.getRank() ? output.getShape().back() : 1;
  return verifyChannelScale(op, channels, usesChannelScale);
}
