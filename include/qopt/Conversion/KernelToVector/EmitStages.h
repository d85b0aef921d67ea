// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Emission of a kernel's stages: the steps from an accumulator (or a loaded
// element) to what is stored, on vectors of output channels. One use is
//
//   StageEmitter stages(e, op);
//   auto channels = stages.prepare(channel, lanes);  // outside the pixel loop
//   Value y = stages.apply(channels, accumulator, [&](unsigned n) {
//     return e.load(op.getStageOperands()[n], position, lanes);
//   });
//   e.store(e.toInteger(y, e.getI8Type()), out, position);

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_EMITSTAGES_H
#define QOPT_CONVERSION_KERNELTOVECTOR_EMITSTAGES_H

#include "qopt/Conversion/KernelToVector/EmitFixedPoint.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

namespace qopt::emit {

/// What is known of an integer value: min <= value <= max.
struct Interval {
  int64_t min = INT32_MIN, max = INT32_MAX;

  /// All values of an integer type, or all of i32 for wider and other types.
  static Interval ofStorage(mlir::Type element, bool isUnsigned);
  Interval operator+(int64_t offset) const {
    return {min + offset, max + offset};
  }
  /// Whether every value lies in (-2^bits, 2^bits).
  bool fits(int bits) const {
    return min > -(int64_t(1) << bits) && max < (int64_t(1) << bits);
  }
};

/// The end of a list of stages that results in bytes: a zero point to be added,
/// the clamp, and a table of bytes or none.
struct ByteTail {
  int32_t zeroPoint = 0;
  int32_t min, max;
  /// Of what is clamped.
  bool isUnsigned;
  /// What comes in is known to fit 16 bits.
  bool fitsWords = false;
  mlir::DenseIntElementsAttr table;

  /// That of a list, if its last stage but a table clamps to what a byte of
  /// either signedness holds.
  static std::optional<ByteTail> of(kernel::StagedOpInterface op);
};

class StageEmitter {
public:
  /// What depends on the channels, but not on the pixel: one entry a stage.
  struct Channels {
    llvm::SmallVector<PreparedMultiplier> multipliers;
  };
  /// Loads the elements of a stage operand, in its storage type, that belong
  /// to the lanes of the running value.
  using LoadOperand = llvm::function_ref<Value(unsigned operand)>;

  /// \p shifts is what the caller knows about the per-channel shifts.
  StageEmitter(VectorEmitter &e, kernel::StagedOpInterface op,
               ShiftRange shifts = {});
  /// The same with other buffers for the per-channel multipliers, for example
  /// packed ones.
  StageEmitter(VectorEmitter &e, kernel::StagedOpInterface op, Value multiplier,
               Value shift, ShiftRange shifts = {});

  /// Whether a stage has parameters for each channel.
  bool usesChannels() const;
  bool empty() const { return stages.empty(); }

  /// Leaves the last stages to the caller, if they have that form.
  std::optional<ByteTail> takeByteTail();

  /// Loads the parameters of the channels [channel, channel + lanes), at the
  /// insertion point of `e`. `lanes` is 0 for scalar code.
  Channels prepare(Value channel, int64_t lanes);

  /// The value after the last stage. \p value has 32-bit (or 64-bit) lanes and
  /// as many of them as the channels were prepared for; a narrow \p range of
  /// it makes for shorter code.
  Value apply(const Channels &channels, Value value, LoadOperand loadOperand,
              Interval range = {});

private:
  VectorEmitter &e;
  kernel::StagedOpInterface op;
  llvm::SmallVector<kernel::StageAttrInterface> stages;
  Value multiplier, shift;
  ShiftRange shifts;
};

//===----------------------------------------------------------------------===//
// The table of emissions, open to further stage attributes
//===----------------------------------------------------------------------===//

/// What the emission of one stage has at hand.
struct StageInputs {
  VectorEmitter &e;
  /// For stages that use the op's per-channel multiplier.
  const PreparedMultiplier &channelMultiplier;
  /// The lanes of the stage's next operand, in its storage type.
  llvm::function_ref<Value()> operand;
  /// What is known of the running value, and what the stage says of its result
  /// (nothing, unless it does).
  Interval range;
  Interval &result;
};

class StageEmissions {
public:
  template <typename StageAttr>
  void add(Value (*function)(StageAttr, Value, const StageInputs &)) {
    table[mlir::TypeID::get<StageAttr>()] =
        [function](mlir::Attribute stage, Value v, const StageInputs &inputs) {
          return function(llvm::cast<StageAttr>(stage), v, inputs);
        };
  }
  /// Whether the stage can be emitted.
  bool has(mlir::Attribute stage) const {
    return table.count(stage.getTypeID());
  }
  Value emit(mlir::Attribute stage, Value v, const StageInputs &inputs) const {
    return table.find(stage.getTypeID())->second(stage, v, inputs);
  }
  /// All emissions of this library.
  static const StageEmissions &get();

private:
  llvm::DenseMap<mlir::TypeID, std::function<Value(mlir::Attribute, Value,
                                                   const StageInputs &)>>
      table;
};

void addIntegerStages(StageEmissions &emissions);
void addFloatStages(StageEmissions &emissions);
void addFMAStages(StageEmissions &emissions);
void addRealStages(StageEmissions &emissions);
void addSumStages(StageEmissions &emissions);
void addDynamicStages(StageEmissions &emissions);

/// f32 with an integral value below 2^22 in magnitude, ties to even.
Value emitRoundToEven(VectorEmitter &e, Value v);

/// The floating-point multipliers whose bits the channels' multiplier and shift
/// operands hold.
Value prepareRealMultiplier(VectorEmitter &e, kernel::RequantizeRealAttr stage,
                            Value high, Value low);

} // namespace qopt::emit

#endif // QOPT_CONVERSION_KERNELTOVECTOR_EMITSTAGES_H
