# Little models of one operator or a chain of them, in the forms that exporters
# have written over the years, run by ONNX Runtime on drawn inputs:
#   operators.py OUT    writes OUT/NAME.onnx and OUT/NAME/case0.inputI.npy, ...
import os
import sys
import zlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

X = [2, 6, 5, 4]
models = []


def model(name, opset, nodes, shape=None, constants=None, declared=None):
    """`nodes` read x and end with y; numpy arrays are initializers."""
    models.append((name, opset, nodes, shape or X, constants or {}, declared))


def node(op, inputs="x", outputs="y", **attributes):
    return helper.make_node(op, inputs.split(" "), outputs.split(" "), **attributes)


def drawn(name, *shape):
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return rng.normal(0, 1, shape).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


def real(value):
    return np.array(value, np.float32)


# Transposed convolutions.
def conv_transpose(name, filter_shape, shape=None, bias=True, **attributes):
    constants = {"w": drawn(name, *filter_shape)}
    inputs = "x w"
    if bias:
        constants["b"] = drawn("b", filter_shape[1] * attributes.get("group", 1))
        inputs += " b"
    model("conv_transpose_" + name, 11, [node("ConvTranspose", inputs, **attributes)], shape, constants)


conv_transpose("plain", [6, 3, 3, 3])
conv_transpose("no_bias", [6, 3, 2, 2], bias=False, strides=[2, 2])
conv_transpose("strides", [6, 3, 3, 3], strides=[2, 3])
conv_transpose("pads", [6, 3, 3, 4], strides=[2, 2], pads=[1, 0, 0, 2])
conv_transpose("output_padding", [6, 3, 3, 3], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
conv_transpose("added", [6, 3, 2, 2], strides=[3, 3], output_padding=[2, 1])
conv_transpose("cropped", [6, 3, 3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
conv_transpose("cropped_4", [6, 3, 4, 4], strides=[2, 2], pads=[1, 1, 1, 1])
conv_transpose("dilations", [6, 3, 3, 2], strides=[2, 1], dilations=[2, 3])
conv_transpose("groups", [6, 2, 3, 3], group=3, strides=[2, 2], pads=[1, 1, 0, 0])
conv_transpose("depthwise", [6, 1, 3, 3], group=6, strides=[2, 2])
conv_transpose("output_shape", [6, 3, 3, 3], strides=[2, 2], output_shape=[10, 8])
conv_transpose("same_upper", [6, 3, 3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
conv_transpose("same_lower", [6, 3, 4, 3], strides=[2, 2], auto_pad="SAME_LOWER")
conv_transpose("valid", [6, 3, 3, 3], strides=[2, 2], auto_pad="VALID")
conv_transpose("row", [6, 3, 3], [2, 6, 7], strides=[2], pads=[1, 0], output_padding=[1])

# Activations.
for opset in (7, 10):
    model("clip_attributes_%d" % opset, opset, [node("Clip", min=-0.5, max=0.25)])
model("clip_default_7", 7, [node("Clip")])
for opset in (11, 13, 21):
    model("clip_inputs_%d" % opset, opset, [node("Clip", "x low high")], None, {"low": real(0), "high": real(6)})
model("clip_no_low_12", 12, [node("Clip", "x  high")], None, {"high": real(0.5)})
model("clip_no_high_12", 12, [node("Clip", "x low")], None, {"low": real(0)})
model("min_max_13", 13, [node("Max", "x low", "a"), node("Min", "six a")], None, {"low": real(0), "six": real([0.75])})
model("hard_swish_14", 14, [node("HardSwish")])
model("hard_swish_parts_11", 11, [node("Add", "x three", "a"), node("Clip", "a zero six", "c"), node("Div", "c six", "d"), node("Mul", "x d")], None, {"three": real(3), "zero": real(0), "six": real(6)})
model("hard_swish_sigmoid_9", 9, [node("HardSigmoid", "x", "h", alpha=1 / 6, beta=0.5), node("Mul", "x h")])
model("hard_sigmoid_default_7", 7, [node("HardSigmoid")])
model("leaky_relu_default_7", 7, [node("LeakyRelu")])
model("leaky_relu_16", 16, [node("LeakyRelu", alpha=0.2)])
model("prelu_one_9", 9, [node("PRelu", "x s")], None, {"s": real([0.25])})
model("prelu_channels_16", 16, [node("PRelu", "x s")], None, {"s": np.abs(drawn("s", 6, 1, 1))})
model("sigmoid_13", 13, [node("Sigmoid")])
model("tanh_7", 7, [node("Tanh")])
model("silu_13", 13, [node("Sigmoid", "x", "s"), node("Mul", "x s")])
model("silu_swapped_9", 9, [node("Sigmoid", "x", "s"), node("Mul", "s x")])
for axis in (1, 2, 3):
    model("softmax_flat_%d_11" % axis, 11, [node("Softmax", axis=axis)])
model("softmax_default_7", 7, [node("Softmax")])
for axis in (-1, 1, 2):
    model("softmax_axis_%d_13" % axis, 13, [node("Softmax", axis=axis)])
model("softmax_default_13", 13, [node("Softmax")])

# Shapes.
model("squeeze_attribute_11", 11, [node("Squeeze", axes=[2, 3])], [2, 6, 1, 1])
model("squeeze_input_13", 13, [node("Squeeze", "x axes")], [2, 6, 1, 1], {"axes": ints(-1, 2)})
model("squeeze_all_13", 13, [node("Squeeze")], [1, 6, 1, 4])
model("unsqueeze_attribute_7", 7, [node("Unsqueeze", axes=[0, 3])])
model("unsqueeze_input_21", 21, [node("Unsqueeze", "x axes")], None, {"axes": ints(-1, 1)})
for axis in (0, 1, 2, 4):
    model("flatten_%d_9" % axis, 9, [node("Flatten", axis=axis)])
model("flatten_negative_13", 13, [node("Flatten", axis=-2)])
model("reshape_zero_5", 7, [node("Reshape", "x shape")], None, {"shape": ints(0, -1, 2)})
model("reshape_allow_zero_14", 14, [node("Reshape", "x shape", allowzero=1)], None, {"shape": ints(12, 20)})
model("identity_14", 14, [node("Identity", "x", "i"), node("Identity", "i")])
model("dropout_mask_7", 7, [node("Dropout", "x", "y mask", ratio=0.3)])
model("dropout_13", 13, [node("Dropout", "x ratio training")], None, {"ratio": real(0.3), "training": np.array(False)})
model("constant_11", 11, [node("Constant", "", "c", value=numpy_helper.from_array(drawn("c", 6, 1, 1))), node("Add", "x c")])
model("constant_float_12", 12, [node("Constant", "", "c", value_float=0.5), node("Mul", "x c")])
model("view_11", 11, [node("Shape", "x", "s"), node("Constant", "", "zero", value=numpy_helper.from_array(ints(0)[0])), node("Gather", "s zero", "n", axis=0), node("Unsqueeze", "n", "l", axes=[0]), node("Concat", "l rest", "t", axis=0), node("Reshape", "x t")], None, {"rest": ints(-1)})
model("view_13", 13, [node("Shape", "x", "s"), node("Slice", "s a b", "n"), node("Concat", "n rest", "t", axis=0), node("Reshape", "x t")], None, {"a": ints(0), "b": ints(2), "rest": ints(-1)})
model("shape_product_15", 15, [node("Shape", "x", "s", start=2), node("Gather", "s zero", "h"), node("Gather", "s one", "w"), node("Mul", "h w", "hw"), node("Unsqueeze", "hw axes", "l"), node("Concat", "front l", "t", axis=0), node("Reshape", "x t")], None, {"zero": np.array(0), "one": np.array(1), "axes": ints(0), "front": ints(2, 6)})
model("transpose_7", 7, [node("Transpose", perm=[0, 2, 3, 1])])
model("concat_13", 13, [node("Relu", "x", "r"), node("Concat", "x r c", axis=-3)], None, {"c": drawn("c", 2, 1, 5, 4)})

# Reductions.
model("reduce_mean_attribute_13", 13, [node("ReduceMean", axes=[2, 3], keepdims=0)])
model("reduce_mean_keep_11", 11, [node("ReduceMean", axes=[-1, -2])])
model("reduce_mean_all_7", 7, [node("ReduceMean", keepdims=0)])
model("reduce_mean_input_18", 18, [node("ReduceMean", "x axes", keepdims=0)], None, {"axes": ints(1, 2)})
model("reduce_mean_nothing_18", 18, [node("ReduceMean", "x", noop_with_empty_axes=1)])
model("reduce_sum_11", 11, [node("ReduceSum", axes=[1, -1], keepdims=0)])
model("reduce_sum_13", 13, [node("ReduceSum", "x axes")], None, {"axes": ints(2, 3)})
model("global_average_pool_7", 7, [node("GlobalAveragePool")])
model("global_max_pool_22", 21, [node("GlobalMaxPool")])
model("pool_head_13", 13, [node("GlobalAveragePool", "x", "g"), node("Flatten", "g", "f"), node("Gemm", "f w b", transB=1)], None, {"w": drawn("w", 3, 6), "b": drawn("b", 3)})

# Pads and resizes.
model("pad_attributes_10", 10, [node("Pad", pads=[0, 0, 1, 2, 0, 0, 0, 3], value=0.5)])
model("pad_inputs_11", 11, [node("Pad", "x pads value")], None, {"pads": ints(0, 0, 1, 2, 0, 0, 0, 3), "value": real(-1)})
model("pad_inputs_13", 13, [node("Pad", "x pads")], None, {"pads": ints(0, 1, 1, 2, 0, 0, 0, 3)})
# PyTorch's: counts from the last dimension, as a table turned around.
model("pad_torch_13", 13, [node("ConstantOfShape", "rest", "zeros", value=numpy_helper.from_array(ints(0))), node("Concat", "given zeros", "all", axis=0), node("Reshape", "all pairs", "table"), node("Slice", "table last first zero back", "turned"), node("Transpose", "turned", "columns", perm=[1, 0]), node("Reshape", "columns flat", "list"), node("Cast", "list", "pads", to=7), node("Pad", "x pads")], None, {"given": ints(1, 2, 0, 1), "rest": ints(4), "pairs": ints(-1, 2), "last": ints(-1), "first": ints(-2**63 + 1), "zero": ints(0), "back": ints(-1), "flat": ints(-1)})
model("pad_axes_18", 18, [node("Pad", "x pads  axes")], None, {"pads": ints(1, 2, 0, 3), "axes": ints(-2, 3)})
model("resize_linear_10", 10, [node("Resize", "x scales", mode="linear")], None, {"scales": real([1, 1, 2, 3])})
for mode in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
    model("resize_linear_%s_13" % mode, 13, [node("Resize", "x   sizes", mode="linear", coordinate_transformation_mode=mode)], None, {"sizes": ints(2, 6, 10, 12)})
model("resize_nearest_11", 11, [node("Resize", "x roi scales", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")], None, {"roi": real([]), "scales": real([1, 1, 2, 2])})
model("resize_nearest_13", 13, [node("Resize", "x   sizes", mode="nearest")], None, {"sizes": ints(2, 6, 15, 8)})
model("resize_nearest_10", 10, [node("Resize", "x scales")], None, {"scales": real([1, 1, 3, 2])})
model("upsample_nearest_7", 7, [node("Upsample", mode="nearest", scales=[1.0, 1.0, 2.0, 3.0])])
model("upsample_linear_9", 9, [node("Upsample", "x scales", mode="linear")], None, {"scales": real([1, 1, 2, 2])})

# Parts and copies.
model("slice_attributes_7", 7, [node("Slice", starts=[1, -3], ends=[100, -1], axes=[1, 2])])
model("slice_no_axes_9", 9, [node("Slice", starts=[0, 2, 1, 1], ends=[2, 6, 3, 4])])
model("slice_inputs_10", 10, [node("Slice", "x a b axes steps")], None, {"a": ints(0, 1), "b": ints(2**31 - 1, 4), "axes": ints(2, 3), "steps": ints(2, 1)})
model("slice_backwards_13", 13, [node("Slice", "x a b axes steps")], None, {"a": ints(-1, 100), "b": ints(-2**63, 1), "axes": ints(-1, 1), "steps": ints(-1, -2)})
model("focus_17", 17, [node("Slice", "x zero end axes two", "p"), node("Slice", "x one end axes two", "q"), node("Concat", "p q", axis=1)], [1, 3, 6, 4], {"zero": ints(0), "one": ints(1), "end": ints(2**63 - 1), "axes": ints(2), "two": ints(2)})
model("split_equal_11", 11, [node("Split", "x", "a b c", axis=1), node("Concat", "c a b", axis=1)])
model("split_sizes_9", 9, [node("Split", "x", "a b", axis=-2, split=[3, 2]), node("Concat", "b a", axis=2)])
model("split_input_13", 13, [node("Split", "x sizes", "a b c", axis=1), node("Concat", "b c a", axis=1)], None, {"sizes": ints(1, 3, 2)})
model("split_unused_13", 13, [node("Split", "x", "y unused")])
model("split_smaller_18", 18, [node("Split", "x", "a b", axis=2, num_outputs=2), node("Concat", "b a", axis=2)])
model("shuffle_13", 13, [node("Reshape", "x groups", "g"), node("Transpose", "g", "t", perm=[0, 2, 1, 3, 4]), node("Reshape", "t shape")], None, {"groups": ints(2, 2, 3, 5, 4), "shape": ints(2, 6, 5, 4)})
model("tile_13", 13, [node("Tile", "x repeats")], None, {"repeats": ints(1, 2, 1, 3)})
model("depth_to_space_11", 11, [node("DepthToSpace", blocksize=2)], [2, 12, 3, 5])
model("depth_to_space_crd_13", 13, [node("DepthToSpace", blocksize=2, mode="CRD")], [2, 12, 3, 5])
model("space_to_depth_13", 13, [node("SpaceToDepth", blocksize=3)], [2, 2, 6, 9])

# Matrices.
M = [3, 4]
model("gemm_7", 7, [node("Gemm", "x w c")], M, {"w": drawn("w", 4, 5), "c": drawn("c", 5)})
model("gemm_no_bias_11", 11, [node("Gemm", "x w", transB=1)], M, {"w": drawn("w", 5, 4)})
model("gemm_factors_13", 13, [node("Gemm", "x w c", alpha=0.5, beta=2.0, transB=1)], M, {"w": drawn("w", 5, 4), "c": drawn("c", 1, 5)})
model("gemm_trans_a_9", 9, [node("Gemm", "x w c", transA=1)], M, {"w": drawn("w", 3, 5), "c": real(0.5)})
model("gemm_rows_13", 13, [node("Gemm", "x w c")], M, {"w": drawn("w", 4, 5), "c": drawn("c", 3, 1)})
model("matmul_add_13", 13, [node("MatMul", "x w", "m"), node("Add", "m b")], M, {"w": drawn("w", 4, 5), "b": drawn("b", 5)})
model("matmul_rank_4_13", 13, [node("MatMul", "x w")], None, {"w": drawn("w", 4, 3)})
model("matmul_vector_9", 9, [node("MatMul", "x w")], M, {"w": drawn("w", 4)})
model("flatten_gemm_11", 11, [node("Relu", "x", "r"), node("Flatten", "r", "f"), node("Gemm", "f w b", transB=1)], None, {"w": drawn("w", 3, 120), "b": drawn("b", 3)})

# Normalization.
statistics = {"s": drawn("s", 6), "o": drawn("o", 6), "m": drawn("m", 6), "v": np.abs(drawn("v", 6)) + np.float32(0.1)}
for opset, attributes in ((7, {}), (9, {"momentum": 0.9}), (14, {"training_mode": 0}), (15, {"epsilon": 1e-3})):
    model("batch_norm_%d" % opset, opset, [node("BatchNormalization", "x s o m v", **attributes)], None, statistics)
model("batch_norm_matrix_9", 9, [node("BatchNormalization", "x s o m v")], [3, 6], statistics)
model("batch_norm_row_15", 15, [node("BatchNormalization", "x s o m v")], [2, 6, 7], statistics)

# Arithmetic.
model("neg_13", 13, [node("Neg")])
model("div_7", 7, [node("Div", "x d")], None, {"d": np.abs(drawn("d", 6, 1, 1)) + np.float32(0.5)})
model("sum_8", 8, [node("Relu", "x", "r"), node("Sum", "x r c")], None, {"c": drawn("c", 4)})
model("sub_left_14", 14, [node("Sub", "one x")], None, {"one": real(1)})
model("squeeze_excitation_13", 13, [node("GlobalAveragePool", "x", "g"), node("Conv", "g w1", "a"), node("Relu", "a", "r"), node("Conv", "r w2", "c"), node("Sigmoid", "c", "s"), node("Mul", "x s")], None, {"w1": drawn("w1", 3, 6, 1, 1), "w2": drawn("w2", 6, 3, 1, 1)})

# A batch that has a name only is 1.
model("symbolic_batch_13", 13, [node("Relu", "x", "r"), node("Flatten", "r")], [1, 6, 5, 4], None, ["N", 6, 5, 4])


def main(out):
    os.makedirs(out, exist_ok=True)
    for name, opset, nodes, shape, constants, declared in models:
        graph = helper.make_graph(
            nodes, name,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, declared or shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
            [numpy_helper.from_array(value, key) for key, value in constants.items()])
        proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        proto.ir_version = 8
        path = os.path.join(out, name)
        onnx.save(proto, path + ".onnx")
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(path + ".onnx", options)
        os.makedirs(path, exist_ok=True)
        value = drawn("x" + name, *shape)
        np.save(path + "/case0.input0.npy", value)
        np.save(path + "/case0.output0.npy", session.run(["y"], {"x": value})[0])
    print(len(models), "models")


main(sys.argv[1])
