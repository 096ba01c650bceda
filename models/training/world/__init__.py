"""The small world: what it holds, how a scene is drawn and how it is told in words."""
