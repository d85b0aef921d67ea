//===- GraphWriter.h - An .onnx graph in the making -------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which tensor of the file stands for which value, and in which layout. The
// operators on images have channels first and nn ops have them last, so that a
// value of rank 4 may be in the file under both orders: it is written in the
// one that its op makes, and transposed once if somebody wants the other.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_GRAPHWRITER_H
#define QOPT_LIB_TRANSLATION_ONNX_GRAPHWRITER_H

#include "Proto.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Translation/ONNX/ONNXExport.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

namespace qopt::onnx_export {

namespace proto = onnx_import::proto;

enum class Layout {
  /// The dimensions of the value.
  Plain,
  /// N, C, H, W of a value that is N, H, W, C.
  ChannelsFirst
};

/// Attributes of a node: a list of names with numbers.
struct Attribute {
  enum class Kind { Int, Ints, Float, String } kind;
  std::string name;
  llvm::SmallVector<int64_t> ints;
  double real = 0;
  std::string text;

  Attribute(llvm::StringRef name, int64_t value)
      : kind(Kind::Int), name(name), ints{value} {}
  Attribute(llvm::StringRef name, llvm::ArrayRef<int64_t> values)
      : kind(Kind::Ints), name(name), ints(values) {}
  static Attribute makeFloat(llvm::StringRef name, double value);
  static Attribute makeString(llvm::StringRef name, llvm::StringRef value);
};

class GraphWriter {
public:
  GraphWriter(const ONNXExportOptions &options, mlir::func::FuncOp function);

  int64_t getOpset() const { return opset; }
  bool usesIntegerOperators() const {
    return options.format == ONNXFormat::QOperator;
  }
  bool keepsSignedWeights() const {
    return options.weights == ONNXWeights::Signed;
  }
  proto::ModelProto &getModel() { return model; }
  const proto::ModelProto &getModel() const { return model; }

  /// Remembers that the runtime may give `op` other results than qopt does, by
  /// a step of the stored values, and why.
  void noteInexact(mlir::Operation *op, const llvm::Twine &reason);
  /// Warns of what was remembered.
  void reportInexact() const;

  //===--- Tensors --------------------------------------------------------===//

  /// The tensor of a value as it is stored.
  std::string getTensor(mlir::Value value, Layout layout = Layout::Plain);
  /// The value's reals: dequantized where it is quantized.
  std::string getReals(mlir::Value value, Layout layout = Layout::Plain);
  /// Which layout the value is in already; the plain one where both are.
  Layout getLayout(mlir::Value value) const;
  /// Names the tensor that is to stand for a value.
  std::string define(mlir::Value value, Layout layout = Layout::Plain);
  /// Makes a tensor stand for a value.
  void alias(mlir::Value value, Layout layout, llvm::StringRef tensor);
  /// Scale and zero point of a quantized type as constants; `axis` is where its
  /// channels are, -1 for one scale.
  struct Parameters {
    std::string scale, zeroPoint;
    int64_t axis = -1;
  };
  Parameters getParameters(mlir::Type type);

  /// Makes the reals in `tensor`, clamped as the activation does, the value:
  /// quantizes them where the value is.
  void setReals(mlir::Value value, Layout layout, llvm::StringRef tensor,
                nn::Activation activation = nn::Activation::None);
  /// Makes the stored integers in `tensor`, clamped to the stored bounds of the
  /// activation and of a storage type that is narrower than its 8 bits, the
  /// value.
  void setStored(mlir::Value value, Layout layout, llvm::StringRef tensor,
                 nn::Activation activation = nn::Activation::None);
  /// The same for any interval of reals.
  void setClamped(mlir::Value value, Layout layout, llvm::StringRef tensor,
                  RealInterval interval);

  //===--- Constants ------------------------------------------------------===//

  /// A constant with a fresh name; the elements are floats or stored integers.
  std::string addConstant(llvm::StringRef name, mlir::DenseElementsAttr value,
                          bool isUnsigned = false);
  std::string addInts(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  std::string addReal(llvm::StringRef name, double value);
  /// A stored integer of a quantized type.
  std::string addStored(llvm::StringRef name, int64_t value,
                        mlir::Type element);
  /// The weights of a linear op in another order of dimensions, dequantized
  /// unless `stored`; its quantized type says how.
  std::string addWeights(mlir::Value weights, mlir::RankedTensorType type,
                         mlir::DenseElementsAttr elements, bool stored);

  //===--- Nodes ----------------------------------------------------------===//

  /// The value's name in the model, which no other tensor has.
  std::string getName(mlir::Value value) const;
  std::string fresh(llvm::StringRef name);
  /// Gives a tensor that some node makes another name, which nobody has
  /// reserved for another.
  void rename(llvm::StringRef tensor, llvm::StringRef name);
  void addNode(llvm::StringRef op, llvm::ArrayRef<std::string> inputs,
               llvm::StringRef output,
               llvm::ArrayRef<Attribute> attributes = {},
               llvm::StringRef domain = "");
  /// The same with a fresh name for the output.
  std::string makeNode(llvm::StringRef op, llvm::ArrayRef<std::string> inputs,
                       llvm::StringRef name,
                       llvm::ArrayRef<Attribute> attributes = {},
                       llvm::StringRef domain = "");

private:
  std::string &entry(mlir::Value value, Layout layout);
  std::string nameTensor(mlir::Value value, Layout layout);

  ONNXExportOptions options;
  int64_t opset;
  proto::ModelProto model;
  llvm::StringSet<> names;
  llvm::DenseMap<mlir::Value, std::string> plain, channelsFirst;
  llvm::DenseMap<mlir::Type, Parameters> parameters;
  /// The names that values have in one of their layouts.
  llvm::DenseMap<mlir::Value, std::string> valueNames;
  llvm::DenseSet<mlir::Value> results;
  mlir::Operation *firstInexact = nullptr;
  std::string firstReason;
  unsigned numInexact = 0;
  bool hasContribDomain = false;
};

/// ONNX's number of an element type; quantized types by their storage.
int32_t getDataType(mlir::Type element);

/// The elements of a constant op as dense ones; null for anything else.
mlir::DenseElementsAttr getConstantElements(mlir::Value value);

/// A shape N, H, W, C as N, C, H, W.
llvm::SmallVector<int64_t> toChannelsFirst(llvm::ArrayRef<int64_t> shape);

} // namespace qopt::onnx_export

#endif // QOPT_LIB_TRANSLATION_ONNX_GRAPHWRITER_H
