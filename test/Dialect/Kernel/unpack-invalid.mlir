// RUN: qopt --split-input-file --verify-diagnostics %s

func.func @element(%x: tensor<16xi16>, %o: tensor<32xi8>) {
  // expected-error @below {{expected a 1-dimensional input of i8, found 'tensor<16xi16>'}}
  %0 = kernel.unpack %x outs %o : (tensor<16xi16>, tensor<32xi8>) -> tensor<32xi8>
  return
}

// -----

func.func @rank(%x: tensor<16xi8>, %o: tensor<1x32xi8>) {
  // expected-error @below {{expected a 1-dimensional output of i8, found 'tensor<1x32xi8>'}}
  %0 = kernel.unpack %x outs %o : (tensor<16xi8>, tensor<1x32xi8>) -> tensor<1x32xi8>
  return
}

// -----

func.func @blocks(%x: tensor<15xi8>, %o: tensor<30xi8>) {
  // expected-error @below {{expected an input of a multiple of 16 bytes, found 15}}
  %0 = kernel.unpack %x outs %o : (tensor<15xi8>, tensor<30xi8>) -> tensor<30xi8>
  return
}

// -----

func.func @size(%x: tensor<16xi8>, %o: tensor<64xi8>) {
  // expected-error @below {{expected an output of 32 elements, two for each byte of the input, found 64}}
  %0 = kernel.unpack %x outs %o : (tensor<16xi8>, tensor<64xi8>) -> tensor<64xi8>
  return
}
