"""A real MLServer for the tests, on 127.0.0.1: graphs that `dediffusion packs export --triton` wrote. It takes JSON alone.

    python3 -m venv v && v/bin/pip install mlserver==1.7.1 onnxruntime
    v/bin/python serve_mlserver.py REPOSITORY PORT GRPC_PORT NAME...

Ends when its standard input is closed. It answers /v2/health/ready when everything is loaded.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import onnxruntime

TYPES = {"tensor(float)": "FP32", "tensor(float16)": "FP16", "tensor(int32)": "INT32", "tensor(int64)": "INT64"}


def describe(values) -> list[dict]:
    return [
        {
            "name": value.name,
            "datatype": TYPES[value.type],
            "shape": [size if isinstance(size, int) else -1 for size in value.shape],
        }
        for value in values
    ]


def write_model(folder: Path, name: str, graph: Path) -> None:
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    settings = {
        "name": name,
        "implementation": "onnx_graph.OnnxGraph",
        "parameters": {"uri": str(graph.resolve())},
        "inputs": describe(session.get_inputs()),
        "outputs": describe(session.get_outputs()),
    }
    (folder / name).mkdir()
    (folder / name / "model-settings.json").write_text(json.dumps(settings))


def main() -> None:
    repository, port, grpc_port, names = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        settings = {"host": "127.0.0.1", "http_port": port, "grpc_port": grpc_port, "parallel_workers": 0, "metrics_endpoint": None}
        (folder / "settings.json").write_text(json.dumps(settings))
        for name in names:
            write_model(folder, name, repository / "models" / name / "1" / "model.onnx")
        here = str(Path(__file__).resolve().parent)
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "mlserver"), "start", str(folder)],
            env={**os.environ, "PYTHONPATH": here},
            stdin=subprocess.DEVNULL,
        )
        try:
            sys.stdin.read()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
