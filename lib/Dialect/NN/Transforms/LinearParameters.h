// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights and bias of a float linear op as doubles, to be changed and stored
// back. Passes that fold several factors into one op round once.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_LINEARPARAMETERS_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_LINEARPARAMETERS_H

#include "qopt/Interfaces/ChannelInterfaces.h"

#include "mlir/IR/Builders.h"

#include <optional>
#include <string>
#include <vector>

namespace qopt::nn {

/// Discardable attributes of a linear op, a double per output channel: mean and
/// standard deviation of its result, before a fused activation, as the batch
/// norm that was folded into it recorded them.
inline constexpr llvm::StringLiteral resultMeanName = "nn.result_mean";
inline constexpr llvm::StringLiteral resultDeviationName =
    "nn.result_deviation";

class LinearParameters {
public:
  /// Nothing, with the reason, if weights or bias are not known floats.
  static std::optional<LinearParameters> get(LinearOpInterface op,
                                             std::string &reason);

  int64_t getNumInputs() const { return numInputs; }
  int64_t getNumOutputs() const { return bias.size(); }
  int64_t getNumWeights() const { return weights.size(); }
  int64_t getOutputOf(int64_t weight) const {
    return weight / inner % getNumOutputs();
  }
  int64_t getInputOf(int64_t weight) const {
    return op.getInputChannelOfWeight(weight);
  }

  /// Makes f(y) of the result y, and of the recorded statistics.
  void applyToResult(const ChannelFunction &function);
  /// Makes of x what it made of f(x), the border aside.
  void absorbFromInput(const ChannelFunction &function);

  /// Greatest magnitude of the weights of each output or input channel.
  std::vector<double> getOutputRanges() const;
  std::vector<double> getInputRanges() const;

  /// Gives the op constants with the present values. A bias that is zero is
  /// made only if there was one.
  void store(mlir::OpBuilder &builder);

  mutable LinearOpInterface op;
  std::vector<double> weights;
  /// One number per output channel, zero if the op has no bias.
  std::vector<double> bias;

private:
  int64_t numInputs = 0;
  /// Weights behind one index of the channels' dimension.
  int64_t inner = 1;
};

/// The recorded mean and deviation, or nothing.
struct ResultStatistics {
  std::vector<double> mean, deviation;
};
std::optional<ResultStatistics> getResultStatistics(LinearOpInterface op);
void setResultStatistics(LinearOpInterface op,
                         const ResultStatistics &statistics);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_LINEARPARAMETERS_H
