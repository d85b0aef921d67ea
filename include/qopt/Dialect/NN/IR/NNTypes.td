// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tensors that nn ops accept.

#ifndef QOPT_DIALECT_NN_IR_NNTYPES_TD
#define QOPT_DIALECT_NN_IR_NNTYPES_TD

include "mlir/IR/CommonTypeConstraints.td"

def NN_ExpressesF32 : CPred<
    "::llvm::cast<::qopt::quant::QuantizedType>($_self).getExpressedType()"
    ".isF32()">;

def NN_QuantizedPerTensor
    : Type<And<[
        CPred<"::llvm::isa<::qopt::quant::UniformQuantizedType>($_self)">,
        NN_ExpressesF32]>,
      "f32 quantized per tensor">;

def NN_Quantized
    : Type<And<[
        CPred<"::llvm::isa<::qopt::quant::UniformQuantizedType, "
              "::qopt::quant::UniformQuantizedPerAxisType>($_self)">,
        NN_ExpressesF32]>,
      "f32 quantized per tensor or per channel">;

def NN_QuantizedSubChannel
    : Type<And<[
        CPred<"::llvm::isa<::qopt::quant::UniformQuantizedSubChannelType>($_self)">,
        NN_ExpressesF32]>,
      "f32 quantized in groups">;

/// Activations: f32 or quantized per tensor.
def NN_Tensor : StaticShapeTensorOf<[F32, NN_QuantizedPerTensor]>;

/// Weights: f32, or quantized per tensor, per channel or in groups.
def NN_WeightTensor
    : StaticShapeTensorOf<[F32, NN_Quantized, NN_QuantizedSubChannel]>;

/// A bias: f32, quantized, or plain integers in the accumulator's scale.
def NN_BiasTensor : StaticShapeTensorOf<[F32, NN_Quantized, I32, I64]>;

/// The result of a linear op: an activation or one of the accumulator forms.
def NN_LinearResult : StaticShapeTensorOf<[F32, NN_Quantized, I32, I64]>;

/// What an op that only moves elements accepts.
def NN_MovableTensor
    : StaticShapeTensorOf<[F32, NN_Quantized, I1, I8, I16, I32, I64]>;

/// What a constant may be.
def NN_ConstantTensor
    : StaticShapeTensorOf<[F32, NN_Quantized, NN_QuantizedSubChannel, I1, I8,
                           I16, I32, I64]>;

#endif // QOPT_DIALECT_NN_IR_NNTYPES_TD
