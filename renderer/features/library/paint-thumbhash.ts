import type { Attachment } from 'svelte/attachments';
import { thumbHashToRGBA } from 'thumbhash';

/** Draws a picture's thumbhash, a blur of some twenty bytes, on a canvas: what is seen until the picture is there. */
export function paintThumbhash(thumbhash: string): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const hash = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0));
    if (hash.length < 5) return;
    const { w, h, rgba } = thumbHashToRGBA(hash);
    canvas.width = w;
    canvas.height = h;
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  };
}
