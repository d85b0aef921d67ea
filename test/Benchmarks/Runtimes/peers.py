# The runtimes that qopt is timed against. Each class loads a model for a number
# of threads and gives a function without arguments that runs it once; a model
# that a runtime cannot load is an exception with the reason.

import os
import subprocess
import tempfile


class LiteRT:
    """TensorFlow Lite's successor with its default delegate (XNNPACK)."""

    name = "LiteRT"

    def load(self, model, inputs, threads):
        from ai_edge_litert.interpreter import Interpreter

        self.interpreter = Interpreter(str(model), num_threads=threads)
        self.interpreter.allocate_tensors()
        for detail, value in zip(self.interpreter.get_input_details(), inputs):
            self.interpreter.set_tensor(detail["index"], value)
        return self.interpreter.invoke

    @staticmethod
    def version():
        from importlib.metadata import version

        return version("ai-edge-litert")


class OpenVINO:
    """Intel's runtime; it reads .tflite itself."""

    name = "OpenVINO"

    def load(self, model, inputs, threads):
        import openvino

        core = openvino.Core()
        compiled = core.compile_model(
            core.read_model(str(model)),
            "CPU",
            {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"},
        )
        self.request = compiled.create_infer_request()
        for index, value in enumerate(inputs):
            self.request.set_input_tensor(index, openvino.Tensor(value))
        return self.request.infer

    @staticmethod
    def version():
        import openvino

        return openvino.__version__.split("-")[0]


class OnnxRuntime:
    """Microsoft's runtime, on the model that qopt exports as ONNX QDQ."""

    name = "ONNX Runtime"

    def __init__(self, qoptc):
        self.qoptc = qoptc

    def load(self, model, inputs, threads):
        import onnxruntime

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            subprocess.run(
                [self.qoptc, str(model), "--onnx-weights=signed", "-o", path],
                check=True, capture_output=True, text=True)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self.session = onnxruntime.InferenceSession(
                path, options, providers=["CPUExecutionProvider"])
        names = [value.name for value in self.session.get_inputs()]
        feed = dict(zip(names, inputs))
        return lambda: self.session.run(None, feed)

    @staticmethod
    def version():
        import onnxruntime

        return onnxruntime.__version__
