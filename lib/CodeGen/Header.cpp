// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints the C header. Macros, because C has no other constants that may size
// an array; each is documented where it stands.

#include "qopt/CodeGen/Header.h"
#include "qopt/CodeGen/TilePermission.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

/// Names come from model files: nothing in them may end a comment, continue a
/// line or form a trigraph.
static std::string escapeComment(StringRef text) {
  std::string result;
  for (char c : text)
    result += isPrint(c) && c != '*' && c != '\\' && c != '?' ? c : '_';
  return result;
}

static std::string escapeString(StringRef text) {
  std::string result = "\"";
  for (unsigned char c : text) {
    if (isPrint(c) && c != '"' && c != '\\' && c != '?')
      result += c;
    else
      result += formatv("\\{0}{1}{2}", c >> 6, (c >> 3) & 7, c & 7).str();
  }
  return result + "\"";
}

/// Enough digits to read back the same double.
static std::string formatDouble(double value) {
  std::string text;
  raw_string_ostream(text) << format("%.17g", value);
  // A C literal without point or exponent would be an integer.
  return StringRef(text).find_first_of(".en") == StringRef::npos ? text + ".0"
                                                                 : text;
}

template <typename Range, typename Print>
static std::string list(const Range &values, Print print) {
  std::string text = "{";
  for (const auto &value : values)
    text += (text.size() > 1 ? ", " : "") + print(value);
  return text + "}";
}

static std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text;
  for (int64_t size : shape)
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "scalar" : text;
}

static void writeTensor(raw_ostream &out, const std::string &prefix,
                        StringRef role, size_t index,
                        const qopt::TensorInterface &tensor) {
  std::string p = formatv("{0}_{1}_{2}_", prefix, role.upper(), index).str();
  auto number = [](int64_t value) { return std::to_string(value); };
  auto parenthesized = [](int64_t value) {
    return value < 0 ? "(" + std::to_string(value) + ")"
                     : std::to_string(value);
  };
  out << formatv("\n/** {0} {1}: \"{2}\", {3} of {4}", role, index,
                 escapeComment(tensor.name), shapeText(tensor.shape),
                 qopt::getElementName(tensor.kind));
  if (tensor.isPerAxis())
    out << formatv(", real = SCALES[c] * (q - ZERO_POINTS[c]) with c the "
                   "index of axis {0}",
                   tensor.axis);
  else if (tensor.isQuantized())
    out << formatv(", real = {0} * (q - {1})", formatDouble(tensor.scales[0]),
                   parenthesized(tensor.zeroPoints[0]));
  out << " */\n";
  out << "#define " << p << "NAME " << escapeString(tensor.name) << "\n";
  out << "#define " << p << "TYPE " << qopt::getCName(tensor.kind) << "\n";
  out << "#define " << p << "RANK " << tensor.shape.size() << "\n";
  if (!tensor.shape.empty())
    out << "#define " << p << "SHAPE " << list(tensor.shape, number) << "\n";
  out << "/** Number of elements, and of bytes. */\n";
  out << "#define " << p << "SIZE " << tensor.getNumElements() << "\n";
  out << "#define " << p << "BYTES " << tensor.getByteSize() << "\n";
  if (tensor.isPerAxis()) {
    out << "#define " << p << "AXIS " << tensor.axis << "\n";
    out << "#define " << p << "SCALES " << list(tensor.scales, formatDouble)
        << "\n";
    out << "#define " << p << "ZERO_POINTS " << list(tensor.zeroPoints, number)
        << "\n";
  } else if (tensor.isQuantized()) {
    out << "#define " << p << "SCALE " << formatDouble(tensor.scales[0])
        << "\n";
    out << "#define " << p << "ZERO_POINT "
        << parenthesized(tensor.zeroPoints[0]) << "\n";
  }
}

/// The type of the function that callers bring. All models share it, so every
/// header must have it and a file may include several.
static void writeThreadsType(raw_ostream &out) {
  out << "\n#ifndef QOPT_PARALLEL_FOR\n#define QOPT_PARALLEL_FOR\n"
      << "/** Calls body(data, i) once for each i in 0 ... count - 1, in any\n"
      << " * order and on any threads, and returns when all calls have. */\n"
      << "typedef void (*qopt_parallel_for)(void *context, int count,\n"
      << "                                  void (*body)(void *data, int "
         "index),\n"
      << "                                  void *data);\n#endif\n";
}

/// When nothing can be run, as the end of a sentence.
static StringRef describeRefusal(const qopt::ModelInterface &model) {
  if (!model.variants.empty())
    return ";\n * 3 if this CPU can run none of the code's variants.";
  auto machine = qopt::createTargetMachine(model.target);
  if (!machine) {
    consumeError(machine.takeError());
    return ".";
  }
  return qopt::mustAskForTiles(**machine)
             ? ";\n * 3 if the operating system does not let this process use "
               "tiles."
             : ".";
}

void qopt::writeHeader(const ModelInterface &model, raw_ostream &out) {
  std::string prefix = StringRef(model.name).upper();
  std::string guard = prefix + "_QOPT_MODEL_H";
  out << "/* C interface of the model \"" << model.name
      << "\". Generated by qopt, do not edit.\n"
      << " * Target: " << escapeComment(model.target.triple);
  if (model.variants.empty())
    out << ", " << escapeComment(model.target.cpu);
  for (const VariantInterface &variant : model.variants)
    out << ", " << escapeComment(variant.name);
  out << ".\n"
      << " * The object needs memcpy, memmove and memset at most. */\n";
  out << "#ifndef " << guard << "\n#define " << guard << "\n\n"
      << "#include <stddef.h>\n#include <stdint.h>\n\n"
      << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  out << "/** Bytes of working memory that a run needs, and their alignment.\n"
      << " * The content need not be kept between runs. */\n"
      << "#define " << prefix << "_ARENA_SIZE " << model.arenaSize << "\n"
      << "#define " << prefix << "_ARENA_ALIGN " << model.arenaAlign << "\n"
      << "/** The same for programs that load the model at run time. */\n"
      << "extern const size_t " << model.name << "_arena_size;\n"
      << "extern const size_t " << model.name << "_arena_align;\n\n"
      << "#define " << prefix << "_NUM_INPUTS " << model.inputs.size() << "\n"
      << "#define " << prefix << "_NUM_OUTPUTS " << model.outputs.size()
      << "\n";
  for (auto [index, tensor] : enumerate(model.inputs))
    writeTensor(out, prefix, "input", index, tensor);
  for (auto [index, tensor] : enumerate(model.outputs))
    writeTensor(out, prefix, "output", index, tensor);

  bool usesThreads = model.threads > 0;
  StringRef threads =
      usesThreads ? ", qopt_parallel_for parallel_for, void *context" : "";
  if (usesThreads)
    writeThreadsType(out);
  out << "\n/** Runs the model once. May be called from several threads at a\n"
      << " * time, each with its own outputs and arena; nothing is allocated.\n"
      << " * Buffers must not overlap. Tensors are dense and row-major.\n"
      << " * Returns 0; 1 if a pointer is null; 2 if the arena or a tensor is\n"
      << " * not aligned" << (model.arenaSize == 0 ? " (arena: unused)" : "")
      << describeRefusal(model);
  if (usesThreads)
    out << "\n * Large layers are cut for up to " << model.threads
        << " threads: parallel_for is called with context\n"
        << " * for each of them. If it is null, this thread does everything; "
           "the outputs\n * are the same.";
  out << " */\n";
  out << "int " << model.name << "_run(";
  for (auto [index, tensor] : enumerate(model.inputs))
    out << "const " << getCName(tensor.kind) << " *input_" << index << ", ";
  for (auto [index, tensor] : enumerate(model.outputs))
    out << getCName(tensor.kind) << " *output_" << index << ", ";
  out << "void *arena" << threads << ");\n\n"
      << "/** The same with all pointers in one array: inputs, outputs, arena. "
         "*/\n"
      << "int " << model.name << "_run_buffers(void *const *buffers" << threads
      << ");\n\n"
      << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
}
