//===- Convolutions.cpp - CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV ------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions with explicit padding. The number of groups is not in the file:
// it follows from the channels of input and filter.
//
//===----------------------------------------------------------------------===//

#include "LinearOperands.h"
#include "Padding.h"
#include "Registry.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

/// Height and width of a filter, which both operators keep in the middle.
static mlir::FailureOr<std::array<int64_t, 2>>
getKernel(const OperatorImporter &op, mlir::RankedTensorType filter) {
  if (filter.getRank() != 4)
    return op.error() << "expected a filter of rank 4, found rank "
                      << filter.getRank();
  return std::array<int64_t, 2>{filter.getDimSize(1), filter.getDimSize(2)};
}

namespace {
/// What the two operators have in common.
struct Convolution {
  LinearOperands operands;
  nn::Activation activation;
  Window window;
};
} // namespace

template <typename Options>
static mlir::FailureOr<Convolution>
getConvolution(OperatorImporter &op, LinearKind kind, const Options &options,
               schema::TensorType biasType = schema::TensorType::FLOAT32) {
  auto operands = getLinearOperands(op, kind, biasType);
  if (failed(operands))
    return failure();
  auto kernel = getKernel(op, operands->filterType);
  auto activation = op.getActivation(options.fused_activation_function());
  if (failed(kernel) || failed(activation))
    return failure();
  auto window =
      getWindow(op, operands->inputType, options.padding(), *kernel,
                {options.stride_h(), options.stride_w()},
                {options.dilation_h_factor(), options.dilation_w_factor()});
  if (failed(window))
    return failure();
  return Convolution{*operands, *activation, *window};
}

static LogicalResult importConv2D(OperatorImporter &op) {
  auto options = op.getOptions<schema::Conv2DOptions>();
  if (failed(options))
    return failure();
  auto convolution = getConvolution(op, LinearKind::Convolution, **options,
                                    (*options)->quantized_bias_type());
  if (failed(convolution))
    return failure();
  auto &[operands, activation, window] = *convolution;
  int64_t channels = operands.inputType.getDimSize(3);
  int64_t groupChannels = operands.filterType.getDimSize(3);
  if (channels % groupChannels != 0)
    return op.error() << "the filter's " << groupChannels
                      << " input channels do not divide the input's "
                      << channels;
  return op.setOutput(nn::Conv2DOp::create(
      op.builder, op.loc, operands.resultType, operands.input, operands.filter,
      operands.bias, window.strides, window.dilations, window.padding,
      channels / groupChannels, activation, operands.rounding,
      operands.f32ScaleProduct));
}

static LogicalResult importDepthwiseConv2D(OperatorImporter &op) {
  auto options = op.getOptions<schema::DepthwiseConv2DOptions>();
  if (failed(options))
    return failure();
  auto convolution = getConvolution(op, LinearKind::Depthwise, **options);
  if (failed(convolution))
    return failure();
  auto &[operands, activation, window] = *convolution;
  return op.setOutput(nn::DepthwiseConv2DOp::create(
      op.builder, op.loc, operands.resultType, operands.input, operands.filter,
      operands.bias, window.strides, window.dilations, window.padding,
      activation, operands.rounding, operands.f32ScaleProduct));
}

/// The padding is that of the convolution from the result to the input; what
/// the windows do not fill of the result is padding below zero.
static LogicalResult importTransposeConv(OperatorImporter &op) {
  auto options = op.getOptions<schema::TransposeConvOptions>();
  if (failed(options))
    return failure();
  auto operands = getLinearOperands(op, LinearKind::Transposed,
                                    (*options)->quantized_bias_type());
  if (failed(operands))
    return failure();
  auto kernel = getKernel(op, operands->filterType);
  auto activation = op.getActivation((*options)->fused_activation_function());
  if (failed(kernel) || failed(activation))
    return failure();
  auto shape = op.getIntegers(0, "result's shape");
  if (failed(shape))
    return failure();
  if (operands->resultType.getShape() != llvm::ArrayRef<int64_t>(*shape))
    return op.error() << "the result's shape in input 0 is not that of the "
                         "result's tensor";
  auto window =
      getWindow(op, operands->resultType, (*options)->padding(), *kernel,
                {(*options)->stride_h(), (*options)->stride_w()});
  if (failed(window))
    return failure();
  if (operands->inputType.getRank() != 4)
    return op.error() << "expected an input of rank 4 (NHWC), found rank "
                      << operands->inputType.getRank();
  for (unsigned i : {0, 1}) {
    int64_t reached =
        (operands->inputType.getDimSize(1 + i) - 1) * window->strides[i] +
        (*kernel)[i];
    window->padding[2 * i + 1] = reached - window->padding[2 * i] -
                                 operands->resultType.getDimSize(1 + i);
  }
  return op.setOutput(nn::TransposeConv2DOp::create(
      op.builder, op.loc, operands->resultType, operands->input,
      operands->filter, operands->bias, window->strides, window->dilations,
      window->padding, /*groups=*/1, *activation, operands->rounding,
      operands->f32ScaleProduct));
}

void tflite::populateConvolutions(Registry &registry) {
  registry[schema::BuiltinOperator::CONV_2D] = importConv2D;
  registry[schema::BuiltinOperator::DEPTHWISE_CONV_2D] = importDepthwiseConv2D;
  registry[schema::BuiltinOperator::TRANSPOSE_CONV] = importTransposeConv;
}
