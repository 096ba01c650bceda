"""The frozen decoder: Stable Diffusion 1.x, 2.x, Turbo or XL as its loss is asked, and as it draws."""

from dataclasses import dataclass

import torch
from convert.refusal import Refusal
from diffusers import AutoencoderKL, DDIMScheduler, DDPMScheduler, DiffusionPipeline, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from .backbone import Backbone
from .relaxed_text import embeddings_of, read_embeddings

PREDICTIONS = ("epsilon", "v_prediction", "sample")


class FrozenDecoder(nn.Module):
    """U-Net, autoencoder and one or two text encoders of a diffusers folder; nothing of it is ever trained."""

    def __init__(self, unet, vae, text_encoders, tokenizers, scheduler_config: dict):
        super().__init__()
        self.unet, self.vae, self.text_encoders = unet, vae, nn.ModuleList(text_encoders)
        self.tokenizers, self.scheduler_config = tokenizers, scheduler_config
        self.schedule = DDPMScheduler.from_config(scheduler_config)
        self.saves_memory = False
        prediction = self.schedule.config.prediction_type
        if prediction not in PREDICTIONS:
            raise Refusal("request-invalid", f"The decoder predicts {prediction}, which is not known here.", f"Known: {', '.join(PREDICTIONS)}.")
        self.eval().requires_grad_(False)

    @property
    def vocabulary(self) -> dict[str, int]:
        return self.tokenizers[0].get_vocab()

    @property
    def side(self) -> int:
        """Pixels of the squares it was trained on."""
        return self.unet.config.sample_size * self.pixels_a_latent

    @property
    def pixels_a_latent(self) -> int:
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @property
    def pixels_a_step(self) -> int:
        """What sides must be multiples of, so that every level of the U-Net halves evenly."""
        return self.pixels_a_latent * 2 ** (len(self.unet.config.block_out_channels) - 1)

    def save_memory(self) -> None:
        """From now on inner values of the U-Net and the text encoders are computed again on the way back."""
        self.saves_memory = True
        self.unet.enable_gradient_checkpointing()

    @torch.no_grad()
    def latents(self, pixels: torch.Tensor) -> torch.Tensor:
        """Scaled latent means [batch, c, h, w] in float32 of pixels in -1..1."""
        return self.vae.encode(pixels.to(self.vae.dtype)).latent_dist.mean.float() * self.vae.config.scaling_factor

    def conditions(self, choice: torch.Tensor, allowed: torch.Tensor, side: int) -> dict:
        """What the U-Net is told by (soft) one-hots [batch, words, allowed]: choice × embedding matrix in place of the token embeddings."""
        return self._read([choice.to(table.dtype) @ table[allowed] for table in self._tables()], side)

    @torch.no_grad()
    def conditions_of_ids(self, ids: torch.Tensor, side: int) -> dict:
        """The same of exact ids [batch, words]; no words are the empty text."""
        return self._read([table[ids] for table in self._tables()], side)

    @torch.no_grad()
    def conditions_of_texts(self, ids: torch.Tensor, side: int) -> dict:
        """The same of texts [batch, places] with empty places, which are -1 and say nothing: what is left moves together."""
        told = ids >= 0
        groups = [(told.sum(1) == count).nonzero()[:, 0] for count in told.sum(1).unique()]
        parts = [self.conditions_of_ids(ids[rows][told[rows]].view(len(rows), -1), side) for rows in groups]
        back = torch.cat(groups).argsort()
        joined = {name: torch.cat([part[name] for part in parts])[back] for name in parts[0] if name != "added_cond_kwargs"}
        if "added_cond_kwargs" in parts[0]:
            names = parts[0]["added_cond_kwargs"]
            joined["added_cond_kwargs"] = {name: torch.cat([part["added_cond_kwargs"][name] for part in parts])[back] for name in names}
        return joined

    def errors(self, latents: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor, conditions: dict) -> torch.Tensor:
        """Mean squared error [batch] of what this decoder predicts by its own schedule: noise, velocity or picture. Latents and noise are float32."""
        noised = self.schedule.add_noise(latents, noise, timesteps)
        kind = self.schedule.config.prediction_type
        wanted = {"epsilon": noise, "sample": latents}.get(kind)
        if wanted is None:
            wanted = self.schedule.get_velocity(latents, noise, timesteps)
        found = self.unet(noised.to(self.unet.dtype), timesteps, return_dict=False, **conditions)[0]
        return (found.float() - wanted).square().mean((1, 2, 3))

    @torch.no_grad()
    def draw(self, ids: torch.Tensor, noise: torch.Tensor, steps: int, guidance: float) -> torch.Tensor:
        """Pixels [batch, 3, h, w] in -1..1 of exact ids by DDIM from `noise` [batch, c, h, w]; a guidance of 1 asks once a step."""
        plan = DDIMScheduler.from_config(self.scheduler_config, clip_sample=False)
        plan.set_timesteps(steps, device=noise.device)
        side = noise.shape[-1] * self.pixels_a_latent
        told = self.conditions_of_ids(ids, side)
        untold = self.conditions_of_ids(ids[:, :0], side)
        latents = noise * plan.init_noise_sigma
        for timestep in plan.timesteps:
            sample = plan.scale_model_input(latents, timestep).to(self.unet.dtype)
            found = self.unet(sample, timestep, return_dict=False, **told)[0].float()
            if guidance != 1:
                without = self.unet(sample, timestep, return_dict=False, **untold)[0].float()
                found = without + guidance * (found - without)
            latents = plan.step(found, timestep, latents).prev_sample
        return self.vae.decode((latents / self.vae.config.scaling_factor).to(self.vae.dtype)).sample.float().clamp(-1, 1)

    def _tables(self) -> list[torch.Tensor]:
        return [encoder.get_input_embeddings().weight for encoder in self.text_encoders]

    def _read(self, middles: list[torch.Tensor], side: int) -> dict:
        batch, words, _ = middles[0].shape
        found = []
        for encoder, tokenizer, table, middle in zip(self.text_encoders, self.tokenizers, self._tables(), middles, strict=True):
            embeddings = embeddings_of(table, middle, tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id)
            found.append(read_embeddings(encoder, embeddings, words + 1, self.saves_memory))
        if len(found) == 1:
            return {"encoder_hidden_states": found[0].last.to(self.unet.dtype)}
        sizes = torch.tensor([side, side, 0, 0, side, side], device=middles[0].device, dtype=self.unet.dtype).expand(batch, -1)
        return {
            "encoder_hidden_states": torch.cat([states.before_last for states in found], -1).to(self.unet.dtype),
            "added_cond_kwargs": {"text_embeds": found[-1].vector.to(self.unet.dtype), "time_ids": sizes},
        }


@dataclass(frozen=True)
class Frozen:
    """What is never trained, and the side of the pictures its loss is asked about."""

    backbone: Backbone
    decoder: FrozenDecoder
    side: int

    @torch.no_grad()
    def features(self, seen: torch.Tensor) -> torch.Tensor:
        """float32 [batch, patches, width] of pictures as the backbone wants them."""
        return self.backbone(seen.to(next(self.backbone.parameters()).dtype)).float()


def load_decoder(name: str) -> FrozenDecoder:
    """The decoder of a diffusers folder or hub id, in single precision. Raises Refusal for a pipeline of another form."""
    index = DiffusionPipeline.load_config(name)
    if index.get("unet", [None, None])[1] != "UNet2DConditionModel" or "text_encoder" not in index or "text_encoder_3" in index:
        raise Refusal("request-invalid", f"{name} is a {index.get('_class_name')}, which is not known here.", "Stable Diffusion 1.x, 2.x, Turbo and XL are.")
    two = index.get("text_encoder_2", [None, None])[1] is not None
    encoders = [CLIPTextModel.from_pretrained(name, subfolder="text_encoder", dtype=torch.float32)]
    tokenizers = [CLIPTokenizer.from_pretrained(name, subfolder="tokenizer")]
    if two:
        encoders.append(CLIPTextModelWithProjection.from_pretrained(name, subfolder="text_encoder_2", dtype=torch.float32))
        tokenizers.append(CLIPTokenizer.from_pretrained(name, subfolder="tokenizer_2"))
    unet = UNet2DConditionModel.from_pretrained(name, subfolder="unet", torch_dtype=torch.float32)
    vae = AutoencoderKL.from_pretrained(name, subfolder="vae", torch_dtype=torch.float32)
    return FrozenDecoder(unet, vae, encoders, tokenizers, DDPMScheduler.load_config(name, subfolder="scheduler"))
