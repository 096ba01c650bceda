"""A run's latest decoder in the place of a pack's, so that a checkpoint can be measured without being exported."""

from pathlib import Path

import numpy as np
import torch

from .pack_runtime import PackRuntime
from .presets import Preset
from .stages import load_decoder


class RunRuntime(PackRuntime):
    """Draws with the smoothed networks of a run folder; encoder, scorer and tokenizer are the pack's."""

    def __init__(self, folder: Path, preset: Preset, run: Path, threads: int = 1):
        super().__init__(folder, threads=threads)
        self.decoder = load_decoder(preset, run)
        self.scale = self.decoder.scale

    @torch.no_grad()
    def run(self, graph: str, **inputs: np.ndarray) -> list[np.ndarray]:
        """As the graph at this place of the pack: its inputs by name, its outputs in order."""
        given = {name: torch.from_numpy(np.asarray(values)) for name, values in inputs.items()}
        decoder = self.decoder
        if graph == "decoder/text_encoder/model.onnx":
            return [decoder.text_encoder(given["input_ids"]).last_hidden_state.numpy()]
        if graph == "decoder/unet/model.onnx":
            return [decoder.unet(given["sample"], given["timestep"], given["encoder_hidden_states"]).sample.numpy()]
        if graph == "decoder/vae_encoder/model.onnx":
            return [decoder.vae.encode(given["sample"]).latent_dist.parameters.numpy()]
        if graph == "decoder/vae_decoder/model.onnx":
            return [decoder.vae_decoder.decode(given["latent_sample"]).sample.numpy()]
        return super().run(graph, **inputs)
