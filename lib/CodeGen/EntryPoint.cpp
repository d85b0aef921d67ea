// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function that C programs call. It is the only place that checks
// arguments; kernels behind it assume them valid.

#include "qopt/CodeGen/CodeGen.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

/// <model>_arena_size and _arena_align, for callers without the header.
static void addConstant(Module &module, const Twine &name, uint64_t value) {
  Type *type = module.getDataLayout().getIntPtrType(module.getContext());
  auto *global = new GlobalVariable(module, type, /*isConstant=*/true,
                                    GlobalValue::ExternalLinkage,
                                    ConstantInt::get(type, value), name);
  global->setDSOLocal(true);
}

/// Ends the current block: returns `code` when `condition` holds, and goes on
/// in a new block otherwise.
static void returnIf(IRBuilder<> &builder, Value *condition, int code) {
  Function *function = builder.GetInsertBlock()->getParent();
  LLVMContext &context = builder.getContext();
  BasicBlock *fail = BasicBlock::Create(context, "fail", function);
  BasicBlock *next = BasicBlock::Create(context, "next", function);
  builder.CreateCondBr(condition, fail, next);
  builder.SetInsertPoint(fail);
  builder.CreateRet(builder.getInt32(code));
  builder.SetInsertPoint(next);
}

/// <model>_run_buffers: all pointers in one array, for callers that know the
/// model only at run time.
static void addArrayEntry(Module &module, Function *entry, const Twine &name) {
  IRBuilder<> builder(module.getContext());
  auto *type =
      FunctionType::get(builder.getInt32Ty(), {builder.getPtrTy()}, false);
  auto *function =
      Function::Create(type, GlobalValue::ExternalLinkage, name, module);
  function->copyAttributesFrom(entry);
  Argument *buffers = function->getArg(0);
  buffers->setName("buffers");
  builder.SetInsertPoint(
      BasicBlock::Create(module.getContext(), "entry", function));
  SmallVector<Value *> arguments;
  for (unsigned i = 0; i < entry->arg_size(); ++i)
    arguments.push_back(builder.CreateLoad(
        builder.getPtrTy(),
        builder.CreateConstInBoundsGEP1_64(builder.getPtrTy(), buffers, i)));
  builder.CreateRet(builder.CreateCall(entry, arguments));
}

Error qopt::addEntryPoint(Module &module, const ModelInterface &model) {
  Function *body = module.getFunction("main");
  if (!body || body->isDeclaration())
    return createStringError("the module has no function 'main' to compile");
  size_t numTensors = model.inputs.size() + model.outputs.size();
  if (body->arg_size() != numTensors + 1 ||
      !body->getReturnType()->isVoidTy() ||
      any_of(body->args(),
             [](Argument &arg) { return !arg.getType()->isPointerTy(); }))
    return createStringError(
        formatv("'main' takes {0} arguments, expected {1} buffers "
                "({2} inputs, {3} outputs, the arena) and no result",
                body->arg_size(), numTensors + 1, model.inputs.size(),
                model.outputs.size()));
  body->setName(model.name + ".body");

  LLVMContext &context = module.getContext();
  IRBuilder<> builder(context);
  auto *type = FunctionType::get(builder.getInt32Ty(),
                                 body->getFunctionType()->params(), false);
  auto *entry = Function::Create(type, GlobalValue::ExternalLinkage,
                                 model.name + "_run", module);
  for (StringRef attribute :
       {"target-cpu", "target-features", "prefer-vector-width"})
    if (body->hasFnAttribute(attribute))
      entry->addFnAttr(body->getFnAttribute(attribute));
  entry->setDoesNotThrow();
  builder.SetInsertPoint(BasicBlock::Create(context, "entry", entry));

  SmallVector<Value *> arguments;
  Type *intPtr = module.getDataLayout().getIntPtrType(context);
  Value *isNull = builder.getFalse();
  Value *lowBits = ConstantInt::get(intPtr, 0);
  auto check = [&](Argument &argument, uint64_t alignment) {
    isNull = builder.CreateOr(isNull, builder.CreateIsNull(&argument));
    Value *bits = builder.CreatePtrToInt(&argument, intPtr);
    lowBits = builder.CreateOr(
        lowBits,
        builder.CreateAnd(bits, ConstantInt::get(intPtr, alignment - 1)));
  };
  for (Argument &argument : entry->args()) {
    size_t index = argument.getArgNo();
    arguments.push_back(&argument);
    bool isInput = index < model.inputs.size();
    if (index == numTensors) {
      argument.setName("arena");
      // A model without intermediate values needs no arena.
      if (model.arenaSize > 0)
        check(argument, model.arenaAlign);
      continue;
    }
    size_t position = isInput ? index : index - model.inputs.size();
    argument.setName((isInput ? "input_" : "output_") + Twine(position));
    const TensorInterface &tensor =
        (isInput ? model.inputs : model.outputs)[position];
    check(argument, getElementSize(tensor.kind));
  }
  returnIf(builder, isNull, 1);
  returnIf(builder, builder.CreateIsNotNull(lowBits), 2);
  builder.CreateCall(body, arguments);
  builder.CreateRet(builder.getInt32(0));

  addArrayEntry(module, entry, model.name + "_run_buffers");
  addConstant(module, model.name + "_arena_size", model.arenaSize);
  addConstant(module, model.name + "_arena_align", model.arenaAlign);
  if (GlobalVariable *ticks = module.getNamedGlobal("qopt_profile_ticks")) {
    ticks->setName(model.name + "_profile_ticks");
    ticks->setLinkage(GlobalValue::ExternalLinkage);
    ticks->setDSOLocal(true);
  }
  return Error::success();
}
