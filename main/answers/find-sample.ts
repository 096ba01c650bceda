import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackManifest } from '../../contract/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';

export interface FoundSample {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly title: string;
}

/**
 * A sample scene that the pack's manifest names, by its path in the pack or by its file name. Only named files are found,
 * so no request can reach another file of the disk.
 * @throws StudioError pack-not-found, not-found, pack-file-missing
 */
export async function findSample(packs: PackRegistry, packId: string, file: string): Promise<FoundSample> {
  const { manifest, folder } = await packs.resolvePack(packId);
  const sample = manifest.samples.find((candidate) => candidate.file === file || candidate.file.endsWith(`/${file}`));
  const listed = manifest.files.find(({ path }) => path === sample?.file);
  if (sample === undefined || listed === undefined) throw noSuchSample(manifest);
  const path = join(folder, sample.file);
  const facts = await stat(path).catch((error: unknown) => {
    throw new StudioError(
      'pack-file-missing',
      `The sample ${sample.file} is missing from the pack.`,
      'Verify the pack, and get it again.',
      {
        path: sample.file,
      },
      error,
    );
  });
  return { path, bytes: facts.size, sha256: listed.sha256, title: sample.title };
}

function noSuchSample(manifest: PackManifest): StudioError {
  return new StudioError(
    'not-found',
    `The pack ${manifest.name} has no such sample scene.`,
    'Choose one of the samples that the pack lists.',
    {
      pack: manifest.id,
    },
  );
}
