"""A checkpoint of Stable Diffusion in one file becomes an ONNX folder in diffusers' layout, which the studio adopts as a pack."""
