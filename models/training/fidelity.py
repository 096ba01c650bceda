"""How near a redrawn picture is to its original, ranked and scaled as a person would: the scorer, structure and sharpness together.

The scorer knows what is shown but hardly minds a blur or a bent outline; sharpness and structure mind those and know no things.
`main/text-to-image/rate-fidelity.ts` computes the same numbers; both tests pin them.
"""

import numpy as np

# Wang et al. 2004, with the constants (0.01 · range)² and (0.03 · range)², over square windows of one weight.
WINDOW = 8
STRIDE = 4
LUMINANCE_CONSTANT = 1e-4
CONTRAST_CONSTANT = 9e-4
GRADIENT_FLOOR = 1e-3

# A bent outline costs structure alone, so structure counts for more than a square root would give it.
STRUCTURE_POWER = 0.6

# Similarity · structure^0.6 · sharpness to fidelity, straight between the points. Measured on validation scenes (`fidelity_pairs.py`): pictures
# that went through the autoencoder alone have a median of 0.78, redraws in which every object, the backdrop and its colour are
# judged right 0.58, the same blurred by a pixel or with bent objects 0.50, on another backdrop 0.19, with an object missing 0.10, and
# redraws of another scene 0.02.
CURVE = ((0.0, 0.0), (0.1, 0.15), (0.19, 0.3), (0.58, 0.9), (0.78, 0.97), (1.0, 1.0))


def rate_fidelity(similarity: np.ndarray, pictures: np.ndarray, originals: np.ndarray) -> np.ndarray:
    """Fidelity [n] in 0..1 of pictures [n, h, w, 3] to originals, uint8 of one size; `similarity` is the scorer's cosine [n]."""
    return np.interp(rate_raw(similarity, pictures, originals), *zip(*CURVE))


def rate_raw(similarity: np.ndarray, pictures: np.ndarray, originals: np.ndarray) -> np.ndarray:
    """What the curve gives a scale, [n] in 0..1."""
    found, wanted = pictures.astype(np.float64) / 255, originals.astype(np.float64) / 255
    return np.clip(similarity, 0, 1) * np.clip(structure(found, wanted), 0, 1) ** STRUCTURE_POWER * sharpness(found, wanted)


def structure(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Mean structural similarity [n] of values 0..1 [n, h, w, 3], over channels and windows."""
    mean_found, mean_wanted = _window_means(found), _window_means(wanted)
    spread_found = _window_means(found * found) - mean_found**2
    spread_wanted = _window_means(wanted * wanted) - mean_wanted**2
    together = _window_means(found * wanted) - mean_found * mean_wanted
    light = (2 * mean_found * mean_wanted + LUMINANCE_CONSTANT) / (mean_found**2 + mean_wanted**2 + LUMINANCE_CONSTANT)
    shape = (2 * together + CONTRAST_CONSTANT) / (spread_found + spread_wanted + CONTRAST_CONSTANT)
    return (light * shape).mean((1, 2, 3))


def sharpness(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Share [n] of the original's gradient that the picture has in the same windows, 1 at most in each.

    Window by window, so that an edge too many in one place does not pay for a soft one in another.
    """
    gradient_found, gradient_wanted = _window_means(_gradient(found)), _window_means(_gradient(wanted))
    share = np.minimum(1, (gradient_found + GRADIENT_FLOOR) / (gradient_wanted + GRADIENT_FLOOR))
    weight = gradient_wanted + GRADIENT_FLOOR
    return (share * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))


def _window_means(values: np.ndarray) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(values, (WINDOW, WINDOW), (1, 2))
    return windows[:, ::STRIDE, ::STRIDE].mean((-1, -2))


def _gradient(values: np.ndarray) -> np.ndarray:
    """Length of central differences, [n, h, w, 3]; the outermost pixels have none across the border."""
    across, down = np.zeros_like(values), np.zeros_like(values)
    across[:, :, 1:-1] = values[:, :, 2:] - values[:, :, :-2]
    down[:, 1:-1] = values[:, 2:] - values[:, :-2]
    return np.sqrt(across**2 + down**2)
