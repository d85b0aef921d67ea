//===- DotInstructions.h - One step of a sum of products --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The leaves of convolution kernels: how an instruction family loads a few
// neighbouring inputs into every lane, loads packed weights, and adds their
// products to an accumulator. Everything above is the same for all families.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_DOTINSTRUCTIONS_H
#define QOPT_CONVERSION_KERNELTOVECTOR_DOTINSTRUCTIONS_H

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"
#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"
#include "qopt/Target/CPU/TargetFacts.h"

namespace qopt::kernel {

/// The element types of a sum of products.
struct DotTypes {
  mlir::Type input, filter, accumulator;
  bool inputUnsigned = false;
};

/// Reports why the target or the types do not allow a schedule's family and
/// lanes: an instruction that a target lacks would abort code generation.
mlir::LogicalResult
verifyFamily(const cpu::TargetFacts &facts, InstructionFamily family,
             int64_t lanes, const DotTypes &types,
             llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

class DotInstructions {
public:
  /// `stepWidth` says how many neighbours in K a step of the packed weights
  /// has: as many as one instruction sums up (0), or twice as many.
  DotInstructions(emit::VectorEmitter &e, InstructionFamily family,
                  int64_t lanes, DotTypes types, int64_t stepWidth = 0)
      : e(e), family(family), lanes(lanes), dotWidth(getDotWidth(family)),
        stepWidth(stepWidth ? stepWidth : dotWidth), types(types) {}

  /// Products that a step takes: the second of two has elements 1 and 3, so
  /// that bytes of weights are widened by shifts where they stand.
  int64_t getNumParts() const { return stepWidth / dotWidth; }

  /// Elements [offset, offset + count) of the input, count <= step width, in
  /// every lane and in the form that `dot` wants; those beyond `count` are not
  /// read and not specified. Of the parts of a step, this one's: inputs that
  /// are wide already stand part by part, others have all elements.
  mlir::Value loadInput(mlir::Value input, mlir::Value offset, int64_t count,
                        int64_t part = 0);
  /// `lanes` * step width packed weights.
  mlir::Value loadWeights(mlir::Value filter, mlir::Value offset,
                          int64_t part = 0);
  /// The same from the low or high halves of bytes.
  mlir::Value loadHalfWeights(mlir::Value filter, mlir::Value offset,
                              bool isHigh);
  /// For a single pixel, whose weights are not worth two shifts each: a step's
  /// elements in every two lanes, and in part p the weights of half of the
  /// lanes, widened as they stand. `dot` then leaves a channel's sum in two
  /// lanes, which `addPairs` adds up.
  mlir::Value loadInputPairs(mlir::Value input, mlir::Value offset);
  mlir::Value loadWeightPairs(mlir::Value filter, mlir::Value offset,
                              int64_t part);
  mlir::Value addPairs(mlir::Value low, mlir::Value high);
  /// Weights that are 1 for elements [first, last) of a step and else 0: their
  /// products sum the inputs up.
  mlir::Value makeOnes(int64_t first, int64_t last, int64_t part = 0);
  /// For `pmaddubsw`: the sums of two products, 16 bits each, which must fit;
  /// and accumulator + sums of two such words.
  mlir::Value multiplyPairs(mlir::Value input, mlir::Value weights);
  mlir::Value addWords(mlir::Value accumulator, mlir::Value words);
  /// accumulator + sum of the products in each lane.
  mlir::Value dot(mlir::Value accumulator, mlir::Value input,
                  mlir::Value weights);

private:
  mlir::Value loadWord(mlir::Value input, mlir::Value offset, int64_t count,
                       int64_t width);
  mlir::Value addPairsOfWords(mlir::Value accumulator, mlir::Value input,
                              mlir::Value weights);
  mlir::Value widenPart(mlir::Value words, int64_t part, bool isUnsigned);
  mlir::Value call(llvm::StringRef name, mlir::Type result,
                   mlir::ValueRange operands);

  emit::VectorEmitter &e;
  InstructionFamily family;
  int64_t lanes, dotWidth, stepWidth;
  DotTypes types;
};

} // namespace qopt::kernel

#endif // QOPT_CONVERSION_KERNELTOVECTOR_DOTINSTRUCTIONS_H
