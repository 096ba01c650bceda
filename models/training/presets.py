"""Every budget and width of the recipe, in images and steps, for the two machines it knows."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Preset:
    """Numbers of one machine. Budgets are images seen, so that runs on different machines compare."""

    name: str
    device: str
    dtype: str
    work_dtype: str
    seed: int

    classifier_images: int
    classifier_width: int

    vae_channels: tuple[int, ...]
    vae_batch: int
    vae_images: int
    vae_rate: float

    vae_decoder_channels: tuple[int, ...]
    vae_decoder_batch: int
    vae_decoder_images: int
    vae_decoder_rate: float

    text_width: int
    text_layers: int
    text_heads: int
    unet_channels: tuple[int, ...]
    denoiser_batch: int
    denoiser_images: int
    denoiser_rate: float
    latent_scenes: int

    backbone_width: int
    backbone_layers: int
    pooler_layers: int

    scorer_width: int
    scorer_layers: int
    scorer_batch: int
    scorer_images: int

    encoder_batch: int
    supervised_images: int
    relaxed_images: int
    sweep_steps: int
    distil_rounds: float
    from_nothing_steps: int
    imitate_steps: int


CPU = Preset(
    name="cpu",
    device="cpu",
    dtype="float32",
    work_dtype="bfloat16",
    seed=20261123,
    classifier_images=24_000,
    classifier_width=24,
    vae_channels=(16, 32, 64),
    vae_batch=8,
    vae_images=24_000,
    vae_rate=2e-3,
    vae_decoder_channels=(16, 32, 64, 96),
    vae_decoder_batch=8,
    vae_decoder_images=48_000,
    vae_decoder_rate=1.5e-3,
    text_width=160,
    text_layers=3,
    text_heads=4,
    unet_channels=(32, 64, 160),
    denoiser_batch=64,
    denoiser_images=2_200_000,
    denoiser_rate=1e-3,
    latent_scenes=131_072,
    backbone_width=160,
    backbone_layers=3,
    pooler_layers=2,
    scorer_width=96,
    scorer_layers=2,
    scorer_batch=96,
    scorer_images=18_000,
    encoder_batch=64,
    supervised_images=268_800,
    relaxed_images=3_840,
    sweep_steps=240,
    distil_rounds=4.0,
    from_nothing_steps=900,
    imitate_steps=240,
)

GPU = replace(
    CPU,
    name="gpu",
    device="cuda",
    dtype="bfloat16",
    classifier_images=400_000,
    vae_channels=(64, 128, 192),
    vae_batch=128,
    vae_images=1_500_000,
    vae_rate=1e-3,
    vae_decoder_channels=(64, 96, 128, 192),
    vae_decoder_batch=128,
    vae_decoder_images=2_000_000,
    vae_decoder_rate=1e-3,
    text_width=256,
    text_layers=4,
    unet_channels=(96, 192, 320),
    denoiser_batch=512,
    denoiser_images=12_000_000,
    latent_scenes=1_000_000,
    backbone_width=256,
    backbone_layers=6,
    pooler_layers=5,
    scorer_width=192,
    scorer_layers=4,
    scorer_batch=1024,
    scorer_images=3_000_000,
    encoder_batch=512,
    supervised_images=3_000_000,
    relaxed_images=1_000_000,
    sweep_steps=4_000,
    distil_rounds=4.0,
    from_nothing_steps=8_000,
    imitate_steps=4_000,
)

TINY = replace(
    CPU,
    name="tiny",
    classifier_images=32,
    classifier_width=8,
    vae_channels=(8, 8, 16),
    vae_batch=4,
    vae_images=16,
    vae_decoder_channels=(8, 8, 8, 16),
    vae_decoder_batch=4,
    vae_decoder_images=16,
    text_width=32,
    text_layers=1,
    text_heads=2,
    unet_channels=(8, 16, 32),
    denoiser_batch=4,
    denoiser_images=16,
    latent_scenes=16,
    backbone_width=32,
    backbone_layers=1,
    pooler_layers=1,
    scorer_width=32,
    scorer_layers=1,
    scorer_batch=4,
    scorer_images=16,
    encoder_batch=4,
    supervised_images=16,
    relaxed_images=16,
    sweep_steps=4,
    distil_rounds=3.0,
    from_nothing_steps=4,
    imitate_steps=2,
)

PRESETS = {preset.name: preset for preset in (CPU, GPU, TINY)}
