// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers every dialect that qopt's tools read. They are named one by one:
// MLIR's own list of all dialects holds another `quant`, and two dialects of
// one name abort the process. For the same reason TOSA is not among them.

#ifndef QOPT_INITALLDIALECTS_H
#define QOPT_INITALLDIALECTS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ArmNeon/ArmNeonDialect.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/InlinerInterfaceImpl.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/X86Vector/X86VectorDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantDialect.h"

namespace qopt {

/// Adds the project's own dialects and the upstream ones that they lower to.
inline void registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<quant::QuantDialect>();
  registry.insert<nn::NNDialect>();
  registry.insert<kernel::KernelDialect>();

  registry
      .insert<mlir::LLVM::LLVMDialect, mlir::arith::ArithDialect,
              mlir::arm_neon::ArmNeonDialect, mlir::cf::ControlFlowDialect,
              mlir::func::FuncDialect, mlir::math::MathDialect,
              mlir::memref::MemRefDialect, mlir::scf::SCFDialect,
              mlir::tensor::TensorDialect, mlir::ub::UBDialect,
              mlir::vector::VectorDialect, mlir::x86vector::X86VectorDialect>();
  mlir::func::registerInlinerExtension(registry);
  mlir::LLVM::registerInlinerInterface(registry);
}

} // namespace qopt

#endif // QOPT_INITALLDIALECTS_H
