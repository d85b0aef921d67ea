//===- ExportRegistry.cpp - Which function exports which op ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

using namespace qopt::tflite;

const ExportRegistry &ExportRegistry::get() {
  static const ExportRegistry registry = [] {
    ExportRegistry registry;
    populateActivations(registry);
    populateArithmetic(registry);
    populateCasts(registry);
    populateConvolutions(registry);
    populateFullyConnected(registry);
    populateMovement(registry);
    populatePadding(registry);
    populatePooling(registry);
    populateReductions(registry);
    return registry;
  }();
  return registry;
}
