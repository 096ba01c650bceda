import { say } from '../../language/say.ts';

/** "64 × 64 · shown 5×" */
export function describeScale(width: number, height: number, scale: number): string {
  const shown =
    scale >= 1 && Number.isInteger(scale)
      ? scale === 1
        ? say('canvas.trueSize')
        : say('canvas.shown', { scale })
      : say('canvas.shownAt', { percent: Math.round(scale * 100) });
  return `${width} × ${height} · ${shown}`;
}
