import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { compareClip } from './compare-clip.ts';
import { compareDrawing } from './compare-drawing.ts';
import { makePeerModels } from './open-peers.ts';

const PICTURES = 64;

/** Ours against Optimum's ONNX Runtime pipelines, diffusers on PyTorch and transformers.js: one machine, one graph, what each library chooses of threads, in turns. */
export async function measurePeers(pictures: readonly string[]): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-peers-'));
  try {
    const python = await makePeerModels(folder);
    return [...(await compareDrawing(python, folder)), ...(await compareClip(python, folder, pictures.slice(0, PICTURES)))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
