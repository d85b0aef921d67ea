// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ONNX standard's tests of single operators: imported, run by the
// interpreter, again after transpositions have been moved, and compared with
// the recorded outputs. Inputs that must be constant (weights, scales, shapes)
// are bound to the case's values. Operators that are not imported must be
// refused with an error.

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Reference/Interpreter.h"
#include "qopt/Support/Npy.h"
#include "qopt/Translation/ONNX/ONNXImport.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include "onnx/onnx_pb.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <set>

using namespace qopt;

/// What must run; all others must either run or be refused.
static const std::set<std::string> required = {
    "test_add",
    "test_argmax_default_axis_example",
    "test_argmax_default_axis_random",
    "test_argmax_keepdims_example",
    "test_argmax_keepdims_random",
    "test_argmax_negative_axis_keepdims_example",
    "test_argmax_negative_axis_keepdims_random",
    "test_argmax_no_keepdims_example",
    "test_argmax_no_keepdims_random",
    "test_averagepool_1d_default",
    "test_averagepool_2d_ceil_last_window_starts_on_pad",
    "test_averagepool_2d_pads_count_include_pad",
    "test_averagepool_2d_precomputed_pads_count_include_pad",
    "test_averagepool_2d_precomputed_strides",
    "test_averagepool_2d_same_upper",
    "test_basic_conv_with_padding",
    "test_batchnorm_epsilon",
    "test_batchnorm_example",
    "test_clip",
    "test_clip_default_min",
    "test_clip_inbounds",
    "test_clip_outbounds",
    "test_concat_1d_axis_0",
    "test_concat_2d_axis_0",
    "test_concat_2d_axis_negative_1",
    "test_concat_3d_axis_0",
    "test_concat_3d_axis_2",
    "test_concat_3d_axis_negative_2",
    "test_constant",
    "test_constant_pad_axes",
    "test_constantofshape_float_ones",
    "test_constantofshape_int_zeros",
    "test_conv_with_strides_and_asymmetric_padding",
    "test_conv_with_strides_padding",
    "test_convtranspose_1d",
    "test_convtranspose_autopad_same",
    "test_convtranspose_group_2",
    "test_convtranspose_kernel_shape",
    "test_convtranspose_pad",
    "test_dequantizelinear",
    "test_dequantizelinear_axis",
    "test_dequantizelinear_int16",
    "test_dequantizelinear_uint16",
    "test_div",
    "test_div_example",
    "test_flatten_axis0",
    "test_flatten_axis2",
    "test_flatten_default_axis",
    "test_flatten_negative_axis2",
    "test_flatten_negative_axis4",
    "test_gather_1",
    "test_gemm_alpha",
    "test_gemm_default_matrix_bias",
    "test_gemm_default_scalar_bias",
    "test_gemm_default_vector_bias",
    "test_gemm_transposeA",
    "test_globalaveragepool",
    "test_globalmaxpool",
    "test_hardsigmoid",
    "test_hardsigmoid_example",
    "test_identity",
    "test_leakyrelu",
    "test_leakyrelu_example",
    "test_maxpool_2d_ceil",
    "test_maxpool_2d_default",
    "test_maxpool_2d_pads",
    "test_maxpool_2d_precomputed_same_upper",
    "test_maxpool_2d_same_lower",
    "test_maxpool_2d_strides",
    "test_min_one_input",
    "test_mul",
    "test_mul_example",
    "test_prelu_example",
    "test_quantizelinear",
    "test_quantizelinear_int16",
    "test_quantizelinear_uint16",
    "test_reduce_mean_default_axes_keepdims_random",
    "test_reduce_mean_do_not_keepdims_random",
    "test_reduce_mean_keepdims_random",
    "test_reduce_mean_negative_axes_keepdims_random",
    "test_relu",
    "test_reshape_extended_dims",
    "test_reshape_negative_extended_dims",
    "test_reshape_reduced_dims",
    "test_reshape_reordered_last_dims",
    "test_resize_upsample_scales_linear_align_corners",
    "test_resize_upsample_scales_nearest",
    "test_sigmoid",
    "test_softmax_axis_0",
    "test_softmax_axis_2",
    "test_softmax_example",
    "test_softmax_negative_axis",
    "test_squeeze_negative_axes",
    "test_sub_bcast",
    "test_tanh",
    "test_transpose_all_permutations_0",
    "test_transpose_all_permutations_2",
    "test_transpose_all_permutations_4",
    "test_transpose_default",
    "test_unsqueeze_axis_1",
    "test_unsqueeze_negative_axes",
    "test_unsqueeze_two_axes",
};

static std::string nodeFolder() {
  if (const char *path = std::getenv("QOPT_SHARED"))
    return std::string(path) + "/onnx/node";
  return std::string(QOPT_SOURCE_DIR) + "/../shared/onnx/node";
}

static std::vector<Tensor> readTensors(const std::string &folder,
                                       llvm::StringRef kind) {
  std::vector<Tensor> tensors;
  for (unsigned i = 0;; ++i) {
    std::string path =
        (folder + "/case0." + kind + llvm::Twine(i) + ".npy").str();
    if (!llvm::sys::fs::exists(path))
      return tensors;
    auto tensor = readNpy(path);
    if (!tensor) {
      // Elements that numpy has no type for here (half precision).
      llvm::consumeError(tensor.takeError());
      return {};
    }
    tensors.push_back(std::move(*tensor));
  }
}

namespace {
class Node : public testing::TestWithParam<std::string> {
protected:
  Node() : context(mlir::MLIRContext::Threading::DISABLED) {}

  mlir::OwningOpRef<mlir::ModuleOp>
  import(const ONNXImportOptions &options = {}) {
    diagnostics.clear();
    mlir::ScopedDiagnosticHandler handler(
        &context, [&](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
            diagnostics += diagnostic.str() + "\n";
        });
    auto buffer = llvm::MemoryBuffer::getFile(nodeFolder() + "/" + GetParam() +
                                              "/model.onnx");
    if (!buffer) {
      diagnostics = buffer.getError().message();
      return nullptr;
    }
    return importONNX((*buffer)->getMemBufferRef(), &context, options);
  }

  std::vector<std::string> getInputNames();

  mlir::MLIRContext context;
  std::string diagnostics;
};
} // namespace

std::vector<std::string> Node::getInputNames() {
  auto buffer = llvm::MemoryBuffer::getFile(nodeFolder() + "/" + GetParam() +
                                            "/model.onnx");
  ONNX_NAMESPACE::ModelProto model;
  std::vector<std::string> names;
  if (buffer && model.ParseFromString((*buffer)->getBuffer().str()))
    for (const auto &input : model.graph().input())
      names.push_back(input.name());
  return names;
}

static std::string describeDifference(const Tensor &found,
                                      const Tensor &expected,
                                      double tolerance) {
  if (found.shape != expected.shape ||
      (isFloat(found.kind) != isFloat(expected.kind)))
    return "found " + found.describeType() + ", expected " +
           expected.describeType();
  double largest = 0;
  for (int64_t i = 0, e = expected.getNumElements(); i != e; ++i)
    largest = std::max(largest, std::abs(expected.getReal(i)));
  for (int64_t i = 0, e = expected.getNumElements(); i != e; ++i)
    if (found.getReal(i) != expected.getReal(i) &&
        !(std::isnan(found.getReal(i)) && std::isnan(expected.getReal(i))) &&
        !(std::abs(found.getReal(i) - expected.getReal(i)) <=
          (isFloat(expected.kind) ? tolerance * largest : 0)))
      return "element " + std::to_string(i) + " is " +
             std::to_string(found.getReal(i)) + ", expected " +
             std::to_string(expected.getReal(i));
  return "";
}

TEST_P(Node, GivesRecordedOutputs) {
  std::string folder = nodeFolder() + "/" + GetParam();
  bool isRequired = required.count(GetParam());
  // The standard gives four digits of this one.
  double tolerance =
      GetParam() == "test_averagepool_2d_ceil_last_window_starts_on_pad" ? 1e-3
                                                                         : 1e-5;
  std::vector<Tensor> inputs = readTensors(folder, "input");
  std::vector<Tensor> outputs = readTensors(folder, "output");

  auto module = import();
  std::vector<Tensor> given = inputs;
  if (!module) {
    EXPECT_NE(diagnostics, "");
    // Again with all inputs but the first bound, then with all.
    std::vector<std::string> names = getInputNames();
    for (size_t first : {1, 0}) {
      ONNXImportOptions options;
      for (size_t i = first; i < names.size() && i < inputs.size(); ++i)
        options.constants[names[i]] = inputs[i];
      module = import(options);
      given.assign(inputs.begin(),
                   inputs.begin() + std::min(first, inputs.size()));
      if (module)
        break;
    }
  }
  if (!module || outputs.empty() || inputs.size() != getInputNames().size()) {
    EXPECT_FALSE(isRequired) << diagnostics;
    if (!isRequired)
      GTEST_SKIP() << diagnostics;
    return;
  }
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  for (llvm::StringRef stage : {"imported", "with transposes moved"}) {
    if (stage != "imported") {
      mlir::PassManager passes(&context);
      passes.addPass(nn::createNNPropagateTransposesPass());
      ASSERT_TRUE(succeeded(passes.run(*module)));
    }
    auto results = reference::interpret(function, given);
    if (!results) {
      std::string text = llvm::toString(results.takeError());
      EXPECT_FALSE(isRequired) << text;
      GTEST_SKIP() << text;
    }
    ASSERT_EQ(results->size(), outputs.size());
    for (auto [result, output] : llvm::zip(*results, outputs))
      EXPECT_EQ(describeDifference(result, output, tolerance), "")
          << stage.str();
  }
}

static std::vector<std::string> listNodes() {
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(nodeFolder(), error), end;
       it != end && !error; it.increment(error))
    names.push_back(llvm::sys::path::filename(it->path()).str());
  llvm::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Standard, Node, testing::ValuesIn(listNodes()),
                         [](const auto &info) { return info.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Node);
