"""Training in bfloat16 on a CPU that has avx512_bf16: weights in float32, a bfloat16 copy that works, a smoothed copy.

Two bfloat16 kernels of PyTorch's CPU build are slower than their float32 forms: the backward pass of attention (a third
of a step) and group normalisation. `fast_kernels` sends both around through float32.
"""

import copy
from contextlib import contextmanager

import torch
from torch.nn import functional

from .presets import Preset


def work_dtype(preset: Preset) -> torch.dtype:
    """What this machine computes in: the preset's type, or float32 on a CPU without bfloat16's instructions, where a pass of the
    denoiser takes eight times as long in bfloat16 (6.8 against 0.85 s for 96 texts on a core with AVX2 alone)."""
    dtype = getattr(torch, preset.work_dtype)
    if preset.device == "cpu" and dtype == torch.bfloat16 and not torch.cpu._is_avx512_bf16_supported():
        return torch.float32
    return dtype


@contextmanager
def fast_kernels():
    """While it lasts, attention and group normalisation of bfloat16 tensors run in float32."""
    attention, normalise = functional.scaled_dot_product_attention, functional.group_norm

    def attend(query, key, value, attn_mask=None, **options):
        if query.dtype != torch.bfloat16:
            return attention(query, key, value, attn_mask=attn_mask, **options)
        mask = attn_mask.float() if attn_mask is not None and attn_mask.is_floating_point() else attn_mask
        return attention(query.float(), key.float(), value.float(), attn_mask=mask, **options).bfloat16()

    def group_norm(x, groups, weight=None, bias=None, eps=1e-5):
        if x.dtype != torch.bfloat16:
            return normalise(x, groups, weight, bias, eps)
        return normalise(x.float(), groups, weight.float(), bias.float(), eps).bfloat16()

    functional.scaled_dot_product_attention, functional.group_norm = attend, group_norm
    try:
        yield
    finally:
        functional.scaled_dot_product_attention, functional.group_norm = attention, normalise


class HalfCopy:
    """`work` is what runs forwards and backwards; `step` moves its gradients to `master` and the new weights back."""

    def __init__(self, master: torch.nn.Module, dtype: torch.dtype = torch.bfloat16):
        self.master, self.work = master, copy.deepcopy(master).to(dtype)
        self.dtype = dtype

    @torch.no_grad()
    def step(self, optimizer: torch.optim.Optimizer, clip: float) -> None:
        """One optimiser step on the float32 weights; a step whose gradient is not finite is left out."""
        pairs = list(zip(self.master.parameters(), self.work.parameters()))
        for master, work in pairs:
            master.grad, work.grad = None if work.grad is None else work.grad.float(), None
        if torch.isfinite(torch.nn.utils.clip_grad_norm_(self.master.parameters(), clip)):
            optimizer.step()
        self.refresh()

    @torch.no_grad()
    def refresh(self) -> None:
        """Brings the working copy up to the float32 weights; needed after a checkpoint was loaded into them."""
        torch._foreach_copy_(list(self.work.parameters()), list(self.master.parameters()))
