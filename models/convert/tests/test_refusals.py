"""What is not converted is told, and no file of another form is opened."""

import pickle
from pathlib import Path
from typing import Callable

import pytest
import torch
from safetensors.torch import load_file

from ..families import UNET, detect_family
from ..refusal import Refusal
from ..safe_file import open_safe_file
from .tiny_checkpoints import VAE, save

Checkpoint = Callable[[str], Path]


class Trap:
    """Writes a file as soon as it is unpickled."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", ("model.ckpt", "model.pt", "model.bin", "model.safetensors"))
@pytest.mark.parametrize("place", ("checkpoint", "lora", "vae"))
def test_no_pickle_is_ever_opened(tmp_path: Path, checkpoint: Checkpoint, run: Callable[..., dict], name: str, place: str) -> None:
    trap = tmp_path / "sprung"
    path = tmp_path / name
    path.write_bytes(pickle.dumps(Trap(trap)))
    order = {"checkpoint": (path, {}), "lora": (checkpoint("sd1"), {"loras": [(path, 1.0)]}), "vae": (checkpoint("sd1"), {"vae": path})}
    file, options = order[place]
    with pytest.raises(Refusal) as refused:
        run(file, **options)
    assert refused.value.code == "file-unreadable"
    assert not trap.exists()


def test_half_a_download_and_a_missing_file_are_told(tmp_path: Path, checkpoint: Checkpoint) -> None:
    half = tmp_path / "half.safetensors"
    half.write_bytes(checkpoint("sd1").read_bytes()[:-1000])
    for path in (half, tmp_path / "none.safetensors"):
        with pytest.raises(Refusal) as refused:
            open_safe_file(path)
        assert refused.value.code == "file-unreadable"


@pytest.mark.parametrize(
    ("names", "told"),
    (
        ({"model.diffusion_model.joint_blocks.0.context_block.adaLN_modulation.1.bias": 1}, "Stable Diffusion 3"),
        ({"double_blocks.0.img_attn.norm.key_norm.scale": 1}, "Flux"),
        ({"conditioner.embedders.0.model.ln_final.weight": 1, UNET + "input_blocks.0.0.weight": 1}, "refiner"),
        ({"lora_unet_mid_block_attentions_0_proj_in.lora_up.weight": 1}, "LoRA"),
        ({"decoder.conv_in.weight": 1}, "autoencoder alone"),
        ({"something.weight": 1}, "no U-Net"),
    ),
)
def test_other_models_are_named(tmp_path: Path, names: dict[str, int], told: str) -> None:
    path = save({name: torch.zeros(size, 4) for name, size in names.items()}, tmp_path / "other.safetensors")
    with pytest.raises(Refusal, match=told):
        detect_family(open_safe_file(path))


def test_models_with_more_inputs_are_named(tmp_path: Path) -> None:
    path = save({UNET + "input_blocks.0.0.weight": torch.zeros(32, 9, 3, 3)}, tmp_path / "inpainting.safetensors")
    with pytest.raises(Refusal, match="inpainting"):
        detect_family(open_safe_file(path))


@pytest.mark.parametrize(("prefix", "told"), ((VAE, "no autoencoder"), ("cond_stage_model.", "no text encoder"), (UNET + "middle_block.1.", "tensors")))
def test_checkpoints_that_lack_a_part_are_told(tmp_path: Path, checkpoint: Checkpoint, run: Callable[..., dict], prefix: str, told: str) -> None:
    state = {name: value for name, value in load_file(checkpoint("sd1")).items() if not name.startswith(prefix)}
    with pytest.raises(Refusal, match=told):
        run(save(state, tmp_path / "part.safetensors"))


def test_loras_of_other_forms_and_families_are_told(tmp_path: Path, checkpoint: Checkpoint, lora: Callable[[str], Path], run: Callable[..., dict]) -> None:
    other = load_file(lora("sd1")) | {"lora_unet_mid_block_attentions_0.dora_scale": torch.zeros(1)}
    with pytest.raises(Refusal, match="DoRA"):
        run(checkpoint("sd1"), loras=[(save(other, tmp_path / "dora.safetensors"), 1.0)])
    with pytest.raises(Refusal, match="does not fit|changes nothing"):
        run(checkpoint("sd1"), loras=[(lora("sd2"), 1.0)])
    with pytest.raises(Refusal, match="does not fit|changes nothing"):
        run(checkpoint("sd1"), loras=[(checkpoint("sd1"), 1.0)])
