// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is timed by --profile: kinds of kernels and their multiplications.

#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Pipelines/Compiler.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace qopt;

/// Multiply-accumulates of a convolution: each output element sums a window.
template <typename Op>
static int64_t countMacs(Op op, int64_t channels) {
  // Of all ranges, in the function of a range.
  mlir::Value init = op.getInit();
  if (auto slice = init.getDefiningOp<kernel::SliceOp>())
    init = slice.getSource();
  auto output = mlir::cast<mlir::ShapedType>(init.getType());
  return output.getNumElements() * op.getKernel()[0] * op.getKernel()[1] *
         channels;
}

static int64_t countMacs(mlir::Operation *op) {
  if (auto conv = mlir::dyn_cast<kernel::Conv2DOp>(op)) {
    auto input = mlir::cast<mlir::ShapedType>(conv.getInput().getType());
    return countMacs(conv, input.getShape().back() / conv.getGroups());
  }
  if (auto depthwise = mlir::dyn_cast<kernel::DepthwiseConv2DOp>(op))
    return countMacs(depthwise, 1);
  return 0;
}

KernelTable qopt::describeKernels(mlir::ModuleOp module) {
  KernelTable table;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    if (function.isPublic() || function->hasAttr(kernel::kPartAttrName))
      continue;
    LayerInterface &entry = table[function.getName()];
    function.walk([&](mlir::Operation *op) {
      if (!mlir::isa<mlir::DestinationStyleOpInterface>(op) ||
          !mlir::isa<kernel::KernelDialect>(op->getDialect()))
        return;
      entry.kernel = op->getName().stripDialect().str();
      // The last range of a kernel may have code of its own.
      entry.macs = std::max(entry.macs, countMacs(op));
    });
  }
  return table;
}

std::vector<LayerInterface> qopt::describeLayers(mlir::ModuleOp module,
                                                 const KernelTable &kernels) {
  std::vector<LayerInterface> layers;
  auto calls = module->getAttrOfType<mlir::ArrayAttr>("qopt.layers");
  if (!calls)
    return layers;
  for (auto call : calls.getAsRange<mlir::ArrayAttr>()) {
    LayerInterface layer =
        kernels.lookup(mlir::cast<mlir::StringAttr>(call[1]).getValue());
    layer.name = mlir::cast<mlir::StringAttr>(call[0]).str();
    layers.push_back(std::move(layer));
  }
  return layers;
}
