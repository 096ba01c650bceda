"""Records torch.randn of a CPU generator: test/golden/torch-noise.json.

python tooling/golden/make_noise_golden.py
"""

import torch
from write_golden import rounded, write_golden

CALLS = [
    (42, [16]),
    (42, [20]),
    (42, [15]),
    (42, [1000]),
    (0, [4]),
    (0, [16384]),
    (1234567890123, [16]),
    (1234567890123, [4]),
    (9007199254740991, [33]),
    (7, [3, 17, 2]),
    (7, [1024, 1024, 5, 1, 64]),
]


def case(seed: int, lengths: list[int]):
    generator = torch.Generator("cpu").manual_seed(seed)
    draws = []
    for length in lengths:
        values = torch.randn(length, generator=generator)
        # A long draw is told by both ends and its sum, which no wrong middle leaves as it is.
        draws.append(
            {
                "length": length,
                "first": rounded(values[:24]),
                "last": rounded(values[-24:]),
                "sum": float(values.double().sum()),
            }
        )
    return {"seed": seed, "draws": draws}


write_golden("torch-noise", "make_noise_golden.py", ["torch"], 1e-6, [case(*call) for call in CALLS])
