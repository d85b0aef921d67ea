// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each stage is a function on all running values: the order of stages is the
// order of loops, which keeps every stage a few lines.

#include "Stages.h"

#include "Dynamic.h"
#include "Functions.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

const Tensor &reference::tensorOf(Operation *op, Operands operands,
                                  Value value) {
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    if (operand == value)
      return *operands[i];
  llvm_unreachable("not an operand of the op");
}

std::vector<int64_t> reference::loadBits(const Tensor &tensor,
                                         bool isUnsigned) {
  std::vector<int64_t> values = loadIntegers(tensor);
  size_t bits = 8 * getElementSize(tensor.kind);
  if (isUnsigned && bits < 64)
    for (int64_t &v : values)
      v = v < 0 ? v + (int64_t(1) << bits) : v;
  return values;
}

llvm::Expected<Tensor> reference::storeBits(Operation *op, Type type,
                                            llvm::ArrayRef<int64_t> values) {
  llvm::Expected<Tensor> result = makeTensor(type);
  if (!result)
    return result;
  size_t size = getElementSize(result->kind);
  for (size_t i = 0; i < values.size(); ++i) {
    if (!llvm::isIntN(8 * size, values[i]) &&
        !(values[i] >= 0 && llvm::isUIntN(8 * size, values[i])))
      return makeError(op, "value " + llvm::Twine(values[i]) + " of element " +
                               llvm::Twine(i) + " does not fit " +
                               llvm::Twine(8 * size) + " bits");
    std::memcpy(result->bytes.data() + i * size, &values[i], size);
  }
  return result;
}

namespace {
/// What stages read besides the running value.
struct Context {
  kernel::StagedOpInterface op;
  Operands operands;
  llvm::ArrayRef<int64_t> shape;
  unsigned nextOperand = 0;

  /// The next stage operand's element for each result element.
  std::vector<Running> takeOperand(bool isUnsigned);
};
} // namespace

std::vector<Running> Context::takeOperand(bool isUnsigned) {
  const Tensor &tensor =
      tensorOf(op, operands, op.getStageOperands()[nextOperand++]);
  std::vector<int64_t> indices = broadcast(shape, tensor.shape);
  std::vector<Running> values(indices.size());
  if (isFloat(tensor.kind)) {
    for (size_t i = 0; i < indices.size(); ++i)
      values[i].real = tensor.get<float>()[indices[i]];
    return values;
  }
  std::vector<int64_t> integers = loadBits(tensor, isUnsigned);
  for (size_t i = 0; i < indices.size(); ++i)
    values[i].integer = integers[indices[i]];
  return values;
}

static int64_t scaled(int64_t x, kernel::AffineAttr affine,
                      quant::RoundingMode mode) {
  return multiply(x, {affine.getMultiplier(), affine.getShift()}, mode);
}

static void requantize(kernel::RequantizeAttr stage, Context &context,
                       std::vector<Running> &values) {
  llvm::SmallVector<Multiplier> multipliers;
  if (stage.getMultiplier()) {
    multipliers.push_back({*stage.getMultiplier(), *stage.getShift()});
  } else {
    const Tensor &mantissas = tensorOf(context.op, context.operands,
                                       context.op.getChannelMultiplier());
    const Tensor &shifts =
        tensorOf(context.op, context.operands, context.op.getChannelShift());
    for (int64_t c = 0; c < mantissas.getNumElements(); ++c)
      multipliers.push_back(
          {mantissas.getInteger(c), static_cast<int>(shifts.getInteger(c))});
  }
  for (size_t i = 0; i < values.size(); ++i)
    values[i].integer =
        multiply(values[i].integer, multipliers[i % multipliers.size()],
                 stage.getRounding()) +
        stage.getZeroPoint();
}

static void requantizeReal(kernel::RequantizeRealAttr stage, Context &context,
                           std::vector<Running> &values) {
  llvm::SmallVector<double> multipliers;
  if (stage.getMultiplier()) {
    multipliers.push_back(stage.getMultiplier().getValueAsDouble());
  } else {
    // Bits: of a float32 number, or the halves of a float64 number.
    const Tensor &high = tensorOf(context.op, context.operands,
                                  context.op.getChannelMultiplier());
    const Tensor &low =
        tensorOf(context.op, context.operands, context.op.getChannelShift());
    for (int64_t c = 0; c < high.getNumElements(); ++c) {
      auto upper = static_cast<uint32_t>(high.getInteger(c));
      auto lower = static_cast<uint32_t>(low.getInteger(c));
      multipliers.push_back(
          stage.getRounding() == quant::RoundingMode::Float
              ? llvm::bit_cast<float>(upper)
              : llvm::bit_cast<double>(uint64_t(upper) << 32 | lower));
    }
  }
  for (size_t i = 0; i < values.size(); ++i)
    values[i].integer =
        multiplyReal(values[i].integer, multipliers[i % multipliers.size()],
                     stage.getZeroPoint(), {stage.getMin(), stage.getMax()},
                     stage.getRounding());
}

/// a ± b of `#kernel.add` and `#kernel.sub`; a is the running value.
template <typename Stage>
static void addOrSubtract(Stage stage, int64_t signA, int64_t signB,
                          Context &context, std::vector<Running> &values) {
  std::vector<Running> operand = context.takeOperand(stage.getIsUnsigned());
  int64_t unit = int64_t(1) << stage.getLeftShift();
  quant::RoundingMode mode = stage.getRounding();
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t a =
        scaled((values[i].integer + stage.getValue().getOffset()) * unit,
               stage.getValue(), mode);
    int64_t b =
        scaled((operand[i].integer + stage.getOperand().getOffset()) * unit,
               stage.getOperand(), mode);
    values[i].integer = scaled(signA * a + signB * b, stage.getOutput(), mode) +
                        stage.getOutput().getOffset();
  }
}

static void addPowerOfTwo(kernel::AddPotAttr stage, Context &context,
                          std::vector<Running> &values) {
  std::vector<Running> operand = context.takeOperand(/*isUnsigned=*/false);
  for (size_t i = 0; i < values.size(); ++i) {
    auto a = static_cast<int64_t>(
        nearestTiesAway(values[i].integer, powerOfTwo(stage.getValueShift())));
    auto b = static_cast<int64_t>(nearestTiesAway(
        operand[i].integer, powerOfTwo(stage.getOperandShift())));
    int64_t sum = !stage.getSubtract()  ? a + b
                  : stage.getReversed() ? b - a
                                        : a - b;
    values[i].integer = Bounds{-32768, 32767}.clamp(sum);
  }
}

static void addResidual(kernel::ResidualAttr stage, Context &context,
                        std::vector<Running> &values) {
  std::vector<Running> operand = context.takeOperand(stage.getIsUnsigned());
  quant::RoundingMode mode = stage.getRounding();
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t r = scaled(operand[i].integer + stage.getOperand().getOffset(),
                       stage.getOperand(), mode);
    values[i].integer = scaled(values[i].integer + r, stage.getOutput(), mode) +
                        stage.getOutput().getOffset();
  }
}

static void lookUp(kernel::TableAttr stage, std::vector<Running> &values) {
  auto entries = llvm::to_vector(stage.getEntries().getValues<llvm::APInt>());
  for (Running &v : values) {
    const llvm::APInt &entry =
        entries[static_cast<uint64_t>(v.integer) % entries.size()];
    v.integer = stage.getIsUnsigned()
                    ? static_cast<int64_t>(entry.getZExtValue())
                    : entry.getSExtValue();
  }
}

static void quantize(kernel::QuantizeAttr stage, std::vector<Running> &values) {
  float scale = stage.getScale().getValue().convertToFloat();
  // What is still to be added after rounding.
  int64_t zeroPoint = stage.getZeroPointFirst() ? 0 : stage.getZeroPoint();
  for (Running &v : values) {
    float quotient = v.real / scale;
    if (stage.getZeroPointFirst())
      quotient += static_cast<float>(stage.getZeroPoint());
    float rounded =
        stage.getTiesToEven() ? std::nearbyint(quotient) : std::round(quotient);
    double low = static_cast<double>(stage.getMin() - zeroPoint);
    double high = static_cast<double>(stage.getMax() - zeroPoint);
    v.integer = stage.getZeroPoint();
    if (!std::isnan(quotient))
      v.integer =
          zeroPoint + static_cast<int64_t>(std::min(
                          std::max(static_cast<double>(rounded), low), high));
  }
}

/// v = f(v, operand) on floats.
template <typename Function>
static void combineFloats(Context &context, std::vector<Running> &values,
                          Function function) {
  std::vector<Running> operand = context.takeOperand(/*isUnsigned=*/false);
  for (size_t i = 0; i < values.size(); ++i)
    values[i].real = function(values[i].real, operand[i].real);
}

static bool runStage(Attribute attribute, Context &context,
                     std::vector<Running> &values) {
  return llvm::TypeSwitch<Attribute, bool>(attribute)
      .Case([&](kernel::RequantizeAttr stage) {
        requantize(stage, context, values);
        return true;
      })
      .Case([&](kernel::RequantizeRealAttr stage) {
        requantizeReal(stage, context, values);
        return true;
      })
      .Case([&](kernel::ClampAttr stage) {
        for (Running &v : values)
          v.integer = Bounds{stage.getMin(), stage.getMax()}.clamp(v.integer);
        return true;
      })
      .Case([&](kernel::AddAttr stage) {
        addOrSubtract(stage, 1, 1, context, values);
        return true;
      })
      .Case([&](kernel::ResidualAttr stage) {
        addResidual(stage, context, values);
        return true;
      })
      .Case([&](kernel::SubAttr stage) {
        int64_t sign = stage.getReversed() ? -1 : 1;
        addOrSubtract(stage, sign, -sign, context, values);
        return true;
      })
      .Case([&](kernel::AddPotAttr stage) {
        addPowerOfTwo(stage, context, values);
        return true;
      })
      .Case([&](kernel::MulAttr stage) {
        std::vector<Running> operand =
            context.takeOperand(stage.getIsUnsigned());
        for (size_t i = 0; i < values.size(); ++i)
          values[i].integer =
              scaled((values[i].integer + stage.getValueOffset()) *
                         (operand[i].integer + stage.getOperandOffset()),
                     stage.getOutput(), stage.getRounding()) +
              stage.getOutput().getOffset();
        return true;
      })
      .Case([&](kernel::TableAttr stage) {
        lookUp(stage, values);
        return true;
      })
      .Case([&](kernel::QuantizeAttr stage) {
        quantize(stage, values);
        return true;
      })
      .Case([&](kernel::DequantizeAttr stage) {
        float scale = stage.getScale().getValue().convertToFloat();
        for (Running &v : values)
          v.real = scale * static_cast<float>(v.integer - stage.getZeroPoint());
        return true;
      })
      .Case([&](kernel::DynamicQuantizeAttr stage) {
        std::vector<Running> scale = context.takeOperand(false);
        std::vector<Running> zeroPoint = context.takeOperand(false);
        for (size_t i = 0; i < values.size(); ++i)
          values[i].integer = quantizeDynamically(values[i].real, scale[i].real,
                                                  zeroPoint[i].integer) +
                              stage.getOffset();
        return true;
      })
      .Case([&](kernel::SubProductAttr) {
        std::vector<Running> a = context.takeOperand(false);
        std::vector<Running> b = context.takeOperand(false);
        for (size_t i = 0; i < values.size(); ++i)
          values[i].integer -= a[i].integer * b[i].integer;
        return true;
      })
      .Case([&](kernel::AddF32Attr) {
        combineFloats(context, values, std::plus<float>());
        return true;
      })
      .Case([&](kernel::SubF32Attr stage) {
        combineFloats(context, values, [&](float v, float r) {
          return stage.getReversed() ? r - v : v - r;
        });
        return true;
      })
      .Case([&](kernel::MulF32Attr) {
        combineFloats(context, values, std::multiplies<float>());
        return true;
      })
      .Case([&](kernel::ClampF32Attr stage) {
        float low = stage.getMin().getValue().convertToFloat();
        float high = stage.getMax().getValue().convertToFloat();
        for (Running &v : values)
          v.real = std::min(std::max(v.real, low), high);
        return true;
      })
      .Case([&](kernel::LogisticF32Attr) {
        for (Running &v : values)
          v.real = floatLogistic(v.real);
        return true;
      })
      .Case([&](kernel::TanhF32Attr) {
        for (Running &v : values)
          v.real = std::tanh(v.real);
        return true;
      })
      .Case([&](kernel::HardSwishF32Attr) {
        for (Running &v : values)
          v.real = floatHardSwish(v.real);
        return true;
      })
      .Case([&](kernel::LeakyReluF32Attr stage) {
        float alpha = stage.getAlpha().getValue().convertToFloat();
        for (Running &v : values)
          v.real = v.real >= 0 ? v.real : alpha * v.real;
        return true;
      })
      .Default([](Attribute) { return false; });
}

llvm::Expected<Tensor> reference::runStages(kernel::StagedOpInterface op,
                                            Operands operands,
                                            std::vector<Running> values) {
  Type type = op->getResult(0).getType();
  llvm::Expected<Tensor> result = makeTensor(type);
  if (!result)
    return result;
  Context context{op, operands, result->shape};
  for (Attribute stage : op.getStagesAttr())
    if (!runStage(stage, context, values)) {
      std::string text;
      llvm::raw_string_ostream(text) << stage;
      return makeError(op, "stage " + text + " has no reference semantics");
    }
  if (result->kind == ElementKind::Float32) {
    for (size_t i = 0; i < values.size(); ++i)
      result->get<float>()[i] = values[i].real;
    return result;
  }
  std::vector<int64_t> integers;
  for (const Running &v : values)
    integers.push_back(v.integer);
  return storeBits(op, type, integers);
}
