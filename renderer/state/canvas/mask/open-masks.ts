import type { Transport } from '../../../client/transport.ts';
import type { BrowserStore } from '../../core/browser-store.ts';
import type { Drawing } from '../drawing.svelte.ts';
import type { Preferences } from '../../frame/preferences.svelte.ts';
import type { OpenWork } from '../../text/open-work.svelte.ts';
import type { PicturePart } from '../../text/readers/picture-part.svelte.ts';
import { MaskShelf } from './mask-shelf.ts';
import { PictureMasks } from './picture-masks.svelte.ts';
import type { MaskedPicture } from './picture-masks.svelte.ts';

interface Sources {
  readonly work: OpenWork;
  readonly drawing: Drawing;
  readonly preferences: Preferences;
  readonly picturePart: PicturePart;
}

/** The pictures on the canvas that can be painted over, by the name they have among what a drawing starts from. */
function paintable({ work, drawing }: Sources): {
  readonly original: MaskedPicture | null;
  readonly shown: MaskedPicture | null;
} {
  const { picture } = work;
  const { selected } = drawing.results;
  return {
    original: picture && {
      ...{ sha256: picture.sha256, itemId: picture.itemId, title: picture.title },
      ...{ width: picture.width, height: picture.height },
    },
    shown: selected && {
      ...{ sha256: selected.image.sha256, itemId: selected.id, title: selected.title },
      ...{ width: selected.image.width, height: selected.image.height },
    },
  };
}

/** The picture on the canvas that the next drawing starts from, or would start from instead of noise; null where it is not on the canvas. */
function findMaskedPicture(sources: Sources): MaskedPicture | null {
  const { original, shown } = paintable(sources);
  const { initFrom, initStrength, initPicture } = sources.preferences.values;
  if (initStrength === null) return original ?? shown;
  if (initFrom === 'original') return original;
  if (initFrom === 'shown') return shown ?? original;
  return [original, shown].find((picture) => picture?.sha256 === initPicture?.sha256) ?? null;
}

/** The next drawing starts from the picture that is painted over, where it was to start from noise: all of what is white is drawn anew. */
function startFromMasked(sources: Sources): void {
  if (sources.preferences.values.initStrength !== null) return;
  const initFrom = paintable(sources).original === null ? 'shown' : 'original';
  sources.preferences.set({ initFrom, initStrength: 1 });
}

/** The masks of the page, as the browser kept them. */
export function openMasks(sources: Sources, store: BrowserStore, transport: Pick<Transport, 'uploadImage'>): PictureMasks {
  return new PictureMasks({
    shelf: new MaskShelf(store),
    transport,
    target: () => findMaskedPicture(sources),
    onBegin: () => {
      // The pointer does one thing at a time.
      sources.picturePart.cancel();
      startFromMasked(sources);
    },
  });
}
