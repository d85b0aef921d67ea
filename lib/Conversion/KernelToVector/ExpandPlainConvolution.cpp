//===- ExpandPlainConvolution.cpp - Convolution element by element --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loops of kernel.conv_2d as its description writes them, on scalars. Used
// where packing is impossible because the filter is computed at run time.
//
//===----------------------------------------------------------------------===//

#include "ConvolutionEpilogue.h"
#include "qopt/Conversion/KernelToVector/ExpandConvolutions.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

LogicalResult kernel::expandPlainConvolution(VectorEmitter &e, Conv2DOp op) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  int64_t groups = op.getGroups();
  int64_t groupInputs = in[3] / groups, groupOutputs = out[3] / groups;
  Type accumulator = op.getBias().getType().getElementType();
  bool isFloat = isa<FloatType>(accumulator);
  ConvolutionEpilogue epilogue(e, op);

  // A weight of a float sum: stored integers are converted and scaled.
  auto toReal = [&](Value w, Value channel, Value i) {
    if (isa<FloatType>(w.getType()))
      return w;
    w = e.toInteger(w, e.getI32Type(), op.getFilterUnsigned());
    w = e.toFloat(e.sub(w, op.getFilterZeroPoint()));
    if (!op.getFilterScales())
      return w;
    Value group =
        arith::DivUIOp::create(e, i, e.index(op.getGroupSize())).getResult();
    return e.mul(w, e.load(op.getFilterScales(), {channel, group}, 0));
  };

  e.nest({out[0], out[1], out[2], groups, groupOutputs}, [&](ValueRange at) {
    Value channel = e.add(e.mul(at[3], groupOutputs), at[4]);
    Value start = e.load(op.getBias(), channel, 0);
    auto loop = [&](int64_t size, Value sum,
                    function_ref<Value(Value, Value)> body) {
      return e.loop(e.index(0), e.index(size), 1, ValueRange(sum),
                    [&](Value i, ValueRange carried) {
                      return SmallVector<Value>{body(i, carried[0])};
                    })[0];
    };
    Value sum = loop(op.getKernel()[0], start, [&](Value ky, Value sum) {
      Value y = e.add(e.mul(at[1], op.getStrides()[0]),
                      e.mul(ky, op.getDilations()[0]));
      return loop(op.getKernel()[1], sum, [&](Value kx, Value sum) {
        Value x = e.add(e.mul(at[2], op.getStrides()[1]),
                        e.mul(kx, op.getDilations()[1]));
        return loop(groupInputs, sum, [&](Value i, Value sum) {
          Value c = e.add(e.mul(at[3], groupInputs), i);
          Value a = e.load(op.getInput(), {at[0], y, x, c}, 0);
          Value w = e.load(op.getFilter(), {channel, ky, kx, i}, 0);
          if (isFloat)
            return e.add(sum, e.mul(a, toReal(w, channel, i)));
          a = e.toInteger(a, accumulator, op.getInputUnsigned());
          w = e.toInteger(w, accumulator, op.getFilterUnsigned());
          return e.add(sum, e.mul(a, e.sub(w, op.getFilterZeroPoint())));
        });
      });
    });
    ConvolutionEpilogue::Channels scale = epilogue.prepare(channel, 0);
    Value position = at[0];
    position = e.add(e.mul(position, out[1]), at[1]);
    position = e.add(e.mul(position, out[2]), at[2]);
    position = e.add(e.mul(position, out[3]), channel);
    epilogue.finish(sum, scale, position);
  });
  return success();
}
