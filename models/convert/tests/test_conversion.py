"""Whole checkpoints become graphs that give what diffusers gives."""

import json
from pathlib import Path
from typing import Callable

import numpy as np
import onnxruntime
import pytest
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file

from ..config_folder import write_configs
from ..families import detect_family
from ..load_pipeline import Lora, fuse_loras, load_pipeline
from ..refusal import Refusal
from ..safe_file import hash_file, open_safe_file
from ..trial import HALF, SINGLE, Trial, try_graph, try_with_torch
from .ldm_names import ldm_vae
from .tiny_checkpoints import PARTS, as_published, make_vae, save

Converted = Callable[[str, str], tuple[Path, dict]]

FILES = {
    "sd1": {"text_encoder", "unet", "vae_encoder", "vae_decoder"},
    "sd2": {"text_encoder", "unet", "vae_encoder", "vae_decoder"},
    "sdxl": {"text_encoder", "text_encoder_2", "unet", "vae_encoder", "vae_decoder"},
}


def load(path: Path, folder: Path):
    file = open_safe_file(path)
    family = detect_family(file)
    write_configs(file, None, family, None, folder)
    return load_pipeline(file, None, family, folder)


def make_trial(path: Path, folder: Path, lora: Path | None = None, weight: float = 0.0) -> tuple[Trial, object]:
    """What diffusers draws: a LoRA is left beside the weights, as an adapter of its own."""
    pipeline = load(path, folder)
    if lora is not None:
        pipeline.load_lora_weights(load_file(lora), adapter_name="lora")
        pipeline.set_adapters(["lora"], [weight])
    return try_with_torch(pipeline, detect_family(open_safe_file(path))), pipeline.scheduler


@pytest.mark.parametrize("family", PARTS)
def test_every_weight_of_a_checkpoint_is_loaded_into_its_place(tmp_path: Path, checkpoint: Callable[[str], Path], family: str) -> None:
    pipeline = load(checkpoint(family), tmp_path)
    held = PARTS[family]()
    for part, prefix in (("unet", "model.diffusion_model."), ("vae", "first_stage_model.")):
        loaded = sum(float(value.double().abs().sum()) for value in getattr(pipeline, part).state_dict().values())
        wanted = sum(float(value.double().abs().sum()) for name, value in held.items() if name.startswith(prefix))
        assert loaded == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("family", PARTS)
def test_graphs_give_what_pytorch_gives(checkpoint: Callable[[str], Path], converted: Converted, family: str) -> None:
    path = checkpoint(family)
    folder, record = converted(family, "fp32")
    assert {finding["graph"] for finding in record["findings"]} == FILES[family]
    assert all(finding["difference"] <= finding["bound"] for finding in record["findings"])
    assert record["source"] == {"file": path.name, "bytes": path.stat().st_size, "sha256": hash_file(path)}
    assert (record["licence"], record["title"], record["dtype"]) == ("cc0-1.0", "Tiny", "fp32")
    assert json.loads((folder / "conversion.json").read_text(encoding="utf-8")) == record
    assert all((folder / name / "config.json").exists() and (folder / name / "model.onnx").exists() for name in FILES[family])
    assert not (folder / "configs").exists()


@pytest.mark.parametrize("family", PARTS)
def test_half_precision_stays_within_its_own_bound(converted: Converted, family: str) -> None:
    findings = {finding["graph"]: finding for finding in converted(family, "fp16")[1]["findings"]}
    assert findings["unet"]["of"] == HALF.of and findings["unet"]["bound"] == HALF.latents
    assert findings["vae_decoder"]["bound"] == (SINGLE if family == "sdxl" else HALF).picture


@pytest.mark.parametrize("family", PARTS)
def test_a_checkpoint_as_it_is_published_is_converted_by_its_own_weights(tmp_path: Path, run: Callable[..., dict], family: str) -> None:
    state = as_published(family)
    path = save(state, tmp_path / "published.safetensors")
    unet = load(path, tmp_path / "configs").unet.state_dict()
    held = {name: value for name, value in state.items() if name.startswith("model.diffusion_model.")}
    # Averages of training are three times as large here.
    loaded, wanted = (sum(float(value.double().abs().sum()) for value in tensors.values()) for tensors in (unet, held))
    assert (len(unet), loaded) == (len(held), pytest.approx(wanted, rel=1e-9))
    findings = run(path, dtype="fp16")["findings"]
    assert {finding["graph"] for finding in findings} == FILES[family]
    assert all(finding["difference"] <= finding["bound"] for finding in findings)


def test_names_and_types_are_those_of_other_exports(converted: Converted) -> None:
    folder, _ = converted("sdxl", "fp16")
    told = {}
    for name in FILES["sdxl"]:
        session = onnxruntime.InferenceSession(str(folder / name / "model.onnx"), providers=["CPUExecutionProvider"])
        told[name] = ({value.name: value.type for value in session.get_inputs()}, [value.name for value in session.get_outputs()])
    assert told["text_encoder"] == ({"input_ids": "tensor(int64)"}, ["last_hidden_state", "pooler_output", *(f"hidden_states.{layer}" for layer in range(3))])
    assert told["text_encoder_2"][1][:2] == ["text_embeds", "last_hidden_state"]
    half, whole = "tensor(float16)", "tensor(float)"
    assert told["unet"] == ({"sample": half, "timestep": whole, "encoder_hidden_states": half, "text_embeds": half, "time_ids": whole}, ["out_sample"])
    # The autoencoder of XL overflows in halves.
    assert told["vae_decoder"] == ({"latent_sample": whole}, ["sample"])


@pytest.mark.parametrize("family", ("sd1", "sdxl"))
def test_a_lora_changes_the_picture_as_diffusers_says(
    tmp_path: Path, checkpoint: Callable[[str], Path], lora: Callable[[str], Path], run: Callable[..., dict], family: str
) -> None:
    path, change = checkpoint(family), lora(family)
    record = run(path, loras=[(change, 0.8)])
    assert record["loras"] == [{"file": change.name, "bytes": change.stat().st_size, "sha256": hash_file(change), "weight": 0.8}]
    plain, _ = make_trial(path, tmp_path / "plain")
    wanted, scheduler = make_trial(path, tmp_path / "changed", change, 0.8)
    assert np.abs(wanted.picture - plain.picture).max() * 127.5 > 2 * SINGLE.picture
    for name in FILES[family]:
        try_graph(wanted, tmp_path / "pack", name, scheduler, SINGLE)
    with pytest.raises(Refusal, match="unet differs"):
        try_graph(plain, tmp_path / "pack", "unet", scheduler, SINGLE)
    with pytest.raises(Refusal, match="text_encoder differs"):
        try_graph(plain, tmp_path / "pack", "text_encoder", scheduler, SINGLE)


def test_a_text_encoder_that_stands_alone_tells_its_layers_through_the_norm(converted: Converted) -> None:
    session = onnxruntime.InferenceSession(str(converted("sd1", "fp32")[0] / "text_encoder" / "model.onnx"), providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_outputs()]
    assert names == ["last_hidden_state", "pooler_output", *(f"normed_hidden_states.{layer}" for layer in range(1, len(names) - 1))]
    assert len(names) > 2


def test_loras_add_up_with_their_weights(tmp_path: Path, checkpoint: Callable[[str], Path], lora: Callable[[str], Path]) -> None:
    change, weights = open_safe_file(lora("sd1")), []
    for index, parts in enumerate(([0.8], [0.5, 0.3])):
        pipeline = load(checkpoint("sd1"), tmp_path / str(index))
        fuse_loras(pipeline, [Lora(change, weight) for weight in parts])
        weights.append(pipeline.unet.state_dict() | pipeline.text_encoder.state_dict())
    assert all(torch.allclose(value, weights[1][name], atol=1e-6) for name, value in weights[0].items())


@pytest.mark.parametrize("names", ("own", "diffusers"))
def test_another_autoencoder_takes_the_place_of_the_checkpoints(tmp_path: Path, checkpoint: Callable[[str], Path], run: Callable[..., dict], names: str) -> None:
    torch.manual_seed(99)
    vae = make_vae()
    file = tmp_path / "vae.safetensors"
    if names == "own":
        save_file({name: value.contiguous().clone() for name, value in ldm_vae(vae, "").items()}, file)
    else:
        save_file(vae.state_dict(), file)
    # What an earlier try left is replaced.
    (tmp_path / "pack" / "vae_decoder").mkdir(parents=True)
    (tmp_path / "pack" / "vae_decoder" / "model.onnx").write_bytes(b"stale")
    record = run(checkpoint("sd1"), vae=file)
    assert record["vae"]["sha256"] == hash_file(file)
    config = AutoencoderKL.load_config(tmp_path / "pack" / "vae_decoder")
    assert config["scaling_factor"] == 0.18215
    session = onnxruntime.InferenceSession(str(tmp_path / "pack/vae_decoder/model.onnx"), providers=["CPUExecutionProvider"])
    latents = torch.randn(1, 4, 8, 8)
    (found,) = session.run(None, {"latent_sample": latents.numpy()})
    with torch.no_grad():
        assert np.abs(found - vae.decode(latents).sample.numpy()).max() < 1e-3


def test_a_model_that_predicts_v_is_drawn_as_such(tmp_path: Path, checkpoint: Callable[[str], Path]) -> None:
    path = tmp_path / "v.safetensors"
    save_file(load_file(checkpoint("sdxl")) | {"v_pred": torch.tensor([]), "ztsnr": torch.tensor([])}, path)
    config = load(path, tmp_path / "configs").scheduler.config
    assert (config.prediction_type, config.rescale_betas_zero_snr) == ("v_prediction", True)
