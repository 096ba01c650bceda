import type { PictureOrder, PictureResult } from '../picture-orders.ts';
import { fitImage } from './fit-image.ts';
import { makeThumbnail } from './make-thumbnail.ts';
import { readPictureBytes } from './open-image.ts';
import { pixelsToPng } from './pixels-to-png.ts';
import { readImageFacts } from './read-image-facts.ts';
import { readPictureTexts } from './read-picture-texts.ts';
import { stripPicture } from './strip-picture.ts';
import { writeShownCopy } from './write-shown-copy.ts';

/** @throws StudioError as decodeImage */
export async function carryOutOrder(order: PictureOrder): Promise<PictureResult> {
  switch (order.kind) {
    case 'facts': {
      const { source, limits, name } = order.file;
      return { kind: 'facts', facts: await readImageFacts(source, limits, name) };
    }
    case 'fit': {
      const { source, limits, name } = order.file;
      return { kind: 'fit', pixels: await fitImage(source, order.fit, limits, name) };
    }
    case 'thumbnail':
      return { kind: 'thumbnail', bytes: await makeThumbnail(order.file.source, order.file.limits, order.file.name) };
    case 'shown': {
      const { source, limits, name } = order.file;
      return { kind: 'shown', written: await writeShownCopy(source, order.target, limits, name) };
    }
    case 'png':
      return { kind: 'png', bytes: await pixelsToPng(order.pixels) };
    case 'metadata': {
      const { bytes, mediaType } = await readPictureBytes(order.file);
      // Few pictures are asked for it, and every process would wait for it at its start.
      const { readMetadata } = await import('../../metadata/read-metadata.ts');
      return { kind: 'metadata', reading: readMetadata(readPictureTexts(bytes, mediaType)) };
    }
    case 'strip': {
      const { bytes, mediaType } = await readPictureBytes(order.file);
      const stripped = stripPicture(bytes, mediaType, order.file.name);
      return { kind: 'strip', bytes: stripped.bytes, removed: [...stripped.removed] };
    }
  }
}
