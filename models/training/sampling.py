"""Pictures from texts in PyTorch, for grids and for the encoder's search; the studio has its own in ONNX."""

import torch
from diffusers import DDIMScheduler

from .networks import LATENT_CHANNELS, LATENT_SIDE, text_states
from .noise_schedule import scheduler_config
from .tokenizer import encode_batch


def fixed_noise(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    """Normal noise that is the same on every device."""
    noise = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed), device="cpu")
    return noise.to(torch.get_default_device())


class Decoder(torch.nn.Module):
    """The frozen text-to-image half: text encoder, denoiser, VAE and the latents' scale.

    `vae_decoder` draws the pictures when it is there; without one the VAE's own decoder half does.
    """

    def __init__(self, text_encoder, unet, vae, scale: float, vae_decoder=None):
        super().__init__()
        self.text_encoder, self.unet, self.vae, self.scale = text_encoder, unet, vae, scale
        self.vae_decoder = vae if vae_decoder is None else vae_decoder
        self.eval().requires_grad_(False)

    def states(self, ids: torch.Tensor) -> torch.Tensor:
        """Hidden states of token ids [batch, n]."""
        return text_states(self.text_encoder, self.text_encoder.embeddings.token_embedding(ids))

    @torch.no_grad()
    def latents(self, pixels: torch.Tensor) -> torch.Tensor:
        """Scaled latent means [batch, 4, 16, 16] of pixels in -1..1."""
        return self.vae.encode(pixels.contiguous(memory_format=torch.channels_last)).latent_dist.mean * self.scale

    @torch.no_grad()
    def sample(self, texts: list[list[str]], steps: int = 16, guidance: float = 2.5, seed: int = 0, length: int = 77) -> torch.Tensor:
        """Pixels [batch, 3, side, side] in -1..1 by DDIM with classifier-free guidance."""
        scheduler = DDIMScheduler.from_config(scheduler_config())
        scheduler.set_timesteps(steps)
        states = self.states(torch.cat([encode_batch([[]] * len(texts), length), encode_batch(texts, length)]))
        latents = fixed_noise((len(texts), LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE), seed)
        for timestep in scheduler.timesteps:
            empty, told = self.unet(latents.repeat(2, 1, 1, 1), timestep, states).sample.chunk(2)
            latents = scheduler.step(empty + guidance * (told - empty), timestep, latents).prev_sample
        return self.pixels(latents)

    @torch.no_grad()
    def pixels(self, latents: torch.Tensor) -> torch.Tensor:
        """Pixels [batch, 3, side, side] in -1..1 of scaled latents."""
        return self.vae_decoder.decode((latents / self.scale).contiguous(memory_format=torch.channels_last)).sample.clamp(-1, 1)
