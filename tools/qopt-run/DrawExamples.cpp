// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --draw: the first pictures of an evaluation with what the model sees in
// them.

#include "Commands.h"
#include "Draw.h"
#include "Inputs.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qoptrun;

Error qoptrun::drawExamples(const qopt::TensorInterface &input,
                            ArrayRef<Example> examples,
                            ArrayRef<int64_t> predictions,
                            ArrayRef<int64_t> labels, unsigned count) {
  ArrayRef<int64_t> shape(input.shape);
  if (shape.size() != 4 || shape[0] != 1 || shape[1] < 1 || shape[2] < 1)
    return createStringError(
        formatv("input '{0}' of shape {1} is not a picture, expected 1xHxWxC",
                input.name, qopt::printShape(shape)));
  std::vector<qopt::run::Picture> pictures;
  for (size_t i = 0; i < std::min<size_t>(count, examples.size()); ++i) {
    qopt::run::Picture &picture = pictures.emplace_back();
    picture.height = shape[1];
    picture.width = shape[2];
    picture.channels = shape[3];
    qopt::Tensor real = dequantize(examples[i].front(), input);
    picture.values.assign(real.get<float>().begin(), real.get<float>().end());
    picture.caption = std::to_string(predictions[i]);
    if (!labels.empty())
      picture.caption += labels[i] == predictions[i]
                             ? " (right)"
                             : formatv(" (is {0})", labels[i]).str();
  }
  qopt::run::drawPictures(outs(), pictures);
  return Error::success();
}
