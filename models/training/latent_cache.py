"""Stage 3: scenes encoded once, so that the denoiser never waits for pictures; grows while training reads it."""

import json
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

from .networks import LATENT_CHANNELS, LATENT_SIDE
from .presets import Preset
from .tokenizer import vocabulary, word_ids
from .world.batch import object_weights, pixels, scenes
from .world.facts import Facts, facts_of

CHUNK = 256
# The world has a second object in a fifth of its scenes; pairs are the hardest to draw, so training sees more of them.
TWO_OBJECTS = 1 / 3


class LatentCache:
    """Latents float16 [n, 4, 16, 16] with unit deviation, object cells uint8 [n, 16, 16] and the facts' token ids."""

    def __init__(self, folder: Path, capacity: int):
        self.folder = Path(folder) / "latents"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.capacity = capacity
        self.names = list(facts_of(scenes("train", 0, 1)[0]))
        self.words = {index: token[: -len("</w>")] for token, index in vocabulary().items() if token.endswith("</w>")}
        self.latents = self._open("latents", np.float16, (capacity, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE))
        self.cells = self._open("cells", np.uint8, (capacity, LATENT_SIDE, LATENT_SIDE))
        self.facts = self._open("facts", np.int16, (capacity, len(self.names)))

    def _open(self, name: str, dtype: type, shape: tuple[int, ...]) -> np.memmap:
        path = self.folder / f"{name}.bin"
        return np.memmap(path, dtype, "r+" if path.exists() else "w+", shape=shape)

    @property
    def state(self) -> dict:
        """`count` scenes so far and the `scale` that gives latents unit deviation."""
        path = self.folder / "state.json"
        return json.loads(path.read_text()) if path.exists() else {"count": 0, "scale": 0.0}

    def facts_at(self, index: int) -> Facts:
        """The facts of one cached scene."""
        return {name: self.words[int(token)] for name, token in zip(self.names, self.facts[index])}

    @torch.no_grad()
    def fill(self, vae: AutoencoderKL) -> None:
        """Encodes training scenes until the capacity is reached."""
        state = self.state
        ids = word_ids()
        while state["count"] < self.capacity:
            first = state["count"]
            batch = scenes("train", first, min(CHUNK, self.capacity - first), TWO_OBJECTS)
            means = vae.encode(pixels(batch).contiguous(memory_format=torch.channels_last)).latent_dist.mean
            if not state["scale"]:
                state["scale"] = 1.0 / float(means.std())
            end = first + len(batch)
            self.latents[first:end] = (means * state["scale"]).half().cpu().numpy()
            self.cells[first:end] = object_weights(batch, LATENT_SIDE, 2.0)[:, 0].cpu().numpy() - 1
            self.facts[first:end] = [[ids[word] for word in facts_of(scene).values()] for scene in batch]
            state["count"] = end
            partial = self.folder / "state.partial"
            partial.write_text(json.dumps(state))
            partial.replace(self.folder / "state.json")


def fill_latents(preset: Preset, folder: Path, vae: AutoencoderKL) -> None:
    """Encodes the preset's number of scenes."""
    LatentCache(folder, preset.latent_scenes).fill(vae)
