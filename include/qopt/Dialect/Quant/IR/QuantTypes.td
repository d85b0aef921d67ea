// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The quantized types. Parameters and builders have the names and the order of
// MLIR's own quant dialect, so that code moves over by changing a namespace.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTTYPES_TD
#define QOPT_DIALECT_QUANT_IR_QUANTTYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "qopt/Dialect/Quant/IR/QuantDialect.td"
include "qopt/Dialect/Quant/IR/QuantTypeInterfaces.td"

class Quant_Type<string name, string type>
    : TypeDef<Quant_Dialect, name, [Quant_QuantizedTypeInterface]> {
  let typeName = type;
  let genVerifyDecl = 1;
  let skipDefaultBuilders = 1;
}

def Quant_AnyType : Quant_Type<"AnyQuantized", "quant.any"> {
  let summary = "stored integers whose relation to reals is not known";
  let description = [{
    ```
    any          ::= `!quant.any` `<` storage (`:` float-type)? `>`
    storage      ::= storage-type (`<` integer `:` integer `>`)?
    storage-type ::= (`i` | `u`) width            // 1 <= width <= 32
    ```

    Constraints:

    - the storage range lies inside the range of the storage type, and its
      minimum is less than its maximum.

    Example:

    ```mlir
    !any = !quant.any<i8<-8:7>:f32>
    ```
  }];
  let parameters = (ins
    "unsigned":$flags,
    "::mlir::IntegerType":$storageType,
    "::mlir::FloatType":$expressedType,
    "int64_t":$storageTypeMin,
    "int64_t":$storageTypeMax);
  let builders = [
    TypeBuilderWithInferredContext<(ins "unsigned":$flags,
        "::mlir::IntegerType":$storageType,
        "::mlir::FloatType":$expressedType, "int64_t":$storageTypeMin,
        "int64_t":$storageTypeMax), [{
      return $_get(storageType.getContext(), flags, storageType, expressedType,
                   storageTypeMin, storageTypeMax);
    }]>
  ];
}

def Quant_UniformType : Quant_Type<"UniformQuantized", "quant.uniform"> {
  let summary = "one scale and zero point for a whole tensor";
  let description = [{
    ```
    uniform ::= `!quant.uniform` `<` storage `:` float-type `,`
                scale (`:` zero-point)? `>`
    ```

    The stored integer `q` stands for the real `scale * (q - zero_point)`. A
    scale is kept as a double, whatever the expressed type.

    Constraints:

    - those of `!quant.any` on storage;
    - the scale is finite, positive, and within the range of the expressed type;
    - the zero point lies inside the storage range, so real 0 is exact.

    Example:

    ```mlir
    !weight = !quant.uniform<i8<-127:127>:f32, 0.0078125>
    !activation = !quant.uniform<u8:f32, 0.5:128>
    ```
  }];
  let parameters = (ins
    "unsigned":$flags,
    "::mlir::IntegerType":$storageType,
    "::mlir::FloatType":$expressedType,
    APFloatParameter<"the distance of neighbouring reals">:$scaleValue,
    "int64_t":$zeroPoint,
    "int64_t":$storageTypeMin,
    "int64_t":$storageTypeMax);
  let builders = [
    TypeBuilderWithInferredContext<(ins "unsigned":$flags,
        "::mlir::IntegerType":$storageType,
        "::mlir::FloatType":$expressedType, "double":$scale,
        "int64_t":$zeroPoint, "int64_t":$storageTypeMin,
        "int64_t":$storageTypeMax), [{
      return $_get(storageType.getContext(), flags, storageType, expressedType,
                   ::llvm::APFloat(scale), zeroPoint, storageTypeMin,
                   storageTypeMax);
    }]>
  ];
  let extraClassDeclaration = [{
    double getScale() const { return getScaleValue().convertToDouble(); }

    /// Signed with zero point 0: a fixed-point number.
    bool isFixedPoint() const { return isSigned() && getZeroPoint() == 0; }
  }];
}

def Quant_UniformPerAxisType
    : Quant_Type<"UniformQuantizedPerAxis", "quant.uniform_per_axis"> {
  let summary = "a scale and zero point for each index of one axis";
  let description = [{
    ```
    per-axis ::= `!quant.uniform` `<` storage `:` float-type `:` axis `,`
                 `{` parameter (`,` parameter)* `}` `>`
    parameter ::= scale (`:` zero-point)?
    ```

    An element whose index along `axis` is `c` uses parameter `c`.

    Constraints:

    - those of the per-tensor form on storage and on each scale and zero point;
    - the axis is not negative, and there are as many zero points as scales, at
      least one;
    - wherever an operation of this dialect uses the type, it is the element
      type of a tensor; when that has a rank, the rank exceeds the axis and a
      static size along it equals the number of scales.

    Example:

    ```mlir
    !weights = tensor<3x4x!quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25, 0.125}>>
    ```
  }];
  let parameters = (ins
    "unsigned":$flags,
    "::mlir::IntegerType":$storageType,
    "::mlir::FloatType":$expressedType,
    "::mlir::DenseF64ArrayAttr":$scaleValues,
    ArrayRefParameter<"int64_t">:$zeroPoints,
    "int32_t":$quantizedDimension,
    "int64_t":$storageTypeMin,
    "int64_t":$storageTypeMax);
  let builders = [
    TypeBuilderWithInferredContext<(ins "unsigned":$flags,
        "::mlir::IntegerType":$storageType,
        "::mlir::FloatType":$expressedType,
        "::llvm::ArrayRef<double>":$scales,
        "::llvm::ArrayRef<int64_t>":$zeroPoints, "int32_t":$quantizedDimension,
        "int64_t":$storageTypeMin, "int64_t":$storageTypeMax), [{
      auto *context = storageType.getContext();
      return $_get(context, flags, storageType, expressedType,
                   ::mlir::DenseF64ArrayAttr::get(context, scales), zeroPoints,
                   quantizedDimension, storageTypeMin, storageTypeMax);
    }]>
  ];
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<double> getScales() const {
      return getScaleValues().asArrayRef();
    }

    /// Signed with all zero points 0.
    bool isFixedPoint() const {
      return isSigned() && ::llvm::all_of(getZeroPoints(),
                                          [](int64_t z) { return z == 0; });
    }
  }];
}

def Quant_UniformSubChannelType
    : Quant_Type<"UniformQuantizedSubChannel", "quant.uniform_sub_channel"> {
  let summary = "a scale and zero point for each block of a tensor";
  let description = [{
    ```
    sub-channel ::= `!quant.uniform` `<` storage `:` float-type `:` blocks `,`
                    nested `>`
    blocks      ::= `{` (axis `:` size (`,` axis `:` size)*)? `}`
    nested      ::= `{` nested (`,` nested)* `}`
                  | `{` parameter (`,` parameter)* `}`
    ```

    The element at index `i` uses the parameter at `i[d] / size[d]` for every
    axis `d`; an axis that is not listed is one block. Scales are kept in the
    expressed type, zero points in the storage type.

    Constraints:

    - those of the per-tensor form on storage and on each scale and zero point;
    - axes are not negative and each is listed once; block sizes are positive;
    - scales and zero points have one shape;
    - wherever an operation of this dialect uses the type, it is the element
      type of a ranked tensor with as many axes as the scales have, and each
      size is the number of blocks times the block size.

    Example:

    ```mlir
    !blocks = tensor<2x4x!quant.uniform<u8:f32:{0:1, 1:2}, {{2.0:120, 3.0:127}, {4.0, 5.0}}>>
    ```
  }];
  let parameters = (ins
    "unsigned":$flags,
    "::mlir::IntegerType":$storageType,
    "::mlir::FloatType":$expressedType,
    "::mlir::DenseElementsAttr":$scales,
    "::mlir::DenseElementsAttr":$zeroPoints,
    ArrayRefParameter<"int32_t">:$quantizedDimensions,
    ArrayRefParameter<"int64_t">:$blockSizes,
    "int64_t":$storageTypeMin,
    "int64_t":$storageTypeMax);
  let builders = [
    TypeBuilderWithInferredContext<(ins "unsigned":$flags,
        "::mlir::IntegerType":$storageType,
        "::mlir::FloatType":$expressedType, "::mlir::DenseElementsAttr":$scales,
        "::mlir::DenseElementsAttr":$zeroPoints,
        "::llvm::ArrayRef<int32_t>":$quantizedDimensions,
        "::llvm::ArrayRef<int64_t>":$blockSizes, "int64_t":$storageTypeMin,
        "int64_t":$storageTypeMax), [{
      return $_get(storageType.getContext(), flags, storageType, expressedType,
                   scales, zeroPoints, quantizedDimensions, blockSizes,
                   storageTypeMin, storageTypeMax);
    }]>
  ];
  let extraClassDeclaration = [{
    /// The zero point of block `index` (row-major), read with the storage's
    /// signedness.
    int64_t getZeroPoint(int64_t index) const;

    /// Pairs of an axis and its block size, in the order of the text.
    ::llvm::SmallVector<std::pair<int32_t, int64_t>> getBlockSizeInfo() const {
      return ::llvm::to_vector(
          ::llvm::map_range(::llvm::zip(getQuantizedDimensions(),
                                        getBlockSizes()),
                            [](auto pair) {
                              return std::pair<int32_t, int64_t>(
                                  std::get<0>(pair), std::get<1>(pair));
                            }));
    }
  }];
}

def Quant_CalibratedType : Quant_Type<"CalibratedQuantized", "quant.calibrated"> {
  let summary = "a real range that was observed, not yet quantized";
  let description = [{
    ```
    calibrated ::= `!quant.calibrated` `<` float-type `<` min `:` max `>` `>`
    ```

    Constraints:

    - both bounds are finite and the minimum is less than the maximum.

    Example:

    ```mlir
    !range = !quant.calibrated<f32<-0.998:1.2321>>
    ```
  }];
  let parameters = (ins
    "::mlir::FloatType":$expressedType,
    APFloatParameter<"the least real value">:$minValue,
    APFloatParameter<"the greatest real value">:$maxValue);
  let builders = [
    TypeBuilderWithInferredContext<(ins "::mlir::FloatType":$expressedType,
        "double":$min, "double":$max), [{
      return $_get(expressedType.getContext(), expressedType,
                   ::llvm::APFloat(min), ::llvm::APFloat(max));
    }]>
  ];
  let extraClassDeclaration = [{
    double getMin() const { return getMinValue().convertToDouble(); }
    double getMax() const { return getMaxValue().convertToDouble(); }

    // It has no storage yet.
    unsigned getFlags() const { return 0; }
    ::mlir::IntegerType getStorageType() const { return nullptr; }
    int64_t getStorageTypeMin() const { return 0; }
    int64_t getStorageTypeMax() const { return 0; }
  }];
}

#endif // QOPT_DIALECT_QUANT_IR_QUANTTYPES_TD
