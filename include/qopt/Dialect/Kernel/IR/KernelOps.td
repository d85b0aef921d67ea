// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels. Each op's description is the contract between the conversions
// into the dialect and the expansions out of it.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELOPS_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELOPS_TD

include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "qopt/Dialect/Kernel/IR/KernelAttributes.td"
include "qopt/Dialect/Kernel/IR/KernelRanges.td"
include "qopt/Dialect/Kernel/IR/KernelSchedule.td"

def Kernel_Buffer
    : Type<CPred<"::qopt::kernel::isBufferType($_self)">,
           "statically shaped tensor or row-major memref of i8, i16, i32, i64 or f32",
           "::mlir::ShapedType">;

def Kernel_FixedPointBuffer
    : Type<And<[CPred<"::qopt::kernel::isBufferType($_self)">,
                CPred<"::llvm::cast<::mlir::ShapedType>($_self).getElementType().isInteger(32)">,
                CPred<"::llvm::cast<::mlir::ShapedType>($_self).getRank() == 1">]>,
           "statically shaped 1-dimensional tensor or memref of i32",
           "::mlir::ShapedType">;

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits # [
        DestinationStyleOpInterface, MemoryEffectsOpInterface]> {
  let results = (outs Variadic<Kernel_Buffer>:$results);
  let hasVerifier = 1;
  code destinationStyle = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return ::mlir::MutableOperandRange(
          getOperation(), getOperation()->getNumOperands() - 1, 1);
    }
    void getEffects(
        ::llvm::SmallVectorImpl<::mlir::SideEffects::EffectInstance<
            ::mlir::MemoryEffects::Effect>> &effects) {
      ::qopt::kernel::detail::getKernelEffects(getOperation(), effects);
    }
  }];
  let extraClassDeclaration = destinationStyle;
}

/// A kernel with stages that take no operands.
class Kernel_StagedOp<string mnemonic, list<Trait> traits = []>
    : Kernel_Op<mnemonic, traits # [Kernel_StagedOpInterface]> {
  let extraClassDeclaration = destinationStyle # [{
    ::mlir::Type getInitialValueType();
  }];
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// What both convolutions share.
class Kernel_ConvolutionOp<string mnemonic, dag extraArguments,
                           dag extraOperands = (ins), string extraFormat = "">
    : Kernel_Op<mnemonic, [
        AttrSizedOperandSegments,
        DeclareOpInterfaceMethods<Kernel_RangedOpInterface, [
          "getRangeGranularity"]>,
        Kernel_StagedOpInterface]> {
  let arguments = !con(
    (ins Kernel_Buffer:$input, Kernel_Buffer:$filter),
    extraOperands,
    (ins Kernel_Buffer:$bias,
         Optional<Kernel_FixedPointBuffer>:$multiplier,
         Optional<Kernel_FixedPointBuffer>:$shift,
         Variadic<Kernel_Buffer>:$residuals, Kernel_Buffer:$init,
         DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
         DenseI64ArrayAttr:$dilations),
    extraArguments,
    (ins DefaultValuedAttr<I32Attr, "0">:$filter_zero_point,
         UnitAttr:$input_unsigned, UnitAttr:$filter_unsigned,
         Kernel_StageArrayAttr:$stages, UnitAttr:$packed,
         OptionalAttr<Kernel_ScheduleAttr>:$schedule));
  let assemblyFormat = "$input `,` $filter " # extraFormat # [{
    `bias` $bias (`scale` $multiplier^ `,` $shift)?
    (`residuals` $residuals^)? `outs` $init attr-dict
    `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = destinationStyle # [{
    /// The element type of the accumulator: the bias's.
    ::mlir::Type getInitialValueType() { return getBias().getType().getElementType(); }
    ::mlir::OperandRange getStageOperands() { return getResiduals(); }
    ::mlir::MutableOperandRange getStageOperandsMutable() { return getResidualsMutable(); }
    bool canAppendStageOperands() { return true; }
    ::mlir::Value getChannelMultiplier() { return getMultiplier(); }
    ::mlir::Value getChannelShift() { return getShift(); }
  }];
}

def Kernel_Conv2DOp : Kernel_ConvolutionOp<"conv_2d",
    (ins DefaultValuedAttr<I64Attr, "1">:$groups,
         DefaultValuedAttr<I64Attr, "8">:$filter_bits,
         DefaultValuedAttr<I64Attr, "0">:$group_size),
    (ins Optional<Kernel_Buffer>:$filter_scales,
         Optional<Kernel_Buffer>:$filter_steps),
    "(`scales` $filter_scales^)? (`steps` $filter_steps^)? "> {
  let summary = "2-d convolution without padding";
  let description = [{
    ```
    acc[n,y,x,o] = bias[o] + sum over ky, kx, i of
        input[n, y*strides[0] + ky*dilations[0], x*strides[1] + kx*dilations[1], g*I + i]
        * (filter[o,ky,kx,i] - filter_zero_point)        with g = o / (O / groups)
    out[n,y,x,o] = stages(acc)
    ```
    input [N,H,W,C]; filter [O,KH,KW,I] with I = C / groups; bias [O]; out
    [N,OH,OW,O]; `kernel` = [KH, KW]. The element types of input and filter are
    i8 or i16 (input) and i8 (filter) with an i32 or i64 bias, whose type is
    that of the accumulator, or f32 throughout, where the filter may be i8. Integer accumulation wraps; the
    graph's interval analysis has proved that it does not. The zero point of
    the input is folded into the bias; a padded input was padded with it.

    An i8 filter of an f32 convolution is converted where it is read. Its scale
    is a stage, or with `group_size` G stands in `filter_scales` [O, I / G]:
    input channel i of output channel o is multiplied by
    `filter_scales[o, i / G] * (filter - filter_zero_point)`. With
    `filter_bits = 4` every weight lies in -8...7, and two are packed into a
    byte.

    `multiplier` and `shift` [O] belong to a `#kernel.requantize` stage without
    immediates. With `packed`, filter, bias, multiplier and shift have the
    layout that `schedule` names instead of the plain one: the filter any shape,
    the others at least O elements. A filter of the family `pmaddubsw` has its
    steps in an order of its own, which the bytes `filter_steps` tell, see
    ByteSumLayout.h.

    Example:
    ```mlir
    %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %init {
      kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>,
      stages = [#kernel.requantize<zero_point = -128>,
                #kernel.clamp<min = -128, max = 127>]}
      : (tensor<1x10x10x4xi8>, tensor<8x3x3x4xi8>, tensor<8xi32>,
         tensor<8xi32>, tensor<8xi32>, tensor<1x8x8x8xi8>) -> tensor<1x8x8x8xi8>
    ```
  }];
}

def Kernel_DepthwiseConv2DOp : Kernel_ConvolutionOp<"depthwise_conv_2d", (ins)> {
  let summary = "2-d depthwise convolution without padding";
  let description = [{
    As `kernel.conv_2d` with filter [KH,KW,O] and O a multiple of C: output
    channel o reads input channel o / (O / C).

    Example:
    ```mlir
    %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %init {
      kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>,
      stages = [#kernel.requantize<zero_point = -128>,
                #kernel.clamp<min = -128, max = 127>]}
      : (tensor<1x10x10x8xi8>, tensor<3x3x8xi8>, tensor<8xi32>,
         tensor<8xi32>, tensor<8xi32>, tensor<1x8x8x8xi8>) -> tensor<1x8x8x8xi8>
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

def Kernel_ElementwiseOp : Kernel_Op<"elementwise", [
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface, [
      "getRangeGranularity"]>,
    Kernel_StagedOpInterface]> {
  let summary = "stages on every element of a tensor";
  let description = [{
    The running value starts as the element of `input`, extended to i32 (signed,
    or unsigned with `input_unsigned`; i32, i64 and f32 stay). All inputs are
    broadcast to the shape of the output as in NumPy. Without stages this is a
    copy (or a broadcast, or a truncation).

    In place: `outs` may be the very same buffer as an input or stage operand
    that has its type; other overlaps are not allowed.

    Example:
    ```mlir
    %r = kernel.elementwise %a with %b outs %init {stages = [#kernel.add_f32]}
      : (tensor<4x8xf32>, tensor<8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input,
    Optional<Kernel_FixedPointBuffer>:$multiplier,
    Optional<Kernel_FixedPointBuffer>:$shift,
    Variadic<Kernel_Buffer>:$operands_, Kernel_Buffer:$init,
    UnitAttr:$input_unsigned, Kernel_StageArrayAttr:$stages);
  let assemblyFormat = [{
    $input (`scale` $multiplier^ `,` $shift)? (`with` $operands_^)?
    `outs` $init attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = destinationStyle # [{
    ::mlir::Type getInitialValueType();
    ::mlir::OperandRange getStageOperands() { return getOperands_(); }
    ::mlir::MutableOperandRange getStageOperandsMutable() { return getOperands_Mutable(); }
    bool canAppendStageOperands() { return true; }
    ::mlir::Value getChannelMultiplier() { return getMultiplier(); }
    ::mlir::Value getChannelShift() { return getShift(); }
  }];
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

def Kernel_Pool2DOp : Kernel_StagedOp<"pool_2d", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface, ["cloneRange"]>]> {
  let summary = "2-d max or average pooling";
  let description = [{
    input [N,H,W,C], out [N,OH,OW,C]. The window of output (y, x) starts at
    (y*strides[0] - padding[0], x*strides[1] - padding[2]) and is cut to the
    input (every window holds at least one element); padding = [top, bottom,
    left, right].

    * `max`: the running value is the largest element of the window.
    * `average`, integers: s the i32 sum, n the number of elements in the cut
      window: (s + n/2) / n if s > 0, else (s - n/2) / n, division toward zero.
    * `average`, f32: sum / n, the sum in row-major order.

    Integers are i8 or i16, extended to i32 (zero-extended with
    `input_unsigned`).

    Example:
    ```mlir
    %r = kernel.pool_2d max %x outs %init {
      kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      padding = array<i64: 0, 0, 0, 0>, stages = []}
      : (tensor<1x8x8x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8>
    ```
  }];
  let arguments = (ins
    Kernel_PoolKindAttr:$kind, Kernel_Buffer:$input, Kernel_Buffer:$init,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$padding, UnitAttr:$input_unsigned,
    Kernel_StageArrayAttr:$stages);
  let assemblyFormat = [{
    $kind $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_MeanOp : Kernel_StagedOp<"mean", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface, ["getRangeGranularity"]>]> {
  let summary = "sum or mean over axes";
  let description = [{
    Reduces the `axes` (sorted, distinct). The output has either the same rank
    with ones at `axes`, or lacks them.

    * Integers (i8, i16; zero-extended with `input_unsigned`): the running
      value is `initial` plus the SUM of the elements, i32, or i64 with `wide`.
      The division by the count is part of the multiplier of the
      `#kernel.requantize` stage that follows, `initial` is minus count times
      the zero point.
    * f32: the running value is the mean, sum / count.

    Example:
    ```mlir
    %r = kernel.mean %x outs %init {axes = array<i64: 1, 2>, initial = 2048 : i64,
      stages = [#kernel.requantize<multiplier = 1073741824, shift = -3, zero_point = -128>,
                #kernel.clamp<min = -128, max = 127>]}
      : (tensor<1x4x4x8xi8>, tensor<1x8xi8>) -> tensor<1x8xi8>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init, DenseI64ArrayAttr:$axes,
    DefaultValuedAttr<I64Attr, "0">:$initial, UnitAttr:$wide,
    UnitAttr:$input_unsigned, Kernel_StageArrayAttr:$stages);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_ArgMaxOp : Kernel_Op<"arg_max", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface>]> {
  let summary = "index of the first largest element along an axis";
  let description = [{
    The output is i32 or i64 and lacks the axis. Ties: the lowest index.

    Example:
    ```mlir
    %r = kernel.arg_max %x outs %init {axis = 1 : i64}
      : (tensor<1x10xi8>, tensor<1xi32>) -> tensor<1xi32>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init, I64Attr:$axis,
    UnitAttr:$input_unsigned);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_SoftmaxOp : Kernel_Op<"softmax", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface>]> {
  let summary = "softmax over the last axis, TFLite's arithmetic";
  let description = [{
    * f32: `beta` is a float; out = exp((x - max) * beta) / sum.
    * 8-bit input: `tables` = [exp], 256 i32 in Q0.31 indexed by
      d = max - x. With sum = sum of (exp[d] rounded to Q12.19: shifted right by
      12, ties away from zero), h = number of leading zero bits of sum,
      r = 1 / (1 + f) in Q0.31 (TFLite's Newton-Raphson) for f the bits after
      the leading one in Q0.31, and e = 12 - h:
      out = saturate(rdpot(doublingHighMultiply(r, exp[d]), e + 31 - 8) + min)
      with min = -128, or 0 with `output_unsigned`. The output's quantization is
      fixed to scale 1/256. Where the entries of the table are f32:
      out = saturate(roundToEven(exp[d] * 256 / sum) + min), all in float32, the
      sum in order.
    * 16-bit input: `tables` = [exp on -10...0, 1/(1+x) on 0...1], 513 i16 each,
      interpolated as in TFLite's SoftmaxInt16; `multiplier` and `shift` scale
      x - max (`double` mode) so that -65535...0 stands for -10...0. The output
      has scale 1/32768.

    Example:
    ```mlir
    %r = kernel.softmax %x outs %init {
      tables = [dense<2147483647> : tensor<256xi32>]}
      : (tensor<1x10xi8>, tensor<1x10xi8>) -> tensor<1x10xi8>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init,
    DefaultValuedAttr<F32Attr, "1.0f">:$beta,
    DefaultValuedAttr<I32Attr, "0">:$multiplier,
    DefaultValuedAttr<I32Attr, "0">:$shift,
    OptionalAttr<TypedArrayAttrBase<ElementsAttr, "array of tables">>:$tables,
    UnitAttr:$input_unsigned, UnitAttr:$output_unsigned);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

def Kernel_PadOp : Kernel_Op<"pad", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface, ["cloneRange"]>]> {
  let summary = "constant padding";
  let description = [{
    Dimension d of the output is low[d] + input dimension + high[d]; what does
    not come from the input is `value` (of the element type). With `flip` (i8)
    the top bit of every byte of the input changes on the way: signed bytes
    become unsigned ones that are larger by 128, or the reverse.

    An input with strides is the interior of the output's own memory: it stays
    where it is, and only the padding around it is written.

    Example:
    ```mlir
    %r = kernel.pad %x outs %init {low = array<i64: 0, 1, 1, 0>,
      high = array<i64: 0, 1, 1, 0>, value = -3 : i8}
      : (tensor<1x8x8x4xi8>, tensor<1x10x10x4xi8>) -> tensor<1x10x10x4xi8>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init, DenseI64ArrayAttr:$low,
    DenseI64ArrayAttr:$high, TypedAttrInterface:$value, UnitAttr:$flip);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_StridedSliceOp : Kernel_Op<"strided_slice", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface, ["cloneRange"]>]> {
  let summary = "a box of elements, at regular distances";
  let description = [{
    Element i of the output in dimension d is element
    offsets[d] + i * strides[d] of the input. Negative strides run backwards.

    Example:
    ```mlir
    %r = kernel.strided_slice %x outs %init {offsets = array<i64: 0, 0, 0, 2>,
      strides = array<i64: 1, 2, 1, 1>}
      : (tensor<1x8x8x4xi8>, tensor<1x4x8x2xi8>) -> tensor<1x4x8x2xi8>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init, DenseI64ArrayAttr:$offsets,
    DenseI64ArrayAttr:$strides);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_ConcatOp : Kernel_Op<"concat", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface>]> {
  let summary = "concatenation along an axis";
  let description = [{
    Inputs and output have one element type, and equal dimensions but `axis`.

    Example:
    ```mlir
    %r = kernel.concat %a, %b outs %init {axis = 3 : i64}
      : (tensor<1x4x4x2xi8>, tensor<1x4x4x3xi8>, tensor<1x4x4x5xi8>) -> tensor<1x4x4x5xi8>
    ```
  }];
  let arguments = (ins
    Variadic<Kernel_Buffer>:$inputs, Kernel_Buffer:$init, I64Attr:$axis);
  let assemblyFormat = [{
    $inputs `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_TransposeOp : Kernel_Op<"transpose", [
    DeclareOpInterfaceMethods<Kernel_RangedOpInterface>]> {
  let summary = "the dimensions in another order";
  let description = [{
    Dimension i of the output is dimension `permutation[i]` of the input.

    Example:
    ```mlir
    %r = kernel.transpose %x outs %init {permutation = array<i64: 0, 2, 3, 1>}
      : (tensor<1x3x8x6xi8>, tensor<1x8x6x3xi8>) -> tensor<1x8x6x3xi8>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_ResizeBilinearOp : Kernel_Op<"resize_bilinear"> {
  let summary = "bilinear resize of an NHWC image, TFLite's arithmetic";
  let description = [{
    Output positions map to the input as TFLite's ResizeBilinear does for
    `align_corners` and `half_pixel_centers`. i8 and i16: TFLite's 10-bit
    fixed-point interpolation; u8 (`input_unsigned`) and f32: float32
    interpolation, u8 rounded by adding 0.5 and truncating.

    Example:
    ```mlir
    %r = kernel.resize_bilinear %x outs %init {half_pixel_centers}
      : (tensor<1x4x4x2xi8>, tensor<1x8x8x2xi8>) -> tensor<1x8x8x2xi8>
    ```
  }];
  let arguments = (ins
    Kernel_Buffer:$input, Kernel_Buffer:$init, UnitAttr:$align_corners,
    UnitAttr:$half_pixel_centers, UnitAttr:$input_unsigned);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_ViewOp : Op<Kernel_Dialect, "view", [
    Pure, ViewLikeOpInterface]> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    On memrefs the result is an alias of the source: no data moves.

    Example:
    ```mlir
    %r = kernel.view %x : tensor<1x2x2x8xi8> to tensor<1x32xi8>
    ```
  }];
  let arguments = (ins Kernel_Buffer:$source);
  let results = (outs Kernel_Buffer:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `to` type($result)";
  let extraClassDeclaration = [{
    ::mlir::Value getViewSource() { return getSource(); }
    ::mlir::Value getViewDest() { return getResult(); }
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELOPS_TD
