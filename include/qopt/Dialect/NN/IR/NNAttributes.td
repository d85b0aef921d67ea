// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fused activation and the attribute constraints that the ops share.

#ifndef QOPT_DIALECT_NN_IR_NNATTRIBUTES_TD
#define QOPT_DIALECT_NN_IR_NNATTRIBUTES_TD

include "qopt/Dialect/NN/IR/NNDialect.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/EnumAttr.td"

def NN_Activation : I32EnumAttr<"Activation",
    "a clamp that ends an op", [
      I32EnumAttrCase<"None", 0, "none">,
      I32EnumAttrCase<"Relu", 1, "relu">,
      I32EnumAttrCase<"Relu6", 2, "relu6">,
      I32EnumAttrCase<"ReluN1To1", 3, "relu_n1_to_1">
    ]> {
  let cppNamespace = "::qopt::nn";
  let genSpecializedAttr = 0;
}

def NN_ActivationAttr : EnumAttr<NN_Dialect, NN_Activation, "activation"> {
  let summary = "a clamp that ends an op";
  let description = [{
    | case | clamps to |
    |---|---|
    | `none` | all reals |
    | `relu` | [0, inf) |
    | `relu6` | [0, 6] |
    | `relu_n1_to_1` | [-1, 1] |

    On a quantized tensor the bounds are stored values: Z + round(bound / S),
    the quotient in float32, ties away from zero, cut to the storage range.

    Example:

    ```mlir
    #relu6 = #nn.activation<relu6>
    ```
  }];
  let assemblyFormat = "`<` $value `>`";
}

def NN_OptionalActivation
    : DefaultValuedAttr<NN_ActivationAttr, "::qopt::nn::Activation::None">;

/// The methods of ActivationFusableOpInterface for an op with an `activation`.
defvar NN_FusedActivationMethods = [{
  ::qopt::RealInterval $cppClass::getFusedInterval() {
    return ::qopt::nn::getActivationInterval(getActivation());
  }
  ::llvm::LogicalResult
  $cppClass::setFusedInterval(::qopt::RealInterval interval) {
    auto activation = ::qopt::nn::getActivation(interval);
    if (!activation)
      return ::llvm::failure();
    setActivation(*activation);
    return ::llvm::success();
  }
}];

/// `#quant.rounding`, by its C++ class: the mode of every requantization that
/// the op contains.
def NN_RoundingAttr
    : Attr<CPred<"::llvm::isa<::qopt::quant::RoundingModeAttr>($_self)">,
           "rounding mode attribute"> {
  let storageType = "::qopt::quant::RoundingModeAttr";
  let returnType = "::qopt::quant::RoundingMode";
  let convertFromStorage = "$_self.getValue()";
  let constBuilderCall =
      "::qopt::quant::RoundingModeAttr::get($_builder.getContext(), $0)";
}

def NN_OptionalRounding
    : DefaultValuedAttr<NN_RoundingAttr, "::qopt::quant::RoundingMode::Double">;

class NN_DefaultArray<string value>
    : DefaultValuedAttr<DenseI64ArrayAttr, value>;
def NN_Strides : NN_DefaultArray<"{1, 1}">;
def NN_Dilations : NN_DefaultArray<"{1, 1}">;
def NN_Padding : NN_DefaultArray<"{0, 0, 0, 0}">;

#endif // QOPT_DIALECT_NN_IR_NNATTRIBUTES_TD
