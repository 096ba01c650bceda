import { StudioError } from '../../../contract/errors.ts';
import type { ImageInput } from '../../../contract/models/pack.ts';
import type { Pixels } from '../../image/pixels.ts';
import type { EngineWork } from '../engine-work.ts';

export interface ReadablePictures {
  /** In the order asked for; null for a picture that cannot be read. */
  readonly read: readonly (Pixels | null)[];
  readonly whole: readonly Pixels[];
}

/** Pictures as a model takes them. What a person did wrong with a file is no reason to stop; anything else is. */
export async function fitReadable(
  sources: readonly (string | Uint8Array)[],
  input: Pick<ImageInput, 'width' | 'height' | 'resample' | 'fit'>,
  { pictures, context: { signal } }: Pick<EngineWork, 'pictures' | 'context'>,
): Promise<ReadablePictures> {
  const read = await Promise.all(sources.map((source) => pictures.fit(source, input, { signal }).catch(toUnread)));
  return { read, whole: read.filter((pixels): pixels is Pixels => pixels !== null) };
}

function toUnread(cause: unknown): null {
  if (cause instanceof StudioError) return null;
  throw cause;
}
