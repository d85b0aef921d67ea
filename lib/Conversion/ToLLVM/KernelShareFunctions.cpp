// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-share-functions: kernels that differ in constants become one function.
// Works on loops and vectors, when constants have had their effect on the code:
// what still differs is loaded from memory just as well.

#include "FunctionShape.h"
#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/SymbolTable.h"

#include <map>

using namespace mlir;
using namespace qopt;

namespace qopt {
#define GEN_PASS_DEF_KERNELSHAREFUNCTIONSPASS
#include "qopt/Conversion/ToLLVM/Passes.h.inc"
} // namespace qopt

//===----------------------------------------------------------------------===//
// Functions of one shape
//===----------------------------------------------------------------------===//

namespace {
/// A function and the ops that call it.
struct Member {
  func::FuncOp function;
  ArrayRef<Operation *> calls;
  std::vector<OpOperand *> sites;
};
using Callers = llvm::MapVector<StringAttr, SmallVector<Operation *>>;
} // namespace

static StringAttr getCallee(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return call.getCalleeAttr().getAttr();
  if (auto call = dyn_cast<kernel::ParallelCallOp>(op))
    return call.getCalleeAttr().getAttr();
  return {};
}

static bool callEqually(ArrayRef<Operation *> calls) {
  return llvm::all_of(calls, [&](Operation *call) {
    return call->getName() == calls.front()->getName();
  });
}

/// The private functions that are called, and call nothing themselves.
static SmallVector<Member> findKernels(ModuleOp module, Callers &callers) {
  llvm::SmallPtrSet<Operation *, 16> notKernels;
  llvm::DenseSet<StringAttr> addresses;
  module.walk([&](Operation *op) {
    if (auto constant = dyn_cast<func::ConstantOp>(op))
      addresses.insert(constant.getValueAttr().getAttr());
    StringAttr callee = getCallee(op);
    if (!callee)
      return;
    callers[callee].push_back(op);
    notKernels.insert(op->getParentOfType<func::FuncOp>());
  });
  SmallVector<Member> members;
  for (auto function : module.getOps<func::FuncOp>()) {
    StringAttr name = function.getSymNameAttr();
    auto calls = callers.find(name);
    if (function.isPrivate() && !function.isExternal() &&
        calls != callers.end() && !notKernels.contains(function) &&
        !addresses.contains(name) && callEqually(calls->second))
      members.push_back({function, calls->second, {}});
  }
  return members;
}

/// Those of equal shape together, in the order of the module.
static std::vector<SmallVector<Member>> findGroups(ArrayRef<Member> members) {
  llvm::MapVector<llvm::hash_code, SmallVector<Member>> similar;
  for (const Member &member : members)
    similar[hashShape(member.function)].push_back(member);
  std::vector<SmallVector<Member>> groups;
  for (auto &candidates : llvm::make_second_range(similar)) {
    if (candidates.size() == 1)
      continue;
    std::map<std::vector<uintptr_t>, SmallVector<Member>> equal;
    for (Member &member : candidates) {
      FunctionShape shape(member.function);
      shape.tokens.push_back(reinterpret_cast<uintptr_t>(
          member.calls.front()->getName().getAsOpaquePointer()));
      member.sites = std::move(shape.sites);
      equal[std::move(shape.tokens)].push_back(std::move(member));
    }
    // Addresses have no order that could be relied on.
    size_t first = groups.size();
    for (auto &group : llvm::make_second_range(equal))
      if (group.size() > 1)
        groups.push_back(std::move(group));
    llvm::sort(groups.begin() + first, groups.end(), [](auto &a, auto &b) {
      return a[0].function->isBeforeInBlock(b[0].function);
    });
  }
  return groups;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// The constant at a site, all of a table's part but one number where all lanes
/// are equal, or the global's name.
static Attribute getNumber(OpOperand *site) {
  Operation *op = site->get().getDefiningOp();
  if (auto global = dyn_cast<memref::GetGlobalOp>(op))
    return global.getNameAttr();
  Attribute value = cast<arith::ConstantOp>(op).getValue();
  if (auto elements = dyn_cast<DenseElementsAttr>(value))
    if (elements.isSplat())
      return elements.getSplatValue<Attribute>();
  return value;
}

static int32_t getBits(Attribute number) {
  if (auto real = dyn_cast<FloatAttr>(number))
    return static_cast<int32_t>(
        real.getValue().bitcastToAPInt().getZExtValue());
  return static_cast<int32_t>(
      cast<IntegerAttr>(number).getValue().getSExtValue());
}

namespace {

/// Turns the functions of a group into its first one.
class Sharing {
public:
  Sharing(ArrayRef<Member> members, SymbolTable &symbols)
      : members(members), symbols(symbols), shared(members.front().function),
        builder(shared.getContext()) {}

  void run() {
    collect();
    addBlockOfNumbers();
    addBlockOfTables();
    for (const Column &column : llvm::make_second_range(addresses))
      addAddress(column);
    for (const Member &member : members) {
      for (Operation *call : member.calls)
        if (auto parallel = dyn_cast<kernel::ParallelCallOp>(call))
          parallel.setCallee(shared.getSymName());
        else
          cast<func::CallOp>(call).setCallee(shared.getSymName());
      if (member.function != shared)
        symbols.erase(member.function);
    }
    for (Operation &op : llvm::make_early_inc_range(shared.front()))
      if (isConstantLike(&op) && op.use_empty())
        op.erase();
  }

  size_t getNumParameters() const {
    return numbers.size() + tables.size() + addresses.size();
  }

private:
  /// What each member has in one place, and the first member's places.
  using Column = std::pair<SmallVector<Attribute>, SmallVector<OpOperand *>>;
  using Columns = llvm::MapVector<Attribute, Column>;

  void collect() {
    for (size_t i = 0, e = members.front().sites.size(); i != e; ++i) {
      SmallVector<Attribute> column;
      for (const Member &member : members)
        column.push_back(getNumber(member.sites[i]));
      if (llvm::all_equal(column))
        continue;
      OpOperand *site = members.front().sites[i];
      bool isAddress = isa<MemRefType>(site->get().getType());
      Attribute key = builder.getArrayAttr(column);
      // Globals of equal names have equal types, but only in one member.
      if (isAddress)
        key = builder.getArrayAttr({key, TypeAttr::get(site->get().getType())});
      bool isTable = !isAddress && llvm::any_of(column, [](Attribute value) {
        return isa<DenseElementsAttr>(value);
      });
      // All lanes of one member's part of a table may be equal, too.
      if (isTable) {
        for (auto [value, member] : llvm::zip_equal(column, members))
          value =
              cast<arith::ConstantOp>(member.sites[i]->get().getDefiningOp())
                  .getValue();
        key = builder.getArrayAttr(column);
      }
      auto &[values, sites] = (isAddress ? addresses
                               : isTable ? tables
                                         : numbers)[key];
      values = std::move(column);
      sites.push_back(site);
    }
  }

  /// Adds an argument behind those of the calls; a range's index stays last.
  Value addArgument(Type type, llvm::function_ref<Value(size_t)> makeValue) {
    Operation *call = members.front().calls.front();
    unsigned position =
        isa<func::CallOp>(call)
            ? call->getNumOperands()
            : cast<kernel::ParallelCallOp>(call).getArguments().size();
    [[maybe_unused]] LogicalResult inserted =
        shared.insertArgument(position, type, {}, shared.getLoc());
    assert(succeeded(inserted) && "a function of its own type");
    for (auto [i, member] : llvm::enumerate(members))
      for (Operation *caller : member.calls) {
        builder.setInsertionPoint(caller);
        caller->insertOperands(position, makeValue(i));
      }
    return shared.getArgument(position);
  }

  Value getGlobal(MemRefType type, StringRef name) {
    return memref::GetGlobalOp::create(builder, shared.getLoc(), type, name);
  }

  void addAddress(const Column &column) {
    auto type = cast<MemRefType>(column.second.front()->get().getType());
    Value argument = addArgument(type, [&](size_t i) {
      return getGlobal(type,
                       cast<FlatSymbolRefAttr>(column.first[i]).getValue());
    });
    for (OpOperand *site : column.second)
      site->set(argument);
  }

  /// A global for each member, and the argument that is its address.
  Value addBlocks(Type element, int64_t size, StringRef what,
                  llvm::function_ref<DenseElementsAttr(size_t)> makeElements) {
    auto type = MemRefType::get({size}, element);
    SmallVector<StringAttr> blocks;
    for (size_t i = 0; i != members.size(); ++i) {
      builder.setInsertionPointToStart(
          cast<ModuleOp>(symbols.getOp()).getBody());
      blocks.push_back(symbols.insert(memref::GlobalOp::create(
          builder, shared.getLoc(),
          Twine(shared.getSymName() + "_" + what + "_" + Twine(i)).str(),
          builder.getStringAttr("private"), type, makeElements(i),
          /*constant=*/true, /*alignment=*/IntegerAttr())));
    }
    Value argument =
        addArgument(type, [&](size_t i) { return getGlobal(type, blocks[i]); });
    builder.setInsertionPointToStart(&shared.front());
    return argument;
  }

  /// One block of 32-bit words for each member. They are read at the start: no
  /// store lies between a number and its uses.
  void addBlockOfNumbers() {
    if (numbers.empty())
      return;
    auto shape = static_cast<int64_t>(numbers.size());
    auto type = RankedTensorType::get({shape}, builder.getI32Type());
    Value argument =
        addBlocks(builder.getI32Type(), shape, "numbers", [&](size_t i) {
          SmallVector<int32_t> words;
          for (const Column &column : llvm::make_second_range(numbers))
            words.push_back(getBits(column.first[i]));
          return DenseElementsAttr::get(type, ArrayRef(words));
        });
    for (auto [i, column] : llvm::enumerate(llvm::make_second_range(numbers)))
      readNumber(argument, i, column.second);
  }

  /// One block of bytes for each member: vectors of tables one after another.
  void addBlockOfTables() {
    int64_t size = 0;
    for (const Column &column : llvm::make_second_range(tables))
      size += cast<DenseElementsAttr>(column.first.front()).getNumElements();
    if (size == 0)
      return;
    auto type = RankedTensorType::get({size}, builder.getI8Type());
    Value argument =
        addBlocks(builder.getI8Type(), size, "tables", [&](size_t i) {
          SmallVector<int8_t> bytes;
          for (const Column &column : llvm::make_second_range(tables))
            llvm::append_range(
                bytes,
                cast<DenseElementsAttr>(column.first[i]).getValues<int8_t>());
          return DenseElementsAttr::get(type, ArrayRef(bytes));
        });
    int64_t begin = 0;
    for (const Column &column : llvm::make_second_range(tables)) {
      auto part = cast<VectorType>(column.second.front()->get().getType());
      Value where =
          arith::ConstantIndexOp::create(builder, shared.getLoc(), begin);
      Value loaded = vector::LoadOp::create(builder, shared.getLoc(), part,
                                            argument, where);
      begin += part.getNumElements();
      for (OpOperand *site : column.second)
        site->set(loaded);
    }
  }

  void readNumber(Value block, int64_t position, ArrayRef<OpOperand *> sites) {
    Location loc = block.getLoc();
    Value where = arith::ConstantIndexOp::create(builder, loc, position);
    Value number = memref::LoadOp::create(builder, loc, block, where);
    Type element = getElementTypeOrSelf(sites.front()->get().getType());
    if (element.isF32())
      number = arith::BitcastOp::create(builder, loc, element, number);
    else if (!element.isInteger(32))
      number = arith::TruncIOp::create(builder, loc, element, number);
    DenseMap<Type, Value> known = {{element, number}};
    for (OpOperand *site : sites) {
      Value &value = known[site->get().getType()];
      if (!value)
        value = vector::BroadcastOp::create(builder, loc, site->get().getType(),
                                            number);
      site->set(value);
    }
  }

  ArrayRef<Member> members;
  SymbolTable &symbols;
  func::FuncOp shared;
  OpBuilder builder;
  Columns numbers, tables, addresses;
};

struct KernelShareFunctionsPass
    : public qopt::impl::KernelShareFunctionsPassBase<
          KernelShareFunctionsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    Callers callers;
    SmallVector<Member> kernels = findKernels(module, callers);
    SmallVector<NamedAttribute> names;
    for (const SmallVector<Member> &group : findGroups(kernels)) {
      func::FuncOp shared = group.front().function;
      for (Member member : ArrayRef(group).drop_front())
        names.push_back(
            {member.function.getSymNameAttr(), FlatSymbolRefAttr::get(shared)});
      Sharing sharing(group, symbols);
      sharing.run();
      recordStatistic(*this, "num-removed", group.size() - 1);
      recordStatistic(*this, "num-parameters", sharing.getNumParameters());
    }
    if (!names.empty())
      module->setAttr(kSharedFunctionsAttrName,
                      DictionaryAttr::get(&getContext(), names));
  }
};

} // namespace
