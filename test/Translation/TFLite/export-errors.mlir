// What a .tflite file or its kernels cannot say is an error that names the op.
// RUN: qopt-translate --export-tflite --split-input-file --verify-diagnostics -o /dev/null %s

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
func.func @conv_2d_rounding(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{'nn.conv_2d' op cannot be exported to .tflite: rounding 'single' is not the kernel's, expected 'double'}}
  %y = nn.conv_2d %x, %w {rounding = #quant.rounding<single>} : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<4x4x!quant.uniform<i8:f32, 0.25>>
func.func @fully_connected_rounding(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{rounding 'double' is not the kernel's, expected 'real'}}
  %y = nn.fully_connected %x, %w : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
func.func @signed_scale_product(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{the op rounds the product of the scales to float32, the kernel does not}}
  %y = nn.conv_2d %x, %w {f32_scale_product} : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<u8:f32, 0.5:3>>
!w = tensor<1x1x1x1x!quant.uniform<u8:f32, 0.25>>
func.func @unsigned_scale_product(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{the kernel rounds the product of the scales to float32, the op does not}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:3>>
!w = tensor<1x1x1x1x!quant.uniform<u8:f32, 0.25>>
func.func @mixed_signs(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{no kernel takes 'tensor<1x4x4x1x!quant.uniform<i8:f32, 5.000000e-01:3>>' and 'tensor<1x1x1x1x!quant.uniform<u8:f32, 2.500000e-01>>' to}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:3>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
func.func @wide_bias(%x: !x, %w: !w) -> !x {
  %b = nn.constant dense<1> : tensor<1xi64>
  // expected-error @+1 {{no kernel takes a bias of type 'tensor<1xi64>' with an input of type}}
  %y = nn.conv_2d %x, %w, %b : (!x, !w, tensor<1xi64>) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25:4>>
func.func @weights_zero_point(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{the weights have zero point 4, expected 0}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x2x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<2x1x1x2x!quant.uniform<i8:f32:0, {0.25, 0.5:1}>>
func.func @channel_zero_point(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{the weights have zero point 1 in channel 1, expected 0}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x2x!quant.uniform<u8:f32, 0.5:3>>
!w = tensor<2x1x1x2x!quant.uniform<u8:f32:0, {0.25, 0.5}>>
func.func @unsigned_channels(%x: !x, %w: !w) -> !x {
  // expected-error @+1 {{no kernel takes unsigned weights with a scale per channel}}
  %y = nn.conv_2d %x, %w {f32_scale_product} : (!x, !w) -> !x
  return %y : !x
}

// -----

!x = tensor<1x4x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
func.func @accumulator(%x: !x, %w: !w) -> tensor<1x4x4x1xi32> {
  // expected-error @+1 {{the result is an accumulator ('tensor<1x4x4x1xi32>'); export before phase 'integer'}}
  %y = nn.conv_2d %x, %w : (!x, !w) -> tensor<1x4x4x1xi32>
  return %y : tensor<1x4x4x1xi32>
}

// -----

!x = tensor<1x6x6x1x!quant.uniform<i8:f32, 0.5:-3>>
!y = tensor<1x3x3x1x!quant.uniform<i8:f32, 0.5:-3>>
func.func @average_pool_padding(%x: !x) -> !y {
  // expected-error @+1 {{padding (top, bottom, left, right) 1, 1, 1, 1 is not expressible, expected none (VALID) or 0, 1, 0, 1 (SAME)}}
  %y = nn.average_pool_2d %x {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (!x) -> !y
  return %y : !y
}

// -----

func.func @two_without_counterpart(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = nn.constant dense<1.0> : tensor<4xf32>
  // expected-error @+1 {{'nn.batch_norm' op cannot be exported to .tflite: the op has no counterpart}}
  %y = nn.batch_norm %x, %c, %c, %c, %c : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // expected-error @+1 {{'nn.batch_norm' op cannot be exported to .tflite: the op has no counterpart}}
  %z = nn.batch_norm %y, %c, %c, %c, %c : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

func.func @clip(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{no operator clamps to [-2.000000e+00, 1.000000e+00], expected [0, inf], [0, 6] or [-1, 1]}}
  %y = nn.clip %x {min = -2.0 : f64, max = 1.0 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @beta(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{beta is no float32, which is what the format has}}
  %y = nn.softmax %x {beta = 0.1 : f64} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

func.func @scale(%x: tensor<1x4xf32>) -> tensor<1x4x!quant.uniform<i8:f32, 0.1>> {
  // expected-error @+1 {{scale 0.10000000000000001 is no float32, which is what the format has; quantize with float32 scales (profile tflite)}}
  %y = quant.qcast %x : tensor<1x4xf32> to tensor<1x4x!quant.uniform<i8:f32, 0.1>>
  return %y : tensor<1x4x!quant.uniform<i8:f32, 0.1>>
}

// -----

!q = tensor<1x4x!quant.uniform<i8<-127:127>:f32, 0.5>>
func.func @narrow(%x: tensor<1x4xf32>) -> (!q {nn.name = "q"}) {
  // expected-error @+1 {{tensor 'q': the storage range of !quant.uniform<i8<-127:127>:f32, 5.000000e-01> is narrow, expected the whole range -128:127 on a tensor that is not constant}}
  %y = quant.qcast %x : tensor<1x4xf32> to !q
  return %y : !q
}

// -----

!q = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
func.func @qcast_rounding(%x: tensor<1x4xf32>) -> !q {
  // expected-error @+1 {{rounding 'float' is not the kernel's, expected 'double'}}
  %y = quant.qcast %x {rounding = #quant.rounding<float>} : tensor<1x4xf32> to !q
  return %y : !q
}

// -----

!q = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
func.func @requantize_rounding(%x: !q) -> !q {
  // expected-error @+1 {{rounding 'single' is not the kernel's, expected 'double'}}
  %y = quant.requantize %x {rounding = #quant.rounding<single>} : !q to !q
  return %y : !q
}

// -----

!q = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
func.func @requantize_clamp(%x: !q) -> !q {
  // expected-error @+1 {{QUANTIZE does not clamp, found a clamp to 0:127}}
  %y = quant.requantize %x {rounding = #quant.rounding<double>, min = 0} : !q to !q
  return %y : !q
}

// -----

!q = tensor<1x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>
func.func @qcast_channels(%x: tensor<1x2xf32>) -> !q {
  // expected-error @+1 {{QUANTIZE has no kernel for 'tensor<1x2x!quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01}>>', expected 8, 16 or 32 bits and one scale}}
  %y = quant.qcast %x : tensor<1x2xf32> to !q
  return %y : !q
}

// -----

!q = tensor<1x2x!quant.uniform<i32:f32, 0.5>>
func.func @dcast_wide(%x: !q) -> tensor<1x2xf32> {
  // expected-error @+1 {{DEQUANTIZE has no kernel for 'tensor<1x2x!quant.uniform<i32:f32, 5.000000e-01>>', expected at most 16 bits}}
  %y = quant.dcast %x : !q to tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!q = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
func.func @plain_integers(%x: !q) -> tensor<1x4xi8> {
  // expected-error @+1 {{stored integers are used as plain numbers; export before phase 'integer'}}
  %y = quant.scast %x : !q to tensor<1x4xi8>
  return %y : tensor<1x4xi8>
}

// -----

!q = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
func.func @from_plain_integers(%x: tensor<1x4xi8>) -> !q {
  // expected-error @+1 {{plain integers cannot become quantized values}}
  %y = quant.scast %x : tensor<1x4xi8> to !q
  return %y : !q
}

// -----

!a = tensor<1x2x1x2x1x2xf32>
!b = tensor<1xf32>
func.func @broadcast(%a: !a, %b: !b) -> !a {
  // expected-error @+1 {{broadcasting in rank 6 is not supported by the kernel, expected at most 4}}
  %y = nn.add %a, %b : (!a, !b) -> !a
  return %y : !a
}

// -----

!a = tensor<1x2x1x2x1x2xf32>
!b = tensor<1x2x1x2x1x3xf32>
func.func @pad(%a: !a) -> !b {
  // expected-error @+1 {{a border in rank 6 is not supported by the kernel, expected at most 5}}
  %y = nn.pad %a {low = array<i64: 0, 0, 0, 0, 0, 0>, high = array<i64: 0, 0, 0, 0, 0, 1>} : (!a) -> !b
  return %y : !b
}

// -----

func.func @concat_activation(%a: tensor<1x2xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{a fused activation is not supported, expected 'none'}}
  %y = nn.concat %a, %a {axis = 1 : i64, activation = #nn.activation<relu>} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

func.func @mean_of_nothing(%a: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{a mean over no dimension has no counterpart}}
  %y = nn.mean %a {axes = array<i64>} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// expected-error @+1 {{tensor 'input_0': element type i1 has no counterpart, expected f32, a quantized type or i4, i8, i16, i32, i64}}
func.func @booleans(%a: tensor<1x2xi1>) -> tensor<2xi1> {
  %y = nn.reshape %a : (tensor<1x2xi1>) -> tensor<2xi1>
  return %y : tensor<2xi1>
}

// -----

// expected-error @+1 {{tensor 'input_0': storage type !quant.uniform<u4:f32, 5.000000e-01> has no counterpart, expected i4, i8, u8, i16 or i32}}
func.func @storage(%a: tensor<1x2x!quant.uniform<u4:f32, 0.5>>) -> tensor<1x2xf32> {
  %y = quant.dcast %a : tensor<1x2x!quant.uniform<u4:f32, 0.5>> to tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// expected-error @+1 {{expected a function with arguments and results to export, found '() -> tensor<1xf32>'}}
func.func @no_argument() -> tensor<1xf32> {
  %y = nn.constant dense<1.0> : tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

// expected-error @+1 {{expected one function to export, found 2}}
module {
  func.func @a(%a: tensor<1xf32>) -> tensor<1xf32> {
    return %a : tensor<1xf32>
  }
  func.func @b(%a: tensor<1xf32>) -> tensor<1xf32> {
    return %a : tensor<1xf32>
  }
}

// -----

func.func @missing_data(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %c = nn.constant dense_resource<absent> : tensor<1x4xf32>
  // expected-error @+1 {{the elements of a constant are not at hand: 'tensor<1x4xf32>'}}
  %y = nn.add %x, %c : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

func.func @too_large(%x: tensor<1x4xf32>) -> tensor<1x800000000xf32> {
  %c = nn.constant dense<0.0> : tensor<1x799999996xf32>
  // expected-error @+1 {{the constants take more than the 2 GiB that a file can hold}}
  %y = nn.concat %x, %c {axis = 1 : i64} : (tensor<1x4xf32>, tensor<1x799999996xf32>) -> tensor<1x800000000xf32>
  return %y : tensor<1x800000000xf32>
}
