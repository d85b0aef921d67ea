# Runs the comparison that run.sh describes.

import argparse
import datetime
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


def find_models(arguments):
    if arguments.models:
        return arguments.models
    folder = arguments.data / "tflite" / "models"
    found = [folder / name / "model.tflite" for name in MODELS]
    missing = [str(path) for path in found if not path.exists()]
    if missing:
        sys.exit(f"error: no file {missing[0]}; name models, or set "
                 "QOPT_TEST_DATA to the folder of the test data")
    return found


def label(model):
    return model.parent.name if model.stem == "model" else model.stem


def example_inputs(model):
    """Case 0 beside the model, or random values."""
    from ai_edge_litert.interpreter import Interpreter

    details = Interpreter(str(model)).get_input_details()
    inputs = []
    for index, detail in enumerate(details):
        case = model.parent / f"case0.input{index}.npy"
        shape, kind = detail["shape"], detail["dtype"]
        if case.exists():
            inputs.append(numpy.load(case))
        elif numpy.issubdtype(kind, numpy.integer):
            bounds = numpy.iinfo(kind)
            inputs.append(numpy.random.default_rng(index).integers(
                bounds.min, bounds.max, shape, kind, endpoint=True))
        else:
            inputs.append(numpy.random.default_rng(index).random(shape, kind))
    return inputs


def check_bytes(qopt_run, artefact, folder):
    if not list(folder.glob("case0.output0.npy")):
        return "no cases"
    done = subprocess.run([qopt_run, *artefact, "--check", str(folder)],
                          capture_output=True, text=True)
    return "equal" if done.returncode == 0 else "DIFFER"


def compare(model, threads, arguments, folder):
    library = f"{folder}/{label(model)}.so"
    # One thread needs no code that can be cut, and the peers know their count.
    on_threads = [f"--threads={threads}"] if threads > 1 else []
    subprocess.run([arguments.bin / "qoptc", str(model), "-o", library, "--name=model",
                    *on_threads], check=True)
    qopt_run = str(arguments.bin / "qopt-run")
    artefact = [library, *on_threads]
    inputs = example_inputs(model)
    timers = {"qopt": lambda: measure.time_artefact(
        qopt_run, artefact, arguments.seconds)}
    for peer in all_peers(arguments):
        try:
            run = peer.load(model, inputs, threads)
            run()
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
    return {"model": label(model), "threads": threads, "qopt": qopt, "peers": times,
            "bytes": check_bytes(qopt_run, artefact, model.parent)}


def all_peers(arguments):
    return [peers.LiteRT(), peers.OnnxRuntime(arguments.bin / "qoptc"),
            peers.OpenVINO()]


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
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    counts = [int(count) for count in arguments.threads.split(",")]
    names = [peer.name for peer in all_peers(arguments)]
    machine = describe_machine()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for threads in counts:
            for model in find_models(arguments):
                row = compare(model, threads, arguments, folder)
                rows.append(row)
                print(f"{row['model']:34} {threads} thread(s)  qopt "
                      f"{row['qopt']:9.4f} ms  {report.best_peer(row)[0]} "
                      f"{report.best_peer(row)[1]:9.4f} ms  ratio "
                      f"{report.ratio(row):5.2f}  bytes {row['bytes']}", flush=True)
    versions = ", ".join(f"{peer.name} {peer.version()}"
                         for peer in all_peers(arguments))
    text = f"{machine}. {versions}.\n\n" + "\n".join(
        report.table(rows, threads, names) for threads in counts)
    pathlib.Path(arguments.out + ".md").write_text(text)
    report.write_json(arguments.out + ".json", machine, rows)
    report.write_svg(arguments.out + ".svg", machine, rows)
    print("\n" + text)
    if any(row["bytes"] == "DIFFER" for row in rows):
        sys.exit("error: qopt's bytes differ from the expected ones")


main()
