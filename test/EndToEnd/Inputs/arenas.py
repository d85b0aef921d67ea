# Compares arenas: arenas.py QOPTC DIRECTORY MODEL.tflite ...
# LiteRT's is what its reference kernels keep from the first to the last byte of
# any tensor that is no constant, inputs and outputs included; qopt's is what the
# header says, by default, with --threads and with --min-arena. Fails if one of
# the first two is larger.
import pathlib
import re
import subprocess
import sys

from ai_edge_litert.interpreter import Interpreter, OpResolverType


def litert(path):
    """Bytes of LiteRT's plan, and those of inputs and outputs; None if it
    refuses the model."""
    try:
        interpreter = Interpreter(
            str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError):
        return None
    outer = {d["index"] for d in interpreter.get_input_details()}
    made = set(outer)
    outer |= {d["index"] for d in interpreter.get_output_details()}
    for op in interpreter._get_ops_details():
        made |= set(op["outputs"])
    extents, bytes_of_outer = [], 0
    for index in made:
        try:
            array = interpreter.tensor(index)()
        except ValueError:
            continue
        begin = array.__array_interface__["data"][0]
        extents.append((begin, begin + array.nbytes))
        if index in outer:
            bytes_of_outer += array.nbytes
    return max(e for _, e in extents) - min(b for b, _ in extents), bytes_of_outer


def qopt(qoptc, path, directory, *options):
    """Bytes of qopt's arena; None if it refuses the model."""
    header = pathlib.Path(directory) / "net.h"
    done = subprocess.run([qoptc, str(path), "-o", str(header), *options],
                          capture_output=True)
    if done.returncode:
        return None
    return int(re.search(r"_ARENA_SIZE (\d+)", header.read_text()).group(1))


qoptc, directory, *models = sys.argv[1:]
compared = above = 0
print(f"{'':48} {'LiteRT':>9} {'in/out':>9} {'qopt':>9} {'threads':>9} "
      f"{'smallest':>9}")
for model in map(pathlib.Path, models):
    theirs = litert(model)
    ours = theirs and qopt(qoptc, model, directory)
    if not ours:
        continue
    shared = qopt(qoptc, model, directory, "--threads=4")
    least = qopt(qoptc, model, directory, "--min-arena")
    name = "/".join(model.parts[-2:]).removesuffix(".tflite")[-48:]
    mark = "  ABOVE" if max(ours, shared) > max(theirs[0], 64) else ""
    print(f"{name:48} {theirs[0]:9} {theirs[1]:9} {ours:9} {shared:9} {least:9}"
          f"{mark}")
    compared += 1
    above += bool(mark) + (least > ours)
print(f"{compared} models, {above} above")
sys.exit(above > 0 or compared == 0)
