"""What tells the families of Stable Diffusion apart, as data, and which of them a checkpoint is by the names and shapes of its tensors."""

from dataclasses import dataclass

from .refusal import Refusal
from .safe_file import SafeFile

UNET = "model.diffusion_model."
STEPS = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "steps_offset": 1,
    "clip_sample": False,
}


@dataclass(frozen=True)
class TextEncoder:
    """A text encoder of a family: its folder, where its tensors begin, and what fills up its rows."""

    folder: str
    prefix: str
    kind: str
    """`clip`: named as transformers names it. `open-clip`: named as OpenCLIP does."""
    activation: str
    pad: str
    projects: bool
    """Whether it tells a text in one vector as well."""
    drops_last_layer: bool = False
    """Whether the states before the last layer are its last ones, so that the last layer is left out."""

    @property
    def tokenizer(self) -> str:
        return self.folder.replace("text_encoder", "tokenizer")


@dataclass(frozen=True)
class Family:
    name: str
    pipeline: str
    text_encoders: tuple[TextEncoder, ...]
    sample_size: int
    """Side of the latents it was trained on."""
    heads: int | None
    """Heads of every attention of the U-Net; None: one for each 64 channels."""
    latent_scale: float
    scheduler: dict
    keeps_vae_whole: bool
    """Whether the autoencoder overflows in half precision, and stays in single."""


CLIP_L = TextEncoder("text_encoder", "cond_stage_model.transformer.text_model.", "clip", "quick_gelu", "<|endoftext|>", False)
SD1 = Family(
    "sd1", "StableDiffusionPipeline", (CLIP_L,), 64, 8, 0.18215,
    {"_class_name": "PNDMScheduler", **STEPS, "set_alpha_to_one": False, "skip_prk_steps": True, "prediction_type": "epsilon"},
    False,
)  # fmt: skip
SD2 = Family(
    "sd2", "StableDiffusionPipeline",
    (TextEncoder("text_encoder", "cond_stage_model.model.", "open-clip", "gelu", "!", False, True),),
    64, None, 0.18215,
    {"_class_name": "DDIMScheduler", **STEPS, "set_alpha_to_one": False, "prediction_type": "epsilon"},
    False,
)  # fmt: skip
SDXL = Family(
    "sdxl", "StableDiffusionXLPipeline",
    (
        TextEncoder("text_encoder", "conditioner.embedders.0.transformer.text_model.", "clip", "quick_gelu", "<|endoftext|>", False),
        TextEncoder("text_encoder_2", "conditioner.embedders.1.model.", "open-clip", "gelu", "!", True),
    ),
    128, None, 0.13025,
    {"_class_name": "EulerDiscreteScheduler", **STEPS, "timestep_spacing": "leading", "prediction_type": "epsilon"},
    True,
)  # fmt: skip
FAMILIES = (SDXL, SD2, SD1)

ONLY = "Stable Diffusion 1.x, 2.x and XL are converted, each from one file with its text encoders."
STRANGERS = {
    "joint_blocks.": "Stable Diffusion 3",
    "double_blocks.": "Flux",
    "conditioner.embedders.0.model.": "the refiner of Stable Diffusion XL, which draws nothing by itself",
    "edm_mean": "Playground 2.5, whose noise levels are its own",
    UNET + "time_embed.cond_proj.": "a distilled model that is told its guidance",
}
INPUTS = {9: "an inpainting model, which takes a mask", 8: "a model that changes pictures by instructions"}


def detect_family(file: SafeFile) -> Family:
    """Raises Refusal for what is no whole checkpoint of a family that is known, and says what it is where that can be told."""
    names = file.shapes
    for mark, what in STRANGERS.items():
        if any(name.startswith(mark) or name.startswith(UNET + mark) for name in names):
            raise _refuse(file, f"is {what}")
    first = names.get(UNET + "input_blocks.0.0.weight")
    if first is None:
        if any("lora" in name for name in names):
            raise Refusal("pack-invalid", f"{file.path.name} is a LoRA, which changes another model.", "Convert that model, with --lora.")
        if any(name.startswith(("decoder.", "encoder.")) for name in names):
            raise Refusal("pack-invalid", f"{file.path.name} is an autoencoder alone.", "Convert a whole model, with --vae.")
        raise _refuse(file, "has no U-Net of Stable Diffusion")
    if first[1] != 4:
        raise _refuse(file, f"is {INPUTS.get(first[1], f'a model that takes {first[1]} channels')}")
    for family in FAMILIES:
        if all(any(name.startswith(encoder.prefix) for name in names) for encoder in family.text_encoders):
            return family
    raise _refuse(file, "has no text encoder that is known")


def _refuse(file: SafeFile, what: str) -> Refusal:
    return Refusal("pack-invalid", f"{file.path.name} {what}.", ONLY, path=str(file.path))
