// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-use-fma-requantize: asks the search in Numerics for every channel, and
// for products of bytes.

#include "AccumulatorRanges.h"
#include "EvaluateStages.h"
#include "ModuleTarget.h"
#include "PackWeights.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Numerics/FMARequantize.h"
#include "qopt/Support/PassStatistics.h"

#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELUSEFMAREQUANTIZEPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

namespace {
/// The bits of the floats for all channels; rests where any channel has one.
struct Floats {
  SmallVector<int32_t> scales, offsets, rests;
  bool isSplit = false;
};
} // namespace

/// The floats for all channels, with results limited to [low, high]; nothing if
/// one channel has none. Channels often share their multiplier (weights
/// quantized per tensor): each is searched once.
static std::optional<Floats>
findAll(ArrayRef<int32_t> mantissas, ArrayRef<int32_t> shifts, int32_t low,
        int32_t high, ArrayRef<Accumulators> ranges,
        numerics::RoundingMode rounding, bool toNearest, bool allowSplit) {
  using Key = std::pair<int32_t, int32_t>;
  DenseMap<Key, Accumulators> shared;
  for (auto [mantissa, shift, range] :
       llvm::zip_equal(mantissas, shifts, ranges)) {
    auto [entry, isNew] = shared.try_emplace({mantissa, shift}, range);
    Accumulators &all = entry->second;
    all = {std::min(all.first, range.first),
           std::max(all.second, range.second)};
  }
  Floats floats;
  DenseMap<Key, numerics::FMARequantize> known;
  for (auto [mantissa, shift] : llvm::zip_equal(mantissas, shifts)) {
    auto [entry, isNew] = known.try_emplace({mantissa, shift});
    if (isNew) {
      Accumulators range = shared[{mantissa, shift}];
      numerics::RequantizeScope scope{low,          high,     range.first,
                                      range.second, rounding, toNearest};
      std::optional<numerics::FMARequantize> found =
          numerics::findFMARequantize({mantissa, shift}, scope);
      if (!found && allowSplit)
        found = numerics::findSplitFMARequantize({mantissa, shift}, scope);
      if (!found)
        return std::nullopt;
      entry->second = *found;
    }
    floats.scales.push_back(llvm::bit_cast<int32_t>(entry->second.scale));
    floats.offsets.push_back(llvm::bit_cast<int32_t>(entry->second.offset));
    floats.rests.push_back(llvm::bit_cast<int32_t>(entry->second.rest));
    floats.isSplit |= entry->second.rest != 0;
  }
  return floats;
}

namespace {
struct KernelUseFMARequantizePass
    : public qopt::kernel::impl::KernelUseFMARequantizePassBase<
          KernelUseFMARequantizePass> {
  using KernelUseFMARequantizePassBase::KernelUseFMARequantizePassBase;

  void runOnOperation() override {
    FailureOr<cpu::TargetFacts> facts = getModuleTargetFacts(getOperation());
    if (failed(facts))
      return signalPassFailure();
    if (facts->architecture != cpu::Architecture::X86 ||
        (!facts->avx512 && !facts->fma))
      return;
    // Only 512-bit instructions carry a rounding mode.
    toNearest = !facts->avx512 || facts->vectorBytes < 64;
    getOperation().walk([&](Operation *op) {
      if (auto conv = dyn_cast<Conv2DOp>(op))
        replace(conv);
      else if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
        replace(conv);
      if (auto staged = dyn_cast<StagedOpInterface>(op))
        replaceProducts(staged);
    });
    recordStatistic(*this, "num-replaced", replaced);
    recordStatistic(*this, "num-split", splits);
    recordStatistic(*this, "num-refused", refused);
  }

  template <typename ConvOp>
  void replace(ConvOp op) {
    SmallVector<Attribute> stages(op.getStages().getValue());
    if (stages.size() < 2 || op.getPacked() ||
        !op.getBias().getType().getElementType().isInteger(32))
      return;
    auto requantize = dyn_cast<RequantizeAttr>(stages[0]);
    auto clamp = dyn_cast<ClampAttr>(stages[1]);
    if (!requantize || !clamp ||
        (requantize.getRounding() != quant::RoundingMode::Double &&
         requantize.getRounding() != quant::RoundingMode::Single))
      return;
    auto rounding = requantize.getRounding() == quant::RoundingMode::Double
                        ? numerics::RoundingMode::Double
                        : numerics::RoundingMode::Single;
    bool isPerChannel = requantize.usesChannelScale();
    bool othersUseScale =
        llvm::any_of(ArrayRef(stages).drop_front(), [](Attribute stage) {
          return cast<StageAttrInterface>(stage).usesChannelScale();
        });
    if (isPerChannel && (othersUseScale || !op.getMultiplier()))
      return;
    std::optional<SmallVector<int32_t>> mantissas, shifts;
    if (isPerChannel) {
      mantissas = readConstant<int32_t>(op.getMultiplier());
      shifts = readConstant<int32_t>(op.getShift());
    } else {
      mantissas = {*requantize.getMultiplier()};
      shifts = {*requantize.getShift()};
    }
    // Without zero point; a range that leaves out 0 may as well hold it.
    int64_t low = int64_t(clamp.getMin()) - requantize.getZeroPoint();
    int64_t high = int64_t(clamp.getMax()) - requantize.getZeroPoint();
    low = std::min<int64_t>(low, 0);
    high = std::max<int64_t>(high, 0);
    if (!mantissas || !shifts || high - low > 256)
      return;
    SmallVector<Accumulators> ranges = getAccumulatorRanges(op);
    if (!isPerChannel) {
      Accumulators all = ranges.front();
      for (Accumulators range : ranges)
        all = {std::min(all.first, range.first),
               std::max(all.second, range.second)};
      ranges = {all};
    }
    std::optional<Floats> found =
        findAll(*mantissas, *shifts, static_cast<int32_t>(low),
                static_cast<int32_t>(high), ranges, rounding, toNearest, split);
    if (!found) {
      ++refused;
      return;
    }
    ++replaced;
    if (found->isSplit)
      ++splits;
    OpBuilder builder(op);
    FloatAttr scale, offset, rest;
    if (!isPerChannel) {
      auto toAttr = [&](int32_t bits) {
        return builder.getF32FloatAttr(llvm::bit_cast<float>(bits));
      };
      scale = toAttr(found->scales[0]);
      offset = toAttr(found->offsets[0]);
      if (found->isSplit)
        rest = toAttr(found->rests[0]);
    }
    stages[0] = RequantizeFMAAttr::get(
        op.getContext(), scale, offset, requantize.getZeroPoint(), low < 0,
        rest, isPerChannel && found->isSplit, toNearest);
    op.setStagesAttr(builder.getArrayAttr(stages));
    if (!isPerChannel)
      return;
    if (found->isSplit)
      llvm::append_range(found->scales, found->rests);
    Type i32 = builder.getI32Type();
    for (auto [operand, bits] :
         {std::pair(op.getMultiplierMutable(), found->scales),
          std::pair(op.getShiftMutable(), found->offsets)}) {
      Value old = operand[0].get();
      MutableOperandRange(operand).assign(
          makeConstant<int32_t>(builder, old.getLoc(), i32, bits));
      if (Operation *constant = old.getDefiningOp(); old.use_empty())
        constant->erase();
    }
  }

  /// Leaves the scaling of products of bytes to a stage behind them.
  void replaceProducts(StagedOpInterface op) {
    SmallVector<Attribute> stages;
    unsigned operand = 0;
    bool changed = false;
    SmallVector<StageAttrInterface> old = op.getStageList();
    for (size_t index = 0; index < old.size(); ++index) {
      auto product = dyn_cast<MulAttr>(old[index]);
      auto clamp = index + 1 < old.size() ? dyn_cast<ClampAttr>(old[index + 1])
                                          : ClampAttr();
      std::optional<StageRange> range = getByteRange(op, old, index);
      unsigned first = operand;
      operand += old[index].getNumStageOperands();
      if (product && clamp && range &&
          cast<ShapedType>(op.getStageOperands()[first].getType())
              .getElementType()
              .isInteger(8)) {
        std::optional<RequantizeFMAAttr> scale =
            findProduct(product, *range, clamp);
        ++(scale ? replaced : refused);
        if (scale) {
          // Times one.
          auto one = AffineAttr::get(op.getContext(), /*offset=*/0, 1 << 30, 1);
          stages.push_back(MulAttr::get(
              op.getContext(), product.getRounding(), product.getValueOffset(),
              product.getOperandOffset(), one, product.getIsUnsigned()));
          stages.push_back(*scale);
          changed = true;
          continue;
        }
      }
      stages.push_back(old[index]);
    }
    if (changed)
      op.setStagesAttr(ArrayAttr::get(op.getContext(), stages));
  }

  /// The scaling of a product as a multiply-add; nothing if none is exact.
  std::optional<RequantizeFMAAttr>
  findProduct(MulAttr product, StageRange range, ClampAttr clamp) {
    if (product.getRounding() != quant::RoundingMode::Double)
      return std::nullopt;
    StageRange other = getRangeOfByte(product.getIsUnsigned());
    int64_t a[] = {range.min + product.getValueOffset(),
                   range.max + product.getValueOffset()};
    int64_t b[] = {other.min + product.getOperandOffset(),
                   other.max + product.getOperandOffset()};
    auto [min, max] =
        std::minmax({a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]});
    AffineAttr output = product.getOutput();
    int64_t low =
        std::min<int64_t>(int64_t(clamp.getMin()) - output.getOffset(), 0);
    int64_t high =
        std::max<int64_t>(int64_t(clamp.getMax()) - output.getOffset(), 0);
    if (min < INT32_MIN || max > INT32_MAX || high - low > 256)
      return std::nullopt;
    std::optional<Floats> found = findAll(
        output.getMultiplier(), output.getShift(), static_cast<int32_t>(low),
        static_cast<int32_t>(high), Accumulators{min, max},
        numerics::RoundingMode::Double, toNearest, split);
    if (!found)
      return std::nullopt;
    Builder builder(&getContext());
    auto toAttr = [&](int32_t bits) {
      return builder.getF32FloatAttr(llvm::bit_cast<float>(bits));
    };
    return RequantizeFMAAttr::get(
        &getContext(), toAttr(found->scales[0]), toAttr(found->offsets[0]),
        output.getOffset(), low < 0,
        found->isSplit ? toAttr(found->rests[0]) : FloatAttr(),
        /*is_split=*/false, toNearest);
  }

  /// The target's instructions do not carry a rounding mode.
  bool toNearest = false;
  uint64_t replaced = 0, refused = 0, splits = 0;
};
} // namespace
