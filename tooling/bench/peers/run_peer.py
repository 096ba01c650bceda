"""Optimum's ONNX Runtime pipelines, diffusers on PyTorch, or Optimum's CLIP, for `npm run bench -- peers`: one line of JSON in, one out.

python run_peer.py optimum|diffusers FOLDER        {"prompt", "negative", "steps", "guidance", "seed", "side", "out"} → {}; `out` is the picture's bytes, red, green, blue
python run_peer.py optimum-clip FOLDER             {"pictures": [paths]} → {"vectors": [[…]]}

Threads and everything else are what the libraries choose. A first line says that the model is loaded.
"""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"


def drawing(library: str, folder: str):
    import torch

    if library == "optimum":
        from optimum.onnxruntime import ORTDiffusionPipeline as Pipeline
    else:
        from diffusers import DiffusionPipeline as Pipeline
    pipe = Pipeline.from_pretrained(folder)
    pipe.set_progress_bar_config(disable=True)

    def draw(asked: dict) -> dict:
        image = pipe(
            prompt=asked["prompt"],
            negative_prompt=asked["negative"],
            num_inference_steps=asked["steps"],
            guidance_scale=asked["guidance"],
            width=asked["side"],
            height=asked["side"],
            generator=[torch.Generator("cpu").manual_seed(asked["seed"])],
        ).images[0]
        Path(asked["out"]).write_bytes(image.convert("RGB").tobytes())
        return {}

    return draw


def encoding(folder: str):
    from optimum.onnxruntime import ORTModelForCustomTasks
    from PIL import Image
    from transformers import CLIPImageProcessor

    model, processor = ORTModelForCustomTasks.from_pretrained(folder), CLIPImageProcessor.from_pretrained(folder)

    def encode(asked: dict) -> dict:
        vectors = []
        # As many at once as the studio.
        for at in range(0, len(asked["pictures"]), 16):
            pictures = [Image.open(path).convert("RGB") for path in asked["pictures"][at : at + 16]]
            embeds = model(pixel_values=processor(images=pictures, return_tensors="pt").pixel_values)["image_embeds"]
            vectors += (embeds / embeds.norm(dim=-1, keepdim=True)).tolist()
        return {"vectors": vectors}

    return encode


def main(library: str, folder: str) -> None:
    # Libraries write to standard output now and then; the answers have it alone.
    answers, sys.stdout = sys.stdout, sys.stderr
    work = encoding(folder) if library == "optimum-clip" else drawing(library, folder)
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(work(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
