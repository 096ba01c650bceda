"""The command end to end on toy checkpoints: the loss falls, what is frozen stays, a killed run goes on, the pack reads pictures."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from convert.refusal import Refusal

from training.photographs.backbone import load_backbone
from training.photographs.picture_views import open_square, to_values
from training.photographs.settings import Settings

MODELS = Path(__file__).parents[3]
STUDIO = MODELS.parent
STEPS, BATCH = 12, 8
# A search of two rounds with two files each; 31 words, so that toys find any. `dies` is what the first process says where it is killed.
METHODS = {
    "relaxation": {"asked": ["--method", "relaxation"], "dies": "pooler 5 ", "least": 3},
    "search": {"asked": ["--searched", "128", "--rounds", "2", "--words", "31"], "dies": "searched 32 of 32 pictures of round 2", "least": 6},
}


def command(toys, out: Path, processes: int, *more: str) -> list[str]:
    asked = {"--decoder": toys.decoder, "--images": toys.images, "--backbone": toys.backbone, "--out": out}
    asked |= {"--tokens": "5", "--width": 32, "--blocks": 1, "--steps": STEPS, "--batch": BATCH, "--micro-batch": 2, "--rate": 0.02, "--warm-up": 1}
    asked |= {"--held-out": 8, "--redraws": 4, "--draw-steps": 2, "--log-steps": 1, "--look-steps": 4, "--dtype": "fp32", "--workers": 0, "--average": 0.5}
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "-m"] if processes > 1 else ["-m"]
    return [sys.executable, *launcher, "training.photographs", *(str(part) for pair in asked.items() for part in pair), *more]


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}


def carry_out(*arguments: str) -> str:
    done = subprocess.run(arguments, cwd=MODELS, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def losses(run: Path) -> list[float]:
    with (run / "pooler/losses.csv").open() as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def weights(run: Path) -> dict[str, torch.Tensor]:
    state = torch.load(run / "pooler/checkpoint.pt", weights_only=False)
    return {f"{part}.{name}": value for part in ("poolers", "average") for name, value in state[part].items()}


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())).hexdigest()


@pytest.fixture(scope="module", params=METHODS)
def method(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def whole(toys, method: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one process that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "toy-pack"
    before = digest(toys.decoder), digest(toys.backbone)
    carry_out(*command(toys, out, 1, *METHODS[method]["asked"]))
    assert (digest(toys.decoder), digest(toys.backbone)) == before
    return out


def test_the_text_comes_to_serve_its_picture(whole: Path, method: str) -> None:
    looks = [json.loads(line) for line in Path(f"{whole}.run/held-out.jsonl").read_text().splitlines()]
    assert [look["step"] for look in looks] == [4, 8]
    figures = json.loads((whole / "photographs.json").read_text())
    if method == "relaxation":
        assert figures["own5"] < looks[0]["own5"]
    else:
        # Words that a few pictures agree on are found at once; what so small a run learns is that they help.
        assert figures["saves5"] > 3 * figures["saves5Error"]
    assert losses(Path(f"{whole}.run"))[-1] > 0
    assert Path(f"{whole}.run/redraws-5.png").exists()


def test_a_killed_run_of_two_processes_goes_on_to_the_same_numbers(toys, method: str, whole: Path, tmp_path: Path) -> None:
    out, run = tmp_path / "toy-pack", tmp_path / "toy-pack.run"
    asked, dies, least = METHODS[method].values()
    running = subprocess.Popen(
        command(toys, out, 2, "--save-minutes", "0", *asked), cwd=MODELS, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    for line in running.stdout:
        if line.startswith(dies):
            os.killpg(running.pid, signal.SIGKILL)
            break
    running.wait()
    running.stdout.close()
    kept = {path.name: path.stat().st_mtime_ns for path in (run / "found").glob("[0-9]*.npz") if "partial" not in path.name}
    assert not out.exists() and least <= torch.load(run / "pooler/checkpoint.pt", weights_only=False)["step"] < STEPS
    carry_out(*command(toys, out, 2, *asked))
    assert all((run / "found" / name).stat().st_mtime_ns == written for name, written in kept.items())
    assert len(kept) >= (3 if method == "search" else 0)
    assert np.allclose(losses(run), losses(Path(f"{whole}.run")), atol=1e-5)
    assert len(losses(run)) == STEPS
    undisturbed = weights(Path(f"{whole}.run"))
    for name, value in weights(run).items():
        assert torch.allclose(value.float(), undisturbed[name].float(), atol=1e-3), name


def test_the_pack_reads_as_pytorch_does(toys, whole: Path) -> None:
    manifest = json.loads((whole / "pack.json").read_text())
    for entry in manifest["files"]:
        assert hashlib.sha256((whole / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
    backbone = load_backbone(str(toys.backbone))
    square = open_square((toys.images / "000.png").read_bytes())
    values = to_values(square, backbone.picture)[None]
    assert manifest["roles"]["encoder"]["patchGrid"] == {"rows": backbone.grid, "columns": backbone.grid}
    (features,) = onnxruntime.InferenceSession(whole / "encoder/backbone.onnx").run(None, {"pixel_values": values.numpy()})
    assert np.allclose(features, backbone(values).numpy(), atol=1e-2)
    ids, probabilities, attention = onnxruntime.InferenceSession(whole / "encoder/pooler_5.onnx").run(None, {"image_features": features})
    assert ids.shape == probabilities.shape == (1, 5, 10) and attention.shape == (1, 5, 16)
    words = json.loads((whole / "decoder/tokenizer/vocab.json").read_text())
    named = {index: token for token, index in words.items()}
    assert all(named[int(index)].removesuffix("</w>").isalnum() for index in ids.flatten())


@pytest.mark.skipif(not (STUDIO / "node_modules").exists(), reason="the studio is not installed here")
def test_the_studio_installs_the_pack_and_reads_with_it(toys, whole: Path, tmp_path: Path) -> None:
    program = ["node", "tooling/start/with-recent-node.mjs", "main/shell/cli/dediffusion.ts"]
    asked = [*program, "packs", "install", str(whole), "--yes"], [*program, "encode", str(toys.images / "000.png"), "--pack", "toy-pack", "--length", "5", "--json"]
    for arguments in asked:
        done = subprocess.run(arguments, cwd=STUDIO, env=environment() | {"DEDIFFUSION_HOME": str(tmp_path / "home")}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    (read,) = json.loads(done.stdout)["images"]
    values = to_values(open_square((toys.images / "000.png").read_bytes()), load_backbone(str(toys.backbone)).picture)[None]
    (features,) = onnxruntime.InferenceSession(whole / "encoder/backbone.onnx").run(None, {"pixel_values": values.numpy()})
    ids, probabilities, _ = onnxruntime.InferenceSession(whole / "encoder/pooler_5.onnx").run(None, {"image_features": features})
    assert [token["id"] for token in read["tokens"]] == ids[0, :, 0].tolist()
    assert np.allclose([token["probability"] for token in read["tokens"]], probabilities[0, :, 0], atol=5e-3)


def test_a_search_teaches_what_it_found(toys, whole: Path, method: str) -> None:
    if method != "search":
        pytest.skip("nothing is searched")
    with (Path(f"{whole}.run") / "pooler/losses.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = [np.load(path) for path in sorted((Path(f"{whole}.run") / "found").glob("*.npz"))]
    assert [int(float(row["evaluations"])) for row in rows] == [sum(int(part["evaluations"]) for part in found[:count]) for count in [2] * 6 + [4] * 6]
    # Within a round the words are the same, and are learned better with each step.
    assert float(rows[5]["loss"]) < float(rows[0]["loss"])
    assert json.loads((whole / "photographs.json").read_text())["pictures"] == 128
    tried = np.concatenate([part["words"].reshape(-1) for part in found])
    assert sorted(set(tried.tolist())) == list(range(31))


def test_a_small_budget_is_searched_and_a_large_one_is_the_papers(toys, tmp_path: Path) -> None:
    asked = ["--decoder", toys.decoder, "--backbone", toys.backbone, "--out", tmp_path / "out", "--plan", "--width", "32", "--blocks", "1", "--dtype", "fp32"]
    told = [carry_out(sys.executable, "-m", "training.photographs", *map(str, asked), *more) for more in ((), ("--steps", "500", "--batch", "256"), ("--method", "search"))]
    assert "500,000 steps of 2,048" in told[0] and "Search" not in told[0]
    assert "500 steps of 256" in told[1] and "Search and distil in 10 rounds: 50,000 pictures x 81 losses" in told[1]
    assert "5,000 steps of 256" in told[2] and "is learned 26 times" in told[2]


def test_the_same_run_with_other_settings_is_refused(toys, whole: Path) -> None:
    asked = Settings(str(toys.decoder), str(toys.images), str(toys.backbone), seed=9)
    with pytest.raises(Refusal, match="seed was 0 and is 9"):
        asked.keep(Path(f"{whole}.run"))
