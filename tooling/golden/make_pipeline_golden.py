"""Records diffusers' StableDiffusion, Img2Img and LatentConsistency pipelines over the toy weights, stage by stage:
test/golden/stable-diffusion.json.

Arrays are little-endian float32 (or uint8 for pictures) in base64. The weights are those of test/fixtures/models.

python tooling/golden/make_pipeline_golden.py
"""

import base64

import numpy as np
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LatentConsistencyModelImg2ImgPipeline,
    LatentConsistencyModelPipeline,
    LCMScheduler,
    StableDiffusionImg2ImgPipeline,
)
from PIL import Image
from tiny_stable_diffusion import SCHEDULER, make_pipeline, make_unet
from write_golden import write_golden

CLASSES = {
    "ddim": (DDIMScheduler, {}),
    "euler": (EulerDiscreteScheduler, {}),
    "euler-ancestral": (EulerAncestralDiscreteScheduler, {}),
    "dpmpp-2m": (DPMSolverMultistepScheduler, {}),
    "dpmpp-2m-karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    "lcm": (LCMScheduler, {}),
}
PROMPT = "a photo of the red cat in small house"
NEGATIVE = "blue dog"
LONG = ", ".join(["a red cat on the green tree", "blue moon", "sketch of night beach"] * 6)
WEIGHTED = ([("a", 1.0), ("red", 1.5), ("cat", 0.6), ("beach", 1.2)])


def encoded(array: np.ndarray | torch.Tensor) -> str:
    values = array.detach().numpy() if isinstance(array, torch.Tensor) else array
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def initial_picture(width: int = 32, height: int = 32) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([(x * 8) % 256, (y * 8) % 256, (x * 5 + y * 3) % 256], axis=-1).astype(np.uint8))


def chunked_embeddings(pipe, ids: list[int], weights: list[float], chunks: list[int]) -> torch.Tensor:
    """AUTOMATIC1111's way, written out: rows of begin, tokens, end and padding, emphasis with the mean restored, rows joined."""
    parts = []
    start = 0
    for size in chunks:
        own, own_weights = ids[start : start + size], weights[start : start + size]
        start += size
        eos = pipe.tokenizer.eos_token_id
        row = [pipe.tokenizer.bos_token_id, *own] + [eos] * (76 - len(own))
        hidden = pipe.text_encoder(torch.tensor([row]))[0].detach()
        before = hidden.mean()
        factors = torch.tensor([1.0, *own_weights] + [1.0] * (76 - len(own)))
        weighted = hidden * factors[None, :, None]
        if any(weight != 1 for weight in own_weights):
            weighted = weighted * (before / weighted.mean())
        parts.append(weighted)
    return torch.cat(parts, dim=1)


def record(pipe, name: str, scheduler: str, overrides: dict, arguments: dict, request: dict):
    kind, own = CLASSES[scheduler]
    config = {**SCHEDULER, **overrides}
    pipe.scheduler = kind.from_config(config, **own)
    states: list[torch.Tensor] = []
    started: list[torch.Tensor] = []
    prepare = pipe.prepare_latents

    def keep_started(*inputs, **options):
        latents = prepare(*inputs, **options)
        started.append(latents.clone())
        return latents

    def keep_state(_pipe, _step, _timestep, values):
        states.append(values["latents"].clone())
        return values

    pipe.prepare_latents = keep_started
    seeds = request["seeds"]
    result = pipe(
        **arguments,
        num_inference_steps=request["steps"],
        generator=[torch.Generator("cpu").manual_seed(seed) for seed in seeds],
        num_images_per_prompt=len(seeds),
        callback_on_step_end=keep_state,
        output_type="pil",
    )
    pipe.prepare_latents = prepare
    first = result.images[0]
    return {
        "name": name,
        "scheduler": scheduler,
        "schedulerConfig": {key: value for key, value in config.items()},
        "request": {**request, "width": first.width, "height": first.height},
        "started": encoded(started[0]),
        "states": [encoded(state) for state in states],
        "images": [encoded(np.asarray(image)) for image in result.images],
    }


def text_case(pipe, name, scheduler, overrides=None, *, negative=NEGATIVE, guidance=7.5, steps=6, seeds=(11,), size=(32, 32), prompt=PROMPT):
    arguments = {"prompt": prompt, "negative_prompt": negative, "guidance_scale": guidance, "width": size[0], "height": size[1]}
    request = {"prompt": prompt, "negative": negative, "guidance": guidance, "steps": steps, "seeds": list(seeds)}
    return record(pipe, name, scheduler, overrides or {}, arguments, request)


def image_case(pipe, name, scheduler, overrides=None, *, strength=0.6, steps=10, seeds=(5,), guidance=4.0):
    arguments = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "guidance_scale": guidance, "strength": strength, "image": initial_picture()}
    request = {"prompt": PROMPT, "negative": NEGATIVE, "guidance": guidance, "steps": steps, "seeds": list(seeds), "strength": strength}
    return record(pipe, name, scheduler, overrides or {}, arguments, request)


def embedded_case(pipe, name, ids, weights, chunks):
    """Prompts diffusers would cut or cannot weigh: their embeddings are given to it."""
    positive = chunked_embeddings(pipe, ids, weights, chunks)
    negative = chunked_embeddings(pipe, [], [], [0] * len(chunks))
    arguments = {"prompt_embeds": positive, "negative_prompt_embeds": negative, "guidance_scale": 5.0, "width": 32, "height": 32}
    request = {"tokenIds": ids, "tokenWeights": weights, "negative": "", "guidance": 5.0, "steps": 4, "seeds": [3]}
    return record(pipe, name, "ddim", {}, arguments, request)


def comma_chunks(pipe, ids: list[int]) -> list[int]:
    """Sizes of the chunks of a prompt of at most 150 tokens that has a comma within the last 20 of its first 75."""
    comma = pipe.tokenizer(",")["input_ids"][1]
    last = max(index for index in range(75) if ids[index] == comma)
    assert 75 - last <= 20 and ids[75] != comma and len(ids) - last - 1 <= 75
    return [last + 1, len(ids) - last - 1]


def main() -> None:
    pipe = make_pipeline()
    pipe.set_progress_bar_config(disable=True)
    parts = dict(pipe.components)
    parts.pop("image_encoder", None)
    image_pipe = StableDiffusionImg2ImgPipeline(**parts, requires_safety_checker=False)
    image_pipe.set_progress_bar_config(disable=True)

    def ids_of(text: str) -> list[int]:
        return pipe.tokenizer(text)["input_ids"][1:-1]

    v = {"prediction_type": "v_prediction"}
    zero = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    cases = [text_case(pipe, f"text to image, {name}", name) for name in CLASSES]
    cases += [
        text_case(pipe, "no guidance", "euler", guidance=1.0),
        text_case(pipe, "empty negative prompt", "ddim", guidance=3.0, negative=""),
        text_case(pipe, "empty prompt", "dpmpp-2m", prompt=""),
        text_case(pipe, "two seeds in one batch", "euler-ancestral", seeds=(21, 22)),
        text_case(pipe, "not square", "dpmpp-2m-karras", size=(48, 32)),
        text_case(pipe, "v prediction", "ddim", v, guidance=3.0),
        text_case(pipe, "v prediction, zero terminal SNR", "ddim", v | zero, guidance=3.0),
        text_case(pipe, "v prediction, Euler", "euler", v | {"timestep_spacing": "trailing"}),
        text_case(pipe, "v prediction, DPM++ 2M Karras", "dpmpp-2m-karras", v),
        text_case(pipe, "sample prediction", "ddim", {"prediction_type": "sample"}),
        text_case(pipe, "linspace", "euler", {"timestep_spacing": "linspace"}, steps=7),
    ]
    cases += [image_case(image_pipe, f"image to image, {name}", name) for name in CLASSES if name != "lcm"]
    cases += [
        image_case(image_pipe, "image to image, strength 1", "ddim", strength=1.0, steps=4),
        image_case(image_pipe, "image to image, two seeds", "euler", seeds=(5, 6)),
        image_case(image_pipe, "image to image, v prediction", "ddim", v),
        image_case(image_pipe, "image to image, v prediction, Euler", "euler", v | {"timestep_spacing": "trailing"}),
    ]
    plain = [1.0] * len(ids_of(LONG))
    cases += [
        embedded_case(pipe, "a prompt of two chunks", ids_of(LONG), plain, comma_chunks(pipe, ids_of(LONG))),
        embedded_case(pipe, "emphasis", *zip(*[(ids_of(word)[0], weight) for word, weight in WEIGHTED]), [len(WEIGHTED)]),
    ]

    torch.manual_seed(4)
    distilled = {**parts, "unet": make_unet((8, 16), time_cond_proj_dim=32)}
    consistency = LatentConsistencyModelPipeline(**distilled, requires_safety_checker=False)
    consistency_image = LatentConsistencyModelImg2ImgPipeline(**distilled, requires_safety_checker=False)
    for lcm_pipe in (consistency, consistency_image):
        lcm_pipe.set_progress_bar_config(disable=True)
    base = {"prompt": PROMPT, "guidance_scale": 8.5}
    request = {"prompt": PROMPT, "negative": "", "guidance": 8.5, "steps": 4, "seeds": [9], "distilled": True}
    cases.append(record(consistency, "embedded guidance", "lcm", {}, {**base, "width": 32, "height": 32}, request))
    with_image = {**base, "image": initial_picture(), "strength": 0.6}
    cases.append(record(consistency_image, "embedded guidance, image to image", "lcm", {}, with_image, {**request, "strength": 0.6}))

    texts = [{"text": text, "ids": ids_of(text), "embeddings": encoded(pipe.encode_prompt(text, "cpu", 1, False)[0])} for text in (PROMPT, NEGATIVE, "")]
    write_golden(
        "stable-diffusion",
        "make_pipeline_golden.py",
        ["diffusers", "transformers", "torch"],
        1e-4,
        [{"initialPicture": encoded(np.asarray(initial_picture())), "texts": texts, "runs": cases}],
    )


if __name__ == "__main__":
    main()
