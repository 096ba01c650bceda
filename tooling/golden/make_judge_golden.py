"""Records the training loss that diffusers' U-Net has on one picture for several texts, at several noises and levels:
test/golden/judge.json. The weights are those of test/fixtures/models; the picture is that of stable-diffusion.json.

python tooling/golden/make_judge_golden.py
"""

import numpy as np
import torch
from diffusers import DDPMScheduler
from make_pipeline_golden import encoded, initial_picture
from tiny_stable_diffusion import SCHEDULER, make_pipeline
from write_golden import rounded, write_golden

TEXTS = ["a photo of the red cat", "a blue dog", "", "night beach sketch in the green house"]
LOOKS = [(7, 0.3), (11, 0.55), (11, 0.9)]
# The size the model was trained on.
SIDE = 32


@torch.no_grad()
def record(pipe, prediction: str) -> dict:
    config = {key: SCHEDULER[key] for key in ("beta_start", "beta_end", "beta_schedule")}
    scheduler = DDPMScheduler(**config, prediction_type=prediction)
    picture = initial_picture(SIDE, SIDE)
    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 127.5 - 1
    latents = pipe.vae.encode(pixels).latent_dist.mean * pipe.vae.config.scaling_factor
    losses = []
    for text in TEXTS:
        ids = pipe.tokenizer(text, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        states = pipe.text_encoder(ids)[0]
        for seed, level in LOOKS:
            noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(seed))
            timestep = torch.tensor([int(level * scheduler.config.num_train_timesteps)])
            sample = scheduler.add_noise(latents, noise, timestep)
            targets = {"epsilon": noise, "v_prediction": scheduler.get_velocity(latents, noise, timestep), "sample": latents}
            predicted = pipe.unet(sample, timestep, encoder_hidden_states=states).sample
            losses.append((predicted - targets[prediction]).square().mean().item())
    return {
        "schedulerConfig": {"_class_name": "DDIMScheduler", **SCHEDULER, "prediction_type": prediction},
        "side": SIDE,
        "picture": encoded(np.array(picture)),
        "texts": TEXTS,
        "looks": [{"seed": seed, "level": level} for seed, level in LOOKS],
        "losses": rounded(losses),
    }


if __name__ == "__main__":
    pipe = make_pipeline()
    cases = [record(pipe, prediction) for prediction in ("epsilon", "v_prediction", "sample")]
    write_golden("judge", "make_judge_golden.py", ["diffusers", "transformers", "torch"], 1e-4, cases)
