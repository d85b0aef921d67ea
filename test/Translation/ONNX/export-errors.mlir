// What .onnx cannot say is an error that names the op, all of them at once.
// RUN: qopt-translate --export-onnx --split-input-file --verify-diagnostics -o /dev/null %s

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!a = tensor<1x4x4x1x!quant.uniform<i32:f32, 0.125>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
func.func @accumulator(%x: !x) -> !a {
  %w = nn.constant dense<1> : tensor<1x1x1x1xi8> -> !w
  // expected-error @+1 {{'nn.conv_2d' op cannot be exported to .onnx: its result is an accumulator; quantize with --profile=onnxruntime, or export before phase 'integer'}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> !a
  return %y : !a
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
func.func @weights(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{'nn.conv_2d' op cannot be exported to .onnx: its filter is not constant}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> !x
  return %y : !x
}

// -----

!a = tensor<1x4x!quant.uniform<i32<-1073741824:1073741824>:f32, 0.125>>
!x = tensor<1x4x!quant.uniform<i8:f32, 0.5:-3>>
func.func @several(%a: !a, %x: !x, %z: tensor<1x4xi32>) -> (!x, !x) {
  // expected-error @+1 {{'nn.residual_add' op cannot be exported to .onnx: it has no counterpart; quantize with --profile=onnxruntime, or export before phase 'integer'}}
  %y = nn.residual_add %a, %x : (!a, !x) -> !x
  // expected-error @+1 {{'quant.apply_multiplier' op cannot be exported to .onnx: it has no counterpart}}
  %0 = quant.apply_multiplier %z {multiplier = #quant.multiplier<[1073741824], [0]>, rounding = #quant.rounding<double>} : tensor<1x4xi32> to !x
  return %y, %0 : !x, !x
}

// -----

!w = tensor<2x4x!quant.uniform<i8:f32:{0:1, 1:2}, {{0.5, 0.25}, {0.125, 1.0}}>>
func.func @blocks(%x: tensor<2x4xf32>) -> !w {
  // expected-error @+1 {{'quant.qcast' op cannot be exported to .onnx: expected one scale for a tensor or a channel, found 'tensor<2x4x!quant.uniform}}
  %0 = quant.qcast %x : tensor<2x4xf32> to !w
  return %0 : !w
}

// -----

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5:-3>>
func.func @plain_integers(%x: !x) -> tensor<1x4xi8> {
  // expected-error @+1 {{'quant.scast' op cannot be exported to .onnx: stored integers are used as plain numbers; export before phase 'integer'}}
  %0 = quant.scast %x : !x to tensor<1x4xi8>
  return %0 : tensor<1x4xi8>
}

// -----

// expected-error @+1 {{expected one function to export, found 0}}
module {
}

// -----

!w = tensor<1x2x!quant.uniform<i8:f32, 0.25>>
func.func @stored_weights(%x: tensor<1x2xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = nn.constant dense<[[1, 2]]> : tensor<1x2xi8> -> !w
  // expected-error @+1 {{'nn.fully_connected' op cannot be exported to .onnx: its input is quantized by the range that it has at run time}}
  %0 = nn.fully_connected %x, %w {dynamic_input} : (tensor<1x2xf32>, !w) -> tensor<1x1xf32>
  // expected-error @+1 {{'nn.fully_connected' op cannot be exported to .onnx: it multiplies floats by stored weights; export before phase 'cleanup', where these are dequantized}}
  %1 = nn.fully_connected %x, %w : (tensor<1x2xf32>, !w) -> tensor<1x1xf32>
  return %0, %1 : tensor<1x1xf32>, tensor<1x1xf32>
}
