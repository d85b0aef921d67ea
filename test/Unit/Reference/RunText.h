// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interprets a function that is given as text.

#ifndef QOPT_TEST_UNIT_REFERENCE_RUNTEXT_H
#define QOPT_TEST_UNIT_REFERENCE_RUNTEXT_H

#include "GoldenModels.h"

#include "qopt/Reference/Interpreter.h"

#include "mlir/Parser/Parser.h"

namespace qopt::test {

/// The only result of the only function in \p text, or the error.
inline llvm::Expected<Tensor> runText(llvm::StringRef text,
                                      llvm::ArrayRef<Tensor> inputs) {
  mlir::MLIRContext context(makeRegistry());
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "the text does not parse: " + text);
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  llvm::Expected<std::vector<Tensor>> results =
      reference::interpret(function, inputs);
  if (!results)
    return results.takeError();
  return std::move(results->front());
}

/// One op from input to output: `%0 = OP : …` with `$in` and `$out` standing
/// for the tensor types.
inline llvm::Expected<Tensor> runOp(std::string op, llvm::StringRef in,
                                    llvm::StringRef out, const Tensor &input) {
  std::string text = "func.func @f(%x: " + in.str() + ") -> " + out.str() +
                     " { %y = " + op + " return %y : " + out.str() + " }";
  for (auto [name, type] : {std::pair("$in", in), std::pair("$out", out)})
    for (size_t at; (at = text.find(name)) != std::string::npos;)
      text.replace(at, llvm::StringRef(name).size(), type.str());
  return runText(text, input);
}

template <typename T>
Tensor makeTensor(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<T> values) {
  Tensor tensor(ElementKindOf<T>::value, shape);
  EXPECT_EQ(tensor.template get<T>().size(), values.size());
  llvm::copy(values, tensor.template get<T>().begin());
  return tensor;
}

/// The elements as integers; a failed run fails the test.
inline std::vector<int64_t> integers(llvm::Expected<Tensor> tensor) {
  if (!tensor) {
    ADD_FAILURE() << llvm::toString(tensor.takeError());
    return {};
  }
  std::vector<int64_t> values;
  for (int64_t i = 0; i < tensor->getNumElements(); ++i)
    values.push_back(tensor->getInteger(i));
  return values;
}

inline std::vector<double> reals(llvm::Expected<Tensor> tensor) {
  if (!tensor) {
    ADD_FAILURE() << llvm::toString(tensor.takeError());
    return {};
  }
  std::vector<double> values;
  for (int64_t i = 0; i < tensor->getNumElements(); ++i)
    values.push_back(tensor->getReal(i));
  return values;
}

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_REFERENCE_RUNTEXT_H
