# Runs .tflite models with LiteRT's reference kernels on drawn inputs and keeps
# inputs and outputs as cases for qopt-run --check:
#   litert.py OUT NUMBER MODEL...   writes OUT/STEM/caseK.inputI.npy, ...
import os
import sys
import zlib

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def draw(rng, detail, kind):
    shape, dtype = detail["shape"], detail["dtype"]
    if np.issubdtype(dtype, np.floating):
        return rng.normal(0, 2, shape).astype(dtype)
    info = np.iinfo(dtype)
    if kind == 0:  # the whole range, ends included
        return rng.integers(info.min, info.max, shape, dtype, endpoint=True)
    middle = detail["quantization"][1]
    spread = min(info.max, 127) / 4
    return np.clip(np.rint(rng.normal(middle, spread, shape)), info.min, info.max).astype(dtype)


def open_model(model):
    # The reference kernels; the plain optimized ones where the former are
    # registered without the operator's version (4-bit depthwise).
    for resolver in (OpResolverType.BUILTIN_REF,
                     OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES):
        try:
            interpreter = Interpreter(model_path=model, num_threads=1,
                                      experimental_op_resolver_type=resolver)
            break
        except ValueError as error:
            if "version" not in str(error):
                raise
    interpreter.allocate_tensors()
    return interpreter


def main(out, number, models):
    for model in models:
        stem = os.path.splitext(os.path.basename(model))[0]
        directory = os.path.join(out, stem)
        os.makedirs(directory, exist_ok=True)
        interpreter = open_model(model)
        rng = np.random.default_rng(zlib.crc32(stem.encode()))
        for case in range(number):
            prefix = os.path.join(directory, "case%d" % case)
            for i, detail in enumerate(interpreter.get_input_details()):
                value = draw(rng, detail, case % 2)
                np.save("%s.input%d.npy" % (prefix, i), value)
                interpreter.set_tensor(detail["index"], value)
            interpreter.invoke()
            for i, detail in enumerate(interpreter.get_output_details()):
                value = interpreter.get_tensor(detail["index"])
                if tuple(value.shape) != tuple(detail["shape"]):
                    sys.exit("%s: output %d has shape %s, the file says %s"
                             % (stem, i, value.shape, detail["shape"]))
                np.save("%s.output%d.npy" % (prefix, i), value)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
