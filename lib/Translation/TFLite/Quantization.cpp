//===- Quantization.cpp - Quantization parameters as types ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scales are float32 in the file and doubles in the type: the conversion is
// exact. What the types themselves would refuse is refused here first, in the
// words of the file.
//
//===----------------------------------------------------------------------===//

#include "Quantization.h"

#include "qopt/Dialect/Quant/IR/QuantTypes.h"

#include "mlir/IR/Builders.h"

#include <cmath>

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;

namespace {
/// The parameters of one tensor, checked one by one.
class Reader {
public:
  Reader(const Container &model, unsigned index, StorageFormat format,
         llvm::ArrayRef<int64_t> shape, QuantizationQuirks &quirks)
      : model(model), index(index), format(format), shape(shape),
        quirks(quirks) {}

  FailureOr<mlir::Type> read();

private:
  mlir::InFlightDiagnostic error() const {
    return model.error() << model.describeTensor(index) << ": ";
  }
  bool isPlain(const schema::QuantizationParameters *parameters) const;
  mlir::LogicalResult readScales(llvm::ArrayRef<float> values);
  mlir::LogicalResult readZeroPoints(llvm::ArrayRef<int64_t> values);
  FailureOr<int32_t> readDimension(int32_t value);

  const Container &model;
  unsigned index;
  StorageFormat format;
  llvm::ArrayRef<int64_t> shape;
  QuantizationQuirks &quirks;
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
};
} // namespace

/// Integers that carry no scale. Converters write an all-zero scale on shapes,
/// axes and on the biases of dead channels; the reference kernels do not look
/// at it.
bool Reader::isPlain(const schema::QuantizationParameters *parameters) const {
  if (!parameters || !parameters->scale() || parameters->scale()->size() == 0)
    return true;
  return format.width == 32 &&
         llvm::is_contained(toArray(parameters->scale()), 0.0f);
}

mlir::LogicalResult Reader::readScales(llvm::ArrayRef<float> values) {
  for (auto [i, value] : llvm::enumerate(values)) {
    if (!std::isfinite(value) || value <= 0)
      return error() << "scale " << i << " is " << std::to_string(value)
                     << ", expected a positive finite number";
    scales.push_back(value);
  }
  return mlir::success();
}

mlir::LogicalResult Reader::readZeroPoints(llvm::ArrayRef<int64_t> values) {
  // None stands for 0, one for all channels alike.
  if (values.size() > 1 && values.size() != scales.size())
    return error() << "expected as many zero points as scales, found "
                   << values.size() << " and " << scales.size();
  int64_t low = quant::getDefaultStorageMin(format.isSigned, format.width);
  int64_t high = quant::getDefaultStorageMax(format.isSigned, format.width);
  for (auto [i, value] : llvm::enumerate(values))
    if (value < low || value > high)
      return error() << "zero point " << i << " is " << value << ", expected "
                     << low << " to " << high;
  zeroPoints.assign(values.begin(), values.end());
  if (zeroPoints.empty())
    zeroPoints.push_back(0);
  if (zeroPoints.size() == 1)
    zeroPoints.resize(scales.size(), zeroPoints.front());
  return mlir::success();
}

FailureOr<int32_t> Reader::readDimension(int32_t value) {
  if (value >= 0 && value < int64_t(shape.size()) &&
      shape[value] == int64_t(scales.size()))
    return value;
  // Some converters gave the bias of a depthwise convolution the dimension of
  // its filter; there is only one it can mean.
  if (shape.size() == 1 && shape[0] == int64_t(scales.size())) {
    if (quirks.count++ == 0)
      quirks.first = model.describeTensor(index) +
                     " of rank 1 has quantized dimension " +
                     std::to_string(value);
    return 0;
  }
  if (value < 0 || value >= int64_t(shape.size()))
    return error() << "quantized dimension is " << value << ", expected 0 to "
                   << int64_t(shape.size()) - 1;
  return error() << "found " << scales.size() << " scales along dimension "
                 << value << ", expected 1 or its size " << shape[value];
}

FailureOr<mlir::Type> Reader::read() {
  mlir::Builder builder(model.getContext());
  auto storage = builder.getIntegerType(format.width);
  const auto *parameters = model.getTensor(index).quantization();
  if (parameters &&
      parameters->details_type() != schema::QuantizationDetails::NONE)
    return error() << "quantization details other than scale and zero point "
                      "are not supported, found details of type "
                   << int(parameters->details_type());
  if (isPlain(parameters)) {
    // A plain integer has no sign of its own; ops read it as signed.
    if (!format.isSigned)
      return error() << "expected a scale and a zero point on unsigned "
                        "integers, found none";
    return mlir::Type(storage);
  }

  auto values = toArray(parameters->scale());
  // Before anything is copied: a hostile file may claim millions of scales.
  int64_t largest = 1;
  for (int64_t size : shape)
    largest = std::max(largest, size);
  if (int64_t(values.size()) > largest)
    return error() << "found " << values.size()
                   << " scales, more than any dimension has elements";
  if (failed(readScales(values)) ||
      failed(readZeroPoints(toArray(parameters->zero_point()))))
    return failure();

  unsigned flags = format.isSigned ? quant::QuantizationFlags::Signed : 0;
  int64_t low = quant::getDefaultStorageMin(format.isSigned, format.width);
  int64_t high = quant::getDefaultStorageMax(format.isSigned, format.width);
  auto emit = [&] { return error(); };
  mlir::Type type;
  if (scales.size() == 1) {
    type = quant::UniformQuantizedType::getChecked(
        emit, flags, storage, builder.getF32Type(), scales[0], zeroPoints[0],
        low, high);
  } else {
    FailureOr<int32_t> dimension =
        readDimension(parameters->quantized_dimension());
    if (failed(dimension))
      return failure();
    type = quant::UniformQuantizedPerAxisType::getChecked(
        emit, flags, storage, builder.getF32Type(), scales, zeroPoints,
        *dimension, low, high);
  }
  if (!type)
    return failure();
  return type;
}

FailureOr<mlir::Type> tflite::importElementType(const Container &model,
                                                unsigned index,
                                                StorageFormat format,
                                                llvm::ArrayRef<int64_t> shape,
                                                QuantizationQuirks &quirks) {
  return Reader(model, index, format, shape, quirks).read();
}
