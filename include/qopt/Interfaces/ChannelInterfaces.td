// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The questions that passes on float graphs ask: does an op treat channel by
// channel, can a scale or a shift of a channel move through it, what does it
// make of constants.

#ifndef QOPT_INTERFACES_CHANNELINTERFACES_TD
#define QOPT_INTERFACES_CHANNELINTERFACES_TD

include "mlir/IR/OpBase.td"

def ChannelwiseOpInterface : OpInterface<"ChannelwiseOpInterface"> {
  let description = [{
    An op of one tensor that makes each channel of its result of one channel of
    that tensor, and of all channels in the same way: moves, pools, clamps.

    A channel function f maps x in channel c to factors[c] * x + offsets[c].
    The op commutes with f if some op of its kind, called op', has

        f(op(x)) = op'(f(x))

    for all x. For all ops but pad, op' is op.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<"The operand that has the channels.",
      "::mlir::OpOperand &", "getChannelwiseOperand", (ins), [{}], [{
        return $_op->getOpOperand(0);
      }]>,
    InterfaceMethod<[{
        Where the operand's channels are in the result; failure if they do not
        lie along one dimension there.
      }],
      "::llvm::FailureOr<::qopt::ChannelMap>", "mapChannels",
      (ins "const ::qopt::ChannelMap &":$channels), [{}], [{
        return channels;
      }]>,
    InterfaceMethod<"Whether the op commutes with a channel function.",
      "bool", "commutesWith", (ins "const ::qopt::ChannelFunction &":$function)>,
    InterfaceMethod<"Turns the op, which commutes with it, into op'.",
      "void", "commuteWith", (ins "const ::qopt::ChannelFunction &":$function),
      [{}], [{ return; }]>,
    InterfaceMethod<[{
        What the op makes of a channel that is the same number everywhere;
        nothing if that is not one number.
      }],
      "::std::optional<double>", "mapConstant", (ins "double":$value)>
  ];
}

def ChannelFunctionOpInterface : OpInterface<"ChannelFunctionOpInterface"> {
  let description = [{
    An op that may be a channel function: batch normalization, and arithmetic
    with a constant that has one number a channel.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<[{
        The function and the operand that it is applied to; failure if the op is
        none, or its constants are not known. What a fused activation does to
        the result is no part of it.
      }],
      "::llvm::FailureOr<::qopt::AppliedChannelFunction>", "getChannelFunction">
  ];
}

def EvaluableOpInterface : OpInterface<"EvaluableOpInterface"> {
  let description = [{
    An op on f32 tensors that can be computed at compile time, in the arithmetic
    that it has at run time.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<[{
        Computes the result from the operands, all in row-major order. Fails if
        the op does not know how for these operands or attributes.
      }],
      "::llvm::LogicalResult", "evaluateFloats",
      (ins "::llvm::ArrayRef<::llvm::ArrayRef<float>>":$operands,
           "::llvm::MutableArrayRef<float>":$result)>
  ];
}

#endif // QOPT_INTERFACES_CHANNELINTERFACES_TD
