// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect itself and the base class of its ops.

#ifndef QOPT_DIALECT_NN_IR_NNDIALECT_TD
#define QOPT_DIALECT_NN_IR_NNDIALECT_TD

include "mlir/IR/OpBase.td"

def NN_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::qopt::nn";
  let summary = "neural network ops on float or quantized tensors";
  let description = [{
    Tensors are ranked and static. Images are NHWC; the weights of a convolution
    are OHWI, those of a depthwise convolution [1, KH, KW, O], those of a fully
    connected layer [O, K].

    An op on quantized tensors (`!quant.uniform`) means an exact computation on
    integers, written down with each op; it is that of TFLite's reference
    kernels, bit for bit. Notation used there: an element x of a quantized
    tensor has the stored value q_x, scale S_x and zero point Z_x, and stands
    for the real S_x * (q_x - Z_x).

    - `multiply(v, M)`: the fixed-point multiplication of v by the real M in the
      rounding mode of the op's `rounding` attribute (see `quant.requantize`).
    - `act(v)`: v clamped to the storage range, then to
      [Z_y + round(low / S_y), Z_y + round(high / S_y)] of the `activation`,
      where the quotient is taken in float32 and ties round away from zero.

    On a function's argument or result, `nn.name` is the name of the model's
    tensor, a string, and `nn.type` the type that the tensor had before it was
    lowered to plain storage.
  }];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

/// Every operand and result has a countable number of elements, and channels
/// enough for its type.
def NN_SoundTensors : NativeOpTrait<"SoundTensors"> {
  let cppNamespace = "::qopt::nn::detail";
}

class NN_Op<string mnemonic, list<Trait> traits = []>
    : Op<NN_Dialect, mnemonic, [NN_SoundTensors] # traits>;

#endif // QOPT_DIALECT_NN_IR_NNDIALECT_TD
