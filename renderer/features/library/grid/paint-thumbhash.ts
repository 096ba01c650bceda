import type { Attachment } from 'svelte/attachments';
import { thumbHashToAverageRGBA, thumbHashToRGBA } from 'thumbhash';

/** A frame has sixteen; the rest is for everything else. */
const paintMs = 4;
/** A picture that is there sooner needs no blur: a screenful of them comes at once when the library opens. */
const patienceMs = 120;

/** Blurs that wait for their turn, oldest first. */
const waiting = new Set<() => void>();

/** Paints as many as a frame has time for. A screenful at once would be felt as a jerk. */
function paintSome(): void {
  const begin = performance.now();
  for (const paint of waiting) {
    waiting.delete(paint);
    paint();
    if (performance.now() - begin > paintMs) break;
  }
  if (waiting.size > 0) requestAnimationFrame(paintSome);
}

function paintLater(paint: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(paintSome);
  waiting.add(paint);
}

function put(canvas: HTMLCanvasElement, pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): void {
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
}

/**
 * Draws a picture's thumbhash, a blur of some twenty bytes, on a canvas: what is seen until the picture is there. First its mean
 * colour, at once; then the blur, where the picture keeps one waiting.
 *
 * @param roughly The colour alone: for what flies by, and below a picture that is there.
 */
export function paintThumbhash(thumbhash: string, roughly: boolean): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const hash = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0));
    if (hash.length < 5) return;
    const { r, g, b, a } = thumbHashToAverageRGBA(hash);
    // As the canvas's own background, which costs no bitmap; what another picture left on it goes.
    canvas.style.backgroundColor = `rgb(${r * 255} ${g * 255} ${b * 255} / ${a})`;
    if (canvas.width > 1) canvas.width = canvas.height = 1;
    if (roughly) return;
    const paint = (): void => {
      const { w, h, rgba } = thumbHashToRGBA(hash);
      canvas.style.backgroundColor = '';
      put(canvas, Uint8ClampedArray.from(rgba), w, h);
    };
    const timer = setTimeout(() => paintLater(paint), patienceMs);
    return () => {
      clearTimeout(timer);
      waiting.delete(paint);
    };
  };
}
