// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Explain.h.

#include "Explain.h"

#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Support/Names.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace qoptc;
using qopt::LayerExplanation;

Error qoptc::checkExplain(const Options &options, Emit emit) {
  if (options.explain.empty())
    return Error::success();
  if (emit == Emit::MLIR || emit == Emit::Bytecode || emit == Emit::TFLite)
    return createStringError("--explain needs an output that is code, or the "
                             "header, for kernels are chosen on the way there");
  if (options.explain != "-" &&
      sys::path::extension(options.explain) != ".json")
    return createStringError("cannot tell from '" + options.explain +
                             "' how to explain: use the suffix .json, or "
                             "--explain alone for a table");
  return Error::success();
}

/// `vpdpbusd 16x4x4`: lanes, vectors, pixels; `pmaddubsw/2` adds up two steps
/// in 16 bits.
static std::string describeSchedule(const LayerExplanation &layer) {
  if (!layer.schedule)
    return "-";
  std::string family = layer.schedule->family;
  if (layer.schedule->together)
    family += "/" + std::to_string(layer.schedule->together);
  return formatv("{0} {1}x{2}x{3}", family, layer.schedule->lanes,
                 layer.schedule->vectors, layer.schedule->pixels);
}

/// `fma 30, fma2 2`, as many as there are channels of each kind.
static std::string describeRequantize(const LayerExplanation &layer) {
  std::string text;
  const qopt::RequantizeExplanation &r = layer.requantize;
  for (auto [name, count] :
       {std::pair("fma", r.oneTerm), std::pair("fma2", r.twoTerms),
        std::pair("integer", r.integer), std::pair("real", r.real)})
    if (count > 0)
      text += formatv("{0}{1} {2}", text.empty() ? "" : ", ", name, count);
  if (layer.scaledSums)
    text += text.empty() ? "sum" : ", sum";
  if (layer.otherSums)
    text += text.empty() ? "add" : ", add";
  return text.empty() ? "-" : text;
}

namespace {
/// Sums over all layers; code that layers share counts once.
struct Totals {
  int64_t weights = 0, channels = 0, proved = 0, functions = 0, cut = 0;
  int64_t byteSums = 0, steps = 0, splitSteps = 0;
  uint64_t code = 0;

  explicit Totals(ArrayRef<LayerExplanation> layers) {
    StringSet<> seen;
    for (const LayerExplanation &layer : layers) {
      const qopt::RequantizeExplanation &r = layer.requantize;
      weights += layer.weightBytes;
      cut += layer.ranges > 1;
      proved += r.oneTerm + r.twoTerms;
      channels += r.oneTerm + r.twoTerms + r.integer;
      if (layer.schedule && layer.schedule->together) {
        ++byteSums;
        steps += layer.schedule->steps;
        splitSteps += layer.schedule->splitSteps;
      }
      if (!seen.insert(layer.function).second)
        continue;
      ++functions;
      code += layer.codeBytes.value_or(0);
    }
  }
};
} // namespace

/// The name of the variant that layers are of; empty if there is one.
static std::string getVariant(ArrayRef<LayerExplanation> layers) {
  return layers.empty() ? "" : layers.front().variant;
}

/// The layers of each variant, which follow one another.
static std::vector<ArrayRef<LayerExplanation>>
splitVariants(ArrayRef<LayerExplanation> layers) {
  std::vector<ArrayRef<LayerExplanation>> parts;
  do {
    parts.push_back(layers.take_while([&](const LayerExplanation &layer) {
      return layer.variant == getVariant(layers);
    }));
    layers = layers.drop_front(parts.back().size());
  } while (!layers.empty());
  return parts;
}

/// Whose memory is how much smaller because of which bands.
static void writeBands(const qopt::kernel::BandNotes &notes, raw_ostream &out) {
  for (auto [number, chain] : enumerate(notes.chains))
    out << formatv(
        "chain {0}: {1} {2}, {3}{4}, in {5} bands of {6} {7}\n", number,
        chain.kernels, chain.kernels == 1 ? "kernel" : "kernels",
        qopt::shortenName(chain.first, 40),
        chain.kernels == 1 ? std::string()
                           : " to " + qopt::shortenName(chain.last, 40),
        chain.bands, chain.rows, chain.rows == 1 ? "row" : "rows");
  if (!notes.chains.empty())
    out << formatv("arena of {0} bytes, {1} without bands\n", notes.arena,
                   notes.arenaBefore);
}

static void writeTable(ArrayRef<LayerExplanation> layers, bool isThreaded,
                       raw_ostream &out) {
  bool hasChains = any_of(layers, [](const LayerExplanation &layer) {
    return layer.chain.has_value();
  });
  constexpr const char *row =
      "{0,-40}  {1,-17}  {2,-18}  {3,-24} {4,9} {5,7}{6}\n";
  auto last = [&](const std::string &ranges, const std::string &chain) {
    return (isThreaded ? formatv("{0,8}", ranges).str() : std::string()) +
           (hasChains ? formatv("{0,7}", chain).str() : std::string());
  };
  out << formatv(row, "layer", "kernel", "schedule", "requantize", "weights",
                 "code", last("ranges", "chain"));
  for (const LayerExplanation &layer : layers)
    out << formatv(row, qopt::shortenName(layer.name, 40), layer.kernel,
                   describeSchedule(layer), describeRequantize(layer),
                   layer.weightBytes ? std::to_string(layer.weightBytes) : "-",
                   layer.codeBytes ? std::to_string(*layer.codeBytes) : "-",
                   last(std::to_string(layer.ranges),
                        layer.chain ? std::to_string(*layer.chain) : "-"));
  Totals totals(layers);
  out << formatv("{0} layers, {1} functions of {2} bytes, {3} bytes of packed "
                 "weights\n{4} of {5} channels requantize by proved "
                 "multiply-adds\n",
                 layers.size(), totals.functions, totals.code, totals.weights,
                 totals.proved, totals.channels);
  if (totals.byteSums)
    out << formatv("{0} layers add up products in 16 bits, proved to fit after "
                   "their {1} steps were split into {2}\n",
                   totals.byteSums, totals.steps,
                   totals.steps + totals.splitSteps);
  if (isThreaded)
    out << formatv("{0} of {1} layers are cut for several threads\n",
                   totals.cut, layers.size());
}

static void writeLayer(const LayerExplanation &layer, bool isThreaded,
                       json::OStream &out) {
  out.attribute("name", json::fixUTF8(layer.name));
  out.attribute("kernel", layer.kernel);
  out.attribute("function", layer.function);
  if (layer.schedule)
    out.attributeObject("schedule", [&] {
      out.attribute("family", layer.schedule->family);
      out.attribute("lanes", layer.schedule->lanes);
      out.attribute("vectors", layer.schedule->vectors);
      out.attribute("pixels", layer.schedule->pixels);
      out.attribute("interleaved", layer.schedule->interleaved);
      if (layer.schedule->together) {
        out.attribute("together", layer.schedule->together);
        out.attribute("steps", layer.schedule->steps);
        out.attribute("split_steps", layer.schedule->splitSteps);
      }
    });
  out.attributeObject("requantized_channels", [&] {
    out.attribute("one_fma", layer.requantize.oneTerm);
    out.attribute("two_fma", layer.requantize.twoTerms);
    out.attribute("integer", layer.requantize.integer);
    out.attribute("real", layer.requantize.real);
  });
  out.attribute("scaled_sums", layer.scaledSums);
  out.attribute("other_sums", layer.otherSums);
  out.attribute("weight_bytes", layer.weightBytes);
  if (isThreaded)
    out.attribute("ranges", layer.ranges);
  if (layer.chain)
    out.attribute("chain", *layer.chain);
  if (layer.codeBytes)
    out.attribute("code_bytes", static_cast<int64_t>(*layer.codeBytes));
}

static void writeBands(const qopt::kernel::BandNotes &notes,
                       json::OStream &out) {
  if (notes.chains.empty())
    return;
  out.attribute("arena", notes.arena);
  out.attribute("arena_without_bands", notes.arenaBefore);
  out.attributeArray("chains", [&] {
    for (const qopt::kernel::BandNote &chain : notes.chains)
      out.object([&] {
        out.attribute("first", json::fixUTF8(chain.first));
        out.attribute("last", json::fixUTF8(chain.last));
        out.attribute("kernels", chain.kernels);
        out.attribute("bands", chain.bands);
        out.attribute("rows", chain.rows);
      });
  });
}

/// The attributes of one variant.
static void writeLayers(ArrayRef<LayerExplanation> layers,
                        const qopt::kernel::BandNotes &notes, bool isThreaded,
                        json::OStream &out) {
  Totals totals(layers);
  writeBands(notes, out);
  out.attribute("functions", totals.functions);
  out.attribute("code_bytes", static_cast<int64_t>(totals.code));
  out.attribute("weight_bytes", totals.weights);
  out.attribute("channels", totals.channels);
  out.attribute("proved_channels", totals.proved);
  out.attributeArray("layers", [&] {
    for (const LayerExplanation &layer : layers)
      out.object([&] { writeLayer(layer, isThreaded, out); });
  });
}

/// The chains of the variant that layers are of.
static qopt::kernel::BandNotes findBands(const qopt::Compiler &compiler,
                                         ArrayRef<LayerExplanation> layers) {
  for (const qopt::BandExplanation &bands : compiler.getBands())
    if (bands.variant == getVariant(layers))
      return bands.notes;
  return {};
}

static void writeJSON(ArrayRef<ArrayRef<LayerExplanation>> variants,
                      const qopt::Compiler &compiler, raw_ostream &stream) {
  bool isThreaded = compiler.getInterface().threads > 0;
  json::OStream out(stream, /*IndentSize=*/1);
  out.object([&] {
    if (getVariant(variants.front()).empty())
      return writeLayers(variants.front(),
                         findBands(compiler, variants.front()), isThreaded,
                         out);
    out.attributeArray("variants", [&] {
      for (ArrayRef<LayerExplanation> layers : variants)
        out.object([&] {
          out.attribute("name", getVariant(layers));
          writeLayers(layers, findBands(compiler, layers), isThreaded, out);
        });
    });
  });
  stream << "\n";
}

Error qoptc::writeExplanation(const qopt::Compiler &compiler,
                              const Options &options) {
  if (options.explain.empty())
    return Error::success();
  auto variants = splitVariants(compiler.getExplanation());
  bool isThreaded = compiler.getInterface().threads > 0;
  if (options.explain != "-")
    return qopt::writeOutputFile(options.explain, [&](raw_pwrite_stream &out) {
      writeJSON(variants, compiler, out);
      return Error::success();
    });
  for (ArrayRef<LayerExplanation> layers : variants) {
    if (std::string variant = getVariant(layers); !variant.empty())
      errs() << "for " << variant << ":\n";
    writeTable(layers, isThreaded, errs());
    writeBands(findBands(compiler, layers), errs());
  }
  return Error::success();
}
