"""One short drawing, made by PyTorch and then by the graphs from the same numbers: how far apart they are.

Every graph is fed what PyTorch fed its own network, so that each answers for itself alone, and only one of them is in memory at a time.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import onnxruntime
import torch
from diffusers import DiffusionPipeline

from .families import Family
from .graphs import text_answers, text_outputs
from .refusal import Refusal

PROMPTS = ("", "a photograph of a red fox in the snow, morning light")
STEPS, GUIDANCE, SEED = 4, 5.0, 7
MOST_SIDE = 256
Arrays = dict[str, np.ndarray]
Run = Callable[[Arrays], list[np.ndarray]]


@dataclass(frozen=True)
class Bound:
    """How far a graph may be from PyTorch: of latents and hidden states, and of pictures in steps of 255."""

    of: str
    """`largest`: of all differences. `mean`: their mean, because single ones of half precision tell little."""
    latents: float
    picture: float


SINGLE = Bound("largest", 1e-3, 2.0)
HALF = Bound("mean", 1e-2, 1.0)


@dataclass(frozen=True)
class Trial:
    """What went into PyTorch's networks and what came out of them, by the folder of the graph that has to give the same."""

    texts: dict[str, tuple[Arrays, Arrays]]
    noise: np.ndarray
    conditions: Arrays
    latents: np.ndarray
    """After the last step, not yet divided by the autoencoder's scale."""
    scale: float
    picture: np.ndarray
    """[2, 3, h, w] in -1..1, of those latents."""
    code: np.ndarray
    """Latent parameters of that picture."""


@dataclass(frozen=True)
class Finding:
    """How far one graph is from PyTorch."""

    graph: str
    what: str
    """`states`, `latents` or `picture`; a picture counts in steps of 255."""
    of: str
    difference: float
    bound: float

    @property
    def holds(self) -> bool:
        return bool(self.difference <= self.bound)


@torch.no_grad()
def try_with_torch(pipeline: DiffusionPipeline, family: Family) -> Trial:
    """Draws two rows, the empty text and a sentence, by the pipeline's own networks."""
    side = min(MOST_SIDE, pipeline.unet.config.sample_size * pipeline.vae_scale_factor)
    texts: dict[str, tuple[Arrays, Arrays]] = {}
    for encoder in family.text_encoders:
        tokenizer, network = getattr(pipeline, encoder.tokenizer), getattr(pipeline, encoder.folder)
        ids = tokenizer(list(PROMPTS), padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        outputs = text_outputs(network, len(family.text_encoders) > 1)
        states = {name: answer.numpy() for name, answer in zip(outputs, text_answers(network, ids, outputs))}
        texts[encoder.folder] = ({"input_ids": ids.numpy()}, states)
    conditions = _conditions(texts, family, side)
    latent_side = side // pipeline.vae_scale_factor
    shape = (1, pipeline.unet.config.in_channels, latent_side, latent_side)
    noise = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(SEED)).numpy()
    latents = _denoise(lambda feeds: [_run_unet(pipeline.unet, feeds)], pipeline.scheduler, noise, conditions)
    scale = pipeline.vae.config.scaling_factor
    picture = pipeline.vae.decode(torch.from_numpy(latents / scale)).sample
    code = pipeline.vae.encode(picture).latent_dist.parameters.numpy()
    return Trial(texts, noise, conditions, latents, scale, picture.numpy(), code)


def try_graph(trial: Trial, folder: Path, name: str, scheduler, bound: Bound) -> Finding:
    """Runs one exported graph on what PyTorch was given.

    Raises Refusal where it is further away than the bound allows, or gives something that is no number.
    """
    run = _open(folder / name / "model.onnx")
    if name in trial.texts:
        feeds, wanted = trial.texts[name]
        pairs, what, most = list(zip(run(feeds), wanted.values(), strict=True)), "states", bound.latents
    elif name == "unet":
        pairs, what, most = [(_denoise(run, scheduler, trial.noise, trial.conditions), trial.latents)], "latents", bound.latents
    elif name == "vae_encoder":
        pairs, what, most = [(run({"sample": trial.picture})[0], trial.code)], "latents", bound.latents
    else:
        found = run({"latent_sample": trial.latents / trial.scale})[0]
        pairs, what, most = [(_to_bytes(found), _to_bytes(trial.picture))], "picture", bound.picture
    gaps = [np.abs(found.astype(np.float64) - wanted) for found, wanted in pairs]
    difference = float(max(gap.max() if bound.of == "largest" else gap.mean() for gap in gaps))
    finding = Finding(name, what, bound.of, difference, most)
    if finding.holds:
        return finding
    raise Refusal(
        "pack-invalid",
        f"The exported {name} differs from the checkpoint by {difference:.2g} ({what}, {bound.of}); {most:g} is the most that is taken.",
        "Convert it in single precision (--dtype fp32); if it is, please report it." if bound is HALF else "Please report it, with the model's name.",
        graph=name,
        difference=difference if np.isfinite(difference) else str(difference),
        bound=most,
    )


def _conditions(texts: dict[str, tuple[Arrays, Arrays]], family: Family, side: int) -> Arrays:
    """What the U-Net is told of both rows."""
    if len(family.text_encoders) == 1:
        return {"encoder_hidden_states": texts["text_encoder"][1]["last_hidden_state"]}
    # The states before the last layer of each encoder, side by side.
    last_but_one = [states[f"hidden_states.{sum('.' in name for name in states) - 2}"] for _, states in texts.values()]
    return {
        "encoder_hidden_states": np.concatenate(last_but_one, axis=-1),
        "text_embeds": texts["text_encoder_2"][1]["text_embeds"],
        "time_ids": np.array([[side, side, 0, 0, side, side]] * 2, dtype=np.float32),
    }


def _denoise(run: Run, scheduler, noise: np.ndarray, conditions: Arrays) -> np.ndarray:
    """A few guided steps from `noise` [1, c, h, w]; both rows in one run, as the studio does it."""
    scheduler = type(scheduler).from_config(scheduler.config)
    scheduler.set_timesteps(STEPS)
    latents = torch.from_numpy(noise) * scheduler.init_noise_sigma
    for timestep in scheduler.timesteps:
        told = scheduler.scale_model_input(torch.cat([latents, latents]), timestep).float().numpy()
        (predicted,) = run({"sample": told, "timestep": np.array(float(timestep), dtype=np.float32), **conditions})
        without, with_text = torch.from_numpy(predicted.astype(np.float32)).chunk(2)
        latents = scheduler.step(without + GUIDANCE * (with_text - without), timestep, latents).prev_sample
    return latents.float().numpy()


def _run_unet(unet: torch.nn.Module, feeds: Arrays) -> np.ndarray:
    told = {name: torch.from_numpy(np.asarray(value)) for name, value in feeds.items()}
    added = {name: told[name] for name in ("text_embeds", "time_ids") if name in told} or None
    return unet(told["sample"], told["timestep"], told["encoder_hidden_states"], added_cond_kwargs=added).sample.numpy()


def _open(path: Path) -> Run:
    """A graph on the processor; numbers go in as it wants them."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    kinds = {value.name: {"tensor(float16)": np.float16, "tensor(int64)": np.int64}.get(value.type, np.float32) for value in session.get_inputs()}
    return lambda feeds: session.run(None, {name: np.asarray(feeds[name]).astype(kind) for name, kind in kinds.items()})


def _to_bytes(picture: np.ndarray) -> np.ndarray:
    """-1..1 to 0..255, not rounded: a step of rounding would hide behind another."""
    return np.clip(picture.astype(np.float64) / 2 + 0.5, 0, 1) * 255
