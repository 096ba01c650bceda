"""Writes the toy pipelines of the other families: test/fixtures/models/{tiny-sdxl,tiny-sdxl-inpainting,tiny-sd3,tiny-flux,tiny-flux-schnell}, in Optimum's layout.

tiny-sdxl-inpainting holds the U-Net that is shown a mask and the rest of the picture alone, tiny-flux-schnell the transformer that is told no guidance; their other
parts are those of tiny-sdxl and tiny-flux.

python tooling/golden/make_family_fixtures.py
"""

import json
import shutil
from pathlib import Path

from export_onnx import (
    export_flux_transformer,
    export_layered_text_encoder,
    export_t5_encoder,
    export_transformer,
    export_unet_xl,
    export_vae,
)
from make_model_fixtures import MODELS, write_config
from tiny_families import make_flux, make_sd3, make_sdxl, make_sdxl_inpainting_unet
from tiny_stable_diffusion import save_tokenizer


def save_clip_tokenizer(tokenizer, folder: Path) -> None:
    save_tokenizer(folder)
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        values = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps({**values, "pad_token": tokenizer.pad_token}))


def save_t5_tokenizer(tokenizer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def write_pipeline(pipeline, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    index = {"_class_name": type(pipeline).__name__}
    for name, part in pipeline.components.items():
        index[name] = [None, None] if part is None else [type(part).__module__.split(".")[0], type(part).__name__]
        if name.startswith("tokenizer"):
            is_clip = "CLIP" in type(part).__name__
            (save_clip_tokenizer if is_clip else save_t5_tokenizer)(part, folder / name)
        elif name.startswith("text_encoder"):
            is_clip = "CLIP" in type(part).__name__
            (export_layered_text_encoder if is_clip else export_t5_encoder)(part, folder / name)
            write_config(part, folder / name)
    if "force_zeros_for_empty_prompt" in pipeline.config:
        index["force_zeros_for_empty_prompt"] = pipeline.config.force_zeros_for_empty_prompt
    (folder / "model_index.json").write_text(json.dumps(index, indent=1) + "\n")
    pipeline.scheduler.save_pretrained(folder / "scheduler")
    export_vae(pipeline.vae, folder)
    write_config(pipeline.vae, folder / "vae_encoder")
    write_config(pipeline.vae, folder / "vae_decoder")


def write_denoiser(part, folder: Path, export) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    export(part, folder)
    write_config(part, folder)
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({"_class_name": type(part).__name__, **values}, indent=1) + "\n")


if __name__ == "__main__":
    sdxl, sd3, flux, schnell = make_sdxl(), make_sd3(), make_flux(True), make_flux(False)
    write_pipeline(sdxl, MODELS / "tiny-sdxl")
    write_denoiser(sdxl.unet, MODELS / "tiny-sdxl" / "unet", export_unet_xl)
    write_denoiser(make_sdxl_inpainting_unet(), MODELS / "tiny-sdxl-inpainting" / "unet", export_unet_xl)
    write_pipeline(sd3, MODELS / "tiny-sd3")
    write_denoiser(sd3.transformer, MODELS / "tiny-sd3" / "transformer", export_transformer)
    write_pipeline(flux, MODELS / "tiny-flux")
    write_denoiser(flux.transformer, MODELS / "tiny-flux" / "transformer", export_flux_transformer)
    write_denoiser(schnell.transformer, MODELS / "tiny-flux-schnell" / "transformer", export_flux_transformer)
