"""A checkpoint as a pipeline of diffusers, with another autoencoder and LoRAs where a person wants them. Nothing is asked of any network."""

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DiffusionPipeline, StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors.torch import load_file

from .families import SDXL, UNET, Family
from .refusal import Refusal
from .safe_file import SafeFile

OTHER_FORMS = {
    "dora_scale": "DoRA",
    "hada_": "LoHa",
    "lokr_": "LoKr",
    "oft_": "OFT",
}


@dataclass(frozen=True)
class Lora:
    """A LoRA's file, and how strongly it is meant."""

    file: SafeFile
    weight: float


def load_pipeline(file: SafeFile, vae: SafeFile | None, family: Family, configs: Path) -> DiffusionPipeline:
    """The checkpoint in single precision, by the configs that `write_configs` wrote.

    Raises Refusal where a tensor is missing, has another shape, or has no place.
    """
    kind, own = (StableDiffusionXLPipeline, {"add_watermarker": False}) if family is SDXL else (StableDiffusionPipeline, {})
    options = {"config": str(configs), "local_files_only": True, "torch_dtype": torch.float32}
    try:
        if vae is not None:
            own["vae"] = AutoencoderKL.from_single_file(str(vae.path), subfolder="vae", **options)
        pipeline = kind.from_single_file(str(file.path), **options, **own)
    except (ValueError, KeyError, AttributeError, RuntimeError) as error:
        hint = "It may be of a form that is not known yet; the details say what stood in the way."
        raise Refusal("pack-invalid", f"{file.path.name} could not be read as {family.name}.", hint, reason=str(error)[:500]) from error
    pipeline.set_progress_bar_config(disable=True)
    for encoder in family.text_encoders:
        # The exporter tells the fused attention's scale in single precision, which halves cannot be multiplied by.
        getattr(pipeline, encoder.folder).set_attn_implementation("eager")
    for name, part in _networks(pipeline).items():
        missing = [key for key, value in [*part.named_parameters(), *part.named_buffers()] if value.is_meta]
        if missing:
            hint = "Name an autoencoder with --vae." if name == "vae" else "Get the whole checkpoint."
            raise Refusal("pack-invalid", f"{file.path.name} lacks tensors of its {name}.", hint, first=missing[0], missing=len(missing))
    held = sum(name.startswith(UNET) for name in file.shapes)
    if held != len(pipeline.unet.state_dict()):
        message = f"The U-Net of {file.path.name} has {held} tensors; {family.name} has {len(pipeline.unet.state_dict())}."
        raise Refusal("pack-invalid", message, "Only U-Nets as Stable Diffusion has them are converted.")
    return pipeline


def fuse_loras(pipeline: DiffusionPipeline, loras: list[Lora]) -> None:
    """Adds each LoRA times its weight to the weights it changes.

    Raises Refusal for one of another form, or for another family.
    """
    for index, lora in enumerate(loras):
        name = lora.file.path.name
        other = next((form for mark, form in OTHER_FORMS.items() if any(mark in key for key in lora.file.shapes)), None)
        if other is not None:
            raise Refusal("pack-invalid", f"{name} is a {other}, which is not converted.", "LoRAs of the plain form are.", path=str(lora.file.path))
        adapter = f"lora_{index}"
        before = _count_adapters(pipeline)
        try:
            pipeline.load_lora_weights(load_file(lora.file.path), adapter_name=adapter)
        except (ValueError, KeyError, RuntimeError) as error:
            hint = "A LoRA changes models of the family that it was made for, and no others."
            raise Refusal("pack-invalid", f"{name} does not fit this model.", hint, reason=str(error)[:500]) from error
        if _count_adapters(pipeline) == before:
            raise Refusal("pack-invalid", f"{name} changes nothing in this model.", "A LoRA fits the family that it was made for.")
    if loras:
        names = [f"lora_{index}" for index in range(len(loras))]
        pipeline.set_adapters(names, [lora.weight for lora in loras])
        changed = [part for part in pipeline._lora_loadable_modules if getattr(pipeline, part, None) is not None]
        pipeline.fuse_lora(components=changed, adapter_names=names)
        pipeline.unload_lora_weights()


def _networks(pipeline: DiffusionPipeline) -> dict[str, torch.nn.Module]:
    return {name: part for name, part in pipeline.components.items() if isinstance(part, torch.nn.Module)}


def _count_adapters(pipeline: DiffusionPipeline) -> int:
    return sum("lora_A" in name for part in _networks(pipeline).values() for name, _ in part.named_parameters())
