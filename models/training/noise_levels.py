"""Which noise level tells which fact: `python -m training.noise_levels --pack packs/tiny-scenes [--scenes 15]`.

Scenes of the training split have their true texts of 15 words; at each place every word that may stand there takes the true one's, at the same noise.
What is told is, for each kind of fact and each level, the share of noises at which the true word has the least loss. It depends on the decoder, so it is
measured once for each and kept in the pack: in `evaluation.json` here, in the card by `training.card`. A search does not ask each kind at its own levels: that read no better (decision 0046).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .export_pack import write_json
from .noise_schedule import TIMESTEPS, add_noise
from .pack_runtime import PackRuntime, to_values
from .place_words import words_of_places
from .world.facts import facts_of
from .world.render import render
from .world.slots import TEMPLATES, slot_words
from .world.split import scene_of

LENGTH, SIDE, FIRST_SEED = 15, 64, 80_000_000
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
LOOKS = 2
BATCH = 96
# Two places of a text name each object, and one alone decides little.
LEFT_OUT = ("object",)


def measure_levels(runtime: PackRuntime, scenes: int, levels: tuple[float, ...] = LEVELS, looks: int = LOOKS) -> dict:
    """Shares by kind and level, the mean number of words that were tried beside the true one, and how many noises a share is of."""
    wins: dict[str, np.ndarray] = {}
    asked: dict[str, int] = {}
    tried: dict[str, int] = {}
    for seed in range(scenes):
        scene = scene_of("train", FIRST_SEED + seed)
        latents = torch.from_numpy(_latents(runtime, render(scene, SIDE)))
        true = slot_words(facts_of(scene), LENGTH)
        generator = torch.Generator().manual_seed(seed)
        noise = torch.randn(len(levels) * looks, *latents.shape, generator=generator)
        for place, (template, words) in enumerate(zip(TEMPLATES[LENGTH], words_of_places(LENGTH), strict=True)):
            kind = template.strip("{}").removeprefix("other")
            rivals = [word for word in words if word != true[place]]
            if not template.startswith("{") or kind in LEFT_OUT or not rivals:
                continue
            texts = [true[:place] + [word] + true[place + 1 :] for word in [true[place], *rivals]]
            losses = _losses(runtime, latents, noise, texts, levels, looks)
            won = (losses[0] < losses[1:].min(0)).reshape(len(levels), looks).sum(1)
            wins[kind] = wins.get(kind, 0) + won
            asked[kind], tried[kind] = asked.get(kind, 0) + looks, tried.get(kind, 0) + len(rivals) * looks
    return {
        "scenes": scenes,
        "levels": list(levels),
        "kinds": {
            kind: {"shares": [round(float(share), 4) for share in won / asked[kind]], "noises": asked[kind], "rivals": round(tried[kind] / asked[kind], 1)}
            for kind, won in wins.items()
        },
    }


def _latents(runtime: PackRuntime, picture: np.ndarray) -> np.ndarray:
    """Scaled latent means [c, h, w] of a uint8 picture."""
    (parameters,) = runtime.run("decoder/vae_encoder/model.onnx", sample=to_values(picture[None]))
    return parameters[0, : runtime.latent_shape[0]] * runtime.scale


def _losses(runtime: PackRuntime, latents: torch.Tensor, noise: torch.Tensor, texts: list[list[str]], levels: tuple[float, ...], looks: int) -> np.ndarray:
    """float32 [texts, levels × looks]: the loss of each text at the same noises, level by level."""
    # Rows as short as the text, as a search asks (decision 0068): most of a whole one is padding.
    ids = runtime.ids(texts)[:, : LENGTH + 2]
    states = np.concatenate([runtime.run("decoder/text_encoder/model.onnx", input_ids=ids[at : at + BATCH])[0] for at in range(0, len(ids), BATCH)])
    found = np.empty((len(texts), len(noise)), np.float32)
    for look in range(len(noise)):
        timestep = int(levels[look // looks] * TIMESTEPS)
        noised, velocity = add_noise(latents[None], noise[look][None], torch.tensor([timestep]))
        for at in range(0, len(texts), BATCH):
            part = states[at : at + BATCH]
            sample = np.repeat(noised.numpy(), len(part), 0)
            (out,) = runtime.run("decoder/unet/model.onnx", sample=sample, timestep=np.array(float(timestep), np.float32), encoder_hidden_states=part)
            found[at : at + BATCH, look] = np.square(out - velocity.numpy()).mean((1, 2, 3))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    measured = measure_levels(PackRuntime(options.pack, threads=options.threads), options.scenes)
    evaluation = options.pack / "evaluation.json"
    write_json(evaluation, json.loads(evaluation.read_text(encoding="utf-8")) | {"noiseLevels": measured})
    for kind, told in measured["kinds"].items():
        print(f"{kind:12} {told['noises']:4} " + " ".join(f"{share:.2f}" for share in told["shares"]))


if __name__ == "__main__":
    main()
