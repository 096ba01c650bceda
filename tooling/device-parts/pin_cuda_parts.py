"""Writes main/installs/parts/cuda-parts.json: where CUDA's libraries for ONNX Runtime lie, with size and sum.

    python3 tooling/device-parts/pin_cuda_parts.py

Run it whenever onnxruntime-node has another version: the list is for one version alone. pip chooses the packages and brings them (about
2 GB, into a temporary folder); what is written is what came. Needs Python 3.11 with pip, and the network.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "main" / "installs" / "parts" / "cuda-parts.json"
# The oldest driver of CUDA 13: docs.nvidia.com/cuda/cuda-toolkit-release-notes, "CUDA Driver and Toolkit".
DRIVER = "580"
NVIDIA_CUDA = {"name": "NVIDIA CUDA Toolkit EULA", "page": "https://docs.nvidia.com/cuda/eula/"}
NVIDIA_CUDNN = {"name": "NVIDIA cuDNN SLA", "page": "https://docs.nvidia.com/deeplearning/cudnn/backend/latest/reference/eula.html"}
ONNX_RUNTIME = {"name": "MIT", "page": "https://github.com/microsoft/onnxruntime/blob/main/LICENSE"}
# Names as a person reads them, and the licence of each package. Whatever else the first one needs at run time is Python's.
PARTS = {
    "onnxruntime-gpu": ("ONNX Runtime for CUDA", ONNX_RUNTIME),
    "nvidia-cuda-runtime": ("CUDA runtime", NVIDIA_CUDA),
    "nvidia-cublas": ("cuBLAS", NVIDIA_CUDA),
    "nvidia-cufft": ("cuFFT", NVIDIA_CUDA),
    "nvidia-curand": ("cuRAND", NVIDIA_CUDA),
    "nvidia-cuda-nvrtc": ("NVRTC", NVIDIA_CUDA),
    "nvidia-nvjitlink": ("nvJitLink", NVIDIA_CUDA),
    "nvidia-cudnn-cu13": ("cuDNN", NVIDIA_CUDNN),
}
# Of ONNX Runtime the two that load CUDA; TensorRT would need more of its own.
WANTED_OF_RUNTIME = ("libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so")


def is_wanted(package: str, path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    if package == "onnxruntime-gpu":
        return name in WANTED_OF_RUNTIME
    return ".so" in name and "/lib/" in path


def ask_pip(command: list[str], *order: str) -> None:
    """Runs pip for the Linux that the parts are for, whatever this machine is."""
    wheels = ["--only-binary=:all:", "--python-version", "3.12", "--implementation", "cp"]
    for name in ("2_28_x86_64", "2_27_x86_64", "2_24_x86_64", "2_17_x86_64", "2014_x86_64"):
        wheels += ["--platform", f"manylinux{name}" if name.startswith("2014") else f"manylinux_{name}"]
    subprocess.run([sys.executable, "-m", "pip", *command, "--quiet", *wheels, *order], check=True)


def resolve(version: str, folder: Path) -> list[dict]:
    """What pip would install, with addresses and sums."""
    report = folder / "report.json"
    command = ["install", "--dry-run", "--ignore-installed", "--target", str(folder / "nowhere"), "--report", str(report)]
    ask_pip(command, f"onnxruntime-gpu[cuda,cudnn]=={version}")
    return json.loads(report.read_text())["install"]


def bring(package: str, version: str, address: str, sha256: str, folder: Path) -> Path:
    ask_pip(["download", "--no-deps", "-d", str(folder)], f"{package}=={version}")
    path = folder / address.rsplit("/", 1)[-1]
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise SystemExit(f"{path.name} is not what its index says")
    return path


def main() -> None:
    version = json.loads((ROOT / "package.json").read_text())["dependencies"]["onnxruntime-node"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chosen = {one["metadata"]["name"].lower().replace("_", "-"): one for one in resolve(version, folder)}
        parts = []
        for package, (title, licence) in PARTS.items():
            one = chosen[package]
            address = one["download_info"]["url"]
            sha256 = one["download_info"]["archive_info"]["hashes"]["sha256"]
            wheel = bring(package, one["metadata"]["version"], address, sha256, folder)
            with zipfile.ZipFile(wheel) as archive:
                files = [
                    {"path": entry.filename, "bytes": entry.file_size}
                    for entry in archive.infolist()
                    if is_wanted(package, entry.filename)
                ]
            parts.append(
                {
                    **{"name": title, "version": one["metadata"]["version"], "licence": licence},
                    **{"address": address, "bytes": wheel.stat().st_size, "sha256": sha256, "files": files},
                }
            )
            wheel.unlink()
    origin = "/".join(parts[0]["address"].split("/")[:3])
    head = {"onnxruntime": version, "device": "cuda", "platform": "linux", "arch": "x64", "driver": DRIVER, "origin": origin}
    TARGET.write_text(json.dumps({**head, "parts": parts}, indent=2) + "\n")


if __name__ == "__main__":
    main()
