// A model after phase `buffers`: two layers over an arena of 64 bytes.
module {
  memref.global "private" constant @weights : memref<16xi8> = dense<[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -16]> {alignment = 64 : i64}
  func.func private @add_weights(%x: memref<16xi8>, %w: memref<16xi8>, %y: memref<16xi8>) {
    %c0 = arith.constant 0 : index
    %a = vector.load %x[%c0] : memref<16xi8>, vector<16xi8>
    %b = vector.load %w[%c0] : memref<16xi8>, vector<16xi8>
    %c = arith.addi %a, %b : vector<16xi8>
    vector.store %c, %y[%c0] : memref<16xi8>, vector<16xi8>
    return
  }
  func.func private @negate(%x: memref<16xi8>, %y: memref<16xi8>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %zero = arith.constant 0 : i8
    scf.for %i = %c0 to %c16 step %c1 {
      %v = memref.load %x[%i] : memref<16xi8>
      %n = arith.subi %zero, %v : i8
      memref.store %n, %y[%i] : memref<16xi8>
    }
    return
  }
  func.func @main(%x: memref<16xi8> {nn.name = "x"}, %y: memref<16xi8> {nn.name = "y", kernel.output}, %arena: memref<64xi8> {kernel.arena}) {
    %c0 = arith.constant 0 : index
    %t = memref.view %arena[%c0][] : memref<64xi8> to memref<16xi8>
    %w = memref.get_global @weights : memref<16xi8>
    func.call @add_weights(%x, %w, %t) : (memref<16xi8>, memref<16xi8>, memref<16xi8>) -> () loc("biased")
    func.call @negate(%t, %y) : (memref<16xi8>, memref<16xi8>) -> () loc("y")
    return
  }
}
