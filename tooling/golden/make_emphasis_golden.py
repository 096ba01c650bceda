"""Records what weighted texts say in the readings of three programs, over the toy text encoders: test/golden/emphasis.json.

compel's are its own package's, with the words of a weight below 1 removed (DownweightMode.REMOVE). AUTOMATIC1111's and ComfyUI's are written out from
their sources: `modules/sd_hijack_clip.py` with `modules/sd_emphasis.py` (Original), and `comfy/sd1_clip.py` (`encode_token_weights`). Arrays are
little-endian float32 in base64. The weights are those of test/fixtures/models.

python tooling/golden/make_emphasis_golden.py
"""

import torch
from compel import DownweightMode, EmbeddingsProvider, ReturnedEmbeddingsType
from make_pipeline_golden import encoded
from tiny_families import make_sdxl
from tiny_stable_diffusion import make_pipeline
from write_golden import write_golden

TEXTS = {
    "heavier": [("a photo of the", 1.0), ("red cat", 1.5), ("in small house", 1.0)],
    "lighter": [("a photo of the", 1.0), ("red", 0.6), ("cat in small house", 1.0)],
    "both, and nothing of one": [("a", 1.0), ("red", 1.3), ("cat on the", 1.0), ("large", 0.25), ("night", 0.0), ("beach", 1.1)],
    "lighter at both ends": [("blue", 0.8), ("moon of the", 1.0), ("sun", 0.8)],
    "all of it": [("green tree", 1.4)],
    "nothing": [("a blue dog", 1.0)],
}


class Encoder:
    def __init__(self, tokenizer, model, kind):
        self.tokenizer, self.model, self.kind = tokenizer, model, kind
        options = {"downweight_mode": DownweightMode.REMOVE, "returned_embeddings_type": kind, "truncate": True}
        self.compel_provider = EmbeddingsProvider(tokenizer, model, **options)

    def row(self, ids: list[int]) -> list[int]:
        own = self.tokenizer
        row = [own.bos_token_id, *ids, own.eos_token_id]
        return row + [own.pad_token_id] * (own.model_max_length - len(row))

    def states(self, ids: list[int]) -> torch.Tensor:
        said = self.model(torch.tensor([self.row(ids)]), output_hidden_states=True)
        penultimate = self.kind == ReturnedEmbeddingsType.PENULTIMATE_HIDDEN_STATES_NON_NORMALIZED
        return (said.hidden_states[-2] if penultimate else said.last_hidden_state).detach()

    def a1111(self, ids: list[int], weights: list[float]) -> torch.Tensor:
        said = self.states(ids)
        before = said.mean()
        factors = torch.tensor([1.0, *weights] + [1.0] * (said.shape[1] - 1 - len(weights)))
        said = said * factors.reshape(1, -1, 1)
        return said * (before / said.mean())

    def comfyui(self, ids: list[int], weights: list[float]) -> torch.Tensor:
        said, empty = self.states(ids).clone(), self.states([])
        for place, weight in enumerate(weights, start=1):
            if weight != 1.0:
                said[0][place] = (said[0][place] - empty[0][place]) * weight + empty[0][place]
        return said

    def compel(self, fragments: list[tuple[str, float]]) -> torch.Tensor:
        texts, weights = [text for text, _ in fragments], [weight for _, weight in fragments]
        return self.compel_provider.get_embeddings_for_weighted_prompt_fragments([texts], [weights]).detach()


def tokens_of(tokenizer, fragments: list[tuple[str, float]]) -> tuple[list[int], list[float]]:
    ids, weights = [], []
    for text, weight in fragments:
        own = tokenizer(text)["input_ids"][1:-1]
        ids += own
        weights += [weight] * len(own)
    return ids, weights


def cases(folder: str, encoders: dict[str, Encoder]) -> list[dict]:
    made = []
    for name, fragments in TEXTS.items():
        for component, encoder in encoders.items():
            ids, weights = tokens_of(encoder.tokenizer, fragments)
            states = {"a1111": encoder.a1111(ids, weights), "comfyui": encoder.comfyui(ids, weights), "compel": encoder.compel(fragments)}
            # Where the mean is near nothing, ours leaves AUTOMATIC1111's correction out, and is not compared.
            spread = encoder.states(ids)
            if abs(spread.mean()) < 0.05 * spread.pow(2).mean().sqrt():
                del states["a1111"]
            row = {"folder": folder, "component": component, "name": name, "tokenIds": ids, "tokenWeights": weights}
            made.append({**row, "states": {program: encoded(value) for program, value in states.items()}})
    return made


def main() -> None:
    first, xl = make_pipeline(), make_sdxl()
    last, before_last = ReturnedEmbeddingsType.LAST_HIDDEN_STATES_NORMALIZED, ReturnedEmbeddingsType.PENULTIMATE_HIDDEN_STATES_NON_NORMALIZED
    made = cases("tiny-stable-diffusion", {"text_encoder": Encoder(first.tokenizer, first.text_encoder, last)})
    made += cases(
        "tiny-sdxl",
        {
            "text_encoder": Encoder(xl.tokenizer, xl.text_encoder, before_last),
            "text_encoder_2": Encoder(xl.tokenizer_2, xl.text_encoder_2, before_last),
        },
    )
    write_golden("emphasis", "make_emphasis_golden.py", ["compel", "transformers", "torch"], 1e-4, made)


if __name__ == "__main__":
    main()
