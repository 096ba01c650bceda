import { StudioError } from '../../contract/errors.ts';
import type { PackManifest } from '../../contract/models/pack.ts';
import { locatePackFile } from '../packs/locate-pack-file.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { PictureItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';
import { addPicture } from './add-picture.ts';

export interface FoundSample {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly title: string;
}

/**
 * A sample scene that the pack's manifest names, by its path in the pack or by its file name. Only named files are found,
 * so no request can reach another file of the disk.
 * @throws StudioError pack-not-found, not-found, pack-file-missing, pack-file-altered
 */
export async function findSample(packs: PackRegistry, packId: string, file: string): Promise<FoundSample> {
  const pack = await packs.resolvePack(packId);
  const { samples } = pack.manifest;
  const sample = samples.find((candidate) => candidate.file === file || candidate.file.endsWith(`/${file}`));
  if (sample === undefined) throw noSuchSample(pack.manifest);
  return { ...(await locatePackFile(pack, sample.file)), title: sample.title };
}

function noSuchSample(manifest: PackManifest): StudioError {
  return new StudioError(
    'not-found',
    `The model ${manifest.name} has no such sample scene.`,
    'Choose one of the samples that the model lists.',
    {
      pack: manifest.id,
    },
  );
}

/** Puts a pack's sample scene into the library. */
export async function addSample(
  services: Pick<JobServices, 'library' | 'pictures' | 'packs'>,
  packId: string,
  file: string,
): Promise<PictureItem> {
  const sample = await findSample(services.packs, packId, file);
  return addPicture(services, sample.path, { title: sample.title });
}
