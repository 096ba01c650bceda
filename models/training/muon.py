"""Muon: momentum whose matrix updates are orthogonalised; everything that is not a matrix gets Adam.

Source: K. Jordan, "Muon: an optimizer for hidden layers in neural networks" (2024); the quintic Newton–Schulz
coefficients are its. At these sizes it needs about half of AdamW's steps.
"""

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(update: torch.Tensor, iterations: int = 4) -> torch.Tensor:
    """A matrix [rows, columns] with nearly the same singular vectors and singular values near 1.

    Every iterate is a polynomial of the first Gram matrix times the update, so only small square matrices are
    iterated; the two products with the long matrix run in bfloat16.
    """
    a, b, c = COEFFICIENTS
    transposed = update.shape[0] > update.shape[1]
    x = update.T if transposed else update
    x = (x / (x.norm() + 1e-7)).bfloat16().contiguous()
    gram, product = (x @ x.T).float(), None
    for step in range(iterations):
        factor = torch.addmm(gram, gram, gram, beta=b, alpha=c)
        factor.diagonal().add_(a)
        product = factor if product is None else factor @ product
        if step < iterations - 1:
            gram = factor @ gram @ factor
    x = (product.bfloat16() @ x).float()
    return x.T if transposed else x


class Muon(torch.optim.Optimizer):
    """Parameters of two or more dimensions in `matrices` (convolutions are flattened); the rest in `others`."""

    def __init__(self, matrices: list[torch.nn.Parameter], others: list[torch.nn.Parameter], lr: float, matrix_scale: float = 10.0):
        groups = [{"params": matrices, "matrix": True}, {"params": others, "matrix": False}]
        super().__init__(groups, {"lr": lr, "momentum": 0.95, "betas": (0.9, 0.99), "matrix_scale": matrix_scale})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """One update; the learning rate of matrices is `lr * matrix_scale`."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                if group["matrix"]:
                    self._matrix_step(parameter, group)
                else:
                    self._adam_step(parameter, group)

    def _matrix_step(self, parameter: torch.nn.Parameter, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
        update = parameter.grad.lerp(state["momentum"], group["momentum"])
        flat = orthogonalise(update.reshape(update.shape[0], -1))
        scale = max(1.0, flat.shape[0] / flat.shape[1]) ** 0.5
        parameter.add_(flat.reshape(update.shape), alpha=-group["lr"] * group["matrix_scale"] * scale)

    def _adam_step(self, parameter: torch.nn.Parameter, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state["mean"], state["square"], state["count"] = torch.zeros_like(parameter), torch.zeros_like(parameter), 0
        low, high = group["betas"]
        state["count"] += 1
        state["mean"].lerp_(parameter.grad, 1 - low)
        state["square"].mul_(high).addcmul_(parameter.grad, parameter.grad, value=1 - high)
        mean, square = state["mean"] / (1 - low ** state["count"]), state["square"] / (1 - high ** state["count"])
        parameter.addcdiv_(mean, square.sqrt() + 1e-8, value=-group["lr"])


def make_muon(module: torch.nn.Module, lr: float, matrix_scale: float = 10.0) -> Muon:
    """Muon over a module: embeddings, first and last layers and vectors go to Adam."""
    matrices, others = [], []
    for name, parameter in module.named_parameters():
        if not parameter.requires_grad:
            continue
        edge = any(part in name for part in ("embedding", "conv_in", "conv_out", "quant_conv", "head"))
        (others if parameter.ndim < 2 or edge else matrices).append(parameter)
    return Muon(matrices, others, lr, matrix_scale)
