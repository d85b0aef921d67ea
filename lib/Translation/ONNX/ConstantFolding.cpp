//===- ConstantFolding.cpp - Arithmetic on shapes -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lists of elements are moved as attributes, whatever their type; arithmetic
// is done on integers of 32 and 64 bits only. Weights that pass through here
// are not computed with: that is what passes on the float graph are for.
//
//===----------------------------------------------------------------------===//

#include "ConstantFolding.h"

#include "Shapes.h"
#include "Slices.h"

#include "qopt/Dialect/NN/IR/PermuteElements.h"

#include "mlir/Dialect/Traits.h"
#include "llvm/Support/MathExtras.h"

#include <map>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::DenseElementsAttr;
using mlir::failure;
using mlir::FailureOr;

namespace {
/// Null where the node does not fold.
using Folded = FailureOr<DenseElementsAttr>;
using FoldFunction = Folded (*)(NodeImporter &);
} // namespace

/// Shape arithmetic is on short lists; nothing else is worth folding.
static constexpr int64_t maxFolded = 4096;

static mlir::RankedTensorType getListType(NodeImporter &op, int64_t size) {
  return mlir::RankedTensorType::get({size}, op.builder.getI64Type());
}

/// All inputs as constants; none if one is not.
static llvm::SmallVector<DenseElementsAttr> getConstants(NodeImporter &op) {
  llvm::SmallVector<DenseElementsAttr> constants;
  for (unsigned i = 0, e = op.getNumInputs(); i != e; ++i) {
    constants.push_back(op.getConstantOrNull(i));
    if (!constants.back())
      return {};
  }
  return constants;
}

static bool isSmall(DenseElementsAttr constant) {
  return constant && constant.getNumElements() <= maxFolded;
}

static bool isInteger(DenseElementsAttr constant) {
  return constant && (constant.getElementType().isInteger(32) ||
                      constant.getElementType().isInteger(64));
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

static Folded foldConstant(NodeImporter &op) {
  if (op.hasAttribute("value"))
    return op.getTensor("value");
  mlir::Builder &builder = op.builder;
  if (const auto *number = op.getAttribute("value_float"))
    return DenseElementsAttr::get(
        mlir::RankedTensorType::get({}, builder.getF32Type()), number->f());
  if (const auto *number = op.getAttribute("value_int"))
    return DenseElementsAttr::get(
        mlir::RankedTensorType::get({}, builder.getI64Type()),
        int64_t(number->i()));
  if (const auto *list = op.getAttribute("value_floats")) {
    llvm::SmallVector<float> values(list->floats().begin(),
                                    list->floats().end());
    return DenseElementsAttr::get(
        mlir::RankedTensorType::get({int64_t(values.size())},
                                    builder.getF32Type()),
        llvm::ArrayRef<float>(values));
  }
  if (const auto *list = op.getAttribute("value_ints"))
    return makeIntegers(
        getListType(op, list->ints_size()),
        llvm::SmallVector<int64_t>(list->ints().begin(), list->ints().end()));
  return op.error() << "expected one of the attributes value, value_float, "
                       "value_floats, value_int and value_ints";
}

static Folded foldShape(NodeImporter &op) {
  auto shape = op.getShape(0);
  auto first = op.getInt("start", 0);
  if (!shape || failed(first))
    return failed(first) ? Folded(failure()) : Folded(DenseElementsAttr());
  int64_t rank = int64_t(shape->size());
  auto last = op.getInt("end", rank);
  if (failed(last))
    return failure();
  auto clampIndex = [&](int64_t index) {
    return std::clamp<int64_t>(index < 0 ? index + rank : index, 0, rank);
  };
  int64_t begin = clampIndex(*first), end = std::max(begin, clampIndex(*last));
  return makeIntegers(getListType(op, end - begin),
                      llvm::ArrayRef(*shape).slice(begin, end - begin));
}

static Folded foldSize(NodeImporter &op) {
  auto shape = op.getShape(0);
  if (!shape)
    return DenseElementsAttr();
  return DenseElementsAttr::get(
      mlir::RankedTensorType::get({}, op.builder.getI64Type()),
      mlir::ShapedType::getNumElements(*shape));
}

static Folded foldConstantOfShape(NodeImporter &op) {
  if (!op.getConstantOrNull(0))
    return DenseElementsAttr();
  auto shape = op.getIntegers(0, "shape");
  if (failed(shape) || failed(countElements(*shape, [&] {
        return op.error() << "the result ";
      })))
    return failure();
  if (!op.hasAttribute("value"))
    return DenseElementsAttr::get(
        mlir::RankedTensorType::get(*shape, op.builder.getF32Type()), 0.0f);
  auto value = op.getTensor("value");
  if (failed(value))
    return failure();
  if (value->getNumElements() != 1)
    return op.error() << "attribute 'value' is " << value->getType()
                      << ", expected one element";
  return DenseElementsAttr::get(value->getType().clone(*shape),
                                value->getValues<mlir::Attribute>()[0]);
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

/// The input's elements in another shape.
static Folded withShape(NodeImporter &op,
                        FailureOr<llvm::SmallVector<int64_t>> shape) {
  if (failed(shape))
    return failure();
  DenseElementsAttr input = op.getConstantOrNull(0);
  return input.reshape(
      mlir::RankedTensorType::get(*shape, input.getElementType()));
}

template <FailureOr<llvm::SmallVector<int64_t>> getShape(NodeImporter &)>
static Folded foldReshape(NodeImporter &op) {
  return getConstants(op).empty() ? Folded(DenseElementsAttr())
                                  : withShape(op, getShape(op));
}

static Folded foldIdentity(NodeImporter &op) { return op.getConstantOrNull(0); }

static Folded foldTranspose(NodeImporter &op) {
  DenseElementsAttr input = op.getConstantOrNull(0);
  if (!input)
    return DenseElementsAttr();
  int64_t rank = input.getType().getRank();
  auto reversed = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  auto permutation = op.getInts("perm", reversed);
  if (failed(permutation))
    return failure();
  auto sorted = *permutation;
  llvm::sort(sorted);
  // What is wrong with it, the importer says.
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return DenseElementsAttr();
  return nn::permuteElements(input, *permutation);
}

/// data[indices] along an axis.
static Folded foldGather(NodeImporter &op) {
  auto inputs = getConstants(op);
  if (inputs.size() != 2 || !isSmall(inputs[0]) || !isSmall(inputs[1]) ||
      !isInteger(inputs[1]))
    return DenseElementsAttr();
  llvm::ArrayRef<int64_t> shape = inputs[0].getType().getShape();
  auto number = op.getInt("axis", 0);
  if (failed(number))
    return failure();
  auto axis = op.normalizeAxis(*number, int64_t(shape.size()));
  if (failed(axis))
    return failure();
  llvm::SmallVector<int64_t> indices = getIntegers(inputs[1]);
  for (int64_t &index : indices) {
    if (index < -shape[*axis] || index >= shape[*axis])
      return op.error() << "index " << index << " lies outside of dimension "
                        << *axis << " of " << shape[*axis];
    index += index < 0 ? shape[*axis] : 0;
  }
  auto elements = llvm::to_vector(inputs[0].getValues<mlir::Attribute>());
  int64_t inner = mlir::ShapedType::getNumElements(shape.drop_front(*axis + 1));
  int64_t outer = mlir::ShapedType::getNumElements(shape.take_front(*axis));
  if (int64_t(indices.size()) * inner * outer > maxFolded)
    return DenseElementsAttr();
  llvm::SmallVector<mlir::Attribute> result;
  for (int64_t o = 0; o != outer; ++o)
    for (int64_t index : indices)
      for (int64_t i = 0; i != inner; ++i)
        result.push_back(elements[(o * shape[*axis] + index) * inner + i]);
  llvm::SmallVector<int64_t> resultShape(shape.take_front(*axis));
  llvm::append_range(resultShape, inputs[1].getType().getShape());
  llvm::append_range(resultShape, shape.drop_front(*axis + 1));
  return DenseElementsAttr::get(
      mlir::RankedTensorType::get(resultShape, inputs[0].getElementType()),
      result);
}

/// Lists one after another.
static Folded foldConcat(NodeImporter &op) {
  auto inputs = getConstants(op);
  auto axis = op.getInt("axis", 0);
  if (failed(axis))
    return failure();
  llvm::SmallVector<mlir::Attribute> elements;
  for (DenseElementsAttr input : inputs) {
    if (!isSmall(input) || input.getType().getRank() != 1 ||
        input.getElementType() != inputs[0].getElementType())
      return DenseElementsAttr();
    llvm::append_range(elements, input.getValues<mlir::Attribute>());
  }
  if (inputs.empty() || *axis < -1 || *axis > 0)
    return DenseElementsAttr();
  return DenseElementsAttr::get(
      mlir::RankedTensorType::get({int64_t(elements.size())},
                                  inputs[0].getElementType()),
      elements);
}

/// Some numbers of a list or a small table (PyTorch turns a table of paddings
/// around); the operator on tensors does the rest.
static Folded foldSlice(NodeImporter &op) {
  DenseElementsAttr input = op.getConstantOrNull(0);
  if (!isSmall(input) || (op.getOpset() >= 10 && getConstants(op).empty()))
    return DenseElementsAttr();
  llvm::ArrayRef<int64_t> from = input.getType().getShape();
  auto slices = getSlices(op, from);
  if (failed(slices))
    return failure();
  llvm::SmallVector<int64_t> shape;
  for (const SlicedDimension &slice : *slices)
    shape.push_back(slice.count);
  auto elements = llvm::to_vector(input.getValues<mlir::Attribute>());
  llvm::SmallVector<mlir::Attribute> result;
  for (int64_t i = 0, e = mlir::ShapedType::getNumElements(shape); i != e;
       ++i) {
    int64_t rest = i, index = 0, stride = 1;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d]) {
      index +=
          ((*slices)[d].first + rest % shape[d] * (*slices)[d].step) * stride;
      stride *= from[d];
    }
    result.push_back(elements[index]);
  }
  return DenseElementsAttr::get(
      mlir::RankedTensorType::get(shape, input.getElementType()), result);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Integers with numpy's broadcasting of one-element lists.
template <typename Function>
static Folded foldIntegers(NodeImporter &op, Function function) {
  auto inputs = getConstants(op);
  if (inputs.size() != 2 || !isSmall(inputs[0]) || !isSmall(inputs[1]) ||
      !isInteger(inputs[0]) || !isInteger(inputs[1]) ||
      inputs[0].getElementType() != inputs[1].getElementType())
    return DenseElementsAttr();
  auto lhs = getIntegers(inputs[0]), rhs = getIntegers(inputs[1]);
  llvm::SmallVector<int64_t> shape;
  if (!mlir::OpTrait::util::getBroadcastedShape(inputs[0].getType().getShape(),
                                                inputs[1].getType().getShape(),
                                                shape))
    return op.error() << "operands " << inputs[0].getType() << " and "
                      << inputs[1].getType() << " do not broadcast";
  int64_t count = mlir::ShapedType::getNumElements(shape);
  auto covers = [&](llvm::ArrayRef<int64_t> values) {
    return values.size() == 1 || int64_t(values.size()) == count;
  };
  if (!covers(lhs) || !covers(rhs))
    return DenseElementsAttr();
  llvm::SmallVector<int64_t> result;
  for (int64_t i = 0; i != count; ++i) {
    std::optional<int64_t> value =
        function(lhs[lhs.size() == 1 ? 0 : i], rhs[rhs.size() == 1 ? 0 : i]);
    if (!value)
      return op.error() << "the integers " << lhs[lhs.size() == 1 ? 0 : i]
                        << " and " << rhs[rhs.size() == 1 ? 0 : i]
                        << " have no result in 64 bits";
    result.push_back(*value);
  }
  return makeIntegers(
      mlir::RankedTensorType::get(shape, inputs[0].getElementType()), result);
}

static Folded foldAdd(NodeImporter &op) {
  return foldIntegers(op, [](int64_t a, int64_t b) -> std::optional<int64_t> {
    int64_t result;
    if (llvm::AddOverflow(a, b, result))
      return std::nullopt;
    return result;
  });
}

static Folded foldSub(NodeImporter &op) {
  return foldIntegers(op, [](int64_t a, int64_t b) -> std::optional<int64_t> {
    int64_t result;
    if (llvm::SubOverflow(a, b, result))
      return std::nullopt;
    return result;
  });
}

static Folded foldMul(NodeImporter &op) {
  return foldIntegers(op, [](int64_t a, int64_t b) -> std::optional<int64_t> {
    int64_t result;
    if (llvm::MulOverflow(a, b, result))
      return std::nullopt;
    return result;
  });
}

static Folded foldDiv(NodeImporter &op) {
  return foldIntegers(op, [](int64_t a, int64_t b) -> std::optional<int64_t> {
    if (b == 0 || (b == -1 && a == std::numeric_limits<int64_t>::min()))
      return std::nullopt;
    return a / b;
  });
}

/// Between float widths, and of integers to other integers.
static Folded foldCast(NodeImporter &op) {
  DenseElementsAttr input = op.getConstantOrNull(0);
  if (!input)
    return DenseElementsAttr();
  auto to = op.getInt("to", 0);
  op.ignoreAttributes({"saturate", "round_mode"});
  if (failed(to))
    return failure();
  mlir::Type from = input.getElementType();
  mlir::Type element = getElementType(op.builder.getContext(), int32_t(*to));
  if (!element)
    return op.error() << "attribute 'to' is " << typeName(int32_t(*to))
                      << ", which is not supported";
  if (element == from)
    return input;
  auto floatType = mlir::dyn_cast<mlir::FloatType>(element);
  if (mlir::isa<mlir::FloatType>(from) && floatType)
    return input.mapValues(element, [&](llvm::APFloat value) {
      bool losesInfo;
      value.convert(floatType.getFloatSemantics(),
                    llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      return value.bitcastToAPInt();
    });
  if (mlir::isa<mlir::IntegerType>(from) && isSmall(input)) {
    auto type =
        mlir::RankedTensorType::get(input.getType().getShape(), element);
    if (!floatType)
      return makeIntegers(type, getIntegers(input));
    auto values = llvm::map_to_vector(getIntegers(input), [&](int64_t value) {
      llvm::APFloat real(static_cast<double>(value));
      bool losesInfo;
      real.convert(floatType.getFloatSemantics(),
                   llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      return real;
    });
    return DenseElementsAttr::get(type, llvm::ArrayRef<llvm::APFloat>(values));
  }
  return DenseElementsAttr();
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static const std::map<std::string, FoldFunction> &getFoldFunctions() {
  static const std::map<std::string, FoldFunction> functions = {
      {"Constant", foldConstant},
      {"Shape", foldShape},
      {"Size", foldSize},
      {"ConstantOfShape", foldConstantOfShape},
      {"Reshape", foldReshape<getReshapedShape>},
      {"Squeeze", foldReshape<getSqueezedShape>},
      {"Unsqueeze", foldReshape<getUnsqueezedShape>},
      {"Identity", foldIdentity},
      {"Transpose", foldTranspose},
      {"Gather", foldGather},
      {"Concat", foldConcat},
      {"Slice", foldSlice},
      {"Add", foldAdd},
      {"Sub", foldSub},
      {"Mul", foldMul},
      {"Div", foldDiv},
      {"Cast", foldCast},
  };
  return functions;
}

bool onnx_import::isFoldable(llvm::StringRef name) {
  return getFoldFunctions().count(name.str());
}

FailureOr<bool> onnx_import::foldNode(NodeImporter &op) {
  Folded folded = getFoldFunctions().at(op.getOperator().str())(op);
  if (failed(folded))
    return failure();
  if (!*folded)
    return false;
  if (failed(op.checkAllAttributesRead()) || failed(op.expectOneOutput()) ||
      failed(op.setConstantOutput(*folded)))
    return failure();
  return true;
}
