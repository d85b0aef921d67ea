// Kernels that are cut along an inner dimension of their input, and one pixel with
// stored weights whose scales and biases are cut with its channels.
func.func @main(%x: tensor<1x6x5x128xf32> {nn.name = "x"})
    -> (tensor<1x128xf32> {nn.name = "mean"}, tensor<1x128x6x5xf32> {nn.name = "first"},
        tensor<1x5x128x6xf32> {nn.name = "turned"}, tensor<6x5xi32> {nn.name = "largest"},
        tensor<1x1x1x128xf32> {nn.name = "sums"}) {
  %m = tensor.empty() : tensor<1x128xf32>
  %mean = kernel.mean %x outs %m {axes = array<i64: 1, 2>, stages = []}
    : (tensor<1x6x5x128xf32>, tensor<1x128xf32>) -> tensor<1x128xf32>
  %f = tensor.empty() : tensor<1x128x6x5xf32>
  %first = kernel.transpose %x outs %f {permutation = array<i64: 0, 3, 1, 2>}
    : (tensor<1x6x5x128xf32>, tensor<1x128x6x5xf32>) -> tensor<1x128x6x5xf32>
  %t = tensor.empty() : tensor<1x5x128x6xf32>
  %turned = kernel.transpose %x outs %t {permutation = array<i64: 0, 2, 3, 1>}
    : (tensor<1x6x5x128xf32>, tensor<1x5x128x6xf32>) -> tensor<1x5x128x6xf32>
  %v = kernel.view %x : tensor<1x6x5x128xf32> to tensor<6x5x128xf32>
  %l = tensor.empty() : tensor<6x5xi32>
  %largest = kernel.arg_max %v outs %l {axis = 2 : i64}
    : (tensor<6x5x128xf32>, tensor<6x5xi32>) -> tensor<6x5xi32>
  %p = kernel.view %mean : tensor<1x128xf32> to tensor<1x1x1x128xf32>
  %w = arith.constant dense<3> : tensor<128x1x1x128xi8>
  %zero = arith.constant dense<0.0> : tensor<128xf32>
  %scales = arith.constant dense<[0.0314, 0.0590, 0.0433, 0.0644, 0.0663, 0.0159, 0.0112, 0.0854, 0.0333, 0.0311, 0.0996, 0.0523, 0.0853, 0.0529, 0.0675, 0.0236, 0.0671, 0.0881, 0.0571, 0.0767, 0.0704, 0.0158, 0.0782, 0.0632, 0.0371, 0.0128, 0.0879, 0.0525, 0.0747, 0.0891, 0.0743, 0.0929, 0.0455, 0.0821, 0.0500, 0.0942, 0.0891, 0.0188, 0.0222, 0.0295, 0.0969, 0.0493, 0.0664, 0.0371, 0.0557, 0.0447, 0.0416, 0.0627, 0.0626, 0.0914, 0.0714, 0.0936, 0.0871, 0.0992, 0.0704, 0.0247, 0.0875, 0.0968, 0.0914, 0.0612, 0.0742, 0.0290, 0.0848, 0.0616, 0.0356, 0.0157, 0.0869, 0.0991, 0.0180, 0.0821, 0.0469, 0.0236, 0.0365, 0.0792, 0.0885, 0.0140, 0.0653, 0.0140, 0.0747, 0.0398, 0.0893, 0.0983, 0.0555, 0.0999, 0.0379, 0.0169, 0.0640, 0.0128, 0.0278, 0.0467, 0.0649, 0.0241, 0.0138, 0.0881, 0.0382, 0.0963, 0.0907, 0.0440, 0.0514, 0.0568, 0.0679, 0.0636, 0.0603, 0.0658, 0.0947, 0.0556, 0.0488, 0.0748, 0.0314, 0.0371, 0.0980, 0.0569, 0.0594, 0.0110, 0.0474, 0.0622, 0.0118, 0.0654, 0.0669, 0.0154, 0.0665, 0.0520, 0.0711, 0.0417, 0.0736, 0.0764, 0.0120, 0.0155]> : tensor<128xf32>
  %biases = arith.constant dense<[0.3520, 0.9266, -0.4978, -0.0874, 0.1853, -0.3599, -0.2721, -0.3747, -0.2617, 0.1912, -0.3992, -0.2457, 0.5445, -0.9462, 0.1385, 0.4703, -0.3800, -0.5549, 0.6076, -0.5226, -0.6252, -0.1295, 0.3961, -0.7963, -0.3561, -0.3325, 0.6671, -0.1231, 0.7111, -0.6614, -0.3266, 0.3005, 0.7698, -0.0978, -0.5499, -0.7582, 0.0593, -0.6184, 0.6136, 0.6770, -0.6328, -0.4428, 0.6145, 0.2839, 0.6125, -0.3094, -0.7406, -0.4161, 0.5877, -0.4577, -0.3073, -0.1662, -0.1605, -0.1810, 0.8412, -0.6880, -0.9907, 0.8865, 0.7600, 0.9738, -0.1313, 0.9003, 0.8548, -0.5558, 0.4910, 0.6734, 0.3260, 0.0380, -0.4219, -0.3179, -0.5451, -0.8639, 0.1774, -0.4260, 0.6204, -0.9098, 0.8072, 0.3874, 0.8477, 0.7931, 0.7993, 0.1539, -0.9737, 0.4906, -0.6564, -0.4002, 0.3258, 0.0499, -0.1725, 0.8781, 0.2243, -0.3173, -0.4951, 0.7233, -0.0456, 0.5647, -0.2963, -0.6053, 0.0693, 0.6336, -0.6574, 0.5833, 0.8435, 0.6121, 0.6470, -0.9850, 0.2572, 0.7251, -0.9001, -0.4572, -0.4628, 0.0545, -0.1540, -0.0542, 0.5530, -0.9964, -0.8903, -0.7463, -0.7507, -0.8632, 0.9494, 0.7089, -0.8277, 0.0042, -0.3682, -0.3708, -0.2974, 0.2938]> : tensor<128xf32>
  %i = tensor.empty() : tensor<1x1x1x128xf32>
  %sums = kernel.conv_2d %p, %w bias %zero residuals %scales, %biases outs %i {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.mul_f32, #kernel.add_f32]}
    : (tensor<1x1x1x128xf32>, tensor<128x1x1x128xi8>, tensor<128xf32>, tensor<128xf32>, tensor<128xf32>, tensor<1x1x1x128xf32>) -> tensor<1x1x1x128xf32>
  return %mean, %first, %turned, %largest, %sums
    : tensor<1x128xf32>, tensor<1x128x6x5xf32>, tensor<1x5x128x6xf32>, tensor<6x5xi32>,
      tensor<1x1x1x128xf32>
}
