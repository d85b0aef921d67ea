// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads names from locations and makes them unique.

#include "qopt/Dialect/NN/IR/TensorNames.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

StringRef qopt::nn::getTensorName(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto function = dyn_cast_or_null<FunctionOpInterface>(
        argument.getOwner()->getParentOp());
    if (!function || !argument.getOwner()->isEntryBlock())
      return {};
    auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                      "nn.name");
    return name ? name.getValue() : StringRef();
  }
  auto result = cast<OpResult>(value);
  Location location = result.getOwner()->getLoc();
  if (auto fused = dyn_cast<FusedLoc>(location);
      fused && result.getOwner()->getNumResults() > 1 &&
      fused.getLocations().size() == result.getOwner()->getNumResults())
    location = fused.getLocations()[result.getResultNumber()];
  auto name = location->findInstanceOf<NameLoc>();
  return name ? name.getName().getValue() : StringRef();
}

llvm::SmallVector<qopt::nn::NamedTensor>
qopt::nn::collectTensorNames(func::FuncOp func) {
  llvm::SmallVector<NamedTensor> tensors;
  auto add = [&](Value value, const Twine &fallback) {
    if (!isa<TensorType>(value.getType()))
      return;
    StringRef name = getTensorName(value);
    tensors.push_back({value, name.empty() ? fallback.str() : name.str()});
  };
  for (BlockArgument argument : func.getArguments())
    add(argument, "arg" + Twine(argument.getArgNumber()));
  func.walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (OpResult result : op->getResults())
      add(result, op->getName().getStringRef());
  });

  // A name that some tensor really has, `x#1`, is never given to another.
  llvm::StringSet<> taken;
  for (const NamedTensor &tensor : tensors)
    taken.insert(tensor.name);
  llvm::StringMap<unsigned> seen;
  for (NamedTensor &tensor : tensors) {
    auto [entry, isNew] = seen.try_emplace(tensor.name, 0);
    if (isNew)
      continue;
    std::string name;
    do
      name = (entry->getKey() + "#" + Twine(++entry->second)).str();
    while (!taken.insert(name).second);
    tensor.name = std::move(name);
  }
  return tensors;
}
