// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See LinearLayers.h.

#include "qopt/Dialect/NN/IR/LinearLayers.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

llvm::SmallVector<LinearLayer>
qopt::nn::collectLinearLayers(func::FuncOp func) {
  llvm::SmallVector<LinearLayer> layers;
  llvm::StringMap<unsigned> seen;
  func.walk<WalkOrder::PreOrder>([&](LinearOpInterface op) {
    StringRef own = getTensorName(op->getResult(0));
    std::string name = (own.empty() ? op->getName().getStringRef() : own).str();
    if (unsigned count = seen[name]++)
      name += "#" + std::to_string(count);
    layers.push_back({op, std::move(name)});
  });
  return layers;
}

WeightRows WeightRows::get(LinearOpInterface op) {
  auto type = cast<RankedTensorType>(op.getWeightOperand().get().getType());
  int64_t axis = op.getWeightChannelAxis();
  WeightRows rows;
  rows.channels = type.getDimSize(axis);
  rows.depth = type.getNumElements() / std::max<int64_t>(rows.channels, 1);
  rows.inner = ShapedType::getNumElements(type.getShape().drop_front(axis + 1));
  return rows;
}

template <typename ConvOp>
static LinearWindow makeWindow(ConvOp op, int64_t groups) {
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  ArrayRef<int64_t> result = op.getType().getShape();
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  LinearWindow window;
  window.input = {input[1], input[2], input[3]};
  window.result = {result[1], result[2]};
  window.kernel = {filter[1], filter[2]};
  window.strides = {op.getStrides()[0], op.getStrides()[1]};
  window.dilations = {op.getDilations()[0], op.getDilations()[1]};
  window.before = {op.getPadding()[0], op.getPadding()[2]};
  window.groups = groups;
  return window;
}

std::optional<LinearWindow> qopt::nn::getWindow(LinearOpInterface op) {
  using Window = std::optional<LinearWindow>;
  return llvm::TypeSwitch<Operation *, Window>(op)
      .Case([](Conv2DOp conv) { return makeWindow(conv, conv.getGroups()); })
      .Case([](DepthwiseConv2DOp conv) {
        return makeWindow(conv, conv.getInput().getType().getDimSize(3));
      })
      .Case([](FullyConnectedOp dense) {
        LinearWindow window;
        window.input = {1, 1, dense.getFilter().getType().getDimSize(1)};
        return window;
      })
      .Default([](Operation *) { return Window(); });
}
