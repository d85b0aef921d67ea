// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function that C programs call. It is the only place that checks
// arguments; kernels behind it assume them valid.

#include "qopt/CodeGen/CodeGen.h"
#include "qopt/CodeGen/TilePermission.h"

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
static void addArrayEntry(Module &module, Function *entry, bool usesThreads,
                          const Twine &name) {
  IRBuilder<> builder(module.getContext());
  SmallVector<Type *> types = {builder.getPtrTy()};
  if (usesThreads)
    types.append(2, builder.getPtrTy());
  auto *type = FunctionType::get(builder.getInt32Ty(), types, false);
  auto *function =
      Function::Create(type, GlobalValue::ExternalLinkage, name, module);
  function->copyAttributesFrom(entry);
  Argument *buffers = function->getArg(0);
  buffers->setName("buffers");
  builder.SetInsertPoint(
      BasicBlock::Create(module.getContext(), "entry", function));
  SmallVector<Value *> arguments;
  unsigned numBuffers = entry->arg_size() - (usesThreads ? 2 : 0);
  for (unsigned i = 0; i < numBuffers; ++i)
    arguments.push_back(builder.CreateLoad(
        builder.getPtrTy(),
        builder.CreateConstInBoundsGEP1_64(builder.getPtrTy(), buffers, i)));
  for (Argument &argument : drop_begin(function->args()))
    arguments.push_back(&argument);
  builder.CreateRet(builder.CreateCall(entry, arguments));
}

/// The `parallel_for` of callers that bring none: one body after the other.
static Function *addSerialFor(Module &module, Function *entry) {
  LLVMContext &context = module.getContext();
  IRBuilder<> builder(context);
  Type *pointer = builder.getPtrTy(), *i32 = builder.getInt32Ty();
  auto *type = FunctionType::get(builder.getVoidTy(),
                                 {pointer, i32, pointer, pointer}, false);
  auto *function = Function::Create(type, GlobalValue::InternalLinkage,
                                    "qopt_serial_for", module);
  function->copyAttributesFrom(entry);
  function->setDSOLocal(true);
  BasicBlock *start = BasicBlock::Create(context, "entry", function);
  BasicBlock *loop = BasicBlock::Create(context, "loop", function);
  BasicBlock *end = BasicBlock::Create(context, "end", function);
  builder.SetInsertPoint(start);
  builder.CreateBr(loop);
  builder.SetInsertPoint(loop);
  PHINode *index = builder.CreatePHI(i32, 2);
  index->addIncoming(builder.getInt32(0), start);
  auto *bodyType =
      FunctionType::get(builder.getVoidTy(), {pointer, i32}, false);
  builder.CreateCall(bodyType, function->getArg(2),
                     {function->getArg(3), index});
  // The compiler makes at least two ranges of a kernel that it cuts.
  Value *next = builder.CreateAdd(index, builder.getInt32(1));
  index->addIncoming(next, loop);
  builder.CreateCondBr(builder.CreateICmpSLT(next, function->getArg(1)), loop,
                       end);
  builder.SetInsertPoint(end);
  builder.CreateRetVoid();
  return function;
}

/// What the body knows as its threads: the caller's function, or the serial
/// one, and the context, in memory.
static Value *packThreads(IRBuilder<> &builder, Argument *parallelFor,
                          Argument *context) {
  Function *entry = parallelFor->getParent();
  Function *serial = addSerialFor(*entry->getParent(), entry);
  Type *pointer = builder.getPtrTy();
  Value *threads =
      builder.CreateAlloca(ArrayType::get(pointer, 2), nullptr, "threads");
  builder.CreateStore(builder.CreateSelect(builder.CreateIsNull(parallelFor),
                                           serial, parallelFor),
                      threads);
  builder.CreateStore(context,
                      builder.CreateConstInBoundsGEP1_64(pointer, threads, 1));
  return threads;
}

/// The variant that was chosen at the first call. Several threads may come
/// first at a time: they choose the same. Returns 3 if none fits the CPU.
static Expected<Value *> emitChoice(IRBuilder<> &builder,
                                    ArrayRef<qopt::CodeVariant> variants,
                                    const std::string &name) {
  Function *entry = builder.GetInsertBlock()->getParent();
  Module &module = *entry->getParent();
  auto choice =
      qopt::addVariantChoice(module, variants, name + ".choose_variant");
  if (!choice)
    return choice.takeError();
  PointerType *pointer = builder.getPtrTy();
  auto *chosen = new GlobalVariable(
      module, pointer, /*isConstant=*/false, GlobalValue::InternalLinkage,
      ConstantPointerNull::get(pointer), name + ".variant");
  chosen->setDSOLocal(true);
  Align align(module.getDataLayout().getPointerSize());
  LoadInst *before = builder.CreateAlignedLoad(pointer, chosen, align);
  before->setAtomic(AtomicOrdering::Monotonic);
  BasicBlock *start = builder.GetInsertBlock();
  BasicBlock *first = BasicBlock::Create(module.getContext(), "first", entry);
  BasicBlock *run = BasicBlock::Create(module.getContext(), "run", entry);
  builder.CreateCondBr(builder.CreateIsNull(before), first, run);
  builder.SetInsertPoint(first);
  Value *found = builder.CreateCall(*choice);
  returnIf(builder, builder.CreateIsNull(found), 3);
  builder.CreateAlignedStore(found, chosen, align)
      ->setAtomic(AtomicOrdering::Monotonic);
  BasicBlock *last = builder.GetInsertBlock();
  builder.CreateBr(run);
  builder.SetInsertPoint(run);
  PHINode *body = builder.CreatePHI(pointer, 2);
  body->addIncoming(before, start);
  body->addIncoming(found, last);
  return body;
}

/// Asks for tiles at the first call; returns 3 if they are refused. Several
/// threads may come first at a time: they ask for the same.
static void askForTiles(IRBuilder<> &builder, const std::string &name) {
  Function *entry = builder.GetInsertBlock()->getParent();
  Module &module = *entry->getParent();
  Type *type = builder.getInt8Ty();
  auto *granted = new GlobalVariable(
      module, type, /*isConstant=*/false, GlobalValue::InternalLinkage,
      ConstantInt::get(type, 0), name + ".may_use_tiles");
  granted->setDSOLocal(true);
  LoadInst *before = builder.CreateAlignedLoad(type, granted, Align(1));
  before->setAtomic(AtomicOrdering::Monotonic);
  BasicBlock *ask = BasicBlock::Create(module.getContext(), "ask", entry);
  BasicBlock *run = BasicBlock::Create(module.getContext(), "run", entry);
  builder.CreateCondBr(builder.CreateIsNull(before), ask, run);
  builder.SetInsertPoint(ask);
  Value *answer = builder.CreateCall(qopt::getTilePermission(module));
  returnIf(builder, builder.CreateNot(answer), 3);
  builder.CreateAlignedStore(ConstantInt::get(type, 1), granted, Align(1))
      ->setAtomic(AtomicOrdering::Monotonic);
  builder.CreateBr(run);
  builder.SetInsertPoint(run);
}

/// <model>_run_buffers.N: chooses variant N, whatever the CPU, and runs it. Not
/// part of the interface: C has no such names.
static void addVariantEntry(Module &module, const qopt::CodeVariant &variant,
                            const Twine &name, Function *entry,
                            GlobalVariable *chosen) {
  IRBuilder<> builder(module.getContext());
  auto *function = Function::Create(entry->getFunctionType(),
                                    GlobalValue::ExternalLinkage, name, module);
  function->copyAttributesFrom(entry);
  builder.SetInsertPoint(
      BasicBlock::Create(module.getContext(), "entry", function));
  Align align(module.getDataLayout().getPointerSize());
  if (variant.asksForTiles)
    returnIf(
        builder,
        builder.CreateNot(builder.CreateCall(qopt::getTilePermission(module))),
        3);
  builder.CreateAlignedStore(variant.body, chosen, align)
      ->setAtomic(AtomicOrdering::Monotonic);
  SmallVector<Value *> arguments;
  for (Argument &argument : function->args())
    arguments.push_back(&argument);
  builder.CreateRet(builder.CreateCall(entry, arguments));
}

Error qopt::addEntryPoint(Module &module, const ModelInterface &model,
                          ArrayRef<CodeVariant> variants) {
  Function *body =
      variants.empty() ? module.getFunction("main") : variants.front().body;
  if (!body || body->isDeclaration())
    return createStringError("the module has no function 'main' to compile");
  size_t numTensors = model.inputs.size() + model.outputs.size();
  bool usesThreads = model.threads > 0;
  size_t numArguments = numTensors + (usesThreads ? 2 : 1);
  if (body->arg_size() != numArguments || !body->getReturnType()->isVoidTy() ||
      any_of(body->args(),
             [](Argument &arg) { return !arg.getType()->isPointerTy(); }))
    return createStringError(
        formatv("'main' takes {0} arguments, expected {1} buffers "
                "({2} inputs, {3} outputs, the arena{4}) and no result",
                body->arg_size(), numArguments, model.inputs.size(),
                model.outputs.size(), usesThreads ? ", threads" : ""));
  if (variants.empty())
    body->setName(model.name + ".body");

  LLVMContext &context = module.getContext();
  IRBuilder<> builder(context);
  // Threads are two arguments in C, a function and its context.
  SmallVector<Type *> types(numArguments + usesThreads, builder.getPtrTy());
  auto *type = FunctionType::get(builder.getInt32Ty(), types, false);
  auto *entry = Function::Create(type, GlobalValue::ExternalLinkage,
                                 model.name + "_run", module);
  // Only what every CPU has runs before the choice.
  for (StringRef attribute :
       {"target-cpu", "target-features", "prefer-vector-width"})
    if (variants.empty() && body->hasFnAttribute(attribute))
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
    if (index > numTensors) {
      argument.setName(index == numTensors + 1 ? "parallel_for" : "context");
      continue;
    }
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
  if (usesThreads)
    arguments.push_back(packThreads(builder, entry->getArg(numTensors + 1),
                                    entry->getArg(numTensors + 2)));
  if (variants.empty() && mustAskForTiles(module))
    askForTiles(builder, model.name);
  Value *callee = body;
  if (!variants.empty()) {
    auto chosen = emitChoice(builder, variants, model.name);
    if (!chosen)
      return chosen.takeError();
    callee = *chosen;
  }
  builder.CreateCall(body->getFunctionType(), callee, arguments);
  builder.CreateRet(builder.getInt32(0));

  addArrayEntry(module, entry, usesThreads, model.name + "_run_buffers");
  for (auto [index, variant] : enumerate(variants))
    addVariantEntry(module, variant,
                    model.name + "_run_buffers." + Twine(index),
                    module.getFunction(model.name + "_run_buffers"),
                    module.getNamedGlobal(model.name + ".variant"));
  addConstant(module, model.name + "_arena_size", model.arenaSize);
  addConstant(module, model.name + "_arena_align", model.arenaAlign);
  if (GlobalVariable *ticks = module.getNamedGlobal("qopt_profile_ticks")) {
    ticks->setName(model.name + "_profile_ticks");
    ticks->setLinkage(GlobalValue::ExternalLinkage);
    ticks->setDSOLocal(true);
  }
  return Error::success();
}
