import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { PictureReader } from '../../../main/image/picture-reader.ts';
import { settleSettings } from '../../../main/ports/drawer.ts';
import type { DrawnPicture, ToolDrawer, ToolDrawOrder } from '../../../main/ports/drawer.ts';
import type { Meter } from '../../../main/providers/meter.ts';
import type { Progress } from '../../../main/running/run-context.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';

/** What came of a drawing, as it came. */
export interface Drawn {
  readonly pictures: DrawnPicture[];
  readonly previews: { readonly bytes: Uint8Array; readonly mediaType: string }[];
  readonly progress: Progress[];
  readonly log: string[];
}

export interface TestOrder extends Partial<Omit<ToolDrawOrder, 'settings'>> {
  readonly settings?: GenerateSettings;
  readonly signal?: AbortSignal;
}

/** A picture to start from. */
export const startPicture = fileURLToPath(new URL('../../fixtures/images/wide.png', import.meta.url));
export const never = new AbortController().signal;

/** A reader of pictures for all tests of a file. */
export function openPictures(): PictureReader {
  const pictures = new PictureReader();
  afterAll(() => pictures.close());
  return pictures;
}

/** A meter that remembers what it counted, and stops at `most` pictures. */
export function openMeter(most = Infinity): Meter & { readonly counted: unknown[] } {
  const counted: unknown[] = [];
  return {
    counted,
    requireBudget: () => {
      if (counted.length >= most) throw new Error('the limit is reached');
    },
    count: (usage) => Promise.resolve(void counted.push(usage)),
  };
}

/** Draws "a red fox" once, at the tool's own size, unless told otherwise. */
export async function drawWith(
  drawer: ToolDrawer,
  { settings = {}, signal = never, ...given }: TestOrder = {},
  onPicture: (drawn: Drawn) => void = () => undefined,
): Promise<Drawn> {
  const drawn: Drawn = { pictures: [], previews: [], progress: [], log: [] };
  const words = ['a', 'red', 'fox'].map((text) => ({ text, weight: 1 }));
  const order = { text: 'a red fox', words, seed: 7, count: 1, init: null, workId: 'job-1', ...given };
  await drawer.draw(
    { ...order, settings: settleSettings(settings, drawer.abilities) },
    {
      signal,
      log: (line) => void drawn.log.push(line),
      onProgress: (progress) => void drawn.progress.push(progress),
      onPreview: (bytes, mediaType) => void drawn.previews.push({ bytes, mediaType }),
      onPicture: (picture) => {
        drawn.pictures.push(picture);
        onPicture(drawn);
      },
    },
  );
  return drawn;
}
