"""The networks at the sizes a preset names; the decoder's are stock diffusers and transformers classes."""

import torch
from diffusers import UNet2DConditionModel
from torch import nn
from torch.nn import functional
from transformers import CLIPTextConfig, CLIPTextModel

from .presets import Preset
from .tokenizer import END, LONGEST, START, allowed_ids, vocabulary

LATENT_CHANNELS = 4
LATENT_SIDE = 16
PATCHES = 64


def make_text_encoder(preset: Preset) -> CLIPTextModel:
    """A small stock CLIP text model: ids [batch, ≤77] to hidden states [batch, ≤77, text_width]."""
    config = CLIPTextConfig(
        vocab_size=len(vocabulary()),
        hidden_size=preset.text_width,
        intermediate_size=preset.text_width * 3,
        projection_dim=preset.text_width,
        num_hidden_layers=preset.text_layers,
        num_attention_heads=preset.text_heads,
        max_position_embeddings=LONGEST,
        hidden_act="gelu",
        bos_token_id=vocabulary()[START],
        eos_token_id=vocabulary()[END],
        pad_token_id=vocabulary()[END],
    )
    return CLIPTextModel(config)


def make_unet(preset: Preset) -> UNet2DConditionModel:
    """A small stock U-Net over 16×16 latents that reads the text in every block but the first and, pooled, in its time embedding."""
    channels = preset.unet_channels
    return UNet2DConditionModel(
        sample_size=LATENT_SIDE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        # At 16×16 attention would cost more than it tells: the first level only folds pixels.
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * (len(channels) - 1),
        mid_block_type="UNetMidBlock2DCrossAttn",
        up_block_types=("CrossAttnUpBlock2D",) * (len(channels) - 1) + ("UpBlock2D",),
        block_out_channels=channels,
        layers_per_block=1,
        attention_head_dim=4,
        norm_num_groups=8,
        cross_attention_dim=preset.text_width,
        encoder_hid_dim=preset.text_width,
        encoder_hid_dim_type="text_proj",
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
    ).to(memory_format=torch.channels_last)


class PatchEncoder(nn.Module):
    """Pixels [batch, 3, 64, 64] in -1..1 to 64 patch features [batch, 64, width], row by row: conv stem, transformer."""

    def __init__(self, width: int, layers: int):
        super().__init__()
        stem = []
        previous = 3
        for channels in (24, 64, width):
            stem += [nn.Conv2d(previous, channels, 3, stride=2, padding=1), nn.GroupNorm(1, channels), nn.GELU()]
            previous = channels
        self.stem = nn.Sequential(*stem, nn.Conv2d(width, width, 3, padding=1))
        self.positions_embedding = nn.Parameter(torch.randn(1, PATCHES, width) * 0.02)
        self.blocks = nn.ModuleList(AttentionBlock(width, cross=False) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        features = self.stem(pixel_values).flatten(2).transpose(1, 2) + self.positions_embedding
        for block in self.blocks:
            features, _ = block(features, None)
        return self.norm(features)


class Attention(nn.Module):
    """Multi-head attention in plain matrix products, so that its weights can leave the graph."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: torch.Tensor, source: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Returns the mixed values [batch, n, width] and the weights [batch, heads, n, m]."""
        query, key, value = (self._split(part) for part in (self.query(x), self.key(source), self.value(source)))
        weights = (query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).flatten(2)
        return self.out(mixed), weights

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class AttentionBlock(nn.Module):
    """Self-attention, cross-attention to `source` when it has one, and a perceptron; each with a residual."""

    def __init__(self, width: int, cross: bool, heads: int = 4, widening: int = 3):
        super().__init__()
        self.self_norm, self.self_attention = nn.LayerNorm(width), Attention(width, heads)
        self.cross_norm = nn.LayerNorm(width) if cross else None
        self.cross_attention = Attention(width, heads) if cross else None
        self.perceptron = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width * widening), nn.GELU(), nn.Linear(width * widening, width))

    def forward(self, x: torch.Tensor, source: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Returns x and the mean cross-attention over heads [batch, n, m] (None without a source)."""
        normed = self.self_norm(x)
        x = x + self.self_attention(normed, normed)[0]
        weights = None
        if source is not None:
            mixed, weights = self.cross_attention(self.cross_norm(x), source)
            x, weights = x + mixed, weights.mean(1)
        return x + self.perceptron(x), weights


class Pooler(nn.Module):
    """Attentional pooler: learned queries read the patches; one linear layer names a word per query.

    The rows of disallowed tokens (punctuation, fragments, specials) are left out of the linear layer, which is the
    same as masking them.
    """

    def __init__(self, length: int, width: int, layers: int):
        super().__init__()
        self.length = length
        self.queries_embedding = nn.Parameter(torch.randn(1, length, width) * 0.5)
        self.blocks = nn.ModuleList(AttentionBlock(width, cross=True) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, len(allowed_ids()), bias=False)
        self.register_buffer("allowed", torch.tensor(allowed_ids()))

    def forward(self, image_features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features [batch, 64, width] to logits over allowed words [batch, length, words] and attention [batch, length, 64]."""
        x = self.queries_embedding.expand(image_features.shape[0], -1, -1)
        weights = None
        for block in self.blocks:
            x, weights = block(x, image_features)
        return self.head(self.norm(x)), weights


class Scorer(nn.Module):
    """CLIP's two towers: pictures and texts in one space of unit vectors."""

    def __init__(self, preset: Preset, size: int = 128):
        super().__init__()
        width = preset.scorer_width
        self.vision = PatchEncoder(width, preset.scorer_layers)
        self.visual_projection = nn.Linear(width, size, bias=False)
        config = CLIPTextConfig(
            vocab_size=len(vocabulary()),
            hidden_size=width,
            intermediate_size=width * 3,
            num_hidden_layers=preset.scorer_layers,
            num_attention_heads=4 if width >= 64 else 2,
            max_position_embeddings=LONGEST,
            hidden_act="gelu",
            bos_token_id=vocabulary()[START],
            eos_token_id=vocabulary()[END],
            pad_token_id=vocabulary()[END],
        )
        self.text = CLIPTextModel(config)
        self.text_projection = nn.Linear(width, size, bias=False)
        self.log_scale = nn.Parameter(torch.tensor(2.7))

    def image_embeds(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """[batch, 3, 64, 64] in -1..1 to unit vectors [batch, size]."""
        return functional.normalize(self.visual_projection(self.vision(pixel_values).mean(1)), dim=-1)

    def text_embeds(self, input_ids: torch.Tensor) -> torch.Tensor:
        """[batch, ≤77] to unit vectors [batch, size]."""
        return functional.normalize(self.text_projection(self.text(input_ids).pooler_output), dim=-1)


def text_states(text_encoder: CLIPTextModel, embeddings: torch.Tensor) -> torch.Tensor:
    """Hidden states [batch, n, width] from token embeddings [batch, n, width] instead of ids.

    This is where De-Diffusion's (relaxed) one-hot × embedding-matrix products enter the frozen text encoder.
    """
    hidden = text_encoder.embeddings(inputs_embeds=embeddings)
    length = hidden.shape[1]
    mask = torch.full((length, length), torch.finfo(hidden.dtype).min, device=hidden.device).triu(1)[None, None]
    output = text_encoder.encoder(inputs_embeds=hidden, attention_mask=mask.expand(hidden.shape[0], 1, -1, -1), is_causal=False)
    return text_encoder.final_layer_norm(output.last_hidden_state)
