// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One overload for each op: its operands' tensors in, its result out. The
// interpreter's dispatch is the list of these.

#ifndef QOPT_LIB_REFERENCE_EVALUATE_H
#define QOPT_LIB_REFERENCE_EVALUATE_H

#include "Quantities.h"

#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Reference/Interpreter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace qopt::reference {

/// Operands are absent where the op leaves an optional one out.
using Operands = llvm::ArrayRef<const Tensor *>;
using Outcome = llvm::Expected<Tensor>;

// Casts.cpp
Outcome evaluate(quant::QuantizeCastOp op, Operands operands);
Outcome evaluate(quant::DequantizeCastOp op, Operands operands);
Outcome evaluate(quant::StorageCastOp op, Operands operands);
Outcome evaluate(quant::RequantizeOp op, Operands operands);
Outcome evaluate(quant::ApplyMultiplierOp op, Operands operands);

// Linear.cpp
Outcome evaluate(nn::Conv2DOp op, Operands operands);
Outcome evaluate(nn::DepthwiseConv2DOp op, Operands operands);
Outcome evaluate(nn::FullyConnectedOp op, Operands operands);
Outcome evaluate(nn::TransposeConv2DOp op, Operands operands);
Outcome evaluate(nn::BatchNormOp op, Operands operands);

// Dynamic.cpp
Outcome evaluate(kernel::DynamicRangeOp op, Operands operands);
Outcome evaluate(kernel::DynamicParameterOp op, Operands operands);

// Elementwise.cpp
Outcome evaluate(nn::AddOp op, Operands operands);
Outcome evaluate(nn::ResidualAddOp op, Operands operands);
Outcome evaluate(nn::SubOp op, Operands operands);
Outcome evaluate(nn::MulOp op, Operands operands);
Outcome evaluate(nn::ReluOp op, Operands operands);
Outcome evaluate(nn::Relu6Op op, Operands operands);
Outcome evaluate(nn::ClipOp op, Operands operands);

// Functions.cpp
Outcome evaluate(nn::SoftmaxOp op, Operands operands);
Outcome evaluate(nn::LogisticOp op, Operands operands);

// Activations.cpp
Outcome evaluate(nn::TanhOp op, Operands operands);
Outcome evaluate(nn::HardSwishOp op, Operands operands);
Outcome evaluate(nn::LeakyReluOp op, Operands operands);

// Pooling.cpp
Outcome evaluate(nn::AveragePool2DOp op, Operands operands);
Outcome evaluate(nn::MaxPool2DOp op, Operands operands);
Outcome evaluate(nn::MeanOp op, Operands operands);
Outcome evaluate(nn::ArgMaxOp op, Operands operands);

// Movement.cpp
Outcome evaluate(nn::ConstantOp op, Operands operands);
Outcome evaluate(mlir::arith::ConstantOp op, Operands operands);
Outcome evaluate(nn::ReshapeOp op, Operands operands);
Outcome evaluate(nn::TransposeOp op, Operands operands);
Outcome evaluate(nn::PadOp op, Operands operands);
Outcome evaluate(nn::SliceOp op, Operands operands);
Outcome evaluate(nn::ConcatOp op, Operands operands);

// Resize.cpp
Outcome evaluate(nn::ResizeBilinearOp op, Operands operands);

// Kernels.cpp
Outcome evaluate(kernel::Conv2DOp op, Operands operands);
Outcome evaluate(kernel::DepthwiseConv2DOp op, Operands operands);
Outcome evaluate(kernel::ElementwiseOp op, Operands operands);
Outcome evaluate(kernel::Pool2DOp op, Operands operands);
Outcome evaluate(kernel::MeanOp op, Operands operands);

// KernelMoves.cpp
Outcome evaluate(mlir::tensor::EmptyOp op, Operands operands);
Outcome evaluate(kernel::ViewOp op, Operands operands);
Outcome evaluate(kernel::PadOp op, Operands operands);
Outcome evaluate(kernel::StridedSliceOp op, Operands operands);
Outcome evaluate(kernel::ConcatOp op, Operands operands);
Outcome evaluate(kernel::UnpackOp op, Operands operands);
Outcome evaluate(kernel::TransposeOp op, Operands operands);
Outcome evaluate(kernel::ArgMaxOp op, Operands operands);
Outcome evaluate(kernel::SoftmaxOp op, Operands operands);
Outcome evaluate(kernel::ResizeBilinearOp op, Operands operands);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_EVALUATE_H
