// A kernel that no target has instructions for.
module {
  func.func @main(%x: memref<4xf32> {nn.name = "x"}, %y: memref<4xf32> {kernel.output, nn.name = "y"}, %arena: memref<0xi8> {kernel.arena}) {
    %c0 = arith.constant 0 : index
    %a = memref.load %x[%c0] : memref<4xf32>
    %b = math.exp %a : f32
    memref.store %b, %y[%c0] : memref<4xf32>
    return
  }
}
