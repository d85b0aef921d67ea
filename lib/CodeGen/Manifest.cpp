// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON form of a model's interface. The reader takes nothing on trust: objects
// come from anywhere, and what it returns is used to size buffers.

#include "qopt/CodeGen/Manifest.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

/// Sizes above this are no tensors of a model that fits this machine.
static constexpr int64_t maxElements = int64_t(1) << 40;

static void writeTensors(json::OStream &out, StringRef key,
                         ArrayRef<qopt::TensorInterface> tensors) {
  out.attributeArray(key, [&] {
    for (const qopt::TensorInterface &tensor : tensors)
      out.object([&] {
        out.attribute("name", json::fixUTF8(tensor.name));
        out.attribute("shape", json::Array(tensor.shape));
        out.attribute("storage", qopt::getElementName(tensor.kind));
        if (!tensor.isQuantized())
          return;
        out.attribute("scale", json::Array(tensor.scales));
        out.attribute("zero_point", json::Array(tensor.zeroPoints));
        if (tensor.isPerAxis())
          out.attribute("axis", tensor.axis);
      });
  });
}

std::string qopt::writeManifest(const ModelInterface &model) {
  std::string text;
  raw_string_ostream stream(text);
  json::OStream out(stream, /*IndentSize=*/1);
  out.object([&] {
    out.attribute("format", "qopt.manifest");
    out.attribute("version", 1);
    out.attribute("name", model.name);
    writeTensors(out, "inputs", model.inputs);
    writeTensors(out, "outputs", model.outputs);
    out.attributeObject("arena", [&] {
      out.attribute("size", model.arenaSize);
      out.attribute("align", model.arenaAlign);
    });
    out.attributeObject("target", [&] {
      out.attribute("triple", model.target.triple);
      out.attribute("cpu", model.target.cpu);
      out.attribute("features", model.target.features);
    });
    if (model.threads > 0)
      out.attribute("threads", model.threads);
    if (!model.variants.empty())
      out.attributeArray("variants", [&] {
        for (const VariantInterface &variant : model.variants)
          out.object([&] {
            out.attribute("name", variant.name);
            out.attribute("cpu", variant.target.cpu);
            out.attribute("features", variant.target.features);
          });
      });
    if (!model.layers.empty())
      out.attributeArray("layers", [&] {
        for (const LayerInterface &layer : model.layers)
          out.object([&] {
            out.attribute("name", json::fixUTF8(layer.name));
            out.attribute("kernel", layer.kernel);
            out.attribute("macs", layer.macs);
          });
      });
  });
  return text;
}

namespace {
/// Field access with errors that name the field.
class Reader {
public:
  Reader(const json::Value &value, const Twine &path)
      : object(value.getAsObject()), path(path.str()) {}

  Error missing(StringRef key, StringRef expected) const {
    return createStringError("manifest: '" + path + "." + key +
                             "' is missing or not " + expected);
  }
  Error read(StringRef key, std::string &into) const {
    auto value = object ? object->getString(key) : std::nullopt;
    if (!value)
      return missing(key, "a string");
    into = value->str();
    return Error::success();
  }
  Error read(StringRef key, int64_t &into, int64_t low) const {
    auto value = object ? object->getInteger(key) : std::nullopt;
    if (!value || *value < low || *value > maxElements)
      return missing(key,
                     formatv("an integer in {0}…{1}", low, maxElements).str());
    into = *value;
    return Error::success();
  }
  Expected<const json::Array *> array(StringRef key) const {
    const json::Array *value = object ? object->getArray(key) : nullptr;
    if (!value)
      return missing(key, "an array");
    return value;
  }
  bool has(StringRef key) const { return object && object->get(key); }
  const json::Object *object;
  std::string path;
};
} // namespace

static Error readQuantization(const Reader &in, qopt::TensorInterface &tensor) {
  auto scales = in.array("scale");
  if (!scales)
    return scales.takeError();
  auto zeroPoints = in.array("zero_point");
  if (!zeroPoints)
    return zeroPoints.takeError();
  for (const json::Value &value : **scales) {
    auto scale = value.getAsNumber();
    if (!scale || !(*scale > 0))
      return in.missing("scale", "an array of positive numbers");
    tensor.scales.push_back(*scale);
  }
  for (const json::Value &value : **zeroPoints) {
    auto zeroPoint = value.getAsInteger();
    if (!zeroPoint)
      return in.missing("zero_point", "an array of integers");
    tensor.zeroPoints.push_back(*zeroPoint);
  }
  if (in.has("axis"))
    if (Error error = in.read("axis", tensor.axis, 0))
      return error;
  size_t expected = 1;
  if (tensor.isPerAxis()) {
    if (tensor.axis >= static_cast<int64_t>(tensor.shape.size()))
      return in.missing("axis", "an axis of the shape");
    expected = tensor.shape[tensor.axis];
  }
  if (tensor.scales.size() != expected || tensor.zeroPoints.size() != expected)
    return in.missing("scale", formatv("of {0} entries", expected).str());
  return Error::success();
}

static Error readTensors(const Reader &model, StringRef key,
                         std::vector<qopt::TensorInterface> &tensors) {
  auto list = model.array(key);
  if (!list)
    return list.takeError();
  for (const json::Value &value : **list) {
    Reader in(value, model.path + "." + key);
    qopt::TensorInterface &tensor = tensors.emplace_back();
    std::string storage;
    if (Error error = in.read("name", tensor.name))
      return error;
    if (Error error = in.read("storage", storage))
      return error;
    if (!qopt::parseElementKind(storage, tensor.kind))
      return in.missing("storage", "the name of an element type");
    auto shape = in.array("shape");
    if (!shape)
      return shape.takeError();
    int64_t count = 1;
    for (const json::Value &dim : **shape) {
      auto size = dim.getAsInteger();
      // Divide rather than multiply: the product could overflow.
      if (!size || *size < 0 || (*size > 0 && count > maxElements / *size))
        return in.missing("shape", "an array of sizes");
      count *= *size;
      tensor.shape.push_back(*size);
    }
    if (in.has("scale"))
      if (Error error = readQuantization(in, tensor))
        return error;
  }
  return Error::success();
}

Expected<qopt::ModelInterface> qopt::parseManifest(StringRef text) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return joinErrors(createStringError("manifest: not JSON"),
                      value.takeError());
  ModelInterface model;
  Reader in(*value, "manifest");
  std::string format;
  int64_t version = 0;
  if (Error error = in.read("format", format))
    return std::move(error);
  if (Error error = in.read("version", version, 1))
    return std::move(error);
  if (format != "qopt.manifest" || version != 1)
    return createStringError("manifest: version " + Twine(version) + " of '" +
                             format +
                             "' is not known, expected 1 of 'qopt.manifest'");
  if (Error error = in.read("name", model.name))
    return std::move(error);
  if (model.name != makeIdentifier(model.name))
    return in.missing("name", "a C identifier");
  if (Error error = readTensors(in, "inputs", model.inputs))
    return std::move(error);
  if (Error error = readTensors(in, "outputs", model.outputs))
    return std::move(error);
  const json::Value nothing(nullptr);
  const json::Value *arena = in.object->get("arena");
  Reader arenaIn(arena ? *arena : nothing, "manifest.arena");
  if (Error error = arenaIn.read("size", model.arenaSize, 0))
    return std::move(error);
  if (Error error = arenaIn.read("align", model.arenaAlign, 1))
    return std::move(error);
  if (model.arenaAlign & (model.arenaAlign - 1))
    return arenaIn.missing("align", "a power of two");
  const json::Value *target = in.object->get("target");
  Reader targetIn(target ? *target : nothing, "manifest.target");
  if (Error error = targetIn.read("triple", model.target.triple))
    return std::move(error);
  if (Error error = targetIn.read("cpu", model.target.cpu))
    return std::move(error);
  if (Error error = targetIn.read("features", model.target.features))
    return std::move(error);
  if (in.has("threads"))
    if (Error error = in.read("threads", model.threads, 1))
      return std::move(error);
  if (in.has("variants")) {
    auto variants = in.array("variants");
    if (!variants)
      return variants.takeError();
    for (const json::Value &value : **variants) {
      Reader variantIn(value, "manifest.variants");
      VariantInterface &variant = model.variants.emplace_back();
      variant.target.triple = model.target.triple;
      if (Error error = variantIn.read("name", variant.name))
        return std::move(error);
      if (Error error = variantIn.read("cpu", variant.target.cpu))
        return std::move(error);
      if (Error error = variantIn.read("features", variant.target.features))
        return std::move(error);
    }
  }
  if (in.has("layers")) {
    auto layers = in.array("layers");
    if (!layers)
      return layers.takeError();
    for (const json::Value &layer : **layers) {
      Reader layerIn(layer, "manifest.layers");
      LayerInterface &info = model.layers.emplace_back();
      if (Error error = layerIn.read("name", info.name))
        return std::move(error);
      if (Error error = layerIn.read("kernel", info.kernel))
        return std::move(error);
      if (Error error = layerIn.read("macs", info.macs, 0))
        return std::move(error);
    }
  }
  return std::move(model);
}
