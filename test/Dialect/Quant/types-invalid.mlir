// Each rule of the types, broken.
// RUN: qopt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{unknown quantized type foobar; expected uniform, any or calibrated}}
!a = !quant.foobar

// -----

// expected-error@+1 {{expected valid keyword}}
!a = !quant<8>

// -----

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

// expected-error@+1 {{illegal storage type prefix in 'int8'; expected i or u and a width}}
!a = !quant.uniform<int8:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type prefix in 'i'; expected i or u and a width}}
!a = !quant.any<i<-4:3>:f32>

// -----

// expected-error@+1 {{illegal storage type 'f8E5M2'; expected i or u and a width}}
!a = !quant.uniform<f8E5M2:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type size: 33; expected 1 to 32 bits}}
!a = !quant.uniform<i33:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type size: 0; expected 1 to 32 bits}}
!a = !quant.uniform<u0:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type size: 1024; expected 1 to 32 bits}}
!a = !quant.any<i1024<-4:3>:f32>

// -----

// expected-error@+1 {{invalid integer width}}
!a = !quant.uniform<i123123123120<-4:3>:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage min and storage max: (2:1); expected the first to be less}}
!a = !quant.uniform<i8<2:1>:f32, 1.0:2>

// -----

// expected-error@+1 {{illegal storage min and storage max: (1:1); expected the first to be less}}
!a = !quant.any<i8<1:1>:f32>

// -----

// expected-error@+1 {{illegal storage type minimum: -9; expected at least -8}}
!a = !quant.uniform<i4<-9:1>:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type minimum: -1; expected at least 0}}
!a = !quant.uniform<u4<-1:1>:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type maximum: 9; expected at most 7}}
!a = !quant.uniform<i4<-1:9>:f32, 1.0>

// -----

// expected-error@+1 {{illegal storage type maximum: 256; expected at most 255}}
!a = !quant.any<u8<0:256>:f32>

// -----

//===----------------------------------------------------------------------===//
// Punctuation
//===----------------------------------------------------------------------===//

// expected-error@+1 {{expected '>'}}
!a = !quant.uniform<i8<-4:3>:f32, 0.99872:127 23>

// -----

// expected-error@+1 {{expected ':'}}
!a = !quant.uniform<i8<16>:f32, 0.99872:127>

// -----

// expected-error@+1 {{expected ':'}}
!a = !quant.uniform<i8<-4:3>f32, 0.99872:127>

// -----

// expected-error@+1 {{expected ','}}
!a = !quant.uniform<i8<-4:3>:f32 0.99872:127>

// -----

// expected-error@+1 {{expected '>'}}
!a = !quant.any<i8<-4:3>f32>

// -----

// expected-error@+1 {{expected floating point literal}}
!a = !quant.uniform<i8<-4:3>:f32, abc:127>

// -----

// expected-error@+1 {{expected floating point literal}}
!a = !quant.uniform<i8:f32:0, {}>

// -----

// expected-error@+1 {{expected floating point literal}}
!a = !quant.uniform<i8:f32, {2.0, 3.0}>

// -----

// expected-error@+1 {{expected '{'}}
!a = !quant.uniform<i8:f32:0, 2.0>

// -----

// expected-error@+1 {{expected integer value}}
!a = !quant.uniform<i8<-4:3>:f32, 0.1:abc>

// -----

// expected-error@+1 {{expected integer value}}
!a = !quant.uniform<i8<-4:3>:f32:, {2.0}>

// -----

// expected-error@+1 {{expected non-function type}}
!a = !quant.uniform<i8<-4:3>:f33, 0.99872:127>

// -----

// expected-error@+1 {{invalid kind of type specified}}
!a = !quant.uniform<i8:i32, 1.0>

// -----

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

// expected-error@+1 {{scale -1.000000e+00 out of expressed type range [1.401298e-45, 3.402823e+38] of 'f32'}}
!a = !quant.uniform<i8:f32, -1.0:127>

// -----

// expected-error@+1 {{scale 0.000000e+00 out of expressed type range}}
!a = !quant.uniform<i8:f32, 0.0>

// -----

// expected-error@+1 {{scale nan out of expressed type range}}
!a = !quant.uniform<i8:f64, 0x7FF8000000000000>

// -----

// expected-error@+1 {{scale INF out of expressed type range}}
!a = !quant.uniform<i8:f64, 0x7FF0000000000000>

// -----

// expected-error@+1 {{scale 5.800000e-08 out of expressed type range [5.960464e-08, 6.550400e+04] of 'f16'}}
!a = !quant.uniform<i8:f16, 5.8e-8>

// -----

// expected-error@+1 {{scale 6.600000e+04 out of expressed type range}}
!a = !quant.uniform<i8:f16:1, {2.0,6.6e4}>

// -----

// expected-error@+1 {{out of expressed type range}}
!a = !quant.uniform<i8:f32:{0:1}, {1.0, -2.0}>

// -----

//===----------------------------------------------------------------------===//
// Zero points
//===----------------------------------------------------------------------===//

// expected-error@+1 {{zero point 128 outside the storage range [-128, 127]}}
!a = !quant.uniform<i8:f32, 1.0:128>

// -----

// expected-error@+1 {{zero point -4 outside the storage range [0, 255]}}
!a = !quant.uniform<u8:f32, 1.0:-4>

// -----

// expected-error@+1 {{zero point -128 outside the storage range [-127, 127]}}
!a = !quant.uniform<i8<-127:127>:f32, 1.0:-128>

// -----

// expected-error@+1 {{zero point 0 outside the storage range [1, 255]}}
!a = !quant.uniform<u8<1:255>:f32, 1.0>

// -----

// expected-error@+1 {{zero point -120 outside the storage range [0, 255]}}
!a = !quant.uniform<u8:f32:1, {2.0:-120,0.5:127}>

// -----

// expected-error@+1 {{zero point 256 outside the storage range [0, 255]}}
!a = !quant.uniform<u8:f32:{0:1}, {1.0:3, 2.0:256}>

// -----

//===----------------------------------------------------------------------===//
// Axes and blocks
//===----------------------------------------------------------------------===//

// expected-error@+1 {{illegal quantized dimension: -1; expected 0 or more}}
!a = !quant.uniform<i8:f32:-1, {2.0,3.0:1}>

// -----

// expected-error@+1 {{illegal quantized dimension: -1; expected 0 or more}}
!a = !quant.uniform<i8:f32:{-1:2}, {2.0}>

// -----

// expected-error@+1 {{quantized dimension 0 listed twice}}
!a = !quant.uniform<i8:f32:{0:1, 0:1}, {{1.0}}>

// -----

// expected-error@+1 {{illegal block size: 0; expected 1 or more}}
!a = !quant.uniform<i8:f32:{0:0}, {1.0}>

// -----

// expected-error@+1 {{nested parameters differ in shape; expected the shape of the first}}
!a = !quant.uniform<i8:f32:{0:1}, {{1.0, 2.0}, {3.0}}>

// -----

// expected-error@+1 {{more than 32 levels of nested parameters}}
!a = !quant.uniform<i8:f32:{}, {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{1.0}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}>

// -----

//===----------------------------------------------------------------------===//
// Calibrated
//===----------------------------------------------------------------------===//

// expected-error@+1 {{illegal min and max: (1.000000e+00:-1.000000e+00); expected finite values, the first less}}
!a = !quant.calibrated<f32<1.0:-1.0>>

// -----

// expected-error@+1 {{illegal min and max}}
!a = !quant.calibrated<f32<1.0:1.0>>

// -----

// expected-error@+1 {{illegal min and max}}
!a = !quant.calibrated<f64<0.0:0x7FF0000000000000>>

// -----

// expected-error@+1 {{expected '<'}}
!a = !quant.calibrated<f32>
