// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows that share a scale are searched together: the candidate with the least
// sum of errors wins, after its integers were chosen by what they do to the
// rows' results and the scale was fitted to them (least squares). A scale that
// was raised, so that bias and multiplier fit, stays: its row does not fill the
// range of the storage.

#include "SimulatedWeights.h"

#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"
#include "qopt/WeightRounding/Rounding.h"

#include <cmath>
#include <numeric>

namespace qopt::nn {
#define GEN_PASS_DEF_NNSEARCHWEIGHTSCALESPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// Powers of two may only become other powers of two.
static bool arePowersOfTwo(quant::QuantizedType type, int64_t channels) {
  for (int64_t row = 0; row < channels; ++row) {
    int exponent;
    if (std::frexp(getRowParameters(type, row)->scale, &exponent) != 0.5)
      return false;
  }
  return true;
}

static SmallVector<double> getCandidates(bool powersOfTwo, double least,
                                         double step) {
  if (powersOfTwo)
    return {1, 0.5, 0.25};
  SmallVector<double> candidates;
  for (int64_t i = 0; 1 - static_cast<double>(i) * step >= least - 1e-9; ++i)
    candidates.push_back(1 - static_cast<double>(i) * step);
  return candidates;
}

namespace {
/// With t the weights of rows that share a scale, and q what stands for them,
/// the error is (t - s q) H (t - s q)' at s = 1; it is least at
/// s = t H q' / q H q'.
struct Products {
  double wanted = 0, mixed = 0, found = 0;

  void add(const Products &other) {
    wanted += other.wanted;
    mixed += other.mixed;
    found += other.found;
  }
  /// By how much the scale is to be stretched, once the integers are known.
  double getStretch() const {
    return found > 0 ? std::clamp(mixed / found, 0.9, 1.1) : 1;
  }
  double getError(double stretch) const {
    return wanted - stretch * (2 * mixed - stretch * found);
  }
};

/// The errors of the rows of one layer.
class LayerErrors {
public:
  LayerErrors(const RealWeights &weights, LinearOpInterface op,
              const rounding::LayerMoments *layer, double damping)
      : weights(weights), rows(WeightRows::get(op)) {
    if (!layer)
      return;
    for (const rounding::Moments &group : layer->groups) {
      groups.emplace_back();
      for (size_t b = 0; b < group.blocks.size(); ++b) {
        groups.back().push_back(group.getBlock(b, /*centered=*/true));
        rounding::regularize(groups.back().back(), group.count, damping);
      }
    }
  }

  /// True if some weight of the row reaches the end of the storage.
  bool fillsStorage(int64_t row) const;

  /// What is known of a row's error when its scale is multiplied by a factor
  /// and its weights are rounded by what they do to the row's result.
  Products get(int64_t row, double factor) const;

private:
  const RealWeights &weights;
  WeightRows rows;
  std::vector<std::vector<rounding::Matrix>> groups;
};
} // namespace

bool LayerErrors::fillsStorage(int64_t row) const {
  auto [scale, zeroPoint] = *getRowParameters(weights.type, row);
  double low =
      static_cast<double>(weights.type.getStorageTypeMin() - zeroPoint);
  double high =
      static_cast<double>(weights.type.getStorageTypeMax() - zeroPoint);
  for (int64_t k = 0; k < rows.depth; ++k) {
    double steps = weights.values[rows.getElement(row, k)] / scale;
    if ((low < 0 && steps < 0.9 * low) || (high > 0 && steps > 0.9 * high))
      return true;
  }
  return false;
}

Products LayerErrors::get(int64_t row, double factor) const {
  auto [scale, zeroPoint] = *getRowParameters(weights.type, row);
  scale *= factor;
  auto zero = static_cast<double>(zeroPoint);
  rounding::Problem problem;
  problem.min = weights.type.getStorageTypeMin();
  problem.max = weights.type.getStorageTypeMax();
  Products products;
  auto addBlock = [&](int64_t begin, int64_t depth,
                      const rounding::Matrix *moments) {
    problem.targets = rounding::Matrix(1, depth);
    for (int64_t k = 0; k < depth; ++k)
      problem.targets(0, k) =
          weights.values[rows.getElement(row, begin + k)] / scale + zero;
    problem.moments = moments;
    rounding::Integers integers = rounding::roundToNearest(problem);
    if (moments)
      rounding::descend(problem, integers, /*sweeps=*/10);
    std::vector<double> wanted(depth), found(depth);
    for (int64_t k = 0; k < depth; ++k) {
      wanted[k] = (problem.targets(0, k) - zero) * scale;
      found[k] = (static_cast<double>(integers[0][k]) - zero) * scale;
    }
    auto multiply = [&](const std::vector<double> &a,
                        const std::vector<double> &b) {
      return moments ? rounding::getBilinearForm(*moments, a.data(), b.data())
                     : std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    };
    products.wanted += multiply(wanted, wanted);
    products.mixed += multiply(wanted, found);
    products.found += multiply(found, found);
  };
  if (groups.empty()) {
    addBlock(0, rows.depth, nullptr);
    return products;
  }
  int64_t perGroup = rows.channels / static_cast<int64_t>(groups.size());
  int64_t begin = 0;
  for (const rounding::Matrix &block : groups[row / perGroup]) {
    addBlock(begin, block.rows, &block);
    begin += block.rows;
  }
  return products;
}

/// The best factors, one for each scale of the type.
static SmallVector<double> searchFactors(const LayerErrors &errors,
                                         int64_t channels, bool perChannel,
                                         bool mayStretch,
                                         ArrayRef<double> candidates) {
  SmallVector<double> factors;
  int64_t numScales = perChannel ? channels : 1;
  for (int64_t scale = 0; scale < numScales; ++scale) {
    int64_t begin = perChannel ? scale : 0;
    int64_t end = perChannel ? scale + 1 : channels;
    bool searched = false;
    for (int64_t row = begin; row < end; ++row)
      searched |= errors.fillsStorage(row);
    double best = 1, least = std::numeric_limits<double>::infinity();
    for (double candidate : searched ? candidates : ArrayRef<double>()) {
      Products sum;
      for (int64_t row = begin; row < end; ++row)
        sum.add(errors.get(row, candidate));
      double stretch = mayStretch ? sum.getStretch() : 1;
      if (double error = sum.getError(stretch); error < least) {
        least = error;
        best = candidate * stretch;
      }
    }
    factors.push_back(best);
  }
  return factors;
}

/// The type with its scales multiplied. Model files hold scales as float32.
static quant::QuantizedType scaleType(quant::QuantizedType type,
                                      ArrayRef<double> factors) {
  auto storage = cast<IntegerType>(type.getStorageType());
  auto real = cast<FloatType>(type.getExpressedType());
  unsigned flags = type.isSigned() ? quant::QuantizationFlags::Signed : 0;
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  if (!perAxis) {
    auto perTensor = cast<quant::UniformQuantizedType>(type);
    return quant::UniformQuantizedType::get(
        flags, storage, real,
        static_cast<float>(perTensor.getScale() * factors[0]),
        perTensor.getZeroPoint(), type.getStorageTypeMin(),
        type.getStorageTypeMax());
  }
  SmallVector<double> scales;
  for (auto [scale, factor] : llvm::zip(perAxis.getScales(), factors))
    scales.push_back(factor == 1 ? scale : static_cast<float>(scale * factor));
  return quant::UniformQuantizedPerAxisType::get(
      flags, storage, real, scales, perAxis.getZeroPoints(),
      perAxis.getQuantizedDimension(), type.getStorageTypeMin(),
      type.getStorageTypeMax());
}

/// Quantizes the weights in another type, and the bias with them.
static void retype(IRRewriter &rewriter, LinearOpInterface op,
                   RealWeights &weights, quant::QuantizedType type) {
  std::optional<std::vector<double>> bias;
  bool hasBias = op.getBiasValue() && getBiasType(op);
  if (hasBias)
    bias = readEffectiveBias(op);
  auto real = cast<RankedTensorType>(weights.quantize.getInput().getType());
  rewriter.setInsertionPoint(op);
  Value quantized = quant::QuantizeCastOp::create(
      rewriter, weights.quantize.getLoc(), real.clone(type),
      weights.quantize.getInput(), weights.quantize.getRoundingAttr());
  Value dequantized = quant::DequantizeCastOp::create(
      rewriter, weights.quantize.getLoc(), real, quantized);
  rewriter.modifyOpInPlace(op, [&] { op.getWeightOperand().set(dequantized); });
  if (bias)
    setBias(rewriter, op, *bias);
}

namespace {
struct NNSearchWeightScales
    : nn::impl::NNSearchWeightScalesPassBase<NNSearchWeightScales> {
  using NNSearchWeightScalesPassBase::NNSearchWeightScalesPassBase;
  NNSearchWeightScales(const NNSearchWeightScalesPassOptions &options,
                       SharedMoments moments)
      : NNSearchWeightScalesPassBase(options), moments(std::move(moments)) {}

  SharedMoments moments;

  void runOnOperation() override {
    if (!(least > 0 && least <= 1) || !(step > 0 && step <= 1)) {
      emitError(getOperation().getLoc(), "cannot search for scales from 1 down "
                                         "to ")
          << least.getValue() << " in steps of " << step.getValue()
          << ", expected two numbers in (0, 1]";
      return signalPassFailure();
    }
    if (failed(loadMoments(getOperation(), momentsFile, moments)))
      return signalPassFailure();
    uint64_t shrunk = 0;
    IRRewriter rewriter(&getContext());
    for (auto func : getOperation().getOps<func::FuncOp>())
      for (LinearLayer &layer : collectLinearLayers(func)) {
        // Groups have scales of few elements, which leave little to gain.
        std::optional<RealWeights> weights = RealWeights::get(layer.op);
        if (!weights || weights->hasGroups())
          continue;
        int64_t channels = WeightRows::get(layer.op).channels;
        const rounding::LayerMoments *known =
            moments ? moments->find(layer) : nullptr;
        LayerErrors errors(*weights, layer.op, known, damping);
        bool powersOfTwo = arePowersOfTwo(weights->type, channels);
        SmallVector<double> factors = searchFactors(
            errors, channels,
            isa<quant::UniformQuantizedPerAxisType>(weights->type),
            /*mayStretch=*/known && !powersOfTwo,
            getCandidates(powersOfTwo, least, step));
        size_t changed =
            llvm::count_if(factors, [](double factor) { return factor != 1; });
        shrunk += changed;
        if (changed)
          retype(rewriter, layer.op, *weights,
                 scaleType(weights->type, factors));
      }
    recordStatistic(*this, "num-shrunk", shrunk);
  }
};
} // namespace

std::unique_ptr<Pass> qopt::nn::createNNSearchWeightScalesPass(
    const NNSearchWeightScalesPassOptions &options, SharedMoments moments) {
  return std::make_unique<NNSearchWeightScales>(options, std::move(moments));
}
