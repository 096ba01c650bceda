"""A real Triton Inference Server for the tests, on 127.0.0.1: graphs that `dediffusion packs export --triton` wrote.

    /usr/bin/python3 -m venv v && v/bin/pip install nvidia-pytriton==0.7.0 onnxruntime
    v/bin/python serve_triton.py REPOSITORY PORT GRPC_PORT NAME...

The package has no ONNX backend, so each graph is a Python function that runs ONNX Runtime. Its backend is linked to the system's Python and
works with no other. Ends when its standard input is closed. It answers /v2/health/ready when everything is loaded.
"""

import sys
from pathlib import Path

import numpy
import onnxruntime
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

TYPES = {
    "tensor(float)": numpy.float32,
    "tensor(float16)": numpy.float16,
    "tensor(int32)": numpy.int32,
    "tensor(int64)": numpy.int64,
}


def open_graph(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def tensors(values, batched: bool) -> list[Tensor]:
    """A single number is a row of one there, as the export writes it."""
    return [
        Tensor(
            name=value.name,
            dtype=TYPES[value.type],
            shape=tuple(size if isinstance(size, int) else -1 for size in value.shape[1 if batched else 0 :]) or (1,),
        )
        for value in values
    ]


def bind(triton: Triton, name: str, path: Path) -> None:
    session = open_graph(path)
    values = [*session.get_inputs(), *session.get_outputs()]
    # As the export decides it: packs/triton/write-model-config.ts.
    batched = all(len(value.shape) > 1 and not isinstance(value.shape[0], int) for value in values)
    outputs = [value.name for value in session.get_outputs()]
    numbers = {value.name for value in session.get_inputs() if len(value.shape) == 0}

    def run(request):
        feeds = {key: request[key].reshape(()) if key in numbers else request[key] for key in request.keys()}
        return dict(zip(outputs, session.run(outputs, feeds), strict=True))

    def infer(requests):
        return [run(request) for request in requests]

    triton.bind(
        model_name=name,
        infer_func=infer,
        inputs=tensors(session.get_inputs(), batched),
        outputs=tensors(session.get_outputs(), batched),
        config=ModelConfig(batching=batched, max_batch_size=64),
        strict=False,
    )


def main() -> None:
    repository, port, grpc_port, names = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    config = TritonConfig(
        http_address="127.0.0.1", http_port=port, grpc_address="127.0.0.1", grpc_port=grpc_port, allow_metrics=False
    )
    with Triton(config=config) as triton:
        for name in names:
            bind(triton, name, repository / "models" / name / "1" / "model.onnx")
        triton.run()
        sys.stdin.read()


if __name__ == "__main__":
    main()
