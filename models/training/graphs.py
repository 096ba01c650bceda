"""Each network as the graph the studio runs: names, types and axes of Optimum's and CLIP's exports."""

from pathlib import Path

import torch
from torch import nn

from .half_weights import round_to_half, store_half

TOP = 10


class TextEncoderGraph(nn.Module):
    """input_ids int64 [b, s] to last_hidden_state [b, s, d] and pooler_output [b, d]."""

    def __init__(self, text_encoder: nn.Module):
        super().__init__()
        self.text_encoder = text_encoder

    def forward(self, input_ids: torch.Tensor):
        output = self.text_encoder(input_ids)
        return output.last_hidden_state, output.pooler_output


class UnetGraph(nn.Module):
    """sample [b, 4, h, w], timestep float scalar, encoder_hidden_states [b, s, d] to out_sample."""

    def __init__(self, unet: nn.Module):
        super().__init__()
        self.unet = unet

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, encoder_hidden_states: torch.Tensor):
        return self.unet(sample, timestep, encoder_hidden_states).sample


class VaeEncoderGraph(nn.Module):
    """sample [b, 3, h, w] in -1..1 to latent_parameters [b, 8, h/4, w/4]: means, then log variances."""

    def __init__(self, vae: nn.Module):
        super().__init__()
        self.vae = vae

    def forward(self, sample: torch.Tensor):
        return self.vae.encode(sample).latent_dist.parameters


class VaeDecoderGraph(nn.Module):
    """latent_sample [b, 4, h, w] to sample [b, 3, fh, fw] in -1..1; a level of the decoder half doubles f, from 1."""

    def __init__(self, vae: nn.Module):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample: torch.Tensor):
        return self.vae.decode(latent_sample).sample


class PoolerGraph(nn.Module):
    """image_features [b, 64, d] to token_ids int64 and token_probs [b, length, 10], and attention [b, length, 64]."""

    def __init__(self, pooler: nn.Module):
        super().__init__()
        self.pooler = pooler

    def forward(self, image_features: torch.Tensor):
        logits, attention = self.pooler(image_features)
        probabilities, places = logits.softmax(-1).topk(TOP, dim=-1)
        return self.pooler.allowed[places], probabilities, attention


class ScorerVisionGraph(nn.Module):
    """pixel_values [b, 3, 64, 64] in -1..1 to image_embeds [b, 128], unit vectors."""

    def __init__(self, scorer: nn.Module):
        super().__init__()
        self.scorer = scorer

    def forward(self, pixel_values: torch.Tensor):
        return self.scorer.image_embeds(pixel_values)


class ScorerTextGraph(nn.Module):
    """input_ids int64 [b, s] to text_embeds [b, 128], unit vectors."""

    def __init__(self, scorer: nn.Module):
        super().__init__()
        self.scorer = scorer

    def forward(self, input_ids: torch.Tensor):
        return self.scorer.text_embeds(input_ids)


def write_graph(graph: nn.Module, path: Path, inputs: dict[str, torch.Tensor], axes: dict[str, tuple[str | None, ...]]) -> None:
    """Exports `graph` with weights rounded to half precision.

    `axes` names the axes of every input and output, None for a fixed one; outputs are the names that are not inputs.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    graph = graph.eval()
    round_to_half(graph)
    symbolic = {name: {index: axis for index, axis in enumerate(names) if axis} for name, names in axes.items()}
    with torch.no_grad():
        torch.onnx.export(
            graph,
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=[name for name in axes if name not in inputs],
            dynamic_axes={name: names for name, names in symbolic.items() if names},
            opset_version=17,
            # Initialisers keep the networks' own names, so that to_diffusers.py finds them; the runtime folds anyway.
            do_constant_folding=False,
            dynamo=False,
        )
    store_half(path)
