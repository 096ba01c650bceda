import { basename } from 'node:path';
import type { Transfer } from '../../../../contract/transfer.ts';
import type { Studio } from '../../../studio.ts';
import type { CommandContext } from '../command-context.ts';
import { imageError } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { nameFailure } from '../name-failure.ts';
import { concernsAll } from './add-images.ts';
import { findImages } from './find-images.ts';
import { watchPictures } from './watch-pictures.ts';

/** Between two looks at a folder that is watched, in milliseconds. */
const lookEveryMs = 1_000;

/** Where pictures of a grid come from. */
export interface BringOrder {
  readonly transferId: string;
  readonly folder: string;
  /** Until no place waits any more, or Ctrl+C is pressed; otherwise what is there now is all. */
  readonly watch: boolean;
}

const isComplete = ({ counts }: Transfer): boolean => counts.awaited === 0;

/**
 * Takes the pictures of a folder to the places of a grid that wait for them.
 *
 * @returns those that could not be taken, and why
 * @throws StudioError where a failure is not of one picture; UsageError for a folder that is not there
 */
export async function bringPictures(
  { transferId, folder, watch }: BringOrder,
  studio: Studio,
  context: CommandContext,
): Promise<ImageError[]> {
  const errors: ImageError[] = [];
  const { client } = studio;
  const ended = new AbortController();
  async function take(path: string): Promise<void> {
    try {
      const { id: itemId } = await studio.addImage(path);
      const brought = { transferId, itemId, name: basename(path) };
      const { transfer } = await client.transfers.takeDrawn(brought, { signal: context.signal });
      if (isComplete(transfer)) ended.abort();
    } catch (cause) {
      context.signal.throwIfAborted();
      const error = nameFailure(cause);
      if (concernsAll(error)) throw cause;
      errors.push(imageError(path, error));
      if (watch) context.say(`${path}: ${error.message} ${error.hint}`);
    }
  }
  if (isComplete(await client.transfers.get({ transferId }))) return errors;
  if (watch) {
    const signal = AbortSignal.any([context.signal, ended.signal]);
    await watchPictures([folder], { signal, everyMs: lookEveryMs }, take);
    return errors;
  }
  const found = await findImages([folder]);
  for (const path of found.paths) await take(path);
  return [...found.errors, ...errors];
}
