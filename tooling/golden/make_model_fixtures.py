"""Writes the toy pipelines the tests run: test/fixtures/models/{tiny-stable-diffusion,tiny-legacy,tiny-latent-consistency,tiny-layered,
tiny-inpainting}.

tiny-stable-diffusion      Optimum's current layout: what every golden of text-to-image was made with
tiny-legacy                its text encoder, U-Net and VAE encoder with the inputs and outputs of older exports
tiny-latent-consistency    a distilled U-Net with embedded guidance (timestep_cond)
tiny-inpainting            a U-Net that is shown a mask and the rest of the picture beside the latents
tiny-layered               the text encoder of tiny-stable-diffusion, which tells the states of its layers as packs of `packs convert` do

python tooling/golden/make_model_fixtures.py
"""

import json
import shutil
from pathlib import Path

import onnx
import torch
from export_onnx import export_normed_text_encoder, export_text_encoder, export_unet, export_vae
from onnx import TensorProto, helper
from tiny_stable_diffusion import make_pipeline, make_unet, save_tokenizer

MODELS = Path(__file__).parents[2] / "test" / "fixtures" / "models"


def write_config(component, folder: Path) -> None:
    config = component.config
    values = config.to_dict() if hasattr(config, "to_dict") else dict(config)
    text = json.dumps({key: value for key, value in values.items() if not key.startswith("_use_default")}, indent=1, default=str)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(text + "\n")


def write_current(pipeline, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    save_tokenizer(folder / "tokenizer")
    pipeline.scheduler.save_pretrained(folder / "scheduler")
    export_text_encoder(pipeline.text_encoder, folder / "text_encoder")
    export_unet(pipeline.unet, folder / "unet")
    export_vae(pipeline.vae, folder)
    write_config(pipeline.text_encoder, folder / "text_encoder")
    write_config(pipeline.unet, folder / "unet")
    write_config(pipeline.vae, folder / "vae_encoder")
    write_config(pipeline.vae, folder / "vae_decoder")
    parts = {
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    index = {"_class_name": "StableDiffusionPipeline", "safety_checker": [None, None], "feature_extractor": [None, None], **parts}
    (folder / "model_index.json").write_text(json.dumps(index, indent=1) + "\n")


def halve_interface(path: Path) -> None:
    """Float inputs and outputs become float16, as in a half-precision export; the inside stays float32."""
    model = onnx.load(path)
    graph = model.graph
    before, after, renamed = [], [], {}
    for value in graph.input:
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            value.type.tensor_type.elem_type = TensorProto.FLOAT16
            renamed[value.name] = value.name + ".single"
            before.append(helper.make_node("Cast", [value.name], [value.name + ".single"], to=TensorProto.FLOAT))
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = renamed.get(name, name)
        for index, name in enumerate(node.output):
            if name in {value.name for value in graph.output}:
                node.output[index] = name + ".single"
    for value in graph.output:
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
        after.append(helper.make_node("Cast", [value.name + ".single"], [value.name], to=TensorProto.FLOAT16))
    nodes = before + list(graph.node) + after
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def write_legacy(pipeline, folder: Path) -> None:
    """int32 ids, a rank-1 int64 timestep, a VAE encoder that has already sampled, and half-precision U-Net tensors."""
    shutil.rmtree(folder, ignore_errors=True)
    export_text_encoder(pipeline.text_encoder, folder / "text_encoder", torch.int32)
    export_unet(pipeline.unet, folder / "unet", torch.tensor([1], dtype=torch.int64))
    halve_interface(folder / "unet" / "model.onnx")
    export_vae(pipeline.vae, folder, legacy=True)
    shutil.rmtree(folder / "vae_decoder")


def write_latent_consistency(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(4)
    unet = make_unet((8, 16), time_cond_proj_dim=32)
    export_unet(unet, folder / "unet")
    write_config(unet, folder / "unet")


def make_inpainting_unet():
    torch.manual_seed(9)
    return make_unet((8, 16), takes=9)


def write_inpainting(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    unet = make_inpainting_unet()
    export_unet(unet, folder / "unet")
    write_config(unet, folder / "unet")


def write_layered(pipeline, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    export_normed_text_encoder(pipeline.text_encoder, folder / "text_encoder")


if __name__ == "__main__":
    tiny = make_pipeline()
    write_layered(tiny, MODELS / "tiny-layered")
    write_current(tiny, MODELS / "tiny-stable-diffusion")
    write_legacy(tiny, MODELS / "tiny-legacy")
    write_latent_consistency(MODELS / "tiny-latent-consistency")
    write_inpainting(MODELS / "tiny-inpainting")
