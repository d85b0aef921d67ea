// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With c = 1.5 * 2^23, whose neighbours are a whole step away, x / scale + c is
// rounded to an integer; all that follows is exact:
//
//   a = x * (1 / scale) + c
//   b = relu(a - (c + low))           steps above the lower end
//   e = relu((high - low) - b)        steps below the upper end
//   y = (high - e) * scale

#include "qopt/Dialect/NN/Transforms/CastParameters.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static constexpr float roundingConstant = 12582912.0f;

static SmallVector<quant::QuantizeCastOp> collectCasts(func::FuncOp func) {
  SmallVector<quant::QuantizeCastOp> casts;
  func.walk([&](quant::QuantizeCastOp op) {
    auto type = dyn_cast<RankedTensorType>(op.getInput().getType());
    if (type && type.getRank() > 0 &&
        isa<quant::UniformQuantizedType>(op.getQuantizedType()) &&
        !op.getInput().getDefiningOp<ConstantOp>() &&
        llvm::all_of(op->getUsers(), llvm::IsaPred<quant::DequantizeCastOp>))
      casts.push_back(op);
  });
  return casts;
}

SmallVector<CastParameters> qopt::nn::collectCastParameters(func::FuncOp func) {
  SmallVector<CastParameters> parameters;
  for (quant::QuantizeCastOp op : collectCasts(func)) {
    auto type = cast<quant::UniformQuantizedType>(op.getQuantizedType());
    parameters.push_back({static_cast<float>(type.getScale()),
                          type.getStorageTypeMin() - type.getZeroPoint(),
                          type.getStorageTypeMax() - type.getZeroPoint()});
  }
  return parameters;
}

void qopt::nn::exposeCastParameters(func::FuncOp func) {
  SmallVector<quant::QuantizeCastOp> casts = collectCasts(func);
  OpBuilder builder(func.getContext());
  auto scalar = RankedTensorType::get({1}, builder.getF32Type());
  auto addArgument = [&](const Twine &name) -> Value {
    unsigned index = func.getNumArguments();
    DictionaryAttr attributes = builder.getDictionaryAttr(
        builder.getNamedAttr("nn.name", builder.getStringAttr(name)));
    if (failed(func.insertArgument(index, scalar, attributes, func.getLoc())))
      llvm_unreachable("a function takes one argument more");
    return func.getArgument(index);
  };
  SmallVector<SmallVector<Value>> inputs;
  for (size_t i = 0; i < casts.size(); ++i) {
    inputs.emplace_back();
    for (size_t k = 0; k < numCastInputs; ++k)
      inputs.back().push_back(addArgument("cast" + Twine(i) + "." + Twine(k)));
  }
  Value constant = addArgument("cast.constant");
  for (auto [op, own] : llvm::zip(casts, inputs)) {
    builder.setInsertionPoint(op);
    Location loc = op.getLoc();
    Type type = op.getInput().getType();
    Value steps = MulOp::create(builder, loc, type, op.getInput(), own[0]);
    Value rounded = AddOp::create(builder, loc, type, steps, constant);
    Value above = SubOp::create(builder, loc, type, rounded, own[1],
                                nn::Activation::Relu);
    Value below =
        SubOp::create(builder, loc, type, own[2], above, nn::Activation::Relu);
    Value clamped = SubOp::create(builder, loc, type, own[3], below);
    Value real = MulOp::create(builder, loc, type, clamped, own[4]);
    for (Operation *user : llvm::to_vector(op->getUsers())) {
      user->getResult(0).replaceAllUsesWith(real);
      user->erase();
    }
    op->erase();
  }
}

SmallVector<float>
qopt::nn::makeCastInputs(ArrayRef<CastParameters> parameters) {
  SmallVector<float> inputs;
  for (const CastParameters &own : parameters) {
    inputs.push_back(1 / own.scale);
    inputs.push_back(roundingConstant + static_cast<float>(own.low));
    inputs.push_back(static_cast<float>(own.high - own.low));
    inputs.push_back(static_cast<float>(own.high));
    inputs.push_back(own.scale);
  }
  inputs.push_back(roundingConstant);
  return inputs;
}
