import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../../../contract/errors.ts';
import type { DrawContext } from '../../ports/drawer.ts';
import { readBase64Picture } from '../read-base64.ts';
import type { A1111Client } from './a1111-client.ts';

export interface WatchOrder {
  /** How many steps were asked for: others than these are of the drawing before. */
  readonly steps: number;
  /** Where this picture's stretch begins and how long it is, 0..1 over the drawing. */
  readonly from: number;
  readonly share: number;
  readonly everyMs: number;
  /** Ends the watching. */
  readonly signal: AbortSignal;
}

/**
 * Tells how a drawing goes, as the server does when it is asked. Ends with the signal.
 *
 * @param onLost called when nobody has answered for longer than the connection's patience, with why
 */
export async function watchProgress(
  client: A1111Client,
  { steps, from, share, everyMs, signal }: WatchOrder,
  context: Pick<DrawContext, 'onProgress' | 'onPreview'>,
  onLost: (error: unknown) => void,
): Promise<void> {
  let heardMs = performance.now();
  let shown = '';
  while (!signal.aborted) {
    try {
      await wait(everyMs, undefined, { signal });
      const told = await client.readProgress(signal);
      heardMs = performance.now();
      if (told === null || !told.busy || told.steps !== steps) continue;
      context.onProgress({ fraction: from + (share * told.step) / steps, phase: 'denoising', step: told.step, steps });
      const preview = told.preview === null || told.preview === shown ? null : readBase64Picture(told.preview);
      if (preview !== null) context.onPreview(preview.bytes, preview.mediaType);
      shown = told.preview ?? shown;
    } catch (error) {
      if (signal.aborted) return;
      // Its one line of requests may be busy; the drawing itself is another.
      if (error instanceof StudioError && performance.now() - heardMs <= client.place.patienceMs) continue;
      onLost(error);
      return;
    }
  }
}
