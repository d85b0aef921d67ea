# One lit suite for everything: .mlir and .test files run through a shell, and
# the GoogleTest binaries of test/Unit.
import os
import platform
import subprocess

import lit.formats

config.name = "qopt"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "Benchmarks", "Fuzz", "Embedding", "Emulators"]
config.test_source_root = os.path.join(config.qopt_source_dir, "test")
config.test_exec_root = os.path.join(config.qopt_build_dir, "test")

bin_dir = os.path.join(config.qopt_build_dir, "bin")
config.environment["PATH"] = os.pathsep.join(
    [bin_dir, config.llvm_tools_dir, os.environ.get("PATH", "")])
config.environment["FILECHECK_OPTS"] = "-enable-var-scope"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# LLVM's libraries are not instrumented: they do not undo the poisoning that its
# headers do in code that is.
config.environment.setdefault("ASAN_OPTIONS", "allow_user_poisoning=0")

# Data made by others; tests that need it say REQUIRES: shared.
shared = os.path.join(os.path.dirname(config.qopt_source_dir), "shared")
shared = os.environ.get("QOPT_SHARED", shared)
config.substitutions.append(("%shared", shared))
config.substitutions.append(("%source", config.qopt_source_dir))
config.substitutions.append(("%build", config.qopt_build_dir))
if os.path.isdir(os.path.join(shared, "tflite")):
    config.available_features.add("shared")
else:
    lit_config.note("no shared data beside the project: those tests are skipped")

config.available_features.add(platform.machine())
if config.qopt_sanitize:
    config.available_features.add("sanitize")
flags = set()
if os.path.exists("/proc/cpuinfo"):
    for line in open("/proc/cpuinfo"):
        if line.startswith(("flags", "Features")):
            flags.update(line.split(":", 1)[1].split())
for flag in ("sse4_1", "avx2", "avx_vnni", "avx512_vnni", "amx_int8"):
    if flag in flags:
        config.available_features.add(flag)
    elif platform.machine() == "x86_64":
        lit_config.note("this CPU has no %s: those runs are skipped" % flag)
for tool in ("qemu-aarch64", "qemu-x86_64"):
    if any(os.path.exists(os.path.join(p, tool)) for p in os.environ["PATH"].split(os.pathsep)):
        config.available_features.add(tool)
    else:
        lit_config.note("no %s: those runs are skipped" % tool)

# Other runtimes, as Python packages, to compare with: in the interpreter that
# QOPT_PEER_PYTHON names, or in a virtual environment beside the shared data.
peer_python = os.path.join(os.path.dirname(os.path.realpath(shared)), "venv", "bin", "python")
peer_python = os.environ.get("QOPT_PEER_PYTHON", peer_python if os.path.exists(peer_python) else "python3")
config.substitutions.append(("%peer-python", peer_python))
for feature, package in (("litert", "ai_edge_litert"), ("onnxruntime", "onnxruntime")):
    found = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('numpy', '%s'))))"
    try:
        status = subprocess.run([peer_python, "-c", found % package], capture_output=True).returncode
    except OSError:
        status = 1
    if status == 0:
        config.available_features.add(feature)
    else:
        lit_config.note("no Python package %s: those comparisons are skipped" % package)
