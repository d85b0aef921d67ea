# Runs .onnx models with ONNX Runtime on drawn inputs and keeps inputs and
# outputs as cases for qopt-run --check:
#   onnxruntime_cases.py OUT NUMBER MODEL...  writes OUT/STEM/caseK.inputI.npy, ...
# QOPT_ORT_LEVEL=off runs the operators that the file has, one by one.
import os
import sys
import zlib

import numpy as np
import onnxruntime

TYPES = {"tensor(%s)" % name: np.dtype(kind) for name, kind in (
    ("float", "float32"), ("int8", "int8"), ("uint8", "uint8"), ("int16", "int16"),
    ("uint16", "uint16"), ("int32", "int32"), ("int64", "int64"))}


def draw(rng, value, kind):
    dtype = TYPES[value.type]
    if dtype.kind == "f":
        return rng.normal(0, 2, value.shape).astype(dtype)
    info = np.iinfo(dtype)
    if kind == 0:  # the whole range, ends included
        return rng.integers(info.min, info.max, value.shape, dtype, endpoint=True)
    middle = rng.integers(info.min, info.max)
    drawn = np.rint(rng.normal(middle, min(info.max, 127) / 4, value.shape))
    return np.clip(drawn, info.min, info.max).astype(dtype)


def open_model(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if os.environ.get("QOPT_ORT_LEVEL") == "off":
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def main(out, number, models):
    for model in models:
        stem = os.path.splitext(os.path.basename(model))[0]
        directory = os.path.join(out, stem)
        os.makedirs(directory, exist_ok=True)
        session = open_model(model)
        rng = np.random.default_rng(zlib.crc32(stem.encode()))
        for case in range(number):
            prefix = os.path.join(directory, "case%d" % case)
            feeds = {}
            for i, value in enumerate(session.get_inputs()):
                feeds[value.name] = draw(rng, value, case % 2)
                np.save("%s.input%d.npy" % (prefix, i), feeds[value.name])
            for i, (result, info) in enumerate(zip(session.run(None, feeds), session.get_outputs())):
                if list(result.shape) != list(info.shape):
                    sys.exit("%s: output %d has shape %s, the file says %s"
                             % (stem, i, result.shape, info.shape))
                np.save("%s.output%d.npy" % (prefix, i), result)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
