// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes each kind of output, complete or not at all.

#include "Outputs.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "qopt/CodeGen/Header.h"
#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Translation/ONNX/ONNXExport.h"
#include "qopt/Translation/TFLite/TFLiteExport.h"

using namespace llvm;
using namespace qoptc;

static Error writeMLIR(mlir::ModuleOp module, StringRef path, bool bytecode) {
  return qopt::writeOutputFile(path, [&](raw_pwrite_stream &out) -> Error {
    if (bytecode) {
      if (mlir::failed(mlir::writeBytecodeToFile(module, out)))
        return createStringError("cannot write bytecode");
      return Error::success();
    }
    // Locations carry the names of the model's tensors.
    module.print(out, mlir::OpPrintingFlags().enableDebugInfo());
    return Error::success();
  });
}

/// A model file of another system, after the phase that suits it.
/// Says what a file for other runtimes leaves out.
static void warnOfDynamicInputs(mlir::ModuleOp module) {
  module.walk([](mlir::Operation *op) {
    if (!op->hasAttr("quant.dynamic"))
      return mlir::WalkResult::advance();
    mlir::emitWarning(op->getLoc())
        << "inputs that are quantized at run time are exported as floats: the "
           "file holds the integer weights, and other runtimes give other "
           "results than qopt's own code";
    return mlir::WalkResult::interrupt();
  });
}

static Error writeModel(qopt::Compiler &compiler, mlir::ModuleOp module,
                        const Options &options, Emit emit) {
  // What a converter would do without being asked: a float model is folded.
  qopt::Phase phase =
      options.compile.quantize ? qopt::Phase::Quantized : qopt::Phase::Float;
  if (Error error = compiler.runPhases(options.stopAfter.value_or(phase)))
    return error;
  warnOfDynamicInputs(module);
  return qopt::writeOutputFile(
      options.output, [&](raw_pwrite_stream &out) -> Error {
        bool isTFLite = emit == Emit::TFLite;
        if (mlir::failed(isTFLite
                             ? qopt::exportTFLite(module, out)
                             : qopt::exportONNX(module, options.onnx, out)))
          return createStringError(
              "cannot write '" + options.output + "' as " +
              (isTFLite ? "a TensorFlow Lite model" : "an ONNX model"));
        return Error::success();
      });
}

static Error writeHeaderFile(const qopt::ModelInterface &model,
                             StringRef path) {
  return qopt::writeOutputFile(path, [&](raw_pwrite_stream &out) {
    qopt::writeHeader(model, out);
    return Error::success();
  });
}

static Error writeCode(qopt::Compiler &compiler, const Options &options,
                       Emit emit) {
  if (Error error = compiler.generateCode())
    return error;
  if (emit == Emit::SharedLibrary)
    return compiler.emitSharedLibrary(options.output);
  return qopt::writeOutputFile(
      options.output, [&](raw_pwrite_stream &out) -> Error {
        if (emit == Emit::Object)
          return compiler.emitObject(out);
        return compiler.emit(emit == Emit::Assembly ? qopt::FileKind::Assembly
                                                    : qopt::FileKind::LLVMIR,
                             out);
      });
}

Error qoptc::writeOutputs(qopt::Compiler &compiler, mlir::ModuleOp module,
                          const Options &options, Emit emit) {
  switch (emit) {
  case Emit::MLIR:
  case Emit::Bytecode:
    if (Error error =
            compiler.runPhases(options.stopAfter.value_or(qopt::Phase::Kernel)))
      return error;
    return writeMLIR(module, options.output, emit == Emit::Bytecode);
  case Emit::TFLite:
  case Emit::ONNX:
    return writeModel(compiler, module, options, emit);
  case Emit::Header:
    if (Error error = compiler.planMemory())
      return error;
    return writeHeaderFile(compiler.getInterface(), options.output);
  default:
    break;
  }
  if (Error error = writeCode(compiler, options, emit))
    return error;
  if (options.header.empty())
    return Error::success();
  return writeHeaderFile(compiler.getInterface(), options.header);
}
