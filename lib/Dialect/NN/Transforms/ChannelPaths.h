// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the channels of a tensor come from and where they go to: linear ops,
// seen through ops that treat channel by channel.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_CHANNELPATHS_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_CHANNELPATHS_H

#include "LinearParameters.h"

namespace qopt::nn {

/// The linear op that makes a tensor, and the ops between. Every tensor on the
/// way has one use.
struct ChannelSource {
  LinearOpInterface op;
  /// From the linear op on.
  llvm::SmallVector<ChannelwiseOpInterface> path;
  /// Where the op's output channels are in the tensor.
  ChannelMap channels;
};

std::optional<ChannelSource> findSource(mlir::Value value, std::string &reason);

/// A linear op that reads a tensor, perhaps through other ops.
struct ChannelConsumer {
  LinearOpInterface op;
  /// The tensor's channel behind each of the op's input channels.
  llvm::SmallVector<int64_t> inputs;
  /// The ops between.
  llvm::SmallVector<ChannelwiseOpInterface> path;
};

/// All that is made of a tensor until it meets linear ops.
struct ChannelSinks {
  llvm::SmallVector<ChannelwiseOpInterface> path;
  llvm::SmallVector<ChannelConsumer> consumers;
};

/// Nothing, with the reason, if some use of the tensor does not end in a linear
/// op. `channels` says where the channels are in `value`.
std::optional<ChannelSinks>
findSinks(mlir::Value value, const ChannelMap &channels, std::string &reason);

/// Why a linear op cannot do itself what a function does to its input, or null.
const char *findObstacle(LinearOpInterface op, const ChannelFunction &function);

/// Lets a linear op do itself what the function did to its input; there must be
/// no obstacle. A border of zeros becomes one of what the function maps to 0.
void absorbFunction(mlir::OpBuilder &builder, LinearParameters &parameters,
                    const ChannelFunction &function);

/// "'nn.conv_2d' (features/conv)": an op in a sentence.
std::string spellOp(mlir::Operation *op);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_CHANNELPATHS_H
