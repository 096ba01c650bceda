"""Trains an encoder for photographs against a published decoder: the paper's own way, in one command."""
