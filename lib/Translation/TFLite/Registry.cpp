//===- Registry.cpp - Which function imports which operator ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace qopt::tflite;

const Registry &qopt::tflite::getRegistry() {
  static const Registry registry = [] {
    Registry result;
    populateActivations(result);
    populateArithmetic(result);
    populateCasts(result);
    populateConvolutions(result);
    populateFullyConnected(result);
    populateMovement(result);
    populatePadding(result);
    populatePooling(result);
    populateReductions(result);
    populateReshapes(result);
    populateSlices(result);
    return result;
  }();
  return registry;
}
