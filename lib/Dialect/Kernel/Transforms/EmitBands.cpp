// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bands whose kernels all make as many rows as in their neighbours become one
// loop; those in which a kernel begins or ends are written out:
//
//   borders of rolling buffers
//   first bands: kernels that lead
//   for band: kernels, then rolling buffers move up
//   last bands: kernels whose rows end, padding below them
//   borders of whole buffers that lie where the input was
//
// A rolling buffer is written in its last rows and read in the same rows every
// time; only whole buffers are addressed by the number of the band.

#include "EmitBands.h"

#include "Overlaps.h"
#include "qopt/Dialect/Kernel/IR/Bands.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace qopt::kernel;

namespace {

/// A band: the one with this number, or in a loop the one so many behind it.
struct Band {
  int64_t first;
  Value later;
};

/// Rows of a kernel's output in a band, and what is left of them of what the
/// windows of its inputs reach beyond those.
struct Rows {
  int64_t begin = 0, end = 0;
  /// Largest over all operands: only kernels with one input have any.
  int64_t above = 0, below = 0;

  int64_t size() const { return end - begin; }
};

class Emitter {
public:
  Emitter(const BandGraph &graph, const BandPlan &plan, int64_t number)
      : graph(graph), plan(plan), number(number),
        builder(graph.kernels[plan.end - 1].op) {}

  void run();

private:
  const BandedKernel &getBanded(unsigned kernel) const {
    return plan.kernels[kernel - plan.begin];
  }
  Rows getRows(unsigned kernel, int64_t band) const;
  bool isInner(int64_t band) const;

  /// What follows is made for this, in these bands.
  void enter(Location of) { loc = makeBandLocation(of, number); }
  void allocateRolling();
  void emitBand(const Band &band);
  void emitKernel(unsigned kernel, const Band &band);
  void emitBelow(unsigned kernel, const Rows &rows);
  void emitMoves(const Band &band);
  Value getRowsOf(const BandAccess &access, Operation *op, const Rows &rows,
                  int64_t step, const Band &band);
  Value slice(Value source, Value offset, ArrayRef<int64_t> shape,
              int64_t rowElements);
  Value slice(Value source, int64_t offset, ArrayRef<int64_t> shape,
              int64_t rowElements) {
    return slice(source, constant(offset), shape, rowElements);
  }
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  /// Fills a stretch with what `pad` pads with.
  void fill(Value stretch, PadOp pad);
  void copy(Value source, int64_t from, int64_t to, int64_t elements);

  const BandGraph &graph;
  const BandPlan &plan;
  int64_t number;
  OpBuilder builder;
  Location loc = builder.getUnknownLoc();
  /// The memory of rolling buffers, by their number.
  llvm::DenseMap<unsigned, Value> memory;
};

} // namespace

/// Erases an allocation that nothing but views is left of.
static void eraseWithViews(Operation *op) {
  SmallVector<Operation *> dead = {op};
  for (size_t i = 0; i < dead.size(); ++i)
    for (Operation *user : dead[i]->getUsers())
      dead.push_back(user);
  for (Operation *user : llvm::reverse(dead))
    user->erase();
}

static MemRefType getType(Value value) {
  return cast<MemRefType>(value.getType());
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

Rows Emitter::getRows(unsigned number, int64_t band) const {
  const BandKernel &kernel = graph.kernels[number];
  const auto &[count, lead] = getBanded(number);
  Rows rows;
  rows.begin = std::clamp<int64_t>(count * (band + lead), 0, kernel.write.rows);
  rows.end =
      std::clamp<int64_t>(count * (band + 1 + lead), 0, kernel.write.rows);
  for (const BandAccess &access : kernel.reads) {
    const RowWindow &window = access.window;
    if (window.isWhole || rows.size() == 0)
      continue;
    int64_t begin = rows.begin * window.stride - window.before;
    int64_t end =
        (rows.end - 1) * window.stride - window.before + window.extent;
    rows.above = std::max(rows.above, std::min(-begin, end - begin));
    rows.below = std::max(rows.below, std::min(end - access.rows, end - begin));
  }
  return rows;
}

/// Whether all kernels make as many rows as they do in a band.
bool Emitter::isInner(int64_t band) const {
  for (unsigned kernel = plan.begin; kernel < plan.end; ++kernel) {
    if (graph.kernels[kernel].isBorder)
      continue;
    Rows rows = getRows(kernel, band);
    if (rows.size() != getBanded(kernel).rows || rows.above > 0 ||
        rows.below > 0)
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// A stretch of a buffer as rows with so many elements from one to the next.
Value Emitter::slice(Value source, Value offset, ArrayRef<int64_t> shape,
                     int64_t rowElements) {
  MemRefType type = MemRefType::get(shape, getType(source).getElementType());
  // Columns have no gaps.
  bool isRows = shape.size() == 4 && rowElements != shape[3];
  if (isRows && shape[2] * shape[3] != rowElements)
    type = MemRefType::get(
        shape, type.getElementType(),
        StridedLayoutAttr::get(builder.getContext(), 0,
                               {std::max<int64_t>(shape[1], 1) * rowElements,
                                rowElements, shape[3], 1}));
  return SliceOp::create(builder, loc, type, source, offset);
}

/// Memory for what rolls. Where it is padded, the border of the band that the
/// first rows are written to is written now; it moves up with the rows.
void Emitter::allocateRolling() {
  for (const RollingBuffer &rolling : plan.rolling) {
    const BandBuffer &buffer = graph.buffers[rolling.buffer];
    MemRefType whole = getType(buffer.value);
    enter(buffer.value.getLoc());
    Type element = whole.getElementType();
    int64_t rowElements = buffer.rowBytes * 8 / whole.getElementTypeBitWidth();
    if (!buffer.border) {
      memory[rolling.buffer] = memref::AllocOp::create(
          builder, loc,
          MemRefType::get({rolling.capacity * rowElements}, element));
      continue;
    }
    PadOp pad = buffer.border;
    unsigned axis = getRowAxis(getType(pad.getInit()));
    SmallVector<int64_t> shape(getType(pad.getInit()).getShape());
    shape[axis] = rolling.capacity;
    auto type = MemRefType::get(shape, element);
    Value value = memref::AllocOp::create(builder, loc, type);
    memory[rolling.buffer] = value;
    int64_t above = rolling.capacity - rolling.step;
    SmallVector<int64_t> low(pad.getLow()), high(pad.getHigh());
    low[axis] = above;
    high[axis] = 0;
    SmallVector<int64_t> interior(getType(pad.getInput()).getShape());
    interior[axis] = rolling.step;
    auto inside =
        MemRefType::get(interior, element,
                        StridedLayoutAttr::get(builder.getContext(), 0,
                                               getElementStrides(type)));
    // Without rows above and columns beside there is no border yet.
    if (!hasGaps(inside))
      continue;
    enter(pad.getLoc());
    Value input = SliceOp::create(
        builder, loc, inside, value,
        constant(above * rowElements + (axis == 1 ? low[2] * shape[3] : 0)));
    auto border = cast<PadOp>(builder.clone(*pad));
    border->setLoc(loc);
    border->setOperands({input, value});
    border.setLow(low);
    border.setHigh(high);
  }
}

void Emitter::copy(Value source, int64_t from, int64_t to, int64_t elements) {
  Value input = slice(source, from, {elements}, 0);
  Value output = slice(source, to, {elements}, 0);
  ElementwiseOp::create(builder, loc, TypeRange(), input,
                        /*multiplier=*/Value(), /*shift=*/Value(), ValueRange(),
                        output, /*input_unsigned=*/false,
                        builder.getArrayAttr({}));
}

/// A constant of one element, which all that pad with it share.
static memref::GlobalOp getElement(PadOp pad) {
  auto module = pad->getParentOfType<ModuleOp>();
  TypedAttr value = pad.getValue();
  APInt bits = isa<FloatAttr>(value)
                   ? cast<FloatAttr>(value).getValue().bitcastToAPInt()
                   : cast<IntegerAttr>(value).getValue();
  std::string name = "padding_" + std::to_string(bits.getBitWidth()) + "_" +
                     llvm::toString(bits, 16, /*Signed=*/false);
  if (auto present = module.lookupSymbol<memref::GlobalOp>(name))
    return present;
  OpBuilder builder(module.getBodyRegion());
  return memref::GlobalOp::create(
      builder, pad.getLoc(), name, builder.getStringAttr("private"),
      MemRefType::get({1}, value.getType()),
      DenseElementsAttr::get(RankedTensorType::get({1}, value.getType()),
                             ArrayRef<Attribute>(value)),
      /*constant=*/true, builder.getI64IntegerAttr(64));
}

void Emitter::fill(Value stretch, PadOp pad) {
  memref::GlobalOp element = getElement(pad);
  Value one = memref::GetGlobalOp::create(builder, loc, element.getType(),
                                          element.getSymName());
  int64_t rest = getType(stretch).getNumElements() - 1;
  PadOp::create(builder, loc, TypeRange(), one, stretch,
                builder.getDenseI64ArrayAttr({0}),
                builder.getDenseI64ArrayAttr({rest}), pad.getValueAttr(),
                /*flip=*/UnitAttr());
}

/// What later bands read again moves up by the rows of a band; never onto
/// itself.
void Emitter::emitMoves(const Band &band) {
  for (const RollingBuffer &rolling : plan.rolling) {
    const BandBuffer &buffer = graph.buffers[rolling.buffer];
    int64_t rowElements =
        buffer.rowBytes * 8 / getType(buffer.value).getElementTypeBitWidth();
    unsigned maker = plan.begin;
    while (graph.kernels[maker].isBorder ||
           graph.kernels[maker].write.buffer != rolling.buffer)
      ++maker;
    if (band.first < -getBanded(maker).lead)
      continue;
    enter(buffer.value.getLoc());
    for (int64_t row = rolling.step; row < rolling.capacity;
         row += rolling.step) {
      int64_t rows = std::min(rolling.step, rolling.capacity - row);
      copy(memory[rolling.buffer], row * rowElements,
           (row - rolling.step) * rowElements, rows * rowElements);
    }
  }
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// Rows of an operand, `step` of them later from band to band.
Value Emitter::getRowsOf(const BandAccess &access, Operation *op,
                         const Rows &rows, int64_t step, const Band &band) {
  Value operand = op->getOperand(access.operand);
  SmallVector<int64_t> shape(getType(operand).getShape());
  shape[getRowAxis(getType(operand))] = rows.size();
  int64_t first = rows.begin + access.firstRow;
  if (const RollingBuffer *rolling = plan.findRolling(access.buffer)) {
    // Rows that no band has are at the end of its input.
    int64_t start = first - (rolling->step * band.first + rolling->origin);
    start = std::clamp<int64_t>(start, 0, rolling->capacity);
    return slice(memory[access.buffer],
                 start * access.rowElements + access.column, shape,
                 access.rowElements);
  }
  // An interior is addressed in the buffer that it is of.
  auto interior = operand.getDefiningOp<SliceOp>();
  Value source = interior ? interior.getSource() : operand;
  int64_t start = first * access.rowElements + access.column;
  if (!band.later)
    return slice(source, start, shape, access.rowElements);
  Value offset = arith::MulIOp::create(builder, loc, band.later,
                                       constant(step * access.rowElements));
  offset = arith::AddIOp::create(builder, loc, offset, constant(start));
  return slice(source, offset, shape, access.rowElements);
}

void Emitter::emitKernel(unsigned number, const Band &band) {
  const BandKernel &kernel = graph.kernels[number];
  Rows rows = getRows(number, band.first);
  if (rows.size() == 0)
    return;
  enter(kernel.op->getLoc());
  int64_t count = getBanded(number).rows;
  SmallVector<Value> operands(kernel.op->getOperands());
  for (const BandAccess &access : kernel.reads) {
    const RowWindow &window = access.window;
    if (window.isWhole)
      continue;
    Rows input;
    input.begin = std::clamp<int64_t>(
        rows.begin * window.stride - window.before, 0, access.rows);
    input.end = std::clamp<int64_t>((rows.end - 1) * window.stride -
                                        window.before + window.extent,
                                    input.begin, access.rows);
    operands[access.operand] =
        getRowsOf(access, kernel.op, input, count * window.stride, band);
  }
  operands[kernel.write.operand] =
      getRowsOf(kernel.write, kernel.op, rows, count, band);
  // Rows of nothing but padding.
  auto pad = dyn_cast<PadOp>(kernel.op);
  if (pad && rows.above + rows.below == rows.size()) {
    Value output = operands[kernel.write.operand];
    return fill(
        slice(output, int64_t(0), {getType(output).getNumElements()}, 0), pad);
  }
  cloneRows(builder, kernel.op, operands, rows.above, rows.below)->setLoc(loc);
}

/// Where rows end, rows of padding follow.
void Emitter::emitBelow(unsigned number, const Rows &rows) {
  const BandKernel &kernel = graph.kernels[number];
  const RollingBuffer *rolling = plan.findRolling(kernel.write.buffer);
  PadOp pad = graph.buffers[kernel.write.buffer].border;
  int64_t missing = getBanded(number).rows - rows.size();
  if (!rolling || !pad || missing == 0 || rows.end < kernel.write.rows)
    return;
  enter(pad.getLoc());
  Value memory = this->memory[kernel.write.buffer];
  int64_t rowElements = kernel.write.rowElements;
  fill(slice(memory, (rolling->capacity - missing) * rowElements,
             {missing * rowElements}, 0),
       pad);
}

void Emitter::emitBand(const Band &band) {
  for (unsigned kernel = plan.begin; kernel < plan.end; ++kernel) {
    if (graph.kernels[kernel].isBorder)
      continue;
    emitKernel(kernel, band);
    if (!band.later)
      emitBelow(kernel, getRows(kernel, band.first));
  }
  if (band.later || band.first + 1 < plan.endBand)
    emitMoves(band);
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

void Emitter::run() {
  // Borders of whole buffers: written before, or behind what they overlap.
  SmallVector<Operation *> bordersBehind;
  for (unsigned kernel = plan.begin; kernel < plan.end; ++kernel) {
    const BandKernel &border = graph.kernels[kernel];
    if (!border.isBorder || plan.findRolling(border.write.buffer))
      continue;
    if (llvm::any_of(plan.overlaps, [&](const BandOverlap &overlap) {
          return overlap.lower == border.write.buffer;
        }))
      bordersBehind.push_back(border.op);
    else
      builder.clone(*border.op);
  }
  // What the bands are made of stands where the last kernel stood: all that it
  // reads is there.
  allocateRolling();
  for (int64_t band = plan.firstBand; band < plan.endBand;) {
    int64_t end = band;
    while (end < plan.endBand && isInner(end))
      ++end;
    if (end - band < 2) {
      emitBand({band, {}});
      ++band;
      continue;
    }
    auto loop = scf::ForOp::create(builder, loc, constant(0),
                                   constant(end - band), constant(1));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    emitBand({band, loop.getInductionVar()});
    band = end;
  }
  for (Operation *border : bordersBehind)
    builder.clone(*border);
  for (const BandOverlap &overlap : plan.overlaps)
    allowOverlap(
        graph.buffers[overlap.lower].value.getDefiningOp<memref::AllocOp>(),
        graph.buffers[overlap.upper].value.getDefiningOp<memref::AllocOp>(),
        overlap.upper, overlap.distance);
  for (unsigned kernel = plan.begin; kernel < plan.end; ++kernel)
    graph.kernels[kernel].op->erase();
  for (const RollingBuffer &rolling : plan.rolling)
    eraseWithViews(graph.buffers[rolling.buffer].value.getDefiningOp());
}

void qopt::kernel::emitBands(const BandGraph &graph, const BandPlan &plan,
                             int64_t number) {
  Emitter(graph, plan, number).run();
}
