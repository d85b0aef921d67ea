// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module's fingerprint: of its text, so that it is the same whether the
// module came from a model's file or from MLIR, on every machine.

#include "AttributeNames.h"

#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Dialect/Quant/IR/Quant.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;

namespace {
/// Hashes what is printed: constants make the text too long to keep.
class HashStream : public llvm::raw_ostream {
public:
  ~HashStream() override { flush(); }

  std::string finish() {
    flush();
    return llvm::toHex(hash.final(), /*LowerCase=*/true);
  }

private:
  void write_impl(const char *data, size_t size) override {
    hash.update(StringRef(data, size));
    position += size;
  }
  uint64_t current_pos() const override { return position; }

  llvm::SHA256 hash;
  uint64_t position = 0;
};
} // namespace

std::string qopt::nn::getFingerprint(ModuleOp module) {
  OwningOpRef<ModuleOp> copy = module.clone();
  copy->walk([](Operation *op) {
    op->removeAttr(rangeAttrName);
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      for (unsigned i = 0; i < function.getNumArguments(); ++i)
        function.removeArgAttr(
            i, StringAttr::get(op->getContext(), rangeAttrName));
  });
  HashStream stream;
  copy->print(stream);
  for (func::FuncOp function : copy->getOps<func::FuncOp>())
    for (const NamedTensor &tensor : collectTensorNames(function))
      stream << '\0' << tensor.name;
  return stream.finish();
}
