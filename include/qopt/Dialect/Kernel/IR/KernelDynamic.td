// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantization by the range that a tensor has at run time: the kernels that find
// scale and zero point, and the stages that use them.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELDYNAMIC_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELDYNAMIC_TD

include "qopt/Dialect/Kernel/IR/KernelAttributes.td"
include "qopt/Dialect/Kernel/IR/KernelOps.td"

def Kernel_DynamicRangeOp : Kernel_Op<"dynamic_range"> {
  let summary = "least and greatest element, and 0";
  let description = [{
    ```
    outs[0] = min(0, least element)
    outs[1] = max(0, greatest element)
    ```
    Elements that are not numbers are passed over; the order does not matter.

    Example:
    ```mlir
    %r = kernel.dynamic_range %x outs %init
      : (tensor<1x16xf32>, tensor<2xf32>) -> tensor<2xf32>
    ```
  }];
  let arguments = (ins Kernel_Buffer:$input, Kernel_Buffer:$init);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_DynamicParameterOp : Kernel_Op<"dynamic_parameter"> {
  let summary = "scale or zero point of a range, 8 bits";
  let description = [{
    ```
    S = (range[1] - range[0]) / 255, or 1 if that is 0
    Z = clamp(roundToEven(-128 - range[0] / S), -128, 127)
    ```
    in float32, each step one operation. An output of f32 holds S, one of i32
    holds Z.

    Example:
    ```mlir
    %s = kernel.dynamic_parameter %range outs %init
      : (tensor<2xf32>, tensor<1xf32>) -> tensor<1xf32>
    ```
  }];
  let arguments = (ins Kernel_Buffer:$range, Kernel_Buffer:$init);
  let assemblyFormat = [{
    $range `outs` $init attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_DynamicQuantizeAttr : Kernel_Attr<"DynamicQuantize",
    "dynamic_quantize",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["getNumStageOperands", "getValueRange",
                                  "getWithResultOffset"]>]> {
  let summary = "v = clamp(roundToEven(v / S) + Z, -128, 127) + offset, f32 to i32";
  let description = [{
    The stage operands are S (f32) and Z (i32, in -128...127). The division is
    one float32 division. Infinities give -128 or 127, a quotient that is not a
    number gives -128.

    Example: `#kernel.dynamic_quantize<>`
  }];
  let parameters = (ins Kernel_I32Parameter<"added at last">:$offset);
  let extraClassDefinition = [{
    unsigned $cppClass::getNumStageOperands() const { return 2; }
  }];
}

def Kernel_SubProductAttr : Kernel_Attr<"SubProduct", "sub_product",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["getNumStageOperands"]>]> {
  let summary = "v = v - r * t, with stage operands r and t";
  let description = [{
    i32 to i32: takes off what a zero point that is found at run time has added
    to a sum of products with weights whose sum is known.

    Example: `#kernel.sub_product`
  }];
  let parameters = (ins);
  let assemblyFormat = "";
  let extraClassDefinition = [{
    unsigned $cppClass::getNumStageOperands() const { return 2; }
  }];
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELDYNAMIC_TD
