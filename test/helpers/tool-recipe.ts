import type { ToolRecipe } from '../../contract/recipe.ts';

/** How a picture was drawn by another tool, which told no seed. */
export const toolRecipe: ToolRecipe = {
  schemaVersion: 7,
  kind: 'tool',
  tool: 'comfyui',
  host: 'localhost:8188',
  model: 'dream.safetensors',
  text: 'a red fox',
  parameters: { steps: 20 },
  answer: { node: '9' },
  seed: null,
  init: null,
};
