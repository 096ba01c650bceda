import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackManifest } from '../../../contract/models/pack.ts';

/** What the small pack holds, by path: real files, though no graphs. */
export const PACK_FILES: Readonly<Record<string, string>> = {
  'encoder/backbone.onnx': 'backbone '.repeat(200_000),
  'encoder/pooler_5.onnx': 'pooler five',
  'encoder/pooler_75.onnx': 'pooler seventy-five',
  'tokenizer/vocab.json': '{}',
  'empty.txt': '',
  LICENSE: 'MIT',
};

/** Writes a pack with an encoder into `<packsFolder>/<id>` and returns its folder. `change` alters the manifest. */
export function makePack(
  packsFolder: string,
  id: string,
  change: (manifest: PackManifest) => object = (manifest) => manifest,
): string {
  const folder = join(packsFolder, id);
  for (const [path, text] of Object.entries(PACK_FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'pack.json'), JSON.stringify(change(makeManifest(id))));
  return folder;
}

function makeManifest(id: string): PackManifest {
  const image = { width: 64, height: 64, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], resample: 'bicubic', fit: 'crop' } as const;
  return {
    schemaVersion: 1,
    id,
    name: `Pack ${id}`,
    version: '1.0.0',
    summary: 'A small pack for tests.',
    licence: { spdx: 'MIT', file: 'LICENSE', notice: '' },
    source: { repository: '', revision: '', command: '', seed: 1 },
    roles: {
      encoder: {
        backbone: { file: 'encoder/backbone.onnx' },
        heads: { '75': { file: 'encoder/pooler_75.onnx' }, '5': { file: 'encoder/pooler_5.onnx' } },
        tokenizer: 'tokenizer',
        image: { ...image, mean: [...image.mean], std: [...image.std] },
        patchGrid: { rows: 8, columns: 8 },
        topK: 5,
      },
    },
    world: { describes: [], cannot: [], objects: [], styles: [], backdrops: [], colours: [] },
    limits: { minImageSide: 16, maxTokens: 75 },
    minimumMemoryMb: 100,
    samples: [],
    files: Object.entries(PACK_FILES).map(([path, text]) => ({
      path,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
  };
}
