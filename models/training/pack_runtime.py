"""Runs a finished pack with ONNX Runtime, the way the studio does: encode, generate, score. Needs no PyTorch network."""

import json
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, LCMScheduler

SCHEDULERS = {
    "ddim": (DDIMScheduler, {}),
    "euler": (EulerDiscreteScheduler, {}),
    "euler-ancestral": (EulerAncestralDiscreteScheduler, {}),
    "dpmpp-2m": (DPMSolverMultistepScheduler, {}),
    "dpmpp-2m-karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    "lcm": (LCMScheduler, {}),
}
LONGEST = 77


class PackRuntime:
    """One pack folder; `heads` may point to other poolers than its own."""

    def __init__(self, folder: Path, heads: Path | None = None, threads: int = 1):
        self.folder = Path(folder)
        self.heads = Path(heads) if heads else self.folder / "encoder"
        self.threads = threads
        self._sessions: dict[Path, onnxruntime.InferenceSession] = {}
        self.scale = json.loads((self.folder / "decoder/vae_decoder/config.json").read_text())["scaling_factor"]
        denoiser = json.loads((self.folder / "decoder/unet/config.json").read_text())
        self.latent_shape = (denoiser["in_channels"], denoiser["sample_size"], denoiser["sample_size"])

    def session(self, path: Path) -> onnxruntime.InferenceSession:
        """The graph at `path`, loaded once."""
        if path not in self._sessions:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self.threads
            self._sessions[path] = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return self._sessions[path]

    def run(self, graph: str, **inputs: np.ndarray) -> list[np.ndarray]:
        """Outputs of one of the pack's graphs, named by its path in the pack."""
        return self.session(self.folder / graph).run(None, inputs)

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Token to id."""
        return json.loads((self.folder / "decoder/tokenizer/vocab.json").read_text(encoding="utf-8"))

    @cached_property
    def tokens(self) -> dict[int, str]:
        """Id to token without the end-of-word mark."""
        return {index: token.removesuffix("</w>") for token, index in self.vocabulary.items()}

    @cached_property
    def defaults(self) -> dict:
        """How the pack draws when nothing else is asked for, as arguments of `generate`."""
        settings = json.loads((self.folder / "pack.json").read_text(encoding="utf-8"))["roles"]["decoder"]["defaults"]
        return {
            "steps": settings["steps"],
            "guidance": settings["guidance"],
            "scheduler": settings["scheduler"],
            "guidance_from": settings.get("guidanceFromTimestep", 0),
        }

    def ids(self, texts: list[list[str]]) -> np.ndarray:
        """int64 [batch, 77] of known words, padded with the end token."""
        end = self.vocabulary["<|endoftext|>"]
        result = np.full((len(texts), LONGEST), end, np.int64)
        result[:, 0] = self.vocabulary["<|startoftext|>"]
        for row, words in enumerate(texts):
            known = [self.vocabulary[word + "</w>"] for word in words][: LONGEST - 2]
            result[row, 1 : 1 + len(known)] = known
        return result

    def encode(self, images: np.ndarray, length: int) -> list[list[str]]:
        """The most likely De-Diffusion words of uint8 pictures [batch, 64, 64, 3]."""
        (features,) = self.run("encoder/backbone.onnx", pixel_values=to_values(images))
        ids, _, _ = self.session(self.heads / f"pooler_{length}.onnx").run(None, {"image_features": features})
        return [[self.tokens[int(index)] for index in row[:, 0]] for row in ids]

    def generate(
        self,
        texts: list[list[str]],
        steps: int = 20,
        guidance: float = 2.5,
        scheduler: str = "ddim",
        seed: int = 0,
        first: int = 0,
        guidance_from: int = 0,
    ) -> np.ndarray:
        """uint8 pictures [batch, side, side, 3]; picture i starts from the noise of `seed` and number `first + i`.

        Timesteps below `guidance_from` run the text alone: there objects and colours are settled, and guidance only
        makes them harsher, at twice the cost.
        """
        kind, options = SCHEDULERS[scheduler]
        plan = kind.from_pretrained(self.folder / "decoder/scheduler", **options)
        plan.set_timesteps(steps)
        generators = [torch.Generator().manual_seed(seed * 1_000_003 + first + index) for index in range(len(texts))]
        latents = torch.stack([torch.randn(self.latent_shape, generator=generator) for generator in generators]) * plan.init_noise_sigma
        (empty,) = self.run("decoder/text_encoder/model.onnx", input_ids=self.ids([[]]))[:1]
        told = self.run("decoder/text_encoder/model.onnx", input_ids=self.ids(texts))[0]
        states = np.concatenate([np.repeat(empty, len(texts), 0), told])
        noise = torch.Generator().manual_seed(seed)
        for timestep in plan.timesteps:
            sample = plan.scale_model_input(latents, timestep).numpy()
            guided = guidance > 1 and float(timestep) >= guidance_from
            (out,) = self.run(
                "decoder/unet/model.onnx",
                sample=np.concatenate([sample, sample]) if guided else sample,
                timestep=np.array(float(timestep), np.float32),
                encoder_hidden_states=states if guided else told,
            )
            if guided:
                untold, out = np.split(out, 2)
                out = untold + guidance * (out - untold)
            velocity = torch.from_numpy(out)
            options = {"generator": noise} if scheduler in ("euler-ancestral", "lcm") else {}
            latents = plan.step(velocity, timestep, latents, **options).prev_sample
        return self.draw((latents / self.scale).numpy())

    def draw(self, latents: np.ndarray) -> np.ndarray:
        """uint8 pictures [batch, side, side, 3] of unscaled latents."""
        (pixels,) = self.run("decoder/vae_decoder/model.onnx", latent_sample=latents)
        return np.clip(np.round((pixels * 0.5 + 0.5) * 255), 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """uint8 pictures [batch, side, side, 3] of uint8 pictures [batch, 64, 64, 3], through the autoencoder alone."""
        (parameters,) = self.run("decoder/vae_encoder/model.onnx", sample=to_values(images))
        return self.draw(np.ascontiguousarray(parameters[:, : self.latent_shape[0]]))

    def image_embeds(self, images: np.ndarray) -> np.ndarray:
        """Unit vectors [batch, size] of uint8 pictures."""
        return self.run("scorer/onnx/vision_model.onnx", pixel_values=to_values(images))[0]

    def text_embeds(self, texts: list[list[str]]) -> np.ndarray:
        """Unit vectors [batch, size] of texts."""
        return self.run("scorer/onnx/text_model.onnx", input_ids=self.ids(texts))[0]


def to_values(images: np.ndarray) -> np.ndarray:
    """uint8 [batch, h, w, 3] to float32 [batch, 3, h, w] in -1..1."""
    return np.ascontiguousarray((images.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2))
