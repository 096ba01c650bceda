"""Records what diffusers' inpainting pipelines draw with the toy weights: test/golden/inpainting.json.

`tiny-stable-diffusion`, `tiny-latent-consistency`, `tiny-sdxl`, `tiny-sd3` and `tiny-flux` have denoisers that know of no mask: what is black is put back
after every step. The U-Nets of `tiny-inpainting` and `tiny-sdxl-inpainting` take the mask and the rest of the picture. Pictures are bytes in base64, the
mask one byte a pixel.

Every picture is drawn alone: diffusers takes the VAE's samples of all pictures of a batch from the generator of the first.

python tooling/golden/make_inpainting_golden.py
"""

from types import SimpleNamespace

import numpy as np
import torch
from diffusers import (
    DDIMScheduler,
    FluxInpaintPipeline,
    LCMScheduler,
    StableDiffusion3InpaintPipeline,
    StableDiffusionInpaintPipeline,
    StableDiffusionXLInpaintPipeline,
)
from make_family_golden import CLASSES, NEGATIVE, PROMPT, draw, quiet
from make_model_fixtures import make_inpainting_unet
from make_pipeline_golden import encoded, initial_picture
from PIL import Image
from tiny_families import make_flux, make_sd3, make_sdxl, make_sdxl_inpainting_unet
from tiny_stable_diffusion import make_pipeline, make_unet
from write_golden import write_golden

CLASSES["ddim"] = (DDIMScheduler, {"clip_sample": False, "set_alpha_to_one": False})
CLASSES["lcm"] = (LCMScheduler, {})
GUIDED = {"prompt": PROMPT, "negative_prompt": NEGATIVE}


def mask(width: int = 32, height: int = 32) -> Image.Image:
    """A disc and a bar, with greys on both sides of the middle."""
    y, x = np.mgrid[0:height, 0:width]
    values = np.where((x - 20) ** 2 + (y - 18) ** 2 < 90, 255, 0)
    values[:, :3] = 128
    values[:3, 6:] = 127
    return Image.fromarray(values.astype(np.uint8))


def runs_of(pipe, folder: str, cases, text) -> list[dict]:
    shown = {"image": initial_picture(), "mask_image": mask()}
    return [draw(pipe, folder, name, scheduler, steps, guidance, **text, **shown, **options) for name, scheduler, steps, guidance, options in cases]


def stable_diffusion_runs() -> list[dict]:
    parts = {key: value for key, value in make_pipeline().components.items() if key != "image_encoder"}
    put_back = quiet(StableDiffusionInpaintPipeline(**parts, requires_safety_checker=False))
    shown = quiet(StableDiffusionInpaintPipeline(**{**parts, "unet": make_inpainting_unet()}, requires_safety_checker=False))
    cases = [
        ("strength 1", "ddim", 6, 5.0, {"strength": 1.0}),
        ("strength 0.6", "ddim", 10, 5.0, {"strength": 0.6}),
        ("another seed", "ddim", 6, 5.0, {"strength": 1.0, "seeds": (8,)}),
        ("no guidance", "euler", 6, 1.0, {"strength": 1.0}),
        ("fresh noise at every step", "euler-ancestral", 10, 4.0, {"strength": 0.7}),
        ("DPM++ 2M SDE Karras", "dpmpp-2m-sde-karras", 6, 5.0, {"strength": 1.0}),
        ("Heun", "heun", 6, 5.0, {"strength": 0.7}),
        ("PNDM", "pndm", 8, 5.0, {"strength": 0.7}),
        ("UniPC", "unipc", 6, 5.0, {"strength": 1.0}),
    ]
    # What Stable Diffusion 2 predicts.
    v = {"prediction_type": "v_prediction"}
    velocities = [
        ("v prediction", "ddim", 10, 5.0, {"strength": 0.6, "overrides": v}),
        ("v prediction, Euler", "euler", 6, 5.0, {"strength": 1.0, "overrides": v | {"timestep_spacing": "trailing"}}),
    ]
    return runs_of(put_back, "tiny-stable-diffusion", cases + velocities, GUIDED) + runs_of(shown, "tiny-inpainting", cases[:6] + velocities, GUIDED)


class ConsistencyInpaintPipeline(StableDiffusionInpaintPipeline):
    """Takes all steps of a strength, as diffusers' image-to-image pipeline of these models does; they have no inpainting one of their own there."""

    def get_timesteps(self, num_inference_steps, strength, device):
        self.scheduler.set_timesteps(num_inference_steps, device, strength=strength)
        return self.scheduler.timesteps, num_inference_steps


def consistency_runs() -> list[dict]:
    """A U-Net that is told its guidance has one pass a step."""
    parts = {key: value for key, value in make_pipeline().components.items() if key != "image_encoder"}
    torch.manual_seed(4)
    unet = make_unet((8, 16), time_cond_proj_dim=32)
    pipe = quiet(ConsistencyInpaintPipeline(**{**parts, "unet": unet}, requires_safety_checker=False))
    cases = [("strength 1", "lcm", 4, 8.5, {"strength": 1.0}), ("strength 0.6", "lcm", 4, 8.5, {"strength": 0.6})]
    return runs_of(pipe, "tiny-latent-consistency", cases, {"prompt": PROMPT})


def sdxl_runs() -> list[dict]:
    parts = {key: value for key, value in make_sdxl().components.items() if key not in ("image_encoder", "feature_extractor")}
    put_back = quiet(StableDiffusionXLInpaintPipeline(**parts, add_watermarker=False))
    shown = quiet(StableDiffusionXLInpaintPipeline(**{**parts, "unet": make_sdxl_inpainting_unet()}, add_watermarker=False))
    cases = [
        ("strength 1", "euler", 6, 5.0, {"strength": 1.0}),
        ("strength 0.6", "euler", 10, 5.0, {"strength": 0.6}),
        ("no guidance", "unipc", 6, 1.0, {"strength": 1.0}),
    ]
    return runs_of(put_back, "tiny-sdxl", cases, GUIDED) + runs_of(shown, "tiny-sdxl-inpainting", cases, GUIDED)


class Sd3InpaintPipeline(StableDiffusion3InpaintPipeline):
    """Decodes as diffusers' other two pipelines of SD3 do: its own inpainting one forgets the latents' shift (0.42.1, the call of `vae.decode` at its end)."""

    def __call__(self, **options):
        with torch.no_grad():
            latents = super().__call__(**{**options, "output_type": "latent"}).images
            decoded = self.vae.decode(latents / self.vae.config.scaling_factor + self.vae.config.shift_factor).sample
        return SimpleNamespace(images=self.image_processor.postprocess(decoded, output_type=options["output_type"]))


def sd3_runs() -> list[dict]:
    parts = {key: value for key, value in make_sd3().components.items() if key not in ("image_encoder", "feature_extractor")}
    pipe = quiet(Sd3InpaintPipeline(**parts))
    own = "flow-match-euler"
    cases = [
        ("strength 1", own, 6, 5.0, {"strength": 1.0}),
        ("strength 0.6", own, 10, 5.0, {"strength": 0.6}),
        ("no guidance", own, 6, 1.0, {"strength": 1.0}),
    ]
    return runs_of(pipe, "tiny-sd3", cases, GUIDED)


def flux_runs() -> list[dict]:
    parts = {key: value for key, value in make_flux(True).components.items() if key not in ("image_encoder", "feature_extractor")}
    pipe = quiet(FluxInpaintPipeline(**parts))
    own, size = "flow-match-euler", {"width": 32, "height": 32}
    cases = [("strength 1", own, 6, 3.5, {"strength": 1.0, **size}), ("strength 0.6", own, 10, 3.5, {"strength": 0.6, **size})]
    return runs_of(pipe, "tiny-flux", cases, {"prompt": PROMPT})


def main() -> None:
    runs = stable_diffusion_runs() + consistency_runs() + sdxl_runs() + sd3_runs() + flux_runs()
    case = {"initialPicture": encoded(np.asarray(initial_picture())), "mask": encoded(np.asarray(mask())), "runs": runs}
    write_golden("inpainting", "make_inpainting_golden.py", ["diffusers", "transformers", "torch"], 1e-3, [case])


if __name__ == "__main__":
    main()
