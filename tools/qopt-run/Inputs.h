// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From .npy files to examples and from outputs to real values.

#ifndef QOPT_TOOLS_QOPT_RUN_INPUTS_H
#define QOPT_TOOLS_QOPT_RUN_INPUTS_H

#include "Engine.h"

namespace qoptrun {

/// Converts a tensor to an input's type: float data is quantized with the
/// input's parameters when the input is quantized. Any other difference of
/// types is an error that mentions `what`.
llvm::Expected<qopt::Tensor> convertInput(qopt::Tensor tensor,
                                          const qopt::TensorInterface &input,
                                          const llvm::Twine &what);

/// Reads one file for each input and cuts them into examples: a first
/// dimension that is N times the input's makes N of them. Dimensions may
/// otherwise be arranged differently when the elements are the same.
llvm::Expected<std::vector<Example>>
readExamples(const qopt::ModelInterface &model,
             llvm::ArrayRef<std::string> paths);

/// Puts one output of all results behind one another, as the first dimension.
qopt::Tensor stackOutput(llvm::ArrayRef<Result> results, size_t output);

/// The real values of a stored tensor, in float32.
qopt::Tensor dequantize(const qopt::Tensor &tensor,
                        const qopt::TensorInterface &interface);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_INPUTS_H
