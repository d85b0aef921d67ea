# The runtimes that qopt is timed against. Each class loads a model for a number
# of threads and gives a function without arguments that runs it once; a model
# that a runtime cannot load is an exception with the reason. Where a runtime
# does not read the format of the file, it gets what qopt exports.

import os
import subprocess
import tempfile


def export(qoptc, model, folder, kind):
    """The model as a file of that kind: itself, or qopt's export."""
    if model.suffix == kind:
        return str(model)
    path = os.path.join(folder, "model" + kind)
    # Integer networks: the form of weights that ONNX Runtime's kernels take.
    options = ["--onnx-weights=signed"] if kind == ".onnx" else []
    subprocess.run([qoptc, str(model), *options, "-o", path],
                   check=True, capture_output=True, text=True)
    return path


class LiteRT:
    """TensorFlow Lite's successor with its default delegate (XNNPACK)."""

    name, package = "LiteRT", "ai_edge_litert"

    def __init__(self, qoptc):
        self.qoptc = qoptc

    def load(self, model, inputs, threads):
        from ai_edge_litert.interpreter import Interpreter

        with tempfile.TemporaryDirectory() as folder:
            self.interpreter = Interpreter(
                export(self.qoptc, model, folder, ".tflite"), num_threads=threads)
            self.interpreter.allocate_tensors()
        for detail, value in zip(self.interpreter.get_input_details(), inputs):
            self.interpreter.set_tensor(detail["index"], value)
        return self.interpreter.invoke

    def outputs(self):
        return [self.interpreter.get_tensor(detail["index"])
                for detail in self.interpreter.get_output_details()]

    @staticmethod
    def version():
        from importlib.metadata import version

        return version("ai-edge-litert")


class OpenVINO:
    """Intel's runtime; it reads both formats itself."""

    name, package = "OpenVINO", "openvino"

    def __init__(self, qoptc):
        pass

    def load(self, model, inputs, threads):
        import openvino

        core = openvino.Core()
        network = core.read_model(str(model))
        if network.is_dynamic():
            network.reshape({index: value.shape
                             for index, value in enumerate(inputs)})
        # It would take bfloat16 for float32 where the CPU has it.
        compiled = core.compile_model(
            network,
            "CPU",
            {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
             "INFERENCE_PRECISION_HINT": "f32"},
        )
        self.request = compiled.create_infer_request()
        for index, value in enumerate(inputs):
            self.request.set_input_tensor(index, openvino.Tensor(value))
        return self.request.infer

    def outputs(self):
        return [tensor.data.copy() for tensor in self.request.output_tensors]

    @staticmethod
    def version():
        import openvino

        return openvino.__version__.split("-")[0]


class OnnxRuntime:
    """Microsoft's runtime, with all of its optimizations; models of another
    format as qopt exports them (integer networks: as ONNX QDQ)."""

    name, package = "ONNX Runtime", "onnxruntime"

    def __init__(self, qoptc):
        self.qoptc = qoptc

    def load(self, model, inputs, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        with tempfile.TemporaryDirectory() as folder:
            self.session = onnxruntime.InferenceSession(
                export(self.qoptc, model, folder, ".onnx"), options,
                providers=["CPUExecutionProvider"])
        names = [value.name for value in self.session.get_inputs()]
        self.feed = dict(zip(names, inputs))
        return lambda: self.session.run(None, self.feed)

    def outputs(self):
        return self.session.run(None, self.feed)

    @staticmethod
    def version():
        import onnxruntime

        return onnxruntime.__version__
