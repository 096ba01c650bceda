"""The recipe that makes the embedded pack `tiny-scenes`; start at README.md."""
