//===- Registry.cpp - Which function imports which operator ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace qopt::onnx_import;

const Registry &qopt::onnx_import::getRegistry() {
  static const Registry registry = [] {
    Registry result;
    populateActivations(result);
    populateArithmetic(result);
    populateCasts(result);
    populateConvolutions(result);
    populateMatrices(result);
    populateMovement(result);
    populateNormalization(result);
    populatePooling(result);
    populateReductions(result);
    populateReshapes(result);
    populateResizes(result);
    populateSlices(result);
    return result;
  }();
  return registry;
}
