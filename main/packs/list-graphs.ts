import { join } from 'node:path';
import type { PackGraph } from '../../contract/models/drawing-memory.ts';
import { measureGraph, readPrecision } from '../tensor/measure-graph.ts';
import type { ResolvedPack } from './pack-registry.ts';

/** The graphs of a pack, by their files: what they weigh, and what their weights are stored in. Nothing is loaded. */
export function listGraphs({ folder, manifest }: ResolvedPack): Promise<PackGraph[]> {
  const paths = manifest.files.map(({ path }) => path).filter((path) => path.endsWith('.onnx'));
  return Promise.all(
    paths.map(async (path) => {
      const file = join(folder, path);
      return { path, bytes: await measureGraph(file), precision: await readPrecision(file) };
    }),
  );
}
