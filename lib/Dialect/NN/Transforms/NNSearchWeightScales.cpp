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

namespace {
/// The rows of one layer: their errors under scales that are multiplied by a
/// factor each.
class LayerErrors {
public:
  LayerErrors(const RealWeights &weights, LinearOpInterface op,
              const rounding::LayerMoments *layer, double damping);

  int64_t getNumRows() const { return rows.channels; }
  /// Whether all errors together cost so much that few are to be asked for.
  bool areExpensive() const;
  /// True if some weight of the row reaches the end of the storage.
  bool fillsStorage(int64_t row) const;
  /// The squared error of each row's result, with integers that are chosen by
  /// what they do to it.
  std::vector<double> get(ArrayRef<double> factors) const;
  /// With t the weights of a row and q what stands for them, t H q' and q H q'
  /// of each row: the error is least where the scale is multiplied by their
  /// quotient.
  std::vector<std::pair<double, double>>
  getFits(ArrayRef<double> factors) const;

private:
  using Visit = llvm::function_ref<void(
      int64_t firstRow, const rounding::Problem &problem,
      const rounding::Integers &integers, ArrayRef<double> errors)>;
  /// Rounds the rows that share moments, block by block.
  void roundBlocks(ArrayRef<double> factors, Visit visit) const;
  double getScale(int64_t row) const {
    return getRowParameters(weights.type, row)->scale;
  }
  double getZeroPoint(int64_t row) const {
    return static_cast<double>(getRowParameters(weights.type, row)->zeroPoint);
  }

  const RealWeights &weights;
  WeightRows rows;
  std::vector<std::vector<rounding::Matrix>> groups;
};
} // namespace

LayerErrors::LayerErrors(const RealWeights &weights, LinearOpInterface op,
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

bool LayerErrors::areExpensive() const {
  return static_cast<double>(rows.depth) * static_cast<double>(rows.depth) *
             static_cast<double>(rows.channels) >
         1e7;
}

bool LayerErrors::fillsStorage(int64_t row) const {
  double scale = getScale(row), zero = getZeroPoint(row);
  double low = static_cast<double>(weights.type.getStorageTypeMin()) - zero;
  double high = static_cast<double>(weights.type.getStorageTypeMax()) - zero;
  for (int64_t k = 0; k < rows.depth; ++k) {
    double steps = weights.values[rows.getElement(row, k)] / scale;
    if ((low < 0 && steps < 0.9 * low) || (high > 0 && steps > 0.9 * high))
      return true;
  }
  return false;
}

void LayerErrors::roundBlocks(ArrayRef<double> factors, Visit visit) const {
  // Many passes over the weights gain next to nothing.
  constexpr int64_t sweeps = 4;
  auto roundBlock = [&](int64_t firstRow, int64_t numRows, int64_t begin,
                        int64_t depth, const rounding::Matrix *moments) {
    rounding::Problem problem;
    problem.min = weights.type.getStorageTypeMin();
    problem.max = weights.type.getStorageTypeMax();
    problem.moments = moments;
    problem.targets = rounding::Matrix(numRows, depth);
    for (int64_t i = 0; i < numRows; ++i) {
      int64_t row = firstRow + i;
      double scale = getScale(row) * factors[row], zero = getZeroPoint(row);
      for (int64_t k = 0; k < depth; ++k)
        problem.targets(i, k) =
            weights.values[rows.getElement(row, begin + k)] / scale + zero;
    }
    rounding::Integers integers = rounding::roundToNearest(problem);
    std::vector<double> errors(numRows);
    if (moments)
      errors = rounding::descend(problem, integers, sweeps);
    else
      for (int64_t i = 0; i < numRows; ++i)
        for (int64_t k = 0; k < depth; ++k)
          errors[i] += std::pow(
              static_cast<double>(integers[i][k]) - problem.targets(i, k), 2);
    visit(firstRow, problem, integers, errors);
  };
  if (groups.empty())
    return roundBlock(0, rows.channels, 0, rows.depth, nullptr);
  int64_t perGroup = rows.channels / static_cast<int64_t>(groups.size());
  for (auto [index, blocks] : llvm::enumerate(groups)) {
    int64_t begin = 0;
    for (const rounding::Matrix &block : blocks) {
      roundBlock(static_cast<int64_t>(index) * perGroup, perGroup, begin,
                 block.rows, &block);
      begin += block.rows;
    }
  }
}

std::vector<double> LayerErrors::get(ArrayRef<double> factors) const {
  std::vector<double> sums(rows.channels);
  roundBlocks(factors, [&](int64_t firstRow, const rounding::Problem &,
                           const rounding::Integers &,
                           ArrayRef<double> errors) {
    for (auto [i, error] : llvm::enumerate(errors)) {
      int64_t row = firstRow + static_cast<int64_t>(i);
      sums[row] += error * std::pow(getScale(row) * factors[row], 2);
    }
  });
  return sums;
}

std::vector<std::pair<double, double>>
LayerErrors::getFits(ArrayRef<double> factors) const {
  std::vector<std::pair<double, double>> fits(rows.channels);
  roundBlocks(factors, [&](int64_t firstRow, const rounding::Problem &problem,
                           const rounding::Integers &integers,
                           ArrayRef<double>) {
    int64_t numRows = problem.targets.rows, depth = problem.targets.columns;
    rounding::Matrix found(depth, numRows), products(numRows, depth);
    for (int64_t i = 0; i < numRows; ++i) {
      double zero = getZeroPoint(firstRow + i);
      for (int64_t k = 0; k < depth; ++k)
        found(k, i) = static_cast<double>(integers[i][k]) - zero;
    }
    rounding::addTransposedProduct(
        found.row(0), numRows, problem.moments->row(0), depth, products.row(0),
        depth, depth, numRows, depth);
    for (int64_t i = 0; i < numRows; ++i) {
      int64_t row = firstRow + i;
      double square = std::pow(getScale(row) * factors[row], 2);
      double zero = getZeroPoint(row);
      for (int64_t k = 0; k < depth; ++k) {
        double wanted = problem.targets(i, k) - zero;
        fits[row].first += square * wanted * products(i, k);
        fits[row].second += square * found(k, i) * products(i, k);
      }
    }
  });
  return fits;
}

namespace {
/// Finds the factors of a layer's scales, one for each row.
class FactorSearch {
public:
  FactorSearch(const LayerErrors &errors, bool perChannel);

  /// Tries, for each scale, the factor that `propose` makes of its best one.
  void tryFactors(llvm::function_ref<double(double)> propose);
  /// Multiplies the best factors by what the integers ask for.
  void fit();
  /// One for each row, or one for all.
  SmallVector<double> getFactors() const;

private:
  /// Rows that share a scale have one sum.
  void shareSums(std::vector<double> &sums) const;

  const LayerErrors &errors;
  bool perChannel;
  SmallVector<bool> searched;
  SmallVector<double> factors;
  std::vector<double> least;
};
} // namespace

FactorSearch::FactorSearch(const LayerErrors &errors, bool perChannel)
    : errors(errors), perChannel(perChannel), factors(errors.getNumRows(), 1),
      least(errors.getNumRows(), std::numeric_limits<double>::infinity()) {
  bool any = false;
  for (int64_t row = 0; row < errors.getNumRows(); ++row) {
    searched.push_back(errors.fillsStorage(row));
    any |= searched.back();
  }
  if (!perChannel)
    searched.assign(errors.getNumRows(), any);
}

void FactorSearch::shareSums(std::vector<double> &sums) const {
  if (!perChannel)
    std::fill(sums.begin(), sums.end(),
              std::accumulate(sums.begin(), sums.end(), 0.0));
}

void FactorSearch::tryFactors(llvm::function_ref<double(double)> propose) {
  SmallVector<double> wanted;
  for (auto [factor, isSearched] : llvm::zip(factors, searched))
    wanted.push_back(isSearched ? propose(factor) : 1);
  std::vector<double> found = errors.get(wanted);
  shareSums(found);
  for (size_t row = 0; row < found.size(); ++row)
    if (found[row] < least[row]) {
      least[row] = found[row];
      factors[row] = wanted[row];
    }
}

void FactorSearch::fit() {
  std::vector<double> mixed, squares;
  for (auto [own, square] : errors.getFits(factors)) {
    mixed.push_back(own);
    squares.push_back(square);
  }
  shareSums(mixed);
  shareSums(squares);
  for (size_t row = 0; row < factors.size(); ++row)
    if (searched[row] && squares[row] > 0)
      factors[row] *= std::clamp(mixed[row] / squares[row], 0.9, 1.1);
}

SmallVector<double> FactorSearch::getFactors() const {
  return perChannel ? factors : SmallVector<double>{factors.front()};
}

/// The best factors, one for each scale of the type.
static SmallVector<double> searchFactors(const LayerErrors &errors,
                                         bool perChannel, bool powersOfTwo,
                                         bool mayFit, double least,
                                         double step) {
  FactorSearch search(errors, perChannel);
  if (powersOfTwo) {
    for (double factor : {1.0, 0.5, 0.25})
      search.tryFactors([&](double) { return factor; });
    return search.getFactors();
  }
  // Long rows have smooth errors: few factors, then those around the best.
  int64_t stride = errors.areExpensive() ? 4 : 1;
  int64_t count = std::llround(std::floor((1 - least) / step + 1e-9));
  for (int64_t i = 0; i <= count; i += stride)
    search.tryFactors(
        [&](double) { return 1 - static_cast<double>(i) * step; });
  while ((stride /= 2) > 0)
    for (double side : {-1.0, 1.0})
      search.tryFactors([&](double best) {
        return std::clamp(best + side * static_cast<double>(stride) * step,
                          least, 1.0);
      });
  if (mayFit)
    search.fit();
  return search.getFactors();
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
            errors, isa<quant::UniformQuantizedPerAxisType>(weights->type),
            powersOfTwo, /*mayFit=*/known != nullptr, least, step);
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
