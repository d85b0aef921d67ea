// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads choices out of outlined kernels and the constants that calls give them.

#include "qopt/Pipelines/ExplainKernels.h"

#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Dialect/Kernel/IR/ByteSumLayout.h"
#include "qopt/Dialect/Kernel/IR/DepthwiseLayout.h"
#include "qopt/Support/Names.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/SmallSet.h"

#include <set>

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

/// The buffer that a value is a view or a range of.
static Value getBuffer(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// The elements of a constant operand of a call.
static DenseElementsAttr getConstant(Operation *call, unsigned operand) {
  Value value = getBuffer(call->getOperand(operand));
  auto get = value.getDefiningOp<memref::GetGlobalOp>();
  auto global = get ? SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
                          call, get.getNameAttr())
                    : memref::GlobalOp();
  if (!global || !global.getInitialValue())
    return {};
  return dyn_cast<DenseElementsAttr>(*global.getInitialValue());
}

/// Channels at the positions of the op's multipliers; empty if that is their
/// own order.
static SmallVector<int64_t> getOrder(Operation *op) {
  if (isa<Conv2DOp>(op))
    return {};
  auto conv = cast<DepthwiseConv2DOp>(op);
  ScheduleAttr schedule = conv.getScheduleAttr();
  if (!conv.getPacked() || !schedule ||
      (schedule.getFamily() != InstructionFamily::VPDPBUSD &&
       schedule.getFamily() != InstructionFamily::SDOT))
    return {};
  return getDepthwiseLayout(conv, schedule).order;
}

/// Channels whose second term is not 0: a split requantize's multipliers are
/// the bits of all first terms and then of all second ones.
static int64_t countTwoTerms(Operation *op, int64_t channels,
                             DenseElementsAttr multipliers) {
  if (!multipliers)
    return channels;
  auto bits = llvm::to_vector(multipliers.getValues<int32_t>());
  ArrayRef<int32_t> rests = ArrayRef(bits).drop_front(bits.size() / 2);
  SmallVector<int64_t> order = getOrder(op);
  llvm::SmallSet<int64_t, 16> found;
  for (auto [position, rest] : llvm::enumerate(rests))
    if (rest != 0)
      found.insert(order.empty() ? position : order[position]);
  return static_cast<int64_t>(found.size());
}

static void explainStages(StagedOpInterface op, Operation *call,
                          LayerExplanation &layer) {
  bool isConvolution = isa<Conv2DOp, DepthwiseConv2DOp>(op.getOperation());
  auto output = cast<ShapedType>(
      getBuffer(op->getOperand(op->getNumOperands() - 1)).getType());
  // Other kernels have one multiplier.
  int64_t channels = isConvolution ? output.getShape().back() : 1;
  RequantizeExplanation &requantize = layer.requantize;
  for (StageAttrInterface stage : op.getStageList()) {
    if (auto fma = dyn_cast<RequantizeFMAAttr>(stage)) {
      int64_t two = fma.getRest() ? channels : 0;
      if (fma.getIsSplit() && isConvolution) {
        auto multiplier =
            cast<BlockArgument>(getBuffer(op.getChannelMultiplier()));
        two = countTwoTerms(op, channels,
                            getConstant(call, multiplier.getArgNumber()));
      }
      requantize.twoTerms += two;
      requantize.oneTerm += channels - two;
    } else if (isa<RequantizeAttr>(stage)) {
      requantize.integer += channels;
    } else if (isa<RequantizeRealAttr>(stage)) {
      requantize.real += channels;
    } else if (isa<ScaledSumAttr>(stage)) {
      ++layer.scaledSums;
    } else if (isa<AddAttr, SubAttr, ResidualAttr>(stage)) {
      ++layer.otherSums;
    }
  }
}

template <typename ConvOp>
static void explainConvolution(ConvOp op, LayerExplanation &layer) {
  auto filter = cast<ShapedType>(getBuffer(op.getFilter()).getType());
  layer.weightBytes =
      filter.getNumElements() * filter.getElementTypeBitWidth() / 8;
  ScheduleAttr schedule = op.getScheduleAttr();
  if (!schedule)
    return;
  ScheduleExplanation explained;
  explained.family = stringifyInstructionFamily(schedule.getFamily()).str();
  explained.lanes = schedule.getLanes();
  explained.vectors = schedule.getVectors();
  explained.pixels = schedule.getPixels();
  explained.interleaved = schedule.getInterleaved();
  layer.schedule = explained;
}

/// How many steps a convolution has that adds up products in 16 bits.
static void explainByteSums(Conv2DOp op, Operation *call,
                            LayerExplanation &layer) {
  auto table = op.getFilterSteps()
                   ? dyn_cast<BlockArgument>(getBuffer(op.getFilterSteps()))
                   : BlockArgument();
  DenseElementsAttr elements =
      table ? getConstant(call, table.getArgNumber()) : DenseElementsAttr();
  if (!elements)
    return;
  ConvolutionLayout layout = getConvolutionLayout(op, op.getScheduleAttr());
  layer.schedule->together = op.getScheduleAttr().getSteps();
  layer.schedule->steps = layout.getNumBlocks() * layout.getStepsOfWindow();
  layer.schedule->splitSteps =
      countByteSteps(op, llvm::to_vector(elements.getValues<int8_t>())) -
      layer.schedule->steps;
  layer.weightBytes += elements.getNumElements();
}

/// The kernel of a function. Ranges of it that need code of their own are the
/// same but for their size.
static Operation *findKernel(func::FuncOp function) {
  Operation *kernel = nullptr;
  function.walk([&](DestinationStyleOpInterface op) {
    if (!isa<KernelDialect>(op->getDialect()))
      return WalkResult::advance();
    kernel = op;
    return WalkResult::interrupt();
  });
  return kernel;
}

/// What was explained of bands: each layer with each of its functions, and with
/// its kind of kernel.
using SeenCalls = llvm::DenseSet<std::pair<Attribute, const void *>>;

static void explainCalls(func::FuncOp function, SeenCalls &seen,
                         std::vector<LayerExplanation> &layers) {
  function.walk([&](Operation *call) {
    auto parallel = dyn_cast<ParallelCallOp>(call);
    if (!parallel && !isa<func::CallOp>(call))
      return;
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        call, parallel ? parallel.getCalleeAttr()
                       : cast<func::CallOp>(call).getCalleeAttr());
    if (!callee || callee.isExternal())
      return;
    if (callee->hasAttr(kPartAttrName))
      return explainCalls(callee, seen, layers);
    LayerExplanation layer;
    layer.name = getTensorName(call->getLoc());
    layer.function = callee.getName().str();
    layer.chain = getBandNumber(call->getLoc());
    // Bands of one height are one line.
    auto isNew = [&](const void *what) {
      return !layer.chain ||
             seen.insert({LocationAttr(call->getLoc()), what}).second;
    };
    if (!isNew(callee.getAsOpaquePointer()))
      return;
    if (parallel)
      layer.ranges = parallel.getRanges();
    if (Operation *kernel = findKernel(callee)) {
      layer.kernel = kernel->getName().stripDialect().str();
      if (auto staged = dyn_cast<StagedOpInterface>(kernel))
        explainStages(staged, call, layer);
      if (auto conv = dyn_cast<Conv2DOp>(kernel)) {
        explainConvolution(conv, layer);
        explainByteSums(conv, call, layer);
      } else if (auto conv = dyn_cast<DepthwiseConv2DOp>(kernel)) {
        explainConvolution(conv, layer);
      }
      // Bands of another height have code of their own, but the same weights.
      if (!isNew(kernel->getName().getAsOpaquePointer())) {
        layer.weightBytes = 0;
        layer.requantize = {};
        layer.scaledSums = layer.otherSums = 0;
      }
    }
    layers.push_back(std::move(layer));
  });
}

std::vector<LayerExplanation> qopt::explainKernels(ModuleOp module) {
  std::vector<LayerExplanation> layers;
  SeenCalls seen;
  if (auto main = module.lookupSymbol<func::FuncOp>("main"))
    explainCalls(main, seen, layers);
  return layers;
}

void qopt::followSharedFunctions(ModuleOp module,
                                 MutableArrayRef<LayerExplanation> layers) {
  auto shared = module->getAttrOfType<DictionaryAttr>(kSharedFunctionsAttrName);
  if (!shared)
    return;
  for (LayerExplanation &layer : layers)
    if (auto function = shared.getAs<FlatSymbolRefAttr>(layer.function))
      layer.function = function.getValue().str();
}

/// The first and the last tensor that kernels of each chain make. What bands
/// copy and pad comes behind the kernels that it belongs to, or is a pad.
static void nameChains(ArrayRef<LayerExplanation> layers, BandNotes &notes) {
  std::set<std::pair<int64_t, std::string>> seen;
  for (const LayerExplanation &layer : layers) {
    if (!layer.chain || layer.kernel == "pad" ||
        *layer.chain >= static_cast<int64_t>(notes.chains.size()) ||
        !seen.insert({*layer.chain, layer.name}).second)
      continue;
    BandNote &note = notes.chains[*layer.chain];
    if (note.first.empty())
      note.first = layer.name;
    note.last = layer.name;
  }
}

BandNotes qopt::explainBands(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  BandNotes notes = main ? getBandNotes(main) : BandNotes();
  nameChains(explainKernels(module), notes);
  return notes;
}
