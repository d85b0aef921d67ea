// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys are words that a reader recognizes, not hashes: a line says what it is
// about.

#include "qopt/Dialect/Kernel/Transforms/ScheduleDatabase.h"

#include "ModuleTarget.h"
#include "ScheduleModel.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

Expected<ScheduleDatabase> ScheduleDatabase::load(StringRef path) {
  ScheduleDatabase database;
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (file.getError() == std::errc::no_such_file_or_directory)
    return database;
  if (!file)
    return createStringError(file.getError(), "cannot read '" + path + "': " +
                                                  file.getError().message());
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n');
  for (auto [index, line] : llvm::enumerate(lines)) {
    line = line.trim();
    if (line.empty() || line.starts_with("#"))
      continue;
    auto [key, schedule] = line.split(" = #kernel.schedule<");
    if (schedule.empty())
      return createStringError(
          llvm::formatv("{0}:{1}: expected 'KEY = #kernel.schedule<…>', found "
                        "'{2}'",
                        path, index + 1, line));
    database.lines[key.trim().str()] = "#kernel.schedule<" + schedule.str();
  }
  return database;
}

Expected<ScheduleAttr> ScheduleDatabase::lookup(StringRef key,
                                                MLIRContext *context) const {
  auto it = lines.find(key.str());
  if (it == lines.end())
    return ScheduleAttr();
  // The parser's own words would come without the file's name.
  ScopedDiagnosticHandler quiet(context,
                                [](Diagnostic &) { return success(); });
  auto schedule = dyn_cast_or_null<ScheduleAttr>(
      parseAttribute(it->second, context, Type(), /*numRead=*/nullptr,
                     /*isKnownNullTerminated=*/true));
  if (!schedule)
    return createStringError("the tuning database has '" + it->second +
                             "' for '" + key +
                             "', which is no schedule: remove the line");
  return schedule;
}

void ScheduleDatabase::insert(StringRef key, ScheduleAttr schedule) {
  std::string text;
  llvm::raw_string_ostream(text) << schedule;
  lines[key.str()] = text;
}

void ScheduleDatabase::print(llvm::raw_ostream &out) const {
  out << "# Schedules that qoptc --tune found the fastest; see tuning.md.\n";
  for (const auto &[key, schedule] : lines)
    out << key << " = " << schedule << "\n";
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

static std::string getTypeText(Type type) {
  auto shaped = cast<ShapedType>(type);
  std::string text;
  for (int64_t size : shaped.getShape())
    text += std::to_string(size) + "x";
  llvm::raw_string_ostream(text) << shaped.getElementType();
  return text;
}

static std::string join(ArrayRef<int64_t> values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : "x") + std::to_string(value);
  return text;
}

/// What kinds of stages there are: their constants cost the same.
static std::string getStagesText(ArrayAttr stages) {
  std::string text;
  for (Attribute stage : stages) {
    std::string full;
    llvm::raw_string_ostream(full) << stage;
    StringRef name = StringRef(full).split('<').first;
    name.consume_front("#kernel.");
    text += (text.empty() ? "" : ",") + name.str();
  }
  return text.empty() ? "none" : text;
}

static std::string getFactsText(const cpu::TargetFacts &facts) {
  std::string text = facts.architecture == cpu::Architecture::X86 ? "x86"
                     : facts.architecture == cpu::Architecture::AArch64
                         ? "aarch64"
                         : "generic";
  const std::pair<const char *, bool> features[] = {
      {"sse41", facts.sse41},
      {"avx2", facts.avx2},
      {"fma", facts.fma},
      {"avxvnni", facts.avxVNNI},
      {"avx512", facts.avx512},
      {"avx512vnni", facts.avx512VNNI},
      {"amx", facts.amxInt8},
      {"dotprod", facts.dotprod},
      {"i8mm", facts.i8mm},
      {"256bit", facts.avx512 && facts.vectorBytes < 64}};
  for (auto [name, has] : features)
    if (has)
      text += std::string("+") + name;
  return text;
}

/// How the filter of a float convolution is stored, if as integers.
static std::string getStoredFilterText(Conv2DOp op) {
  if (!op.getInput().getType().getElementType().isF32() ||
      op.getFilter().getType().getElementType().isF32())
    return "";
  std::string text = " weights i" + std::to_string(op.getFilterBits());
  if (op.getGroupSize())
    text += " groups of " + std::to_string(op.getGroupSize());
  return text;
}
static std::string getStoredFilterText(DepthwiseConv2DOp op) {
  bool isStored = op.getInput().getType().getElementType().isF32() &&
                  !op.getFilter().getType().getElementType().isF32();
  return isStored ? " weights i8" : "";
}

template <typename ConvOp>
static std::string getKey(ConvOp op, const cpu::TargetFacts &facts) {
  std::string text = op->getName().stripDialect().str();
  text += " " + getTypeText(op.getInput().getType());
  text += op.getInputUnsigned() ? "(unsigned)" : "";
  text += " " + getTypeText(op.getInit().getType());
  text += " kernel " + join(op.getKernel()) + " strides " +
          join(op.getStrides()) + " dilations " + join(op.getDilations());
  if (auto conv = dyn_cast<Conv2DOp>(op.getOperation());
      conv && conv.getGroups() != 1)
    text += " groups " + std::to_string(conv.getGroups());
  if (op.getFilterUnsigned() || op.getFilterZeroPoint() != 0)
    text += " asymmetric";
  text += getStoredFilterText(op);
  text += " bias " + getTypeText(op.getBias().getType());
  if (op.getMultiplier())
    text += " scaled";
  for (Value residual : op.getResiduals())
    text += " with " + getTypeText(residual.getType());
  return text + " stages " + getStagesText(op.getStages()) + " on " +
         getFactsText(facts);
}

std::string kernel::getScheduleKey(Operation *op) {
  if (!isa<Conv2DOp, DepthwiseConv2DOp>(op))
    return "";
  FailureOr<cpu::TargetFacts> facts =
      getModuleTargetFacts(op->getParentOfType<ModuleOp>());
  if (failed(facts))
    return "";
  if (auto conv = dyn_cast<Conv2DOp>(op))
    return getKey(conv, *facts);
  if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
    return getKey(conv, *facts);
  return "";
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

Expected<SmallVector<ScheduleAttr>> kernel::listSchedules(Operation *op,
                                                          unsigned count) {
  FailureOr<cpu::TargetFacts> facts =
      getModuleTargetFacts(op->getParentOfType<ModuleOp>());
  if (failed(facts))
    return createStringError("the module's target is not known");
  SmallVector<ScheduleAttr> schedules;
  if (auto conv = dyn_cast<Conv2DOp>(op)) {
    schedules = listSchedules(conv, *facts, {});
  } else if (auto conv = dyn_cast<DepthwiseConv2DOp>(op)) {
    ScheduleAttr chosen = chooseSchedule(conv, *facts, {});
    if (!chosen)
      return schedules;
    schedules.push_back(chosen);
    int64_t width = conv.getInit().getType().getShape()[2];
    unsigned most = facts->vectorRegisters >= 32 ? 6 : 3;
    for (unsigned pixels = 1; pixels <= std::min<int64_t>(most, width);
         ++pixels)
      if (pixels != chosen.getPixels())
        schedules.push_back(ScheduleAttr::get(
            op->getContext(), chosen.getFamily(), chosen.getLanes(),
            chosen.getVectors(), pixels, chosen.getAxis(),
            chosen.getInterleaved(), chosen.getSteps()));
  }
  schedules.truncate(std::min<size_t>(count, schedules.size()));
  return schedules;
}
