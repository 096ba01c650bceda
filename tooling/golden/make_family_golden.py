"""Records what diffusers' pipelines of the other families draw with the toy weights of tiny_families.py: test/golden/families.json.

Pictures are bytes, arrays little-endian float32, both in base64. `folder` names what was exported in test/fixtures/models.

python tooling/golden/make_family_golden.py
"""


import numpy as np
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    FluxImg2ImgPipeline,
    HeunDiscreteScheduler,
    PNDMScheduler,
    StableDiffusion3Img2ImgPipeline,
    StableDiffusionXLImg2ImgPipeline,
    UniPCMultistepScheduler,
)
from make_pipeline_golden import encoded, initial_picture
from tiny_families import make_flux, make_sd3, make_sdxl
from tiny_stable_diffusion import make_pipeline
from write_golden import write_golden

PROMPT = "a photo of the red cat in small house"
OTHER = "blue night beach"
NEGATIVE = "blue dog"
SCHEDULER = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, timestep_spacing="leading")
CLASSES = {
    "euler": (EulerDiscreteScheduler, {}),
    "euler-ancestral": (EulerAncestralDiscreteScheduler, {}),
    "dpmpp-2m-sde-karras": (DPMSolverMultistepScheduler, {"algorithm_type": "sde-dpmsolver++", "use_karras_sigmas": True}),
    "heun": (HeunDiscreteScheduler, {}),
    "pndm": (PNDMScheduler, {"skip_prk_steps": True}),
    "unipc": (UniPCMultistepScheduler, {}),
}


def draw(pipe, folder: str, name: str, scheduler: str, steps: int, guidance: float, seeds=(7,), overrides=None, **options):
    if scheduler in CLASSES:
        kind, own = CLASSES[scheduler]
        pipe.scheduler = kind.from_config(SCHEDULER, **own, **(overrides or {}))
    size = {} if "image" in options else {"width": options.pop("width", 32), "height": options.pop("height", 32)}
    images = pipe(
        num_inference_steps=steps,
        guidance_scale=guidance,
        generator=[torch.Generator("cpu").manual_seed(seed) for seed in seeds],
        num_images_per_prompt=len(seeds),
        output_type="pil",
        **size,
        **options,
    ).images
    request = {
        "prompt": options["prompt"],
        "secondPrompt": options.get("prompt_2"),
        "negative": options.get("negative_prompt") or "",
        "secondNegative": options.get("negative_prompt_2"),
        "strength": options.get("strength"),
        "guidanceRescale": options.get("guidance_rescale"),
        "clipSkip": options.get("clip_skip"),
        "width": images[0].width,
        "height": images[0].height,
    }
    print(folder, name, flush=True)
    return {
        "folder": folder,
        "name": name,
        "hasT5": getattr(pipe, "text_encoder_3", None) is not None or "sd3" not in folder,
        "scheduler": scheduler,
        "schedulerConfig": own_config(pipe.scheduler),
        "steps": steps,
        "guidance": guidance,
        "seeds": list(seeds),
        "request": {key: value for key, value in request.items() if value is not None},
        "images": [encoded(np.asarray(image)) for image in images],
    }


def own_config(scheduler) -> dict:
    """Without infinities, which JSON does not have; absent means the same."""
    values = {key: value for key, value in scheduler.config.items() if not key.startswith("_use") and value != -float("inf")}
    return {"_class_name": type(scheduler).__name__, **values}


def quiet(pipe):
    pipe.set_progress_bar_config(disable=True)
    return pipe


def stable_diffusion_runs():
    """What stable-diffusion.json does not have: layers left out (with the text encoder of tiny-layered), guidance with its contrast taken back, SD-Turbo."""
    pipe = quiet(make_pipeline())
    # diffusers looks for the norm at the end where transformers 4 had it.
    type(pipe.text_encoder).text_model = property(lambda encoder: encoder)
    folder, text = "tiny-layered", {"prompt": PROMPT}
    trailing = {"timestep_spacing": "trailing"}
    guided = {**text, "negative_prompt": NEGATIVE}
    runs = [
        draw(pipe, folder, "clip skip", "euler", 6, 7.5, **guided, clip_skip=1),
        draw(pipe, folder, "no clip skip", "euler", 6, 7.5, **guided),
        draw(pipe, folder, "rescaled guidance", "euler", 6, 7.5, (3, 4), **guided, guidance_rescale=0.7),
        draw(pipe, folder, "SD-Turbo, one step", "euler-ancestral", 1, 0.0, **text, overrides=trailing),
        draw(pipe, folder, "SD-Turbo, four steps", "euler-ancestral", 4, 0.0, (3, 4), **text, overrides=trailing),
    ]
    return [], runs


def sdxl_runs():
    pipe = quiet(make_sdxl())
    image = quiet(StableDiffusionXLImg2ImgPipeline(**pipe.components, add_watermarker=False))
    text = {"prompt": PROMPT}
    from_picture = {**text, "negative_prompt": NEGATIVE, "image": initial_picture(), "strength": 0.6}
    embeds = pipe.encode_prompt(PROMPT, negative_prompt=NEGATIVE, device="cpu")
    states = {"encoder_hidden_states": encoded(embeds[0]), "text_embeds": encoded(embeds[2])}
    trailing = {"timestep_spacing": "trailing"}
    runs = [
        draw(pipe, "tiny-sdxl", "negative", "euler", 6, 5.0, **text, negative_prompt=NEGATIVE),
        draw(pipe, "tiny-sdxl", "no negative", "euler", 6, 5.0, **text),
        draw(pipe, "tiny-sdxl", "two prompts", "euler", 6, 5.0, **text, prompt_2=OTHER, negative_prompt=NEGATIVE, negative_prompt_2="sun"),
        draw(pipe, "tiny-sdxl", "clip skip", "euler", 6, 5.0, **text, prompt_2=OTHER, negative_prompt=NEGATIVE, clip_skip=1),
        draw(pipe, "tiny-sdxl", "rescaled guidance", "euler", 6, 9.0, **text, negative_prompt=NEGATIVE, guidance_rescale=0.7),
        draw(pipe, "tiny-sdxl", "two pictures, not square", "unipc", 5, 4.0, (3, 4), **text, negative_prompt=NEGATIVE, width=48),
        draw(pipe, "tiny-sdxl", "Turbo", "euler-ancestral", 2, 0.0, **text, overrides=trailing),
        draw(pipe, "tiny-sdxl", "Lightning", "euler", 4, 0.0, **text, overrides=trailing),
        draw(pipe, "tiny-sdxl", "DPM++ 2M SDE Karras", "dpmpp-2m-sde-karras", 6, 5.0, **text, negative_prompt=NEGATIVE),
        draw(pipe, "tiny-sdxl", "Heun", "heun", 5, 5.0, **text, negative_prompt=NEGATIVE),
        draw(pipe, "tiny-sdxl", "PNDM", "pndm", 6, 5.0, **text, negative_prompt=NEGATIVE),
        draw(image, "tiny-sdxl", "image to image", "euler", 10, 5.0, **from_picture),
        draw(image, "tiny-sdxl", "image to image, no guidance", "unipc", 10, 1.0, **from_picture),
        draw(image, "tiny-sdxl", "image to image, Heun", "heun", 10, 5.0, **from_picture),
        draw(image, "tiny-sdxl", "image to image, PNDM", "pndm", 10, 5.0, **from_picture),
    ]
    return [{"folder": "tiny-sdxl", "text": PROMPT, "states": states}], runs


def sd3_runs():
    pipe = quiet(make_sd3())
    parts = dict(pipe.components)
    text = {"prompt": PROMPT}
    from_picture = {**text, "negative_prompt": NEGATIVE, "image": initial_picture(), "strength": 0.6}
    embeds = pipe.encode_prompt(PROMPT, None, None, device="cpu")
    states = {"encoder_hidden_states": encoded(embeds[0]), "pooled_projections": encoded(embeds[2])}
    image = quiet(StableDiffusion3Img2ImgPipeline(**parts))
    own = "flow-match-euler"
    runs = [
        draw(pipe, "tiny-sd3", "negative", own, 6, 5.0, **text, negative_prompt=NEGATIVE),
        draw(pipe, "tiny-sd3", "no guidance", own, 6, 1.0, **text),
        draw(pipe, "tiny-sd3", "two pictures, not square", own, 6, 4.0, (3, 4), **text, width=48),
        draw(image, "tiny-sd3", "image to image", own, 10, 5.0, **from_picture),
    ]
    pipe.register_modules(text_encoder_3=None, tokenizer_3=None)
    runs.append(draw(pipe, "tiny-sd3", "without T5", own, 6, 5.0, **text, negative_prompt=NEGATIVE))
    return [{"folder": "tiny-sd3", "text": PROMPT, "states": states}], runs


def flux_runs():
    pipe = quiet(make_flux(True))
    schnell = quiet(make_flux(False))
    image = quiet(FluxImg2ImgPipeline(**{key: value for key, value in pipe.components.items() if key not in ("image_encoder", "feature_extractor")}))
    text = {"prompt": PROMPT}
    embeds = pipe.encode_prompt(PROMPT, None, device="cpu")
    states = {"encoder_hidden_states": encoded(embeds[0]), "pooled_projections": encoded(embeds[1])}
    own = "flow-match-euler"
    runs = [
        draw(pipe, "tiny-flux", "guidance told", own, 6, 3.5, **text),
        draw(pipe, "tiny-flux", "two prompts, not square", own, 5, 2.0, (3, 4), **text, prompt_2=OTHER, width=48),
        draw(schnell, "tiny-flux-schnell", "schnell", own, 4, 0.0, **text),
        draw(image, "tiny-flux", "image to image", own, 10, 3.5, **text, image=initial_picture(), strength=0.6, width=32, height=32),
    ]
    return [{"folder": "tiny-flux", "text": PROMPT, "states": states}], runs


def main() -> None:
    parts = [stable_diffusion_runs(), sdxl_runs(), sd3_runs(), flux_runs()]
    cases = [{"initialPicture": encoded(np.asarray(initial_picture())), "texts": sum((texts for texts, _ in parts), []), "runs": sum((runs for _, runs in parts), [])}]
    write_golden("families", "make_family_golden.py", ["diffusers", "transformers", "torch"], 1e-3, cases)


if __name__ == "__main__":
    main()
