import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { packManifestSchema } from '../../contract/models/pack.ts';
import type { DecoderRole, EncoderRole, ScorerRole } from '../../contract/models/pack.ts';

/** The embedded pack as the rows use it. */
export interface BenchPack {
  readonly folder: string;
  readonly id: string;
  readonly encoder: EncoderRole;
  readonly decoder: DecoderRole;
  readonly scorer: ScorerRole;
  readonly minImageSide: number;
  readonly samples: readonly string[];
  /** What its world knows as objects. */
  readonly objects: readonly string[];
}

export async function openBenchPack(): Promise<BenchPack> {
  const folder = resolve(import.meta.dirname, '../../models/packs/tiny-scenes');
  const manifest = packManifestSchema.parse(JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')));
  const { encoder, decoder, scorer } = manifest.roles;
  if (!encoder || !decoder || !scorer) throw new Error('The embedded pack lacks a role.');
  return {
    folder,
    id: manifest.id,
    encoder,
    decoder,
    scorer,
    minImageSide: manifest.limits?.minImageSide ?? 1,
    objects: manifest.world?.objects.map(({ word }) => word) ?? [],
    samples: manifest.samples.map((sample) => join(folder, sample.file)),
  };
}
