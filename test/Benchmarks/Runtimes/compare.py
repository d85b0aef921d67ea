# Runs the comparison that run.sh describes.

import argparse
import datetime
import importlib.util
import pathlib
import platform
import subprocess
import sys
import tempfile

import numpy

import measure
import peers
import report

MODELS = """pretrainedResnet_quant pretrainedResnet_large_int8 kws_ref_model
vww_96_int8 ad01_int8 mobilenet_v1_0.75_192_quant mobilenet_v2_1.0_224_quant
tf2_mobilenet_v2_1.0_224_ptq""".split()


# Float networks with a kernel for each layer, and where they lie.
FLOAT_MODELS = """tflite/models/pretrainedResnet tflite/models/pretrainedResnet_large_float
tflite/models/vww_96_float tflite/models/ad01_fp32 digits/cnn_float.onnx
digits/resnet_float.onnx digits/mobilenet_float.onnx digits/cnn_float.tflite
digits/resnet_float.tflite digits/mobilenet_float.tflite""".split()

# How far float outputs may lie from a runtime's, relative to the largest one.
TOLERANCE = 1e-5


def find_models(arguments):
    """The models named, else the list that was asked for."""
    if arguments.models:
        return arguments.models
    if arguments.float:
        found = [arguments.data / name for name in FLOAT_MODELS]
        found = [path if path.suffix else path / "model.tflite" for path in found]
    else:
        folder = arguments.data / "tflite" / "models"
        found = [folder / name / "model.tflite" for name in MODELS]
    missing = [str(path) for path in found if not path.exists()]
    if missing:
        sys.exit(f"error: no file {missing[0]}; name models, or set "
                 "QOPT_TEST_DATA to the folder of the test data")
    return found


def label(model):
    """A name for the table: that of the file, or of its folder where the file's
    says only what kind of model it is."""
    if model.stem in ("model", "float", "int8"):
        return f"{model.parent.name}{'' if model.suffix == '.tflite' else ' (onnx)'}"
    return model.stem + ("" if model.suffix == ".tflite" else " (onnx)")


def describe_inputs(model):
    """Shape and type of each input; dimensions without a size are 1."""
    if model.suffix == ".onnx":
        import onnx

        graph = onnx.load(str(model)).graph
        constants = {value.name for value in graph.initializer}
        types = [value.type.tensor_type for value in graph.input
                 if value.name not in constants]
        return [([dim.dim_value or 1 for dim in kind.shape.dim],
                 onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type))
                for kind in types]
    from ai_edge_litert.interpreter import Interpreter

    return [(detail["shape"], detail["dtype"])
            for detail in Interpreter(str(model)).get_input_details()]


def example_inputs(model):
    """Case 0 beside the model, or random values."""
    inputs = []
    for index, (shape, kind) in enumerate(describe_inputs(model)):
        case = model.parent / f"case0.input{index}.npy"
        if case.exists():
            inputs.append(numpy.load(case))
        elif numpy.issubdtype(kind, numpy.integer):
            bounds = numpy.iinfo(kind)
            inputs.append(numpy.random.default_rng(index).integers(
                bounds.min, bounds.max, shape, kind, endpoint=True))
        else:
            inputs.append(numpy.random.default_rng(index).random(shape, kind))
    return inputs


def run_once(qopt_run, artefact, inputs, folder):
    """qopt's outputs on the inputs."""
    names = []
    for index, value in enumerate(inputs):
        names.append(f"{folder}/input{index}.npy")
        numpy.save(names[-1], value)
    out = pathlib.Path(folder) / "outputs"
    subprocess.run([qopt_run, *artefact, "--inputs", ",".join(names), "--outputs",
                    str(out)], check=True, capture_output=True)
    return [numpy.load(out / f"output{index}.npy")
            for index in range(len(list(out.glob("output*.npy"))))]


def difference(ours, theirs):
    """The largest difference, relative to the largest value of the output."""
    return max(float(numpy.abs(a.reshape(b.shape).astype(float) - b).max()
                     / max(numpy.abs(b).max(), 1e-30))
               for a, b in zip(ours, theirs))


def check_floats(ours, outputs):
    """How near qopt's outputs come to those of the nearest runtime."""
    nearest = min(difference(ours, theirs) for theirs in outputs)
    return f"{'within' if nearest <= TOLERANCE else 'DIFFER by'} {nearest:.0e}"


def check_bytes(qopt_run, artefact, folder):
    if not list(folder.glob("case0.output0.npy")):
        return "no cases"
    done = subprocess.run([qopt_run, *artefact, "--check", str(folder)],
                          capture_output=True, text=True)
    return "equal" if done.returncode == 0 else "DIFFER"


def compare(model, threads, arguments, folder):
    library = f"{folder}/model.so"
    # One thread needs no code that can be cut, and the peers know their count.
    on_threads = [f"--threads={threads}"] if threads > 1 else []
    done = subprocess.run([arguments.bin / "qoptc", str(model), "-o", library,
                           "--name=model", *on_threads], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{done.stderr.strip()}\n  no row for {model}", file=sys.stderr)
        return None
    qopt_run = str(arguments.bin / "qopt-run")
    artefact = [library, *on_threads]
    inputs = example_inputs(model)
    timers = {"qopt": lambda: measure.time_artefact(
        qopt_run, artefact, arguments.seconds)}
    outputs = []
    for peer in all_peers(arguments):
        try:
            run = peer.load(model, inputs, threads)
            run()
            outputs.append(peer.outputs())
        except Exception as error:  # each runtime has its own kinds
            lines = str(getattr(error, "stderr", None) or error).strip().splitlines()
            print(f"  {peer.name} cannot run {label(model)}: "
                  f"{lines[-1] if lines else error!r}", file=sys.stderr)
            continue
        timers[peer.name] = (
            lambda run=run: measure.time_function(run, arguments.seconds))
    times = measure.in_turn(timers, arguments.rounds)
    qopt = times.pop("qopt")
    if not times:
        sys.exit(f"error: no runtime could run {model}")
    if numpy.issubdtype(outputs[0][0].dtype, numpy.floating):
        check = check_floats(run_once(qopt_run, artefact, inputs, folder), outputs)
    else:
        check = check_bytes(qopt_run, artefact, model.parent)
    return {"model": label(model), "threads": threads, "qopt": qopt, "peers": times,
            "bytes": check}


def all_peers(arguments):
    """The runtimes that are installed."""
    return [kind(arguments.bin / "qoptc")
            for kind in (peers.LiteRT, peers.OnnxRuntime, peers.OpenVINO)
            if importlib.util.find_spec(kind.package)]


def describe_machine():
    flags, name = "", platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.split(":")[1].strip()
        if line.startswith(("flags", "Features")):
            flags = line
    known = [flag for flag in ("avx2", "avx_vnni", "avx512_vnni", "amx_int8",
                               "asimddp", "i8mm") if flag in flags]
    return f"{name} ({', '.join(known)}), {datetime.date.today()}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", default="1")
    parser.add_argument("--float", action="store_true",
                        help="the list of float networks")
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    counts = [int(count) for count in arguments.threads.split(",")]
    names = [peer.name for peer in all_peers(arguments)]
    machine = describe_machine()
    rows, refused = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for threads in counts:
            for model in find_models(arguments):
                row = compare(model, threads, arguments, folder)
                if not row:
                    refused += 1
                    continue
                rows.append(row)
                print(f"{row['model']:34} {threads} thread(s)  qopt "
                      f"{row['qopt']:9.4f} ms  {report.best_peer(row)[0]} "
                      f"{report.best_peer(row)[1]:9.4f} ms  ratio "
                      f"{report.ratio(row):5.2f}  outputs {row['bytes']}", flush=True)
    if not rows:
        sys.exit("error: none of the models could be compiled")
    versions = ", ".join(f"{peer.name} {peer.version()}"
                         for peer in all_peers(arguments))
    text = f"{machine}. {versions}.\n\n" + "\n".join(
        report.table(rows, threads, names) for threads in counts)
    pathlib.Path(arguments.out + ".md").write_text(text)
    report.write_json(arguments.out + ".json", machine, rows)
    report.write_svg(arguments.out + ".svg", machine, rows)
    print("\n" + text)
    if refused:
        sys.exit(f"error: {refused} of the models could not be compiled")
    if any(row["bytes"].startswith("DIFFER") for row in rows):
        sys.exit("error: qopt's outputs differ from the expected ones")


main()
