import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { StudioInfo } from '../../contract/studio-info.ts';

export type StudioVersions = StudioInfo['versions'];

const manifestSchema = z.object({ version: z.string(), dependencies: z.object({ 'onnxruntime-node': z.string() }) });

/** Versions that a recipe remembers, because bits can differ between releases. ONNX Runtime is pinned to one exact version. */
export async function readVersions(): Promise<StudioVersions> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version, dependencies } = manifestSchema.parse(JSON.parse(text));
  return { studio: version, node: process.versions.node, onnxruntime: dependencies['onnxruntime-node'] };
}
