"""A model of pictures and texts that proposes words for a picture. It saves a search from trying what cannot be there, and judges nothing."""

import torch
from convert.refusal import Refusal
from torch.nn import functional
from transformers import AutoConfig, AutoModel, AutoTokenizer

from .backbone import picture_input
from .picture_views import as_seen

KINDS = ("clip", "siglip")
TEXTS_AT_ONCE = 256


class Guide:
    """CLIP or SigLIP by its folder or hub id, with the vectors of `words`. Raises Refusal for another kind."""

    def __init__(self, name: str, words: list[str], device: torch.device):
        config = AutoConfig.from_pretrained(name)
        if config.model_type not in KINDS:
            raise Refusal("request-invalid", f"{name} is a {config.model_type}, which cannot guide a search.", "CLIP and SigLIP can, whole, with both their halves.")
        self.network = AutoModel.from_pretrained(name, dtype=torch.float32).eval().requires_grad_(False).to(device)
        self.picture = picture_input(name, config.vision_config.image_size)
        tokenizer = AutoTokenizer.from_pretrained(name)
        longest = min(config.text_config.max_position_embeddings, tokenizer.model_max_length)
        parts = []
        for start in range(0, len(words), TEXTS_AT_ONCE):
            read = tokenizer(words[start : start + TEXTS_AT_ONCE], padding="max_length", truncation=True, max_length=longest, return_tensors="pt").to(device)
            parts.append(_vector(self.network.get_text_features(**read)))
        self.table = torch.cat(parts)

    @torch.no_grad()
    def likeliest(self, drawn: torch.Tensor, count: int) -> torch.Tensor:
        """Rows of the words [batch, count] nearest to pictures in -1..1, on the processor."""
        seen = as_seen(drawn, self.picture)
        return (_vector(self.network.get_image_features(pixel_values=seen)) @ self.table.T).topk(min(count, len(self.table)), -1).indices.cpu()


@torch.no_grad()
def _vector(found) -> torch.Tensor:
    return functional.normalize(found if isinstance(found, torch.Tensor) else found.pooler_output, dim=-1)
