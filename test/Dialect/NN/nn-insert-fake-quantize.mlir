// RUN: qopt %s --nn-insert-fake-quantize=profile=tflite | FileCheck %s
// RUN: qopt %s --nn-insert-fake-quantize=profile=tflite --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS
// RUN: qopt %s --nn-insert-fake-quantize="profile=tflite granularity=per-tensor" | FileCheck %s --check-prefix=TENSOR
// RUN: qopt %s --nn-insert-fake-quantize="profile=tflite scheme=int16x8" | FileCheck %s --check-prefix=WIDE
// RUN: qopt %s --nn-insert-fake-quantize="profile=tflite scheme=int4w8a" | FileCheck %s --check-prefix=FOUR
// RUN: qopt %s --nn-insert-fake-quantize=profile=snpe | FileCheck %s --check-prefix=UNSIGNED
// RUN: qopt %s --nn-insert-fake-quantize=profile=tvm-power-of-two | FileCheck %s --check-prefix=POWER
// RUN: qopt %s --nn-insert-fake-quantize=scheme=int8-weights | FileCheck %s --check-prefix=WEIGHTS

// STATS: nn-insert-fake-quantize: num-layers = 9
// STATS: nn-insert-fake-quantize: num-lifted = 3
// STATS: nn-insert-fake-quantize: num-pairs = 18

// Weights: one scale a channel, symmetric, without -128. The second channel's
// bias is in steps of its own S_x * S_w.
// CHECK-LABEL: @linear
// CHECK: %[[Q:.*]] = quant.qcast %arg0 : tensor<1x2xf32> to tensor<1x2x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[X:.*]] = quant.dcast %[[Q]]
// CHECK: %[[QW:.*]] = nn.constant dense<{{\[}}[64, -127], [127, 0]]> : tensor<2x2xi8> -> tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {7.812500e-03,3.906250e-03}>>
// CHECK: %[[W:.*]] = quant.dcast %[[QW]]
// CHECK: %[[QB:.*]] = nn.constant dense<[4096, -32768]> : tensor<2xi32> -> tensor<2x!quant.uniform<i32:f32:0, {6.103515625E-5,3.0517578125E-5}>>
// CHECK: %[[B:.*]] = quant.dcast %[[QB]]
// CHECK: %[[Y:.*]] = nn.fully_connected %[[X]], %[[W]], %[[B]]
// CHECK-SAME: rounding = #quant.rounding<real>
// CHECK: %[[QY:.*]] = quant.qcast %[[Y]] : tensor<1x2xf32> to tensor<1x2x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: %[[DY:.*]] = quant.dcast %[[QY]]
// CHECK: return %[[DY]]
// TENSOR-LABEL: @linear
// TENSOR: nn.constant dense<{{\[}}[64, -127], [64, 0]]> : tensor<2x2xi8> -> tensor<2x2x!quant.uniform<i8<-127:127>:f32, 7.812500e-03>>
// TENSOR: nn.constant dense<[4096, -16384]> : tensor<2xi32> -> tensor<2x!quant.uniform<i32:f32, 6.103515625E-5>>
// WIDE-LABEL: @linear
// WIDE: quant.qcast %arg0 : tensor<1x2xf32> to tensor<1x2x!quant.uniform<i16:f32, {{[^:]*}}>>
// FOUR-LABEL: @linear
// FOUR: nn.constant dense<{{\[}}[4, -7], [7, 0]]> : tensor<2x2xi4> -> tensor<2x2x!quant.uniform<i4<-7:7>:f32:0
// UNSIGNED-LABEL: @linear
// UNSIGNED: quant.qcast %arg0 : tensor<1x2xf32> to tensor<1x2x!quant.uniform<u8:f32, 7.812500e-03:128>>
// UNSIGNED: nn.constant dense<{{.*}}> : tensor<2x2xi8> -> tensor<2x2x!quant.uniform<u8:f32, {{.*}}:170>>
// POWER-LABEL: @linear
// POWER: nn.constant dense<{{\[}}[64, -127], [64, 0]]> : tensor<2x2xi8> -> tensor<2x2x!quant.uniform<i8<-127:127>:f32, 7.812500e-03>>
// POWER: nn.fully_connected
// POWER-SAME: rounding = #quant.rounding<shift>
// WEIGHTS-LABEL: @linear
// WEIGHTS-NOT: quant.qcast
// WEIGHTS: %[[W:.*]] = quant.dcast %{{.*}} : tensor<2x2x!quant.uniform<i8<-127:127>:f32:0
// WEIGHTS: nn.fully_connected %arg0, %[[W]]
func.func @linear(%x: tensor<1x2xf32> {quant.range = #quant.range<-1.0, 0.9921875>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[0.5, -0.9921875], [0.49609375, 0.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<[0.25, -1.0]> : tensor<2xf32>
  %0 = nn.fully_connected %x, %w, %b {quant.range = #quant.range<-2.0, 1.984375>}
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// What is moved keeps its parameters: those of the tensor that it comes from.
// CHECK-LABEL: @moved_values_share_parameters
// CHECK: quant.qcast %arg0 : {{.*}} to tensor<1x2x2x1x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: nn.max_pool_2d
// CHECK: quant.qcast {{.*}} to tensor<1x1x1x1x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: nn.reshape
// CHECK: quant.qcast {{.*}} to tensor<1x1x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: nn.fully_connected
func.func @moved_values_share_parameters(%x: tensor<1x2x2x1xf32> {quant.range = #quant.range<-1.0, 0.9921875>}) -> tensor<1x1xf32> {
  %w = nn.constant dense<1.0> : tensor<1x1xf32>
  %0 = nn.max_pool_2d %x {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = nn.reshape %0 : (tensor<1x1x1x1xf32>) -> tensor<1x1xf32>
  %2 = nn.fully_connected %1, %w {quant.range = #quant.range<-1.0, 1.0>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// A concatenation has the hull of its operands; what has fixed parameters is
// requantized for it.
// CHECK-LABEL: @concat_takes_the_hull
// CHECK-DAG: quant.qcast %arg0 : tensor<1x1xf32> to tensor<1x1x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK-DAG: quant.qcast %arg1 : tensor<1x1xf32> to tensor<1x1x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: %[[S:.*]] = nn.softmax
// CHECK: %[[Q:.*]] = quant.qcast %[[S]] : tensor<1x1xf32> to tensor<1x1x!quant.uniform<i8:f32, 3.906250e-03:-128>>
// CHECK: %[[D:.*]] = quant.dcast %[[Q]]
// CHECK: %[[R:.*]] = quant.qcast %[[D]] : tensor<1x1xf32> to tensor<1x1x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: %[[E:.*]] = quant.dcast %[[R]]
// CHECK: nn.concat %{{.*}}, %{{.*}}, %[[E]]
// CHECK: quant.qcast {{.*}} to tensor<1x3x!quant.uniform<i8:f32, 1.562500e-02>>
func.func @concat_takes_the_hull(%x: tensor<1x1xf32> {quant.range = #quant.range<-2.0, 1.0>},
                                 %y: tensor<1x1xf32> {quant.range = #quant.range<-1.0, 1.984375>}) -> tensor<1x3xf32> {
  %0 = nn.softmax %x : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = nn.concat %x, %y, %0 {axis = 1 : i64, quant.range = #quant.range<-2.0, 1.984375>} : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// A constant operand is quantized once and for all, by the range of its values.
// CHECK-LABEL: @constant_operand
// CHECK: %[[Q:.*]] = nn.constant dense<[-128, 127]> : tensor<2xi8> -> tensor<2x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: quant.dcast %[[Q]]
// CHECK: nn.add
func.func @constant_operand(%x: tensor<2xf32> {quant.range = #quant.range<-1.0, 1.0>}) -> tensor<2xf32> {
  %c = nn.constant dense<[-1.0, 0.9921875]> : tensor<2xf32>
  %0 = nn.add %x, %c {quant.range = #quant.range<-2.0, 2.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Moves between float ops stay float: here there is nothing to compute.
// CHECK-LABEL: @moves_alone_stay_float
// CHECK-NOT: quant.
// CHECK: return
func.func @moves_alone_stay_float(%x: tensor<1x4xf32>) -> tensor<2x2xf32> {
  %0 = nn.reshape %x : (tensor<1x4xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// Weights that are not constant cannot be quantized.
// CHECK-LABEL: @unknown_weights_stay_float
// CHECK-NOT: quant.
// CHECK: return
func.func @unknown_weights_stay_float(%x: tensor<1x2xf32>, %w: tensor<2x2xf32>) -> tensor<1x2xf32> {
  %0 = nn.fully_connected %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// 5 / (S_x * S_w) would need 60 bits, and S_x * S_w / S_y is below 2^-31: the
// first scale is lifted. The second channel has no weights at all and takes
// the first one's scale, which the third does not need.
// CHECK-LABEL: @tiny_weights_are_lifted
// CHECK: nn.constant dense<{{\[}}[0], [0], [127]]> : tensor<3x1xi8>
// CHECK: nn.constant dense<[{{[0-9]+}}, {{-?[0-9]+}}, {{[0-9]+}}]> : tensor<3xi32>
func.func @tiny_weights_are_lifted(%x: tensor<1x1xf32> {quant.range = #quant.range<-1.0, 1.0>}) -> tensor<1x3xf32> {
  %w = nn.constant dense<[[1.0e-15], [1.0e-20], [1.0]]> : tensor<3x1xf32>
  %b = nn.constant dense<[5.0, -3.0, 1.0]> : tensor<3xf32>
  %0 = nn.fully_connected %x, %w, %b {quant.range = #quant.range<-8.0, 8.0>} : (tensor<1x1xf32>, tensor<3x1xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// Weights of one number are integers of two where one scale is lifted.
// CHECK-LABEL: @equal_weights
// CHECK: nn.constant dense<{{\[\[}}8, 8], [127, 127]]> : tensor<2x2xi8>
func.func @equal_weights(%x: tensor<1x2xf32> {quant.range = #quant.range<-1.0, 1.0>}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1.0e-3> : tensor<2x2xf32>
  %b = nn.constant dense<[1000.0, 0.0]> : tensor<2xf32>
  %0 = nn.fully_connected %x, %w, %b {quant.range = #quant.range<-1100.0, 1100.0>} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
